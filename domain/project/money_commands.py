"""What may be asked about the money of a component; each class is the body of one route."""

from domain.kernel.command import Given, Reasoned
from domain.kernel.money import GivenMonthlyAmounts
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Id


class _GivesAmounts(Given):
    lines: GivenMonthlyAmounts
    rationale: GivenRationale | None = None


class SetForecast(_GivesAmounts):
    """Say what months will cost by category. What a month and category had is replaced, which needs a reason.

    Above the money threshold of a portfolio it is recorded as proposed, until somebody else approves it.
    """


class RecordActuals(_GivesAmounts):
    """Say what months did cost by category; a correction needs a reason."""


class RecordCommitments(_GivesAmounts):
    """Say what is ordered and not yet paid, by the month of payment; a correction needs a reason."""


class ApproveForecast(Reasoned):
    """Let a proposed forecast hold; never one's own."""

    proposal: Id


class WithdrawForecast(Reasoned):
    """Take a proposed forecast back, or turn it down."""

    proposal: Id
