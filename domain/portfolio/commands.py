"""What may be asked of a portfolio; each class is the body of one route."""

from typing import Annotated

from pydantic import Field

from domain.kernel.money import Currency
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Id, Instant, Line, Strictly


class CreatePortfolio(Strictly):
    """Begin a portfolio. `currency` is that of all its sums."""

    name: Line
    currency: Currency | None = None
    occurred_at: Instant | None = None
    inputs_position: Annotated[int, Field(ge=0)] | None = None
    rationale: GivenRationale | None = None


class ComponentDecision(Strictly):
    """Add, remove or restore a component."""

    component: Id
    rationale: GivenRationale
    occurred_at: Instant | None = None
    inputs_position: Annotated[int, Field(ge=0)] | None = None
