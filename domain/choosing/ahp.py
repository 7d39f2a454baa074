"""The analytic hierarchy process: priorities from comparisons of pairs. Pure.

Saaty, *The Analytic Hierarchy Process* (1980): priorities are the principal eigenvector of the matrix of comparisons;
the consistency index is (λmax - n) / (n - 1), the consistency ratio that divided by the mean index of random matrices.
Several scorers are brought together by the geometric mean of each judgement (Aczél and Saaty, *Procedures for
Synthesizing Ratio Judgements*, 1983). The worst pair is the one whose judgement is furthest from the ratio of the
priorities (Saaty, *Decision-making with the AHP: Why is the principal eigenvector necessary*, 2003).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import exp, fsum, log

from domain.choosing.figures import RATIO, WHOLE, Listed, Nonnegative, Some, known
from domain.kernel.judgements import Judgement, ratio_of
from domain.kernel.refusal import Invalid
from domain.kernel.types import Line, Strictly

RANDOM_INDEX = (0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Saaty's mean consistency index of random matrices, by the number of things compared."""
LIMIT = Decimal("0.1")
ROUNDS, CLOSE = 10_000, 1e-14


class Ahp(Strictly):
    """Criteria compared in pairs and, under each, candidates. Up to 15 of either.

    More than `largest_ratio` of inconsistency is refused.
    """

    criteria: Some[Line]
    projects: Listed[Line] = ()
    judgements: Listed[Judgement]
    largest_ratio: Nonnegative = LIMIT


class Pair(Strictly):
    """A judgement, what the priorities would say instead, and how many times they differ."""

    one: str
    other: str
    times: Decimal
    implied: Decimal
    off_by: Decimal


class Compared(Strictly):
    """The priorities of things compared, which sum to 1, and how consistent the comparisons are.

    `worst` is the pair to think about again; `spread` tells for a pair how far scorers are apart (largest / smallest).
    """

    under: str | None
    priorities: dict[str, Decimal]
    lambda_max: Decimal
    consistency_ratio: Decimal
    worst: Pair | None
    spread: dict[str, Decimal]


class AhpResult(Strictly):
    """Weights of the criteria, the candidates under each, and their priorities over all with ranks."""

    criteria: Compared
    under: tuple[Compared, ...]
    priorities: dict[str, Decimal]
    ranks: dict[str, int]


def ahp(given: Ahp) -> AhpResult:
    """Priorities of the criteria and, if there are any, of the candidates.

    Raises `Invalid` for a pair that nobody compared, one that a scorer compared twice, an unknown name, and
    comparisons that contradict one another beyond `largest_ratio`.
    """
    for member, things in (("criteria", given.criteria), ("projects", given.projects)):
        if len(things) > 15 or len(set(things)) < len(things):
            raise Invalid({f"/{member}": "expected up to 15, each once"})
    for place, each in enumerate(given.judgements):
        if each.under is not None:
            known(each.under, given.criteria, f"/judgements/{place}/under", "criterion")
        for member, name in (("one", each.one), ("other", each.other)):
            things = given.criteria if each.under is None else given.projects
            known(name, things, f"/judgements/{place}/{member}", "criterion" if each.under is None else "project")
        if each.one == each.other:
            raise Invalid({f"/judgements/{place}/other": f"expected another than {each.one}"})
    criteria = _compared(given, None, given.criteria)
    under = [_compared(given, name, given.projects) for name in given.criteria] if given.projects else []
    exact = {project: Decimal(0) for project in given.projects}
    for compared in under:
        for project, priority in compared.priorities.items():
            exact[project] += criteria.priorities[str(compared.under)] * priority
    overall = {project: _round(priority) for project, priority in exact.items()}
    ranks = {each: 1 + sum(other > overall[each] for other in overall.values()) for each in overall}
    return AhpResult(criteria=_told(criteria), under=tuple(map(_told, under)), priorities=overall, ranks=ranks)


