"""What is wrong with a file or a mapping, in sentences."""

import re
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from domain.kernel.refusal import Refused

PLAIN = {
    "missing": "is missing",
    "string_type": "expected text",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "list_type": "expected a list",
    "string_too_short": "expected text; got none",
}
OUR_WORDING = re.compile("^(String should have|Input should be)")
LONGEST_QUOTE = 80
Place = tuple[int | str, ...]


class CannotImport(Refused):
    """The file or the mapping as a whole cannot be used; nothing was recorded."""


def told(error: ValidationError, place: Callable[[Place], str], known: Callable[[Place], Sequence[str]]) -> str:
    """Every problem that was found, each naming its place and what was expected there.

    `known` lists the names that are possible where an unknown one was found.
    """
    found = []
    for problem in error.errors(include_url=False, include_context=False):
        loc, kind, given = problem["loc"], problem["type"], problem["input"]
        if kind == "extra_forbidden":
            found.append(f"{place(loc)} is not known; expected one of {', '.join(known(loc[:-1]))}")
            continue
        sentence = PLAIN.get(kind) or OUR_WORDING.sub("expected", problem["msg"].removeprefix("Value error, "))
        if isinstance(given, str | int) and "got " not in sentence:
            sentence += f"; got {shortened(given)}"
        found.append(f"{place(loc)} {sentence}".strip())
    return "; ".join(found)


def shortened(value: object) -> str:
    """A value as it is quoted in a sentence."""
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def dotted(loc: Place) -> str:
    """A place inside a line, such as `initial.owner`."""
    return ".".join(str(part) for part in loc) + ":" if loc else ""
