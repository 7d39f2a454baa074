"""The shape of the answer about a committed scenario that was computed again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from api.answers import Echo, Responses, Shape
from domain.kernel.verdicts import Verdict


class Committed(Shape):
    """Who committed it, when."""

    event_id: UUID
    position: int
    actor: str
    role: str
    occurred_at: datetime
    recorded_at: datetime


class Differing(Shape):
    """What is no longer as it was, of a component or of the portfolio."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    subject: UUID
    what: str
    from_: Any = Field(alias="from")
    to: Any


class RecomputationOfCommit(Shape):
    """What was committed, and whether the plan at `inputs_position` still comes to the same inputs and verdicts.

    `difference` tells what does not, `said` how the search ended this time; all is `null` where nothing was committed.
    """

    name: str | None
    portfolio: UUID | None
    committed: Committed | None
    inputs_position: int | None
    sha256: str | None
    said: str | None
    same_inputs: bool | None
    same_verdicts: bool | None
    verdicts: list[Verdict] | None
    difference: list[Differing] | None


class Recomputation(RecomputationOfCommit, Echo):
    """A scenario whose latest commit was computed again."""

    id: UUID


RECOMPUTATION: Responses = {200: {"model": Recomputation}}
