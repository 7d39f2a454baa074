"""Selections of up to a thousand candidates, from a seeded program: how long until they are proven, or how near."""

import resource
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.shared import Figure, Servers
from domain.choosing.candidates import Selection
from domain.choosing.frontier import frontier
from domain.choosing.selection import SelectionResult, select

SEED = 20_261_127
QUARTERS = ["Q1", "Q2", "Q3", "Q4"]
GOALS = [f"G{n}" for n in range(5)]
TIGHT = Decimal("0.35")
"""Which part of all wishes the money and the people are enough for."""
POINTS = 20


def measure(_: Servers, *, tiny: bool = False) -> list[Figure]:
    """Three selections and a frontier."""
    count, fewer = (12, 8) if tiny else (1_000, 200)
    one: dict[str, Any] = {"budgets": [None], "roles": 3, "periods": ["2026"]}
    some: dict[str, Any] = {"budgets": QUARTERS, "roles": 2, "periods": QUARTERS}
    many: dict[str, Any] = {"budgets": QUARTERS, "roles": 12, "periods": QUARTERS}
    return [
        _selected("plain", f"{count:,} candidates, one budget, 3 capacities", instance(count, **one), 3, Decimal(0)),
        _selected("quarters", f"{count:,}, 4 budgets, 8 capacities", instance(count, **some), 10, Decimal("0.05")),
        _selected("roles", f"{count:,}, 4 budgets, 48 capacities", instance(count, **many), 10, Decimal("0.25")),
        _frontier(instance(fewer, **one)),
    ]


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


def _selected(name: str, work: str, body: Mapping[str, Any], seconds: int, gap: Decimal) -> Figure:
    given = Selection.model_validate({**body, "seconds": seconds})
    began = perf_counter()
    found = select(given)
    took = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figure(
        name=f"selection.{name}",
        work=f"selection, {work}",
        ours=f"{found.said} after {took:.1f} s, {peak:.0f} MB",
        goal=f"proven optimal in {seconds} s" if not gap else f"gap ≤ {gap} % in {seconds} s",
        reached=_is_near(found, gap),
        numbers={"seconds": took, "peak_mb": peak},
        notes=f"seeded instance, {len(given.requires) + len(given.excludes)} requires and excludes, 5 goal minima; "
        f"{found.solver} on one thread; the memory is the peak of the whole process",
    )


def _is_near(found: SelectionResult, gap: Decimal) -> bool:
    return found.gap_percent is not None and found.gap_percent <= gap


def _frontier(body: Mapping[str, Any]) -> Figure:
    given = Selection.model_validate({**body, "seconds": 10})
    whole = given.budgets[0].money.amount * 2
    began = perf_counter()
    points = frontier(given, 0, [whole * n / POINTS for n in range(1, POINTS + 1)])
    took = perf_counter() - began
    proven = sum(point.gap_percent == 0 for point in points)
    return Figure(
        name="selection.frontier",
        work=f"frontier of {POINTS} points, {len(given.candidates)} candidates",
        ours=f"{took:.1f} s, {proven} of {POINTS} proven",
        goal="≤ 10 s",
        reached=took <= 10,
        numbers={"seconds": took},
    )
