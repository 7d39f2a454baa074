"""The statement that reads dated changes within bounds: the last change of all, else the last one inside."""

from collections.abc import Callable, Sequence, Set
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Dialect, Select, Table, Uuid, and_, bindparam, case, func, select, type_coerce

from projections.bounds import as_table, inside, type_of_one


class KnownId(Uuid[UUID]):
    """Ids that are read again and again: one of them takes longer to make than to look up."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None] | None:
        """Where the driver does not make them itself."""
        return None if dialect.supports_native_uuid else _known_id


@lru_cache(maxsize=65_536)
def _known_id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


@cache
def reading(
    changes: Table, latest: Table, others: Table | None, dialect: str, bounded: Sequence[str], narrowed: Set[str]
) -> Select[Any]:
    """The statement of `DatedChanges.cells`, made once: to put it together takes longer than to run it.

    `others` tell who ever had an aspect, `bounded` are the columns whose ends it takes as parameters, `narrowed` what
    else it takes.
    """
    ends = {name: bindparam(name, type_=BigInteger) for name in bounded}
    within = (
        select(changes.c.cell)
        .where(changes.c.subject == latest.c.subject, changes.c.aspect == latest.c.aspect, *inside(changes, ends))
        .order_by(changes.c.occurred_at.desc(), changes.c.position.desc())
        .limit(1)
        .correlate(latest)
        .scalar_subquery()
    )
    cell = case((and_(*inside(latest, ends)), latest.c.cell), else_=within)
    read = select(func.aggregate_strings(cell, ","))
    if "besides" in narrowed:
        read = read.where(latest.c.aspect.not_in(bindparam("besides", expanding=True)))
    if "aspects" in narrowed:
        read = read.where(latest.c.aspect.in_(bindparam("aspects", expanding=True)))
    if "subjects" in narrowed:
        given = as_table(bindparam("subjects", type_=type_of_one(Uuid(), dialect)), Uuid(), dialect)
        read = read.where(latest.c.subject.in_(select(given.c.value)))
    if others is not None:
        had = others.alias()
        read = read.where(latest.c.subject.in_(select(had.c.subject).where(had.c.aspect == bindparam("ever_with"))))
    return read.add_columns(type_coerce(latest.c.subject, KnownId())).group_by(latest.c.subject)
