"""What may be asked of analyses; each class is the body of one route."""

from typing import Annotated

from pydantic import AfterValidator

from domain.choosing.events import Kind
from domain.kernel.command import Given
from domain.kernel.types import Id, Json, Line, storable


class RecordAnalysis(Given, names={"portfolio": "portfolio", "project": "project", "scenario": "scenario"}):
    """Compute an analysis and keep it, unchanged for ever. `docs/choosing.md` says what each kind takes as `inputs`.

    With `project` it is of that component of the portfolio, which is told by its latest cost-benefit.
    Inputs without a currency, or without the rate of one, take those that the portfolio has today. With a `scenario`,
    the selection of a selection, a frontier or a robustness is the one that the scenario was last solved with.
    """

    kind: Kind
    portfolio: Id
    project: Id | None = None
    title: Line
    scenario: Id | None = None
    inputs: Annotated[dict[str, Json], AfterValidator(storable)]
