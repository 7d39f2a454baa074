"""One step from any older store to today's."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, insert, select

from domain.kernel.instants import micros
from store.database import writing_alone
from store.event_store import new_epoch
from store.tables import epochs

MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def is_current(engine: Engine) -> bool:
    """Whether the store has today's tables."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


def migrate(engine: Engine, now: datetime) -> bool:
    """Bring the store to today's tables, in one transaction; `True` if it had none before."""
    config = _config()
    with writing_alone(engine, "migration") as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        is_new = connection.scalar(select(func.count()).select_from(epochs)) == 0
        if is_new:
            connection.execute(insert(epochs).values(number=1, epoch=new_epoch(), opened_at=micros(now)))
    return bool(is_new)
