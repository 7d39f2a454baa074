"""The command line."""

from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from whyfolio.settings import read_settings
from whyfolio.wiring import migrate_store, open_system, sole_server

app = typer.Typer(help="Whyfolio: the portfolio that remembers why.", no_args_is_help=True, add_completion=False)


@app.command()
def migrate() -> None:
    """Create the tables."""
    key = migrate_store(read_settings())
    print(key)


@app.command()
def serve() -> None:
    """Serve."""
    settings = read_settings()
    with sole_server(settings):
        system = open_system(settings)
        system.projector.start()
        uvicorn.run(create_app(system.context), host=settings.host, port=settings.port, log_config=None)


def main() -> None:
    """Entry."""
    app()
