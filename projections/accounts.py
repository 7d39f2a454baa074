"""Queries about money: plan against actual by month, of a component, a program and a portfolio."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.kernel.money import Rates
from domain.project.words import Kind
from projections.bounds import View
from projections.dated import Cell, Cells, value_of
from projections.journal import first_fact_at, is_known, versions
from projections.money import (
    FIGURES,
    SUMMED,
    Entries,
    Entry,
    at_home,
    by_month,
    entries_of,
    rates_for,
    rates_in,
    sum_of,
    told,
    value_in,
    worth,
)
from projections.money_board import FATE, PROPOSAL, money
from projections.paging import Answer
from projections.portfolio_board import BUDGET, RATE, portfolios
from projections.portfolios import only_currency, sums_of
from projections.project_board import board, ever_held
from projections.projects import members


def project_money(view: View, project: UUID) -> Answer | None:
    """The money of a component, and of what belongs to it if it is a program; `None` if no fact ever named it."""
    if not view.sees(project) or not is_known(view, project, [f"{board.name}_latest"]):
        return None
    cells = board.cells(view, [project])
    own = cells.get(project, {})
    entries = entries_of(view, [project]).get(project, [])
    rates = rates_for(view, {project: own})(project)
    home = at_home(entries, rates)
    answer = {
        "id": str(project),
        "name": value_of(own, "name"),
        "currency": home.home,
        "totals": {figure: _total(own, entries, figure, rates) for figure in SUMMED},
        "months": _months([project], {project: entries}, home),
        "lines": _lines(entries),
        "proposals": _proposals(money.cells(view, [project]).get(project, {})),
        "rolled_up": _rolled_up(view, project, rates) if value_of(own, "kind") == Kind.PROGRAM else None,
        "version": versions(view, [project]).get(project),
    }
    return answer if answer["version"] else {**answer, "first_fact_at": first_fact_at(view, project)}


def portfolio_money(view: View, portfolio: UUID) -> Answer | None:
    """The budgets and rates of a portfolio and what its components come to; `None` if no fact ever named it."""
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    own = portfolios.cells(view, [portfolio]).get(portfolio, {})
    cells = ever_held(view, portfolio, SUMMED)
    held = members(cells, portfolio)
    entries = entries_of(view, held)
    home = value_of(own, "currency")
    rates = rates_in(own, home) if home else at_home((e for each in held for e in entries.get(each, ())), Rates(None))
    answer = {
        "id": str(portfolio),
        "name": value_of(own, "name"),
        "currency": rates.home,
        "budgets": _budgets(own),
        "rates": _rates(own),
        "totals": sums_of(cells, held, entries, own),
        "months": _months(held, entries, rates),
        "version": versions(view, [portfolio]).get(portfolio),
    }
    return answer if own else {**answer, "first_fact_at": first_fact_at(view, portfolio)}


def _total(own: Mapping[str, Cell], entries: Sequence[Entry], figure: str, rates: Rates) -> Answer:
    """The sum of all amounts of a figure, or its single amount as it was said."""
    said = [entry for entry in entries if entry.figure == figure]
    if said:
        home = at_home(said, rates)
        return sum_of([worth(entry, home) for entry in said], home.home)
    single = value_of(own, figure)
    return sum_of([Decimal(single["amount"])], single["currency"]) if single else sum_of([], None)


def _lines(entries: Sequence[Entry]) -> list[Answer]:
    """Each month and category with all its figures, as they were said."""
    said: dict[tuple[str, str], Answer] = defaultdict(lambda: dict.fromkeys(FIGURES))
    for entry in entries:
        said[entry.month, entry.category][entry.figure] = told(entry.amount, entry.currency)
    return [{"month": month, "category": category, **said[month, category]} for month, category in sorted(said)]


def _proposals(cells: Mapping[str, Cell]) -> list[Answer]:
    """Every change that needed a second person, oldest first, and what became of it."""
    found = sorted(
        (cell[1:], aspect.removeprefix(PROPOSAL)) for aspect, cell in cells.items() if PROPOSAL in aspect[:9]
    )
    answers = []
    for _, proposal in found:
        said, fate = cells[f"{PROPOSAL}{proposal}"][0], value_of(cells, f"{FATE}{proposal}") or {}
        answers.append(
            {
                "id": proposal,
                "status": fate.get("status", "open"),
                **{member: said[member] for member in ("lines", "change", "threshold", "text")},
                "proposed_by": said["by"],
                "proposed_at": said["at"],
                "settled_by": fate.get("by"),
                "settled_at": fate.get("at"),
            }
        )
    return answers


def _rolled_up(view: View, program: UUID, rates: Rates) -> Answer:
    """What everything in a program comes to; a program's own value counts if it has one."""
    cells = board.cells(view, aspects=["state", "kind", "parent", *SUMMED])
    within = all_within(view, cells, program)
    entries = entries_of(view, within)
    home = rates if rates.home else at_home((entry for each in within for entry in entries.get(each, ())), rates)
    return {
        "components": len(within) - 1,
        **{figure: _roll(cells, within, entries, figure, home) for figure in SUMMED},
        "months": _months(within, entries, home),
    }


def _roll(cells: Cells, within: Sequence[UUID], entries: Entries, figure: str, rates: Rates) -> Answer:
    home = rates.home or only_currency(cells, within, entries, figure)
    values = {each: value_in(cells[each], entries.get(each, ()), figure, Rates(home, rates.quoted)) for each in within}
    plain = [each for each in within if values[each] is not None or value_of(cells[each], "kind") != Kind.PROGRAM]
    return sum_of([values[each] for each in plain], home)


def all_within(view: View, cells: Cells, program: UUID) -> list[UUID]:
    """The program and, in any depth, every component in scope that belongs to it."""
    children: dict[Any, list[UUID]] = defaultdict(list)
    for subject, own in cells.items():
        if "state" in own and view.sees(subject) and (parent := value_of(own, "parent")):
            children[str(parent)].append(subject)
    found = [program]
    for each in found:
        found += [child for child in sorted(children[str(each)]) if child not in found]
    return found


def _months(components: Sequence[UUID], entries: Entries, rates: Rates) -> list[Answer]:
    """For each month the sums over the categories of these components; what one of them lacks is missing."""
    by: dict[str, dict[tuple[UUID, str], dict[str, Decimal | None]]] = defaultdict(lambda: defaultdict(dict))
    for component in components:
        for entry in entries.get(component, ()):
            by[entry.month][component, entry.category][entry.figure] = worth(entry, rates)
    return by_month(by, lambda month, figure: [said.get(figure) for said in by[month].values()], rates.home)


def _budgets(own: Mapping[str, Cell]) -> list[Answer]:
    found = []
    for aspect, (value, *_) in own.items():
        if aspect.startswith(BUDGET) and value is not None:
            _, year, category = aspect.split(":", 2)
            found.append({"year": int(year), "category": category, "money": value})
    return sorted(found, key=lambda line: (line["year"], line["category"]))


def _rates(own: Mapping[str, Cell]) -> list[Answer]:
    found = []
    for aspect, (value, *_) in own.items():
        if aspect.startswith(RATE):
            _, currency, day = aspect.split(":")
            found.append({"currency": currency, "valid_from": day, **value})
    return sorted(found, key=lambda rate: (rate["currency"], rate["valid_from"]))
