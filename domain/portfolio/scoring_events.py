"""The facts of a portfolio's scoring models."""

from typing import Annotated

from pydantic import Field

from domain.kernel.event import Decision
from domain.kernel.judgements import Judgements
from domain.kernel.numbers import Number
from domain.kernel.scoring import AggregationWord, MethodWord, ModelName, ModelVersion, WholeCriteria, is_empty


class ScoringModelSet(Decision, name="portfolio.scoring_model_set.v1", lifecycle=True):
    """A scoring model of the portfolio has another version, which is told whole; older versions stay as they were.

    By ahp the weights of its criteria come from the `judgements`, which are as consistent as the ratio says.
    """

    name: ModelName
    version: Annotated[int, Field(ge=1)]
    method: MethodWord
    criteria: WholeCriteria = Field(default=(), exclude_if=is_empty)
    judgements: Judgements = Field(default=(), exclude_if=is_empty)
    consistency_ratio: Number | None = None
    aggregation: AggregationWord

    @property
    def model(self) -> ModelVersion:
        """The version it set."""
        return ModelVersion(**{member: getattr(self, member) for member in ModelVersion.model_fields})
