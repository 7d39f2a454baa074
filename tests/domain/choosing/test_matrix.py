"""The matrix: every candidate in the quadrant of its values, or in none for want of one."""

from decimal import Decimal
from typing import Any

import pytest

from domain.choosing.matrix import Matrix, MatrixResult, matrix
from tests.domain.choosing.refusing import refused

AXIS = {"low": 0, "high": 10}
AXES: dict[str, Any] = {"x": {"name": "Effort", **AXIS}, "y": {"name": "Value", **AXIS}}


def of(*points: dict[str, Any], **more: Any) -> MatrixResult:
    return matrix(Matrix.model_validate({**AXES, "points": points, **more}))


def test_four_quadrants_by_the_line_in_the_middle() -> None:
    places = {"A": (2, 9), "B": (8, 8), "C": (1, 1), "D": (9, 2), "E": (5, 5)}
    found = of(*({"project": name, "x": x, "y": y} for name, (x, y) in places.items()))
    assert found.quadrants == {"Big bets": ("B", "E"), "Quick wins": ("A",), "Time sinks": ("D",), "Fill-ins": ("C",)}
    assert (found.placed[0].from_left, found.placed[0].from_bottom) == (Decimal("0.2"), Decimal("0.9"))


def test_who_lacks_a_value_is_in_no_quadrant() -> None:
    found = of({"project": "A", "x": 0}, {"project": "B", "x": 0, "y": 0})
    assert found.unplaced == ("A",)
    assert (found.placed[0].quadrant, found.placed[0].from_bottom) == (None, None)
    assert found.quadrants["Fill-ins"] == ("B",)


def test_the_size_goes_by_money_in_one_currency() -> None:
    points = [
        {"project": "A", "x": 1, "y": 1, "money": {"amount": "50", "currency": "GBP"}, "group": "G1"},
        {"project": "B", "x": 1, "y": 1, "money": {"amount": "100", "currency": "USD"}},
        {"project": "C", "x": 1, "y": 1},
    ]
    found = of(*points, currency="GBP", rates=[{"currency": "USD", "rate": "0.8"}])
    assert [(each.money, each.size, each.group) for each in found.placed] == [
        (Decimal("50.00"), Decimal("0.625"), "G1"),
        (Decimal("80.00"), Decimal(1), None),
        (None, None, None),
    ]


def test_places_are_parts_of_the_axis_and_its_ends_belong_to_it() -> None:
    axes = {
        "x": {"name": "Effort", "low": -1, "high": 2, "line": 2},
        "y": {"name": "Value", "low": 1, "high": 4, "line": 1},
    }
    points = [{"project": "A", "x": -1, "y": 4}, {"project": "B", "x": 2, "y": 1}, {"project": "C", "x": 0, "y": 2}]
    found = matrix(Matrix.model_validate({**axes, "points": points}))
    assert [(each.from_left, each.from_bottom, each.quadrant) for each in found.placed] == [
        (0, 1, "Quick wins"),
        (1, 0, "Big bets"),
        (Decimal("0.3333"), Decimal("0.3333"), "Quick wins"),
    ]


def test_urgent_and_important() -> None:
    """Covey, The 7 Habits of Highly Effective People: do, schedule, delegate, drop."""
    places = {"A": (9, 9), "B": (1, 9), "C": (9, 1), "D": (1, 1)}
    points = ({"project": name, "x": x, "y": y} for name, (x, y) in places.items())
    found = of(*points, preset="urgency_importance")
    assert found.quadrants == {"Do first": ("A",), "Schedule": ("B",), "Delegate": ("C",), "Drop": ("D",)}


def test_what_brings_money_has_a_size_as_what_costs_it() -> None:
    points = [
        {"project": name, "x": 1, "y": 1, "money": {"amount": amount, "currency": "USD"}}
        for name, amount in (("A", "-300"), ("B", "100.0049"))
    ]
    found = of(*points, currency="GBP", rates=[{"currency": "USD", "rate": "0.5"}])
    assert [(each.money, each.size) for each in found.placed] == [(-150, 1), (Decimal("50.00"), Decimal("0.3333"))]


def test_own_lines_and_own_names() -> None:
    names = {"high_x_high_y": "Now", "low_x_high_y": "Next", "high_x_low_y": "Hand on", "low_x_low_y": "Leave"}
    found = matrix(
        Matrix.model_validate(
            {**AXES, "x": {**AXES["x"], "line": 8}, "names": names, "points": [{"project": "A", "x": 7, "y": 5}]}
        )
    )
    assert (found.placed[0].quadrant, found.divides) == ("Next", (Decimal(8), Decimal(5)))


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"points": [{"project": "A", "x": 11, "y": 1}]}, "/points/0/x", "expected Effort from 0 to 10; got 11"),
        ({"points": [{"project": "A"}, {"project": "A"}]}, "/points/1", "A comes twice"),
        ({"x": {"name": "Effort", "low": 1, "high": 1}}, "/x/high", "expected more than low, 1"),
        ({"y": {"name": "Value", **AXIS, "line": 11}}, "/y/line", "from 0 to 10; got 11"),
        (
            {"points": [{"project": "A", "money": {"amount": "1", "currency": "USD"}}]},
            "/currency",
            "required, because /points/0 has money",
        ),
        (
            {"points": [{"project": "A", "money": {"amount": "1", "currency": "USD"}}], "currency": "GBP"},
            "/points/0/money/currency",
            "a rate from USD to GBP",
        ),
        ({"points": []}, "/points", "at least 1"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], pointer: str, words: str) -> None:
    refused(matrix, Matrix, {**AXES, "points": [{"project": "A"}], **changes}, pointer, words)
