"""Flow figures against an oracle that works them out from the raw facts in another way, on both databases."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

from domain.facts import portfolio, project
from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact
from domain.kernel.rationale import Rationale
from domain.portfolio.policy import Policy
from domain.project.words import LIVE, State
from tests.conftest import WHY, Api, World

START = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)
WHY_SO = Rationale(code="imported", text="As the source says")
DONE = {"completed", "closed"}
LIMITS = {"active": 2, "on_hold": 1}


class Said(NamedTuple):
    """One fact: which component got which state, or came into (`True`) or left (`False`) the portfolio."""

    occurred_at: datetime
    position: int
    recorded_at: datetime
    component: UUID | None
    value: str | bool | None


class Year:
    """A portfolio whose facts were recorded partly late."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.portfolio = uuid4()
        self.facts: list[Said] = []
        self.projects = [uuid4() for _ in range(5)]
        self.put(START, self.portfolio, portfolio.PortfolioCreated(name="Harbour"))
        limits = Policy.model_validate({"wip_limits": LIMITS})
        self.put(START, self.portfolio, portfolio.PolicySet(version=1, policy=limits, why=WHY_SO))
        for number, each in enumerate(self.projects):
            state = self.chance.choice(["draft", "submitted", "completed"])
            at = START + timedelta(days=number, minutes=self.chance.randrange(600))
            self.put(at, each, project.ProjectDrafted(name=f"P{number}", state=state), each, state)
            added = portfolio.ComponentAdded(component=each, order=str(number), why=WHY_SO)
            self.put(at, self.portfolio, added, each, True)
        for _ in range(70):
            self.anything()
        self.world.clock.now = START + timedelta(days=200)
        self.world.system.projector.catch_up()

    def anything(self) -> None:
        chance, each = self.chance, self.chance.choice(self.projects)
        # whole days make several facts of one instant
        at = START + timedelta(days=chance.randrange(8, 190), hours=chance.choice([0, 0, 7]))
        if chance.random() < 0.2:
            left = chance.random() < 0.5
            event = (
                portfolio.ComponentRemoved(component=each, why=WHY_SO)
                if left
                else portfolio.ComponentRestored(component=each, order="1", why=WHY_SO)
            )
            self.put(at, self.portfolio, event, each, not left)
        else:
            to = chance.choice(["active", "active", "on_hold", "completed", "closed", "selected", "cancelled"])
            self.put(at, each, project.StateRecorded(to=to, irregular=True, why=WHY_SO), each, to)

    def put(
        self, at: datetime, stream: UUID, event: Event, component: UUID | None = None, value: str | bool | None = None
    ) -> None:
        store = self.world.system.store
        recorded = at + timedelta(days=self.chance.choice([0, 0, 1, 30]))
        fact = Fact(uuid4(), stream, event, at, recorded, "kep:u-1", "integration", "c")
        store.append(Commit(f"import:{fact.event_id}", "", stream, (fact,), {stream: store.version(stream)}))
        self.facts.append(Said(at, store.head(), recorded, component, value))


