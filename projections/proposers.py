"""Who proposed a component: four eyes keep its authorization from them."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from domain.kernel.event import Event, Recorded
from domain.project.case_events import BusinessCaseSet
from domain.project.events import ProjectDrafted, ProjectSubmitted
from domain.project.words import State
from projections.bounds import View
from projections.dated import Cells, Change, DatedChanges, value_of

proposers = DatedChanges("proposer_board")


@proposers.on(ProjectDrafted, ProjectSubmitted, BusinessCaseSet)
def proposed(event: Event, fact: Recorded) -> Iterable[Change]:
    """Somebody had a part in its proposal; each of them is an aspect of it."""
    yield Change(fact.stream_id, fact.actor, True)


def proposers_of(view: View, cells: Cells) -> Mapping[UUID, Collection[str]]:
    """Who proposed those that wait for their authorization, which these persons may not give."""
    selected = [subject for subject, own in cells.items() if value_of(own, "state") == State.SELECTED]
    return proposers.cells(view, selected) if selected and view.bounds.are_live() else {}
