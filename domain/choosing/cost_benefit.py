"""Cost-benefit: what dated costs and benefits are worth together, and how far that rests on each assumption. Pure.

Net present value, internal rate of return, return on investment, payback and benefit-cost ratio as in Brealey, Myers
and Allen, *Principles of Corporate Finance*, chapters 2 and 5, and HM Treasury, *The Green Book*; tornado as in
Howard, *Decision Analysis: Practice and Promise* (1988); Monte Carlo after Hertz, *Risk Analysis in Capital
Investment* (1964).
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, Strict

from domain.choosing.cash_flows import Flow, discount, internal_rates, payback, present_value
from domain.choosing.figures import (
    NOTHING,
    WHOLE,
    AnnualRate,
    GivenRate,
    Listed,
    Number,
    Part,
    Some,
    cents,
    each_once,
    exchanger,
    known,
    ratio,
)
from domain.choosing.simulation import DISCOUNT_RATE, MonteCarlo, Range, Simulated, simulate
from domain.choosing.times import LATEST, LONG, UNIT, When, in_years, later
from domain.kernel.money import Currency, Money
from domain.kernel.refusal import Invalid
from domain.kernel.types import Line, Strictly, one_of

Periods = Annotated[int, Field(ge=1, le=1200)]


class Side(StrEnum):
    """Whether a line takes or gives."""

    COST = "cost"
    BENEFIT = "benefit"


class DatedMoney(Strictly):
    """What falls due at a time, and again in each of the following years or months, `periods` times in all."""

    on: When
    money: Money
    periods: Periods = 1


class CashLine(Strictly):
    """One cost or one benefit; both as amounts above 0."""

    name: Line
    side: Annotated[Side, Strict(False), one_of(Side)]
    amounts: Some[DatedMoney]


class CostBenefit(Strictly):
    """Costs and benefits, the discount rate a year, and how far each assumption may be wrong.

    A range of a line is a factor on all its amounts (0.8 = a fifth less), that of `discount_rate` a rate. An
    assumption without a range is varied by the part `swing` down and up. Amounts are discounted to `discounted_to`,
    by default the first time of all.
    """

    currency: Currency
    rates: Listed[GivenRate] = ()
    discount_rate: AnnualRate
    discounted_to: When | None = None
    lines: Some[CashLine]
    ranges: Listed[Range] = ()
    swing: Part = Decimal("0.1")
    monte_carlo: MonteCarlo | None = None


class PeriodFlow(Strictly):
    """What one time comes to; `discounted` is the present value of `net`, `total` the sum of all `net` so far."""

    on: When
    cost: Decimal
    benefit: Decimal
    net: Decimal
    discounted: Decimal
    total: Decimal


class Swing(Strictly):
    """What the net present value would be at both ends of one assumption, the others as they are."""

    of: str
    low: Number
    high: Number
    npv_at_low: Decimal
    npv_at_high: Decimal
    swing: Decimal


class CostBenefitResult(Strictly):
    """Amounts in the currency of the analysis, `null` where there is no such figure.

    `irr` is a rate a year if there is exactly one; `irr_roots` are all of them. `roi` = (benefit - cost) / cost and
    not discounted; `bcr` = present value of the benefits / that of the costs. Paybacks are years after the first
    time, the amount of a year or a month spread over it. `sensitivity` begins with what matters most.
    """

    currency: Currency
    npv: Decimal
    cost: Decimal
    benefit: Decimal
    present_cost: Decimal
    present_benefit: Decimal
    irr: Decimal | None
    irr_roots: tuple[Decimal, ...]
    roi: Decimal | None
    bcr: Decimal | None
    payback_years: Decimal | None
    discounted_payback_years: Decimal | None
    flows: tuple[PeriodFlow, ...]
    sensitivity: tuple[Swing, ...]
    monte_carlo: Simulated | None


def cost_benefit(given: CostBenefit) -> CostBenefitResult:
    """All figures of the analysis.

    Raises `Invalid` for times of different kinds, a currency without a rate, a range of no assumption or
    one that runs backwards.
    """
    each_once(given.lines, lambda line: line.name, "/lines", "name")
    dated = _dated(given)
    start = min(in_years(when) for when in _times(given))
    base = in_years(given.discounted_to) if given.discounted_to else start
    lines = {name: [(in_years(on) - base, amount) for on, amount in flows] for name, flows in dated.items()}
    flows = _flows(given, dated, base)
    net = [(in_years(flow.on) - start, flow.net) for flow in flows]
    rate, period = given.discount_rate, LONG[len(flows[0].on)]
    signed = {line.name: line.side for line in given.lines}
    present = {side: _sum(present_value(lines[name], rate) for name in lines if signed[name] is side) for side in Side}
    exact = [flow for name in lines for flow in lines[name]]
    plain = {side: _sum(amount for name in lines if signed[name] is side for _, amount in lines[name]) for side in Side}
    taken, brought = -plain[Side.COST], plain[Side.BENEFIT]
    roots = tuple(internal_rates(exact))
    return CostBenefitResult(
        currency=given.currency,
        npv=cents(present_value(exact, rate)),
        cost=cents(taken),
        benefit=cents(brought),
        present_cost=cents(-present[Side.COST]),
        present_benefit=cents(present[Side.BENEFIT]),
        irr=roots[0] if len(roots) == 1 else None,
        irr_roots=roots,
        roi=ratio(brought - taken, taken),
        bcr=ratio(present[Side.BENEFIT], -present[Side.COST]),
        payback_years=_rounded(payback(net, period)),
        discounted_payback_years=_rounded(payback([(t, a * discount(rate, t)) for t, a in net], period)),
        flows=flows,
        sensitivity=_tornado(given, lines),
        monte_carlo=simulate(given.monte_carlo, _ranged(given), lines, rate) if given.monte_carlo else None,
    )


def _times(given: CostBenefit) -> list[str]:
    return [amount.on for line in given.lines for amount in line.amounts]


def _dated(given: CostBenefit) -> dict[str, list[tuple[str, Decimal]]]:
    """Each line's amounts in the currency, costs below 0, one a time."""
    told = exchanger(given.currency, given.rates)
    kind = len(given.lines[0].amounts[0].on)
    if given.discounted_to and len(given.discounted_to) != kind:
        raise Invalid(
            {"/discounted_to": f"expected a {UNIT[kind]}, as the first amount has; got {given.discounted_to}"}
        )
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for place, line in enumerate(given.lines):
        sign = -1 if line.side is Side.COST else 1
        for number, each in enumerate(line.amounts):
            pointer = f"/lines/{place}/amounts/{number}"
            if len(each.on) != kind:
                raise Invalid({f"{pointer}/on": f"expected a {UNIT[kind]}, as the first amount has; got {each.on}"})
            if each.periods > 1 and kind == 10:
                raise Invalid({f"{pointer}/periods": "expected 1 for a day; amounts by year or month can repeat"})
            if int(later(each.on, each.periods - 1).split("-")[0]) > LATEST:
                raise Invalid({f"{pointer}/periods": f"expected amounts up to the year {LATEST}"})
            amount = sign * told(each.money, f"{pointer}/money")
            found.setdefault(line.name, []).extend((later(each.on, n), amount) for n in range(each.periods))
    return found


