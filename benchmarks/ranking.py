"""Matrix, order and cost-benefit of a portfolio of a thousand projects, asked over HTTP, live and in the past."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from time import perf_counter
from uuid import UUID

import httpx2

from benchmarks.listing import GOAL_MS, WARMING, bounds, served
from benchmarks.portfolios import MODEL, SEED, Story
from benchmarks.shared import Figure, Servers, quantile, system_at
from domain.choosing.analyses import AnalysisKind
from domain.choosing.events import AnalysisRecorded
from domain.identity.words import Role
from domain.kernel.event import Event
from domain.portfolio.scoring_events import ScoringModelSet
from domain.project.events import ProjectEvaluationStarted
from domain.project.scoring_events import ProjectScored
from domain.strategy.events import GoalCreated, GoalLinked
from whyfolio.wiring import grant_key

SCORERS = 3
GOALS = 8
ASKED: dict[str, tuple[str, dict[str, str]]] = {
    "matrix": ("matrix", {"x": "criterion:Effort", "y": "criterion:Value"}),
    "picture": ("matrix.svg", {"x": "cost", "y": "score"}),
    "order": ("priorities", {"limit": "1000"}),
    "cost_benefit": ("cost-benefit", {"limit": "1000", "sort": "-npv"}),
}
"""What is asked for by its name in the figures: the end of the path, and the parameters."""
HELD = ("matrix", "order", "cost_benefit")
"""What is held to the goal; the picture of a matrix is told beside it."""
Timings = dict[str, list[float]]
"""Milliseconds of each question by its name."""
CRITERIA = ("Value", "Effort", "Risk")
UNDER = MODEL.model_dump(include={"name", "version"})


class Ranked(Story):
    """One portfolio whose projects are scored by several people, contribute to goals, and were each analysed once."""

    def __init__(self, projects: int, facts: int) -> None:
        super().__init__(projects, facts, portfolios=1)
        self._scorers = [str(self.new_id()) for _ in range(SCORERS)]
        self._turn = 0

    def besides(self) -> Iterator[tuple[UUID, Event]]:
        """The model, the goals, and of each project its scores, its goal and its analysis."""
        (portfolio,) = self.portfolios
        weights = ("0.5", "0.3", "0.2")
        criteria = [{"name": name, "weight": weight} for name, weight in zip(CRITERIA, weights, strict=True)]
        said = {
            "name": MODEL.name,
            "version": MODEL.version,
            "method": "weighted",
            "criteria": criteria,
            "aggregation": "mean",
        }
        yield portfolio, ScoringModelSet.model_validate({**said, "why": self.why()})
        goals = [self.new_id() for _ in range(GOALS)]
        for number, goal in enumerate(goals):
            yield goal, GoalCreated(portfolio=portfolio, name=f"Goal {number}", why=self.why())
        for project in self.projects:
            yield self.random.choice(goals), GoalLinked(project=project, to_weight=Decimal("0.001"), why=self.why())
            yield self.new_id(), self._analysed(portfolio, project)
            yield from self._scores(project)

    def after(self, stream: UUID, event: Event) -> Iterator[tuple[UUID, Event]]:
        """With every evaluation a round of scores begins."""
        if isinstance(event, ProjectEvaluationStarted):
            yield from self._scores(stream)

    def actor_of(self, event: Event) -> str:
        """Scores are given by the scorers in turn."""
        if isinstance(event, ProjectScored):
            self._turn += 1
            return self._scorers[self._turn % SCORERS]
        return super().actor_of(event)

    def _scores(self, project: UUID) -> Iterator[tuple[UUID, Event]]:
        (portfolio,) = self.portfolios
        for _ in range(SCORERS):
            yield project, self._scored(portfolio)

    def _scored(self, portfolio: UUID) -> ProjectScored:
        values = {name: self.random.randrange(101) for name in CRITERIA}
        score = sum(values.values()) / len(values)
        said = {
            "portfolio": portfolio,
            "model": {"name": MODEL.name, "version": MODEL.version},
            "values": values,
            "score": f"{score:.4f}",
        }
        return ProjectScored.model_validate(said)

    def _analysed(self, portfolio: UUID, project: UUID) -> AnalysisRecorded:
        cost, benefit = (self.random.randrange(1, 10**6) for _ in range(2))
        figures = {
            "currency": "EUR",
            "npv": f"{benefit - cost}.00",
            "cost": f"{cost}.00",
            "benefit": f"{benefit}.00",
            "irr": None,
            "roi": f"{benefit / cost - 1:.4f}",
            "bcr": f"{benefit / cost:.4f}",
            "payback_years": "3.2500",
            "discounted_payback_years": "3.9000",
        }
        return AnalysisRecorded(
            portfolio=portfolio,
            project=project,
            kind=AnalysisKind.COST_BENEFIT,
            title=f"Business case, {benefit}",
            method_version=1,
            inputs={},
            result=figures,
            sha256="0" * 64,
        )


def measure(servers: Servers, *, tiny: bool = False) -> list[Figure]:
    """p50 and p95 of each question, live and within bounds, on each database."""
    projects, facts, requests = (20, 250, 2) if tiny else (1_000, 100_000, 60)
    return [
        _figure(database, *_timed(servers, url, projects, facts, requests))
        for database, url in (("SQLite", servers.sqlite_url()), ("PostgreSQL", servers.postgres_url()))
    ]


def _figure(database: str, live: Timings, past: Timings) -> Figure:
    slowest = max(quantile(live[name], 0.95) for name in HELD)
    return Figure(
        name=f"ranking.{database.lower()}",
        work=f"matrix, order and cost-benefit of 1,000 projects, 100,000 facts, {database}",
        ours=f"p50, p95 in ms: {_told(live)} (under random bounds: {_told(past)})",
        goal=f"live p95 ≤ {GOAL_MS} ms",
        reached=slowest <= GOAL_MS,
        numbers=_numbers("live", live) | _numbers("past", past),
        notes=f"one portfolio; {SCORERS} scorers of {len(CRITERIA)} criteria, {GOALS} goals and an analysis of each "
        "project; all thousand in one answer, from request to the last byte of the compressed answer; live and within "
        "`as_of`, `known_at` and `at`, alone and together, in turn; the picture is the matrix as an SVG",
    )


def _told(taken: Timings) -> str:
    return "; ".join(
        f"{name.replace('_', '-')} {quantile(each, 0.5):.0f}, {quantile(each, 0.95):.0f}"
        for name, each in taken.items()
    )


def _numbers(when: str, taken: Timings) -> dict[str, float]:
    return {
        f"{when}_{name}_p{part}_ms": quantile(each, part / 100) for name, each in taken.items() for part in (50, 95)
    }


def _timed(servers: Servers, url: str, projects: int, facts: int, requests: int) -> tuple[Timings, Timings]:
    """Milliseconds of each question, live and within bounds, asked in turn."""
    system, story = system_at(url), Ranked(projects, facts)
    story.tell(system.store)
    system.catch_up()
    servers.settle(url)
    key, head = grant_key(system, [Role.AUDITOR], None, "reader").key, system.store.head()
    system.close()
    chance = Random(SEED)  # noqa: S311 (no secret)
    path = f"/api/v1/portfolios/{story.portfolios[0]}"
    with served(url, key) as client:
        for end, asked in ASKED.values():
            for _ in range(WARMING):
                _milliseconds(client, f"{path}/{end}", asked)
        live: Timings = {name: [] for name in ASKED}
        past: Timings = {name: [] for name in ASKED}
        for _ in range(requests):
            for name, (end, asked) in ASKED.items():
                live[name].append(_milliseconds(client, f"{path}/{end}", asked))
                past[name].append(_milliseconds(client, f"{path}/{end}", asked | bounds(chance, head)))
        return live, past


def _milliseconds(client: httpx2.Client, path: str, asked: dict[str, str]) -> float:
    began = perf_counter()
    response = client.get(path, params=asked)
    took = (perf_counter() - began) * 1000
    if response.status_code != 200:
        raise AssertionError(f"{response.status_code}: {response.text[:200]}")
    return took
