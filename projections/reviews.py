"""Reviews of a portfolio: their agendas as they were frozen, their minutes as the facts tell them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from domain.kernel.instants import from_micros, micros, rfc3339
from domain.portfolio.agenda import Reason
from domain.project.events import StatusReported
from projections.attention import asking, goals_of
from projections.bounds import View
from projections.dated import Cell
from projections.journal import Wanted, actor_names, decisions, facts, facts_at
from projections.looked_at_again import Row
from projections.names import names_of
from projections.paging import EVERY, Answer, Page, page_of
from projections.portfolio_board import CLOSED, REVIEW, portfolios
from projections.project_board import ever_held
from projections.projects import members

Matter = tuple[str | None, ...]
"""What stays the same of an item as long as it is open."""
TROUBLE = (Reason.OFF_TRACK, Reason.AT_RISK)
TOLD = (
    "name",
    "agenda_items",
    "opened_at",
    "opened_by",
    "opened_by_name",
    "closed_at",
    "closed_by",
    "closed_by_name",
    "conclusion",
)
"""What is told of every review, beside its id."""


class Review(NamedTuple):
    """A review within the bounds: the fact that opened it, and the one that closed it, if it is over."""

    id: UUID
    opened: Cell
    closed: Cell | None

    @property
    def opened_at(self) -> datetime:
        """When it began."""
        return from_micros(self.opened[1])

    @property
    def closed_at(self) -> datetime | None:
        """When it ended."""
        return from_micros(self.closed[1]) if self.closed else None

    def holds(self, fact: Answer) -> bool:
        """Whether a fact happened in it: behind its opening and before its closing, in the order of facts."""
        moment = (micros(datetime.fromisoformat(fact["occurred_at"])), fact["position"])
        return tuple(self.opened[1:]) < moment and (self.closed is None or moment < tuple(self.closed[1:]))


def list_reviews(view: View, portfolio: UUID, page: Page) -> tuple[list[Answer], bool]:
    """One page of the reviews of a portfolio, newest first."""
    shown, more = page_of(_reviews(view, portfolio), page)
    return _answers(view, shown), more


def one_review(view: View, portfolio: UUID, review: UUID) -> Answer | None:
    """A review with its agenda and minutes; `None` if no fact ever named it."""
    began_at = _began_at(view, portfolio, review)
    if not view.sees(portfolio) or began_at is None:
        return None
    found = next((each for each in _reviews(view, portfolio) if each.id == review), None)
    if found is None:
        return {"id": str(review), **dict.fromkeys(TOLD), "agenda": [], "minutes": None, "first_fact_at": began_at}
    agenda = facts_at(view, [found.opened[2]])[found.opened[2]]["data"]["agenda"]
    decided, reported = _happened(view, portfolio, found)
    open_still = {_key_of(row) for row in asking(_at_its_end(view, found), portfolio)}
    named = {UUID(thing) for item in agenda if (thing := item["project"] or item.get("goal"))} | {portfolio}
    names = {str(each): name for each, name in names_of(view, named).items()}
    items = [_item(item, str(portfolio), names, decided, reported, open_still) for item in agenda]
    untouched = {item["subject"]["id"]: item["subject"] for item in items if not item["is_touched"]}
    minutes = {"decisions": decided, "untouched": list(untouched.values())}
    return {**_answers(view, [found])[0], "agenda": items, "minutes": minutes}


def _reviews(view: View, portfolio: UUID) -> list[Review]:
    cells = portfolios.cells(view, [portfolio]).get(portfolio, {})
    opened = {aspect.removeprefix(REVIEW): cell for aspect, cell in cells.items() if aspect.startswith(REVIEW)}
    found = [Review(UUID(each), cell, cells.get(f"{CLOSED}{each}")) for each, cell in opened.items()]
    return sorted(found, key=lambda review: review.opened[1:], reverse=True)


def _answers(view: View, reviews: Sequence[Review]) -> list[Answer]:
    told = [(each, each.opened[0], each.closed[0] if each.closed else None) for each in reviews]
    names = actor_names(view, {said["by"] for _, opened, closed in told for said in (opened, closed) if said})
    return [
        {
            "id": str(review.id),
            "name": opened["name"],
            "agenda_items": opened["items"],
            "opened_at": rfc3339(review.opened_at),
            "opened_by": opened["by"],
            "opened_by_name": names.get(opened["by"]),
            "closed_at": rfc3339(review.closed_at) if review.closed_at else None,
            "closed_by": closed["by"] if closed else None,
            "closed_by_name": names.get(closed["by"]) if closed else None,
            "conclusion": closed["conclusion"] if closed else None,
        }
        for review, opened, closed in told
    ]


def _happened(view: View, portfolio: UUID, review: Review) -> tuple[list[Answer], list[Answer]]:
    """What was decided in it, and which status updates were given, oldest first.

    Both are about the portfolio, its goals, or what it held when the review began or ended.
    """
    until = review.closed_at + timedelta(microseconds=1) if review.closed_at else None
    wanted = Wanted(portfolio=portfolio, since=review.opened_at, until=until)
    decided, _ = decisions(view, replace(wanted, decisions_only=True), EVERY, newest_first=False)
    reported, _ = facts(view, replace(wanted, fact=StatusReported.fact_name), EVERY, newest_first=False)
    here = {str(portfolio), *map(str, goals_of(view, portfolio))}
    for side in (_at(view, review.opened_at), _at_its_end(view, review)):
        here |= {str(each) for each in members(ever_held(side, portfolio, []), portfolio)}

    def in_it(found: Sequence[Answer]) -> list[Answer]:
        return [fact for fact in found if review.holds(fact) and not here.isdisjoint(_about(fact))]

    return in_it(decided), in_it(reported)


def _item(
    item: Answer,
    portfolio: str,
    names: dict[str, str | None],
    decided: Sequence[Answer],
    reported: Sequence[Answer],
    open_still: set[Matter],
) -> Answer:
    """An item of the agenda and what became of it; what is about no project is touched by what supersedes it."""
    project = item["project"]
    touched = [each["event_id"] for each in decided if _touches(each, item)]
    updates = [each["event_id"] for each in reported if project in _about(each)]
    goal = item.get("goal")
    subject, kind = (project or goal or portfolio), "project" if project else "goal" if goal else "portfolio"
    return {
        "reason": item["reason"],
        "subject": {"id": subject, "kind": kind, "name": names.get(subject)},
        "since": item["since"],
        "fact": item["fact"],
        "decision": item.get("decision"),
        "decisions": touched,
        "status_updates": updates,
        "is_touched": bool(touched or updates),
        "is_settled": _key(item) not in open_still,
    }


def _touches(decision: Answer, item: Answer) -> bool:
    if thing := item["project"] or item.get("goal"):
        return thing in _about(decision)
    return bool(decision["supersedes"] == (item.get("decision") or item["fact"]))


def _about(fact: Answer) -> set[str]:
    return {subject["id"] for subject in fact["subjects"]}


def _key(item: Answer) -> Matter:
    """What stays the same as long as the matter is open: trouble of any colour is one matter, a review date another."""
    reason = item["reason"]
    matter = "trouble" if reason in TROUBLE else str(reason)
    since = item["since"] if reason == Reason.PAST_REVIEW_DATE else None
    return matter, item["project"], since, item.get("goal"), item.get("decision")


def _key_of(row: Row) -> Matter:
    project, goal = (str(each) if each else None for each in (row.component, row.goal))
    decision = row.broken.event_id if row.broken else None
    asked = {"reason": row.reason, "project": project, "since": row.since.isoformat()}
    return _key({**asked, "goal": goal, "decision": decision})


def _at(view: View, moment: datetime) -> View:
    """The same snapshot at a moment within it."""
    return replace(view, bounds=replace(view.bounds, as_of=moment), now=moment)


def _at_its_end(view: View, review: Review) -> View:
    return _at(view, review.closed_at) if review.closed_at else view


def _began_at(view: View, portfolio: UUID, review: UUID) -> str | None:
    """When it began, whatever the bounds; `None` if the portfolio never had such a review."""
    latest = view.table(f"{portfolios.name}_latest").c
    aspect = f"{REVIEW}{review}"
    found = view.connection.scalar(
        select(latest.occurred_at).where(latest.subject == portfolio, latest.aspect == aspect)
    )
    return rfc3339(from_micros(found)) if found is not None else None
