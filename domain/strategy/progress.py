"""How far a goal is, as far as that is known. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from domain.strategy.words import NOTHING, WHOLE


class Contribution(NamedTuple):
    """What reaching a goal owes to one project: `weight` of it, of which the part `progress` is delivered.

    `progress` is `None` while nobody has recorded any.
    """

    weight: Decimal
    progress: Decimal | None


class RollUp(NamedTuple):
    """The progress of a goal, 0 to 1, `None` if that of no contribution is known.

    It counts `of` contributions, `missing` of them without recorded progress. `weight` is the sum of all
    weights, the most that these contributions can bring; `known_weight` the sum of those that are counted.
    """

    progress: Decimal | None
    of: int
    missing: int
    weight: Decimal
    known_weight: Decimal


def rolled_up(contributions: Iterable[Contribution]) -> RollUp:
    """Σ weight × progress over the contributions whose progress is known."""
    every = list(contributions)
    known = [(each.weight, each.progress) for each in every if each.progress is not None]
    return RollUp(
        progress=sum((weight * progress for weight, progress in known), NOTHING) if known else None,
        of=len(every),
        missing=len(every) - len(known),
        weight=sum((each.weight for each in every), NOTHING),
        known_weight=sum((weight for weight, _ in known), NOTHING),
    )


def reached(start: Decimal, target: Decimal, current: Decimal) -> Decimal:
    """(current - start) / (target - start), from 0 to 1: what is beyond either end counts as that end.

    `start` and `target` differ; a target below the start is a measure that has to fall.
    """
    return max(NOTHING, min(WHOLE, (current - start) / (target - start)))
