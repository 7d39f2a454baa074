"""What a figure came to, fact by fact: in views and in streams, against working it out at every position."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.kernel.decide import Commit, Occasion, Reading
from domain.kernel.event import Event, Fact
from domain.kernel.premises import Premise
from domain.portfolio import events as pe
from domain.portfolio import money_events as me
from domain.processes.watching import Course
from domain.project import events as e
from domain.project import money_events as pm
from domain.project.scoring_events import ProjectScored
from domain.resources import events as r
from domain.strategy import events as ge
from projections.bounds import Bounds, View
from projections.figures import figure_of
from projections.premises import Resting, course_of, watched
from projections.replay import load
from tests.conftest import WHY, Api, World
from tests.test_premises import AT_WORK, one_database, pounds
from tests.test_status import POUNDS, Office

Value = Decimal | None
STEPS = 90
MONTHS = ("2026-01", "2026-02", "2026-03")
MONDAYS = ("2026-03-02", "2026-04-06")


class Harbour(Office):
    """Two portfolios with three projects, a goal, and two people, to whom all sorts of things happen."""

    def __init__(self, world: World, ada: Api, bob: Api) -> None:
        super().__init__(world, ada, bob)
        self.on(3, 6)
        self.other = self.found("Other", None)
        self.projects = [self.shop, self.begin("Quay"), self._selected("Till")]
        self.goal = str(ada.do("/goals", {"name": "Queues", "portfolio": self.portfolio, "rationale": WHY})["id"])
        self.people = [str(ada.do("/resources", {"name": name})["id"]) for name in ("Kim", "Lee")]
        for person in self.people:
            ada.do(f"/resources/{person}/set-role", {"as_role": "tester"})
            ada.do(f"/resources/{person}/set-capacity", {"starts_on": "2026-01-01", "week": AT_WORK})
        self.held = set(self.projects)

    def _selected(self, name: str) -> str:
        body = {"name": name, "sponsor": "s", "portfolio": self.portfolio, "rationale": WHY}
        project = str(self.ada.do("/projects", body)["id"])
        case = {"problem": "a", "expected_benefit": "b", "cost_low": POUNDS, "cost_high": POUNDS}
        self.ada.do(f"/projects/{project}/submit", case)
        self.ada.do(f"/projects/{project}/evaluate")
        self.ada.do(f"/projects/{project}/select", {"rationale": WHY})
        return project

    def happens(self, chance: Random) -> None:
        """Something that commands could do, or another system did; recorded at once, or later than other things."""
        stream, kind, body = chance.choice([self._money, self._move, self._goal, self._person])(chance)
        why = {"why": WHY} if kind.model_fields["why"].is_required() or chance.random() < 0.2 else {}
        late = chance.random() < 0.4 and kind not in (pe.ComponentRemoved, pe.ComponentRestored)
        occurred_at = datetime(2026, 3, chance.randrange(3, 6), tzinfo=UTC) if late else self.world.clock()
        event = kind.model_validate({**body, **why})
        fact = Fact(uuid4(), UUID(stream), event, occurred_at, None, chance.choice(["ada", "bob"]), "board", "c")
        store = self.world.system.store
        expected = {fact.stream_id: store.version(fact.stream_id)}
        store.append(Commit(f"{fact.event_id}", "", fact.stream_id, (fact,), expected))

    def _money(self, chance: Random) -> tuple[str, type[Event], dict[str, Any]]:
        project, money = chance.choice(self.projects), pounds(str(chance.randrange(50, 900)))
        foreign = {**money, "currency": "USD"}
        line = {"month": chance.choice(MONTHS), "category": "opex", "money": chance.choice([money, foreign, None])}
        yearly = {"year": 2026, "category": chance.choice(["opex", "capex"]), "money": chance.choice([money, None])}
        rate = {"currency": "USD", "rate": chance.choice(["0.5", "0.8"]), "valid_from": "2026-01-01"}
        return chance.choice(
            [
                (self.portfolio, me.BudgetSet, {"lines": [yearly]}),
                (self.portfolio, me.RateSet, {**rate, "published_by": "the bank"}),
                (project, pm.ForecastSet, {"lines": [line]}),
                (project, pm.ActualsRecorded, {"lines": [line]}),
                (project, e.AttributeChanged, {"name": "budget", "from": None, "to": chance.choice([money, foreign])}),
            ]
        )

    def _move(self, chance: Random) -> tuple[str, type[Event], dict[str, Any]]:
        project, money = chance.choice(self.projects), pounds(str(chance.randrange(50, 900)))
        if chance.random() < 0.3:
            kind = pe.ComponentRemoved if project in self.held else pe.ComponentRestored
            self.held ^= {project}
            return self.portfolio, kind, {"component": project, **({} if project not in self.held else {"order": "9"})}
        scored = {"portfolio": self.portfolio, "model": {"name": "standard", "version": 1}, "score": "50"}
        return project, *chance.choice(
            [
                (e.ProjectAuthorized, {"budget": money}),
                (e.ProjectActivated, {"owner": "ada", "starts_on": "2026-03-02"}),
                (e.ProjectResumed, {"forecast_finish": "2026-12-01", "forecast": money}),
                (
                    e.ProjectCompleted,
                    {"outcome": "o", "actual_cost": chance.choice([money, None]), "lessons": "l"},
                ),
                (e.ProjectCancelled, {"sunk_cost": money, "disposition": "sold"}),
                (e.ProjectDeferred, {}),
                (e.ProjectSelected, {}),
                (e.ProjectEvaluationStarted, {"scoring_model": {"name": "standard", "version": 1}}),
                (ProjectScored, {**scored, "score": str(chance.randrange(1, 99))}),
            ]
        )

    def _goal(self, chance: Random) -> tuple[str, type[Event], dict[str, Any]]:
        project = {"project": chance.choice(self.projects)}
        weight = {"from_weight": None, "to_weight": chance.choice(["0.1", "0.3"])}
        linked = (self.goal, ge.GoalLinked, {**project, **weight})
        return chance.choice([linked, linked, (self.goal, ge.GoalUnlinked, project)])

    def _person(self, chance: Random) -> tuple[str, type[Event], dict[str, Any]]:
        project, days = {"project": chance.choice(self.projects)}, ["2026-04-06", "2026-04-07"]
        share = {"share": chance.choice(["0.3", "0.6"]), "starts_on": chance.choice(MONDAYS), "ends_on": None}
        week = {**dict.fromkeys(AT_WORK, chance.choice(["0.5", "1"])), "saturday": "0", "sunday": "0"}
        calendar = {"starts_on": chance.choice(MONDAYS), "ends_on": None, "days_off": [], "full_day": None}
        assigned = (r.ResourceAssigned, {**project, **share, "as_role": chance.choice(["lead", "tester", None])})
        return chance.choice(self.people), *chance.choice(
            [
                assigned,
                assigned,
                (r.ResourceReleased, {**project, "from_day": chance.choice(MONDAYS)}),
                (r.AbsenceRecorded, {"starts_on": days[0], "ends_on": days[1], "reason": "leave", "days": days}),
                (r.CapacitySet, {**calendar, "week": week, "worked": week}),
                (r.RoleSet, {"as_role": chance.choice(["lead", "tester"])}),
            ]
        )

    def figures(self) -> list[Premise]:
        load = {"figure": "role_load", "portfolio": self.portfolio, "role": "tester"}
        every = [
            {"figure": "budget_left", "portfolio": self.portfolio},
            {"figure": "goal_weight", "goal": self.goal},
            {"figure": "goal_weight", "goal": self.goal, "project": self.shop},
            load,
            {**load, "starts_on": "2026-04-06", "ends_on": "2026-04-12"},
            *({"figure": "forecast", "project": project} for project in self.projects),
            *({"figure": "score", "project": project} for project in self.projects),
        ]
        return [Premise.model_validate(each) for each in every]


@pytest.fixture
def harbour(world: World, ada: Api, bob: Api) -> Harbour:
    return Harbour(world, ada, bob)


def at_every_position(view: View, premise: Premise) -> list[Value]:
    """The figure worked out anew for each position, from what the log said up to there."""
    found = []
    for position in range(view.upto + 1):
        figure = figure_of(view, premise)
        load(replace(view, bounds=Bounds(at=position)), [figure])
        found.append(figure.value())
    return found


def spread(course: Iterable[tuple[int, Value]], upto: int) -> list[Value]:
    """The value at each position, of a course that names only those at which it may change."""
    found: list[Value] = []
    for position, value in course:
        found += found[-1:] * (position - len(found)) + [value]
    return found + found[-1:] * (upto + 1 - len(found))


def first_failing(premise: Premise, values: list[Value], decided: int) -> int | None:
    """Where the last run of failing begins, if behind the decision."""
    failing = [premise.holds(value) is False for value in values]
    if not failing[-1]:
        return None
    first = next(p for p in range(len(values)) if all(failing[p:]))
    return first if first > decided else None


@one_database
@pytest.mark.parametrize("seed", range(3))
def test_the_walk_finds_what_working_it_out_at_every_position_finds(harbour: Harbour, seed: int) -> None:
    chance, system = Random(seed), harbour.world.system
    for _ in range(STEPS):
        harbour.happens(chance)
    system.catch_up()
    reading = Reading(system.store, Occasion(harbour.world.clock(), "ada", "board", "c"))
    values, breakers = set(), set()
    with system.context.reads.view(Bounds()) as view:
        for what in harbour.figures():
            every = at_every_position(view, what)
            values.update(every)
            assert spread(course_of(view, figure_of(view, what), 0), view.upto) == every, what
            at_first, since = Course(reading, what).since(0)
            in_streams = [(0, at_first), *((fact.position, value) for fact, value in since)]
            assert spread(in_streams, view.upto) == every, what
            for value in {value for value in every if value is not None}:
                for bound in ("at_least", "at_most"):
                    resting = Resting(what.model_copy(update={bound: value}), chance.randrange(1, view.upto // 2))
                    standing = watched(view, [resting])[resting]
                    assert standing.value == every[-1]
                    assert standing.broken_by == first_failing(resting.premise, every, resting.decided), resting
                    breakers.add(standing.broken_by)
    assert len(values) > 15
    assert len(breakers) > 5
