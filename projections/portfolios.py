"""Queries about portfolios: what they hold and what that sums to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.project.words import REPORTING, Health, State
from projections.bounds import View
from projections.cadence import READ, Cadences, cadences_of, owed, review_due
from projections.dated import Cell, Cells, value_of
from projections.journal import decisions_at, first_fact_at, is_known, versions
from projections.money import SUMMED, Entries, entries_of, rates_in, sum_of, value_in
from projections.paging import Answer, Page, ordered, page_of
from projections.portfolio_board import portfolios
from projections.project_board import board, member_of
from projections.projects import ProjectFilter, found_projects, health_of, members
from projections.resources import Promises, of_these, over_allocated
from projections.subsidiaries import Tree, below, relatives, tree_of
from projections.trail import NAME as TRAIL

WAITING = (State.SUBMITTED, State.UNDER_EVALUATION, State.SELECTED)
"""States in which a component waits for somebody's decision."""


class Read(NamedTuple):
    """What counts and sums of portfolios are made of, read once for all of them."""

    cells: Cells
    entries: Entries
    over: Promises
    cadences: Cadences
    tree: Tree


def list_portfolios(view: View, page: Page) -> tuple[list[Answer], bool]:
    """The portfolios in scope by name, one page."""
    found = portfolios.cells(view)
    visible = [subject for subject in found if view.sees(subject)]
    shown, more = page_of(
        ordered(visible, lambda subject: value_of(found[subject], "name"), str, descending=False), page
    )
    cadences, tree = cadences_of(view), tree_of(view)
    summed = _summed(view, {each for one in shown for each in (one, *below(tree, one))}, cadences)
    read = Read(summed, entries_of(view), over_allocated(view), cadences, tree)
    return [_answer(view, subject, found[subject], read) for subject in shown], more


def portfolio_names(view: View) -> dict[UUID, str]:
    """The portfolios in scope that exist within the bounds, by name."""
    found = portfolios.cells(view, aspects=["name"])
    named = {subject: str(value_of(cells, "name")) for subject, cells in found.items() if view.sees(subject)}
    return {subject: named[subject] for subject in ordered(named, named.get, str, descending=False)}


def portfolio_head(view: View, portfolio: UUID) -> Answer | None:
    """What a page about the portfolio needs to say whose it is; `None` if no fact ever named it."""
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    own = portfolios.cells(view, [portfolio], ["name", "currency"]).get(portfolio, {})
    head = {"id": str(portfolio), "name": value_of(own, "name"), "currency": value_of(own, "currency")}
    return head if own else {**head, "first_fact_at": first_fact_at(view, portfolio)}


def one_portfolio(view: View, portfolio: UUID) -> Answer | None:
    """The portfolio within the bounds; `None` if no fact ever named it (or it is out of scope)."""
    if not view.sees(portfolio) or not is_known(view, portfolio, [f"{portfolios.name}_latest"]):
        return None
    cells = portfolios.cells(view, [portfolio]).get(portfolio, {})
    cadences, tree = cadences_of(view), tree_of(view)
    family = [portfolio, *below(tree, portfolio)]
    summed = _summed(view, family, cadences)
    read = Read(summed, entries_of(view, _held(summed, family)), over_allocated(view), cadences, tree)
    answer = _answer(view, portfolio, cells, read)
    return answer if cells else {**answer, "first_fact_at": first_fact_at(view, portfolio)}


def across_portfolios(view: View) -> Answer:
    """What all components in scope count to, each once however many portfolios hold it."""
    held, cells = found_projects(view, ProjectFilter(), "severity")
    return {
        "id": None,
        "components": len(held),
        "counts": _counts(cells, held),
        "decisions_waiting": _waiting(cells, held),
        "over_allocated": len(of_these(over_allocated(view), held)),
    }


def _summed(view: View, portfolios: Iterable[UUID], cadences: Cadences) -> Cells:
    """What counts and sums of these portfolios are made of."""
    return board.cells(view, aspects=[*READ, *SUMMED, *{*map(member_of, portfolios), *cadences}])


