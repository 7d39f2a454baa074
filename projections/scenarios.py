"""Queries about scenarios: each by itself, and some side by side."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from projections.bounds import View
from projections.dated import Cell, occurred_at, set_by, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.paging import Answer, Page, page_of
from projections.scenario_board import HEAD, RULING, scenarios
from projections.verdicts import Solution, served, used, verdicts

MEMBERS = ("portfolio", "actor", "role", "occurred_at", "recorded_at")
MOST = 5
"""How many are compared at once."""


def list_scenarios(view: View, portfolio: UUID | None, page: Page) -> tuple[list[Answer], bool]:
    """The scenarios in scope, the newest first, one page."""
    found = scenarios.cells(view, aspects=HEAD)
    shown = [each for each in found if _is_of(view, each, found[each], portfolio)]
    newest = sorted(
        shown, key=lambda each: (occurred_at(found[each], "head"), set_by(found[each], "head")), reverse=True
    )
    items, more = page_of(newest, page)
    counted = versions(view, items)
    return [_head(each, found[each], counted) for each in items], more


def one_scenario(view: View, scenario: UUID) -> Answer | None:
    """The scenario within the bounds, whole; `None` if no fact ever named it (or it is out of scope)."""
    if not _is_known(view, scenario):
        return None
    cells = scenarios.cells(view, [scenario]).get(scenario, {})
    solution = value_of(cells, "solution")
    answer = {
        **_head(scenario, cells, versions(view, [scenario])),
        "spec": value_of(cells, "spec"),
        "rulings": _rulings(cells, solution),
        **(solution or dict.fromkeys(("missing", "inputs", "result"))),
        "verdicts": verdicts(solution) if solution else None,
    }
    return answer if cells else {**answer, "first_fact_at": first_fact_at(view, scenario)}


def compared(view: View, wanted: Sequence[UUID]) -> Answer | None:
    """Scenarios side by side, in this order: what each comes to, and where they differ; `None` if one is not known.

    One that is known and was not made yet within the bounds has nothing to tell.
    """
    if not all(_is_known(view, each) for each in wanted):
        return None
    found = scenarios.cells(view, wanted)
    cells: list[Mapping[str, Cell]] = [found.get(each, {}) for each in wanted]
    solutions = [value_of(each, "solution") for each in cells]
    counted = versions(view, wanted)
    return {
        "scenarios": [_head(each, own, counted) for each, own in zip(wanted, cells, strict=True)],
        "projects": _projects(solutions),
        "limits": _side_by_side(solutions, used, ("of", "category", "role", "period", "through"), "use"),
        "goals": _side_by_side(solutions, served, ("goal", "name"), "shares"),
    }


def _projects(solutions: Sequence[Solution | None]) -> list[Answer]:
    """Each component with what each scenario says of it; first where those that found anything differ."""
    rows = _side_by_side(solutions, verdicts, ("project", "name"), "verdicts")
    found = [place for place, each in enumerate(solutions) if each and each["result"]["value"] is not None]
    for row in rows:
        told = {(row["verdicts"][place] or {}).get("verdict") == "in" for place in found}
        row["differs"] = len(told) > 1
    return sorted(rows, key=lambda row: not row["differs"])


def _side_by_side(
    solutions: Sequence[Solution | None], rows_of: Callable[[Solution], list[Answer]], key: Sequence[str], name: str
) -> list[Answer]:
    """The rows of all solutions, one for each key, with `null` for a solution that has none."""
    rows: dict[tuple[Any, ...], list[Answer | None]] = {}
    for place, solution in enumerate(solutions):
        for row in rows_of(solution) if solution else ():
            own = rows.setdefault(tuple(row[each] for each in key), [None] * len(solutions))
            own[place] = {member: value for member, value in row.items() if member not in key}
    return [{**dict(zip(key, told, strict=True)), name: own} for told, own in rows.items()]


def _is_known(view: View, scenario: UUID) -> bool:
    return view.sees(scenario) and is_known(view, scenario, [f"{scenarios.name}_latest"])


def _is_of(view: View, scenario: UUID, cells: Mapping[str, Cell], portfolio: UUID | None) -> bool:
    head = value_of(cells, "head")
    return head is not None and view.sees(scenario) and portfolio in (None, UUID(head["portfolio"]))


def _head(scenario: UUID, cells: Mapping[str, Cell], counted: Mapping[UUID, int]) -> Answer:
    head = value_of(cells, "head") or dict.fromkeys(MEMBERS)
    return {
        "id": str(scenario),
        "name": value_of(cells, "name"),
        **head,
        "solved": value_of(cells, "solved"),
        "is_stale": _is_stale(cells),
        "committed": value_of(cells, "committed"),
        "version": counted.get(scenario),
    }


def _is_stale(cells: Mapping[str, Cell]) -> bool:
    """Whether something was changed after it was solved."""
    if "solved" not in cells:
        return False
    moments = [(occurred_at(cells, aspect), set_by(cells, aspect)) for aspect in ("solved", "changed")]
    return moments[0] < moments[1]


def _rulings(cells: Mapping[str, Cell], solution: Solution | None) -> list[Answer]:
    known = {each["project"]: each.get("name") for each in solution["inputs"]["candidates"]} if solution else {}
    told = [
        (aspect.removeprefix(RULING), cell[0]) for aspect, cell in sorted(cells.items()) if aspect.startswith(RULING)
    ]
    return [{"project": project, "name": known.get(project), **ruling} for project, ruling in told if ruling]
