"""What the story keeps for itself while it goes on: a tally that knows nothing of how the product works.

An auditor compares it with what the product answers.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

LIVE = {"draft", "submitted", "under_evaluation", "deferred", "selected", "authorized", "active", "on_hold"}
HORIZON = date(2026, 12, 31)
"""How far ahead days are counted."""


class Minute(NamedTuple):
    """A decision as it stands in the minutes; `about` are ids."""

    when: str
    who: str
    role: str
    fact: str
    code: str
    text: str
    about: frozenset[str]


class Booking(NamedTuple):
    """From one day to another a project has so much more (or less) of somebody's time."""

    person: str
    project: str
    share: Decimal
    first: date
    last: date


class Release(NamedTuple):
    """From a day on a project has none of somebody's time."""

    person: str
    project: str
    first: date


class Baseline(NamedTuple):
    """What a project is held to; `None` was not known."""

    start: str
    finish: str | None
    cost: Decimal | None


@dataclass
class Component:
    """A program or project; amounts said by month stand in `months`, those said as one in `single`."""

    name: str
    sponsor: str
    kind: str = "project"
    state: str = "draft"
    since: str = ""
    owner: str | None = None
    health: str | None = None
    program: str | None = None
    budget: Decimal | None = None
    start: str | None = None
    finish: str | None = None
    baselines: list[Baseline] = field(default_factory=list)
    single: dict[str, Decimal] = field(default_factory=dict)
    months: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    def figure(self, name: str) -> Decimal | None:
        """A sum of money; `None` if nobody said one."""
        if name == "budget":
            return self.budget
        said = self.months.get(name)
        return sum(said.values(), Decimal(0)) if said else self.single.get(name)


@dataclass
class Goal:
    """An objective: weights and what was delivered by project, where its measure stands."""

    weights: dict[str, Decimal] = field(default_factory=dict)
    delivered: dict[str, Decimal] = field(default_factory=dict)
    current: str | None = None
    is_retired: bool = False

    def progress(self) -> Decimal | None:
        """What is delivered of it; `None` if nobody said anything."""
        known = [weight * self.delivered[each] for each, weight in self.weights.items() if each in self.delivered]
        return sum(known, Decimal(0)) if known else None


class Week(NamedTuple):
    """What part of full time somebody works from Monday to Friday, and the holidays."""

    part: Decimal
    off: frozenset[date]


class Absence(NamedTuple):
    """The working days on which somebody is away."""

    person: str
    days: frozenset[date]


class Worry(NamedTuple):
    """A risk, or an issue, which has no probability."""

    title: str
    impact: int
    probability: int | None = None
    state: str = "open"

    @property
    def severity(self) -> int | None:
        """How bad it is; `None` if nobody has assessed it."""
        return self.impact * self.probability if self.probability else None


class Milestone(NamedTuple):
    """What was promised first, what is promised, what is expected instead, when it was there."""

    promised_on: date
    due_on: date
    forecast_on: date | None = None
    reached_on: date | None = None

    def expected(self) -> date:
        """When it will be there by what was last said."""
        return self.forecast_on or self.due_on


class Benefit(NamedTuple):
    """What was promised in which unit, where it stood last, whether somebody judged it."""

    unit: str
    target: Decimal
    actual: Decimal | None = None
    is_reviewed: bool = False


