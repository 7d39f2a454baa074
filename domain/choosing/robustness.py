"""Robustness: how often each candidate is selected when values vary. Pure.

The core index of robust portfolio modelling: the part of all selections, over what values may be, that a candidate is
in (Liesiö, Mild and Salo, *Preference programming for robust portfolio modeling and project selection*, 2007), here by
draws from a stored seed as in stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and Salminen, 1998).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from importlib.metadata import version
from random import Random
from typing import Annotated

from pydantic import Field

from domain.choosing.candidates import Selection
from domain.choosing.figures import NOTHING, PRECISE, RATIO, WHOLE, Listed, Part, each_once, known, ratio
from domain.choosing.program import Program, program
from domain.choosing.simulation import Range, Seed, drawn
from domain.choosing.solver import Deadline, Found, Solution, solve
from domain.kernel.refusal import Invalid
from domain.kernel.types import Strictly


class Robustness(Strictly):
    """A selection, and how far its values may be wrong.

    For each draw the value of every candidate is multiplied by a factor, drawn by itself to 4 places: from its range
    if it has one (`of` names the candidate), else evenly from 1 - `swing` to 1 + `swing`. A draw counts once its
    selection is found and no other is better by more than the part `gap` (0 = proven optimal). Up to half of the
    `seconds` of the selection go into that of the values as they are, the rest in equal parts into the draws.
    """

    selection: Selection
    swing: Part = Decimal("0.1")
    ranges: Listed[Range] = ()
    draws: Annotated[int, Field(ge=1, le=1_000)] = 100
    seed: Seed = 1
    gap: Part = NOTHING


class Base(Strictly):
    """The selection of the values as they are."""

    found: Found
    gap_percent: Decimal | None
    value: Decimal | None
    selected: tuple[str, ...]


class Often(Strictly):
    """In how many of the draws that count a candidate was selected, which `share` of them, and if it is in the base."""

    project: str
    times: int
    share: Decimal | None
    in_base: bool


class RobustnessResult(Strictly):
    """`counted` are the draws that count; for `infeasible` ones nothing keeps the constraints, the rest had no time.

    `same` is the part of those counted that selected just what the base did. `projects` begins with what is selected
    most often.
    """

    draws: int
    seed: int
    counted: int
    infeasible: int
    said: str
    same: Decimal | None
    base: Base
    projects: tuple[Often, ...]
    solver: str


def robustness(given: Robustness) -> RobustnessResult:
    """Select again for every draw.

    Raises `Invalid` for what the selection is refused for, and for a range of no candidate, a second one of the same
    or one that runs backwards.
    """
    deadline = Deadline(float(given.selection.seconds))
    ranges = _ranges(given)
    with localcontext(PRECISE):
        try:
            wanted = program(given.selection)
        except Invalid as refusal:
            raise Invalid({f"/selection{at}": said for at, said in refusal.errors.items()}) from None
        base = solve(wanted, deadline.part(2))
        found = list(_drawn(given, wanted, ranges, base, deadline))
        return _told(given, wanted, base, found)


def _ranges(given: Robustness) -> Sequence[Range]:
    """The range of each candidate's factor."""
    names = [each.project for each in given.selection.candidates]
    for place, each in enumerate(given.ranges):
        known(each.of, names, f"/ranges/{place}/of", "candidate")
        each.must_ascend(f"/ranges/{place}")
    each_once(given.ranges, lambda each: each.of, "/ranges", "candidate")
    own: Mapping[str, Range] = {each.of: each for each in given.ranges}
    low, high = WHOLE - given.swing, WHOLE + given.swing
    return [own.get(name) or Range(of=name, low=low, high=high) for name in names]


def _drawn(
    given: Robustness, wanted: Program, ranges: Sequence[Range], base: Solution, deadline: Deadline
) -> Iterator[Solution]:
    """A search for each draw until time ends; what is fast leaves its time to the others."""
    chance = Random(given.seed)  # noqa: S311 (no secret)
    for left in range(given.draws, 0, -1):
        by = {
            place: candidate.value * (Decimal(drawn(ranges[place], chance.random())).quantize(RATIO) - WHOLE)
            for place, candidate in enumerate(given.selection.candidates)
        }
        if not deadline.left():
            return
        # a selection to begin with would be taken for the best wherever it is near enough
        hint = None if given.gap else base.chosen
        yield solve(wanted.raising(by), deadline.part(left), hint, given.gap)


def _told(given: Robustness, wanted: Program, base: Solution, found: Sequence[Solution]) -> RobustnessResult:
    near = [each.chosen for each in found if each.gap is not None and each.gap <= given.gap]
    inside = [wanted.candidates(chosen or frozenset()) for chosen in near]
    usual = wanted.candidates(base.chosen or frozenset())
    infeasible = sum(each.found is Found.INFEASIBLE for each in found)
    names = [each.project for each in given.selection.candidates]
    times = [sum(place in each for each in inside) for place in range(len(names))]
    often = [
        Often(project=name, times=times[n], share=_part(times[n], len(inside)), in_base=n in usual)
        for n, name in enumerate(names)
    ]
    return RobustnessResult(
        draws=given.draws,
        seed=given.seed,
        counted=len(inside),
        infeasible=infeasible,
        said=_said(given, len(inside), infeasible),
        same=None if base.chosen is None else _part(sum(each == usual for each in inside), len(inside)),
        base=Base(
            found=base.found,
            gap_percent=base.gap_percent,
            value=None if base.chosen is None else base.value,
            selected=tuple(names[n] for n in sorted(usual)),
        ),
        projects=tuple(sorted(often, key=lambda each: -each.times)),
        solver=f"HiGHS {version('highspy')}",
    )


def _part(times: int, counted: int) -> Decimal | None:
    return ratio(Decimal(times), Decimal(counted))


def _said(given: Robustness, counted: int, infeasible: int) -> str:
    how = f"within {(given.gap * 100).normalize():f} % of the best" if given.gap else "proven optimal"
    told = [f"{counted} of {given.draws} draws {how}"]
    late = given.draws - counted - infeasible
    told += [f"{infeasible} infeasible"] if infeasible else []
    told += [f"{late} not in the time given"] if late else []
    return ", ".join(told)
