"""Monte Carlo: the net present value over drawn assumptions, the same for the same seed. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import floor, fsum, sqrt
from random import Random
from typing import Annotated

from pydantic import Field

from domain.choosing.cash_flows import Flow
from domain.choosing.figures import RATIO, WHOLE, Number, cents
from domain.kernel.refusal import Invalid
from domain.kernel.types import Line, Strictly

DISCOUNT_RATE = "discount_rate"
"""The name of the one assumption that is no line."""
LIMIT = 2_000_000
"""Draws times flows that are computed at most."""
Seed = Annotated[int, Field(ge=0, le=2**53)]


class Range(Strictly):
    """What an assumption may be: even between `low` and `high`, or a triangle with its top at `likely`."""

    of: Line
    low: Number
    likely: Number | None = None
    high: Number

    def must_ascend(self, pointer: str) -> None:
        """Raises `Invalid` unless low ≤ likely ≤ high."""
        if self.high < self.low:
            raise Invalid({f"{pointer}/high": f"expected at least low, {self.low:f}; got {self.high:f}"})
        if self.likely is not None and not self.low <= self.likely <= self.high:
            told = f"expected a value between low and high, {self.low:f} to {self.high:f}; got {self.likely:f}"
            raise Invalid({f"{pointer}/likely": told})


class MonteCarlo(Strictly):
    """How many times everything with a range is drawn, and from which seed."""

    draws: Annotated[int, Field(ge=100, le=20_000)] = 1_000
    seed: Seed = 1


class Simulated(Strictly):
    """The net present values drawn, in the currency of the analysis.

    `standard_deviation` is that of the draws; p5 is the value that a twentieth of them stays below (nearest rank);
    `chance_of_loss` is the part of them below 0.
    """

    draws: int
    seed: int
    mean: Decimal
    standard_deviation: Decimal
    minimum: Decimal
    p5: Decimal
    p25: Decimal
    p50: Decimal
    p75: Decimal
    p95: Decimal
    maximum: Decimal
    chance_of_loss: Decimal


def simulate(
    asked: MonteCarlo, ranges: Mapping[str, Range], lines: Mapping[str, Sequence[Flow]], rate: Decimal
) -> Simulated:
    """Draw every range by itself, in the order they were given; what has none stays as it is.

    Only `Random.random` is used, whose numbers Python promises to keep for a seed. Raises `Invalid` without a range.
    """
    if not ranges:
        raise Invalid({"/ranges": "expected at least one range to draw from; monte_carlo has nothing to vary"})
    if asked.draws * sum(map(len, lines.values())) > LIMIT:
        raise Invalid({"/monte_carlo/draws": f"expected draws × flows up to {LIMIT:,}; draw fewer times"})
    chance = Random(asked.seed)  # noqa: S311 (no secret)
    flows = {name: [(float(time), float(amount)) for time, amount in each] for name, each in lines.items()}
    still = {name: _worth(each, float(rate)) for name, each in flows.items()}
    found = []
    for _ in range(asked.draws):
        factors = {name: drawn(each, chance.random()) for name, each in ranges.items()}
        at = factors.get(DISCOUNT_RATE)
        worth = still if at is None else {name: _worth(each, at) for name, each in flows.items()}
        found.append(fsum(each * factors.get(name, 1.0) for name, each in worth.items()))
    return _told(asked, sorted(found))


def _worth(flows: Sequence[tuple[float, float]], rate: float) -> float:
    return fsum(amount * (1 + rate) ** -time for time, amount in flows)


def drawn(span: Range, part: float) -> float:
    """The value that the part `part` of a distribution lies below (its inverse)."""
    low, high = float(span.low), float(span.high)
    if span.likely is None or high == low:
        return low + (high - low) * part
    top = (float(span.likely) - low) / (high - low)
    if part < top:
        return low + (high - low) * sqrt(part * top)
    return high - (high - low) * sqrt((1 - part) * (1 - top))


def _told(asked: MonteCarlo, found: Sequence[float]) -> Simulated:
    mean = fsum(found) / len(found)

    def at(percent: int) -> Decimal:
        return _money(found[max(0, -floor(-percent * len(found) / 100) - 1)])

    return Simulated(
        draws=asked.draws,
        seed=asked.seed,
        mean=_money(mean),
        standard_deviation=_money(sqrt(fsum((each - mean) ** 2 for each in found) / len(found))),
        minimum=_money(found[0]),
        p5=at(5),
        p25=at(25),
        p50=at(50),
        p75=at(75),
        p95=at(95),
        maximum=_money(found[-1]),
        chance_of_loss=(WHOLE * sum(each < 0 for each in found) / len(found)).quantize(RATIO),
    )


def _money(amount: float) -> Decimal:
    return cents(Decimal(amount))
