"""The analyses that are kept, at any moment."""

from collections.abc import Iterable

from domain.choosing.events import AnalysisRecorded
from domain.kernel.event import Recorded
from domain.kernel.instants import rfc3339
from projections.dated import Change, DatedChanges

analyses = DatedChanges("analysis_board")
HEAD = ("name", "head")
"""What a list shows; `content` is what may be long."""


@analyses.on(AnalysisRecorded)
def recorded(event: AnalysisRecorded, fact: Recorded) -> Iterable[Change]:
    """An analysis was made."""
    head = {"project": None} | event.model_dump(
        mode="json", include={"portfolio", "project", "kind", "method_version", "sha256"}
    )
    made = {"actor": fact.actor, "role": fact.role, "occurred_at": rfc3339(fact.occurred_at)}
    yield Change(fact.stream_id, "name", event.title)
    head["scenario"] = None if event.scenario is None else str(event.scenario)
    yield Change(fact.stream_id, "head", {**head, **made, "recorded_at": rfc3339(fact.recorded_at)})
    yield Change(fact.stream_id, "content", event.model_dump(mode="json", include={"inputs", "result"}))
