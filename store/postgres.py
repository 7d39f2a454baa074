"""The event store on PostgreSQL: the library's recorder, with our rows in the same transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from inspect import unwrap
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import InterfaceError, InternalError, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composed
from psycopg_pool import ConnectionPool, PoolTimeout
from pydantic_core import to_json
from sqlalchemy.engine import make_url

from domain.kernel.refusal import Busy
from store.database import IDLE_SECONDS
from store.group import CANNOT_RECORD, FactRecorder, Known, NewFact, NewReceipt, StoredReceipt

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
            )
        )
        self.datastore.pool._check = _check_if_idle
        # what else the URL says, such as sslmode, holds for facts too
        assert isinstance(self.datastore.pool.kwargs, dict)
        self.datastore.pool.kwargs.update(parts.query)
        # the pauses double: after an outage of minutes the library's own five minutes would add another one
        self.datastore.pool.reconnect_timeout = RECONNECT_SECONDS

    @contextmanager
    def locked(self) -> Iterator["PostgresLocked"]:
        """A transaction that holds the append lock; rolled back on any error."""
        try:
            with self.datastore.get_connection() as connection:
                try:
                    connection.execute(self._begin)
                    yield PostgresLocked(connection)
                    connection.commit()
                finally:
                    connection.rollback()
        except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
            raise Busy(CANNOT_RECORD) from error

    @cached_property
    def _begin(self) -> SQL | Composed:
        """What begins a transaction and takes the lock, in one message.

        A statement that was planned when the tables were empty would else read them whole for ever.
        """
        return SQL("; ").join([SQL("BEGIN"), SQL("SET LOCAL enable_seqscan = off"), *self.lock_table_statements])

    def close(self) -> None:
        """Give the connections back."""
        self.datastore.close()


def _check_if_idle(connection: psycopg.Connection[Any]) -> None:
    """What the pool asks before it gives a connection out: whether one that was idle still stands."""
    now, used_at = monotonic(), getattr(connection, "used_at", -inf)
    if now - used_at >= IDLE_SECONDS:
        ConnectionPool.check_connection(connection)
    connection.used_at = now  # type: ignore[attr-defined]


class PostgresLocked:
    """What one locked transaction reads and writes, each in one message: between two, everybody waits."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._cursor = connection.cursor(row_factory=tuple_row)

    def look(self, keys: Sequence[str], streams: Collection[UUID], subjects: Collection[UUID]) -> Known:
        """The receipts, versions and newest positions."""
        self._cursor.execute(LOOK, [to_json(asked).decode() for asked in (keys, streams, subjects)], prepare=True)
        known = Known({}, {}, {})
        for key, fingerprint, thing, version, position, stored_at in self._cursor.fetchall():
            if key is not None:
                known.receipts[key] = StoredReceipt(fingerprint, thing, version, position, stored_at)
            elif version is not None:
                known.versions[thing] = version
            elif position is not None:
                known.latest_about[thing] = position
        return known

    def insert(self, facts: Sequence[NewFact], receipts: Sequence[NewReceipt]) -> Mapping[str, int]:
        """Insert facts, their index, their subjects and the receipts in one statement."""
        rows = to_json([fact._replace(document=b"")._asdict() for fact in facts])
        documents = b"[%s]" % b",".join(fact.document for fact in facts)
        given = (rows, documents, to_json([receipt._asdict() for receipt in receipts]))
        self._cursor.execute(INSERT, [each.decode() for each in given], prepare=True)
        return dict(self._cursor.fetchall())

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Insert names of persons, beside the facts."""
        for person, name in names.items():
            self._cursor.execute("INSERT INTO people (id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING", [person, name])

    def erase(self, people: Collection[UUID], now: int) -> None:
        """Blank names, revoke keys, end sessions."""
        for person in people:
            self._cursor.execute("UPDATE people SET name = NULL, login = NULL WHERE id = %s", [person])
            held = "SELECT id FROM api_keys WHERE person_id = %s"
            self._cursor.execute(f"DELETE FROM sessions WHERE key_id IN ({held})", [person])
            revoked = "UPDATE api_keys SET revoked_at = %s WHERE person_id = %s AND revoked_at IS NULL"
            self._cursor.execute(revoked, [now, person])


LOOK = """
    SELECT key, fingerprint, stream_id, version, position, stored_at
    FROM receipts WHERE key = ANY(ARRAY(SELECT json_array_elements_text(%s)))
    UNION ALL
    SELECT NULL, NULL, stream,
           (SELECT MAX(originator_version) FROM stored_events WHERE originator_id = stream), NULL, NULL
    FROM (SELECT json_array_elements_text(%s)::uuid AS stream) AS asked
    UNION ALL
    SELECT NULL, NULL, subject, NULL, (SELECT MAX(position) FROM fact_subjects WHERE subject_id = subject), NULL
    FROM (SELECT json_array_elements_text(%s)::uuid AS subject) AS asked
"""
"""Each by one look at an index: for a maximum over all at once, or a join with what is asked, the database would
read every fact of the streams, and every receipt.
"""

INSERT = """
    WITH given AS (
        SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (
            event_id uuid, stream_id uuid, version bigint, name text, kind text, occurred_at bigint,
            recorded_at bigint, stored_at bigint, actor text, shard int, traceparent text, subjects json
        ), json_array_elements(%s)) WITH ORDINALITY
    ), stored AS (
        INSERT INTO stored_events (originator_id, originator_version, topic, state)
        SELECT stream_id, version, name, convert_to(value::text, 'UTF8') FROM given ORDER BY ordinality
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
    INSERT INTO receipts (key, fingerprint, stream_id, version, position, stored_at)
    SELECT key, fingerprint, receipt.stream_id, receipt.version,
           COALESCE(placed.position, newest, (SELECT MAX(notification_id) FROM stored_events), 0), receipt.stored_at
    FROM json_to_recordset(%s) AS receipt (
        key text, fingerprint text, stream_id uuid, version bigint, stored_at bigint, last bigint
    )
    CROSS JOIN (SELECT MAX(position) AS newest FROM stored) AS stored
    LEFT JOIN placed ON placed.ordinality = last + 1
    ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, stream_id = excluded.stream_id,
        version = excluded.version, position = excluded.position, stored_at = excluded.stored_at
    RETURNING key, position
"""
"""Positions are given out in the order of the rows: that is the order of arrival. `value` is the document, its
text as it came.
"""
