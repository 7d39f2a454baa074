"""Queries about kept analyses."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.choosing.analyses import AnalysisKind
from projections.analysis_board import HEAD, analyses
from projections.bounds import View
from projections.dated import Cell, Cells, occurred_at, set_by, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.paging import Answer, Page, page_of

MEMBERS = (
    "portfolio",
    "scenario",
    "project",
    "kind",
    "method_version",
    "sha256",
    "actor",
    "role",
    "occurred_at",
    "recorded_at",
)


@dataclass(frozen=True, slots=True)
class AnalysisFilter:
    """Which analyses are asked for; `None` = any."""

    portfolio: UUID | None = None
    project: UUID | None = None
    kind: AnalysisKind | None = None


def list_analyses(view: View, wanted: AnalysisFilter, page: Page) -> tuple[list[Answer], bool]:
    """The analyses in scope without their content, the newest first, one page."""
    found = analyses.cells(view, aspects=HEAD)
    shown = [each for each in found if _is_wanted(view, each, found[each], wanted)]
    newest = sorted(shown, key=lambda each: _moment(found[each]), reverse=True)
    items, more = page_of(newest, page)
    counted = versions(view, items)
    return [_answer(each, found[each], counted) for each in items], more


def one_analysis(view: View, analysis: UUID) -> Answer | None:
    """The analysis within the bounds, whole; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(analysis) or not is_known(view, analysis, [f"{analyses.name}_latest"]):
        return None
    found: Cells = analyses.cells(view, [analysis])
    cells = found.get(analysis, {})
    content = value_of(cells, "content") or {"inputs": None, "result": None}
    answer = {**_answer(analysis, cells, versions(view, [analysis])), **content}
    return answer if cells else {**answer, "first_fact_at": first_fact_at(view, analysis)}


def _is_wanted(view: View, analysis: UUID, cells: Mapping[str, Cell], wanted: AnalysisFilter) -> bool:
    head = value_of(cells, "head")
    if head is None or not view.sees(analysis):
        return False
    if wanted.portfolio and head["portfolio"] != str(wanted.portfolio):
        return False
    if wanted.project and head["project"] != str(wanted.project):
        return False
    return wanted.kind is None or head["kind"] == wanted.kind


def _moment(cells: Mapping[str, Cell]) -> tuple[int, int]:
    return occurred_at(cells, "head"), set_by(cells, "head")


def _answer(analysis: UUID, cells: Mapping[str, Cell], counted: dict[UUID, int]) -> Answer:
    head = value_of(cells, "head") or dict.fromkeys(MEMBERS)
    return {"id": str(analysis), "name": value_of(cells, "name"), **head, "version": counted.get(analysis)}
