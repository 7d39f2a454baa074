"""What each fact changed: the value before it, and after it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import select

from projections.bounds import View
from projections.dated import DatedChanges
from projections.journal import Wanted, facts
from projections.models import MODELS
from projections.paging import Answer, Page

BOARDS = tuple(model for model in MODELS if isinstance(model, DatedChanges))
KEPT = ("booking:", "capacity:", "proposal:", "fate:", "request:", "answer:", "version:", "handed_in", "baseline:")
UNTOLD = ("decision", "order:", "review:", "closed:", *KEPT)
"""Aspects that are no values of their own: that there was a decision, order keys, shares and calendars kept to be
summed, and what was proposed, asked for, handed in or reviewed, which is in the fact itself.
"""
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
            told = {"from": _value(before, aspect), "to": _value(after, aspect)}
            if not aspect.startswith(UNTOLD) and told["from"] != told["to"]:
                change = {"subject": str(subject), "aspect": aspect.removeprefix(ATTRIBUTE), **told}
                changed.setdefault(position, []).append(change)
    return {
        position: sorted(each, key=lambda change: (change["subject"], change["aspect"]))
        for position, each in changed.items()
    }


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
