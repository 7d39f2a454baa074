"""Selections of the books, each with the plan it names."""

from typing import Any

from domain.choosing.candidates import Selection
from domain.choosing.selection import select
from tests.domain.choosing.brute import best


def gbp(amount: int) -> dict[str, str]:
    return {"amount": str(amount), "currency": "GBP"}


def of(**body: Any) -> tuple[set[str], Any]:
    found = select(Selection.model_validate({"currency": "GBP", "explain": False, **body}))
    assert found.value == best(body)
    return {each.project for each in found.selected}, found.value


def test_factories_and_warehouses() -> None:
    """Hillier and Lieberman, Introduction to Operations Research, California Manufacturing Company.

    Of two factories and at most one warehouse, which only goes where a factory is, both factories are built: 14.
    """
    sites = {"factory LA": (9, 6), "factory SF": (5, 3), "warehouse LA": (6, 5), "warehouse SF": (4, 2)}
    chosen = of(
        periods=["now"],
        candidates=[
            {"project": name, "value": value, "costs": [{"category": "capital", "money": gbp(cost)}]}
            for name, (value, cost) in sites.items()
        ],
        budgets=[{"money": gbp(10)}],
        excludes=[{"project": "warehouse LA", "other": "warehouse SF"}],
        requires=[{"project": f"warehouse {city}", "needs": f"factory {city}"} for city in ("LA", "SF")],
    )
    assert chosen == ({"factory LA", "factory SF"}, 14)


NINE = {
    "1": (14, 12, 3),
    "2": (17, 54, 7),
    "3": (17, 6, 6),
    "4": (15, 6, 2),
    "5": (40, 30, 35),
    "6": (12, 6, 6),
    "7": (14, 48, 4),
    "8": (10, 36, 3),
    "9": (12, 18, 3),
}
"""Net present value, and what the first and the second year take."""


def test_nine_projects_in_two_years() -> None:
    """Lorie and Savage (1955), whole projects as in Weingartner (1963): 1, 3, 4, 6 and 9 are worth 70.

    The table is also at flylib.com/books/en/2.907.1.82.
    """
    chosen = of(
        periods=["first", "second"],
        candidates=[
            {
                "project": name,
                "value": value,
                "costs": [{"after": n, "category": "capital", "money": gbp(cost)} for n, cost in enumerate(costs)],
            }
            for name, (value, *costs) in NINE.items()
        ],
        budgets=[{"period": "first", "money": gbp(50)}, {"period": "second", "money": gbp(20)}],
    )
    assert chosen == ({"1", "3", "4", "6", "9"}, 70)
