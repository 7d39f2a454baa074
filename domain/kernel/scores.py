"""What several scorers gave, brought into one score, its spread and an order. Pure."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from statistics import median

from domain.kernel.numbers import NOTHING, PRECISE, RATIO
from domain.kernel.scoring import BUCKETS, Aggregation, Bucket
from domain.kernel.types import Strictly


class Spread(Strictly):
    """How far the scorers are apart; the standard deviation is that of these scorers, to 4 places."""

    low: Decimal
    high: Decimal
    standard_deviation: Decimal


def told(value: Decimal) -> Decimal:
    """A score as it is told: to 4 places, half to even."""
    return PRECISE.quantize(value, RATIO)


def together(how: Aggregation, values: Sequence[Decimal]) -> Decimal:
    """The mean or the median of at least one score."""
    middle = median(values) if how is Aggregation.MEDIAN else PRECISE.divide(sum(values, NOTHING), Decimal(len(values)))
    return told(middle)


def computed(how: Aggregation, given: Mapping[str, Decimal | None], assigned: Collection[str] = ()) -> Decimal | None:
    """What the scorers came to together: those who were assigned, else all who scored.

    `None` while there is nobody, or one of them has not said everything: what is missing is never 0.
    """
    scores = [given.get(scorer) for scorer in assigned or given]
    complete = [score for score in scores if score is not None]
    return together(how, complete) if complete and len(complete) == len(scores) else None


def spread(values: Sequence[Decimal]) -> Spread:
    """How far at least one score are apart."""
    mean = PRECISE.divide(sum(values, NOTHING), Decimal(len(values)))
    variance = PRECISE.divide(sum(((each - mean) ** 2 for each in values), NOTHING), Decimal(len(values)))
    return Spread(low=told(min(values)), high=told(max(values)), standard_deviation=told(PRECISE.sqrt(variance)))


def bucket_of(score: Decimal) -> Bucket:
    """The bucket nearest to what the scorers said together, of two as near the higher."""
    return min(BUCKETS, key=lambda bucket: abs(BUCKETS[bucket] - score))


def ranks(scores: Sequence[Decimal]) -> dict[Decimal, int]:
    """The place of each score from the highest down, 1 more than how many are above it."""
    places = enumerate(sorted(scores, reverse=True), start=1)
    return {value: place for place, value in reversed(list(places))}
