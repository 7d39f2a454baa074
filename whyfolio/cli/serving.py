"""The verbs that prepare a store and serve it."""

import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import structlog
import typer
import uvicorn

from api.app import create_app
from whyfolio.cli.console import Json, fail, sentences, show_json
from whyfolio.settings import PREFIX, Settings, read_settings
from whyfolio.wiring import System, begin_new_epoch, migrate_store, open_system, sole_server

Restored = Annotated[
    bool, typer.Option("--restored", help="The store comes from a backup: open a new epoch, rebuild the read models.")
]


def add_to(app: typer.Typer) -> None:
    """Register the verbs."""
    app.command(epilog="Example: whyfolio migrate")(migrate)
    app.command(epilog="Example: WHYFOLIO_PORT=8080 whyfolio serve")(serve)


def migrate(json: Json = False, restored: Restored = False) -> None:
    """Create or update the tables; an empty store gets one administrator key, shown once."""
    with sentences():
        settings = read_settings()
        key = None if restored else migrate_store(settings)
        if restored:
            begin_new_epoch(settings)
            if not json:
                return typer.echo("The restored store has begun a new epoch; its read models are rebuilt when served.")
        if json:
            show_json({"id": key.id, "key": key.key} if key else {})
        elif key:
            typer.echo(f"The store is ready. Administrator key, shown this once: {key.key}")
        else:
            typer.echo("The store is up to date.")


def serve() -> None:
    """Serve the API, the dashboard and, without Kafka, the projections in one process."""
    with sentences(), stopping_cleanly():
        settings = read_settings()
        log_to_stderr(logging.INFO)
        with sole_server(settings):
            system = open_system(settings)
            try:
                run(system)
            finally:
                system.close()


def run(system: System, announce: Callable[[], None] = lambda: None) -> None:
    """Serve until the process is told to stop; `announce` is called once requests are answered."""
    app = create_app(system.context)
    with _listening(system.settings) as listener:
        if not system.settings.kafka_servers:
            system.projector.start()
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5)
        _Server(config, announce, system.context.progress.end).run(sockets=[listener])


@contextmanager
def stopping_cleanly() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the process with exit code 0, whatever it is at."""

    def stop(*_: object) -> None:
        raise SystemExit(0)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class _Server(uvicorn.Server):
    """A server that tells when it answers, and when it stops, so that open streams can end."""

    def __init__(self, config: uvicorn.Config, answers: Callable[[], None], stops: Callable[[], None]) -> None:
        super().__init__(config)
        self._answers = answers
        self._stops = stops

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._answers()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stops()
        await super().shutdown(sockets)


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise fail(f"{PREFIX}PORT: cannot listen on {place} ({error.strerror}); set another port") from None


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
