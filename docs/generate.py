"""Writes the generated pages of the documentation; with `--check` only compares.

python docs/generate.py [--check]
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

from fact_schemas import settle

from api.rules import COMMANDS, RULES, Roles
from domain.facts import CATALOGUE, UPCASTERS
from domain.identity.words import Role
from domain.kernel.command import Given
from domain.kernel.event import Decision, Event
from domain.operations import OPERATIONS
from domain.processes.committing import TOLD
from domain.project.project import Project
from domain.project.scoring_events import ProjectScored, ProjectScoreOverridden
from domain.project.words import MOVES, Move

DOCS = Path(__file__).parent
SCHEMAS = DOCS / "schemas"
WRITTEN_BY = "Written by `make docs`; `make check` compares it with the code."


def facts_page() -> str:
    """Every fact with its fields."""
    lines = ["# Facts", "", WRITTEN_BY, ""]
    lines += [
        "Every fact travels in the envelope described in [contract.md](contract.md). *Decision* means that it",
        "always carries a rationale; *stream* is the kind of thing whose stream holds it; *about* lists the",
        "members that name further subjects. The whole message of each is in [schemas](schemas), as JSON Schema.",
        "",
    ]
    for name, fact in sorted(CATALOGUE.items()):
        lines += _fact(name, fact)
    return "\n".join(lines)


def _fact(name: str, fact: type[Event]) -> list[str]:
    kind = "decision" if issubclass(fact, Decision) else "fact"
    about = ", ".join(f"`{member}` ({of})" for member, of in fact.about.items())
    head = f"{kind.capitalize()}; stream: {fact.stream_kind}" + (f"; about: {about}" if about else "") + "."
    rows = ["| member | type | |", "| --- | --- | --- |"]
    schema = fact.model_json_schema(mode="serialization")
    required = schema.get("required", [])
    for member, shape in schema["properties"].items():
        if member != "why":
            rows.append(f"| `{member}` | {_type(shape, schema)} | {'required' if member in required else ''} |")
    table = rows if len(rows) > 2 else ["No members beside the envelope."]
    return [f"## `{name}`", "", _sentences(fact), "", head, *_older(name), "", *table, ""]


def _older(name: str) -> list[str]:
    """Which older versions are still stored and read as this one."""
    older = sorted(each for each in UPCASTERS if _today(each) == name)
    links = ", ".join(f"[`{each}`](schemas/{each}.json)" for each in older)
    return ["", f"Also stored as {links}, which is read as this one."] if older else []


def _today(name: str) -> str:
    """The version that today's code reads a version as."""
    while name in UPCASTERS:
        name, _ = UPCASTERS[name]
    return name


def _type(shape: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in shape:
        name = shape["$ref"].rsplit("/", 1)[1]
        target = schema["$defs"][name]
        return " \\| ".join(f"`{word}`" for word in target["enum"]) if "enum" in target else name
    if "anyOf" in shape:
        return " or ".join(_type(each, schema) for each in shape["anyOf"])
    if "enum" in shape:
        return " \\| ".join(f"`{word}`" for word in shape["enum"])
    return str(shape.get("format", shape.get("type", "any JSON")))


def lifecycle_page() -> str:
    """Every move of the lifecycle and who may make it."""
    lines = ["# Lifecycle and rights", "", WRITTEN_BY, "", "## Moves of a component", ""]
    lines += ["| verb | from | to | fact | roles | required | rule |", "| --- " * 7 + "|"]
    lines += [_move(verb, move) for verb, move in MOVES.items()]
    lines += ["", "## What a committed scenario tells a component", "", _sentences(OPERATIONS["scenarios.commit"].body)]
    lines += ["", "| verdict | from | to | fact |", "| --- " * 4 + "|"]
    lines += [f"| {row.verdict} | {', '.join(row.sources)} | {row.target} | {_named(row.fact)} |" for row in TOLD]
    lines += ["", *_scores()]
    lines += ["", "## Every command", "", "| operation | roles | required | what it does |", "| --- " * 4 + "|"]
    lines += [
        f"| `{name}` | {', '.join(operation.roles)} | {_required(operation.body)} | {_sentences(operation.body)} |"
        for name, operation in OPERATIONS.items()
    ]
    lines += ["", "## Everything else", "", "| route | roles, within their scope |", "| --- | --- |"]
    lines += [f"| `{rule}` | {_who(roles)} |" for rule, roles in RULES.items() if rule not in COMMANDS]
    return "\n".join([*lines, ""])


def _scores() -> list[str]:
    """What is done to a component under evaluation, which leaves it in that state."""
    facts = f"`{ProjectScored.fact_name}`", f"`{ProjectScoreOverridden.fact_name}`"
    return [
        f"Under evaluation it is scored, and stays there: `projects.score` ({facts[0]}) by the scorers that the",
        "evaluation names, without any by the portfolio manager and the board, under a version of a scoring model of",
        f"its portfolio; `projects.override-score` ({facts[1]}) with a reason. A new evaluation after",
        "`recycle` begins without scores; `reopen`, and `evaluate` from deferred, keep them.",
    ]


def _move(verb: str, move: Move) -> str:
    """A row of the lifecycle; what it records and its rule are those of the method that decides it."""
    operation, decides = OPERATIONS[f"projects.{verb}"], getattr(Project, verb)
    returned = get_type_hints(decides)["return"]
    facts = ", ".join(f"`{fact.fact_name}`" for fact in get_args(returned) or [returned])
    roles, states = ", ".join(operation.roles), ", ".join(move.sources)
    required = _required(operation.body)
    return f"| `{verb}` | {states} | {move.target} | {facts} | {roles} | {required} | {_sentences(decides)} |"


def _named(fact: type[Event] | None) -> str:
    """A fact by its name; the whole tells of what has none of its own."""
    return f"`{fact.fact_name}`" if fact else "only in `portfolio.scenario_committed.v1`"


def _required(body: type[Given]) -> str:
    """The members that a command must have."""
    needed = [field.alias or name for name, field in body.model_fields.items() if field.is_required()]
    return ", ".join(f"`{name}`" for name in needed)


def _sentences(described: object) -> str:
    """What something says of itself, on one line."""
    return " ".join((described.__doc__ or "").split())


def _who(roles: Roles | None) -> str:
    """The roles of a rule in words."""
    if roles is None:
        return "nobody needs a key"
    return "any" if set(roles) == set(Role) else ", ".join(roles) or "a valid key"


def settle_pages(*, write: bool) -> Iterator[str]:
    """A sentence for each page that is not what the code says, or the page itself."""
    for name, text in (("facts.md", facts_page()), ("lifecycle.md", lifecycle_page())):
        page = DOCS / name
        if write:
            page.write_text(text)
        elif not page.exists() or page.read_text() != text:
            yield f"docs/{name} is not what the code says; run: make docs"


def main() -> int:
    """Write or compare; the exit code says whether anything differs."""
    write = "--check" not in sys.argv
    differences = [*settle_pages(write=write), *settle(SCHEMAS, CATALOGUE, UPCASTERS, write=write)]
    for sentence in differences:
        print(sentence, file=sys.stderr)
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
