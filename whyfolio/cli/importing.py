"""The verb that takes a history in from a file."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from projections.bounds import Bounds
from projections.paging import Page
from projections.portfolios import list_portfolios
from whyfolio.cli.console import Json, fail, opened, progress, show_json
from whyfolio.wiring import System
from workers.imports.mapping import read_mapping
from workers.imports.run import Destination, Format, Import, Report, new_portfolio
from workers.imports.values import one_line

SHOWN = 20
EVERYTHING = Page(limit=10**9)
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file to take in, JSON lines or CSV.")]
MappingFile = Annotated[Path, typer.Option("--mapping", help="The TOML file that says what its words mean.")]
PortfolioName = Annotated[str, typer.Option("--portfolio", help="The portfolio's name; a new one is created.")]
FormatWord = Annotated[Format | None, typer.Option("--format", help="Only if the file's ending does not tell.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the whole file and report; record nothing.")]
SkipRefused = Annotated[bool, typer.Option("--skip-refused", help="Record the rest even if lines are refused.")]
ENDINGS = {".jsonl": Format.JSONL, ".ndjson": Format.JSONL, ".csv": Format.CSV}


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    example = "whyfolio import today.csv --mapping today.toml --portfolio Digital --dry-run"
    app.command("import", epilog=f"Example: {example}")(import_file)


def import_file(
    file: File,
    mapping: MappingFile,
    portfolio: PortfolioName,
    form: FormatWord = None,
    dry_run: DryRun = False,
    json: Json = False,
    skip_refused: SkipRefused = False,
) -> None:
    """Take a history in from a file: every change with its time, actor and reason, each once."""
    with opened() as system:
        words, found = read_mapping(mapping), _find(system, portfolio)
        checked = Import(system.store, file, form or _format_of(file), words, found, system.context.clock())
        report = checked.report
        accepted = skip_refused or not report.refused
        if not accepted:
            report.facts = {}
        elif not dry_run:
            checked.record(system.context.new_id, progress("Recorded"))
            system.catch_up()
        _show(report, portfolio, json=json, recorded=accepted and not dry_run)
        if report.refused:
            raise fail(_refusal(report, recorded=accepted and not dry_run))


def _format_of(file: Path) -> Format:
    if file.suffix.lower() not in ENDINGS:
        raise fail(f"{file} does not end with {', '.join(ENDINGS)}; give --format jsonl or --format csv")
    return ENDINGS[file.suffix.lower()]


def _find(system: System, name: str) -> Destination:
    """The portfolio of this name, or the one that will be made."""
    try:
        wanted = one_line(name)
    except ValidationError:
        raise fail(f"--portfolio: expected a name of at most 400 characters; got {name!r}") from None
    system.catch_up()
    with system.context.reads.view(Bounds()) as view:
        found = [each for each in list_portfolios(view, EVERYTHING)[0] if each["name"] == wanted]
    if len(found) > 1:
        ids = ", ".join(each["id"] for each in found)
        raise fail(f"several portfolios are called {wanted!r}: {ids}; an import needs one name for one portfolio")
    if not found:
        return new_portfolio(wanted)
    return Destination(UUID(found[0]["id"]), wanted, found[0]["currency"])


def _show(report: Report, portfolio: str, *, json: bool, recorded: bool) -> None:
    if json:
        return show_json(report.document())
    facts, new = sum(report.facts.values()), report.lines - report.skipped - len(report.refused)
    done = "were recorded" if recorded else "would be recorded"
    typer.echo(f"{report.lines} lines: {new} new, {report.skipped} recorded before, {len(report.refused)} refused.")
    typer.echo(f"{facts} facts {done} in {portfolio} ({report.portfolio}).")
    for name, count in sorted(report.facts.items()):
        typer.echo(f"  {count} {name}")
    if report.irregular or report.raised_times:
        typer.echo(f"{report.irregular} irregular changes of state, {report.raised_times} times raised.")
    for word, count in report.unknown_words.items():
        typer.echo(f"Unknown state word {word!r}, {count} times.")
    for each in report.unreadable[:SHOWN]:
        typer.echo(f"Line {each['line']}: {each['field']} is kept as text: {each['value']!r}")
    if len(report.unreadable) > SHOWN:
        typer.echo(f"… and {len(report.unreadable) - SHOWN} more values kept as text; --json lists them all.")


def _refusal(report: Report, *, recorded: bool) -> str:
    sentences = [f"line {refusal.line}: {refusal.reason}" for refusal in report.refused[:SHOWN]]
    if len(report.refused) > SHOWN:
        sentences.append(f"… and {len(report.refused) - SHOWN} more; --json lists them all")
    rest = "the other lines were recorded" if recorded else "nothing was recorded"
    return "\n".join([*sentences, f"{len(report.refused)} of {report.lines} lines were refused; {rest}."])
