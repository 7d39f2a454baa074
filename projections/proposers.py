"""Who proposed a component: four eyes keep its authorization from them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from domain.project.case_events import BusinessCaseSet
from domain.project.events import ProjectDrafted, ProjectSubmitted
from domain.project.words import State
from projections.bounds import View
from projections.dated import Cells, value_of
from projections.trail import NAME as TRAIL

PROPOSING = [fact.fact_name for fact in (ProjectDrafted, ProjectSubmitted, BusinessCaseSet)]


def proposers_of(view: View, cells: Cells) -> Mapping[UUID, Collection[str]]:
    """Who proposed those that wait for their authorization, which these persons may not give."""
    selected = [subject for subject, own in cells.items() if value_of(own, "state") == State.SELECTED]
    if not selected or not view.bounds.are_live():
        return {}
    trail = view.table(TRAIL)
    own = trail.c
    conditions = (view.among(own.subject, selected), own.ordinal == 0, own.name.in_(PROPOSING), *view.within(trail))
    found: dict[UUID, set[str]] = {}
    for subject, actor in view.connection.execute(select(own.subject, own.actor).where(*conditions)):
        found.setdefault(subject, set()).add(actor)
    return found
