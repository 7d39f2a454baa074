"""The sentences with which a command is turned down. Each says what would be allowed."""

from typing import Any


class Refused(Exception):
    """The command is illegal in the present state (409)."""

    def __init__(self, sentence: str, **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class Forbidden(Refused):
    """The caller is known but may not do this (403)."""


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
