"""What asks for attention in a portfolio now, each with the fact that put it there."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from pydantic_core import from_json

from domain.attention import ORDER, Said, Situation, asks_of
from domain.kernel.instants import from_micros
from domain.kernel.types import day_in
from domain.portfolio.agenda import Reason
from domain.project.cadence import days_past
from domain.project.events import ProjectDeferred
from domain.project.words import State
from projections.bounds import View
from projections.cadence import READ, cadence_of, cadences_of, declared, reported_at
from projections.dated import Cell, Cells, occurred_at, set_by, value_of
from projections.goal_board import RETIRED, WEIGHT, goals, of
from projections.journal import Wanted, facts_at, stored
from projections.names import names_of
from projections.paging import EVERY, Answer, Page, page_of
from projections.project_board import attribute, board, member_of
from projections.projects import members

RESUME = attribute("expected_resume")
DEFERRED = ProjectDeferred.fact_name


class Row(NamedTuple):
    """Why a component (`None` = the portfolio or a goal) asks for attention, since when, and the fact behind it."""

    reason: Reason
    since: date
    component: UUID | None
    position: int


def attention(view: View, portfolio: UUID, page: Page) -> tuple[list[Answer], bool]:
    """One page of what asks for attention: what is worst first, then what has waited longest."""
    shown, more = page_of(asking(view, portfolio), page)
    names = names_of(view, {portfolio, *(row.component for row in shown if row.component)})
    facts = facts_at(view, [row.position for row in shown])
    return [
        {
            "reason": row.reason,
            "subject": _subject(row.component, portfolio, names),
            "since": row.since.isoformat(),
            "days": days_past(row.since, view.now.date()),
            "fact": facts[row.position],
        }
        for row in shown
    ], more


def asking(view: View, portfolio: UUID) -> list[Row]:
    """Everything that asks for attention in a portfolio by the clock of the view."""
    cadences, today = cadences_of(view), view.now.date()
    read = {"name", RESUME, member_of(portfolio), *READ, *cadences}
    cells = board.cells(view, aspects=sorted(read))
    held = {each: cells[each] for each in members(cells, portfolio) if "state" in cells[each]}
    pursued = goals_of(view, portfolio)
    rows = [
        Row(asked.reason, asked.since, each, asked.fact)
        for each, own in held.items()
        for asked in asks_of(_situation(own, cadence_of(own, cadences), _alone(own, each, portfolio, pursued)), today)
    ]
    rows += _past_review(view, portfolio, held, pursued)
    return sorted(rows, key=lambda row: (ORDER.index(row.reason), row.since, str(row.component or "")))


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


def _past_review(view: View, portfolio: UUID, held: Cells, pursued: Cells) -> Iterator[Row]:
    """Decisions that should have been looked at again; a deferral only as long as it holds."""
    wanted = Wanted(portfolio=portfolio, decisions_only=True, review_before=view.now.date())
    rows, _ = stored(view, wanted, EVERY, newest_first=False)
    here = {portfolio, *held, *pursued}
    for position, text, superseded_by in rows:
        document = from_json(text)
        subjects = [UUID(subject["id"]) for subject in document["subjects"]]
        component = next((each for each in subjects if each in held), None)
        if superseded_by or here.isdisjoint(subjects):
            continue
        if document["name"] == DEFERRED and component and set_by(held[component], "state") != position:
            continue
        yield Row(Reason.PAST_REVIEW_DATE, date.fromisoformat(document["rationale"]["review_on"]), component, position)


def _said(cells: Mapping[str, Cell], aspect: str) -> Said[int]:
    return Said(from_micros(occurred_at(cells, aspect)), set_by(cells, aspect))


def _subject(component: UUID | None, portfolio: UUID, names: Mapping[UUID, str | None]) -> Answer:
    thing, kind = (component, "project") if component else (portfolio, "portfolio")
    return {"id": str(thing), "kind": kind, "name": names.get(thing)}
