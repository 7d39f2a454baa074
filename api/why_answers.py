"""The shapes of answers that say why. No value is `null`, never 0."""

from datetime import date, datetime
from uuid import UUID

from api.answers import Decided, FeedFact, MoneyAnswer, Responses, Shape, StoryOf
from domain.kernel.premises import Watched
from domain.project.words import State


class PremiseAnswer(Shape):
    """A figure that a decision rests on, its bounds, and what it comes to; what a figure has not is `null`.

    `holds` is `null` where the value cannot be told, or not to this caller. Money is in `currency`.
    """

    figure: Watched
    portfolio: UUID | None
    goal: UUID | None
    project: UUID | None
    role: str | None
    starts_on: date | None
    ends_on: date | None
    at_least: str | None
    at_most: str | None
    value: str | None
    currency: str | None
    holds: bool | None
    sentence: str


class WatchedPremise(PremiseAnswer):
    """A premise with the fact since which it fails; `null` if it does not, or failed already when it was named."""

    broken_by: FeedFact | None


class KnownThen(Shape):
    """How a component stood by all that was recorded up to the decision's inputs position.

    `rank` is that in the only portfolio that held it, `score` under the model of its evaluation.
    """

    state: State | None
    rank: int | None
    score: str | None
    budget: MoneyAnswer | None
    forecast: MoneyAnswer | None


class ExplainedDecision(Decided):
    """A decision in a sentence, with how its premises stand, and what was known of the component then.

    `known_then` is `null` of anything but a component, and where no inputs position is recorded.
    """

    premises: list[WatchedPremise]
    sentence: str
    known_then: KnownThen | None


class StoryLine(Shape):
    """What happened, in a sentence; `broken` are sentences on the premises that do not hold."""

    position: int
    event_id: UUID
    fact: str
    occurred_at: datetime
    actor: str
    actor_name: str | None
    role: str
    sentence: str
    known_then: KnownThen | None
    broken: list[str]
    supersedes: UUID | None
    superseded_by: UUID | None


class WhyAnswer(StoryOf[ExplainedDecision]):
    """Decisions, and beside them the story up to the last of them, with what nobody gave a reason for too."""

    story: list[StoryLine]


WHY: Responses = {200: {"model": WhyAnswer}}
