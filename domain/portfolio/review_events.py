"""The facts of portfolio reviews."""

from domain.kernel.event import Event
from domain.kernel.types import Id, Line, Prose
from domain.portfolio.agenda import Agenda


class ReviewFact(Event, stream="portfolio", lifecycle=True):
    """Something happened to a review of the portfolio."""


class ReviewOpened(ReviewFact, name="portfolio.review_opened.v1"):
    """A review began; its agenda is what asked for attention at that moment. Its event id is the id of the review."""

    name: Line | None = None
    agenda: Agenda


class ReviewClosed(ReviewFact, name="portfolio.review_closed.v1"):
    """A review ended; what was decided about the portfolio while it was open was decided in it."""

    review: Id
    conclusion: Prose | None = None
