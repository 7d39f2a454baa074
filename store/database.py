"""Engines: how a database is opened."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from sqlite3 import OperationalError
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.exc import DisconnectionError

BUSY_TIMEOUT_MS = 5_000
IDLE_SECONDS = 1.0
"""A connection that was used since then is taken to stand; if it does not, who uses it is told to try again."""


def open_engine(url: str, *, rebuildable: bool = False) -> Engine:
    """An engine for a database URL.

    On SQLite every transaction begins explicitly, so that reads see one snapshot; with the option
    `immediate` it takes the write lock at once, which a deferred transaction cannot wait for.
    What is `rebuildable` need not wait for PostgreSQL's disk at every commit: a power cut may take the
    last of it back, with the checkpoints, and never a part of a transaction.
    """
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine
    _replace_what_broke(engine)
    if rebuildable:
        event.listen(engine, "connect", _on_connect_to_read_models)
    return engine


def reading_from(engine: Engine) -> Engine:
    """The engine for reading by single statements: PostgreSQL needs no transaction around one, two round trips more."""
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine


@contextmanager
def writing_once(engine: Engine) -> Iterator[Connection]:
    """For a single statement that writes: here too PostgreSQL needs no transaction around it."""
    if engine.dialect.name == "postgresql":
        with reading_from(engine).connect() as connection:
            yield connection
    else:
        with engine.execution_options(immediate=True).begin() as connection:
            yield connection


@contextmanager
def writing_alone(engine: Engine, purpose: str) -> Iterator[Connection]:
    """A transaction in which nobody else does the same: the write lock on SQLite, a named lock on PostgreSQL."""
    with engine.execution_options(immediate=True).begin() as connection:
        go_alone(connection, purpose)
        yield connection


def go_alone(connection: Connection, purpose: str) -> None:
    """Let nobody else do the same until this transaction ends; on SQLite a transaction that writes is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"whyfolio {purpose}"))))


def wait_for_disk(connection: Connection) -> None:
    """Let this transaction be safe from a power cut when it is committed, also where others need not be."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL synchronous_commit = on"))


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    # a file that others switch at the same moment is refused without waiting; it stays switched once somebody has
    with suppress(OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")


def _on_connect_to_read_models(connection: Any, _: Any) -> None:
    connection.execute("SET synchronous_commit = off")
    # compiling a query of thousands of index look-ups takes longer than running it
    connection.execute("SET jit = off")
    connection.commit()


def _replace_what_broke(engine: Engine) -> None:
    """Look whether a connection that was idle still stands; to ask before each use would double the round trips."""

    def given_back(_: Any, record: Any) -> None:
        record.info["since"] = monotonic()

    def taken(connection: Any, record: Any, _: Any) -> None:
        if monotonic() - record.info.get("since", inf) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", given_back)
    event.listen(engine, "checkout", taken)


def _on_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
