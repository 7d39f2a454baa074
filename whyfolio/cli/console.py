"""How verbs speak: one sentence on stderr when refused, progress on a terminal, JSON for scripts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import structlog
import typer
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError

from domain.kernel.refusal import Refused
from projections.reads import NotReady
from store.codec import UnknownFact
from whyfolio.settings import WrongSetting, read_settings
from whyfolio.wiring import AlreadyServed, NotMigrated, System, open_system

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
EXPECTED = (Refused, NotReady, WrongSetting, NotMigrated, AlreadyServed, UnknownFact, OSError)


def fail(sentence: str) -> typer.Exit:
    """Say why on stderr; exit code 1."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn every expected failure into one sentence and exit code 1."""
    try:
        yield
    except EXPECTED as error:
        raise fail(str(error)) from None
    except DBAPIError as error:
        raise fail(f"WHYFOLIO_DATABASE_URL: the database cannot be used: {error.orig}") from None


@contextmanager
def opened() -> Iterator[System]:
    """The configured system, for one verb; its failures are sentences."""
    with sentences():
        system = open_system(read_settings())
        try:
            yield system
        finally:
            system.close()


def show_json(value: Any) -> None:
    """One JSON document on stdout."""
    typer.echo(to_json(value, indent=2).decode())


def progress(what: str) -> Callable[[int, int], None]:
    """A function that is told (done, of): one moving line on a terminal, few plain lines elsewhere."""
    is_terminal = sys.stderr.isatty()
    shown = -1

    def tell(done: int, of: int) -> None:
        nonlocal shown
        percent = 100 * done // of if of else 100
        step = 1 if is_terminal else 25
        if percent // step == shown // step and done < of:
            return
        shown = percent
        end = "\n" if not is_terminal or done >= of else ""
        sys.stderr.write(f"{chr(13) if is_terminal else ''}{what}: {done} of {of}{end}")
        sys.stderr.flush()

    return tell


def log_to_stderr(level: int) -> None:
    """One JSON line an event, on stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
