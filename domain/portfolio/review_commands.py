"""What may be asked about reviews of a portfolio; each class is the body of one route."""

from domain.kernel.command import Given
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Line, Prose


class OpenReview(Given):
    """Begin a review. What asks for attention now becomes its agenda and stays it."""

    name: Line | None = None
    rationale: GivenRationale | None = None


class CloseReview(Given):
    """End the open review; its minutes are what was decided about the portfolio while it was open."""

    conclusion: Prose | None = None
    rationale: GivenRationale | None = None
