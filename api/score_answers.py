"""The shapes of answers about scoring models and scores. No value is `null`, never 0; a score is decimal text."""

from datetime import datetime
from uuid import UUID

from api.answers import Decision, Echo, NamedSubject, Responses, Shape, StoryOf
from domain.kernel.judgements import Judgement
from domain.kernel.scores import Spread
from domain.kernel.scoring import Aggregation, Bucket, Method
from domain.project.words import State


class CriterionAnswer(Shape):
    """What is scored from `low` to `high`, and the part of the whole it makes up."""

    name: str
    weight: str
    low: str
    high: str
    lower_is_better: bool


class ModelAnswer(Shape):
    """One version of a scoring model: what a name and version once said, they say for ever.

    `asks` are the values a scorer gives; `consistency_ratio` is that of the `judgements` the weights come from.
    """

    name: str
    version: int
    method: Method
    criteria: list[CriterionAnswer]
    judgements: list[Judgement]
    consistency_ratio: str | None
    aggregation: Aggregation
    asks: list[str]


class PortfolioModel(ModelAnswer):
    """`is_default` = the policy holds new evaluations to it; `decision` is the one that set it."""

    is_default: bool
    decision: Decision | None


class ModelNamedAnswer(Shape):
    """Which version of which scoring model."""

    name: str
    version: int


class OverrideAnswer(Shape):
    """A score that stands in the place of the computed one, and why."""

    score: str
    decision: Decision | None


class GivenScore(Shape):
    """What one scorer gave last; `counts` = whether it makes up the score, which is for assigned scorers alone."""

    scorer: str
    name: str | None
    counts: bool
    score: str | None
    values: dict[str, str]
    bucket: Bucket | None
    scored_at: datetime


class MissingValue(Shape):
    """What nobody has said yet; `scorer` is `null` where it is open who would."""

    scorer: str | None
    name: str | None
    value: str


class StandingAnswer(Shape):
    """The score that holds, and what the scorers came to together, which is `null` while anything is missing.

    `spread` is how far they are apart. By MoSCoW `bucket` is the one nearest to the score.
    """

    score: str | None
    computed: str | None
    override: OverrideAnswer | None
    bucket: Bucket | None
    spread: Spread | None
    by_scorer: list[GivenScore]
    missing: list[MissingValue]


class PortfolioScore(StandingAnswer):
    """A component by its score: `score_rank` is 1 for the highest, shared by equals, `null` without a score."""

    project: NamedSubject
    key: str | None
    state: State
    score_rank: int | None


class PortfolioScores(StoryOf[PortfolioScore]):
    """What a portfolio holds, by score under one version of a model; without one it comes last."""

    scoring_model: ModelAnswer | None


class ProjectScore(StandingAnswer):
    """How a component stands under one version of a model of a portfolio."""

    portfolio: UUID
    scoring_model: ModelNamedAnswer


class Scorer(Shape):
    """A person who scores."""

    scorer: str
    name: str | None


class EvaluationAnswer(Shape):
    """What it is evaluated under; without `scorers` the portfolio manager and the board score."""

    scoring_model: ModelNamedAnswer
    portfolio: UUID | None
    scorers: list[Scorer]
    started_at: datetime


class ProjectScores(Echo):
    """The scores of the present round, which began when evaluation started; earlier ones are in its history."""

    id: UUID
    name: str | None
    evaluation: EvaluationAnswer | None
    items: list[ProjectScore]
    first_fact_at: datetime | None = None


SCORING_MODELS: Responses = {200: {"model": StoryOf[PortfolioModel]}}
PORTFOLIO_SCORES: Responses = {200: {"model": PortfolioScores}}
PROJECT_SCORES: Responses = {200: {"model": ProjectScores}}
