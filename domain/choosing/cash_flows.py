"""What a series of dated amounts is worth: present value, rates of return, payback. Pure.

A flow is (time in years, amount); amounts are in one currency. Present value is Σ amount / (1 + rate)^time, the
rate a year, compounded once a year (Brealey, Myers and Allen, *Principles of Corporate Finance*, chapter 2; with
time = days / 365 it is the XNPV of spreadsheets).
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import exp, fsum, inf

from domain.choosing.figures import NOTHING, PRECISE, RETURN, WHOLE

Flow = tuple[Decimal, Decimal]
Term = tuple[float, float]
LARGEST = 60.0
"""Rates of e^60 a year and more, of what comes back within hours, are not told."""
STEPS = 200
FAR = 1e5
FLAT = 1e-13
"""A sum this small beside its largest part is 0."""


def present_value(flows: Sequence[Flow], rate: Decimal) -> Decimal:
    """Σ amount / (1 + rate)^time, not rounded; `rate` a year and above -1."""
    total = NOTHING
    for time, amount in flows:
        total = PRECISE.add(total, PRECISE.multiply(amount, discount(rate, time)))
    return total


def discount(rate: Decimal, time: Decimal) -> Decimal:
    """What 1 after `time` years is worth now."""
    return PRECISE.power(PRECISE.add(WHOLE, rate), -time)


def internal_rates(flows: Sequence[Flow]) -> list[Decimal]:
    """Every rate above -1 at which the present value is 0, ascending, to 6 places.

    With x = 1 / (1 + rate) the present value is Σ amount · x^time, which has no more roots above 0 than its
    amounts in order of time have changes of sign (Descartes; Laguerre for any real exponents). Its roots lie
    between those of Σ amount · (time - s) · x^time: with s inside the first change of sign that has one change
    fewer, and dividing by x^s makes the one the derivative of the other.
    """
    by_time: dict[Decimal, Decimal] = {}
    for time, amount in flows:
        by_time[time] = by_time.get(time, NOTHING) + amount
    terms = [(float(time), float(by_time[time])) for time in sorted(by_time) if by_time[time]]
    roots = [root for root in _roots(terms) if -root < LARGEST]
    return sorted(PRECISE.quantize(Decimal(exp(-root) - 1), RETURN) for root in roots)


def _roots(terms: Sequence[Term]) -> list[float]:
    """Where Σ c · e^(t·u) is 0, for u from -∞ to ∞."""
    changes = [place for place, (one, other) in enumerate(pairwise(terms)) if (one[1] < 0) != (other[1] < 0)]
    if not changes:
        return []
    turning: list[float] = []
    if len(changes) > 1:
        s = (terms[changes[0]][0] + terms[changes[0] + 1][0]) / 2
        turning = _roots([(t, c * (t - s)) for t, c in terms])
    found = [edge for edge in turning if not _sign(terms, edge)]
    for low, high in pairwise([-inf, *turning, inf]):
        if _sign(terms, low) * _sign(terms, high) < 0:
            found.append(_between(terms, low, high))
    return sorted(found)


def _sign(terms: Sequence[Term], u: float) -> int:
    if u == -inf:
        value = terms[0][1]
    elif u == inf:
        value = terms[-1][1]
    else:
        most = max(t * u for t, _ in terms)
        parts = [c * exp(max(t * u - most, -700.0)) for t, c in terms]
        value = fsum(parts)
        if abs(value) <= FLAT * max(map(abs, parts)):
            return 0
    return (value > 0) - (value < 0)


def _between(terms: Sequence[Term], low: float, high: float) -> float:
    """The one root between two places of different sign, by halving."""
    at_low = _sign(terms, low)
    step = 1.0
    while low == -inf or high == inf:
        if low == -inf:
            edge = min(high, 0.0) - step
            low = edge if _sign(terms, edge) == at_low or step > FAR else low
        else:
            edge = max(low, 0.0) + step
            high = edge if _sign(terms, edge) == -at_low or step > FAR else high
        step *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        sign = _sign(terms, middle)
        if not sign or middle in (low, high):
            return middle
        low, high = (middle, high) if sign == at_low else (low, middle)
    return (low + high) / 2


def payback(flows: Sequence[Flow], period: Decimal = WHOLE) -> Decimal | None:
    """Years until the sum of the flows is 0 and stays so, each amount spread evenly over the `period` (in years) that
    ends at its time; with a period of 0 all of it comes at that time.

    0 if it is never below, `None` if it ends below (Brealey, Myers and Allen, chapter 5; among several crossings
    the last one is told, for an amount that has to be paid back again is not paid back).
    """
    total, found = NOTHING, NOTHING
    is_below = False
    for time, amount in sorted(flows):
        after = total + amount
        if is_below and after >= 0:
            found = time - period + period * (-total / amount)
        is_below = after < 0
        total = after
    return None if is_below else found