class Oracle:
    """What the facts within the bounds come to, by intervals."""

    def __init__(self, facts: list[Said], now: datetime) -> None:
        self.now = now
        self.began = facts[0].occurred_at
        ordered = sorted(facts, key=lambda said: (said.occurred_at, said.position))
        self.states: dict[UUID, list[tuple[str, Said]]] = {}
        self.membership: dict[UUID, list[Said]] = {}
        for said in ordered:
            if isinstance(said.value, bool) and said.component:
                self.membership.setdefault(said.component, []).append(said)
            elif said.component:
                known = self.states.setdefault(said.component, [])
                if not known or known[-1][0] != said.value:
                    known.append((str(said.value), said))

    def held(self, component: UUID, at: Said | None = None) -> bool:
        known = self.membership.get(component, [])
        until = [each for each in known if at is None or (each.occurred_at, each.position) <= at[:2]]
        return bool(until) and until[-1].value is True

    def held_all_the_while(self, component: UUID, before: Said, after: Said) -> bool:
        changes = [each for each in self.membership.get(component, []) if each[:2] <= after[:2]]
        left = max((place for place, each in enumerate(changes) if not each.value), default=-1)
        return len(changes) > left + 1 and changes[left + 1].occurred_at <= before.occurred_at

    def ended(self, state: str) -> list[timedelta]:
        return sorted(
            after.occurred_at - before.occurred_at
            for component, changes in self.states.items()
            for (was, before), (_, after) in pairwise(changes)
            if was == state and self.held_all_the_while(component, before, after)
        )

    def now_in(self, state: str) -> list[timedelta]:
        return sorted(
            self.now - changes[-1][1].occurred_at
            for component, changes in self.states.items()
            if changes[-1][0] == state and self.held(component)
        )

    def completed(self) -> list[date]:
        found = []
        for component, changes in self.states.items():
            before = [place for place, (state, _) in enumerate(changes) if state not in DONE]
            if changes[-1][0] in DONE and before:
                entry = changes[before[-1] + 1][1]
                if self.held(component, entry):
                    found.append(entry.occurred_at.date())
        return found

    def work(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Each component at work: how old the work is, and how long of that it was active."""
        for component, changes in self.states.items():
            if changes[-1][0] in {"active", "on_hold"} and self.held(component):
                first = next((said.occurred_at for state, said in changes if state == "active"), None)
                ends = [*(said.occurred_at for _, said in changes[1:]), self.now]
                lasted = [
                    end - said.occurred_at
                    for (state, said), end in zip(changes, ends, strict=True)
                    if state == "active"
                ]
                age = days(self.now - first) if first else None
                yield str(component), age, days(sum(lasted, timedelta())) if first else None


def days(length: timedelta | Fraction) -> str:
    exact = micros(length) if isinstance(length, timedelta) else length
    return f"{float(round(exact / (24 * 3600 * 10**6), 1)):.1f}"


def micros(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1))


def middle(lengths: list[timedelta]) -> str:
    return days(Fraction(median(map(micros, lengths))))


def p85(lengths: list[timedelta]) -> str:
    return days(next(each for each in lengths if Fraction(sum(o <= each for o in lengths), len(lengths)) >= 0.85))


def says(flow: dict[str, Any], oracle: Oracle) -> None:
    assert [row["state"] for row in flow["states"]] == [state for state in State if state in LIVE]
    for row in flow["states"]:
        there, ended = oracle.now_in(row["state"]), oracle.ended(row["state"])
        assert (row["number"], row["limit"]) == (len(there), LIMITS.get(row["state"]))
        assert row["age"] == ({"median_days": middle(there), "oldest_days": days(there[-1])} if there else None)
        assert row["time_in_state"] == (
            {
                "visits": len(ended),
                "median_days": middle(ended),
                "p85_days": p85(ended),
                "longest_days": days(ended[-1]),
            }
            if ended
            else None
        )
    told = {(each["project"], each["age_days"], each["active_days"]) for each in flow["in_progress"]}
    assert told == set(oracle.work())
    finished = oracle.completed()
    weeks = Counter(day.isocalendar()[:2] for day in finished)
    months = Counter((day.year, day.month) for day in finished)
    for name, counted, key in (
        ("week", weeks, lambda day: day.isocalendar()[:2]),
        ("month", months, lambda day: (day.year, day.month)),
    ):
        periods = flow["throughput"][name]
        starts = [date.fromisoformat(each["starts_on"]) for each in periods]
        assert [each["completed"] for each in periods] == [counted[key(day)] for day in starts]
        assert key(starts[-1]) == key(oracle.now.date())
        assert [each["is_over"] for each in periods] == [True] * (len(periods) - 1) + [False]
        for each, after in zip(periods, starts[1:], strict=False):
            assert date.fromisoformat(each["ends_on"]) + timedelta(days=1) == after
        assert len(periods) == 12 or key(starts[0]) == key(oracle.began.date())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_the_facts_come_to_at_any_moment(world: World, seed: int) -> None:
    year, auditor = Year(world, seed), world.person("auditor")
    world.system.projector.catch_up()
    for _ in range(8):
        as_of, known_at = (
            year.chance.choice([None, START + timedelta(days=year.chance.randrange(195), hours=7)]) for _ in range(2)
        )
        at = year.chance.choice([None, year.chance.choice(year.facts).position])
        within = [
            said
            for said in year.facts
            if (as_of is None or said.occurred_at <= as_of)
            and (known_at is None or said.recorded_at <= known_at)
            and (at is None or said.position <= at)
        ]
        bounds = {"as_of": as_of and as_of.isoformat(), "known_at": known_at and known_at.isoformat(), "at": at}
        given = {name: value for name, value in bounds.items() if value is not None}
        flow = auditor.get(f"/portfolios/{year.portfolio}/flow", **given)
        if within and within[0].position == year.facts[0].position:
            now = as_of or min(world.clock.now, known_at or world.clock.now, _stored(world, at))
            if all(said.occurred_at <= now for said in within):
                says(flow, Oracle(within, now))
        else:
            assert (flow["name"], flow["states"], flow["throughput"]) == (None, None, None)
            assert flow["first_fact_at"]


def _stored(world: World, at: int | None) -> datetime:
    found = world.system.store.stored_at(at) if at is not None else None
    return found or world.clock.now


def test_before_and_beside_the_portfolio_there_is_no_flow(ada: Api) -> None:
    held = ada.do("/portfolios", {"name": "Harbour"})["id"]
    flow = ada.get(f"/portfolios/{held}/flow")
    assert [row["number"] for row in flow["states"]] == [0] * 8
    assert {row["age"] for row in flow["states"]} == {row["time_in_state"] for row in flow["states"]} == {None}
    assert [each["completed"] for each in flow["throughput"]["week"]] == [0], "weeks before it began are not told as 0"
    assert ada.get(f"/portfolios/{held}/flow", as_of="2020-01-01")["states"] is None
    assert ada.ask(f"/portfolios/{uuid4()}/flow").status_code == 404


def test_a_paused_project_is_not_active_and_ages_all_the_same(world: World, ada: Api, bob: Api) -> None:
    held = ada.do("/portfolios", {"name": "Harbour"})["id"]
    shop = ada.do("/projects", {"name": "Shop", "sponsor": "s", "portfolio": held, "rationale": WHY})["id"]
    money = {"amount": "1.00", "currency": "GBP"}
    ada.do(f"/projects/{shop}/submit", {"problem": "a", "expected_benefit": "b", "cost_low": money, "cost_high": money})
    ada.do(f"/projects/{shop}/evaluate")
    ada.do(f"/projects/{shop}/select", {"rationale": WHY})
    bob.do(f"/projects/{shop}/authorize", {"budget": money, "rationale": WHY})
    ada.do(f"/projects/{shop}/activate", {"owner": "carol", "starts_on": "2026-03-02"})
    world.clock.now += timedelta(days=10)
    stop = {"expected_resume": "unknown", "allocations": "keep"}
    why = {"rationale": {"code": "budget_freeze", "text": "No money before April"}}
    ada.do(f"/projects/{shop}/pause", {**stop, **why})
    world.clock.now += timedelta(days=5)
    flow = ada.get(f"/portfolios/{held}/flow")
    numbers = {row["state"]: row["number"] for row in flow["states"]}
    assert (numbers["active"], numbers["on_hold"]) == (0, 1)
    (work,) = flow["in_progress"]
    assert (work["state"], work["days_in_state"], work["age_days"], work["active_days"]) == (
        "on_hold",
        "5.0",
        "15.0",
        "10.0",
    )
    (before,) = ada.get(f"/portfolios/{held}/flow", as_of="2026-03-09")["in_progress"]
    assert (before["state"], before["age_days"], before["active_days"]) == ("active", "7.6", "7.6")
