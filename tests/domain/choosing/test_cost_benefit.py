"""Cost-benefit against published examples, and against pyxirr over generated flows."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.choosing.cash_flows import internal_rates, payback, present_value
from domain.choosing.cost_benefit import CostBenefit, CostBenefitResult, cost_benefit
from tests.domain.choosing.refusing import refused

D = Decimal


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def line(name: str, side: str, *amounts: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"name": name, "side": side, "amounts": [{"on": on, "money": gbp(a), **more} for on, a in amounts]}


def of(rate: str, *lines: dict[str, Any], **more: Any) -> CostBenefitResult:
    return cost_benefit(CostBenefit.model_validate({"currency": "GBP", "discount_rate": rate, "lines": lines, **more}))


def yearly(*amounts: float) -> list[tuple[Decimal, Decimal]]:
    return [(D(year), D(str(amount))) for year, amount in enumerate(amounts)]


# --- published ------------------------------------------------------------------------------------


def test_npv_of_the_spreadsheet_manual() -> None:
    """Microsoft, NPV function: 10 %, -10,000 at the end of year 1, then 3,000, 4,200, 6,800: 1,188.44."""
    benefits = line("Sales", "benefit", ("2027", "3000"), ("2028", "4200"), ("2029", "6800"))
    found = of("0.1", line("Build", "cost", ("2026", "10000")), benefits, discounted_to="2025")
    assert found.npv == D("1188.44")


def test_xnpv_and_xirr_of_the_spreadsheet_manual() -> None:
    """Microsoft, XNPV and XIRR functions: five dated flows, 9 %: 2,086.65 and 37.3362535 %."""
    benefits = line(
        "Sales",
        "benefit",
        ("2008-03-01", "2750"),
        ("2008-10-30", "4250"),
        ("2009-02-15", "3250"),
        ("2009-04-01", "2750"),
    )
    found = of("0.09", line("Build", "cost", ("2008-01-01", "10000")), benefits)
    assert (found.npv, found.irr) == (D("2086.65"), D("0.373363"))


@pytest.mark.parametrize(
    ("flows", "roots"),
    [
        # Microsoft, IRR function: five years 8.66 %, four years -2.12 %
        ([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], [D("0.086631")]),
        ([-70_000, 12_000, 15_000, 18_000, 21_000], [D("-0.021245")]),
        # Lorie and Savage, Three Problems in Rationing Capital (1955), the oil pump: 25 % and 400 %
        ([-1_600, 10_000, -10_000], [D("0.250000"), D("4.000000")]),
        # Brealey, Myers and Allen, Principles of Corporate Finance, chapter 5: +1,000, -3,000, +2,500 has none
        ([1_000, -3_000, 2_500], []),
        ([1_000, 2_000], []),
        # touches 0 without crossing it: (1 - 1.1 x)²
        ([100, -220, 121], [D("0.100000")]),
        ([100, -214, 114.49], [D("0.070000")]),
        # parts of a unit, and three changes of sign with one rate: (1 - 1.2 x)³
        ([-0.5, 0.3, 0.3], [D("0.130662")]),
        ([1, -3.6, 4.32, -1.728], [D("0.200000")]),
    ],
)
def test_internal_rates_are_all_told(flows: list[float], roots: list[Decimal]) -> None:
    assert internal_rates(yearly(*flows)) == roots


def test_there_is_no_irr_where_there_are_two() -> None:
    pump = of(
        "0.1", line("Pump", "cost", ("2026", "1600"), ("2028", "10000")), line("Oil", "benefit", ("2027", "10000"))
    )
    assert (pump.irr, pump.irr_roots) == (None, (D("0.250000"), D("4.000000")))


def test_payback_and_benefit_cost_ratio_of_an_exercise() -> None:
    """wizedu.com question 564451: -30,000 then 11, 14, 10, 7, 12 thousand at 12 %: 2.5 years, ratio 1.31."""
    flows = [("2020", "11000"), ("2021", "14000"), ("2022", "10000"), ("2023", "7000"), ("2024", "12000")]
    found = of("0.12", line("Build", "cost", ("2019", "30000")), line("Sales", "benefit", *flows))
    assert found.payback_years == D("2.5000")
    assert found.bcr is not None
    assert round(found.bcr, 2) == D("1.31")
    assert found.roi == D("0.8000")
    assert found.flows[-1].total == D("24000.00")


@pytest.mark.parametrize(("cost", "years"), [("5200", D("1.96")), ("5400", D("2.03")), ("10400", D("3.65"))])
def test_discounted_payback_of_an_exercise(cost: str, years: Decimal) -> None:
    """justaaa.com question 28200: 2,800, 3,700, 5,100, 4,300 at 14 %, for three initial costs."""
    flows = line("Sales", "benefit", ("2027", "2800"), ("2028", "3700"), ("2029", "5100"), ("2030", "4300"))
    found = of("0.14", line("Build", "cost", ("2026", cost)), flows)
    assert found.discounted_payback_years is not None
    assert round(found.discounted_payback_years, 2) == years


def test_return_on_investment_of_a_definition() -> None:
    """wiki.marketchronologix.com/kb/ROI: 1,000 that are sold for 1,200 return 20 %."""
    found = of("0.1", line("Buy", "cost", ("2026", "1000")), line("Sell", "benefit", ("2027", "1200")))
    assert found.roi == D("0.2000")


def test_amounts_of_one_time_are_one_and_a_rate_beyond_all_reason_is_none() -> None:
    split = [(D(0), D(-50)), (D(0), D(-50)), (D(1), D(110))]
    assert internal_rates(split) == [D("0.100000")]
    assert internal_rates([(D(0), D(-1)), (D("0.01"), D(10))]) == []


# --- properties -----------------------------------------------------------------------------------

amounts = st.lists(st.integers(-9_999, 9_999), min_size=2, max_size=12).filter(lambda found: any(found))


@settings(deadline=None)
@given(amounts, st.integers(-50, 300))
def test_the_present_value_is_that_of_pyxirr(flows: list[int], percent: int) -> None:
    ours = present_value(yearly(*flows), D(percent) / 100)
    assert float(ours) == pytest.approx(pyxirr.npv(percent / 100, flows), rel=1e-9, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 9_999), min_size=1, max_size=4),
    st.lists(st.integers(1, 9_999), min_size=1, max_size=8),
    st.integers(-20, 60),
)
def test_every_figure_of_a_case_is_what_pyxirr_and_plain_sums_say(
    costs: list[int], benefits: list[int], percent: int
) -> None:
    """Costs from the first year on, benefits from the second on."""
    taken, brought = [*costs, *[0] * 9][:9], [0, *benefits, *[0] * 9][:9]
    rate = percent / 100
    found = of(
        f"{D(percent) / 100}",
        line("Build", "cost", *((str(2026 + n), str(each)) for n, each in enumerate(costs))),
        line("Sales", "benefit", *((str(2027 + n), str(each)) for n, each in enumerate(benefits))),
    )
    present_cost, present_benefit = pyxirr.npv(rate, taken), pyxirr.npv(rate, brought)
    assert (found.cost, found.benefit) == (sum(costs), sum(benefits))
    assert float(found.present_cost) == pytest.approx(present_cost, abs=0.006)
    assert float(found.present_benefit) == pytest.approx(present_benefit, abs=0.006)
    assert float(found.npv) == pytest.approx(present_benefit - present_cost, abs=0.011)
    assert float(found.bcr or 0) == pytest.approx(present_benefit / present_cost, abs=0.0001)
    assert float(found.roi or 0) == pytest.approx((sum(benefits) - sum(costs)) / sum(costs), abs=0.0001)
    discounted = [(brought[n] - taken[n]) / (1 + rate) ** n for n in range(9)]
    sums = [sum(discounted[: n + 1]) for n in range(9)]
    assume(abs(sums[-1]) > 0.01)
    if sums[-1] < 0:
        assert found.discounted_payback_years is None
    else:
        last = max((n for n, each in enumerate(sums) if each < -1e-6), default=None)
        expected = 0.0 if last is None else last - sums[last] / discounted[last + 1]
        assert float(found.discounted_payback_years or 0) == pytest.approx(expected, abs=0.001)


@settings(deadline=None)
@given(st.integers(1, 9_999), st.lists(st.integers(0, 9_999), min_size=1, max_size=12))
def test_the_rate_of_an_investment_is_that_of_pyxirr(invested: int, returned: list[int]) -> None:
    assume(any(returned))
    (ours,) = internal_rates(yearly(-invested, *returned))
    theirs = pyxirr.irr([-invested, *returned])
    assume(theirs is not None and -0.99 < theirs < 100)
    assert float(ours) == pytest.approx(theirs, abs=2e-6, rel=1e-6)


@settings(deadline=None)
@given(
    st.integers(1, 9_999), st.lists(st.tuples(st.integers(60, 2_000), st.integers(1, 9_999)), min_size=1, max_size=6)
)
def test_the_rate_of_dated_flows_is_that_of_pyxirr(invested: int, returned: list[tuple[int, int]]) -> None:
    days = [(0, -invested), *returned]
    (ours,) = internal_rates([(D(day) / 365, D(amount)) for day, amount in days])
    theirs = pyxirr.xirr([date.fromordinal(735_000 + day) for day, _ in days], [amount for _, amount in days])
    assume(theirs is not None and -0.99 < theirs < 100)
    assert float(ours) == pytest.approx(theirs, abs=2e-6, rel=1e-6)


def test_a_rate_over_three_hundred_years_is_that_of_pyxirr() -> None:
    flows = [-100.0, *[5.0] * 300]
    (ours,) = internal_rates(yearly(*flows))
    assert float(ours) == pytest.approx(pyxirr.irr(flows), abs=2e-6)


@settings(deadline=None)
@given(amounts)
def test_every_rate_makes_the_present_value_nothing_and_between_them_it_does_not_turn(flows: list[int]) -> None:
    series = yearly(*flows)
    roots = internal_rates(series)
    changes = [a for a in flows if a]
    assert len(roots) <= sum((one < 0) != (other < 0) for one, other in pairwise(changes))
    for root in roots:
        assume(D("-0.9") < root < 50)
        around = [present_value(series, root + step) for step in (D("-0.000002"), D(0), D("0.000002"))]
        assert around[0] * around[2] <= 0 or abs(around[1]) < D("0.05")


rates = st.sampled_from(["-0.6", "-0.25", "0.05", "0.2", "0.5", "1.5", "4"])


@settings(deadline=None, max_examples=60)
@given(st.lists(rates, min_size=1, max_size=4, unique=True), st.sampled_from(["0.02", "-1", "300"]))
def test_every_rate_that_a_series_was_made_of_is_found(made_of: list[str], scale: str) -> None:
    """The product of (1 - (1 + rate) x) has these roots and no others."""
    series = [D(scale)]
    for each in made_of:
        longer = [*series, D(0)]
        for place, amount in enumerate(series):
            longer[place + 1] -= amount * (1 + D(each))
        series = longer
    found = internal_rates([(D(year), amount) for year, amount in enumerate(series)])
    assert [float(each) for each in found] == pytest.approx(sorted(map(float, made_of)), abs=2e-6)


@given(amounts)
def test_payback_is_when_a_plain_sum_stays_up(flows: list[int]) -> None:
    sums = [sum(flows[: n + 1]) for n in range(len(flows))]
    found = payback(yearly(*flows))
    if sums[-1] < 0:
        assert found is None
    else:
        below = [n for n, each in enumerate(sums) if each < 0]
        expected = below[-1] - D(sums[below[-1]]) / flows[below[-1] + 1] if below else 0
        assert found == pytest.approx(expected)


@given(amounts, st.data())
def test_a_year_without_an_amount_is_a_year_all_the_same(flows: list[int], data: st.DataObject) -> None:
    """Whoever leaves out what is 0 is told the same."""
    kept = [flow for flow in yearly(*flows) if flow[1] or data.draw(st.booleans())]
    assert payback(kept) == payback(yearly(*flows))


@pytest.mark.parametrize(
    ("spent", "brought", "years"),
    [("2026", "2030", "3.5"), ("2026-01", "2026-07", "0.4583"), ("2026-01-01", "2026-07-02", "0.4986")],
)
def test_an_amount_comes_in_the_course_of_its_year_or_month_or_on_its_day(spent: str, brought: str, years: str) -> None:
    """In the middle of 2030, in the middle of the month before July, on the 182nd day of 365."""
    found = of("0", line("Work", "cost", (spent, "1000")), line("Fares", "benefit", (brought, "2000")))
    assert (found.payback_years, found.discounted_payback_years) == (D(years), D(years))


# --- months, money --------------------------------------------------------------------------------


def test_months_are_discounted_by_twelfths_of_a_year() -> None:
    found = of("0.12", line("Rent", "benefit", ("2026-01", "100"), periods=13))
    assert [flow.on for flow in found.flows][-2:] == ["2026-12", "2027-01"]
    assert found.flows[12].discounted == round(D(100) / D("1.12"), 2)
    part = D("1.12") ** (D(-1) / 12)
    assert found.npv == round(100 * (1 - part**13) / (1 - part), 2)


def test_other_currencies_need_a_rate() -> None:
    body = {"currency": "GBP", "discount_rate": "0", "lines": [line("Build", "cost", ("2026", "10"))]}
    body["lines"][0]["amounts"][0]["money"] = {"amount": "10", "currency": "USD"}
    pointer = "/lines/0/amounts/0/money/currency"
    refused(cost_benefit, CostBenefit, body, pointer, "expected GBP, or a rate from USD to GBP under /rates")
    rated = CostBenefit.model_validate({**body, "rates": [{"currency": "USD", "rate": "0.8"}]})
    assert cost_benefit(rated).cost == D("8.00")


# --- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "pointer", "words"),
    [
        ({"ranges": [{"of": "Steal", "low": 1, "high": 2}]}, "/ranges/0/of", "expected a known assumption"),
        ({"ranges": [{"of": "Steel", "low": 2, "high": 1}]}, "/ranges/0/high", "expected at least low, 2; got 1"),
        (
            {"ranges": [{"of": "Steel", "low": 1, "likely": 3, "high": 2}]},
            "/ranges/0/likely",
            "between low and high, 1 to 2; got 3",
        ),
        ({"monte_carlo": {}}, "/ranges", "nothing to vary"),
        ({"discount_rate": "-1"}, "/discount_rate", "above -1"),
        ({"discounted_to": "2026-01"}, "/discounted_to", "expected a year"),
        ({"lines": [line("A", "cost", ("2026", "1"), ("2026-02", "1"))]}, "/lines/0/amounts/1/on", "expected a year"),
        ({"lines": [line("A", "cost", ("2026", "1"), periods=-3)]}, "/lines/0/amounts/0/periods", "greater than"),
        ({"lines": [line("A", "cost", ("2026-02-30", "1"))]}, "/lines/0/amounts/0/on", "no such date"),
        ({"lines": [line("A", "cost", ("2026", "1")), line("A", "cost", ("2026", "1"))]}, "/lines/1", "A comes twice"),
    ],
)
def test_what_is_wrong_is_named(more: dict[str, Any], pointer: str, words: str) -> None:
    body = {"currency": "GBP", "discount_rate": "0.1", "lines": [line("Steel", "cost", ("2026", "10"))], **more}
    refused(cost_benefit, CostBenefit, body, pointer, words)
