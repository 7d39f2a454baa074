"""What losers hear, by what searches find and how much time they have."""

from decimal import Decimal

import pytest

from domain.choosing.candidates import Selection
from domain.choosing.losers import losers
from domain.choosing.rows import program
from domain.choosing.solver import Deadline, Found, Solution
from tests.domain.choosing.scripted import Scripted
from tests.domain.choosing.test_selection import BOARD, plain

D = Decimal
AB, AC, ABC = frozenset({0, 1}), frozenset({0, 2}), frozenset({0, 1, 2})
BEST = Solution(Found.PROVEN_OPTIMAL, AB, D(19), D(19))
WITH_C = Solution(Found.PROVEN_OPTIMAL, AC, D(13), D(13))
"""The best plan that has C in: it loses 6."""
MORE = "GBP 4 more than the budget, GBP 12"


def told(monkeypatch: pytest.MonkeyPatch, *found: Solution) -> list[str]:
    """What lets C in where searches find this: with C, with room, and with room and C."""
    monkeypatch.setattr("domain.choosing.losers.solve", Scripted(*found))
    board = program(Selection.model_validate({"currency": "GBP", **BOARD}))
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
    board = program(Selection.model_validate({"currency": "GBP", **BOARD, "candidates": candidates}))
    told = losers(board, BEST, Deadline(12))
    assert [each.project for each in told] == ["C", "D"]
    assert [seconds for _, _, seconds in search.asked] == [2, 3, 4, 6]
