"""The event store on SQLite: the library's recorder, with our rows in the same transaction."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore
from pydantic_core import to_json

from domain.kernel.refusal import Busy
from store.group import CANNOT_RECORD, FactRecorder, Known, NewFact, NewReceipt, StoredReceipt

LOCK_TIMEOUT_SECONDS = 5
sqlite3.register_adapter(UUID, lambda value: value.hex)
INDEX_COLUMNS = (
    "position",
    "event_id",
    "stream_id",
    "kind",
    "version",
    "occurred_at",
    "recorded_at",
    "stored_at",
    "actor",
    "shard",
    "traceparent",
)


class SQLiteFactRecorder(SQLiteApplicationRecorder, FactRecorder):
    """`BEGIN IMMEDIATE` is the append lock, so that row ids are commit order."""

    def __init__(self, path: str) -> None:
        super().__init__(SQLiteDatastore(path, lock_timeout=LOCK_TIMEOUT_SECONDS))
        columns = "originator_id, originator_version, topic, state"
        self.insert_events_statement = f"INSERT INTO {self.events_table_name} ({columns}) VALUES (?,?,?,?)"

    @contextmanager
    def locked(self) -> Iterator["SQLiteLocked"]:
        """A transaction that holds the append lock; rolled back on any error."""
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            try:
                cursor.execute("BEGIN IMMEDIATE")
                yield SQLiteLocked(self, cursor)
                connection.commit()
            except sqlite3.OperationalError as error:
                connection.rollback()
                raise Busy(CANNOT_RECORD) from error
            except BaseException:
                connection.rollback()
                raise

    def close(self) -> None:
        """Give the file back."""
        self.datastore.close()


class SQLiteLocked:
    """What one locked transaction reads and writes."""

    def __init__(self, recorder: SQLiteFactRecorder, cursor: SQLiteCursor) -> None:
        self._recorder = recorder
        self._cursor = cursor

    def look(self, keys: Sequence[str], streams: Collection[UUID], subjects: Collection[UUID]) -> Known:
        """The receipts, versions and newest positions."""
        receipts = (
            "SELECT key, fingerprint, stream_id, version, position, stored_at FROM receipts "
            "WHERE key IN (SELECT value FROM json_each(?))"
        )
        versions = (
            f"SELECT value, (SELECT MAX(originator_version) FROM {self._recorder.events_table_name} "
            "WHERE originator_id = value) AS version FROM json_each(?) WHERE version"
        )
        latest = (
            "SELECT value, (SELECT MAX(position) FROM fact_subjects WHERE subject_id = value) AS newest "
            "FROM json_each(?) WHERE newest"
        )
        return Known(
            {row[0]: StoredReceipt(row[1], UUID(row[2]), *row[3:]) for row in self._asked(receipts, keys)},
            {UUID(row[0]): row[1] for row in self._asked(versions, [stream.hex for stream in streams])},
            {UUID(row[0]): row[1] for row in self._asked(latest, [subject.hex for subject in subjects])},
        )

    def insert(self, facts: Sequence[NewFact], receipts: Sequence[NewReceipt]) -> Mapping[str, int]:
        """Insert facts through the library, then what stands beside them."""
        events = [StoredEvent(fact.stream_id, fact.version, fact.name, fact.document) for fact in facts]
        positions = self._recorder._insert_events(self._cursor, events) or []
        placed = list(zip(positions, facts, strict=True))
        self._cursor.executemany(
            f"INSERT INTO fact_index ({', '.join(INDEX_COLUMNS)}) VALUES ({','.join('?' * len(INDEX_COLUMNS))})",
            [(position, *(getattr(fact, name) for name in INDEX_COLUMNS[1:])) for position, fact in placed],
        )
        self._cursor.executemany(
            "INSERT INTO fact_subjects VALUES (?,?)",
            [(subject, position) for position, fact in placed for subject in fact.subjects],
        )
        return self._insert_receipts(positions, receipts)

    def _insert_receipts(self, positions: Sequence[int], receipts: Sequence[NewReceipt]) -> Mapping[str, int]:
        newest = positions[-1] if positions else self._recorder._max_notification_id(self._cursor) or 0
        reached = {each.key: newest if each.last is None else positions[each.last] for each in receipts}
        self._cursor.executemany(
            "INSERT OR REPLACE INTO receipts VALUES (?,?,?,?,?,?)",
            [
                (each.key, each.fingerprint, each.stream_id, each.version, reached[each.key], each.stored_at)
                for each in receipts
            ],
        )
        return reached

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Names of persons, beside the facts."""
        self._cursor.executemany(
            "INSERT OR IGNORE INTO people (id, name) VALUES (?,?)",
            list(names.items()),
        )

    def erase(self, people: Collection[UUID], now: int) -> None:
        """Blank names, revoke keys, end sessions."""
        for person in people:
            self._cursor.execute("UPDATE people SET name = NULL, login = NULL WHERE id = ?", (person,))
            held = "SELECT id FROM api_keys WHERE person_id = ?"
            self._cursor.execute(f"DELETE FROM sessions WHERE key_id IN ({held})", (person,))
            revoked = "UPDATE api_keys SET revoked_at = ? WHERE person_id = ? AND revoked_at IS NULL"
            self._cursor.execute(revoked, (now, person))

    def _asked(self, statement: str, values: Sequence[str]) -> list[Any]:
        """What a statement finds for these values, which travel as one parameter."""
        self._cursor.execute(statement, (to_json(values).decode(),))
        return list(self._cursor.fetchall())
