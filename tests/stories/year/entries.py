"""What the ledger of the story is made of."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain, combinations
from typing import NamedTuple

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
    reported: str | None = None
    cadence: int | None = None
    resume_on: str | None = None
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
class Review:
    """A review: what asked for attention when it opened, and which minutes are its own; `reported` was told in it."""

    id: str
    name: str
    agenda: set[tuple[str, str]]
    first: int
    last: int | None = None
    conclusion: str | None = None
    reported: set[str] = field(default_factory=set)


class Choice(NamedTuple):
    """What was weighed: the money there is, and of each proposal what it costs and is worth."""

    budget: int
    costs: dict[str, int]
    worth: dict[str, int]

    def best(self) -> set[str]:
        """What is worth most and can be paid, found by trying everything."""
        every = chain.from_iterable(combinations(self.costs, size) for size in range(len(self.costs) + 1))
        affordable = [some for some in every if sum(self.costs[each] for each in some) <= self.budget]
        return set(max(affordable, key=lambda some: sum(self.worth[each] for each in some)))
