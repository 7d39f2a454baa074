"""What may be asked about the scoring models of a portfolio; each class is the body of one route."""

from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.command import Reasoned
from domain.kernel.judgements import Judgements
from domain.kernel.scoring import Aggregation, AggregationWord, MethodWord, ModelName, Scale
from domain.kernel.types import WeightShare, as_tuple


class GivenCriterion(Scale):
    """What is scored, from `low` to `high`; `weight` is asked for by weighted and comes from comparisons by ahp."""

    weight: WeightShare | None = None


class SetScoringModel(Reasoned):
    """Set a scoring model of the portfolio; one of that name gets another version, and no old score changes.

    weighted takes `criteria` whose weights sum to 1; ahp takes criteria without weights and `judgements` of each pair;
    rice, wsjf, value_effort and moscow have their own.
    """

    name: ModelName
    method: MethodWord
    criteria: Annotated[tuple[GivenCriterion, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=50)] = ()
    judgements: Judgements = ()
    aggregation: AggregationWord = Aggregation.MEAN
