"""`whyfolio parked`: facts that the read models could not take in."""

from typing import Annotated
from uuid import UUID

import typer

from domain.kernel.instants import from_micros, rfc3339
from whyfolio.cli.console import Json, fail, opened, show_json
from workers import parking

app = typer.Typer(help="Look after facts that could not be applied, and those behind them.", no_args_is_help=True)
Stream = Annotated[UUID | None, typer.Argument(help="The stream (id of a project, portfolio, …); left out: all.")]


def add_to(verbs: typer.Typer) -> None:
    """Register the verbs."""
    verbs.add_typer(app, name="parked")


@app.command("list", epilog="Example: whyfolio parked list --json")
def list_parked(json: Json = False) -> None:
    """List them in order of position, with what is wrong; discarded ones too."""
    with opened() as system:
        found = [
            {
                "position": row.position,
                "stream_id": str(row.stream_id),
                "name": row.name,
                "state": row.state,
                "parked_at": rfc3339(from_micros(row.parked_at)),
                "error": row.error,
            }
            for row in parking.parked_facts(system.store, system.context.reads.engine)
        ]
        if json:
            return show_json({"items": found})
        for each in found:
            typer.echo(
                f"{each['position']}  {each['name']}  {each['stream_id']}  {each['state']}: "
                f"{each['error'] or 'waits behind the one before'}"
            )
        if not found:
            typer.echo("No fact is parked.")


@app.command(epilog="Example: whyfolio parked retry 0198c7a4-0000-7000-8000-000000000001")
def retry(stream: Stream = None) -> None:
    """Take parked facts in again, in order; exit code 1 if some still fail."""
    with opened() as system:
        engine, failing = system.context.reads.engine, 0
        streams = [stream] if stream else parking.parked_streams(system.store, engine)
        for each in streams:
            outcome = parking.retry(system.store, engine, each)
            failing += outcome.parked
            typer.echo(f"{each}: {outcome.applied} applied, {outcome.parked} still parked")
        if failing:
            raise fail(f"{failing} facts are still parked; whyfolio parked list says why")


@app.command(epilog="Example: whyfolio parked discard 0198c7a4-0000-7000-8000-000000000001")
def discard(stream: Annotated[UUID, typer.Argument(help="The stream whose failing fact is left out.")]) -> None:
    """Leave the first failing fact of a stream out of the read models for good; the store keeps it."""
    with opened() as system:
        outcome = parking.discard(system.store, system.context.reads.engine, stream)
        typer.echo(f"{stream}: one discarded, {outcome.applied} applied, {outcome.parked} still parked")
