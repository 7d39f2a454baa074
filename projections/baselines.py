"""Queries about baselines: what a component was held to, against what is expected now."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.kernel.types import day_in
from projections.baseline_board import EACH, HOLDING, plans
from projections.bounds import View
from projections.dated import Cell, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.money import entries_of, told, with_totals
from projections.paging import Answer
from projections.project_board import attribute, board

PERCENT = Decimal("0.01")


def project_baselines(view: View, project: UUID) -> Answer | None:
    """All baselines of a component within the bounds; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(project) or not is_known(view, project, [f"{board.name}_latest"]):
        return None
    own = board.cells(view, [project]).get(project, {})
    cells = plans.cells(view, [project]).get(project, {})
    expected = _expected(view, project, own)
    holding = value_of(cells, HOLDING)
    answer = {
        "id": str(project),
        "name": value_of(own, "name"),
        "state": value_of(own, "state"),
        "expected": expected,
        "current": holding["number"] if holding else None,
        "baselines": [_baseline(cells[aspect], expected) for aspect in _in_order(cells)],
        "version": versions(view, [project]).get(project),
    }
    return answer if answer["version"] else {**answer, "first_fact_at": first_fact_at(view, project)}


def _expected(view: View, project: UUID, own: Mapping[str, Cell]) -> Answer:
    """The dates and the cost as they are expected by now; what nobody said is `null`."""
    totals = with_totals(view, {project: dict(own)}, entries_of(view, [project]), ["forecast"])[project]
    return {
        "starts_on": _day(value_of(own, attribute("start"))),
        "finishes_on": _day(value_of(own, attribute("finish"))),
        "cost": value_of(totals, "forecast"),
    }


def _in_order(cells: Mapping[str, Cell]) -> list[str]:
    """The aspect of each baseline, oldest first."""
    return sorted((aspect for aspect in cells if aspect.startswith(EACH)), key=lambda aspect: cells[aspect][1:])


def _baseline(cell: Cell, expected: Answer) -> Answer:
    baseline, _, position = cell
    return {**baseline, "variance": _variance(baseline, expected), "position": position}


def _variance(baseline: Answer, expected: Answer) -> Answer:
    """What is expected now less the baseline; `null` where one of the two is not known."""
    before, after = baseline["cost"], expected["cost"]
    cost = percent = None
    if before and after and before["currency"] == after["currency"]:
        cost = Decimal(after["amount"]) - Decimal(before["amount"])
        percent = cost * 100 / abs(Decimal(before["amount"])) if Decimal(before["amount"]) else None
    return {
        "start_days": _days(baseline["starts_on"], expected["starts_on"]),
        "finish_days": _days(baseline["finishes_on"], expected["finishes_on"]),
        "cost": told(cost, before["currency"]) if before else None,
        "cost_percent": f"{percent.quantize(PERCENT):f}" if percent is not None else None,
    }


def _days(before: str | None, after: str | None) -> int | None:
    return (date.fromisoformat(after) - date.fromisoformat(before)).days if before and after else None


def _day(value: Any) -> str | None:
    day = day_in(value)
    return day.isoformat() if day else None
