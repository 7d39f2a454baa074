"""Which projects the table shows, as its URL and its form say."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query

from domain.kernel.refusal import Invalid
from domain.project.words import REPORTING, Health, State
from projections.portfolios import WAITING
from projections.projects import SORTS, ProjectFilter

GROUPS: dict[str, tuple[State, ...]] = {
    "live": tuple(state for state in State if state in REPORTING),
    "waiting": WAITING,
}
"""Names for the states that the figures count together."""
CHOICES: dict[str, str] = {
    "live": "live, not on hold",
    "waiting": "waiting for a decision",
    **{state: state.replace("_", " ") for state in State},
}
Summed = Literal["budget", "forecast", "actual"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the URL asks for; `None` = everything."""

    portfolio: UUID | None
    state: str | None
    health: Health | None
    owner: str | None
    q: str | None
    having: Summed | None
    lacking: Summed | None
    sort: str | None

    def filter(self, portfolio: UUID | None) -> ProjectFilter:
        """The same to the read model, within a portfolio."""
        states = GROUPS.get(self.state, (self.state,)) if self.state else ()
        healths = (self.health,) if self.health else ()
        return ProjectFilter(portfolio, states, healths, self.owner, self.q, self.having, self.lacking)

    def order(self, portfolio: UUID | None) -> str:
        """The column to sort by: the rank in a portfolio, else the name, unless another is asked for."""
        if self.sort and self.sort.removeprefix("-") == "rank" and portfolio is None:
            raise Invalid({"query:sort": "rank is the order of one portfolio; choose the portfolio too"})
        return self.sort or ("rank" if portfolio else "name")

    def narrows(self) -> bool:
        """Whether any filter is set."""
        return any((self.state, self.health, self.owner, self.q, self.having, self.lacking))


def choice_of(
    portfolio: UUID | None = None,
    state: str | None = None,
    health: Health | None = None,
    owner: str | None = None,
    q: Annotated[str | None, Query(max_length=300)] = None,
    having: Summed | None = None,
    lacking: Summed | None = None,
    sort: str | None = None,
) -> Choice:
    """The choice of a URL. Raises `Invalid` for a word that is none of ours."""
    if state and state not in CHOICES:
        raise Invalid({"query:state": "expected one of " + ", ".join(CHOICES)})
    if sort and sort.removeprefix("-") not in {*SORTS, "rank"}:
        raise Invalid({"query:sort": "expected one of " + ", ".join(sorted([*SORTS, "rank"]))})
    return Choice(portfolio, state, health, owner, q, having, lacking, sort)


ChoiceOf = Annotated[Choice, Depends(choice_of)]