def _flows(given: CostBenefit, dated: Mapping[str, Sequence[tuple[str, Decimal]]], base: Decimal) -> tuple[Any, ...]:
    costs: dict[str, Decimal] = {}
    benefits: dict[str, Decimal] = {}
    for line in given.lines:
        side = costs if line.side is Side.COST else benefits
        for on, amount in dated[line.name]:
            side[on] = side.get(on, NOTHING) + amount
    told, total = [], NOTHING
    for on in sorted(costs.keys() | benefits.keys()):
        cost, benefit = costs.get(on, NOTHING), benefits.get(on, NOTHING)
        total += cost + benefit
        now = (cost + benefit) * discount(given.discount_rate, in_years(on) - base)
        told.append(
            PeriodFlow(
                on=on,
                cost=cents(-cost),
                benefit=cents(benefit),
                net=cents(cost + benefit),
                discounted=cents(now),
                total=cents(total),
            )
        )
    return tuple(told)


def _ranged(given: CostBenefit) -> dict[str, Range]:
    """The range of every assumption that was given one."""
    for place, each in enumerate(given.ranges):
        names = [DISCOUNT_RATE, *(line.name for line in given.lines)]
        known(each.of, names, f"/ranges/{place}/of", "assumption")
        each.must_ascend(f"/ranges/{place}")
        if each.of == DISCOUNT_RATE and each.low <= -1:
            raise Invalid({f"/ranges/{place}/low": f"expected a rate above -1; got {each.low}"})
    each_once(given.ranges, lambda each: each.of, "/ranges", "assumption")
    return {each.of: each for each in given.ranges}


def _tornado(given: CostBenefit, lines: Mapping[str, Sequence[Flow]]) -> tuple[Swing, ...]:
    rate, ranged = given.discount_rate, _ranged(given)
    worth = {name: present_value(flows, rate) for name, flows in lines.items()}
    whole = _sum(worth.values())
    every = [flow for flows in lines.values() for flow in flows]

    def of(name: str, base: Decimal, npv: Callable[[Decimal], Decimal]) -> Swing:
        low, high = (base - abs(base) * given.swing, base + abs(base) * given.swing)
        if name in ranged:
            low, high = ranged[name].low, ranged[name].high
        ends = npv(low), npv(high)
        return Swing(
            of=name,
            low=low,
            high=high,
            npv_at_low=cents(ends[0]),
            npv_at_high=cents(ends[1]),
            swing=cents(abs(ends[1] - ends[0])),
        )

    def grown(own: Decimal) -> Callable[[Decimal], Decimal]:
        return lambda factor: whole + own * (factor - 1)

    swings = [of(name, WHOLE, grown(own)) for name, own in worth.items()]
    swings.append(of(DISCOUNT_RATE, rate, lambda other: present_value(every, other)))
    return tuple(sorted(swings, key=lambda each: (-each.swing, each.of)))


def _sum(amounts: Any) -> Decimal:
    return sum(amounts, NOTHING)


def _rounded(years: Decimal | None) -> Decimal | None:
    return None if years is None else years.quantize(Decimal("0.0001"))
