"""The committed schemas, as anybody who reads the feed would use them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"


@cache
def validator(name: str) -> Draft202012Validator:
    """Checks messages that hold a fact of this name."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def problems(document: Any) -> list[str]:
    """Where the message of a fact does not follow the schema of its name."""
    return [f"{error.json_path}: {error.message}" for error in validator(document["name"]).iter_errors(document)]
