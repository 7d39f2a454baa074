"""The verbs that look into a store and look after it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic_core import to_json

from projections.bounds import Bounds, View, moment
from projections.goals import GoalFilter, list_goals
from projections.paging import Answer, Page
from projections.portfolios import list_portfolios
from projections.projects import ProjectFilter, list_projects
from projections.resources import list_resources
from projections.sentences import known
from projections.why import why as explained
from whyfolio.cli.console import Json, fail, opened, progress, sentences, show_json
from whyfolio.settings import read_settings
from whyfolio.wiring import System, begin_new_epoch, migrate_store
from workers.rebuild import rebuild as rebuild_models
from workers.verify import verify as verify_store

EVERYTHING = Page(limit=10**9)
AsOf = Annotated[str | None, typer.Option("--as-of", help="As of a date (its end, UTC) or an instant.")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="As known at a date or an instant.")]
At = Annotated[int | None, typer.Option("--at", help="As of a log position.", min=0)]
Restored = Annotated[
    bool, typer.Option("--restored", help="The store comes from a backup: open a new epoch, rebuild the read models.")
]


def add_to(app: typer.Typer) -> None:
    """Register the verbs."""
    app.command(epilog="Example: whyfolio migrate")(migrate)
    app.command(epilog="Example: whyfolio status --json")(status)
    app.command(epilog="Example: whyfolio verify")(verify)
    app.command(epilog="Example: whyfolio rebuild")(rebuild)
    app.command(epilog='Example: whyfolio why "Ticket shop" --as-of 2026-03-31')(why)
    app.command(epilog="Example: whyfolio replay --as-of 2026-03-31 --out march.json")(replay)


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


def status(json: Json = False) -> None:
    """Say how far the read models are, and what the store holds."""
    with opened() as system:
        position, head = system.context.reads.position(), system.store.head()
        found = {
            "epoch": system.store.epoch(),
            "head": head,
            "position": max(position, 0),
            "lag": head - max(position, 0),
            "read_models": "live" if position >= 0 else "not built yet",
        }
        if json:
            return show_json(found)
        for name, value in found.items():
            typer.echo(f"{name}: {value}")


def verify(json: Json = False) -> None:
    """Check the store: versions without a gap, every fact readable, checkpoints up to the head, one epoch."""
    with opened() as system:
        report = verify_store(system.store, system.context.reads.engine, progress("Checked"))
        if json:
            show_json(report)
        elif report["ok"]:
            typer.echo(f"{report['facts']} facts in {report['streams']} streams are sound.")
        if not report["ok"]:
            raise fail(f"position {report['position']}: {report['problem']}")


def rebuild() -> None:
    """Build the read models anew from the facts, beside the live ones, then switch over."""
    with opened() as system:
        rebuild_models(system.store, system.context.reads.engine, progress("Rebuilt"))
        typer.echo(f"The read models are rebuilt up to position {system.context.reads.position()}.")


def why(
    what: Annotated[str, typer.Argument(help="The id, key or name of a project, portfolio, person or goal.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Tell the story of a project, portfolio, person or goal, oldest first: what happened, who did it and why.

    With each decision goes what was known then, and which of its premises no longer hold.
    """
    with opened() as system:
        system.catch_up()
        with system.context.reads.view(_bounds(system, as_of, known_at, at)) as view:
            subject = _find(view, what)
            found = explained(view, UUID(subject["id"]), EVERYTHING)
            if json:
                answer = {"items": found.decisions, "story": found.story}
                return show_json({"id": subject["id"], "name": subject["name"], **answer, **view.echo()})
            typer.echo(f"{subject['name']} ({subject['id']})")
            for line in found.story:
                _tell(line)


def replay(
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    at: At = None,
) -> None:
    """Write every portfolio as it stood, as one JSON document."""
    with opened() as system:
        system.catch_up()
        with system.context.reads.view(_bounds(system, as_of, known_at, at)) as view:
            document = {
                **view.echo(),
                "portfolios": list_portfolios(view, EVERYTHING)[0],
                "projects": list_projects(view, ProjectFilter(), "name", EVERYTHING, lambda *_: [])[0],
                "resources": list_resources(view, EVERYTHING)[0],
                "goals": list_goals(view, GoalFilter(), EVERYTHING)[0],
            }
        out.write_bytes(to_json(document, indent=2) + b"\n")
        typer.echo(f"{len(document['projects'])} projects of {len(document['portfolios'])} portfolios are in {out}.")


def _bounds(system: System, as_of: str | None, known_at: str | None, at: int | None) -> Bounds:
    now = system.context.clock()
    try:
        bounds = Bounds(moment(as_of, now), moment(known_at, now), at)
    except ValueError as error:
        raise fail(str(error)) from None
    if at is not None and at > (head := system.store.head()):
        raise fail(f"--at: {at} is past the head, {head}")
    return bounds


def _find(view: View, what: str) -> Answer:
    """The one thing of this id, key or name. Fails with the ids if several are called so."""
    every: Sequence[Answer] = [
        *list_projects(view, ProjectFilter(), "name", EVERYTHING, lambda *_: [])[0],
        *list_portfolios(view, EVERYTHING)[0],
        *list_resources(view, EVERYTHING)[0],
        *list_goals(view, GoalFilter(), EVERYTHING)[0],
    ]
    wanted = what.casefold()
    found = [each for each in every if wanted in _called(each)]
    if not found:
        raise fail(f"nothing is called {what!r} within these bounds; give an id, a key or a whole name")
    if len(found) > 1:
        raise fail(f"several are called {what!r}: {', '.join(each['id'] for each in found)}; give the id")
    return found[0]


def _called(each: Answer) -> set[str]:
    return {str(each[member]).casefold() for member in ("id", "key", "name") if each.get(member)}


def _tell(line: dict[str, Any]) -> None:
    typer.echo(f"\n{line['occurred_at'][:10]}  {line['sentence']}")
    if line["known_then"]:
        typer.echo(f"  known then: {known(line['known_then'])}")
    for sentence in line["broken"]:
        typer.echo(f"  no longer holds: {sentence}")
    if line["supersedes"]:
        typer.echo(f"  supersedes {line['supersedes']}")
    if line["superseded_by"]:
        typer.echo(f"  superseded by {line['superseded_by']}")
    typer.echo(f"  {line['fact']}, position {line['position']}, event {line['event_id']}")
