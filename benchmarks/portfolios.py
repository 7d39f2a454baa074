"""Made-up portfolios as facts: the same seed, the same facts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from uuid import UUID

from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact
from domain.kernel.money import Money
from domain.kernel.rationale import Rationale
from domain.kernel.scoring import ScoringModel
from domain.portfolio import events as p
from domain.project import events as e
from domain.project.words import Allocations, Health, State
from store.event_store import EventStore

SEED = 20_260_302
BEGAN = datetime(2022, 1, 3, 8, tzinfo=UTC)
LASTED = timedelta(days=4 * 365)
PORTFOLIOS = 4
CHUNK = 500
ORGANISATION = "benchmark"
MODEL = ScoringModel(name="standard", version=1)
FIELDS = ("department", "phase", "target", "start", "finish", "region", "risk", "programme_office")
REASONS = (
    ("resource_conflict", "Two of the three engineers are needed on the harbour until June"),
    ("budget_freeze", "No money before the new budget is through the council"),
    ("strategy_shift", "The board wants the eastern sites first and this one a year later"),
    ("value_reassessed", "The pilot showed half of the savings that the case had promised"),
)


class Story:
    """Facts about a number of projects in a few portfolios, in the order in which they were recorded.

    One in five occurred up to ten days before it was recorded.
    """

    def __init__(self, projects: int, facts: int, seed: int = SEED, portfolios: int = PORTFOLIOS) -> None:
        self.random = Random(seed)  # noqa: S311 (no secret)
        self._step = LASTED / facts
        self._versions: dict[UUID, int] = {}
        self._told = 0
        self.facts = facts
        self.portfolios = [self.new_id() for _ in range(portfolios)]
        self.projects = [self.new_id() for _ in range(projects)]
        self._states = dict.fromkeys(self.projects, State.DRAFT)

    def commits(self) -> Iterator[Commit]:
        """Each fact as a command of its own."""
        return map(self._commit, islice(self._events(), self.facts))

    def tell(self, store: EventStore) -> None:
        """Record all facts."""
        commits = self.commits()
        while chunk := list(islice(commits, CHUNK)):
            store.append_all(chunk)

    def besides(self) -> Iterator[tuple[UUID, Event]]:
        """What is told early of all components beside what this story tells; nothing here."""
        return iter(())

    def after(self, stream: UUID, event: Event) -> Iterator[tuple[UUID, Event]]:
        """What others do about a fact at once; nothing here."""
        return iter(())

    def _events(self) -> Iterator[tuple[UUID, Event]]:
        for number, portfolio in enumerate(self.portfolios):
            yield portfolio, p.PortfolioCreated(name=f"Portfolio {number}", currency="EUR")
        for number, project in enumerate(self.projects):
            portfolio = self.portfolios[number % len(self.portfolios)]
            yield project, self._drafted(number)
            yield portfolio, p.ComponentAdded(component=project, order=Decimal(number), why=self.why())
        yield from self.besides()
        while True:
            stream, event = self._change(self.random.choice(self.projects))
            yield stream, event
            yield from self.after(stream, event)

    def _change(self, project: UUID) -> tuple[UUID, Event]:
        what = self.random.random()
        if what < 0.5:
            return project, self._reported()
        if what < 0.7:
            return project, e.AttributeChanged(name=self.random.choice(FIELDS), to=self._words(3))
        if what < 0.8:
            return project, e.ProjectRevised(owner=f"owner-{self.random.randrange(60)}")
        if what < 0.9:
            return project, self._moved(project)
        portfolio = self.portfolios[self.projects.index(project) % len(self.portfolios)]
        order = Decimal(self.random.randrange(10**9)).scaleb(-6)
        moved = self.random.choice((p.ProjectReprioritized, p.ProjectDeprioritized))
        return portfolio, moved(component=project, from_rank=1, to_rank=2, order=order, why=self.why())

    def _drafted(self, number: int) -> e.ProjectDrafted:
        budget = Money(amount=Decimal(self.random.randrange(10_000, 9_000_000)), currency="EUR")
        return e.ProjectDrafted(
            name=f"{self._words(2)} {number}",
            key=f"P-{number:05d}",
            owner=f"owner-{self.random.randrange(60)}",
            sponsor=f"sponsor-{self.random.randrange(12)}",
            budget=budget,
            forecast=budget,
            attributes={field: self._words(2) for field in FIELDS[:6]},
        )

    def _reported(self) -> e.StatusReported:
        health = self.random.choice(tuple(Health))
        return e.StatusReported(overall=health, schedule=health, text=self._words(20), source_word=health.upper())

    def _moved(self, project: UUID) -> Event:
        """Through the proposal to work, then to and fro between work and waiting."""
        euros = Money(amount=Decimal(self.random.randrange(10_000, 9_000_000)), currency="EUR")
        day = date(2026, 1, 1) + timedelta(days=self.random.randrange(365))
        match self._states[project]:
            case State.DRAFT:
                moved: e.Moved = e.ProjectSubmitted(
                    problem=self._words(30), expected_benefit=self._words(20), cost_low=euros, cost_high=euros
                )
            case State.SUBMITTED:
                moved = e.ProjectEvaluationStarted(scoring_model=MODEL)
            case State.UNDER_EVALUATION:
                moved = e.ProjectSelected(why=self.why())
            case State.SELECTED:
                moved = e.ProjectAuthorized(budget=euros, why=self.why())
            case State.AUTHORIZED:
                moved = e.ProjectActivated(owner=f"owner-{self.random.randrange(60)}", starts_on=day)
            case State.ACTIVE:
                moved = e.ProjectPaused(expected_resume=day, allocations=Allocations.KEEP, why=self.why())
            case _:
                moved = e.ProjectResumed(forecast_finish=day, forecast=euros, why=self.why())
        self._states[project] = moved.target
        return moved

    def _commit(self, told: tuple[UUID, Event]) -> Commit:
        stream, event = told
        self._told += 1
        recorded_at = BEGAN + self._told * self._step
        late = timedelta(days=10 * self.random.random()) if self.random.random() < 0.2 else timedelta()
        version = self._versions.get(stream, 0)
        self._versions[stream] = version + 1
        key = f"import:{ORGANISATION}:{self._told}"
        fact = Fact(
            event_id=self.new_id(),
            stream_id=stream,
            event=event,
            occurred_at=max(BEGAN, recorded_at - late),
            recorded_at=recorded_at,
            actor=self.actor_of(event),
            role="integration",
            correlation_id=key,
        )
        return Commit(key, "", stream, (fact,), {stream: version})

    def actor_of(self, event: Event) -> str:
        """Who did it."""
        return f"{ORGANISATION}:u-{self.random.randrange(200)}"

    def why(self) -> Rationale:
        """Some reason."""
        code, text = self.random.choice(REASONS)
        return Rationale(code=code, text=text)

    def _words(self, count: int) -> str:
        return " ".join(self.random.choices(WORDS, k=count))

    def new_id(self) -> UUID:
        """An id that nothing has yet."""
        return UUID(int=self.random.getrandbits(128), version=4)


WORDS = (
    *("harbour", "bridge", "crane", "quay", "pump", "school", "network", "depot", "survey", "roof", "tunnel"),
    *("signal", "turbine", "archive", "clinic", "road", "permit", "tender", "pilot", "handover", "review"),
    *("delay", "supplier", "steel", "concrete", "cable", "sensor", "water", "ferry", "garden"),
)
