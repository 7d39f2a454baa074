"""Which recorder a database needs."""

from sqlalchemy.engine import make_url

from store.group import FactRecorder
from store.sqlite import SQLiteFactRecorder


def open_recorder(url: str) -> FactRecorder:
    """The recorder of the event store at a database URL."""
    if make_url(url).get_backend_name() == "postgresql":
        # loaded when it is needed: an embedded start shall not wait for the driver
        from store.postgres import PostgresFactRecorder

        return PostgresFactRecorder(url)
    return SQLiteFactRecorder(make_url(url).database or ":memory:")
