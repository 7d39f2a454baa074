"""The facts of scenarios: what might be chosen, while the plan itself stays as it is."""

from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from domain.choosing.events import Hash
from domain.choosing.scenario_words import Missing, Spec
from domain.kernel.event import Decision, Event
from domain.kernel.rationale import Rationale
from domain.kernel.types import Day, Id, Instant, Json, Line, Strictly, as_tuple


class TakenModel(Strictly):
    """The version of a scoring model of the portfolio whose scores were taken."""

    name: Line
    version: int


class ScenarioFact(Event, stream="scenario", lifecycle=True):
    """Something happened to a scenario."""


class ScenarioCreated(ScenarioFact, name="scenario.created.v1", about={"portfolio": "portfolio"}):
    """A choice of a portfolio is being thought about."""

    portfolio: Id
    name: Line
    spec: Spec


class ScenarioEdited(ScenarioFact, name="scenario.edited.v1"):
    """It asks for something else, which is told whole; what it was solved to holds no longer."""

    name: Line
    spec: Spec


class ScenarioRuling(ScenarioFact, Decision, about={"project": "project"}):
    """Somebody ruled about a project within a scenario."""

    why: Rationale
    project: Id


class ScenarioForcedIn(ScenarioRuling, name="scenario.forced_in.v1"):
    """The project has to be in, whatever its value."""


class ScenarioForcedOut(ScenarioRuling, name="scenario.forced_out.v1"):
    """The project has to stay out."""


class ScenarioUnforced(ScenarioRuling, name="scenario.unforced.v1"):
    """The project is chosen, or not, by its value again."""


class ScenarioSolved(ScenarioFact, name="scenario.solved.v1"):
    """The best choice was looked for, in the plan as it stood at `inputs_position`.

    `of_version` is the version of the scenario that was solved, `on` the day by which periods and rates are told,
    `model` whose scores were taken. `inputs` are whole: the same `method_version` makes the same `result` of them, and
    `sha256` is that of both as JSON with sorted members and without blanks.
    """

    of_version: Annotated[int, Field(ge=1)]
    inputs_position: Annotated[int, Field(ge=0)]
    as_of: Instant | None
    on: Day
    model: TakenModel | None
    missing: Annotated[tuple[Missing, ...], Strict(False), BeforeValidator(as_tuple)]
    method_version: Annotated[int, Field(ge=1)]
    inputs: dict[str, Json]
    result: dict[str, Json]
    sha256: Hash
