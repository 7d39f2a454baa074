"""What a portfolio holds its decisions to."""

from pydantic import Field

from domain.kernel.money import Money
from domain.kernel.types import Strictly


class Policy(Strictly):
    """The rules of a portfolio; a member that is null sets no rule."""

    money_threshold: Money | None = Field(
        default=None, description="changes of a forecast above it need a second person's approval"
    )


class NumberedPolicy(Policy):
    """A policy that holds or held, and which one of the portfolio's it is, from 1."""

    version: int
