"""Selections from a seeded program: the same numbers in every run, all money and all people short."""

from decimal import Decimal
from random import Random
from typing import Any

SEED = 20_261_127
QUARTERS = ["Q1", "Q2", "Q3", "Q4"]
GOALS = [f"G{n}" for n in range(5)]
TIGHT = Decimal("0.35")
"""Which part of all wishes the money and the people are enough for."""


def instance(count: int, budgets: list[str | None], roles: int, periods: list[str]) -> dict[str, Any]:
    """A selection whose budgets and capacities all bind, with pairs (150 for a thousand) and five goal minima."""
    chance = Random(SEED)  # noqa: S311 (no secret)
    names = [f"r{n}" for n in range(roles)]
    candidates = [_candidate(chance, number, names, periods) for number in range(count)]
    pairs = [sorted(chance.sample(range(count), 2)) for _ in range(max(2, count * 15 // 100))]
    half = len(pairs) // 2
    return {
        "currency": "GBP",
        "periods": periods,
        "candidates": candidates,
        "budgets": [
            {"period": period, "money": _money(TIGHT * _asked(candidates, period, periods))} for period in budgets
        ],
        "capacities": [
            {
                "role": name,
                "period": period,
                "amount": str(round(TIGHT * _needed(candidates, name, period, periods), 1)),
            }
            for name in names
            for period in periods
        ],
        "requires": [{"project": f"P{one}", "needs": f"P{other}"} for one, other in pairs[:half]],
        "excludes": [{"project": f"P{one}", "other": f"P{other}"} for one, other in pairs[half:]],
        "goals": [{"goal": goal, "at_least": "0.1"} for goal in GOALS],
        "explain": False,
    }


def _candidate(chance: Random, number: int, roles: list[str], periods: list[str]) -> dict[str, Any]:
    cost = [chance.randint(10, 200) for _ in periods]
    value = sum(cost) * chance.uniform(0.6, 1.8)
    return {
        "project": f"P{number}",
        "value": f"{value:.1f}",
        "costs": [{"after": n, "category": "all", "money": _money(Decimal(each))} for n, each in enumerate(cost)],
        "needs": [
            {"after": n, "role": role, "amount": f"{chance.uniform(0.1, 3):.1f}"}
            for role in chance.sample(roles, min(3, len(roles)))
            for n, _ in enumerate(periods)
        ],
        "goals": {goal: "1" for goal in GOALS if chance.random() < 0.3},
    }


def _money(amount: Decimal) -> dict[str, str]:
    return {"amount": f"{amount:.2f}", "currency": "GBP"}


def _asked(candidates: list[dict[str, Any]], period: str | None, periods: list[str]) -> Decimal:
    costs = [cost for each in candidates for cost in each["costs"]]
    return sum((Decimal(c["money"]["amount"]) for c in costs if period in (None, periods[c["after"]])), Decimal(0))


def _needed(candidates: list[dict[str, Any]], role: str, period: str, periods: list[str]) -> Decimal:
    needs = [need for each in candidates for need in each["needs"]]
    return sum((Decimal(n["amount"]) for n in needs if n["role"] == role and periods[n["after"]] == period), Decimal(0))
