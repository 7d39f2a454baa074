"""Selections: what trying everything finds; what keeps a loser out and lets it in; what cannot all be kept."""

from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.choosing.candidates import Selection
from domain.choosing.losers import losers
from domain.choosing.reasons import Loser
from domain.choosing.rows import program
from domain.choosing.selection import SelectionResult, select
from domain.choosing.solver import Deadline, Found, Solution, no_worse, solve
from tests.domain.choosing.brute import Body, best, keeps, value
from tests.domain.choosing.refusing import refused

D = Decimal
QUARTERS = ["Q1", "Q2", "Q3"]
ROLES, CATEGORIES, GOALS = ["engineer", "analyst"], ["capex", "opex"], ["G1", "G2"]


def gbp(amount: Any) -> dict[str, str]:
    return {"amount": str(amount), "currency": "GBP"}


def of(body: Body) -> SelectionResult:
    return select(Selection.model_validate({"currency": "GBP", **body}))


def plan_of(body: Body, found: SelectionResult) -> dict[str, int]:
    return {each.project: body["periods"].index(each.start) for each in found.selected}


# --- made by chance -------------------------------------------------------------------------------

amount = st.sampled_from(["0.10", "0.20", "0.30", "1", "2.5", "7"])
cost = st.builds(
    lambda after, category, a: {"after": after, "category": category, "money": gbp(a)},
    st.integers(0, 1),
    st.sampled_from(CATEGORIES),
    amount,
)
need = st.builds(
    lambda after, role, a: {"after": after, "role": role, "amount": a},
    st.integers(0, 1),
    st.sampled_from(ROLES),
    amount,
)
candidate = st.builds(
    lambda v, costs, needs, goals, loss, window: {
        "value": v,
        "costs": costs,
        "needs": needs,
        "goals": goals,
        "loss_per_period": loss,
        **window,
    },
    st.integers(-3, 20).map(str),
    st.lists(cost, max_size=3),
    st.lists(need, max_size=2),
    st.dictionaries(st.sampled_from(GOALS), st.sampled_from(["0.5", "1"]), max_size=2),
    st.sampled_from(["0", "0.5"]),
    st.sampled_from([{}, {}, {"earliest": "Q2"}, {"latest": "Q2"}, {"earliest": "Q1", "latest": "Q2"}]),
)
at_most = st.sampled_from(["0.3", "1", "3", "8.5", "12"])
span = st.sampled_from([{}, *({"period": each} for each in QUARTERS), {"period": "Q1", "through": "Q2"}])
budget = st.builds(
    lambda p, c, a: {**p, "category": c, "money": gbp(a)}, span, st.none() | st.sampled_from(CATEGORIES), at_most
)
capacity = st.builds(
    lambda r, p, a: {"role": r, "period": p, "amount": a},
    st.sampled_from(ROLES),
    st.none() | st.sampled_from(QUARTERS),
    at_most,
)
goals = st.tuples(
    *(
        st.builds(
            lambda goal, share, basis: {"goal": goal, "at_least": share, "of": basis},
            st.just(goal),
            st.sampled_from(["0", "0.25", "0.5"]),
            st.sampled_from(["cost", "value"]),
        )
        for goal in GOALS
    )
).map(list)


