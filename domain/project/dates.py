"""The dates of a milestone: promised, expected, reached, and what they say of one another. Pure."""

from datetime import date
from typing import NamedTuple


class Dates(NamedTuple):
    """`promised_on` is the first date that was ever promised, `due_on` the one that holds.

    `forecast_on` is when it is expected instead, `reached_on` when it was reached; `None` = nobody said.
    """

    promised_on: date
    due_on: date
    forecast_on: date | None = None
    reached_on: date | None = None

    @property
    def expected_on(self) -> date:
        """When it was reached, or else when it will be by what was last said."""
        return self.reached_on or self.forecast_on or self.due_on

    def is_overdue(self, today: date) -> bool:
        """Whether that day has passed without it."""
        return self.reached_on is None and self.expected_on < today

    def slippage(self, today: date) -> int | None:
        """Days from the first promise to when it was, or is expected to be, reached; negative if early.

        `None` once the expected day has passed: it slips, and nobody has said how far.
        """
        return None if self.is_overdue(today) else (self.expected_on - self.promised_on).days
