"""Why: the reason every decision carries."""

from collections.abc import Collection
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from domain.kernel.premises import Premise
from domain.kernel.refusal import Invalid, Refused
from domain.kernel.types import Day, Id, Line, Prose, Slug, Strictly, as_tuple, titled

EMPTY_REASONS = {"n/a", "na", "none", "tbd", "todo", "-", "?"}
OTHER = "other"


def _said(text: str) -> str:
    if text.strip(" .!").casefold() in EMPTY_REASONS:
        raise ValueError(f"expected what there is to say; {text!r} says nothing")
    return text


def _reason(text: str) -> str:
    if text.strip(" .!").casefold() in EMPTY_REASONS:
        raise ValueError(f"expected a reason; {text!r} gives none")
    if len(text.split()) < 2 or len(text) < 10:
        raise ValueError("expected a reason of at least 2 words and 10 characters")
    return text


class Evidence(Strictly):
    """What a decision rests on: a titled link, with the SHA-256 of what it showed then."""

    title: Line
    url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Alternative(Strictly):
    """A course that was considered and not taken."""

    title: Line
    note: Prose | None = None


def _is_empty(value: object) -> bool:
    return value == ()


class Rationale(Strictly):
    """A typed reason.

    `code` classifies it, `text` says it in words, `review_on` is the day it should be looked at
    again, `supersedes` is the event id of the decision this one corrects. `premises` are figures it
    rests on; they are watched, and are there only if any were given.
    """

    code: Slug
    text: Prose
    alternatives: Annotated[tuple[Alternative, ...], Strict(False), BeforeValidator(titled), Field(max_length=50)] = ()
    evidence: Annotated[tuple[Evidence, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=50)] = ()
    review_on: Day | None = None
    supersedes: Id | None = None
    premises: Annotated[tuple[Premise, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=20)] = Field(
        default=(), exclude_if=_is_empty
    )


SaidText = Annotated[Prose, AfterValidator(_said)]
"""What a person has to say, which is more than that it will be said."""
ReasonText = Annotated[Prose, AfterValidator(_reason)]
"""What a person gives as reason: at least 2 words and 10 characters."""


class GivenRationale(Rationale):
    """The rationale of a command: at least 2 words and 10 characters."""

    text: ReasonText


def require_code(rationale: Rationale, codes: Collection[str], pointer: str = "/rationale") -> Rationale:
    """Check the code against the list of this decision; `other` demands a longer text.

    Raises `Invalid` naming the codes that are allowed. `pointer` is where the command holds the rationale.
    """
    if codes and rationale.code not in {*codes, OTHER}:
        allowed = ", ".join([*codes, OTHER])
        raise Invalid({f"{pointer}/code": f"expected one of {allowed}; got {rationale.code}"})
    if rationale.code == OTHER and (len(rationale.text.split()) < 4 or len(rationale.text) < 20):
        raise Invalid({f"{pointer}/text": "the code other demands a reason of at least 4 words and 20 characters"})
    return rationale


def must_not_be_lost(rationale: Rationale | None) -> None:
    """Raises `Refused` for a reason given with a command that would change nothing, and so record nothing."""
    if rationale:
        raise Refused("Nothing would change, and a reason without a change would be lost; leave it out.")
