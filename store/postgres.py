"""The event store on PostgreSQL: the library's recorder, with our rows in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import unwrap
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import InterfaceError, InternalError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg_pool import PoolTimeout
from sqlalchemy.engine import make_url

from domain.kernel.refusal import Busy
from store.group import FactRecorder, IndexRow, ReceiptRow, StoredReceipt

LOCK_TIMEOUT_SECONDS = 2
CONNECTIONS = 10
RECONNECT_SECONDS = 5.0
"""How long the pool tries with growing pauses to connect again, before it waits to be asked."""
Rows = Sequence[Sequence[Any]]


class PostgresFactRecorder(PostgresApplicationRecorder, FactRecorder):
    """The table lock is taken before a position is given out, so that positions are commit order.

    The library's database functions stay off: theirs takes no lock, and readers would miss facts.
    """

    # the library tries ten times, each for as long as the pool waits; who asks is told after one, and asks again
    select_events = unwrap(PostgresApplicationRecorder.select_events)
    select_notifications = unwrap(PostgresApplicationRecorder.select_notifications)
    max_notification_id = unwrap(PostgresApplicationRecorder.max_notification_id)

    def __init__(self, url: str) -> None:
        parts = make_url(url)
        super().__init__(
            PostgresDatastore(
                dbname=parts.database or "",
                host=parts.host or "",
                port=parts.port or 5432,
                user=parts.username or "",
                password=parts.password or "",
                pool_size=1,
                max_overflow=CONNECTIONS,
                lock_timeout=LOCK_TIMEOUT_SECONDS,
                enable_db_functions=False,
                pre_ping=True,
            )
        )
        # what else the URL says, such as sslmode, holds for facts too
        assert isinstance(self.datastore.pool.kwargs, dict)
        self.datastore.pool.kwargs.update(parts.query)
        # the pauses double: after an outage of minutes the library's own five minutes would add another one
        self.datastore.pool.reconnect_timeout = RECONNECT_SECONDS

    @contextmanager
    def locked(self) -> Iterator["PostgresLocked"]:
        """A transaction that holds the append lock; rolled back on any error."""
        try:
            with self.datastore.transaction(commit=True) as cursor:
                self._lock_table(cursor)
                yield PostgresLocked(cursor)
        except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
            raise Busy("the store cannot record now; nothing was recorded, try again") from error

    def close(self) -> None:
        """Give the connections back."""
        self.datastore.close()


class PostgresLocked:
    """What one locked transaction reads and writes; one round trip each."""

    def __init__(self, cursor: psycopg.Cursor[dict[str, Any]]) -> None:
        self._cursor = cursor

    def receipts(self, keys: Sequence[str]) -> dict[str, StoredReceipt]:
        """The receipts stored under any of the keys."""
        self._cursor.execute("SELECT * FROM receipts WHERE key = ANY(%s)", [list(keys)])
        return {row.pop("key"): StoredReceipt(**row) for row in self._cursor.fetchall()}

    def versions(self, streams: Iterable[UUID]) -> dict[UUID, int]:
        """The version of each stream that exists."""
        self._cursor.execute(
            "SELECT originator_id, MAX(originator_version) AS version FROM stored_events "
            "WHERE originator_id = ANY(%s) GROUP BY originator_id",
            [list(streams)],
        )
        return {row["originator_id"]: row["version"] for row in self._cursor.fetchall()}

    def latest_about(self, subjects: Iterable[UUID]) -> dict[UUID, int]:
        """The position of the newest fact about each subject that any fact is about."""
        self._cursor.execute(
            "SELECT subject_id, MAX(position) AS position FROM fact_subjects "
            "WHERE subject_id = ANY(%s) GROUP BY subject_id",
            [list(subjects)],
        )
        return {row["subject_id"]: row["position"] for row in self._cursor.fetchall()}

    def head(self) -> int:
        """The newest position, 0 if there is none."""
        self._cursor.execute("SELECT MAX(notification_id) AS head FROM stored_events")
        row = self._cursor.fetchone()
        return row["head"] or 0 if row else 0

    def insert_events(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Insert facts; returns their positions."""
        columns = ("uuid", "bigint", "text", "bytea")
        rows = [(event.originator_id, event.originator_version, event.topic, event.state) for event in events]
        into = "stored_events (originator_id, originator_version, topic, state)"
        self._insert(into, columns, rows, " RETURNING notification_id")
        return [row["notification_id"] for row in self._cursor.fetchall()]

    def insert_index(self, rows: Sequence[IndexRow]) -> None:
        """Insert what can be asked of each fact without reading it."""
        columns = ("bigint", "uuid", "uuid", "text", "bigint", "bigint", "bigint", "bigint", "text", "int", "text")
        self._insert("fact_index", columns, rows)

    def insert_subjects(self, rows: Sequence[tuple[UUID, int]]) -> None:
        """Insert what each fact is about."""
        self._insert("fact_subjects", ("uuid", "bigint"), rows)

    def insert_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """Insert the receipt of each command, under its key; an expired one is replaced."""
        columns = ("text", "text", "uuid", "bigint", "bigint", "bigint")
        replacing = (
            " ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, stream_id = excluded.stream_id, "
            "version = excluded.version, position = excluded.position, stored_at = excluded.stored_at"
        )
        self._insert("receipts", columns, rows, replacing)

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Insert names of persons, beside the facts."""
        self._insert("people (id, name)", ("uuid", "text"), list(names.items()), " ON CONFLICT (id) DO NOTHING")

    def _insert(self, into: str, types: Sequence[str], rows: Rows, ending: str = "") -> None:
        if not rows:
            return
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        statement = f"INSERT INTO {into} SELECT * FROM unnest({arrays}) {ending}"
        self._cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
