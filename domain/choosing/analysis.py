"""An analysis that was made: nothing about it is decided any more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from domain.choosing.analyses import METHODS, analysed
from domain.choosing.commands import RecordAnalysis
from domain.choosing.events import AnalysisRecorded
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event, Recorded


@dataclass
class Analysis(Aggregate):
    """`portfolio` is whose it is."""

    kind: ClassVar[str] = "analysis"

    portfolio: UUID | None = None

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        if isinstance(event, AnalysisRecorded):
            self.portfolio = event.portfolio


def recorded(command: RecordAnalysis, raw: Mapping[str, Any]) -> AnalysisRecorded:
    """The fact of an analysis with these inputs. Raises `Invalid` for what is wrong in them."""
    inputs, result = analysed(command.kind, raw)
    content = json.dumps([inputs, result], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return AnalysisRecorded(
        portfolio=command.portfolio,
        kind=command.kind,
        title=command.title,
        method_version=METHODS[command.kind].version,
        inputs=inputs,
        result=result,
        sha256=sha256(content.encode()).hexdigest(),
    )
