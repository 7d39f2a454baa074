"""Queries about business cases: what a proposal says for itself, and what it still lacks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.project.business_case import NOTHING_SAID, BusinessCase, Summary, lacking
from domain.project.words import UNDER_WAY
from projections.bounds import View
from projections.case_board import HANDED_IN, TO_FIX, VERSION, cases
from projections.dated import Cell, set_by, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.paging import Answer
from projections.project_board import board


def business_case(view: View, project: UUID) -> Answer | None:
    """The business case of a component within the bounds; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(project) or not is_known(view, project, [f"{board.name}_latest"]):
        return None
    own = board.cells(view, [project], ["name", "state"]).get(project, {})
    cells = cases.cells(view, [project]).get(project, {})
    case = BusinessCase(**{member: value_of(cells, member) for member in BusinessCase.model_fields})
    answer = {
        "id": str(project),
        "name": value_of(own, "name"),
        "state": value_of(own, "state"),
        "business_case": case.model_dump(mode="json") if case != NOTHING_SAID else None,
        "handed_in": value_of(cells, HANDED_IN),
        **_completeness(case, own, cells),
        "to_fix": _to_fix(own, cells),
        "versions": _versions(cells),
        "version": versions(view, [project]).get(project),
    }
    return answer if answer["version"] else {**answer, "first_fact_at": first_fact_at(view, project)}


def _completeness(case: BusinessCase, own: Mapping[str, Cell], cells: Mapping[str, Cell]) -> Answer:
    """Whether it could be handed in as it is, and what is missing; neither is told of what is decided."""
    if value_of(own, "state") not in UNDER_WAY:
        return {"complete": None, "missing": None}
    said = value_of(cells, HANDED_IN) or {}
    missing = lacking(case, Summary(**{member: said.get(member) for member in Summary.model_fields}))
    told = [{"pointer": pointer, "detail": sentence} for pointer, sentence in missing.items()]
    return {"complete": not missing, "missing": told}


def _to_fix(own: Mapping[str, Cell], cells: Mapping[str, Cell]) -> Any:
    """What it was sent back for, as long as that is its latest move."""
    is_open = TO_FIX in cells and "state" in own and set_by(own, "state") == set_by(cells, TO_FIX)
    return value_of(cells, TO_FIX) if is_open else None


def _versions(cells: Mapping[str, Cell]) -> list[Answer]:
    """Every version there was, oldest first; each is read in full at its position."""
    numbers = sorted(int(aspect.removeprefix(VERSION)) for aspect in cells if aspect.startswith(VERSION))
    return [
        {
            "number": number,
            **value_of(cells, f"{VERSION}{number}"),
            "position": set_by(cells, f"{VERSION}{number}"),
        }
        for number in numbers
    ]
