"""The event store on PostgreSQL: the library's recorder, with our rows in the same transaction."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import unwrap
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import InterfaceError, InternalError, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import dict_row
from psycopg_pool import PoolTimeout
from pydantic_core import to_json
from sqlalchemy.engine import make_url

from domain.kernel.refusal import Busy
from store.group import CANNOT_RECORD, FactRecorder, Known, NewFact, ReceiptRow, StoredReceipt

LOCK_TIMEOUT_SECONDS = 2
CONNECTIONS = 10
RECONNECT_SECONDS = 5.0
"""How long the pool tries with growing pauses to connect again, before it waits to be asked."""


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
            # in a pipeline only what is fetched is waited for; the commit is outside, so that its answer is its own
            with self.datastore.transaction(commit=True) as cursor, cursor.connection.pipeline():
                self._lock_table(cursor)
                yield PostgresLocked(cursor)
        except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
            raise Busy(CANNOT_RECORD) from error

    def close(self) -> None:
        """Give the connections back."""
        self.datastore.close()


class PostgresLocked:
    """What one locked transaction reads and writes."""

    def __init__(self, cursor: psycopg.Cursor[dict[str, Any]]) -> None:
        self._cursor = cursor

    def look(self, keys: Sequence[str], streams: Collection[UUID], subjects: Collection[UUID]) -> Known:
        """The receipts, versions and newest positions; asked at once."""
        receipts = self._asked("SELECT * FROM receipts WHERE key = ANY(%s)", keys)
        versions = self._asked(
            "SELECT originator_id, MAX(originator_version) AS version FROM stored_events "
            "WHERE originator_id = ANY(%s) GROUP BY originator_id",
            streams,
        )
        latest_about = self._asked(
            "SELECT subject_id, MAX(position) AS position FROM fact_subjects "
            "WHERE subject_id = ANY(%s) GROUP BY subject_id",
            subjects,
        )
        return Known(
            {row.pop("key"): StoredReceipt(**row) for row in receipts()},
            {row["originator_id"]: row["version"] for row in versions()},
            {row["subject_id"]: row["position"] for row in latest_about()},
        )

    def _asked(self, statement: str, values: Collection[Any]) -> Callable[[], list[dict[str, Any]]]:
        if not values:
            return list
        cursor = self._cursor.connection.cursor(row_factory=dict_row)
        cursor.execute(statement, [list(values)])
        return cursor.fetchall

    def head(self) -> int:
        """The newest position, 0 if there is none."""
        self._cursor.execute("SELECT MAX(notification_id) AS head FROM stored_events")
        row = self._cursor.fetchone()
        return row["head"] or 0 if row else 0

    def insert(self, facts: Sequence[NewFact]) -> Sequence[int]:
        """Insert facts, their index and their subjects in one statement; returns their positions."""
        rows = [fact._replace(document=fact.document.decode())._asdict() for fact in facts]  # type: ignore[arg-type]
        self._cursor.execute(INSERT_FACTS, [to_json(rows).decode()])
        return [row["position"] for row in self._cursor.fetchall()]

    def insert_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """Insert the receipt of each command, under its key; an expired one is replaced."""
        names = ("key", "fingerprint", "stream_id", "version", "position", "stored_at")
        self._cursor.execute(INSERT_RECEIPTS, [to_json([dict(zip(names, row, strict=True)) for row in rows]).decode()])

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Insert names of persons, beside the facts."""
        for person, name in names.items():
            self._cursor.execute("INSERT INTO people (id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING", [person, name])


INSERT_FACTS = """
    WITH given AS (
        SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (
            event_id uuid, stream_id uuid, version bigint, name text, kind text, occurred_at bigint,
            recorded_at bigint, stored_at bigint, actor text, shard int, traceparent text, subjects json, document text
        )) WITH ORDINALITY
    ), stored AS (
        INSERT INTO stored_events (originator_id, originator_version, topic, state)
        SELECT stream_id, version, name, convert_to(document, 'UTF8') FROM given ORDER BY ordinality
        RETURNING notification_id AS position, originator_id AS stream_id, originator_version AS version
    ), placed AS (
        SELECT * FROM given JOIN stored USING (stream_id, version)
    ), indexed AS (
        INSERT INTO fact_index (position, event_id, stream_id, kind, version, occurred_at, recorded_at, stored_at,
                                actor, shard, traceparent)
        SELECT position, event_id, stream_id, kind, version, occurred_at, recorded_at, stored_at,
               actor, shard, traceparent FROM placed
    ), about AS (
        INSERT INTO fact_subjects (subject_id, position)
        SELECT subject::uuid, position FROM placed, json_array_elements_text(subjects) AS subject
    )
    SELECT position FROM stored ORDER BY position
"""
"""Positions are given out in the order of the rows: that is the order of arrival."""

INSERT_RECEIPTS = """
    INSERT INTO receipts (key, fingerprint, stream_id, version, position, stored_at)
    SELECT * FROM json_to_recordset(%s) AS (
        key text, fingerprint text, stream_id uuid, version bigint, position bigint, stored_at bigint
    )
    ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, stream_id = excluded.stream_id,
        version = excluded.version, position = excluded.position, stored_at = excluded.stored_at
"""
"""An expired receipt is replaced."""