def weights(priorities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Priorities as weights of 4 places that sum to exactly 1: what rounding left goes to the weightiest."""
    told = {name: _round(each) for name, each in priorities.items()}
    weightiest = max(told, key=lambda name: told[name])
    return {**told, weightiest: told[weightiest] + WHOLE - sum(told.values())}


def _compared(given: Ahp, under: str | None, things: Sequence[str]) -> Compared:
    judged = _judged(given, under)
    table = {(one, one): 1.0 for one in things}
    for one, other in combinations(things, 2):
        said = list(judged.get((one, other), {}).values())
        if not said:
            where = f"under {under}" if under else "among the criteria"
            raise Invalid({"/judgements": f"expected a judgement of {one} and {other} {where}; nobody has given one"})
        times = exp(fsum(map(log, said)) / len(said))
        table[one, other], table[other, one] = times, 1 / times
    weights, most = _principal(things, table)
    count = len(things)
    index = (most - count) / (count - 1) if count > 2 else 0.0
    consistency = max(0.0, index / RANDOM_INDEX[count]) if count > 2 else 0.0
    worst = _worst(things, table, weights)
    if worst and Decimal(consistency) > given.largest_ratio:
        raise Invalid({_pointer(given, under, worst): _contradiction(consistency, given, worst)})
    return Compared(
        under=under,
        priorities={thing: Decimal(weights[thing]) for thing in things},
        lambda_max=_round(Decimal(most)),
        consistency_ratio=_round(Decimal(consistency)),
        worst=worst,
        spread={
            f"{one} / {other}": _round(Decimal(max(said.values()) / min(said.values())))
            for (one, other), said in judged.items()
            if things.index(one) < things.index(other) and len(said) > 1
        },
    )


def _judged(given: Ahp, under: str | None) -> Mapping[tuple[str, str], Mapping[str, float]]:
    """For each pair, either way round, what every scorer said."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for place, each in enumerate(given.judgements):
        if each.under != under:
            continue
        if each.scorer in found.get((each.one, each.other), {}):
            told = f"expected one judgement of {each.one} and {each.other} a scorer; {each.scorer} has given two"
            raise Invalid({f"/judgements/{place}": told})
        found.setdefault((each.one, each.other), {})[each.scorer] = ratio_of(each.times)
        found.setdefault((each.other, each.one), {})[each.scorer] = 1 / ratio_of(each.times)
    return found


def _principal(things: Sequence[str], table: Mapping[tuple[str, str], float]) -> tuple[dict[str, float], float]:
    """The eigenvector of the largest eigenvalue, summing to 1, and that eigenvalue, by the power method."""
    weights = {thing: 1 / len(things) for thing in things}
    for _ in range(ROUNDS):
        raised = {one: fsum(table[one, other] * weights[other] for other in things) for one in things}
        total = fsum(raised.values())
        after = {thing: value / total for thing, value in raised.items()}
        moved = max(abs(after[thing] - weights[thing]) for thing in things)
        weights = after
        if moved < CLOSE:
            break
    return weights, total


def _worst(things: Sequence[str], table: Mapping[tuple[str, str], float], weights: Mapping[str, float]) -> Pair | None:
    if len(things) < 3:
        return None

    def off(pair: tuple[str, str]) -> float:
        return abs(log(table[pair] * weights[pair[1]] / weights[pair[0]]))

    one, other = max(combinations(things, 2), key=off)
    return Pair(
        one=one,
        other=other,
        times=_round(Decimal(table[one, other])),
        implied=_round(Decimal(weights[one] / weights[other])),
        off_by=_round(Decimal(exp(off((one, other))))),
    )


def _pointer(given: Ahp, under: str | None, worst: Pair) -> str:
    pair = {worst.one, worst.other}
    places = [place for place, each in enumerate(given.judgements) if each.under == under]
    return next(f"/judgements/{n}" for n in places if {given.judgements[n].one, given.judgements[n].other} == pair)


def _contradiction(consistency: float, given: Ahp, worst: Pair) -> str:
    return (
        f"the comparisons contradict one another: consistency ratio {consistency:.4f}, expected up to "
        f"{given.largest_ratio:f}; the worst pair is {worst.one} and {worst.other}, said to be {worst.times:f} and by "
        f"the others {worst.implied:f}"
    )


def _told(found: Compared) -> Compared:
    return found.model_copy(update={"priorities": {name: _round(each) for name, each in found.priorities.items()}})


def _round(value: Decimal) -> Decimal:
    return value.quantize(RATIO)
