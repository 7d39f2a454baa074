"""Rows on their way into the read models: one statement a table, however many rows."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, String, Table, bindparam, cast, column, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from projections.dated import NEWEST_BY, Row

ROWS = "rows"


def add_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Add rows to a read model; one whose key is there stays, unless the table keeps the newest of each key."""
    found = _each_once(table, rows)
    if connection.dialect.name == "postgresql":
        connection.execute(_as_document(table), {ROWS: to_json(found).decode()})
    else:
        connection.execute(_settling(sqlite.insert(table), table), found)


def _each_once(table: Table, rows: Iterable[Row]) -> list[Row]:
    """One row a key, in the order of keys, so that two projectors never wait for each other in a circle."""
    newest_by = table.info.get(NEWEST_BY)
    if newest_by:
        rows = sorted(rows, key=lambda row: [row[name] for name in newest_by])
    keys = [key.name for key in table.primary_key]
    found = {tuple([str(row[key]) for key in keys]): row for row in rows}
    return [found[key] for key in sorted(found)]


@cache
def _as_document(table: Table) -> Any:
    """All rows travel as one JSON document: a parameter for each value would cost more than the insert."""
    types = [column(each.name, each.type) for each in table.columns]
    document = cast(bindparam(ROWS, type_=String), postgresql.JSON)
    given = func.json_to_recordset(document).table_valued(*types).render_derived(name="given", with_types=True)
    names = [each.name for each in table.columns]
    return _settling(postgresql.insert(table).from_select(names, select(*given.c)), table)


def _settling(insert: Any, table: Table) -> Any:
    """The insert, with what becomes of a row whose key is there already."""
    newest_by: Sequence[str] | None = table.info.get(NEWEST_BY)
    if not newest_by:
        return insert.on_conflict_do_nothing()
    is_newer = tuple_(*(insert.excluded[each] for each in newest_by)) > tuple_(*(table.c[each] for each in newest_by))
    values = {each.name: insert.excluded[each.name] for each in table.columns if not each.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=values, where=is_newer)
