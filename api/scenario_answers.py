"""The shapes of answers about scenarios."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from api.answers import Echo, ListOf, Responses, Shape
from domain.choosing.scenario_events import TakenModel
from domain.choosing.solver import Found


class Solved(Shape):
    """What it was solved to: how the search ended, what is chosen comes to, and in which plan.

    `selected`, `losers` and `missing` count components; `missing` have no value or no cost.
    """

    found: Found
    said: str
    gap_percent: str | None
    currency: str
    value: str | None
    cost: str | None
    selected: int
    losers: int
    missing: int
    of_version: int
    inputs_position: int
    as_of: datetime | None
    on: date
    model: TakenModel | None
    method_version: int
    sha256: str
    actor: str
    role: str
    occurred_at: datetime
    recorded_at: datetime


class CommittedAs(Shape):
    """When the scenario became the plan last, by whom and why; `fact` is the event id of that."""

    fact: UUID
    why: str
    actor: str
    role: str
    occurred_at: datetime
    recorded_at: datetime


class ScenarioHead(Shape):
    """A scenario; `is_stale` once something was changed after it was solved."""

    id: UUID
    name: str | None
    portfolio: UUID | None
    actor: str | None
    role: str | None
    occurred_at: datetime | None
    recorded_at: datetime | None
    solved: Solved | None
    is_stale: bool
    committed: CommittedAs | None
    version: int | None


class RulingRow(Shape):
    """A project that has to be in or to stay out, `why`, and who said so."""

    project: UUID
    name: str | None
    forced: Literal["in", "out"]
    why: str
    actor: str
    role: str
    occurred_at: datetime
    recorded_at: datetime


class VerdictCell(Shape):
    """What a scenario says of a component: in from `start` on, out with what `kept_out` it, or `missing` something.

    `verdict` is null where nothing was found that keeps all constraints. `forced` is why it has to be in or out,
    `let_in` are changes that were tried and let it in.
    """

    verdict: Literal["in", "out", "missing"] | None
    start: str | None
    value: str | None
    cost: str | None
    forced: str | None
    kept_out: list[str]
    let_in: list[str]
    missing: str | None


class VerdictRow(VerdictCell):
    """The same, of this component."""

    project: UUID
    name: str | None


class Scenario(ScenarioHead, Echo):
    """A scenario with what it asks (`spec`), the selection that came of it (`inputs`), and the `result`.

    `docs/choosing.md` describes the last two under selection. All three are null until it is solved.
    """

    spec: dict[str, Any] | None
    rulings: list[RulingRow]
    missing: list[dict[str, Any]] | None
    inputs: dict[str, Any] | None
    result: dict[str, Any] | None
    verdicts: list[VerdictRow] | None
    first_fact_at: datetime | None = None


class ProjectRow(Shape):
    """A component with what each scenario says of it; `differs` if it is in in some only."""

    project: UUID
    name: str | None
    verdicts: list[VerdictCell | None]
    differs: bool


class Use(Shape):
    """What is used of a limit and what is left."""

    at: str
    sentence: str
    used: str
    limit: str
    left: str


class LimitRow(Shape):
    """A limit with what each scenario uses of it; without a period it holds for all together."""

    of: Literal["budget", "capacity"]
    category: str | None
    role: str | None
    period: str | None
    through: str | None
    use: list[Use | None]


class GoalCell(Shape):
    """Which part serves a goal, and the least that was asked."""

    at_least: str
    share: str | None


class GoalRow(Shape):
    """A goal with the part that serves it in each scenario."""

    goal: UUID
    name: str | None
    shares: list[GoalCell | None]


class Comparison(Echo):
    """Scenarios side by side: the lists within the rows are in the order of `scenarios`."""

    scenarios: list[ScenarioHead]
    projects: list[ProjectRow]
    limits: list[LimitRow]
    goals: list[GoalRow]


SCENARIOS: Responses = {200: {"model": ListOf[ScenarioHead]}}
ONE_SCENARIO: Responses = {200: {"model": Scenario}}
COMPARISON: Responses = {200: {"model": Comparison}}
