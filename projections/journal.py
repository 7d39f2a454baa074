"""The decision journal: who decided what, when, and why. And the whole trail, for audit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Row, Select, Table, Uuid, and_, case, false, func, null, or_, select

from domain.choosing.scenario_events import ScenarioCreated
from domain.kernel.instants import from_micros, micros, rfc3339
from domain.strategy.events import GoalCreated
from projections.bounds import PERSON_ADDED, View
from projections.dated import Kept
from projections.names import matching, names_of
from projections.paging import Answer, Page
from projections.questions import understood
from projections.trail import NAME

BEGUN = (GoalCreated.fact_name, ScenarioCreated.fact_name)
"""What begins something that belongs to a portfolio for ever."""
Names = Mapping[str, str | None]
"""Names by id, as text."""
NONE_KNOWN: Names = MappingProxyType({})
Told = Row[int, str, UUID | None]
"""Position and document of a fact, and the last fact that supersedes it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the trail are asked for; `None` = any."""

    subject: UUID | None = None
    portfolio: UUID | None = None
    fact: str | None = None
    code: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str | None = None
    review_before: date | None = None
    decisions_only: bool = False
    with_premises: bool = False


def decisions(view: View, wanted: Wanted, page: Page, *, newest_first: bool = True) -> tuple[list[Answer], bool]:
    """Decisions within the bounds, by (occurred_at, position)."""
    rows, more = stored(view, wanted, page, newest_first=newest_first)
    return _as_decisions(view, rows), more


def facts(view: View, wanted: Wanted, page: Page, *, newest_first: bool = True) -> tuple[list[Answer], bool]:
    """Every fact within the bounds, as the feed gives it."""
    rows, more = stored(view, wanted, page, newest_first=newest_first)
    return [{"position": position, **from_json(document)} for position, document, _ in rows], more


def stored(view: View, wanted: Wanted, page: Page, *, newest_first: bool) -> tuple[Sequence[Told], bool]:
    """Facts within the bounds as they were stored, one page, each with what superseded it."""
    trail = view.table(NAME)
    statement = _told(view).where(*view.within(trail), *_conditions(view, wanted))
    order = (trail.c.occurred_at, trail.c.position)
    statement = statement.order_by(*(column.desc() if newest_first else column for column in order))
    rows = view.connection.execute(statement.offset(page.offset).limit(page.limit + 1)).all()
    return rows[: page.limit], len(rows) > page.limit


def decisions_and(view: View, wanted: Wanted, besides: Collection[str]) -> list[tuple[int, bool]]:
    """The position of each decision, and of each fact with one of these names, oldest first; whether it is one."""
    trail = view.table(NAME)
    is_decision = trail.c.code.is_not(None)
    statement = select(trail.c.position, is_decision).where(
        *view.within(trail), *_conditions(view, wanted), or_(is_decision, trail.c.name.in_(besides))
    )
    rows = view.connection.execute(statement.order_by(trail.c.occurred_at, trail.c.position))
    return [(position, bool(decided)) for position, decided in rows]


def decisions_at(
    view: View, positions: Collection[int], known: Names = NONE_KNOWN, only: Sequence[str] = ()
) -> dict[int, Answer]:
    """The decisions at these positions, `only` those called so if given; `known` are names that were read before."""
    if not positions:
        return {}
    trail = view.table(NAME)
    wanted = [view.among(trail.c.position, positions), trail.c.ordinal == 0]
    if only:
        wanted.append(trail.c.name.in_(only))
    rows = view.connection.execute(_told(view).where(*wanted)).all()
    return {answer["position"]: answer for answer in _as_decisions(view, rows, known)}


def facts_at(view: View, positions: Collection[int]) -> dict[int, Answer]:
    """The facts at these positions, as the feed gives them."""
    trail = view.table(NAME)
    own = select(trail.c.position, trail.c.document).where(trail.c.ordinal == 0)
    rows = view.connection.execute(own.where(view.among(trail.c.position, positions)))
    return {position: {"position": position, **from_json(document)} for position, document in rows}


def first_fact_at(view: View, subject: UUID | None = None) -> str | None:
    """The earliest moment at which the bounds would have let in a fact (about a subject); `None` if there is none.

    It is told on the clock that keeps the facts out: when one was recorded, if only `known_at` is before that,
    else when one occurred.
    """
    trail = view.table(NAME)
    late = _late(view, trail)
    own: list[ColumnElement[bool]] = []
    if subject:
        own = [trail.c.subject == subject]
    elif view.scope is not None:
        own = [trail.c.subject.in_(view.scope.things)]
    first, first_late = view.connection.execute(select(func.min(trail.c.occurred_at), func.min(late)).where(*own)).one()
    found = first_late if first_late is not None else first
    return rfc3339(from_micros(found)) if found is not None else None


def _late(view: View, trail: Table) -> ColumnElement[Any]:
    """The moment from which a fact lies inside both bounds of time; `NULL` if it does already."""
    occurred, recorded = trail.c.occurred_at, trail.c.recorded_at
    as_of, known_at = view.bounds.as_of, view.bounds.known_at
    is_ahead = occurred > micros(as_of) if as_of else false()
    is_unknown = recorded > micros(known_at) if known_at else false()
    return case(
        (and_(is_ahead, is_unknown), case((occurred > recorded, occurred), else_=recorded)),
        (is_ahead, occurred),
        (is_unknown, recorded),
        else_=null(),
    )


def nothing_yet(view: View, subject: UUID | None = None) -> str | None:
    """When the first fact (about a subject) occurred, if none lies within the bounds; else `None`."""
    trail = view.table(NAME)
    statement = select(trail.c.position).where(*view.within(trail)).limit(1)
    if subject:
        statement = statement.where(trail.c.subject == subject)
    elif view.scope is not None:
        statement = statement.where(trail.c.subject.in_(view.scope.things))
    return None if view.connection.scalar(statement) else first_fact_at(view, subject)


def is_known(view: View, subject: UUID, kind_tables: Sequence[str]) -> bool:
    """Whether any fact ever named the subject as owner of a stream of the kind, whatever the bounds."""
    for name in kind_tables:
        table = view.table(name)
        if view.connection.scalar(select(table.c.subject).where(table.c.subject == subject).limit(1)):
            return True
    return False


def versions(view: View, streams: Sequence[UUID]) -> dict[UUID, int]:
    """How many facts each stream has within the bounds."""
    trail, given = view.table(NAME), view.given(streams, Uuid())
    latest = (
        select(trail.c.version)
        .where(trail.c.stream_id == given.c.value, *view.within(trail))
        .order_by(trail.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return {row[0]: row[1] for row in view.connection.execute(select(given.c.value, latest)) if row[1]}


def _told(view: View) -> Select[int, str, Any]:
    """Position and document of facts, each with the last fact within the bounds that supersedes it."""
    trail, later = view.table(NAME), view.table(NAME).alias()
    superseded_by = (
        select(later.c.event_id)
        .where(later.c.supersedes == trail.c.event_id, *view.within(later))
        .order_by(later.c.position.desc())
        .limit(1)
        .correlate(trail)
        .scalar_subquery()
    )
    return select(trail.c.position, trail.c.document, superseded_by)


def _conditions(view: View, wanted: Wanted) -> list[ColumnElement[bool]]:
    trail = view.table(NAME)
    found: list[ColumnElement[bool]] = [trail.c.subject == wanted.subject if wanted.subject else trail.c.ordinal == 0]
    if wanted.decisions_only:
        found.append(trail.c.code.is_not(None))
    if wanted.with_premises:
        found.append(trail.c.premises.is_not(None))
    if wanted.fact:
        found.append(or_(trail.c.name == wanted.fact, trail.c.name.like(f"%.{_plain(wanted.fact)}.v%", escape="/")))
    if wanted.code:
        found.append(trail.c.code == wanted.code)
    if wanted.review_before:
        found.append(trail.c.review_on < wanted.review_before.isoformat())
    if wanted.actor:
        found.append(trail.c.actor == wanted.actor)
    words, since, until = understood(wanted.q, view.now) if wanted.q else ([], None, None)
    for bound in (wanted.since, since):
        if bound:
            found.append(trail.c.occurred_at >= micros(bound))
    for bound in (wanted.until, until):
        if bound:
            found.append(trail.c.occurred_at < micros(bound))
    if wanted.portfolio:
        found.append(_about_held(view, wanted.portfolio))
    if view.scope is not None:
        added = and_(trail.c.name == PERSON_ADDED, trail.c.subject.in_(view.scope.people))
        found.append(or_(_about_any(view, view.scope.things), added))
    for word in words:
        found.append(or_(trail.c.search.contains(word, autoescape=True), _about_any(view, matching(view, word))))
    return found


def _plain(fact: str) -> str:
    return fact.replace("/", "//").replace("%", "/%").replace("_", "/_").replace("-", "/_")


def _about_held(view: View, portfolio: UUID) -> ColumnElement[bool]:
    """About the portfolio, or about anything it held, wanted to reach or thought about within the bounds."""
    trail, other, own = view.table(NAME), view.table(NAME).alias(), view.table(NAME).alias()
    held = select(own.c.subject).where(own.c.stream_id == portfolio, *view.within(own))
    wanted = select(own.c.stream_id).where(own.c.subject == portfolio, own.c.name.in_(BEGUN), *view.within(own))
    return trail.c.position.in_(select(other.c.position).where(other.c.subject.in_(held.union(wanted))))


def _about_any(view: View, subjects: Collection[UUID]) -> ColumnElement[bool]:
    trail, other = view.table(NAME), view.table(NAME).alias()
    return trail.c.position.in_(select(other.c.position).where(other.c.subject.in_(subjects)))


def _as_decisions(view: View, rows: Iterable[Told], known: Names = NONE_KNOWN) -> list[Answer]:
    told = [(position, document_of(text), superseded_by) for position, text, superseded_by in rows]
    subjects = {subject["id"] for _, document, _ in told for subject in document["subjects"]}
    read = names_of(view, [UUID(subject) for subject in subjects - known.keys()])
    names = {**known, **{str(subject): name for subject, name in read.items()}}
    actors = actor_names(view, {document["actor"] for _, document, _ in told})
    return [_decision(*each, names, actors) for each in told]


def _decision(
    position: int,
    document: Mapping[str, Any],
    superseded_by: UUID | None,
    names: Names,
    actors: dict[str, str],
) -> Answer:
    why = document["rationale"]
    return {
        "event_id": document["event_id"],
        "fact": document["name"],
        "stream_id": document["stream_id"],
        "subjects": [{**subject, "name": names.get(subject["id"])} for subject in document["subjects"]],
        "code": why["code"],
        "text": why["text"],
        "alternatives": why["alternatives"],
        "evidence": why["evidence"],
        "premises": why.get("premises", []),
        "actor": document["actor"],
        "actor_name": actors.get(document["actor"]),
        "role": document["role"],
        "occurred_at": document["occurred_at"],
        "recorded_at": document["recorded_at"],
        "stored_at": document["stored_at"],
        "position": position,
        "inputs_position": document["inputs_position"],
        "review_on": why["review_on"],
        "supersedes": why["supersedes"],
        "superseded_by": str(superseded_by) if superseded_by else None,
        "data": document["data"],
    }


@Kept
def document_of(text: str) -> Mapping[str, Any]:
    """A fact as the feed gives it: the latest decisions are told again and again."""
    document: Mapping[str, Any] = from_json(text)
    return document


def actor_names(view: View, actors: Collection[str]) -> dict[str, str]:
    """The names of those actors who are persons and still have one."""
    people = {}
    for actor in actors:
        try:
            people[UUID(actor)] = actor
        except ValueError:
            continue
    return {people[person]: name for person, name in view.person_names(people.keys()).items()}
