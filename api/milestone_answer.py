"""The shape of a milestone, within other answers."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class Milestone(BaseModel):
    """The dates of a milestone. `slippage_days` counts from the first promise to when it is expected, or was reached;
    `null` once that day has passed without it, for nobody has said how far it slips.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    promised_on: date
    due_on: date
    forecast_on: date | None
    expected_on: date
    slippage_days: int | None
    overdue: bool
