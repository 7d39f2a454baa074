"""The models by which proposals are scored, in versions: the method, its criteria, and how scorers come together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, Strict, model_validator

from domain.kernel.judgements import Judgements
from domain.kernel.numbers import NOTHING, WHOLE, Number
from domain.kernel.types import Line, Strictly, WeightShare, as_tuple, one_of


class Method(StrEnum):
    """How values become a score; by `ahp` the weights of criteria come from comparisons of pairs."""

    WEIGHTED = "weighted"
    RICE = "rice"
    WSJF = "wsjf"
    VALUE_EFFORT = "value_effort"
    MOSCOW = "moscow"
    AHP = "ahp"


class Aggregation(StrEnum):
    """How the scores of several scorers become one."""

    MEAN = "mean"
    MEDIAN = "median"


class Bucket(StrEnum):
    """The four priorities of MoSCoW."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"
    WONT = "wont"


BUCKETS = {Bucket.MUST: Decimal(3), Bucket.SHOULD: Decimal(2), Bucket.COULD: Decimal(1), Bucket.WONT: NOTHING}
"""The order of the buckets as numbers, so that scorers can be brought together."""
HIGHEST = Decimal(100)
NAMES: Mapping[Method, tuple[str, ...]] = {
    Method.RICE: ("reach", "impact", "confidence", "effort"),
    Method.WSJF: ("business_value", "time_criticality", "risk_reduction", "job_size"),
    Method.VALUE_EFFORT: ("value", "effort"),
    Method.MOSCOW: (),
}
"""The values that a method with names of its own asks for; MoSCoW asks for a bucket."""
BUCKET = "bucket"
WITH_CRITERIA = frozenset({Method.WEIGHTED, Method.AHP})
"""Methods whose criteria the model names; every other brings its own."""
ModelName = Annotated[Line, Field(max_length=100)]
MethodWord = Annotated[Method, Strict(False), one_of(Method)]
AggregationWord = Annotated[Aggregation, Strict(False), one_of(Aggregation)]
BucketWord = Annotated[Bucket, Strict(False), one_of(Bucket)]


class Scale(Strictly):
    """A criterion and the values it takes from `low` to `high`; `lower_is_better` turns it round."""

    name: ModelName
    low: Number = Field(default=NOTHING, exclude_if=lambda low: low == NOTHING)
    high: Number = Field(default=HIGHEST, exclude_if=lambda high: high == HIGHEST)
    lower_is_better: bool = Field(default=False, exclude_if=lambda turned: not turned)

    @model_validator(mode="after")
    def _leads_up(self) -> Self:
        if self.high <= self.low:
            raise ValueError(f"expected high above low, {self.low:f}; got {self.high:f}")
        return self


class Criterion(Scale):
    """One thing that is scored, and the part of the whole score it makes up."""

    weight: WeightShare


def short_of_whole(weights: Sequence[Decimal]) -> str | None:
    """What to say of weights that do not sum to 1."""
    total = sum(weights, NOTHING)
    return None if total == WHOLE else f"expected weights that sum to 1; they sum to {total.normalize():f}"


def each_once(criteria: tuple[Scale, ...]) -> str | None:
    """What to say of criteria of which one comes twice, whatever its case."""
    names = [criterion.name.casefold() for criterion in criteria]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    return f"expected each criterion once; {twice} comes twice" if twice else None


def _whole(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    sentence = each_once(criteria) or short_of_whole([criterion.weight for criterion in criteria])
    if criteria and sentence:
        raise ValueError(sentence)
    return criteria


def is_empty(listed: Sequence[object]) -> bool:
    """For lists that are left out where they say nothing."""
    return not listed


Criteria = Annotated[tuple[Criterion, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=50)]
WholeCriteria = Annotated[Criteria, AfterValidator(_whole)]
"""Criteria that weigh 1 together; none, where the method has its own."""


class ModelKey(NamedTuple):
    """Which version of which model of a portfolio."""

    name: str
    version: int

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ScoringModel(Strictly):
    """What an evaluation is held to from its first day on: one version of a scoring model."""

    name: Line
    version: int
    method: MethodWord = Field(default=Method.WEIGHTED, exclude_if=lambda method: method is Method.WEIGHTED)
    criteria: Criteria = Field(default=(), exclude_if=is_empty)
    aggregation: AggregationWord = Field(default=Aggregation.MEAN, exclude_if=lambda how: how is Aggregation.MEAN)

    @property
    def key(self) -> ModelKey:
        """Its name and version."""
        return ModelKey(self.name, self.version)

    @property
    def highest(self) -> Decimal | None:
        """The highest score there is; `None` where it has no end. The lowest is 0."""
        if self.method is Method.MOSCOW:
            return max(BUCKETS.values())
        return HIGHEST if self.method in WITH_CRITERIA else None

    @property
    def asks(self) -> tuple[str, ...]:
        """What a scorer has to say, in the order of the model."""
        if self.method is Method.MOSCOW:
            return (BUCKET,)
        return NAMES.get(self.method) or tuple(each.name for each in self.criteria)


class ModelVersion(ScoringModel):
    """A scoring model that a portfolio sets: what a name and version once said, they say for ever.

    `criteria` weigh 1 together where the method names any; `judgements` are the comparisons their weights come from.
    """

    name: ModelName
    version: Annotated[int, Field(ge=1)]
    criteria: WholeCriteria = Field(default=(), exclude_if=is_empty)
    judgements: Judgements = Field(default=(), exclude_if=is_empty)

    @model_validator(mode="after")
    def _fits_its_method(self) -> Self:
        if self.method in WITH_CRITERIA and not self.criteria:
            raise ValueError(f"expected at least 1 criterion; {self.method} scores by those of the model")
        if self.method not in WITH_CRITERIA and self.criteria:
            raise ValueError(f"expected no criteria; {self.method} has its own")
        return self

    def frozen(self) -> ScoringModel:
        """The same, for an evaluation."""
        members = ("name", "version", "method", "criteria", "aggregation")
        return ScoringModel(**{member: getattr(self, member) for member in members})
