"""Robustness: what trying everything finds for each of the same draws, and what is told where time ends."""

from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings

from domain.choosing.robustness import Robustness, RobustnessResult, robustness
from domain.choosing.solver import Deadline, Found, Solution
from tests.domain.choosing.brute import Body, best, keeps, plans, value
from tests.domain.choosing.refusing import refused
from tests.domain.choosing.scripted import A, B, Scripted
from tests.domain.choosing.selections import BOARD, bodies, gbp, plain

D = Decimal
DRAWS, SEED = 8, 3


def of(body: Body, **more: Any) -> RobustnessResult:
    selection = {"currency": "GBP", **body}
    return robustness(Robustness.model_validate({"selection": selection, "draws": DRAWS, "seed": SEED, **more}))


def varied(body: Body, low: str, high: str) -> list[Body]:
    """The selection of each draw, from the words of docs/choosing.md alone."""
    chance, found = Random(SEED), []
    for _ in range(DRAWS):
        drawn = deepcopy(body)
        for each in drawn["candidates"]:
            lost = D(each["value"])
            each["value"] = str(lost * D(f"{float(low) + (float(high) - float(low)) * chance.random():.4f}"))
        found.append(drawn)
    return found


def winners(body: Body) -> tuple[set[str], set[str]]:
    """Who is in every best plan, and who is in any."""
    most = best(body)
    every = [set(plan) for plan in plans(body) if keeps(body, plan) and value(body, plan) == most]
    return set.intersection(*every), set.union(*every)


@settings(deadline=None, max_examples=20)
@given(bodies(4))
def test_the_shares_are_those_of_trying_everything_for_each_draw(body: Body) -> None:
    drawn = [each for each in varied(body, "0.7", "1.3") if best(each) is not None]
    found = of(body, swing="0.3")
    assert (found.counted, found.infeasible) == (len(drawn), DRAWS - len(drawn))
    assert (found.draws, found.seed) == (DRAWS, SEED)
    assume(drawn)
    sides = [winners(each) for each in drawn]
    for each in found.projects:
        least, most = (sum(each.project in side[n] for side in sides) for n in (0, 1))
        assert least <= each.times <= most
        assert each.share == round(D(each.times) / len(drawn), 4)
    if best(body) is not None:
        sure, maybe = winners(body)
        assert sure <= set(found.base.selected) <= maybe
    assert found.base.value == best(body)


def test_what_is_worth_much_more_is_always_in_and_what_is_near_changes_places() -> None:
    body = {**BOARD, "candidates": plain(A=(100, 6), B=(9, 6), C=(10, 6))}
    found = of(body, draws=60)
    assert [(each.project, each.in_base) for each in found.projects] == [("A", True), ("C", True), ("B", False)]
    shares = {each.project: each.share for each in found.projects}
    assert shares["A"] == 1
    assert shares["C"] is not None
    assert D("0.5") < shares["C"] < 1
    assert shares["B"] == 1 - shares["C"]
    assert found.same == shares["C"]
    assert found.said == "60 of 60 draws proven optimal"


def test_a_range_of_its_own_stands_in_the_place_of_the_swing() -> None:
    """C is worth at most 8 of what B is at least 9, unless its own range says more."""
    body = {**BOARD, "candidates": plain(B=(10, 7), C=(8, 7))}
    assert [each.times for each in of(body, swing="0.1").projects] == [DRAWS, 0]
    wider = of(body, swing="0", ranges=[{"of": "C", "low": "2", "likely": "2", "high": "3"}])
    assert [(each.project, each.times) for each in wider.projects] == [("C", DRAWS), ("B", 0)]
    assert (wider.base.selected, wider.same) == (("B",), 0)


def test_a_triangle_is_drawn_around_what_is_likely() -> None:
    """The chance that a triangle from 0 to 2 with its top at 1 is above 1.5 is an eighth."""
    body = {**BOARD, "candidates": plain(A=(1, 7), B=("1.5", 7))}
    found = of(body, swing="0", ranges=[{"of": "A", "low": 0, "likely": 1, "high": 2}], draws=1_000)
    share = next(each.share for each in found.projects if each.project == "A")
    assert share == pytest.approx(D("0.125"), abs=D("0.03"))


