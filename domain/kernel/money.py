"""Money: a decimal amount with its currency; amounts by month; rates between currencies."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Strict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import InitErrorDetails

from domain.kernel.types import Amount, Line, Strictly, as_tuple

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Month = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
"""A month of the calendar as text, such as 2026-03."""
Category = Annotated[Line, Field(max_length=100)]
"""What money is for, in the organisation's own words: capex, opex, labour, …"""
CENT = Decimal("0.01")
MINOR_PLACES = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""The decimal places of the smallest unit of a currency (ISO 4217), where these are not two."""
TOO_LARGE = Decimal(10) ** 15
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Room for every digit of any amount times any rate."""


class Money(Strictly):
    """`amount` as decimal text with at most 4 places, `currency` as ISO 4217 code."""

    amount: Amount
    currency: Currency


def uncoined(money: Money) -> str | None:
    """What to say of an amount that has more places than its currency."""
    places = MINOR_PLACES.get(money.currency, 2)
    if money.amount == round(money.amount, places):
        return None
    return f"expected {f'at most {places}' if places else 'no'} decimal places; {money.currency} has no more"


def _coined(given: Any, read: ValidatorFunctionWrapHandler) -> Money:
    money: Money = read(given)
    if sentence := uncoined(money):
        raise _wrong({("amount",): sentence}, given)
    return money


def _wrong(sentences: Mapping[tuple[str | int, ...], str], given: Any) -> ValidationError:
    errors = [
        InitErrorDetails(type="value_error", loc=place, input=given, ctx={"error": ValueError(sentence)})
        for place, sentence in sentences.items()
    ]
    return ValidationError.from_exception_data("Money", errors)


GivenMoney = Annotated[Money, WrapValidator(_coined)]
"""Money as a command gives it: no smaller than the currency's smallest unit. What is stored is read as it is."""


class MonthlyAmount(Strictly):
    """What one category comes to in one month; `money` is null when nothing holds any more."""

    month: Month
    category: Category
    money: Money | None


def _each_once(lines: tuple[MonthlyAmount, ...]) -> tuple[MonthlyAmount, ...]:
    seen = set()
    for line in lines:
        if (line.month, line.category) in seen:
            raise ValueError(f"expected each category once a month; {line.category} in {line.month} comes twice")
        seen.add((line.month, line.category))
    return lines


MonthlyAmounts = Annotated[
    tuple[MonthlyAmount, ...], Strict(False), BeforeValidator(as_tuple), Field(min_length=1, max_length=1000)
]


class _Line(Protocol):
    @property
    def money(self) -> Money | None: ...


L = TypeVar("L", bound=_Line)


def coined_lines(lines: tuple[L, ...]) -> tuple[L, ...]:
    """Lines whose money is no smaller than the smallest unit of its currency."""
    wrong: dict[tuple[str | int, ...], str] = {
        (place, "money", "amount"): sentence
        for place, line in enumerate(lines)
        if line.money and (sentence := uncoined(line.money))
    }
    if wrong:
        raise _wrong(wrong, None)
    return lines


GivenMonthlyAmounts = Annotated[MonthlyAmounts, AfterValidator(_each_once), AfterValidator(coined_lines)]
"""Amounts as a command gives them: each category once a month."""


def total_of(amounts: Iterable[Money]) -> Money | None:
    """The sum in the only currency there is; `None` without any, in several, or with more digits than an amount has."""
    found = list(amounts)
    total = sum((money.amount for money in found), Decimal(0))
    if len({money.currency for money in found}) != 1 or abs(total) >= TOO_LARGE:
        return None
    return Money(amount=total, currency=found[0].currency)


def last_day(month: str) -> date:
    """The last day of a month, for which its amounts are converted."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True)
class Rates:
    """What one unit of a foreign currency is worth in the `home` currency, from a day on.

    `quoted` maps a currency to its rates by their first day.
    """

    home: str | None
    quoted: Mapping[str, Mapping[date, Decimal]] = field(default_factory=dict)

    def worth(self, amount: Decimal, currency: str, on: date) -> Decimal | None:
        """An amount in the home currency by the rate that is valid on a day, which is the latest from before it.

        Converted amounts are rounded to two places, half to even; `None` = there is no rate.
        """
        if currency == self.home:
            return amount
        valid = [day for day in self.quoted.get(currency, {}) if day <= on]
        if not valid:
            return None
        return EXACT.quantize(EXACT.multiply(amount, self.quoted[currency][max(valid)]), CENT)
