"""Selections of up to a thousand candidates, from a seeded program: how long until they are proven, or how near.

Each of ours runs in a process of its own, so that its peak of memory is its own; plain HiGHS solves the same instance.
"""

from typing import Any

from benchmarks.highs import Rival, plain, plain_frontier
from benchmarks.instances import QUARTERS, instance
from benchmarks.selecting import POINTS, Body, Measured, alone, amounts, over_budgets, selected
from benchmarks.shared import Figure, Servers

LONGEST = 10
"""Seconds for a frontier, and for a selection that is not expected to be proven."""
MOST_MEMORY = 1_024


def measure(_: Servers, *, tiny: bool = False) -> list[Figure]:
    """Three selections, one of them again with what would let its losers in, and a frontier."""
    count, fewer = (26, 12) if tiny else (1_000, 200)
    one: dict[str, Any] = {"budgets": [None], "roles": 3, "periods": ["2026"]}
    some: dict[str, Any] = {"budgets": QUARTERS, "roles": 2, "periods": QUARTERS}
    many: dict[str, Any] = {"budgets": QUARTERS, "roles": 12, "periods": QUARTERS}
    first = instance(count, **one)
    return [
        _proven(f"selection, {count:,} candidates, one budget, 3 capacities", first, 3),
        _near("quarters", f"selection, {count:,}, 4 budgets, 8 capacities", instance(count, **some), 0.05),
        _near("roles", f"selection, {count:,}, 4 budgets, 48 capacities", instance(count, **many), 0.25),
        _explained(f"the first with what would let each of its losers in, {count:,} candidates", first, 3),
        _frontier(instance(fewer, **one)),
    ]


def _proven(work: str, body: Body, seconds: int) -> Figure:
    ours, rival = alone(selected, body, seconds), plain(body, seconds)
    return Figure(
        name="selection.plain",
        work=work,
        ours=_told(ours),
        rival=f"gap {rival.gap_percent:.4f} % after {rival.seconds:.1f} s",
        ratio=rival.seconds / ours.seconds,
        goal=f"proven optimal in {seconds} s",
        reached=ours.gap_percent == 0 and ours.seconds <= seconds,
        numbers=_numbers(ours, rival),
        notes=f"{_instance(body, ours)}; the ratio is how many times as fast",
    )


def _near(name: str, work: str, body: Body, gap: float) -> Figure:
    ours, rival = alone(selected, body, LONGEST), plain(body, LONGEST)
    near = ours.gap_percent is not None and ours.gap_percent <= gap and ours.seconds <= LONGEST
    return Figure(
        name=f"selection.{name}",
        work=work,
        ours=_told(ours),
        rival=f"gap {rival.gap_percent:.4f} % after {rival.seconds:.1f} s",
        ratio=rival.gap_percent / ours.gap_percent if ours.gap_percent else None,
        goal=f"gap ≤ {gap} % in {LONGEST} s, ≤ {MOST_MEMORY:,} MB",
        reached=near and ours.peak_mb <= MOST_MEMORY,
        numbers=_numbers(ours, rival),
        notes=f"{_instance(body, ours)}; the ratio is how many times as near",
    )


def _explained(work: str, body: Body, seconds: int) -> Figure:
    ours = alone(selected, {**body, "explain": True}, seconds)
    return Figure(
        name="selection.explained",
        work=work,
        ours=f"{ours.seconds:.1f} s, {ours.detail}, {ours.peak_mb:.0f} MB",
        goal=f"≤ {2 * seconds} s",
        reached=ours.seconds <= 2 * seconds,
        numbers={"seconds": ours.seconds, "cpu_seconds": ours.cpu_seconds, "peak_mb": ours.peak_mb},
    )


def _frontier(body: Body) -> Figure:
    ours = alone(over_budgets, body, LONGEST)
    rival = plain_frontier(body, LONGEST, [float(each) for each in amounts(body)])
    taken = sum(each.seconds for each in rival)
    proven = sum(each.gap_percent < 0.00005 for each in rival)
    return Figure(
        name="selection.frontier",
        work=f"frontier of {POINTS} points, {len(body['candidates'])} candidates",
        ours=f"{ours.seconds:.1f} s, {ours.said}",
        rival=f"{taken:.1f} s, {proven} of {POINTS} proven",
        ratio=taken / ours.seconds,
        goal=f"≤ {LONGEST} s",
        reached=ours.seconds <= LONGEST,
        numbers=_numbers(ours, Rival(taken, sum(each.value for each in rival), max(e.gap_percent for e in rival))),
        notes="the rival changes one row of one model and searches again; the ratio is how many times as fast",
    )


def _told(ours: Measured) -> str:
    return f"{ours.said} after {ours.seconds:.1f} s, {ours.peak_mb:.0f} MB"


def _instance(body: Body, ours: Measured) -> str:
    pairs = len(body["requires"]) + len(body["excludes"])
    return (
        f"seeded instance, {pairs} requires and excludes, 5 goal minima; {ours.detail} on one thread, the rival on "
        "those it takes by itself, neither content with a gap"
    )


def _numbers(ours: Measured, rival: Rival) -> dict[str, float]:
    return {
        "seconds": ours.seconds,
        "cpu_seconds": ours.cpu_seconds,
        "peak_mb": ours.peak_mb,
        "value": ours.value,
        "rival_seconds": rival.seconds,
        "rival_value": rival.value,
    }
