"""What each fact changed: the value before it, and after it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import select

from domain.portfolio.events import ProjectDeprioritized, ProjectReprioritized
from domain.project.events import ForcedIn, LimitOverridden
from projections.bounds import View
from projections.dated import DatedChanges
from projections.journal import Wanted, facts
from projections.models import MODELS
from projections.number_board import numbers
from projections.paging import Answer, Page
from projections.proposers import proposers
from projections.time_changes import changes_of_time

TOLD_BY_OTHERS = (numbers, proposers)
"""What is in other boards, or in the facts themselves, and is kept once more to be found."""
BOARDS = tuple(model for model in MODELS if isinstance(model, DatedChanges) and model not in TOLD_BY_OTHERS)
UNTOLD = (
    "decision",
    "reported",
    "booking:",
    "capacity:",
    "version:",
    "handed_in",
    "baseline:",
    "round",
    "policy_model:",
)
"""Aspects that are no values of their own: that there was a decision, what is kept to be summed or folded, and what
was handed in, which is in the fact itself. The model of a policy is told with the policy.
"""
OPENED = (("proposal:", "fate:"), ("request:", "answer:"), ("review:", "closed:"))
"""What is open from one fact until another settles it: the aspects of both. Its status is what they change."""
OPEN, CLOSED = "open", "closed"
RANKED = (ProjectReprioritized.fact_name, ProjectDeprioritized.fact_name)
ATTRIBUTE = "attribute:"
PORTION = 1000


def audited(view: View, wanted: Wanted, page: Page) -> tuple[list[Answer], bool]:
    """Facts newest first, one page, each with its `changes`."""
    found, more = facts(view, wanted, page)
    changed = _changes(view, found)
    return [{**fact, "changes": changed.get(fact["position"], [])} for fact in found], more


def every_audited(view: View, wanted: Wanted) -> Iterator[Answer]:
    """The same without pages, read in portions."""
    offset, more = 0, True
    while more:
        found, more = audited(view, wanted, Page(PORTION, offset))
        yield from found
        offset += len(found)


def _changes(view: View, found: Sequence[Answer]) -> dict[int, list[Answer]]:
    """By position what a fact changed: `from` is what the log before it said for the time at which it occurred."""
    positions = [fact["position"] for fact in found]
    subjects = list({UUID(subject["id"]) for fact in found for subject in fact["subjects"]})
    changed: dict[int, list[Answer]] = {}
    for board in BOARDS if found else ():
        for position, subject, aspect, after, before in _rows(view, board, subjects, positions):
            if not aspect.startswith(UNTOLD):
                change = _change(aspect, _value(before, aspect), _value(after, aspect))
                changed.setdefault(position, []).append({"subject": str(subject), **change})
    for position, change in (*_said(found), *changes_of_time(view, found)):
        changed.setdefault(position, []).append(change)
    return {position: sorted(filter(_differs, each), key=_place) for position, each in changed.items()}


def _change(aspect: str, before: Any, after: Any) -> Answer:
    for opening, settling in OPENED:
        if aspect.startswith(opening):
            return {"aspect": aspect, "from": None, "to": OPEN}
        if aspect.startswith(settling):
            was = before.get("status", CLOSED) if before else OPEN
            return {"aspect": opening + aspect.removeprefix(settling), "from": was, "to": after.get("status", CLOSED)}
    return {"aspect": aspect.removeprefix(ATTRIBUTE), "from": before, "to": after}


def _said(found: Sequence[Answer]) -> Iterator[tuple[int, Answer]]:
    """By position what a fact itself says was before: a rank, how many were in a state that was full, and what a
    budget that does not reach was committed to.
    """
    for fact in found:
        data = fact["data"]
        if fact["name"] in RANKED:
            rank = {"from": data["from_rank"], "to": data["to_rank"]}
            yield fact["position"], {"subject": data["component"], "aspect": f"rank:{fact['stream_id']}", **rank}
        elif fact["name"] == LimitOverridden.fact_name:
            number = {"from": data["number"], "to": data["number"] + 1}
            yield fact["position"], {"subject": data["portfolio"], "aspect": f"number_of:{data['state']}", **number}
        elif fact["name"] == ForcedIn.fact_name:
            before, cost = data["committed"], Decimal(data["cost"]["amount"])
            after = {**before, "amount": str(Decimal(before["amount"]) + cost)}
            yield fact["position"], {"subject": data["portfolio"], "aspect": "committed", "from": before, "to": after}


def _differs(change: Answer) -> bool:
    return bool(change["from"] != change["to"])


def _place(change: Answer) -> tuple[str, str]:
    return change["subject"], change["aspect"]


def _rows(view: View, board: DatedChanges, subjects: Sequence[UUID], positions: Sequence[int]) -> Any:
    changes, earlier = view.table(board.name), view.table(board.name).alias()
    before = (
        select(earlier.c.cell)
        .where(
            earlier.c.subject == changes.c.subject,
            earlier.c.aspect == changes.c.aspect,
            earlier.c.occurred_at <= changes.c.occurred_at,
            earlier.c.position < changes.c.position,
            *view.within(earlier),
        )
        .order_by(earlier.c.occurred_at.desc(), earlier.c.position.desc())
        .limit(1)
        .correlate(changes)
        .scalar_subquery()
    )
    own = changes.c
    statement = select(own.position, own.subject, own.aspect, own.cell, before)
    return view.connection.execute(
        statement.where(view.among(own.subject, subjects), view.among(own.position, positions))
    )


def _value(cell: str | None, aspect: str) -> Any:
    return from_json(f"{{{cell}}}")[aspect][0] if cell else None
