"""Frontiers: what trying everything finds for each amount, and what one more unit is worth."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.choosing.candidates import Selection
from domain.choosing.frontier import FrontierPoint, frontier
from domain.choosing.solver import Deadline, Found, Solution
from domain.kernel.refusal import Invalid
from tests.domain.choosing.brute import Body, best
from tests.domain.choosing.scripted import A, B, C, Scripted
from tests.domain.choosing.selections import BOARD, ROLES, bodies, gbp

D = Decimal
ascending = st.lists(st.integers(0, 30), min_size=2, max_size=5, unique=True).map(lambda each: sorted(map(D, each)))


def selection(body: Body) -> Selection:
    return Selection.model_validate({"currency": "GBP", **body})


def is_told(points: tuple[FrontierPoint, ...], amounts: list[Decimal], values: list[Decimal | None]) -> None:
    """More never lowers the value, each value is the best one, and the marginal is what one more unit brought."""
    assert [point.value for point in points] == values
    known = [each for each in values if each is not None]
    assert known == sorted(known)
    assert values == [None] * (len(values) - len(known)) + known, "what a small limit allows, a larger one does"
    for place, point in enumerate(points):
        before = values[place - 1] if place else None
        if before is None or point.value is None:
            assert point.marginal is None
        else:
            assert point.marginal == round((point.value - before) / (amounts[place] - amounts[place - 1]), 4)


@settings(deadline=None, max_examples=25)
@given(bodies(6), ascending)
def test_more_budget_never_lowers_the_value(body: Body, amounts: list[Decimal]) -> None:
    points = frontier(selection({**body, "budgets": [{"money": gbp(1)}]}), amounts)
    is_told(points, amounts, [best({**body, "budgets": [{"money": gbp(each)}]}) for each in amounts])
    assert [(point.budget, point.capacity) for point in points] == [(each, None) for each in amounts]


@settings(deadline=None, max_examples=20)
@given(bodies(5), ascending, st.sampled_from(ROLES), st.sampled_from([None, "Q2"]))
def test_more_people_never_lower_the_value(body: Body, amounts: list[Decimal], role: str, period: str | None) -> None:
    """Beside a second limit that stays as it is."""
    fixed = {"role": role, "amount": "9"}
    varied = {"role": role, "period": period, "amount": "1"}
    points = frontier(selection({**body, "capacities": [fixed, varied]}), amounts, capacity=1)
    limits = ([fixed, {**varied, "amount": str(each)}] for each in amounts)
    is_told(points, amounts, [best({**body, "capacities": each}) for each in limits])
    assert [(point.budget, point.capacity) for point in points] == [(None, each) for each in amounts]


def test_what_each_amount_of_money_buys() -> None:
    told = [(each.value, each.marginal, each.selected) for each in frontier(selection(BOARD), [D(0), D(5), D(11)])]
    assert told == [(0, None, ()), (9, D("1.8000"), ("B",)), (19, D("1.6667"), ("A", "B"))]


def test_the_second_budget_is_varied_and_the_first_stays() -> None:
    body = {**BOARD, "budgets": [{"money": gbp(6)}, {"category": "capex", "money": gbp(1)}]}
    assert [each.value for each in frontier(selection(body), [D(5), D(50)], budget=1)] == [9, 10]


def test_time_that_is_left_goes_to_what_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve seconds for three points: four each; then all twelve for the one that is open, from where it was."""
    proven = Solution(Found.PROVEN_OPTIMAL, A, D(10), D(10))
    search = Scripted(
        Solution(Found.BEST_FOUND, C, D(3), D(12)), proven, proven, Solution(Found.BEST_FOUND, B, D(9), D(15))
    )
    monkeypatch.setattr("domain.choosing.frontier.solve", search)
    points = frontier(selection({**BOARD, "seconds": 12}), [D(5), D(6), D(7)])
    assert search.asked == [(5, None, 4), (6, C, 6), (7, A, 12), (5, C, 12)]
    assert [(point.value, point.gap_percent) for point in points] == [(9, D("33.3333")), (10, 0), (10, 0)]


def test_what_less_money_bought_more_money_buys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second search of the first point found more than the second point has."""
    found = Solution(Found.BEST_FOUND, C, D(3), D(20))
    search = Scripted(found, found, Solution(Found.PROVEN_OPTIMAL, A, D(10), D(10)), Solution(Found.NOTHING_FOUND))
    monkeypatch.setattr("domain.choosing.frontier.solve", search)
    points = frontier(selection(BOARD), [D(6), D(11)])
    assert [(point.value, point.selected, point.found) for point in points] == [
        (10, ("A",), "proven_optimal"),
        (10, ("A",), "best_found"),
    ]


def test_nothing_is_searched_again_without_time(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Solution(Found.BEST_FOUND, C, D(3), D(20))
    search = Scripted(found, found)
    monkeypatch.setattr("domain.choosing.frontier.solve", search)
    monkeypatch.setattr("domain.choosing.frontier.Deadline", lambda _: Deadline(0))
    assert [point.value for point in frontier(selection(BOARD), [D(6), D(11)])] == [3, 3]


def test_amounts_of_money_are_told_to_the_cent_and_names_in_the_order_given() -> None:
    (point,) = frontier(selection(BOARD), [D("16.5")])
    assert (str(point.budget), point.selected) == ("16.50", ("A", "B", "C"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"budget": 1}, "place of a budget"),
        ({"capacity": 0}, "place of a capacity"),
        ({"amounts": [D(2), D(1)]}, "ascend"),
        ({"amounts": [D(1), D(1)]}, "ascend"),
        ({"amounts": []}, "ascend"),
    ],
)
def test_a_frontier_needs_a_limit_and_amounts_that_ascend(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        frontier(selection(BOARD), **{"amounts": [D(1)], **changes})
