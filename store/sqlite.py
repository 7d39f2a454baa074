"""The event store on SQLite: the library's recorder, with our rows in the same transaction."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from domain.kernel.refusal import Busy
from store.group import FactRecorder, IndexRow, ReceiptRow, StoredReceipt

LOCK_TIMEOUT_SECONDS = 5
sqlite3.register_adapter(UUID, lambda value: value.hex)
VARIABLES = 500


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
                raise Busy(f"the store cannot record now, and recorded nothing: {error}") from error
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

    def receipts(self, keys: Sequence[str]) -> dict[str, StoredReceipt]:
        """The receipts stored under any of the keys."""
        statement = "SELECT key, fingerprint, stream_id, version, position, stored_at FROM receipts WHERE key IN ({})"
        return {
            row[0]: StoredReceipt(row[1], UUID(row[2]), row[3], row[4], row[5]) for row in self._select(statement, keys)
        }

    def versions(self, streams: Iterable[UUID]) -> dict[UUID, int]:
        """The version of each stream that exists."""
        statement = (
            f"SELECT originator_id, MAX(originator_version) FROM {self._recorder.events_table_name} "
            "WHERE originator_id IN ({}) GROUP BY originator_id"
        )
        return {UUID(row[0]): row[1] for row in self._select(statement, list(streams))}

    def latest_about(self, subjects: Iterable[UUID]) -> dict[UUID, int]:
        """The position of the newest fact about each subject that any fact is about."""
        statement = "SELECT subject_id, MAX(position) FROM fact_subjects WHERE subject_id IN ({}) GROUP BY subject_id"
        return {UUID(row[0]): row[1] for row in self._select(statement, list(subjects))}

    def head(self) -> int:
        """The newest position."""
        return self._recorder._max_notification_id(self._cursor) or 0

    def insert_events(self, events: Sequence[StoredEvent]) -> Sequence[int]:
        """Insert through the library; returns the positions."""
        return self._recorder._insert_events(self._cursor, events) or []

    def insert_index(self, rows: Sequence[IndexRow]) -> None:
        """What can be asked of a fact without reading it."""
        self._cursor.executemany(f"INSERT INTO fact_index VALUES ({','.join('?' * len(IndexRow._fields))})", rows)

    def insert_subjects(self, rows: Sequence[tuple[UUID, int]]) -> None:
        """What each fact is about."""
        self._cursor.executemany("INSERT INTO fact_subjects VALUES (?,?)", rows)

    def insert_receipts(self, rows: Sequence[ReceiptRow]) -> None:
        """The receipt of each command, under its key."""
        self._cursor.executemany("INSERT OR REPLACE INTO receipts VALUES (?,?,?,?,?,?)", rows)

    def insert_names(self, names: Mapping[UUID, str]) -> None:
        """Names of persons, beside the facts."""
        self._cursor.executemany(
            "INSERT OR IGNORE INTO people (id, name) VALUES (?,?)",
            list(names.items()),
        )

    def _select(self, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        for start in range(0, len(values), VARIABLES):
            part = values[start : start + VARIABLES]
            self._cursor.execute(statement.format(",".join("?" * len(part))), part)
            yield from self._cursor.fetchall()
