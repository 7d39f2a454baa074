"""Queries about what components need from one another."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from domain.kernel.instants import from_micros, rfc3339
from domain.project.words import FINISHED, GIVEN_UP, Met
from projections.bounds import View
from projections.dated import Cell, Cells, occurred_at, set_by, value_of
from projections.journal import decisions_at, first_fact_at, is_known, versions
from projections.paging import Answer
from projections.project_board import board
from projections.schedule_board import NEEDED_BY, NEEDS, dependencies


class Dependency(NamedTuple):
    """One component needs another; `needed` is that other, `beside` the one that is told of."""

    beside: UUID
    needed: UUID
    kind: str
    since: int
    position: int


def project_dependencies(view: View, project: UUID) -> Answer | None:
    """What a component needs, and what needs it; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(project) or not is_known(view, project, [f"{board.name}_latest"]):
        return None
    cells = dependencies.cells(view, [project]).get(project, {})
    needs, needed_by = (list(_told(cells, project, side)) for side in (NEEDS, NEEDED_BY))
    seen = {project, *(each.beside for each in (*needs, *needed_by) if view.sees(each.beside))}
    components = board.cells(view, sorted(seen), ["name", "state"])
    decisions = decisions_at(view, {each.position for each in (*needs, *needed_by)})
    own = components.get(project, {})
    answer = {
        "id": str(project),
        "name": value_of(own, "name"),
        "needs": [_answer(each, components, decisions) for each in needs],
        "needed_by": [_answer(each, components, decisions) for each in needed_by],
        "version": versions(view, [project]).get(project),
    }
    return answer if answer["version"] else {**answer, "first_fact_at": first_fact_at(view, project)}


def _told(cells: Mapping[str, Cell], project: UUID, side: str) -> Iterator[Dependency]:
    for aspect in sorted(cells):
        if aspect.startswith(side) and (kind := value_of(cells, aspect)):
            beside = UUID(aspect.removeprefix(side))
            needed = beside if side == NEEDS else project
            yield Dependency(beside, needed, kind, occurred_at(cells, aspect), set_by(cells, aspect))


def _answer(each: Dependency, components: Cells, decisions: dict[int, Answer]) -> Answer:
    beside, state = components.get(each.beside, {}), value_of(components.get(each.needed, {}), "state")
    return {
        "project": {"id": str(each.beside), "kind": "project", "name": value_of(beside, "name")},
        "state": value_of(beside, "state"),
        "kind": each.kind,
        "status": _status(state),
        "since": rfc3339(from_micros(each.since)),
        "decision": decisions[each.position],
    }


def _status(state: str | None) -> Met | None:
    """Whether what is needed has finished; `None` for what is out of scope."""
    if state is None:
        return None
    return Met.MET if state in FINISHED else Met.BROKEN if state in GIVEN_UP else Met.OPEN