def test_the_same_seed_draws_the_same() -> None:
    body = {**BOARD, "candidates": plain(**{f"P{n}": (10 + n, 4) for n in range(8)})}
    first, again, other = (of(body, swing="0.5", seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.projects != other.projects


def test_a_goal_by_value_is_held_under_the_values_that_were_drawn() -> None:
    """B serves the goal alone: with A it keeps the half only while it is worth as much."""
    a, b = plain(A=(10, 1), B=(10, 1))
    body = {**BOARD, "candidates": [a, {**b, "goals": {"G": 1}}], "goals": [{"goal": "G", "at_least": "0.5"}]}
    body["goals"][0]["of"] = "value"
    high = {"ranges": [{"of": "A", "low": "1.1", "high": "1.2"}], "swing": 0}
    assert [(each.project, each.times) for each in of(body, **high).projects] == [("B", DRAWS), ("A", 0)]
    assert of(body, **high).base.selected == ("A", "B")


def test_a_base_that_cannot_be_kept_is_none_even_where_draws_can() -> None:
    """A has to be in and serves nothing; B serves the goal, and does for half of both once A is worth less."""
    a, b = plain(A=(11, 1), B=(10, 1))
    body = {**BOARD, "candidates": [a, {**b, "goals": {"G": 1}}], "goals": [{"goal": "G", "at_least": "0.5"}]}
    body["goals"][0]["of"] = "value"
    forced = {**body, "mandatory": [{"project": "A", "reason": "law"}]}
    found = of(forced, ranges=[{"of": "A", "low": "0.5", "high": "0.6"}], swing=0)
    assert (found.base.found, found.base.value, found.base.selected) == ("infeasible", None, ())
    assert (found.counted, found.infeasible, found.same) == (DRAWS, 0, None)


def test_what_cannot_be_kept_is_counted_for_nothing() -> None:
    body = {**BOARD, "mandatory": [{"project": "A", "reason": "law"}], "budgets": [{"money": gbp(1)}]}
    found = of(body)
    assert (found.counted, found.same, found.base.found) == (0, None, "infeasible")
    assert (found.infeasible, found.said) == (DRAWS, f"0 of {DRAWS} draws proven optimal, {DRAWS} infeasible")
    assert {each.share for each in found.projects} == {None}


def hard(count: int) -> Sequence[Body]:
    chance = Random(5)
    return plain(**{f"P{n}": (cost + 20, cost) for n in range(count) for cost in [chance.randint(1_000, 2_000)]})


def test_draws_that_time_does_not_reach_are_not_counted() -> None:
    body = {**BOARD, "candidates": hard(60), "budgets": [{"money": gbp(45_000)}], "seconds": "0.05"}
    found = of(body, draws=1_000)
    assert found.counted < 1_000
    late = 1_000 - found.counted
    assert found.said == f"{found.counted} of 1000 draws proven optimal, {late} not in the time given"
    assert all((each.times, each.share) <= (found.counted, 1) for each in found.projects if found.counted)


@pytest.mark.parametrize(("gap", "hint", "counted"), [("0", B, 1), ("0.1", None, 2)])
def test_half_of_the_time_is_for_the_base(monkeypatch: pytest.MonkeyPatch, gap: str, hint: Any, counted: int) -> None:
    """The rest goes to the draws in equal parts; only where no gap is allowed do they begin with the base."""
    near = Solution(Found.BEST_FOUND, A, D(10), D(11))
    far = Solution(Found.BEST_FOUND, A, D(10), D(12))
    proven = Solution(Found.PROVEN_OPTIMAL, A, D(10), D(10))
    search = Scripted(Solution(Found.BEST_FOUND, B, D(9), D(19)), near, far, proven)
    monkeypatch.setattr("domain.choosing.robustness.solve", search)
    found = of({**BOARD, "seconds": 12}, draws=3, gap=gap)
    assert search.asked == [(12, None, 6), (12, hint, 4), (12, hint, 6), (12, hint, 12)]
    assert (found.base.value, found.base.gap_percent) == (9, D("111.1111"))
    assert (found.counted, found.projects[0].times, found.same) == (counted, counted, 0)


def test_where_no_time_is_left_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    search = Scripted(Solution(Found.BEST_FOUND, B, D(9), D(19)))
    monkeypatch.setattr("domain.choosing.robustness.solve", search)
    monkeypatch.setattr("domain.choosing.robustness.Deadline", lambda _: Deadline(0))
    found = of(BOARD, draws=3)
    assert (found.counted, found.said) == (0, "0 of 3 draws proven optimal, 3 not in the time given")


def test_near_enough_counts_where_it_is_asked_for() -> None:
    """What was found is no worse than the best by more than the gap, by trying everything."""
    body = {**BOARD, "candidates": hard(12), "budgets": [{"money": gbp(9_000)}]}
    found = of(body, gap="0.05", draws=1)
    assert (found.counted, found.said) == (1, "1 of 1 draws within 5 % of the best")
    (drawn,) = varied(body, "0.9", "1.1")[:1]
    chosen = {each.project: 0 for each in found.projects if each.times}
    most = best(drawn)
    assert most is not None
    assert keeps(drawn, chosen)
    assert most / value(drawn, chosen) <= D("1.05")


@pytest.mark.parametrize(
    ("more", "pointer", "words"),
    [
        ({"ranges": [{"of": "Z", "low": 1, "high": 1}]}, "/ranges/0/of", "expected a known candidate (A, B, C); got Z"),
        ({"ranges": [{"of": "A", "low": 2, "high": 1}]}, "/ranges/0/high", "expected at least low, 2; got 1"),
        ({"ranges": [{"of": "A", "low": 1, "high": 1}] * 2}, "/ranges/1", "A comes twice"),
        ({"gap": 2}, "/gap", "a part from 0 to 1; got 2"),
        ({"swing": "1.1"}, "/swing", "a part from 0 to 1; got 1.1"),
        ({"draws": 0}, "/draws", "greater than or equal to 1"),
        ({"draws": 1_001}, "/draws", "less than or equal to 1000"),
        (
            {"selection": {"currency": "GBP", **BOARD, "requires": [{"project": "A", "needs": "Z"}]}},
            "/selection/requires/0/needs",
            "expected a known candidate",
        ),
    ],
)
def test_what_is_wrong_is_named(more: Body, pointer: str, words: str) -> None:
    refused(robustness, Robustness, {"selection": {"currency": "GBP", **BOARD}, **more}, pointer, words)
