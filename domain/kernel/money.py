"""Money: a decimal amount with its currency."""

from typing import Annotated

from pydantic import Field

from domain.kernel.types import Amount, Strictly

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Money(Strictly):
    """`amount` as decimal text with at most 4 places, `currency` as ISO 4217 code."""

    amount: Amount
    currency: Currency
