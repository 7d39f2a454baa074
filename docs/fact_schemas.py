"""The JSON Schema of each stored fact, and what keeps a stored fact readable for ever.

A schema describes the whole message: the fact as `/events` gives it, without its `position`.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from breaking import Schema, breaks
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from domain.kernel.event import Event, Subject

FROZEN = "frozen.sha256"
"""Fingerprints of the schemas that no class makes any more, as `sha256sum --check` reads them."""
SUBJECT = {"$ref": "#/$defs/Subject"}
TEXT = {"type": "string"}
ID = {"type": "string", "format": "uuid"}
INSTANT = {
    "type": "string",
    "format": "date-time",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?Z$",
}


class _Plain(GenerateJsonSchema):
    """Without a title for each member, which would only say its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False


def schema_of(name: str, fact: type[Event]) -> Schema:
    """The schema of the messages that hold this fact."""
    kinds = [(kind, "serialization", TypeAdapter(kind)) for kind in (fact, Subject)]
    models, definitions = TypeAdapter.json_schemas(kinds, schema_generator=_Plain)
    definitions = definitions["$defs"]
    data = definitions.pop(models[fact, "serialization"]["$ref"].removeprefix("#/$defs/"))
    rationale = data["properties"].pop("why")
    members = _envelope(name, rationale) | {"data": _data(data)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:whyfolio:fact:{name}",
        "title": name,
        "description": " ".join((fact.__doc__ or "").split()),
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
        "$defs": definitions,
    }


def _envelope(name: str, rationale: Schema) -> dict[str, Schema]:
    return {
        "event_id": ID,
        "name": {"const": name},
        "stream_id": ID,
        "version": {"type": "integer", "minimum": 1, "description": "counts the facts of the stream"},
        "subjects": {"type": "array", "items": SUBJECT, "minItems": 1, "description": "every thing it is about"},
        "occurred_at": {**INSTANT, "description": "when it happened in the business"},
        "recorded_at": {**INSTANT, "description": "when it was first recorded"},
        "stored_at": {**INSTANT, "description": "when this store appended it"},
        "actor": {**TEXT, "description": "who did it"},
        "role": {**TEXT, "description": "the role in which they did it"},
        "correlation_id": TEXT,
        "causation_id": {"anyOf": [TEXT, {"type": "null"}]},
        "inputs_position": {
            "anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}],
            "description": "up to where whoever decided had seen the portfolio",
        },
        "rationale": {keyword: each for keyword, each in rationale.items() if keyword != "default"},
    }


def _data(model: Schema) -> Schema:
    """The fact's own members; what was stored before an optional one came lacks it."""
    required = [member for member in model.get("required", ()) if member != "why"]
    return {
        "type": "object",
        "properties": model["properties"],
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def settle(folder: Path, catalogue: Mapping[str, type[Event]], older: Collection[str], *, write: bool) -> Iterator[str]:
    """A sentence for each schema of the folder that is not what the code says.

    With `write` the code's schemas are written, except where that would break facts that are stored;
    `older` names the versions that are read through an upcaster, whose schemas stay as they are.
    """
    for name, fact in sorted(catalogue.items()):
        yield from _settle(folder / f"{name}.json", schema_of(name, fact), write=write)
    for path in sorted(folder.glob("*.json")):
        if path.stem not in {*catalogue, *older}:
            yield f"{path.stem} was stored and nothing reads it any more: bring it back, or an upcaster from it"
    yield from _settle_frozen(folder, older, write=write)


def _settle(path: Path, schema: Schema, *, write: bool) -> Iterator[str]:
    text = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    stored = path.read_text() if path.exists() else None
    if stored == text:
        return
    broken = breaks(json.loads(stored), schema) if stored else []
    if broken:
        yield (
            f"{path.stem} would break facts that are stored: {'; '.join(broken)}. Put it back, "
            "or make a new version with an upcaster from this one (docs/decisions/0010-the-form-of-stored-facts.md)"
        )
    elif write:
        path.write_text(text)
    else:
        yield f"docs/{path.parent.name}/{path.name} is not what the code says; run: make docs"


def _settle_frozen(folder: Path, older: Collection[str], *, write: bool) -> Iterator[str]:
    register = folder / FROZEN
    lines = register.read_text().splitlines() if register.exists() else []
    known = {file.removesuffix(".json"): fingerprint for fingerprint, file in map(str.split, lines)}
    for name in sorted({*older, *known}):
        path = folder / f"{name}.json"
        fingerprint = sha256(path.read_bytes()).hexdigest() if path.exists() else None
        if fingerprint is None or fingerprint != known.get(name, fingerprint):
            yield f"docs/{folder.name}/{path.name} was lost or changed; facts are stored in this form: put it back"
        elif name not in known and write:
            with register.open("a") as lines_of_register:
                lines_of_register.write(f"{fingerprint}  {path.name}\n")
        elif name not in known:
            yield f"docs/{folder.name}/{FROZEN} lacks {name}; run: make docs"
