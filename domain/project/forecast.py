"""What a component is expected to cost, as it was said at one moment, and how far another moment is from it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.kernel.money import Money, Rates, last_day

Place = tuple[str, str]
"""A month and a category."""


class Forecast(NamedTuple):
    """Amounts by month and category; without any, the `single` total that was given."""

    months: Mapping[Place, Money]
    single: Money | None = None

    @property
    def is_single(self) -> bool:
        """Whether it is one total that nobody has spread over months."""
        return not self.months and self.single is not None

    def change_to(self, later: "Forecast", rates: Rates, on: date) -> Decimal | None:
        """The sum of all differences, up or down, so that nothing nets out; `None` if a rate is missing.

        Where one of the two is a single total, which is converted for a day, the totals differ.
        """
        if self.is_single or later.is_single:
            return _between(self._worth(rates, on), later._worth(rates, on))
        total = Decimal(0)
        for place in self.months.keys() | later.months.keys():
            before, after = self.months.get(place), later.months.get(place)
            moved = Decimal(0) if before == after else _between(*(_at(place, each, rates) for each in (before, after)))
            if moved is None:
                return None
            total += moved
        return total

    def _worth(self, rates: Rates, on: date) -> Decimal | None:
        if self.is_single and self.single:
            return rates.worth(self.single.amount, self.single.currency, on)
        total = Decimal(0)
        for place, money in self.months.items():
            worth = _at(place, money, rates)
            if worth is None:
                return None
            total += worth
        return total


def _at(place: Place, money: Money | None, rates: Rates) -> Decimal | None:
    return rates.worth(money.amount, money.currency, last_day(place[0])) if money else Decimal(0)


def _between(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return abs(after - before) if before is not None and after is not None else None
