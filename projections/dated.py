"""Dated changes: the one shape of a read model that is shown over time.

A change says that one aspect of one subject had a value from `occurred_at` on. Rows are only ever
inserted. The live view and every view of the past are the same question: for each aspect the last
change by (occurred_at, position) within the bounds.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    select,
)

from domain.kernel.event import Event, Recorded
from domain.kernel.instants import from_micros, micros, rfc3339
from projections.bounds import View, as_one
from projections.latest import reading

E = TypeVar("E", bound=Event)
T = TypeVar("T")
Row = dict[str, Any]
CODE = String().with_variant(String(collation="C"), "postgresql")
"""Text that nobody reads: by code point in any database, for the order of a language is dear to compare."""
KEPT, LONGEST = 8_192, 8_192
"""Of how many texts what was made is kept, and of how many characters they may be at most for that."""
NEWEST_BY = "newest by"
"""In the info of a table that keeps one row a key: the columns that tell which of two rows is newer."""


class Change(NamedTuple):
    """One aspect of one subject has a new value, any JSON."""

    subject: UUID
    aspect: str
    value: Any


class Dated(NamedTuple):
    """A change with when it occurred, in µs since 1970."""

    subject: UUID
    aspect: str
    value: Any
    occurred_at: int


Cell = list[Any]
"""The value of an aspect within the bounds, when it occurred, and the position of the fact that set it.