def _answer(view: View, portfolio: UUID, own: Mapping[str, Cell], read: Read) -> Answer:
    cells, held = read.cells, members(read.cells, portfolio)
    exists = "name" in own
    return {
        "id": str(portfolio),
        "name": value_of(own, "name"),
        "currency": value_of(own, "currency"),
        "policy": value_of(own, "policy"),
        "components": len(held) if exists else None,
        "counts": _counts(cells, held) if exists else None,
        "money": sums_of(cells, held, read.entries, own) if exists else None,
        **relatives(view, read.tree, portfolio),
        "with_subsidiaries": _rolled_up(portfolio, own, read) if exists else None,
        **owed(cells, held, read.cadences, portfolio, view.now.date()),
        "review_due": review_due(own, view.now.date()),
        "decisions_waiting": _waiting(cells, held) if exists else None,
        "over_allocated": len(of_these(read.over, held)) if exists else None,
        "last_decision": _last_decision(view, portfolio),
        "version": versions(view, [portfolio]).get(portfolio),
    }


def _held(cells: Cells, family: Iterable[UUID]) -> list[UUID]:
    """What any of these portfolios holds, each component once."""
    return list(dict.fromkeys(each for one in family for each in members(cells, one)))


def _rolled_up(portfolio: UUID, own: Mapping[str, Cell], read: Read) -> Answer | None:
    """Counts and sums over the portfolio and all below it, in its currency; nothing if there is none below."""
    family = below(read.tree, portfolio)
    held = _held(read.cells, [portfolio, *family])
    counts = {"components": len(held), "counts": _counts(read.cells, held)}
    return {**counts, "money": sums_of(read.cells, held, read.entries, own)} if family else None


def _counts(cells: Cells, held: Sequence[UUID]) -> Answer:
    """By state over all components; by health over live ones that are not on hold."""
    states = Counter(value_of(cells[subject], "state") for subject in held)
    reporting = [subject for subject in held if value_of(cells[subject], "state") in REPORTING]
    healths = Counter(health_of(cells[subject]) for subject in reporting)
    return {
        "by_state": {state: states[state] for state in State if states[state]},
        "by_health": {health: healths[health] for health in Health},
    }


def _waiting(cells: Cells, held: Iterable[UUID]) -> int:
    return sum(value_of(cells[subject], "state") in WAITING for subject in held)


def sums_of(
    cells: Cells,
    held: Sequence[UUID],
    entries: Entries,
    portfolio: Mapping[str, Cell],
    figures: Sequence[str] = SUMMED,
) -> Answer:
    """The sum of each figure over components, in a portfolio's currency or else the only one there is."""
    return {figure: _sum(cells, held, entries, portfolio, figure) for figure in figures}


def _sum(cells: Cells, held: Sequence[UUID], entries: Entries, portfolio: Mapping[str, Cell], figure: str) -> Answer:
    home = value_of(portfolio, "currency") or only_currency(cells, held, entries, figure)
    rates = rates_in(portfolio, home)
    return sum_of([value_in(cells[each], entries.get(each, ()), figure, rates) for each in held], home)


def only_currency(cells: Cells, held: Sequence[UUID], entries: Entries, figure: str) -> str | None:
    """The currency of all values of a figure, if they have one."""
    singles = [value_of(cells[each], figure) for each in held]
    found = {single["currency"] for single in singles if single}
    found |= {entry.currency for each in held for entry in entries.get(each, ()) if entry.figure == figure}
    return found.pop() if len(found) == 1 else None


def _last_decision(view: View, portfolio: UUID) -> Answer | None:
    trail = view.table(TRAIL)
    last = view.connection.scalar(
        trail.select()
        .with_only_columns(trail.c.position)
        .where(trail.c.subject == portfolio, trail.c.code.is_not(None), *view.within(trail))
        .order_by(trail.c.occurred_at.desc(), trail.c.position.desc())
        .limit(1)
    )
    return decisions_at(view, [last]).get(last) if last else None
