"""The shapes of answers about status updates. No value is `null`, never 0."""

from datetime import datetime
from uuid import UUID

from api.answers import Responses, Shape, StoryOf
from domain.project.status_events import Figures
from domain.project.words import Health


class StatusUpdate(Shape):
    """A status update as it was published.

    `figures` are those that were known then, `null` for an imported update; `superseded_by` is the event id of the
    update that corrected this one.
    """

    event_id: UUID
    position: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    actor_name: str | None
    role: str
    overall: Health
    schedule: Health | None
    cost: Health | None
    scope: Health | None
    resource: Health | None
    text: str | None
    path_to_green: str | None
    source_word: str | None
    figures: Figures | None
    supersedes: UUID | None
    superseded_by: UUID | None


STATUS_UPDATES: Responses = {200: {"model": StoryOf[StatusUpdate]}}