A list as it comes from JSON: an object for each of the tens of thousands in a list would be dear.
"""
Cells = dict[UUID, Mapping[str, Cell]]
Handler = Callable[[Any, Recorded], Iterable[Change]]


class Kept(Generic[T]):
    """What a function makes of a text, kept if that is short. Nobody may change what it gives."""

    def __init__(self, make: Callable[[str], T]) -> None:
        self._make = make
        self._made = lru_cache(maxsize=KEPT)(make)
        self.forget = self._made.cache_clear

    def __call__(self, text: str) -> T:
        """What is made of the text."""
        return self._made(text) if len(text) <= LONGEST else self._make(text)


class Derived(Generic[T]):
    """What a function makes of the cells of a subject. Nobody may change those, nor what is made of them.

    Live reads come to the same cells again and again, so what is made is kept under their text.
    """

    def __init__(self, make: Callable[[Mapping[str, Cell]], T]) -> None:
        self._make = make
        self.kept = Kept(self.new)

    def new(self, members: str) -> T:
        """What is made of cells as they travel: the members of a JSON object."""
        return self._make(from_json(f"{{{members}}}"))


AS_TOLD = Derived[Mapping[str, Cell]](lambda cells: cells)
"""The cells themselves."""


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
        """The tables of one generation: the changes, and the last one of each aspect of each subject."""
        changes = Table(
            f"{self.name}{suffix}",
            metadata,
            Column("subject", Uuid, primary_key=True),
            Column("aspect", CODE, primary_key=True),
            *_moment(primary_key=True),
            sqlite_with_rowid=False,
        )
        latest = Table(
            f"{self.name}_latest{suffix}",
            metadata,
            Column("subject", Uuid, primary_key=True),
            Column("aspect", CODE, primary_key=True),
            *_moment(primary_key=False),
            Index(f"{self.name}_latest{suffix}_by_aspect", "aspect", "subject"),
            sqlite_with_rowid=False,
            info={NEWEST_BY: ("occurred_at", "position")},
        )
        return changes, latest

    def rows(self, fact: Recorded, *_: object) -> Iterable[tuple[str, Row]]:
        """The rows a fact adds, each with the name of its table."""
        occurred_at, recorded_at = micros(fact.occurred_at), micros(fact.recorded_at)
        for change in self._changes(fact):
            row = {
                "subject": change.subject,
                "aspect": change.aspect,
                "occurred_at": occurred_at,
                "position": fact.position,
                "recorded_at": recorded_at,
                "cell": _member(change.aspect, [change.value, occurred_at, fact.position]),
            }
            yield self.name, row
            yield f"{self.name}_latest", row

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
        ever_with: "Having | None" = None,
    ) -> Cells:
        """For each subject and aspect the last change within the bounds; absent if there is none.

        What narrows it is told of `derived`.
        """
        return self.derived(view, AS_TOLD, subjects, aspects, besides, ever_with)

    def derived(
        self,
        view: View,
        made: Derived[T],
        subjects: Sequence[UUID] | None = None,
        aspects: Sequence[str] | None = None,
        besides: Collection[str] = (),
        ever_with: "Having | None" = None,
    ) -> dict[UUID, T]:
        """What is made of the cells of each subject: for each aspect the last change within the bounds.

        `subjects` and `aspects` narrow what is read, `besides` leaves aspects out, `ever_with` leaves out whoever
        never had an aspect in a read model, whatever the bounds. The last change of all is at hand; only where it
        lies outside the bounds one index look-up finds the one inside. The cells of a subject travel as one JSON
        object, because rows are dear.
        """
        if subjects is not None and not subjects:
            return {}
        ends = view.ends()
        given = {"subjects": subjects, "aspects": aspects, "besides": besides or None}
        narrowed: dict[str, Any] = {name: list(those) for name, those in given.items() if those is not None}
        tables = view.table(self.name), view.table(f"{self.name}_latest")
        others = view.table(f"{ever_with.model.name}_latest") if ever_with else None
        statement = reading(*tables, others, view.dialect, tuple(ends), frozenset(narrowed))
        if ever_with:
            narrowed["ever_with"] = ever_with.aspect
        if subjects is not None:
            narrowed["subjects"] = as_one(subjects, view.dialect)
        rows = view.connection.execute(statement, {**ends, **narrowed}).all()
        make = made.kept if view.bounds.are_live() else made.new
        return {subject: make(members) for members, subject in rows if members}

    def changes(self, view: View, subjects: Sequence[UUID], aspects: Sequence[str]) -> Iterator[Dated]:
        """Every change of these aspects of these subjects within the bounds, in its order."""
        table = view.table(self.name)
        own = table.c
        statement = select(own.subject, own.aspect, own.occurred_at, own.cell).where(
            view.among(own.subject, subjects), own.aspect.in_(aspects), *view.within(table)
        )
        for subject, aspect, at, cell in view.connection.execute(statement.order_by(own.occurred_at, own.position)):
            yield Dated(subject, aspect, from_json(f"{{{cell}}}")[aspect][0], at)

    def behind(
        self, view: View, since: int, subjects: Sequence[UUID], aspects: Sequence[str] | None = None
    ) -> Iterator[tuple[int, UUID, str, Cell]]:
        """Every change of these subjects behind a position within the bounds, in commit order."""
        table = view.table(self.name)
        own = table.c
        statement = select(own.position, own.subject, own.aspect, own.cell).where(
            view.among(own.subject, subjects), own.position > since, *view.within(table)
        )
        if aspects is not None:
            statement = statement.where(own.aspect.in_(aspects))
        for position, subject, aspect, cell in view.connection.execute(statement.order_by(own.position)):
            yield position, subject, aspect, from_json(f"{{{cell}}}")[aspect]

    def every_aspect(self, view: View) -> list[str]:
        """Every aspect that anything ever had, whatever the bounds."""
        latest = view.table(f"{self.name}_latest").c
        return sorted(view.connection.scalars(select(latest.aspect).distinct()))

    def subjects(self, view: View, aspect: str) -> list[UUID]:
        """Everything that ever had this aspect, whatever the bounds."""
        latest = view.table(f"{self.name}_latest").c
        return sorted(view.connection.scalars(select(latest.subject).where(latest.aspect == aspect)))

    def aspects(self, view: View, subject: UUID, prefixes: tuple[str, ...]) -> list[str]:
        """Every aspect with one of these beginnings that the subject ever had, whatever the bounds."""
        latest = view.table(f"{self.name}_latest").c
        every = view.connection.scalars(select(latest.aspect).where(latest.subject == subject))
        return sorted(aspect for aspect in every if aspect.startswith(prefixes))


class Having(NamedTuple):
    """Whatever ever had an aspect in a read model."""

    model: DatedChanges
    aspect: str


def _member(name: str, value: Any) -> str:
    """A member of a JSON object."""
    return f"{to_json(name).decode()}:{to_json(value).decode()}"


def _moment(*, primary_key: bool) -> tuple[Column[Any], ...]:
    """When a change occurred, where it stands in the log, when it was recorded, and the change as JSON.

    All that bounds compare is part of the key of the changes, so that its index alone tells what lies inside.
    """
    return (
        Column("occurred_at", BigInteger, primary_key=primary_key, autoincrement=False),
        Column("position", BigInteger, primary_key=primary_key, autoincrement=False),
        Column("recorded_at", BigInteger, primary_key=primary_key, autoincrement=False, nullable=False),
        Column("cell", Text, nullable=False),
    )


def value_of(cells: Mapping[str, Cell], aspect: str) -> Any:
    """The value of an aspect, `None` if it has none."""
    cell = cells.get(aspect)
    return cell[0] if cell else None


def occurred_at(cells: Mapping[str, Cell], aspect: str) -> int:
    """When an aspect that is there got its value, in µs since 1970."""
    return int(cells[aspect][1])


def instant_of(cells: Mapping[str, Cell], aspect: str) -> str:
    """When an aspect that is there got its value, as text."""
    return rfc3339(from_micros(occurred_at(cells, aspect)))


def set_by(cells: Mapping[str, Cell], aspect: str) -> int:
    """The position of the fact that gave an aspect that is there its value."""
    return int(cells[aspect][2])
