"""Selections: what trying everything finds, and what cannot all be kept."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from domain.choosing.candidates import Selection
from domain.choosing.selection import SelectionResult, select
from tests.domain.choosing.brute import Body, best, keeps, value
from tests.domain.choosing.refusing import refused
from tests.domain.choosing.selections import BOARD, QUARTERS, bodies, gbp, of, plain

D = Decimal


def plan_of(body: Body, found: SelectionResult) -> dict[str, int]:
    return {each.project: body["periods"].index(each.start) for each in found.selected}


@settings(deadline=None, max_examples=100)
@given(bodies())
def test_the_optimum_is_what_trying_everything_finds(body: Body) -> None:
    found, expected = of({**body, "explain": False}), best(body)
    if expected is None:
        assert (found.said, found.value, found.selected) == ("infeasible", None, ())
        return
    assert (found.said, found.value, found.gap_percent) == ("proven optimal", expected, 0)
    plan = plan_of(body, found)
    assert keeps(body, plan)
    assert value(body, plan) == expected


def test_fourteen_candidates_are_tried_one_by_one() -> None:
    """2^14 ways, one binding budget, people, and pairs."""
    candidates = [
        {
            "project": f"P{n}",
            "value": str(7 * n % 11 + 3),
            "costs": [{"after": 0, "category": "capex", "money": gbp(5 * n % 7 + 1)}],
            "needs": [{"after": 0, "role": "engineer", "amount": str(3 * n % 5)}],
        }
        for n in range(14)
    ]
    body = {
        "periods": ["Q1"],
        "candidates": candidates,
        "budgets": [{"money": gbp(23)}],
        "capacities": [{"role": "engineer", "amount": "13"}],
        "requires": [{"project": "P3", "needs": "P9"}],
        "excludes": [{"project": "P1", "other": "P2"}],
        "explain": False,
    }
    assert of(body).value == best(body)


@settings(deadline=None, max_examples=40)
@given(bodies())
def test_what_cannot_all_be_kept_is_a_minimal_set(body: Body) -> None:
    found = of({**body, "explain": False})
    if found.said != "infeasible":
        return
    assert found.conflict_is_minimal
    named = [each.at for each in found.conflict]
    assert best(_only(body, named)) is None, "the named constraints alone conflict"
    for each in set(named):
        if named.count(each) == 1:
            assert best(_only(body, [other for other in named if other != each])) is not None, each


def _only(body: Body, pointers: list[str]) -> Body:
    """The body with no other constraints than these."""
    kept = {"periods": body["periods"], "candidates": body["candidates"]}
    for member in ("budgets", "capacities", "mandatory", "excluded", "requires", "excludes", "goals"):
        kept[member] = [each for n, each in enumerate(body[member]) if f"/{member}/{n}" in pointers]
    kept["groups"] = [
        {
            **each,
            **{side: each[side] if f"/groups/{n}/{side}" in pointers else None for side in ("at_least", "at_most")},
        }
        for n, each in enumerate(body["groups"])
    ]
    return kept


# --- told by hand ---------------------------------------------------------------------------------


def test_a_forced_in_project_that_does_not_fit_is_a_conflict() -> None:
    body = {**BOARD, "mandatory": [{"project": "A", "reason": "law"}, {"project": "C", "reason": "a promise"}]}
    body["budgets"] = [{"money": gbp(10)}, {"money": gbp(99)}]
    found = of(body)
    assert (found.said, found.value) == ("infeasible", None)
    assert [each.sentence for each in found.conflict] == [
        "the budget, GBP 10",
        "A has to be in: law",
        "C has to be in: a promise",
    ]


def test_a_project_starts_later_where_there_is_room() -> None:
    body = {
        "periods": ["Q1", "Q2"],
        "candidates": [{**each, "latest": "Q2", "loss_per_period": 1} for each in plain(A=(10, 6), B=(9, 5))],
        "budgets": [{"period": period, "money": gbp(6)} for period in ("Q1", "Q2")],
    }
    found = of(body)
    assert {each.start for each in found.selected} == {"Q1", "Q2"}
    assert found.value == 18


def test_what_is_used_and_what_is_left_is_told() -> None:
    needs = [{"role": "cook", "amount": "1.5"}]
    body = {
        **BOARD,
        "candidates": [{**each, "needs": needs} for each in BOARD["candidates"]],
        "capacities": [{"role": "cook", "amount": "4.5"}],
    }
    told = [(each.at, each.used, each.limit, each.left) for each in of(body).used]
    assert told == [("/budgets/0", 11, 12, 1), ("/capacities/0", 3, D("4.5"), D("1.5"))]


def test_who_serves_a_goal_is_told_as_a_share() -> None:
    a, b, c = BOARD["candidates"]
    goals = [{"goal": "G", "of": basis, "at_least": "0"} for basis in ("cost", "value")]
    for goal, share in zip(goals, ("0.2727", "0.2632"), strict=True):
        found = of({**BOARD, "candidates": [{**a, "goals": {"G": "0.5"}}, b, c], "goals": [goal]})
        assert [each.share for each in found.goals] == [D(share)]
    assert of({**BOARD, "budgets": [{"money": gbp(0)}], "goals": goals[:1]}).goals[0].share is None


def test_a_category_without_a_budget_is_not_limited() -> None:
    assert of({**BOARD, "budgets": [{"category": "opex", "money": gbp(1)}]}).unlimited == ("category capex",)
    both = [{"category": "opex", "money": gbp(1)}, {"period": "2026", "money": gbp(1)}]
    assert of({**BOARD, "budgets": both}).unlimited == ()


def test_what_nothing_limits_is_told() -> None:
    body = {"periods": ["Q1"], "candidates": [{"project": "A", "value": 1, "needs": [{"role": "cook", "amount": 1}]}]}
    assert of(body).unlimited == ("role cook",)


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        (
            {"requires": [{"project": p, "needs": n} for p, n in ("AB", "BC", "CA")]},
            "/requires",
            "A needs B needs C needs A",
        ),
        ({"requires": [{"project": "A", "needs": "A"}]}, "/requires", "A needs A"),
        ({"requires": [{"project": "A", "needs": "Z"}]}, "/requires/0/needs", "expected a known candidate (A, B, C)"),
        ({"excludes": [{"project": "A", "other": "A"}]}, "/excludes/0/other", "another than A"),
        ({"budgets": [{"period": "2027", "money": gbp(1)}]}, "/budgets/0/period", "expected a known period (2026)"),
        ({"budgets": [{"money": {"amount": "1", "currency": "USD"}}]}, "/budgets/0/money/currency", "a rate from USD"),
        ({"candidates": [{"project": "A", "value": 1, "goals": {"G9": 1}}]}, "/candidates/0/goals/G9", "known goal"),
        ({"candidates": plain(A=(1, 1)) * 2}, "/candidates/1", "A comes twice"),
        (
            {"candidates": [{"project": "A", "value": 1, "needs": [{"after": -1, "role": "r", "amount": 1}]}]},
            "/candidates/0/needs/0/after",
            "greater than or equal to 0",
        ),
        (
            {"candidates": [{"project": "A", "value": 1, "needs": [{"after": 1, "role": "r", "amount": 1}]}]},
            "/candidates/0/earliest",
            "a plan of 2 periods that starts in 2026 ends after 2026",
        ),
        ({"goals": [{"goal": "G1", "at_least": 2}]}, "/goals/0/at_least", "a part from 0 to 1; got 2"),
        ({"seconds": 61}, "/seconds", "less than or equal to 60"),
    ],
)
def test_what_is_wrong_is_named(changes: Body, pointer: str, words: str) -> None:
    refused(select, Selection, {"currency": "GBP", **BOARD, **changes}, pointer, words)


def test_a_start_that_ends_before_it_begins_is_refused() -> None:
    late = {"project": "A", "value": 1, "earliest": "Q3", "latest": "Q1"}
    body = {"currency": "GBP", "periods": QUARTERS, "candidates": [late]}
    refused(select, Selection, body, "/candidates/0/latest", "expected a period from Q3 on; got Q1")
