"""What may be asked about a baseline."""

from domain.kernel.command import Reasoned
from domain.kernel.money import GivenMoney
from domain.kernel.types import Day


class RebaselineProject(Reasoned):
    """Hold the project to other dates or another cost; what is left out stays.

    Above the threshold of a portfolio that holds it only the board may.
    """

    starts_on: Day | None = None
    finishes_on: Day | None = None
    cost: GivenMoney | None = None
