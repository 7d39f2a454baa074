"""One step from any older store to today's."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, TableClause, column, func, insert, inspect, select, table, update

from domain.kernel.instants import micros
from store.database import writing_alone
from store.event_store import new_epoch
from store.tables import epochs, relay

MIGRATIONS = Path(__file__).parent / "migrations"


def is_current(engine: Engine) -> bool:
    """Whether the store has today's tables."""
    versions: TableClause = table("alembic_version", column("version_num"))
    with engine.connect() as connection:
        if not inspect(connection).has_table(versions.name):
            return False
        return connection.scalar(select(versions.c.version_num)) == _newest_revision()


def _newest_revision() -> str:
    """That of the last file; they are numbered."""
    newest = max(path.stem for path in (MIGRATIONS / "versions").glob("r[0-9]*.py"))
    return newest[1:].partition("_")[0]


def migrate(engine: Engine, now: datetime) -> bool:
    """Bring the store to today's tables, in one transaction; `True` if it had none before."""
    # loaded when it is needed: no other start shall wait for it
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with writing_alone(engine, "migration") as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        is_new = connection.scalar(select(func.count()).select_from(epochs)) == 0
        if is_new:
            _open_epoch(connection, now)
    return bool(is_new)


def open_new_epoch(engine: Engine, now: datetime) -> None:
    """What a restored store does: positions after the backup are given out again, so nothing that was told of
    them counts. Tokens, messages, checkpoints and read models of the epoch before are refused from now on, and
    the relay begins anew.
    """
    with writing_alone(engine, "migration") as connection:
        _open_epoch(connection, now)
        connection.execute(update(relay).values(position=0, owner="", seen_at=0))


def _open_epoch(connection: Connection, now: datetime) -> None:
    newest = connection.scalar(select(func.max(epochs.c.number))) or 0
    connection.execute(insert(epochs).values(number=newest + 1, epoch=new_epoch(), opened_at=micros(now)))
