"""What asks for attention in a portfolio now, each with the fact that put it there."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from domain.attention import ORDER, Said, Situation, alone, asks_of
from domain.kernel.instants import from_micros
from domain.kernel.types import day_in
from domain.project.cadence import days_past
from domain.project.words import GIVEN_UP, State
from projections.bounds import View
from projections.cadence import READ, cadence_of, cadences_of, declared, reported_at
from projections.dated import Cell, Cells, occurred_at, set_by, value_of
from projections.goal_board import RETIRED, WEIGHT, goals, of
from projections.journal import facts_at
from projections.looked_at_again import Row, broken_premises, past_review
from projections.names import names_of
from projections.paging import Answer, Page, page_of
from projections.premises import told
from projections.project_board import attribute, board, member_of
from projections.projects import members

RESUME = attribute("expected_resume")


def attention(view: View, portfolio: UUID, page: Page) -> tuple[list[Answer], bool]:
    """One page of what asks for attention: what is worst first, then what has waited longest."""
    shown, more = page_of(asking(view, portfolio), page)
    things = {thing for row in shown for thing in _things(row)}
    names = names_of(view, {portfolio, *things})
    broken = [row.broken for row in shown if row.broken]
    facts = facts_at(view, [*(row.position for row in shown), *(each.decided for each in broken)])
    return [
        {
            "reason": row.reason,
            "subject": _subject(row, portfolio, names),
            "since": row.since.isoformat(),
            "days": days_past(row.since, view.now.date()),
            "fact": facts[row.position],
            "premise": told(row.broken.premise, row.broken.standing, names) if row.broken else None,
            "decision": facts[row.broken.decided] if row.broken else None,
        }
        for row in shown
    ], more


def asking(view: View, portfolio: UUID) -> list[Row]:
    """Everything that asks for attention in a portfolio by the clock of the view."""
    cadences, today = cadences_of(view), view.now.date()
    read = {"name", "state", RESUME, member_of(portfolio), *READ, *cadences}
    cells = board.cells(view, aspects=sorted(read))
    held = {each: cells[each] for each in members(cells, portfolio) if "state" in cells[each]}
    pursued = goals_of(view, portfolio)
    rows = [
        Row(asked.reason, asked.since, each, asked.fact)
        for each, own in held.items()
        for asked in asks_of(_situation(own, cadence_of(own, cadences), _alone(own, each, portfolio, pursued)), today)
    ]
    rows += past_review(view, portfolio, held, pursued)
    rows += broken_premises(view, portfolio, held, pursued)
    rows += [row for goal in pursued if (row := _unserved(goal, pursued[goal], cells))]
    return sorted(rows, key=_place)


def _place(row: Row) -> tuple[int, date, str, int]:
    """What is worst first, then what has waited longest."""
    decided = row.broken.decided if row.broken else 0
    return ORDER.index(row.reason), row.since, str(row.component or row.goal or ""), decided


def goals_of(view: View, portfolio: UUID) -> Cells:
    """The goals of a portfolio, open or retired."""
    return {goal: cells for goal, cells in goals.cells(view).items() if value_of(cells, of(portfolio))}


def _situation(cells: Mapping[str, Cell], cadence_days: int | None, alone: Said[int] | None) -> Situation[int]:
    reported = reported_at(cells)
    return Situation(
        state=State(value_of(cells, "state")),
        moved=_said(cells, "state"),
        overall=declared(cells),
        reported=Said(reported, set_by(cells, "reported")) if reported else None,
        cadence_days=cadence_days,
        expected_resume=day_in(value_of(cells, RESUME)),
        alone=alone,
    )


def _alone(cells: Mapping[str, Cell], component: UUID, portfolio: UUID, pursued: Cells) -> Said[int] | None:
    """The fact since which it serves no open goal of the portfolio; `None` if it serves one."""
    weight, ended = f"{WEIGHT}{component}", [_said(cells, member_of(portfolio))]
    for goal in pursued.values():
        if value_of(goal, weight) is not None and not value_of(goal, RETIRED):
            return None
        if weight in goal:
            ended.append(_said(goal, weight if value_of(goal, weight) is None else RETIRED))
    return max(ended, key=lambda said: said.at)


def _unserved(goal: UUID, own: Mapping[str, Cell], components: Cells) -> Row | None:
    """An open goal without a component that was not given up."""
    ended = []
    for aspect in own if not value_of(own, RETIRED) else ():
        if aspect.startswith(WEIGHT):
            project = components.get(UUID(aspect.removeprefix(WEIGHT)), {})
            if value_of(own, aspect) is None:
                ended.append(_said(own, aspect))
            elif value_of(project, "state") in GIVEN_UP:
                ended.append(_said(project, "state"))
            else:
                return None
    if value_of(own, RETIRED) or "name" not in own:
        return None
    asked = alone(_said(own, "name"), ended)
    return Row(asked.reason, asked.since, None, asked.fact, goal=goal)


def _said(cells: Mapping[str, Cell], aspect: str) -> Said[int]:
    return Said(from_micros(occurred_at(cells, aspect)), set_by(cells, aspect))


def _things(row: Row) -> Iterator[UUID]:
    """Everything whose name a row tells."""
    yield from (thing for thing in (row.component, row.goal) if thing)
    yield from (thing for _, thing in row.broken.premise.things()) if row.broken else ()


def _subject(row: Row, portfolio: UUID, names: Mapping[UUID, str | None]) -> Answer:
    if row.component:
        thing, kind = row.component, "project"
    else:
        thing, kind = (row.goal, "goal") if row.goal else (portfolio, "portfolio")
    return {"id": str(thing), "kind": kind, "name": names.get(thing)}
