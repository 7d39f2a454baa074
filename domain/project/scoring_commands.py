"""What may be asked about the scores of a component; each class is the body of one route."""

from typing import Annotated

from pydantic import Field

from domain.kernel.command import Given, Reasoned
from domain.kernel.numbers import Number
from domain.kernel.rationale import GivenRationale
from domain.kernel.scoring import BucketWord, ModelName
from domain.kernel.types import Id, Line, Strictly


class UnderModel(Strictly):
    """A version of a scoring model: left out, that of the evaluation, and of a model that is named its newest.

    `portfolio` says whose model it is, if several hold the component.
    """

    scoring_model: ModelName | None = None
    version: Annotated[int, Field(ge=1)] | None = None
    portfolio: Id | None = None


class ScoreProject(UnderModel, Given, names={"portfolio": "portfolio"}):
    """Give it a score as one of its scorers: `values` by name, or by MoSCoW a `bucket`; again, it replaces one's own.

    What is left out is missing, never 0. Where the evaluation names scorers, they alone may; else the portfolio
    manager and the board.
    """

    values: dict[Line, Number] = Field(default_factory=dict, max_length=50)
    bucket: BucketWord | None = None
    rationale: GivenRationale | None = None


class OverrideScore(UnderModel, Reasoned, names={"portfolio": "portfolio"}):
    """Set a score in the place of the computed one, which stays visible; `null` takes it away again."""

    score: Number | None
