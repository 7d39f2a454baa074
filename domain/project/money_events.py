"""The facts of a component's money: what is planned, spent and ordered, by month and category."""

from enum import StrEnum
from typing import ClassVar

from domain.kernel.event import Decision, Event
from domain.kernel.money import Money, MonthlyAmounts
from domain.kernel.rationale import Rationale
from domain.kernel.types import Id


class Figure(StrEnum):
    """What an amount says: expected, spent, or ordered and not yet paid."""

    FORECAST = "forecast"
    ACTUAL = "actual"
    COMMITTED = "committed"


class MoneyFact(Event):
    """Something that was said about the money of a component."""


class AmountsSet(MoneyFact):
    """Amounts hold from now on; each replaces what its month and category had."""

    figure: ClassVar[Figure]

    lines: MonthlyAmounts

    def __init_subclass__(cls, of: Figure | None = None, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]
        if of is not None:
            cls.figure = of


class ForecastSet(AmountsSet, name="project.forecast_set.v1", of=Figure.FORECAST):
    """What months are expected to cost was set."""


class ActualsRecorded(AmountsSet, name="project.actuals_recorded.v1", of=Figure.ACTUAL):
    """What months did cost was taken from the books."""


class CommitmentsRecorded(AmountsSet, name="project.commitments_recorded.v1", of=Figure.COMMITTED):
    """What was ordered and will be paid in these months."""


class ForecastProposed(MoneyFact, Decision, name="project.forecast_proposed.v1"):
    """A change of the forecast above a portfolio's threshold; it holds once somebody else approves it.

    `change` is the sum of all differences, whatever their sign, from the forecast that held, or that a second person
    last let hold if that is further, in the currency of the threshold, `null` if a rate is missing; `replaces` is the
    event id of the proposal that was open before.
    """

    why: Rationale
    lines: MonthlyAmounts
    change: Money | None
    threshold: Money
    replaces: Id | None = None


class ForecastApproved(AmountsSet, Decision, name="project.forecast_approved.v1", of=Figure.FORECAST):
    """Somebody else than its author approved a proposed forecast, which holds from now on."""

    why: Rationale
    proposal: Id


class ForecastWithdrawn(MoneyFact, Decision, name="project.forecast_withdrawn.v1"):
    """A proposed forecast was taken back or turned down; it never held."""

    why: Rationale
    proposal: Id
