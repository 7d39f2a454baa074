"""`whyfolio <verb>`."""

import typer

from whyfolio.cli import demo, importing, keys, operate, parked, serving, work

app = typer.Typer(
    help="Whyfolio: the portfolio that remembers why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _module in (demo, serving, importing, operate):
    _module.add_to(app)
app.add_typer(keys.app, name="keys")
app.add_typer(parked.app, name="parked")
app.add_typer(work.app, name="work")


def main() -> None:
    """The entry point of the console script."""
    app()
