"""The sentences with which a command is turned down. Each says what would be allowed."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID


class Refused(Exception):
    """The command is illegal in the present state (409)."""

    def __init__(self, sentence: str, **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class Forbidden(Refused):
    """The caller is known but may not do this (403)."""


class Scoped(Refused):
    """A refusal that tells of things which not everybody may know."""

    def seen_by(self, sees: Callable[[UUID], bool]) -> Refused:
        """The same to somebody who may not know everything."""
        raise NotImplementedError


class Circular(Scoped):
    """A chain would lead back to where it began (409); it is told link by link, and its ids are in `cycle`.

    `links` are ids and names; a thing without a name is told by its id.
    """

    def __init__(self, before: str, links: Sequence[tuple[UUID, str | None]], joint: str, after: str) -> None:
        told = ", ".join(f"{one[1] or one[0]} {joint} {other[1] or other[0]}" for one, other in pairwise(links))
        super().__init__(f"{before}: {told}. {after}", cycle=[str(id) for id, _ in links])
        self._parts = before, links, joint, after

    def seen_by(self, sees: Callable[[UUID], bool]) -> "Circular":
        """Without the names of what is not known."""
        before, links, joint, after = self._parts
        return Circular(before, [(id, name if sees(id) else None) for id, name in links], joint, after)


class NotFound(Refused):
    """No fact in the caller's scope ever named this id (404)."""


class Invalid(Refused):
    """Members of the command are wrong (422); `errors` maps JSON pointer to sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{pointer}: {sentence}" for pointer, sentence in errors.items()))
        self.errors = errors


class Stale(Refused):
    """`If-Match` names another version than the current one (412)."""


class Conflict(Refused):
    """A stream read for the decision moved on before it was recorded (409)."""


class KeyReused(Refused):
    """An idempotency key came back with another content (422)."""


class Busy(Refused):
    """The store cannot take the command now; nothing was recorded (503)."""
