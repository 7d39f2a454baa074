"""Lists in pages that do not shift: a cursor carries the position it began at."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from pydantic_core import from_json, to_json

T = TypeVar("T")
Answer = dict[str, Any]


class Page(NamedTuple):
    """Which part of a list is wanted: `offset` items are skipped, `limit` items answered."""

    limit: int = 100
    offset: int = 0


EVERY = Page(10**9)
"""All there is, in one."""


class BadCursor(ValueError):
    """The text is no cursor of ours."""


def encode_cursor(**members: Any) -> str:
    """A cursor as opaque text."""
    return urlsafe_b64encode(to_json(members)).decode().rstrip("=")


def decode_cursor(text: str) -> dict[str, Any]:
    """The members of a cursor. Raises `BadCursor`."""
    try:
        members = from_json(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise BadCursor(text) from None
    if not isinstance(members, dict) or not all(_is_count(members.get(name, 0)) for name in ("offset", "pin")):
        raise BadCursor(text)
    return members


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62


def ordered(items: Iterable[T], value: Callable[[T], Any], tie: Callable[[T], str], *, descending: bool) -> list[T]:
    """Sort by a value: text by code point, nulls last in both directions, ties by id."""
    valued = [(value(item), item) for item in sorted(items, key=tie)]
    present = [pair for pair in valued if pair[0] is not None]
    absent = [item for found, item in valued if found is None]
    return [item for _, item in sorted(present, key=itemgetter(0), reverse=descending)] + absent


def page_of(items: Sequence[T], page: Page) -> tuple[Sequence[T], bool]:
    """The items of a page, and whether there are more behind it."""
    end = page.offset + page.limit
    return items[page.offset : end], len(items) > end
