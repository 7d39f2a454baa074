"""The verb that writes files for other programs."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic_core import from_json

from api.queries.export import COLUMNS as FACT_COLUMNS
from api.queries.export import flat
from projections import daily
from projections.bounds import Bounds, View, moment
from projections.export import Format, write
from projections.journal import Wanted, decisions
from projections.paging import Page
from projections.projects import ProjectFilter, list_projects
from whyfolio.cli.console import Json, fail, opened, show_json
from whyfolio.wiring import System

EVERYTHING = Page(limit=10**9)
PORTION = 1000
Row = dict[str, Any]


class What(StrEnum):
    """What can be written."""

    PROJECTS = "projects"
    DECISIONS = "decisions"
    FACTS = "facts"
    DAILY = "daily"


COLUMNS: dict[What, tuple[str, ...]] = {
    What.FACTS: tuple(column for column in FACT_COLUMNS if column != "changes"),
    What.DECISIONS: (
        "position",
        "event_id",
        "fact",
        "subjects",
        "code",
        "text",
        "alternatives",
        "evidence",
        "premises",
        "actor",
        "actor_name",
        "role",
        "occurred_at",
        "recorded_at",
        "stored_at",
        "inputs_position",
        "review_on",
        "supersedes",
        "superseded_by",
        "data",
    ),
    What.PROJECTS: (
        "id",
        "key",
        "name",
        "kind",
        "parent_id",
        "portfolios",
        "state",
        "state_since",
        "source_word",
        "declared_health",
        "owner",
        "sponsor",
        "rank",
        "score",
        "budget_amount",
        "budget_currency",
        "forecast_amount",
        "forecast_currency",
        "next_milestone",
        "attributes",
        "removed",
    ),
    What.DAILY: daily.COLUMNS,
}
"""The columns of each table; a line of JSON holds everything."""
AsOf = Annotated[str | None, typer.Option("--as-of", help="As of a date (its end, UTC) or an instant.")]
After = Annotated[int, typer.Option(min=0, help="Only facts or decisions behind this position.")]


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(epilog="Example: whyfolio export --what decisions --format csv --out decisions.csv")(export)


def export(
    what: Annotated[What, typer.Option(help="daily is one row a project a day.")],
    format: Annotated[str, typer.Option(help="csv, or jsonl: a JSON object a line.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    after: After = 0,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Write projects, decisions, facts or daily rows to a file; says how many, and the SHA-256 of the file."""
    form = _format(format)
    if after and what not in {What.FACTS, What.DECISIONS}:
        raise typer.BadParameter("only facts and decisions have a position to begin behind", param_hint="--after")
    with opened() as system:
        system.catch_up()
        try:
            bounds = Bounds(as_of=moment(as_of, system.context.clock()))
        except ValueError as error:
            raise fail(f"--as-of: {error}") from None
        with system.context.reads.view(bounds) as view, out.open("wb") as file:
            written = write(_rows(system, view, what, after), form, COLUMNS[what], file)
    if json:
        show_json({"count": written.rows, "sha256": written.sha256, "position": view.upto, "out": str(out)})
    else:
        typer.echo(f"{written.rows} rows are in {out}, up to position {view.upto}; SHA-256 {written.sha256}")


def _format(text: str) -> Format:
    if text == "parquet":
        raise typer.BadParameter("this release writes no parquet; expected csv or jsonl", param_hint="--format")
    if text not in list(Format):
        raise typer.BadParameter(f"expected csv or jsonl; got {text}", param_hint="--format")
    return Format(text)


def _rows(system: System, view: View, what: What, after: int) -> Iterator[Row]:
    match what:
        case What.FACTS:
            yield from _facts(system, view, after)
        case What.DECISIONS:
            found, _ = decisions(view, Wanted(decisions_only=True), EVERYTHING, newest_first=False)
            yield from (decision for decision in found if decision["position"] > after)
        case What.PROJECTS:
            shown, _ = list_projects(view, ProjectFilter(), "name", EVERYTHING, lambda *_: [])
            yield from (
                {**each, "declared_health": each["health"]["declared"], **daily.money_of(each)} for each in shown
            )
        case What.DAILY:
            yield from daily.days(view)


def _facts(system: System, view: View, after: int) -> Iterator[Row]:
    """Facts as they were stored, in commit order."""
    as_of = view.bounds.as_of
    while stored := system.store.read_documents(after, PORTION, view.upto):
        for position, _, document, _ in stored:
            fact = from_json(document)
            if as_of is None or datetime.fromisoformat(fact["occurred_at"]) <= as_of:
                yield flat({"position": position, **fact})
        after = stored[-1].position