@cache
def of_count(count: int) -> st.SearchStrategy[Body]:
    """So many candidates with every kind of constraint, any of which may be missing."""
    names = [f"P{n}" for n in range(count)]
    name, some = st.sampled_from(names), st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)
    forced = st.lists(name.map(lambda n: {"project": n, "reason": "the regulator"}), max_size=1)
    two = st.sampled_from([(one, other) for one in names for other in names if one < other] or [()])
    pairs = st.lists(two, max_size=2) if count > 1 else st.just([])
    group = st.builds(
        lambda p, low, high: {"name": "group", "projects": p, "at_least": low, "at_most": high},
        some,
        st.sampled_from([None, None, 1, 2]),
        st.sampled_from([None, 1, 2]),
    )
    named = st.lists(candidate, min_size=count, max_size=count).map(
        lambda every: [{"project": name, **each} for name, each in zip(names, every, strict=True)]
    )
    return st.fixed_dictionaries(
        {
            "periods": st.just(QUARTERS),
            "candidates": named,
            "budgets": st.lists(budget, max_size=3),
            "capacities": st.lists(capacity, max_size=2),
            "mandatory": forced,
            "excluded": forced,
            "requires": pairs.map(lambda every: [{"project": one, "needs": other} for one, other in every]),
            "excludes": pairs.map(lambda every: [{"project": one, "other": other} for one, other in every]),
            "groups": st.lists(group, max_size=1),
            "goals": goals,
        }
    )


@cache
def bodies(most: int = 7) -> st.SearchStrategy[Body]:
    """Up to 7 candidates."""
    return st.integers(1, most).flatmap(of_count)


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


@settings(deadline=None, max_examples=40)
@given(bodies())
def test_what_would_let_a_loser_in_does(body: Body) -> None:
    """By trying everything: after the change every best plan, or one as good, has it in."""
    found = of(body)
    for loser in found.losers:
        assert loser.kept_out
        assert loser.let_in is not None
        if all(goal["of"] == "cost" or goal["at_least"] == "0" for goal in body["goals"]):  # else value shifts shares
            assert loser.let_in, loser
        let_in_by_what_is_told(body, loser)
        most = best(body, loser.project)
        assert found.value is not None
        assert loser.lost_is_exact
        assert loser.lost == (None if most is None else found.value - most)


@settings(deadline=None, max_examples=40)
@given(bodies())
def test_who_had_no_time_hears_of_changes_that_are_large_enough(body: Body) -> None:
    """Without another search: what follows from the bound and from a plan that is made by taking others out."""
    wanted = program(Selection.model_validate({"currency": "GBP", **body}))
    found = solve(wanted, Deadline(10))
    if found.chosen is None:
        return
    for loser in losers(wanted, found, Deadline(0)):
        let_in_by_what_is_told(body, loser)
        assert not loser.lost_is_exact
        if loser.lost is not None:
            most = best(body, loser.project)
            assert most is not None
            assert loser.lost >= found.value - most


def let_in_by_what_is_told(body: Body, loser: Loser) -> None:
    for proposal in loser.let_in or ():
        changed = _changed(body, loser, proposal.changes)
        most = best(changed, loser.project)
        assert most is not None, proposal.sentence
        assert most == best(changed), proposal.sentence


def _changed(body: Body, loser: Loser, changes: Any) -> Body:
    changed = deepcopy(body)
    lifted = [
        change.at for change in changes if change.kind in ("excluded", "requires", "excludes", "goal", "at_least")
    ]
    for change in changes:
        _, member, place, *_ = [*(change.at or "").split("/"), "", "", ""]
        if change.kind == "budget":
            limit = changed[member][int(place)]["money"]
            limit["amount"] = str(D(limit["amount"]) + change.short_by)
        elif change.kind == "capacity":
            limit = changed[member][int(place)]
            limit["amount"] = str(D(limit["amount"]) + change.short_by)
        elif change.kind == "at_most":
            changed["groups"][int(place)]["at_most"] += int(change.short_by)
        elif change.kind == "value":
            own = next(each for each in changed["candidates"] if each["project"] == loser.project)
            own["value"] = str(D(own["value"]) + change.short_by)
        elif change.kind == "include":
            changed["mandatory"].append({"project": change.sentence.removesuffix(" is in"), "reason": "needed"})
    for member in ("excluded", "requires", "excludes", "goals"):
        changed[member] = [each for n, each in enumerate(changed[member]) if f"/{member}/{n}" not in lifted]
    for n, group in enumerate(changed["groups"]):
        group["at_least"] = None if f"/groups/{n}/at_least" in lifted else group["at_least"]
    return changed


