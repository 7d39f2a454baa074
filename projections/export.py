"""Rows as files for other programs: comma-separated values, or a JSON object a line."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import IO, Any, NamedTuple

from pydantic_core import to_json

HARMFUL = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Format(StrEnum):
    """What a file looks like."""

    CSV = "csv"
    JSONL = "jsonl"


class Written(NamedTuple):
    """How many rows a file holds, without its head, and the SHA-256 of its bytes in hexadecimal digits."""

    rows: int
    sha256: str


def write(rows: Iterable[Mapping[str, Any]], form: Format, columns: Sequence[str], file: IO[bytes]) -> Written:
    """Write rows as they come; `columns` are those of the table, in order, with the head in the first line."""
    count, digest = 0, sha256()
    if form is Format.CSV:
        count = -1
        lines = _table(rows, columns)
    else:
        lines = (to_json(row) + b"\n" for row in rows)
    for line in lines:
        file.write(line)
        digest.update(line)
        count += 1
    return Written(count, digest.hexdigest())


def _table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    yield _record(columns)
    for row in rows:
        yield _record([cell(row.get(column)) for column in columns])


def _record(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def cell(value: Any) -> str:
    """A value as a cell: nothing for none, JSON for what has parts; what would be a formula gets a ' in front.

    A plain negative number is none.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else to_json(value).decode()
    return f"'{text}" if text.startswith(HARMFUL) and not NUMBER.fullmatch(text) else text
