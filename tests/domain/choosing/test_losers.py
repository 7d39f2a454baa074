"""What keeps a loser out and what lets it in: by trying everything, told by hand, and where time ends."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from domain.choosing.losers import losers
from domain.choosing.reasons import Loser
from domain.choosing.solver import Deadline, Found, Solution, solve
from tests.domain.choosing.brute import Body, best
from tests.domain.choosing.scripted import Scripted
from tests.domain.choosing.selections import BOARD, bodies, built, gbp, of, one, plain

D = Decimal
AB, AC, ABC = frozenset({0, 1}), frozenset({0, 2}), frozenset({0, 1, 2})
BEST = Solution(Found.PROVEN_OPTIMAL, AB, D(19), D(19))
WITH_C = Solution(Found.PROVEN_OPTIMAL, AC, D(13), D(13))
"""The best plan that has C in: it loses 6."""
MORE = "GBP 4 more than the budget, GBP 12"


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
    wanted = built(body)
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
    board = built(BOARD)
    (loser,) = losers(board, solve(board, Deadline(10)), Deadline(0))
    assert loser.let_in is not None
    assert [each.sentence for each in loser.let_in] == ["its value is higher by 7"]
    assert (loser.lost, loser.lost_is_exact) == (6, False)


def test_what_was_not_proven_is_told_from_its_bound() -> None:
    """With C 13 is had; without it 19 was found and no more than 19.5 can be, which in whole steps may be 20."""
    board = built(BOARD)
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
    board = built({**BOARD, "budgets": [{"money": gbp(10)}], **body})
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


def test_a_loser_hears_of_the_start_that_breaks_least() -> None:
    """In Q1 there is neither money nor a cook, in Q2 the cook is there."""
    late = {**plain(A=(5, 9))[0], "latest": "Q2", "needs": [{"role": "cook", "amount": 1}]}
    body = {
        "periods": ["Q1", "Q2"],
        "candidates": [late],
        "budgets": [{"money": gbp(4)}],
        "capacities": [{"role": "cook", "period": "Q1", "amount": "0.5"}],
    }
    assert [each.sentence for each in one(of(body), "A").kept_out] == ["GBP 5 over the budget, GBP 4"]


def test_who_is_forced_out_hears_the_reason() -> None:
    loser = one(of({**BOARD, "excluded": [{"project": "A", "reason": "the council said no"}]}), "A")
    assert loser.kept_out[0].sentence == "A has to stay out: the council said no"
    assert loser.lost is None
    assert loser.let_in is not None
    assert "without the rule" in loser.let_in[0].sentence


# --- by what searches find ------------------------------------------------------------------------


def told(monkeypatch: pytest.MonkeyPatch, *found: Solution) -> list[str]:
    """What lets C in where searches find this: with C, with room, and with room and C."""
    monkeypatch.setattr("domain.choosing.losers.solve", Scripted(*found))
    board = built(BOARD)
    (loser,) = losers(board, BEST, Deadline(60))
    return [each.sentence for each in loser.let_in or ()]


def test_room_is_enough_where_the_best_has_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    roomy = Solution(Found.PROVEN_OPTIMAL, ABC, D(22), D(22))
    assert told(monkeypatch, WITH_C, roomy) == ["its value is higher by 7", MORE]


def test_what_is_not_proven_takes_more_value_beside_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that is worth up to 24 might be better than the 22 that were found."""
    roomy = Solution(Found.BEST_FOUND, ABC, D(22), D(24))
    with_c = Solution(Found.BEST_FOUND, ABC, D(22), D(24))
    more = f"{MORE}, and its value is higher by 3"
    assert told(monkeypatch, WITH_C, roomy, with_c) == ["its value is higher by 7", more]


@pytest.mark.parametrize(("bound", "is_told"), [(D(27), True), (D(28), False), (D(40), False)])
def test_room_that_takes_as_much_value_as_would_do_alone_is_no_help(
    monkeypatch: pytest.MonkeyPatch, bound: Decimal, is_told: bool
) -> None:
    found = Solution(Found.BEST_FOUND, ABC, D(22), bound)
    assert len(told(monkeypatch, WITH_C, found, found)) == 1 + is_told


def test_each_loser_has_its_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of twelve seconds for two losers the first has six: two for itself, half of the rest for the room."""
    found = [Solution(Found.PROVEN_OPTIMAL, frozenset(chosen), D(20), D(20)) for chosen in ({0, 2}, {2}, {0, 3}, {3})]
    search = Scripted(*found)
    monkeypatch.setattr("domain.choosing.losers.solve", search)
    candidates = plain(A=(10, 6), B=(9, 5), C=(3, 5), D=(1, 9))
    board = built({**BOARD, "candidates": candidates})
    told = losers(board, BEST, Deadline(12))
    assert [each.project for each in told] == ["C", "D"]
    assert [seconds for _, _, seconds in search.asked] == [2, 3, 4, 6]
