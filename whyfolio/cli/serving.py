"""The verb that serves a store."""

import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
import uvicorn

from api.app import create_app
from whyfolio.cli.console import fail, log_to_stderr, sentences
from whyfolio.settings import PREFIX, Settings, read_settings
from whyfolio.wiring import System, open_system, sole_server

YOUNG_OBJECTS = 500_000
"""How many objects are made before the garbage collector looks at them; an answer of a thousand rows is less.

Almost all go without it, by their counts of references; to walk through those of an answer takes up to a third of it.
"""


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(epilog="Example: WHYFOLIO_PORT=8080 whyfolio serve")(serve)


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
        spare_what_stays()
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5)
        _Server(config, announce, system.context.progress.end).run(sockets=[listener])


def spare_what_stays() -> None:
    """Let the garbage collector pass over all that lives as long as the process.

    Else it walks through it in the middle of every larger answer, which takes longer than the answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


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
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise fail(f"{PREFIX}PORT: cannot listen on {place} ({error.strerror}); set another port") from None
    # connections inherit it; else the body waits 40 ms for the client to acknowledge the headers
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
