"""Premises: figures that a decision rests on, each with the bounds within which the decision holds."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field, Strict

from domain.kernel.types import Amount, Day, Id, Line, Strictly, is_absent, one_of


class Watched(StrEnum):
    """A figure that can be watched.

    budget_left: what a portfolio may spend, less what its components draw on, in its currency ·
    goal_weight: the weight with which a project (or everything) contributes to a goal, 0 once that is retired ·
    role_load: the share of a role's capacity that is promised, of the people who are promised to a portfolio, in a
    period (the next twelve weeks if none is given) · forecast: what a component is expected to cost · score: that of a
    component, under the model of its evaluation.
    """

    BUDGET_LEFT = "budget_left"
    GOAL_WEIGHT = "goal_weight"
    ROLE_LOAD = "role_load"
    FORECAST = "forecast"
    SCORE = "score"


class Takes(NamedTuple):
    """The members that say which figure is meant: those it needs, and those it may have."""

    needed: tuple[str, ...]
    possible: tuple[str, ...] = ()


OF: Mapping[Watched, Takes] = {
    Watched.BUDGET_LEFT: Takes(("portfolio",)),
    Watched.GOAL_WEIGHT: Takes(("goal",), ("project",)),
    Watched.ROLE_LOAD: Takes(("portfolio", "role"), ("starts_on", "ends_on")),
    Watched.FORECAST: Takes(("project",)),
    Watched.SCORE: Takes(("project",)),
}
THINGS = ("portfolio", "goal", "project")
"""Members that name a thing, each called as its kind."""


class Premise(Strictly):
    """A figure and its bounds, at least one of them; both belong to what is allowed.

    Money is in the currency in which the figure is told, a weight or a load a part of 1.
    """

    figure: Annotated[Watched, Strict(False), one_of(Watched)]
    portfolio: Id | None = Field(default=None, exclude_if=is_absent)
    goal: Id | None = Field(default=None, exclude_if=is_absent)
    project: Id | None = Field(default=None, exclude_if=is_absent)
    role: Line | None = Field(default=None, exclude_if=is_absent)
    starts_on: Day | None = Field(default=None, exclude_if=is_absent)
    ends_on: Day | None = Field(default=None, exclude_if=is_absent)
    at_least: Amount | None = Field(default=None, exclude_if=is_absent)
    at_most: Amount | None = Field(default=None, exclude_if=is_absent)

    @property
    def what(self) -> "Premise":
        """The figure alone, whatever its bounds."""
        return self.model_copy(update={"at_least": None, "at_most": None})

    def holds(self, value: Decimal | None) -> bool | None:
        """Whether a value lies within the bounds; `None` if there is none."""
        if value is None:
            return None
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def things(self) -> Iterator[tuple[str, UUID]]:
        """What it is about: kind and id of each."""
        for kind in THINGS:
            if (thing := getattr(self, kind)) is not None:
                yield kind, thing

    def wrong(self) -> Iterator[tuple[str, str]]:
        """What its form lacks or has too much: member (nothing = all of it) and sentence."""
        needed, possible = OF[self.figure]
        given = {member for member in (*THINGS, "role", "starts_on", "ends_on") if getattr(self, member) is not None}
        for member in needed:
            if member not in given:
                yield f"/{member}", f"required: {self.figure} is that of a {member}"
        for member in sorted(given.difference(needed, possible)):
            yield f"/{member}", f"{self.figure} has none; expected only {', '.join((*needed, *possible))}"
        if self.at_least is None and self.at_most is None:
            yield "", "expected a bound, at_least or at_most"
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            yield "/at_most", f"expected at least {self.at_least:f}, which is at_least"
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield "/ends_on", f"expected a day from {self.starts_on} on"
