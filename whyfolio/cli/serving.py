"""The verbs that prepare a store and serve it."""

import logging
import sys

import structlog
import typer
import uvicorn

from api.app import create_app
from whyfolio.cli.console import Json, sentences, show_json
from whyfolio.settings import Settings, read_settings
from whyfolio.wiring import migrate_store, open_system, sole_server


def add_to(app: typer.Typer) -> None:
    """Register the verbs."""
    app.command(epilog="Example: whyfolio migrate")(migrate)
    app.command(epilog="Example: WHYFOLIO_PORT=8080 whyfolio serve")(serve)


def migrate(json: Json = False) -> None:
    """Create or update the tables; an empty store gets one administrator key, shown once."""
    with sentences():
        settings = read_settings()
        key = migrate_store(settings)
        if json:
            show_json({"id": key.id, "key": key.key} if key else {})
        elif key:
            typer.echo(f"The store is ready. Administrator key, shown this once: {key.key}")
        else:
            typer.echo("The store is up to date.")


def serve() -> None:
    """Serve the API, the dashboard and, without Kafka, the projections in one process."""
    with sentences():
        settings = read_settings()
        with sole_server(settings):
            run(settings)


def run(settings: Settings) -> None:
    """Serve until the process is told to stop."""
    log_to_stderr()
    system = open_system(settings)
    try:
        system.projector.start()
        app = create_app(system.context)
        uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=5)
    finally:
        system.close()


def log_to_stderr() -> None:
    """One JSON line an event, on stderr."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
