"""What the story keeps for itself while it goes on: a tally that knows nothing of how the product works.

An auditor compares it with what the product answers.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.stories.year.entries import (
    HORIZON,
    LIVE,
    Absence,
    Benefit,
    Booking,
    Choice,
    Component,
    Goal,
    Milestone,
    Minute,
    Release,
    Review,
    Week,
    Worry,
)


@dataclass
class Standing:
    """Everything as it stands at some moment.

    `orders` are the components of each portfolio from rank 1 down; those in `left` keep their place and do not count.
    Risks, issues, milestones and benefits are by the project they belong to, `needs` are a project and what it needs;
    `cases` are what was said for each proposal, version by version; `requests` are, by their ids, the project that asks
    and what became of it; `policies` are all rules of a portfolio, version by version, `allotted` what the
    town may spend by category, `choices` are what
    was weighed, by the ids of the analyses; `looked_at` are decisions to look at again on a
    day, with the moment of a deferral; `completed` the days on which
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
    reviews: list[Review] = field(default_factory=list)
    looked_at: list[tuple[str, str, str | None]] = field(default_factory=list)
    choices: dict[str, Choice] = field(default_factory=dict)
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

    def rules_of(self, portfolio: str) -> dict[str, Any]:
        """The policy that holds."""
        versions = self.policies.get(portfolio)
        return versions[-1] if versions else {}

    def asks_for_attention(self, portfolio: str, today: str) -> set[tuple[str, str]]:
        """What somebody should look at, and why."""
        found, held = set(), [self.components[name] for name in self.ranking(portfolio)]
        served = {name for goal in self.goals.values() if not goal.is_retired for name in goal.weights}
        for each in held:
            if each.health in {"off_track", "at_risk"} and each.state in LIVE - {"on_hold"}:
                found.add((each.health, each.name))
            if each.state == "active" and self._is_late(each, portfolio, today):
                found.add(("overdue_update", each.name))
            if each.state == "on_hold" and each.resume_on and each.resume_on < today:
                found.add(("resume_passed", each.name))
            if each.state in LIVE and each.name not in served:
                found.add(("unaligned", each.name))
        for name, goal in self.goals.items():
            if not goal.is_retired and all(
                self.components[each].state in {"rejected", "cancelled"} for each in goal.weights
            ):
                found.add(("goal_without_projects", name))
        for name, day, deferred_at in self.looked_at:
            still = self.components[name].state == "deferred" and self.components[name].since == deferred_at
            if day < today and (deferred_at is None or still):
                found.add(("past_review_date", name))
        return found

    def _is_late(self, component: Component, portfolio: str, today: str) -> bool:
        cadence = component.cadence or self.rules_of(portfolio).get("update_cadence_days")
        start = max(component.since[:10], component.reported or "")
        return bool(cadence) and (date.fromisoformat(today) - date.fromisoformat(start)).days > cadence

    def tells_reviews(self, name: str) -> None:
        """A report is part of the review that is open, if one is."""
        if self.reviews and self.reviews[-1].last is None:
            self.reviews[-1].reported.add(name)

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
