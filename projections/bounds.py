"""The three bounds of every read, and the snapshot it reads from."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import ARRAY, ColumnElement, Connection, FromClause, String, Table, column, func, literal, select
from sqlalchemy.types import TypeEngine

from domain.kernel.instants import micros, rfc3339
from domain.kernel.types import DAY_PATTERN, INSTANT_PATTERN
from domain.resources.events import ResourceAdded

PERSON_ADDED = ResourceAdded.fact_name


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a read was asked for; `None` = not bounded.

    `as_of` bounds when facts occurred, `known_at` when they were recorded, `at` their position.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None
    at: int | None = None

    def are_live(self) -> bool:
        """Whether this asks for the present."""
        return self.as_of is None and self.known_at is None and self.at is None


def moment(given: str | None, now: datetime) -> datetime | None:
    """A date as the end of that day in UTC (today means now), or an instant. Raises `ValueError`."""
    if given is None:
        return None
    try:
        if DAY_PATTERN.fullmatch(given):
            day = date.fromisoformat(given)
            found = now if day == now.date() else datetime.combine(day, time.max, UTC)
        elif INSTANT_PATTERN.fullmatch(given):
            found = datetime.fromisoformat(given.upper()).astimezone(UTC)
        else:
            raise ValueError
    except (ValueError, OverflowError):
        raise ValueError("expected a date such as 2026-03-31, or an instant such as 2026-03-31T09:00:00Z") from None
    if found > now:
        raise ValueError(f"{given} is in the future; it is {rfc3339(now)} now")
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller may see: portfolios and components, the people who worked on those, and goals they serve.

    Of `goals` all is seen but what others do for them.
    """

    things: frozenset[UUID]
    people: frozenset[UUID]
    goals: frozenset[UUID] = frozenset()

    def shows(self, fact: str, subjects: Collection[UUID]) -> bool:
        """Whether a fact may be seen: it is about a thing in scope, or adds a person in scope."""
        seen = self.people if fact == PERSON_ADDED else self.things
        return not seen.isdisjoint(subjects)


class Parked(NamedTuple):
    """A fact that the read models miss until it can be applied; instants in µs since 1970."""

    position: int
    stream_id: UUID
    occurred_at: int
    recorded_at: int
    subjects: frozenset[UUID]


def inside(table: FromClause, ends: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """The conditions that keep a row inside these ends of its columns, values or parameters."""
    return [table.c[name] <= end for name, end in ends.items()]


def as_one(values: Collection[Any], dialect: str) -> Any:
    """Values as the one parameter they travel in."""
    if dialect == "postgresql":
        return list(values)
    return to_json([value.hex if isinstance(value, UUID) else value for value in values]).decode()


def type_of_one(kind: TypeEngine[Any], dialect: str) -> TypeEngine[Any]:
    """The type of the one parameter in which values of this kind travel."""
    return ARRAY(kind) if dialect == "postgresql" else String()


def as_table(values: ColumnElement[Any], kind: TypeEngine[Any], dialect: str) -> FromClause:
    """Values that travel in one parameter, as a table with the column `value`."""
    if dialect == "postgresql":
        return func.unnest(values).table_valued(column("value", kind)).render_derived(name="given")
    return func.json_each(values).table_valued(column("value", kind), name="given")


@dataclass(frozen=True, slots=True)
class View:
    """One consistent snapshot of the read models within bounds.

    `position` is up to where it is complete; `now` is the clock of everything that is computed:
    the bound, if there is one. `scope` holds all the caller may see, `None` = everything.
    `person_names` looks up names, which are kept apart from facts.
    """

    connection: Connection
    tables: Mapping[str, Table]
    bounds: Bounds
    position: int
    now: datetime
    person_names: Callable[[Collection[UUID]], dict[UUID, str]]
    scope: Scope | None = None
    parked: tuple[Parked, ...] = ()

    def table(self, name: str) -> Table:
        """A table of the live generation."""
        return self.tables[name]

    @property
    def upto(self) -> int:
        """The position this answers for."""
        return self.position if self.bounds.at is None else min(self.bounds.at, self.position)

    def within(self, table: FromClause) -> list[ColumnElement[bool]]:
        """The conditions that keep a row inside the bounds."""
        return inside(table, self.ends())

    def ends(self) -> dict[str, int]:
        """Up to where a row lies inside the bounds, by its column; instants in µs since 1970."""
        times = {"occurred_at": self.bounds.as_of, "recorded_at": self.bounds.known_at}
        return {"position": self.upto, **{name: micros(at) for name, at in times.items() if at is not None}}

    @property
    def dialect(self) -> str:
        """Which database this reads from."""
        return self.connection.dialect.name

    def given(self, values: Collection[Any], kind: TypeEngine[Any]) -> FromClause:
        """Values as a table with the column `value`; they travel as one parameter, because one each is dear."""
        return as_table(literal(as_one(values, self.dialect), type_of_one(kind, self.dialect)), kind, self.dialect)

    def among(self, wanted: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """That a column has one of these values."""
        return wanted.in_(select(self.given(values, wanted.type).c.value))

    def sees(self, subject: UUID) -> bool:
        """Whether the caller's scope holds the subject."""
        return self.sees_whole(subject) or (
            self.scope is not None and (subject in self.scope.people or subject in self.scope.goals)
        )

    def sees_whole(self, subject: UUID) -> bool:
        """Whether the caller's scope holds the subject with every fact about it."""
        return self.scope is None or subject in self.scope.things

    def shows(self, fact: Mapping[str, Any]) -> bool:
        """Whether the caller may see a fact, as it was stored."""
        return self.scope is None or self.scope.shows(fact["name"], {UUID(each["id"]) for each in fact["subjects"]})

    def incomplete(self, about: Collection[UUID] | None = None) -> list[dict[str, Any]]:
        """The parked facts that an answer about these things (`None` = about everything) misses."""
        return [
            {"stream_id": str(fact.stream_id), "position": fact.position}
            for fact in self.parked
            if self._holds(fact)
            and (about is None or not fact.subjects.isdisjoint(about))
            and any(self.sees(subject) for subject in fact.subjects)
        ]

    def _holds(self, fact: Parked) -> bool:
        as_of, known_at = self.bounds.as_of, self.bounds.known_at
        return (
            fact.position <= self.upto
            and (as_of is None or fact.occurred_at <= micros(as_of))
            and (known_at is None or fact.recorded_at <= micros(known_at))
        )

    def echo(self, about: Collection[UUID] | None = None) -> dict[str, Any]:
        """The members every answer carries; `incomplete` only if it misses parked facts."""
        missed = self.incomplete(about)
        return {
            **({"incomplete": missed} if missed else {}),
            "as_of": rfc3339(self.bounds.as_of) if self.bounds.as_of else None,
            "known_at": rfc3339(self.bounds.known_at) if self.bounds.known_at else None,
            "at": self.bounds.at,
            "position": self.upto,
            "model_version": MODEL_VERSION,
        }


MODEL_VERSION = 12
"""Counts up when the shape or the meaning of any read model changes; then all are rebuilt."""
