"""`whyfolio <verb>`."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

MODULES = {
    "demo": "demo",
    "migrate": "operate",
    "serve": "serving",
    "import": "importing",
    "status": "operate",
    "verify": "operate",
    "rebuild": "operate",
    "why": "operate",
    "replay": "operate",
    "export": "exporting",
    "keys": "keys",
    "parked": "parked",
    "work": "work",
}
"""Verb → where it is."""


class Verbs(TyperGroup):
    """Loads a verb when somebody asks for it: none waits for what only another needs."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every verb, loaded or not."""
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb of this name; where there is none, all are loaded, so that one like it can be named."""
        for name in [cmd_name] if cmd_name in MODULES else MODULES:
            self._load(name)
        return super().get_command(ctx, cmd_name)

    def _load(self, name: str) -> None:
        if name not in self.commands:
            loaded = typer.Typer(rich_markup_mode=None)
            import_module(f"whyfolio.cli.{MODULES[name]}").add_to(loaded)
            self.commands = {**self.commands, **get_group(loaded).commands}


app = typer.Typer(
    cls=Verbs,
    help="Whyfolio: the portfolio that remembers why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def whyfolio() -> None:
    """Whyfolio: the portfolio that remembers why."""


def main() -> None:
    """The entry point of the console script."""
    app()
