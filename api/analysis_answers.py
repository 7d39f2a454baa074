"""The shapes of answers about kept analyses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.answers import Echo, ListOf, Responses, Shape
from domain.choosing.analyses import AnalysisKind


class AnalysisHead(Shape):
    """An analysis that is kept, `name` being its title, the `scenario` it is about if it is, and who made it when.

    Its address and `sha256` go into the evidence of a decision.
    """

    id: UUID
    name: str | None
    portfolio: UUID | None
    scenario: UUID | None
    project: UUID | None
    kind: AnalysisKind | None
    method_version: int | None
    sha256: str | None
    actor: str | None
    role: str | None
    occurred_at: datetime | None
    recorded_at: datetime | None
    version: int | None


class Analysis(AnalysisHead, Echo):
    """An analysis with its whole inputs and its result, as `docs/choosing.md` describes both for each kind."""

    inputs: dict[str, Any] | None
    result: dict[str, Any] | None
    first_fact_at: datetime | None = None


ANALYSES: Responses = {200: {"model": ListOf[AnalysisHead]}}
ONE_ANALYSIS: Responses = {200: {"model": Analysis}}
