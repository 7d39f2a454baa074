"""What may be asked of scenarios; each class is the body of one route."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.choosing.figures import Above0
from domain.choosing.scenario_words import Constraints, Moment, ValueSource
from domain.kernel.command import Entering, Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Id, Line


class CreateScenario(Constraints, Given, names={"portfolio": "portfolio"}):
    """Think about a choice, without touching the plan.

    With `inputs_position` or `as_of` it is made from the plan as it stood then, else as it stands whenever it is
    solved. What is not given is as the plan has it.
    """

    portfolio: Id
    name: Line
    value: ValueSource
    as_of: Moment | None = None
    rationale: GivenRationale | None = None


class EditScenario(Constraints, Given):
    """Ask for something else; what is left out stays, `null` is as the plan has it. It has to be solved anew."""

    name: Line | None = None
    value: ValueSource | None = None
    as_of: Moment | None = None
    rationale: GivenRationale | None = None


class ForceIn(Reasoned, names={"project": "project"}):
    """Let a project be in, whatever its value."""

    project: Id


class ForceOut(Reasoned, names={"project": "project"}):
    """Let a project stay out."""

    project: Id


class Unforce(Reasoned, names={"project": "project"}):
    """Let a project be chosen, or not, by its value again."""

    project: Id


class SolveScenario(Given):
    """Look for the best choice, for `seconds` at most; with `explain`, as many again for what would let losers in.

    With `inputs_position`, in the plan as it stood there.
    """

    seconds: Annotated[Above0, Field(le=60)] = Decimal(10)
    explain: bool = True


class CommitScenario(Entering, Reasoned):
    """Let what was solved become the plan, all at once: who is in is selected, and everybody else is told why not.

    `override` says why, where more come into a state than a portfolio lets be there; `force_in` where that is more
    than a budget which the scenario was not held to.
    """

    force_in: GivenRationale | None = None
