"""The models by which proposals are scored: criteria with weights, in versions."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from domain.kernel.types import Line, Strictly, WeightShare, as_tuple


class Criterion(Strictly):
    """One thing that is scored, and the part of the whole score it makes up."""

    name: Annotated[Line, Field(max_length=100)]
    weight: WeightShare


def _is_empty(criteria: Sequence[Criterion]) -> bool:
    return not criteria


def _whole(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    names = [criterion.name.casefold() for criterion in criteria]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice:
        raise ValueError(f"expected each criterion once; {twice} comes twice")
    total = sum(criterion.weight for criterion in criteria)
    if total != 1:
        raise ValueError(f"expected weights that sum to 1; these sum to {total:f}")
    return criteria


Criteria = Annotated[tuple[Criterion, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=50)]


class ScoringModel(Strictly):
    """What an evaluation is held to from its first day on: one version of a scoring model."""

    name: Line
    version: int
    criteria: Criteria = Field(default=(), exclude_if=_is_empty)


class WeightedModel(Strictly):
    """A scoring model that a portfolio sets: what a name and version once said, they say for ever."""

    name: Annotated[Line, Field(max_length=100)]
    version: Annotated[int, Field(ge=1)]
    criteria: Annotated[Criteria, Field(min_length=1), AfterValidator(_whole)]

    def frozen(self) -> ScoringModel:
        """The same, for an evaluation."""
        return ScoringModel(name=self.name, version=self.version, criteria=self.criteria)
