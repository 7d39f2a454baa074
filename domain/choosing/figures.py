"""The numbers an analysis is given and tells, and money of several currencies brought into one.

Given numbers are decimal, as text or as JSON numbers of a plain spelling. Money is told to the cent, ratios to 4
places, rates of return to 6, all rounded half to even; what is between is not rounded.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.money import CENT, Currency, Money
from domain.kernel.numbers import GIVEN, NOTHING, PRECISE, RATIO, TOLD, WHOLE, Number, number
from domain.kernel.refusal import Invalid
from domain.kernel.types import Rate, Strictly, as_tuple

__all__ = ["GIVEN", "NOTHING", "PRECISE", "RATIO", "TOLD", "WHOLE", "Number"]

T = TypeVar("T")
RETURN = Decimal("0.000001")

Nonnegative = Annotated[Decimal, Strict(False), number("a number from 0 up", lambda n: n >= 0), GIVEN, TOLD]
Above0 = Annotated[Decimal, Strict(False), number("a number above 0", lambda n: n > 0), GIVEN, TOLD]
Part = Annotated[Decimal, Strict(False), number("a part from 0 to 1", lambda n: 0 <= n <= 1), GIVEN, TOLD]
AnnualRate = Annotated[Decimal, Strict(False), number('a rate a year above -1, "0.08" is 8 %', lambda n: n > -1), GIVEN]
"""A rate a year as a part: 0.08 is 8 %."""

Some = Annotated[tuple[T, ...], Strict(False), BeforeValidator(as_tuple), Field(min_length=1, max_length=5_000)]
"""At least one."""
Listed = Annotated[tuple[T, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=20_000)]
"""Perhaps none."""


class GivenRate(Strictly):
    """What one unit of another currency is worth in that of the analysis."""

    currency: Currency
    rate: Rate


def exchanger(currency: str, rates: Iterable[GivenRate]) -> Callable[[Money, str], Decimal]:
    """A function that tells an amount in `currency`, unrounded, and takes the pointer to the money.

    It raises `Invalid` at that pointer for a currency without a rate.
    """
    worth: Mapping[str, Decimal] = {**{each.currency: each.rate for each in rates}, currency: WHOLE}

    def told(money: Money, pointer: str) -> Decimal:
        if money.currency not in worth:
            sentence = f"expected {currency}, or a rate from {money.currency} to {currency} under /rates"
            raise Invalid({f"{pointer}/currency": sentence})
        return PRECISE.multiply(money.amount, worth[money.currency])

    return told


def cents(amount: Decimal) -> Decimal:
    """An amount of money as it is told: to the cent, half to even."""
    return PRECISE.quantize(amount, CENT)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """Part by whole to 4 places, half to even; `None` where the whole is 0."""
    return PRECISE.quantize(PRECISE.divide(part, whole), RATIO) if whole else None


def each_once(items: Iterable[T], name: Callable[[T], Any], pointer: str, what: str) -> None:
    """Raises `Invalid` at the second of two items with one name."""
    seen = set()
    for place, item in enumerate(items):
        if name(item) in seen:
            raise Invalid({f"{pointer}/{place}": f"expected each {what} once; {name(item)} comes twice"})
        seen.add(name(item))


def known(name: str, names: Iterable[str], pointer: str, what: str) -> None:
    """Raises `Invalid` at the pointer for a name that is not among the names."""
    every = list(names)
    if name not in every:
        told = ", ".join(every[:10]) + (", …" if len(every) > 10 else "")
        raise Invalid({pointer: f"expected a known {what} ({told}); got {name}"})