# --- told by hand ---------------------------------------------------------------------------------


def plain(**values: tuple[int, int]) -> list[Body]:
    return [
        {"project": name, "value": v, "costs": [{"category": "capex", "money": gbp(cost)}]}
        for name, (v, cost) in values.items()
    ]


def one(found: SelectionResult, name: str) -> Loser:
    return next(each for each in found.losers if each.project == name)


BOARD: Body = {"periods": ["2026"], "candidates": plain(A=(10, 6), B=(9, 5), C=(3, 5)), "budgets": [{"money": gbp(12)}]}


def test_a_loser_hears_what_kept_it_out_and_what_would_let_it_in() -> None:
    found = of(BOARD)
    assert [each.project for each in found.selected] == ["A", "B"]
    loser = one(found, "C")
    assert [each.sentence for each in loser.kept_out] == ["GBP 4 over the budget, GBP 12"]
    assert loser.lost == 6
    assert loser.let_in is not None
    assert [each.sentence for each in loser.let_in] == [
        "its value is higher by 7",
        "GBP 4 more than the budget, GBP 12",
    ]


def test_a_loser_that_had_no_time_is_let_in_by_more_than_it_needs() -> None:
    """C takes the place of B, the one that is worth least for the room it gives."""
    board = program(Selection.model_validate({"currency": "GBP", **BOARD}))
    (loser,) = losers(board, solve(board, Deadline(10)), Deadline(0))
    assert loser.let_in is not None
    assert [each.sentence for each in loser.let_in] == ["its value is higher by 7"]
    assert (loser.lost, loser.lost_is_exact) == (6, False)


def test_what_was_not_proven_is_told_from_its_bound() -> None:
    """With C 13 is had; without it 19 was found and no more than 19.5 can be, which in whole steps may be 20."""
    board = program(Selection.model_validate({"currency": "GBP", **BOARD}))
    found = Solution(Found.BEST_FOUND, frozenset({0, 1}), D(19), D("19.5"))
    (loser,) = losers(board, found, Deadline(0))
    assert loser.let_in is not None
    assert ([each.sentence for each in loser.let_in], loser.lost) == (["its value is higher by 8"], 6)


def test_a_loser_needs_who_is_not_in() -> None:
    """P7 costs more than C is worth; where it is in anyway, C is too."""
    found = of(
        {
            **BOARD,
            "candidates": plain(A=(10, 6), B=(9, 5), C=(3, 1), P7=(-5, 0)),
            "requires": [{"project": "C", "needs": "P7"}],
        }
    )
    loser = one(found, "C")
    assert [each.sentence for each in loser.kept_out] == ["C needs P7, which is not in"]
    assert loser.let_in is not None
    assert [each.sentence for each in loser.let_in] == ["its value is higher by 3"]


def test_a_loser_and_who_it_needs_have_room_together() -> None:
    found = of(
        {
            **BOARD,
            "candidates": plain(A=(10, 6), B=(9, 5), C=(3, 2), P7=(-5, 1)),
            "requires": [{"project": "C", "needs": "P7"}],
        }
    )
    loser = one(found, "C")
    assert loser.let_in is not None
    assert [each.sentence for each in loser.let_in] == [
        "its value is higher by 12",
        "GBP 2 more than the budget, GBP 12, and P7 is in",
    ]


def test_a_goal_makes_room_by_what_does_not_serve_it() -> None:
    """Without time: Z takes the place of Y, and not of X, which half of the money has to be for."""
    x, y, z = plain(X=(5, 5), Y=(6, 5), Z=(5, 5))
    body = {"candidates": [{**x, "goals": {"G": 1}}, y, z], "goals": [{"goal": "G", "at_least": "0.5"}]}
    board = program(Selection.model_validate({"currency": "GBP", **BOARD, "budgets": [{"money": gbp(10)}], **body}))
    (loser,) = losers(board, solve(board, Deadline(10)), Deadline(0))
    assert (loser.lost, loser.let_in and loser.let_in[0].sentence) == (1, "its value is higher by 2")


