"""One of our selections in a process of its own, so that its peak of memory is its own.

`python -m benchmarks.selecting selected|over_budgets SECONDS < BODY` tells what was measured as JSON.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from time import perf_counter, process_time
from typing import Any

from domain.choosing.candidates import Selection
from domain.choosing.frontier import frontier
from domain.choosing.selection import select

POINTS = 20
TELLING = Decimal("0.5")
"""Seconds that are kept for what comes before and after the search."""
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Measured:
    """One of ours: `value` is the sum of those of a frontier."""

    said: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    value: float
    gap_percent: float | None
    detail: str = ""


def selected(body: Body, seconds: float) -> Measured:
    """One selection, from the body that was sent to the result that is told."""
    began, used = perf_counter(), process_time()
    found = select(Selection.model_validate({**body, "seconds": str(max(Decimal(str(seconds)) - TELLING, TELLING))}))
    took, busy = perf_counter() - began, process_time() - used
    value, gap = float(found.value or 0), None if found.gap_percent is None else float(found.gap_percent)
    told = sum(loser.let_in is not None for loser in found.losers)
    detail = f"{told} of {len(found.losers)} losers" if body["explain"] else found.solver
    return Measured(found.said, took, busy, _peak(), value, gap, detail)


def over_budgets(body: Body, seconds: float) -> Measured:
    """The frontier up to twice the first budget."""
    began, used = perf_counter(), process_time()
    given = Selection.model_validate({**body, "seconds": str(Decimal(str(seconds)) - TELLING)})
    points = frontier(given, amounts(body))
    took, busy = perf_counter() - began, process_time() - used
    proven = sum(point.gap_percent == 0 for point in points)
    gap = max((float(point.gap_percent) for point in points if point.gap_percent is not None), default=None)
    value = float(sum((point.value or Decimal(0) for point in points), Decimal(0)))
    return Measured(f"{proven} of {len(points)} proven", took, busy, _peak(), value, gap)


def amounts(body: Body) -> list[Decimal]:
    """Twenty steps up to twice the first budget."""
    whole = Decimal(body["budgets"][0]["money"]["amount"]) * 2
    return [whole * n / POINTS for n in range(1, POINTS + 1)]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(work: Callable[[Body, float], Measured], body: Body, seconds: float) -> Measured:
    """The work in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.selecting", work.__name__, str(seconds)]
    done = subprocess.run(command, input=json.dumps(body), capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    return Measured(**json.loads(done.stdout))


if __name__ == "__main__":
    asked = {each.__name__: each for each in (selected, over_budgets)}[sys.argv[1]]
    print(json.dumps(asdict(asked(json.load(sys.stdin), float(sys.argv[2])))))
