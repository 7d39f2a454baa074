"""What is wrong with a member, said for whoever gave it."""

from collections.abc import Mapping
from typing import Any


def sentence_of(error: Mapping[str, Any]) -> str:
    """One error of pydantic as a sentence."""
    match error["type"]:
        case "missing":
            return "required"
        case "extra_forbidden":
            return "not a member of this command"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")
