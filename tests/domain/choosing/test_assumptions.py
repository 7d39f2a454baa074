"""How far a case rests on its assumptions: tornado and Monte Carlo, against a published one, pyxirr and numpy."""

from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.choosing.cost_benefit import CostBenefitResult
from tests.domain.choosing.test_cost_benefit import line, of

D = Decimal


def test_the_tornado_of_a_published_case() -> None:
    """phucnguyenvan.com, Sensitivity & scenario analysis: sales of 100 that grow by 6 %, a margin of 18 %, 10 % a year,
    five years: 80.6, and with sales a tenth down or up 72.6 and 88.7, which is the widest bar."""
    amounts = [(str(2026 + year), f"{100 * D('1.06') ** year * D('0.18'):.4f}") for year in range(1, 6)]
    found = of("0.1", line("Sales", "benefit", *amounts), discounted_to="2026")
    assert round(found.npv, 1) == D("80.6")
    widest = found.sensitivity[0]
    assert widest.of == "Sales"
    assert [round(each, 1) for each in (widest.npv_at_low, widest.npv_at_high, widest.swing)] == [
        D("72.6"),
        D("88.7"),
        D("16.1"),
    ]


def bridge(**more: Any) -> CostBenefitResult:
    return of("0.08", line("Steel", "cost", ("2026", "1000")), line("Toll", "benefit", ("2027", "1188")), **more)


def test_the_tornado_begins_with_what_matters_most() -> None:
    found = bridge(ranges=[{"of": "Steel", "low": "0.5", "high": "2"}])
    assert [each.of for each in found.sensitivity] == ["Steel", "Toll", "discount_rate"]
    steel, toll, _ = found.sensitivity
    assert (steel.npv_at_low, steel.npv_at_high, steel.swing) == (D("600.00"), D("-900.00"), D("1500.00"))
    assert (toll.low, toll.npv_at_low, toll.npv_at_high) == (D("0.9"), D("-10.00"), D("210.00"))


def test_the_same_seed_draws_the_same() -> None:
    ranges = [
        {"of": "Steel", "low": "0.8", "likely": "1", "high": "1.6"},
        {"of": "discount_rate", "low": "0.02", "high": "0.1"},
    ]
    first, again, other = (
        bridge(ranges=ranges, monte_carlo={"draws": 2_000, "seed": seed}).monte_carlo for seed in (7, 7, 8)
    )
    assert first == again != other
    assert first is not None
    assert first.minimum <= first.p5 <= first.p25 <= first.p50 <= first.p75 <= first.p95 <= first.maximum
    # mean of the triangle 3.4 / 3; the benefit at 1188 * ln(1.1 / 1.02) / 0.08
    assert float(first.mean) == pytest.approx(-1133.33 + 1121.22, abs=15)
    assert D("0.4") < first.chance_of_loss < D("0.7")


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 5_000), min_size=2, max_size=5),
    st.lists(st.integers(1, 5_000), min_size=2, max_size=5),
    st.integers(1, 40),
    st.sampled_from(["0.1", "0.25"]),
)
def test_both_ends_of_each_assumption_are_what_pyxirr_says(
    costs: list[int], benefits: list[int], percent: int, swing: str
) -> None:
    part, rate = float(swing), percent / 100
    lines = {
        "Build": (line("Build", "cost", *((str(2026 + n), str(a)) for n, a in enumerate(costs))), costs, -1),
        "Sales": (line("Sales", "benefit", *((str(2026 + n), str(a)) for n, a in enumerate(benefits))), benefits, 1),
    }
    found = of(f"{rate}", *(told for told, _, _ in lines.values()), swing=swing)

    def npv(factors: dict[str, float], at: float = rate) -> float:
        return sum(sign * factors.get(n, 1.0) * pyxirr.npv(at, own) for n, (_, own, sign) in lines.items())

    for each in found.sensitivity:
        if each.of == "discount_rate":
            ends = npv({}, rate * (1 - part)), npv({}, rate * (1 + part))
        else:
            ends = npv({each.of: 1 - part}), npv({each.of: 1 + part})
        assert [float(each.npv_at_low), float(each.npv_at_high)] == pytest.approx(ends, abs=0.006)
        assert float(each.swing) == pytest.approx(abs(ends[1] - ends[0]), abs=0.011)
    swings = [each.swing for each in found.sensitivity]
    assert swings == sorted(swings, reverse=True)


def test_a_range_stands_for_its_own_assumption_alone() -> None:
    found = bridge(ranges=[{"of": "discount_rate", "low": "0", "high": "0.2"}])
    rate = next(each for each in found.sensitivity if each.of == "discount_rate")
    assert (rate.low, rate.high, rate.npv_at_low, rate.npv_at_high) == (0, D("0.2"), D("188.00"), D("-10.00"))


def test_what_was_drawn_is_told_as_numpy_tells_it() -> None:
    """Drawn again from the words of the documents: one number for each range, in order, through its inverse."""
    low, likely, high = 0.8, 1.0, 1.6
    grid = np.linspace(low, high, 400_001)
    below = np.where(
        grid < likely,
        (grid - low) ** 2 / ((high - low) * (likely - low)),
        1 - (high - grid) ** 2 / ((high - low) * (high - likely)),
    )
    chance, draws, worth = Random(7), 2_000, []
    for _ in range(draws):
        factor = np.interp(chance.random(), below, grid)
        worth.append(-1_000 * factor + 1_188 / (1.02 + 0.08 * chance.random()))
    found = bridge(
        ranges=[
            {"of": "Steel", "low": low, "likely": likely, "high": high},
            {"of": "discount_rate", "low": "0.02", "high": "0.1"},
        ],
        monte_carlo={"draws": draws, "seed": 7},
    ).monte_carlo
    assert found is not None
    told = [found.p5, found.p25, found.p50, found.p75, found.p95]
    quantiles = np.quantile(worth, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")
    assert [float(each) for each in told] == pytest.approx(quantiles.tolist(), abs=0.01)
    assert float(found.mean) == pytest.approx(np.mean(worth), abs=0.01)
    assert float(found.standard_deviation) == pytest.approx(np.std(worth), abs=0.01)
    assert [float(found.minimum), float(found.maximum)] == pytest.approx([min(worth), max(worth)], abs=0.01)
    assert float(found.chance_of_loss) == pytest.approx(np.mean(np.array(worth) < 0), abs=0.00005)


def test_a_triangle_has_the_mean_and_the_deviation_of_the_books() -> None:
    """Wikipedia, Triangular distribution: mean (a + b + c) / 3, variance (a² + b² + c² - ab - ac - bc) / 18."""
    a, b, c = 0.5, 2.0, 1.1
    found = bridge(
        ranges=[{"of": "Steel", "low": a, "likely": c, "high": b}], monte_carlo={"draws": 20_000, "seed": 1}
    ).monte_carlo
    assert found is not None
    mean = 1_100 - 1_000 * (a + b + c) / 3
    deviation = 1_000 * ((a * a + b * b + c * c - a * b - a * c - b * c) / 18) ** 0.5
    assert float(found.mean) == pytest.approx(mean, abs=8)
    assert float(found.standard_deviation) == pytest.approx(deviation, rel=0.02)
