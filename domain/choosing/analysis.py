"""An analysis that was made: nothing about it is decided any more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from domain.choosing.analyses import METHODS, AnalysisKind, analysed
from domain.choosing.commands import RecordAnalysis
from domain.choosing.events import AnalysisRecorded
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event, Recorded


@dataclass
class Analysis(Aggregate):
    """`portfolio` is whose it is, `project` what it is of, if that is one; `npv` the net present value that it told, if
    it is one of costs and benefits.
    """

    kind: ClassVar[str] = "analysis"

    portfolio: UUID | None = None
    project: UUID | None = None
    npv: tuple[Decimal, str] | None = None

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        if isinstance(event, AnalysisRecorded):
            self.portfolio, self.project = event.portfolio, event.project
            if event.kind is AnalysisKind.COST_BENEFIT:
                self.npv = Decimal(event.result["npv"]), event.result["currency"]


def recorded(command: RecordAnalysis, raw: Mapping[str, Any]) -> AnalysisRecorded:
    """The fact of an analysis with these inputs. Raises `Invalid` for what is wrong in them."""
    inputs, result = analysed(command.kind, raw)
    return AnalysisRecorded(
        portfolio=command.portfolio,
        project=command.project,
        kind=command.kind,
        title=command.title,
        scenario=command.scenario,
        method_version=METHODS[command.kind].version,
        inputs=inputs,
        result=result,
        sha256=digest(inputs, result),
    )


def digest(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """The SHA-256 of what went in and what came out, as JSON with sorted members and without blanks."""
    content = json.dumps([inputs, result], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(content.encode()).hexdigest()
