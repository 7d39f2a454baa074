"""The worker processes that stand between the store and the read models when Kafka is used."""

import logging
import os
import signal
import socket
import threading
from typing import Annotated

import typer

from whyfolio.cli.console import fail, log_to_stderr, opened
from workers import work

app = typer.Typer(help="Run the relay or a projector of the stream.", no_args_is_help=True)
Member = Annotated[
    str | None, typer.Option(help="A name that stays the same over restarts; one for each projector process.")
]


def add_to(verbs: typer.Typer) -> None:
    """Register the verbs."""
    verbs.add_typer(app, name="work")


@app.command(epilog="Example: WHYFOLIO_KAFKA_SERVERS=localhost:9092 whyfolio work relay")
def relay() -> None:
    """Send facts from the store to the stream; a second one stands by."""
    with opened() as system:
        settings, servers = system.settings, _servers(system.settings.kafka_servers)
        owner = f"{socket.gethostname()}:{os.getpid()}"
        log_to_stderr(logging.INFO)
        work.relay(system.store, settings.database_url, servers, settings.kafka_topic, owner, told_to_stop())


@app.command(epilog="Example: WHYFOLIO_KAFKA_SERVERS=localhost:9092 whyfolio work projector --member a")
def projector(member: Member = None) -> None:
    """Take facts from the stream into the read models; several share the shards."""
    with opened() as system:
        servers, engine = _servers(system.settings.kafka_servers), system.context.reads.engine
        log_to_stderr(logging.INFO)
        name = member or socket.gethostname()
        work.project(system.store, engine, servers, system.settings.kafka_topic, name, told_to_stop())


def _servers(servers: str | None) -> str:
    if not servers:
        raise fail("WHYFOLIO_KAFKA_SERVERS is not set; embedded, whyfolio serve does this work itself")
    return servers


def told_to_stop() -> threading.Event:
    """Set by SIGTERM and SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
