"""What a portfolio holds its decisions to."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from domain.kernel.money import Money
from domain.kernel.types import Amount, Strictly


def _from_nothing(percent: Decimal) -> Decimal:
    if percent < 0:
        raise ValueError('expected a percentage from 0, such as "10"')
    return percent


def _is_unset(rule: object) -> bool:
    return rule is None


class RebaselineThreshold(Strictly):
    """How far a baseline may move without the board: by days, by percent of the cost, or both."""

    days: Annotated[int, Field(ge=0)] | None = None
    percent: Annotated[Amount, AfterValidator(_from_nothing)] | None = None

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.days is None and self.percent is None:
            raise ValueError("expected days, percent or both")
        return self

    def told(self) -> str:
        """In words."""
        days = f"{self.days} days" if self.days is not None else ""
        percent = f"{self.percent:f} %" if self.percent is not None else ""
        return " or ".join(filter(None, (days, percent)))


class Policy(Strictly):
    """The rules of a portfolio; a member that is null sets no rule."""

    money_threshold: Money | None = Field(
        default=None, description="changes of a forecast above it need a second person's approval"
    )
    rebaseline_threshold: RebaselineThreshold | None = Field(
        default=None, exclude_if=_is_unset, description="changes of a baseline above it are the board's alone"
    )


class NumberedPolicy(Policy):
    """A policy that holds or held, and which one of the portfolio's it is, from 1."""

    version: int
