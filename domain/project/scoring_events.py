"""The facts of a component's scores: what each scorer gave, and what somebody set in the place of what that came to."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from pydantic import Field

from domain.kernel.event import Decision, Event
from domain.kernel.numbers import Number
from domain.kernel.scoring import Aggregation, AggregationWord, BucketWord, ModelKey, ModelName
from domain.kernel.types import Id, Line, Strictly


class ModelNamed(Strictly):
    """Which version of which scoring model of the portfolio."""

    name: ModelName
    version: int

    @property
    def key(self) -> ModelKey:
        """The same, for what is looked up by it."""
        return ModelKey(self.name, self.version)


class Under(NamedTuple):
    """The version of a portfolio's scoring model that a score is given under."""

    portfolio: UUID
    model: ModelKey


def only_one(scored: Collection[Under], portfolio: UUID | None) -> Under | None:
    """The one of a portfolio; without one the only one there is, `None` if there are several."""
    found = [each for each in scored if portfolio in (None, each.portfolio)]
    return found[0] if len(found) == 1 else None


class ScoreFact(Event):
    """Something happened to the score under a version of a scoring model of a portfolio."""

    portfolio: Id
    model: ModelNamed

    @property
    def under(self) -> Under:
        """What the score counts for."""
        return Under(self.portfolio, self.model.key)


class ProjectScored(ScoreFact, name="project.scored.v1", about={"portfolio": "portfolio"}):
    """A scorer, who is the actor, gave it values or a bucket; what they gave before under that version is replaced.

    `score` is what they come to, null while some are missing; scorers are brought together by `aggregation`.
    """

    values: dict[Line, Number] = Field(default_factory=dict)
    bucket: BucketWord | None = None
    score: Number | None
    aggregation: AggregationWord = Aggregation.MEAN


class ProjectScoreOverridden(ScoreFact, Decision, name="project.score_overridden.v1", about={"portfolio": "portfolio"}):
    """Another score holds than the `computed` one, which stays visible; null gives that one its place again."""

    score: Number | None
    computed: Number | None
