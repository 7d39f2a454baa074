"""The facts of analyses."""

from typing import Annotated

from pydantic import Field, Strict

from domain.choosing.analyses import AnalysisKind
from domain.kernel.event import Event
from domain.kernel.types import Id, Json, Line, is_absent, one_of

Kind = Annotated[AnalysisKind, Strict(False), one_of(AnalysisKind)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class AnalysisRecorded(
    Event,
    name="analysis.recorded.v1",
    about={"portfolio": "portfolio", "project": "project", "scenario": "scenario"},
):
    """An analysis was made for a portfolio, perhaps of one of its components, and is kept as it is.

    `inputs` are whole: the same version of the `kind` makes the same `result` of them. `sha256` is that of both as
    JSON with sorted members and without blanks, for a decision that names the analysis as evidence. `scenario` is the
    one whose selection was taken.
    """

    portfolio: Id
    project: Id | None = Field(default=None, exclude_if=is_absent)
    kind: Kind
    title: Line
    scenario: Id | None = Field(default=None, exclude_if=is_absent)
    method_version: Annotated[int, Field(ge=1)]
    inputs: dict[str, Json]
    result: dict[str, Json]
    sha256: Hash