def test_a_loser_is_short_of_people() -> None:
    body = {
        "periods": ["Q3"],
        "candidates": [
            {"project": name, "value": v, "needs": [{"role": "data engineer", "amount": "1.5"}]}
            for name, v in (("A", 2), ("B", 1))
        ],
        "capacities": [{"role": "data engineer", "period": "Q3", "amount": "2"}],
    }
    assert [each.sentence for each in one(of(body), "B").kept_out] == ["1.0 too many beside 2 of data engineer in Q3"]


@pytest.mark.parametrize("amounts", [(3, 5), (5, 3)])
def test_a_limit_of_every_period_is_one_change(amounts: tuple[int, int]) -> None:
    """Short by 1 in one quarter and by 3 in the other, it is the one limit that has to be higher, by 3."""
    needs = [{"after": n, "role": "cook", "amount": amount} for n, amount in enumerate(amounts)]
    body = {
        "periods": ["Q1", "Q2"],
        "candidates": [{"project": "A", "value": 1, "needs": needs}],
        "capacities": [{"role": "cook", "amount": 2}],
    }
    loser = one(of(body), "A")
    assert [each.sentence for each in loser.kept_out] == [
        f"{amounts[0] - 2} too many beside 2 of cook in Q1",
        f"{amounts[1] - 2} too many beside 2 of cook in Q2",
    ]
    assert loser.let_in is not None
    assert [(each.sentence, len(each.changes)) for each in loser.let_in] == [
        ("3 more than 2 of cook in each period", 1)
    ]
    assert of({**body, "capacities": [{"role": "cook", "amount": 5}]}).value == 1


def test_who_is_forced_out_hears_the_reason() -> None:
    loser = one(of({**BOARD, "excluded": [{"project": "A", "reason": "the council said no"}]}), "A")
    assert loser.kept_out[0].sentence == "A has to stay out: the council said no"
    assert loser.lost is None
    assert loser.let_in is not None
    assert "without the rule" in loser.let_in[0].sentence


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


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    of(BOARD)
    assert capfd.readouterr() == ("", "")


def test_who_has_no_time_hears_how_little_is_known() -> None:
    """The search ends before it bounds anything: no more can be had than all that is of worth."""
    candidates = plain(**{f"P{n}": (1_000 + n * n % 97, 1_000 + n * n % 89) for n in range(600)})
    board = program(
        Selection.model_validate(
            {"currency": "GBP", **BOARD, "candidates": candidates, "budgets": [{"money": gbp(300_000)}]}
        )
    )
    found = solve(board, Deadline(0), frozenset({0}))
    assert found.gap is not None
    assert found.found is Found.BEST_FOUND
    assert found.value < found.bound <= board.value(range(600))


def test_a_search_is_no_worse_than_what_it_began_with_and_a_hint_that_breaks_a_rule_is_none() -> None:
    board = program(Selection.model_validate({"currency": "GBP", **BOARD}))
    searched = Solution(Found.NOTHING_FOUND)
    told = no_worse(board, searched, frozenset({0}))
    assert (told.found, told.value, told.bound) == (Found.BEST_FOUND, 10, 22)
    assert no_worse(board, searched, frozenset({0, 1, 2})) is searched
    better = Solution(Found.BEST_FOUND, frozenset({1}), D(9), D(20))
    assert no_worse(board, better, frozenset({0})) == Solution(Found.BEST_FOUND, frozenset({0}), D(10), D(20))


def test_what_nothing_limits_is_told() -> None:
    body = {"periods": ["Q1"], "candidates": [{"project": "A", "value": 1, "needs": [{"role": "cook", "amount": 1}]}]}
    assert of(body).unlimited == ("role cook",)


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
