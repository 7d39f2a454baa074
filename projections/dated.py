"""Dated changes: the one shape of a read model that is shown over time.

A change says that one aspect of one subject had a value from `occurred_at` on. Rows are only ever
inserted. The live view and every view of the past are the same question: for each aspect the last
change by (occurred_at, position) within the bounds.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Text, Uuid, cast, select

from domain.kernel.event import Event, Recorded
from domain.kernel.instants import micros
from projections.bounds import View

E = TypeVar("E", bound=Event)
Row = dict[str, Any]


class Change(NamedTuple):
    """One aspect of one subject has a new value, any JSON."""

    subject: UUID
    aspect: str
    value: Any


class Cell(NamedTuple):
    """The value of an aspect within the bounds, and the fact that set it."""

    value: Any
    occurred_at: int
    position: int


Cells = dict[UUID, dict[str, Cell]]
Handler = Callable[[Any, Recorded], Iterable[Change]]


class DatedChanges:
    """A read model kept as dated changes: its table, and one function a fact."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: dict[type[Event], Handler] = {}

    def on(self, *facts: type[Event]) -> Callable[[Callable[[E, Recorded], Iterable[Change]]], Handler]:
        """Let a function tell the changes that a fact (or any fact of a base class) makes."""

        def register(handler: Callable[[E, Recorded], Iterable[Change]]) -> Handler:
            for fact in facts:
                self._handlers[fact] = handler
            return handler

        return register

    def tables(self, metadata: MetaData, suffix: str) -> tuple[Table, ...]:
        """The tables of one generation: the changes, and which aspects each subject ever had."""
        changes = Table(
            f"{self.name}{suffix}",
            metadata,
            Column("subject", Uuid, primary_key=True),
            Column("aspect", String, primary_key=True),
            Column("occurred_at", BigInteger, primary_key=True, autoincrement=False),
            Column("position", BigInteger, primary_key=True, autoincrement=False),
            Column("recorded_at", BigInteger, nullable=False),
            Column("value", Text, nullable=False),
            sqlite_with_rowid=False,
        )
        aspects = Table(
            f"{self.name}_aspects{suffix}",
            metadata,
            Column("aspect", String, primary_key=True),
            Column("subject", Uuid, primary_key=True),
            Index(f"{self.name}_aspects{suffix}_by_subject", "subject"),
            sqlite_with_rowid=False,
        )
        return changes, aspects

    def rows(self, fact: Recorded, *_: object) -> Iterable[tuple[str, Row]]:
        """The rows a fact adds, each with the name of its table."""
        for change in self._changes(fact):
            key = {"subject": change.subject, "aspect": change.aspect}
            yield f"{self.name}_aspects", key
            yield (
                self.name,
                {
                    **key,
                    "position": fact.position,
                    "occurred_at": micros(fact.occurred_at),
                    "recorded_at": micros(fact.recorded_at),
                    "value": to_json(change.value).decode(),
                },
            )

    def _changes(self, fact: Recorded) -> Iterable[Change]:
        for base in type(fact.event).__mro__:
            handler = self._handlers.get(base)
            if handler:
                yield from handler(fact.event, fact)

    def cells(
        self,
        view: View,
        subjects: Sequence[UUID] | None = None,
        aspects: Sequence[str] | None = None,
        besides: Collection[str] = (),
    ) -> Cells:
        """For each subject and aspect the last change within the bounds; absent if there is none.

        `subjects` and `aspects` narrow what is read, `besides` leaves aspects out.
        The whole cell travels as one text, so that one index look-up an aspect is all it costs.
        """
        keys, changes = view.table(f"{self.name}_aspects"), view.table(self.name)
        cell = cast(changes.c.occurred_at, String) + ":" + cast(changes.c.position, String) + ":" + changes.c.value
        latest = (
            select(cell)
            .where(changes.c.subject == keys.c.subject, changes.c.aspect == keys.c.aspect, *view.within(changes))
            .order_by(changes.c.occurred_at.desc(), changes.c.position.desc())
            .limit(1)
            .correlate(keys)
            .scalar_subquery()
        )
        statement = select(keys.c.subject, keys.c.aspect, latest)
        if subjects is not None:
            statement = statement.where(keys.c.subject.in_(subjects))
        if besides:
            statement = statement.where(keys.c.aspect.not_in(besides))
        if aspects is not None:
            statement = statement.where(keys.c.aspect.in_(aspects))
        found: Cells = {}
        for subject, aspect, text in view.connection.execute(statement):
            if text is not None:
                occurred_at, position, value = text.split(":", 2)
                found.setdefault(subject, {})[aspect] = Cell(from_json(value), int(occurred_at), int(position))
        return found


def value_of(cells: Mapping[str, Cell], aspect: str) -> Any:
    """The value of an aspect, `None` if it has none."""
    cell = cells.get(aspect)
    return cell.value if cell else None
