"""The shapes of answers about the order of a portfolio and its matrix."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.answers import Decision, Echo, MoneyAnswer, Responses, Shape, StoryOf
from api.difference_answers import DifferenceRow
from api.score_answers import ModelAnswer
from domain.choosing.matrix import Preset
from domain.project.words import State
from projections.difference import Axis
from projections.matrix import Colour, Size


class RankMove(Shape):
    """The move that gave a component its place."""

    from_rank: int
    to_rank: int
    decision: Decision


class Priority(Shape):
    """A component in the order of a portfolio; `score_rank` is the place that its score alone would give it.

    `is_overridden` = the score is not the computed one. `last_move` is `null` if it never moved since it joined or
    came back.
    """

    rank: int
    project: UUID
    key: str | None
    name: str | None
    state: State | None
    budget: MoneyAnswer | None
    forecast: MoneyAnswer | None
    score: str | None
    score_rank: int | None
    is_overridden: bool
    last_move: RankMove | None


class Priorities(StoryOf[Priority]):
    """One page of the order of a portfolio.

    If `from` was asked for, `changes` has all that differs between the two rankings: what came, went, moved, or has
    another rank because others did; that has no decision.
    """

    from_: datetime | None = Field(alias="from")
    to: datetime | None
    clock: Axis | None
    changes: list[DifferenceRow] | None
    scoring_model: ModelAnswer | None


class MatrixAxis(Shape):
    """A measure from `low` to `high`, in halves at `line`; what lies on the line is high.

    `first_is_high`: 1 is the best and stands at the far end, as in ranks.
    """

    measure: str
    name: str
    unit: str | None
    low: str
    high: str
    line: str
    first_is_high: bool


class Quadrant(Shape):
    """A quadrant by the halves it is made of, and how many components are in it."""

    name: str
    x: Literal["low", "high"]
    y: Literal["low", "high"]
    number: int


class InMatrix(Shape):
    """A component of a matrix."""

    project: UUID
    key: str | None
    name: str | None
    state: State | None
    rank: int


class MatrixPoint(InMatrix):
    """A component with its place in parts of the axes, its money, that as a part of the largest, and its colour."""

    x: str
    y: str
    quadrant: str
    from_left: str
    from_bottom: str
    money: str | None
    size: str | None
    group: str | None


class Lacking(Shape):
    """Which measure a component lacks, in words."""

    axis: Literal["x", "y"]
    measure: str
    what: str


class Unplaced(InMatrix):
    """A component that is in no quadrant, and what is missing for that."""

    x: str | None
    y: str | None
    missing: list[Lacking]


class MatrixGroup(Shape):
    """Components of one colour; `group` is the id of a goal or a word, `null` for those in none."""

    group: str | None
    name: str | None
    number: int


class MeasureName(Shape):
    """What can be an axis, and what it is called."""

    measure: str
    name: str


class OfferedPreset(Shape):
    """A preset whose measures there are."""

    preset: Preset
    x: str
    y: str


class PortfolioMatrix(Echo):
    """The components of a portfolio on two axes. Money is in `currency`."""

    id: UUID
    name: str | None
    x: MatrixAxis
    y: MatrixAxis
    size: Size
    colour: Colour
    currency: str | None
    preset: Preset | None
    quadrants: list[Quadrant]
    points: list[MatrixPoint]
    unplaced: list[Unplaced]
    groups: list[MatrixGroup]
    scoring_model: ModelAnswer | None
    measures: list[MeasureName]
    presets: list[OfferedPreset]
    version: int | None
    first_fact_at: datetime | None = None


class ItsAnalysis(Shape):
    """The analysis that figures come from, and who made it when."""

    id: UUID
    title: str
    actor: str
    actor_name: str | None
    role: str
    occurred_at: datetime


class CostBenefitRow(Shape):
    """A component with the figures of its latest cost-benefit analysis, all `null` if there is none.

    Amounts are in `currency`; what the figures mean is said in `docs/choosing.md`.
    """

    rank: int
    project: UUID
    key: str | None
    name: str | None
    state: State | None
    currency: str | None
    npv: str | None
    cost: str | None
    benefit: str | None
    irr: str | None
    roi: str | None
    bcr: str | None
    payback_years: str | None
    discounted_payback_years: str | None
    analysis: ItsAnalysis | None


COST_BENEFITS: Responses = {200: {"model": StoryOf[CostBenefitRow]}}
PRIORITIES: Responses = {200: {"model": Priorities}}
MATRIX: Responses = {200: {"model": PortfolioMatrix}}
MATRIX_SVG: Responses = {200: {"content": {"image/svg+xml": {}}}}
