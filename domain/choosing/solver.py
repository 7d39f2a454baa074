"""The exact solver: HiGHS, and the exact arithmetic that checks it.

HiGHS (Huangfu and Hall, *Parallelizing the dual revised simplex method*, 2018) computes in floats with tolerances.
What it finds is checked in decimals; a constraint that is broken by less than it can tell gets a cut, and it looks
again. It runs on one thread with one seed, so that the same program finds the same selection unless time ends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from domain.choosing.figures import NOTHING, RATIO, WHOLE
from domain.choosing.program import Program
from domain.choosing.rows import Chosen, Kind, Row

if TYPE_CHECKING:
    from highspy._core import _Highs as Highs

TOLERANCE = 1e-9
NEARER = 0.999
"""The solver is asked to come a little nearer than it has to, so that the gap in decimals is small enough too."""
LARGEST = 10**9
"""Values are given to the solver as whole numbers if they fit."""


class Found(StrEnum):
    """How a search ended."""

    PROVEN_OPTIMAL = "proven_optimal"
    BEST_FOUND = "best_found"
    INFEASIBLE = "infeasible"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True)
class Solution:
    """What was found; `bound` is a value that no selection exceeds."""

    found: Found
    chosen: Chosen | None = None
    value: Decimal = NOTHING
    bound: Decimal = NOTHING

    @property
    def gap(self) -> Decimal | None:
        """How much better another could be, as a part of the value; 0 if proven, `None` if nothing is known."""
        if self.found is Found.PROVEN_OPTIMAL:
            return NOTHING
        if self.found is not Found.BEST_FOUND or not self.value:
            return None
        return max(NOTHING, (self.bound - self.value) / abs(self.value))

    @property
    def gap_percent(self) -> Decimal | None:
        """The gap as it is told, to 4 places."""
        return None if self.gap is None else (self.gap * 100).quantize(RATIO)


class Deadline:
    """When to stop."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left, 0 at the end."""
        return max(0.0, self._end - monotonic())

    def part(self, parts: int) -> "Deadline":
        """The end of the first of so many equal parts of what is left."""
        return Deadline(self.left() / parts)


def solve(wanted: Program, deadline: Deadline, hint: Chosen | None = None, gap: Decimal = NOTHING) -> Solution:
    """The selection of the most value, and none worse than `hint`, to begin with; at `gap` it may end unproven."""
    scale = _scale(wanted)
    model = _model(wanted, {n: float(start.value * scale) for n, start in enumerate(wanted.starts)})
    model.setOptionValue("mip_rel_gap", float(gap) * NEARER)
    if hint is not None:
        numbers = list(range(len(wanted.starts)))
        model.setSolution(len(numbers), numbers, [float(n in hint) for n in numbers])
    found = _searched(wanted, model, scale, deadline)
    return found if hint is None else no_worse(wanted, found, hint)


def no_worse(wanted: Program, found: Solution, hint: Chosen) -> Solution:
    """What was found, or the hint where time ended before the search came as far."""
    value = wanted.value(hint)
    if wanted.broken(hint) or (found.chosen is not None and found.value >= value):
        return found
    bound = wanted.everything if found.chosen is None else found.bound
    return Solution(Found.BEST_FOUND, hint, value, max(value, bound))


def is_feasible(wanted: Program, deadline: Deadline) -> bool | None:
    """Whether any selection keeps all rows; `None` if time ended it."""
    found = _searched(wanted, _model(wanted, {}), WHOLE, deadline).found
    return None if found is Found.NOTHING_FOUND else found is not Found.INFEASIBLE


def _scale(wanted: Program) -> Decimal:
    values = [abs(start.value) for start in wanted.starts]
    largest = max(values, default=WHOLE) or WHOLE
    places = max((-int(each.normalize().as_tuple().exponent) for each in values), default=0)
    scale = Decimal(10) ** max(0, places)
    return scale if largest * scale <= LARGEST else Decimal(10**6) / largest


def _model(wanted: Program, worth: Mapping[int, float]) -> "Highs":
    # takes a sixth of a second, which only a selection should pay; the class that is exported prints a banner
    from highspy._core import HighsVarType, ObjSense, _Highs

    model = _Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_feasibility_tolerance": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
    }.items():
        model.setOptionValue(option, value)
    count = len(wanted.starts)
    numbers = list(range(count))
    model.addVars(count, [0.0] * count, [1.0] * count)
    for number in numbers:
        model.changeColIntegrality(number, HighsVarType.kInteger)
    model.changeColsCost(count, numbers, [worth.get(n, 0.0) for n in numbers])
    model.changeObjectiveSense(ObjSense.kMaximize)
    for row in [*_one_start_each(wanted), *wanted.rows]:
        _add(model, row)
    return model


def _one_start_each(wanted: Program) -> list[Row]:
    own: dict[int, dict[int, Decimal]] = {}
    for number, start in enumerate(wanted.starts):
        own.setdefault(start.candidate, {})[number] = WHOLE
    return [Row(Kind.AT_MOST, "", "one start", terms, high=WHOLE) for terms in own.values() if len(terms) > 1]


def _add(model: "Highs", row: Row) -> None:
    """A row, scaled to a largest coefficient of 1, so that tolerances mean the same in each."""
    terms = {number: each for number, each in row.terms.items() if each}
    unit = max(map(abs, terms.values()), default=WHOLE)
    low = -inf if row.low is None else float(row.low / unit)
    high = inf if row.high is None else float(row.high / unit)
    model.addRow(low, high, len(terms), list(terms), [float(each / unit) for each in terms.values()])


def _searched(wanted: Program, model: "Highs", scale: Decimal, deadline: Deadline) -> Solution:
    import highspy

    ends = highspy.HighsModelStatus
    while True:
        model.setOptionValue("time_limit", max(deadline.left(), 0.01))  # of each run, whatever ran before
        model.run()
        status, info = model.getModelStatus(), model.getInfo()
        if status in (ends.kInfeasible, ends.kUnboundedOrInfeasible):
            return Solution(Found.INFEASIBLE)
        if info.primal_solution_status != highspy.kSolutionStatusFeasible:
            return Solution(Found.NOTHING_FOUND)
        values = model.getSolution().col_value
        chosen = frozenset(number for number, value in enumerate(values) if value > 0.5)
        broken = wanted.broken(chosen)
        if not broken:
            break
        if not deadline.left():
            return Solution(Found.NOTHING_FOUND)
        for row in broken:
            _cut(model, row, chosen)
    value = wanted.value(chosen)
    if status == ends.kOptimal and not model.getOptionValue("mip_rel_gap")[1]:
        return Solution(Found.PROVEN_OPTIMAL, chosen, value, value)
    bound = min(Decimal(info.mip_dual_bound) / scale, wanted.everything)
    found = Found.BEST_FOUND if bound > value else Found.PROVEN_OPTIMAL
    return Solution(found, chosen, value, max(value, bound))


def _cut(model: "Highs", row: Row, chosen: Chosen) -> None:
    """What is chosen in this row may not be chosen again as it is."""
    terms = {number: (WHOLE if number in chosen else -WHOLE) for number, each in row.terms.items() if each}
    _add(model, Row(row.kind, row.at, "cut", terms, high=Decimal(sum(each > 0 for each in terms.values()) - 1)))
