"""The fact of a committed scenario: what was chosen, as a whole."""

from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.event import Decision
from domain.kernel.scoring import ScoringModel
from domain.kernel.types import Id, Line, as_tuple
from domain.kernel.verdicts import Verdict


class ScenarioCommitted(Decision, name="portfolio.scenario_committed.v1", about={"scenario": "scenario"}):
    """A scenario became the plan, with a verdict on every component that could be chosen or was in anyway.

    It was solved, under `model`, from the plan at `inputs_position`; `sha256` is that of its inputs and result, as in
    `scenario.solved.v1`. What changes for a component is a fact of its own beside this one.
    """

    scenario: Id
    scenario_version: Annotated[int, Field(ge=1)]
    name: Line
    verdicts: Annotated[tuple[Verdict, ...], Strict(False), BeforeValidator(as_tuple)]
    model: ScoringModel | None
    inputs_position: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
