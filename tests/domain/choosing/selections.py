"""Selections to try: a small board told by hand, and bodies made by chance."""

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from domain.choosing.candidates import Selection
from domain.choosing.program import Program, program
from domain.choosing.reasons import Loser
from domain.choosing.selection import SelectionResult, select
from tests.domain.choosing.brute import Body

D = Decimal
QUARTERS = ["Q1", "Q2", "Q3"]
ROLES, CATEGORIES, GOALS = ["engineer", "analyst"], ["capex", "opex"], ["G1", "G2"]


def gbp(amount: Any) -> dict[str, str]:
    return {"amount": str(amount), "currency": "GBP"}


def plain(**values: tuple[int, int]) -> list[Body]:
    return [
        {"project": name, "value": v, "costs": [{"category": "capex", "money": gbp(cost)}]}
        for name, (v, cost) in values.items()
    ]


BOARD: Body = {"periods": ["2026"], "candidates": plain(A=(10, 6), B=(9, 5), C=(3, 5)), "budgets": [{"money": gbp(12)}]}


def of(body: Body) -> SelectionResult:
    return select(Selection.model_validate({"currency": "GBP", **body}))


def one(found: SelectionResult, name: str) -> Loser:
    return next(each for each in found.losers if each.project == name)


def built(body: Body) -> Program:
    """The rows of a selection."""
    return program(Selection.model_validate({"currency": "GBP", **body}))


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
