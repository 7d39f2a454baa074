"""What each component is and was held to, at any moment."""

from collections.abc import Iterable

from domain.kernel.event import Event, Recorded
from domain.kernel.instants import rfc3339
from domain.project.events import ProjectActivated
from domain.project.plan_events import Baseline, BaselineCaptured, ProjectRebaselined
from projections.dated import Change, DatedChanges

plans = DatedChanges("project_baseline")
HOLDING, EACH = "baseline", "baseline:"
"""The aspect of the baseline that holds, and the kind of aspect that keeps each by the id of its fact."""


@plans.on(ProjectActivated)
def activated(event: ProjectActivated, fact: Recorded) -> Iterable[Change]:
    """Work began; what an older release recorded tells the start alone."""
    yield from _held_to(event.baseline or Baseline(number=0, starts_on=event.starts_on), event, fact)


@plans.on(BaselineCaptured, ProjectRebaselined)
def changed(event: BaselineCaptured | ProjectRebaselined, fact: Recorded) -> Iterable[Change]:
    """It is held to something else."""
    yield from _held_to(event.baseline, event, fact)


def _held_to(baseline: Baseline, event: Event, fact: Recorded) -> Iterable[Change]:
    content = baseline.model_dump(mode="json")
    said = {"text": event.why.text if event.why else None, "by": fact.actor, "at": rfc3339(fact.occurred_at)}
    yield Change(fact.stream_id, HOLDING, content)
    yield Change(fact.stream_id, f"{EACH}{fact.event_id}", {**content, **said})