@dataclass
class Standing:
    """Everything as it stands at some moment.

    `orders` are the components of each portfolio from rank 1 down; those in `left` keep their place and do not count.
    Risks, issues, milestones and benefits are by the project they belong to, `needs` are a project and what it needs;
    `cases` are what was said for each proposal, version by version; `requests` are, by their ids, the project that asks
    and what became of it; `policies` are all rules of a portfolio, version by version, `allotted` what the
    town may spend by category, `completed` the days on which
    outcomes were accepted.
    """

    components: dict[str, Component] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)
    left: set[tuple[str, str]] = field(default_factory=set)
    bookings: list[Booking | Release] = field(default_factory=list)
    risks: dict[str, list[Worry]] = field(default_factory=dict)
    issues: dict[str, list[Worry]] = field(default_factory=dict)
    milestones: dict[str, dict[str, Milestone]] = field(default_factory=dict)
    needs: set[tuple[str, str]] = field(default_factory=set)
    weeks: dict[str, Week] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    departed: dict[str, date] = field(default_factory=dict)
    requests: dict[str, tuple[str, str]] = field(default_factory=dict)
    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    allotted: dict[str, int] = field(default_factory=dict)
    completed: dict[str, str] = field(default_factory=dict)
    cases: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    benefits: dict[str, dict[str, Benefit]] = field(default_factory=dict)

    def ranking(self, portfolio: str) -> list[str]:
        """What the portfolio holds, from rank 1 down."""
        return [each for each in self.orders[portfolio] if (portfolio, each) not in self.left]

    def states(self, portfolio: str) -> Counter[str]:
        """How many components are in each state."""
        return Counter(self.components[each].state for each in self.ranking(portfolio))

    def healths(self, portfolio: str) -> Counter[str]:
        """How many are in each health, of those that live and do not stand still."""
        held = [self.components[each] for each in self.ranking(portfolio)]
        return Counter(each.health or "no_update" for each in held if each.state in LIVE - {"on_hold"})

    def sum(self, portfolio: str, figure: str) -> tuple[Decimal | None, int, int]:
        """A sum of money, of how many components, and how many of them have none."""
        values = [self.components[each].figure(figure) for each in self.ranking(portfolio)]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known else None, len(values), len(values) - len(known)

    def open(self, worries: dict[str, list[Worry]]) -> list[tuple[str, Worry]]:
        """The open ones of these, with their projects."""
        return [(name, each) for name, own in worries.items() for each in own if each.state == "open"]

    def met(self, needed: str) -> str:
        """Whether what somebody waits for has come."""
        state = self.components[needed].state
        return {"completed": "met", "closed": "met", "rejected": "broken", "cancelled": "broken"}.get(state, "open")

    def works(self, person: str, day: date) -> Decimal:
        """The part of full time that a day of somebody's has by the calendar."""
        week, last = self.weeks[person], self.departed.get(person, HORIZON)
        return week.part if day.weekday() < 5 and day not in week.off and day <= last else Decimal(0)

    def has(self, person: str, day: date) -> Decimal:
        """The part that is there: nothing on a day of absence."""
        is_away = any(each.person == person and day in each.days for each in self.absences)
        return Decimal(0) if is_away else self.works(person, day)

    def days_of(self, person: str) -> dict[tuple[str, int], Decimal]:
        """Day by day, which project has how much of somebody's time."""
        days: Counter[tuple[str, int]] = Counter()
        for each in self.bookings:
            if each.person == person and isinstance(each, Booking):
                for day in range(each.first.toordinal(), each.last.toordinal() + 1):
                    days[each.project, day] += each.share  # type: ignore[assignment]
            elif each.person == person:
                for project, day in list(days):
                    if project == each.project and day >= each.first.toordinal():
                        del days[project, day]
        return {key: share for key, share in days.items() if share}

    def people_on(self, project: str, day: date) -> set[str]:
        """Who has time for a project on a day or later."""
        people = {each.person for each in self.bookings}
        return {
            who for who in people for what, when in self.days_of(who) if what == project and when >= day.toordinal()
        }


@dataclass
class Ledger:
    """The standing of the moment, all minutes, how many facts of each name there are, and how months ended."""

    now: Standing = field(default_factory=Standing)
    minutes: list[Minute] = field(default_factory=list)
    facts: Counter[str] = field(default_factory=Counter)
    ends: dict[str, Standing] = field(default_factory=dict)

    def close_month(self, day: str) -> None:
        """Keep how everything stands."""
        self.ends[day] = deepcopy(self.now)
