"""The search itself: it is exact where floats are not, honest where time ends, and silent."""

from decimal import Decimal
from typing import Any

import pytest
from highspy._core import _Highs

from domain.choosing.solver import Deadline, Found, Solution, no_worse, solve
from tests.domain.choosing.selections import BOARD, built, gbp, of, plain

D = Decimal


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    of(BOARD)
    assert capfd.readouterr() == ("", "")


def test_who_has_no_time_hears_how_little_is_known() -> None:
    """The search ends before it bounds anything: no more can be had than all that is of worth."""
    candidates = plain(**{f"P{n}": (1_000 + n * n % 97, 1_000 + n * n % 89) for n in range(600)})
    board = built({**BOARD, "candidates": candidates, "budgets": [{"money": gbp(300_000)}]})
    found = solve(board, Deadline(0), frozenset({0}))
    assert found.gap is not None
    assert found.found is Found.BEST_FOUND
    assert found.value < found.bound <= board.value(range(600))


def test_a_search_that_looks_again_has_only_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first plan breaks the budget by less than floats can tell; the clock moves on three seconds a search."""
    limits: list[float] = []
    clock = [0.0]

    class Watched(_Highs):
        def setOptionValue(self, option: str, value: Any) -> Any:
            if option == "time_limit":
                limits.append(value)
            return super().setOptionValue(option, value)

        def run(self) -> Any:
            clock[0] += 3
            return super().run()

        def getRunTime(self) -> float:
            return clock[0]

    monkeypatch.setattr("highspy._core._Highs", Watched)
    monkeypatch.setattr("domain.choosing.solver.monotonic", lambda: clock[0])
    candidates = plain(A=(10, 600_000_000), B=(10, 400_000_000), C=(4, 200_000_000))
    candidates[1]["costs"][0]["money"] = gbp("400000000.0001")
    board = built({**BOARD, "candidates": candidates, "budgets": [{"money": gbp(1_000_000_000)}]})
    assert solve(board, Deadline(10)).value == 14
    assert limits == [10, 7]


def test_a_search_is_no_worse_than_what_it_began_with_and_a_hint_that_breaks_a_rule_is_none() -> None:
    board = built(BOARD)
    searched = Solution(Found.NOTHING_FOUND)
    told = no_worse(board, searched, frozenset({0}))
    assert (told.found, told.value, told.bound) == (Found.BEST_FOUND, 10, 22)
    assert no_worse(board, searched, frozenset({0, 1, 2})) is searched
    better = Solution(Found.BEST_FOUND, frozenset({1}), D(9), D(20))
    assert no_worse(board, better, frozenset({0})) == Solution(Found.BEST_FOUND, frozenset({0}), D(10), D(20))


def test_thirds_that_floats_cannot_tell_apart_keep_the_budget() -> None:
    """Ten times 0.1 is 1 exactly, and one ten-thousandth too much is too much."""
    exact = {**BOARD, "candidates": [], "budgets": [{"money": gbp("1000000000.0000")}]}
    exact["candidates"] = [
        {"project": f"P{n}", "value": 1, "costs": [{"category": "capex", "money": gbp("100000000.0000")}]}
        for n in range(10)
    ]
    assert of(exact).value == 10
    exact["candidates"][0]["costs"][0]["money"] = gbp("100000000.0001")
    found = of({**exact, "explain": False})
    assert (found.said, found.value) == ("proven optimal", 9)


def test_only_what_is_too_much_is_cut_off() -> None:
    """A and B are one ten-thousandth too much, which floats cannot tell; A with two small ones fits."""
    amounts = {"A": "600000000", "B": "400000000.0001", "C": "200000000", "D": "199999999"}
    candidates = [
        {"project": name, "value": 10 if name in "AB" else 4, "costs": [{"category": "capex", "money": gbp(cost)}]}
        for name, cost in amounts.items()
    ]
    assert of({**BOARD, "candidates": candidates, "budgets": [{"money": gbp("1000000000")}]}).value == 18
