"""The shapes of answers about what asks for attention, and about reviews. No value is `null`, never 0."""

from datetime import date, datetime
from uuid import UUID

from api.answers import Decision, Echo, FeedFact, NamedSubject, Responses, Shape, StoryOf
from api.why_answers import PremiseAnswer
from domain.portfolio.agenda import Reason


class AttentionRow(Shape):
    """Why something asks for attention, since which day and for how many days, and the fact that put it there.

    A broken premise comes with the decision that rests on it; `fact` broke it, or is the decision if it never held.
    """

    reason: Reason
    subject: NamedSubject
    since: date
    days: int
    fact: FeedFact
    premise: PremiseAnswer | None
    decision: FeedFact | None


class ReviewAnswer(Shape):
    """A review; its id is the event id of the fact that opened it. `closed_at` is `null` while it is open."""

    id: UUID
    name: str | None
    agenda_items: int | None
    opened_at: datetime | None
    opened_by: str | None
    opened_by_name: str | None
    closed_at: datetime | None
    closed_by: str | None
    closed_by_name: str | None
    conclusion: str | None


class AgendaRow(Shape):
    """An item of the agenda as it was frozen, and what became of it.

    `fact`, `decision` (the one whose premise fails), `decisions` and `status_updates` are event ids; `is_settled` = it
    no longer asked for attention when the review ended (or by the clock of the answer, while it is open).
    """

    reason: Reason
    subject: NamedSubject
    since: date
    fact: UUID
    decision: UUID | None
    decisions: list[UUID]
    status_updates: list[UUID]
    is_touched: bool
    is_settled: bool


class Minutes(Shape):
    """The decisions taken in the review, in their order, and what of its agenda nobody touched."""

    decisions: list[Decision]
    untouched: list[NamedSubject]


class OneReview(ReviewAnswer, Echo):
    """A review with its agenda and minutes."""

    agenda: list[AgendaRow]
    minutes: Minutes | None
    first_fact_at: datetime | None = None


ATTENTION: Responses = {200: {"model": StoryOf[AttentionRow]}}
REVIEWS: Responses = {200: {"model": StoryOf[ReviewAnswer]}}
ONE_REVIEW: Responses = {200: {"model": OneReview}}
