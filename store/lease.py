"""Being the only one who does something, as long as one lives."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, func, make_url, select

from domain.kernel.refusal import Busy


@contextmanager
def lease(database_url: str, purpose: str) -> Iterator[bool]:
    """Whether nobody else holds the purpose at this database; held until the end of the block, or of the process."""
    url = make_url(database_url)
    held = _file_held(f"{url.database}.{purpose}") if url.get_backend_name() == "sqlite" else _lock_held(url, purpose)
    with held as is_ours:
        yield is_ours


@contextmanager
def _file_held(path: str) -> Iterator[bool]:
    try:
        file = Path(path).open("a+")  # noqa: SIM115 (closed by the block below)
    except OSError as error:
        raise Busy(f"the database cannot be used: {error.strerror}: {path}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _lock_held(url: URL, purpose: str) -> Iterator[bool]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = func.hashtext(f"whyfolio {purpose}")
        yield bool(connection.scalar(select(func.pg_try_advisory_lock(name))))
