"""Scoring: what scorers gave, brought into one score and one order. Pure.

Weighted criteria: Σ weight × (value - low) / (high - low), told on 0 to 100 (the additive model of Keeney and Raiffa,
*Decisions with Multiple Objectives*, 1976). RICE: reach × impact × confidence / effort (McBride, Intercom, 2016).
WSJF: (business value + time criticality + risk reduction or opportunity) / job size (Scaled Agile Framework, after
Reinertsen, *The Principles of Product Development Flow*, 2009). MoSCoW: Clegg and Barker, *Case Method Fast-Track*
(1994), as in the DSDM handbook.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field, Strict

from domain.choosing.figures import (
    NOTHING,
    PRECISE,
    WHOLE,
    Listed,
    Number,
    Part,
    each_once,
    known,
)
from domain.kernel.refusal import Invalid
from domain.kernel.scores import Spread, bucket_of, ranks, spread, together, told
from domain.kernel.scoring import (
    BUCKETS,
    NAMES,
    Aggregation,
    AggregationWord,
    Bucket,
    BucketWord,
    Method,
    short_of_whole,
)
from domain.kernel.types import Line, Strictly, one_of

Values = Mapping[str, Decimal]
SCORED = [method for method in Method if method is not Method.AHP]
"""Methods that make a score of values; comparisons of pairs are an analysis of their own."""


class Criterion(Strictly):
    """What is asked of every candidate, on a scale; `lower_is_better` turns it round."""

    name: Line
    weight: Part
    low: Number = NOTHING
    high: Number = Decimal(100)
    lower_is_better: bool = False


class Score(Strictly):
    """What one scorer gave one candidate: a value a name, or with MoSCoW a bucket. A missing value is left out."""

    project: Line
    scorer: Line
    values: dict[Line, Number] = Field(default_factory=dict)
    bucket: BucketWord | None = None


class Scoring(Strictly):
    """The model and the scores. Whom `projects` and `scorers` name is expected: who is silent is missing.

    RICE takes reach, impact, confidence (0 to 1), effort; WSJF business_value, time_criticality, risk_reduction,
    job_size; value_effort value and effort; weighted the names of its criteria.
    """

    model: Annotated[Method, Strict(False), one_of(SCORED)]
    criteria: Listed[Criterion] = ()
    scores: Listed[Score]
    projects: Listed[Line] = ()
    scorers: Listed[Line] = ()
    aggregation: AggregationWord = Aggregation.MEAN


class Missing(Strictly):
    """What nobody has said yet."""

    scorer: str | None
    value: str


class Scored(Strictly):
    """A candidate. Without every score it has neither score nor rank; those of one score share a rank."""

    project: str
    score: Decimal | None
    rank: int | None
    bucket: Bucket | None
    spread: Spread | None
    by_scorer: dict[str, Decimal]
    missing: tuple[Missing, ...]


class ScoringResult(Strictly):
    """Candidates by rank, those without one last, by name."""

    model: Method
    scored: tuple[Scored, ...]


DIVISORS: Mapping[Method, str] = {Method.RICE: "effort", Method.WSJF: "job_size", Method.VALUE_EFFORT: "effort"}


def score(given: Scoring) -> ScoringResult:
    """Every candidate's score and rank.

    Raises `Invalid` for weights that do not sum to 1, values off their scale or below 0, a divisor of 0, names that
    are not asked for, and two scores of one candidate by one scorer.
    """
    names = _names(given)
    each_once(given.scores, lambda each: (each.project, each.scorer), "/scores", "project and scorer")
    for place, each in enumerate(given.scores):
        _check(given, each, names, f"/scores/{place}")
    worth = _worth(given)
    projects = list(dict.fromkeys([*given.projects, *(each.project for each in given.scores)]))
    given_to = defaultdict[str, dict[str, Score]](dict)
    for each in given.scores:
        given_to[each.project][each.scorer] = each
    found = [_scored(given, project, given_to[project], names, worth) for project in projects]
    places = ranks([each.score for each in found if each.score is not None])
    ranked = [each.model_copy(update={"rank": None if each.score is None else places[each.score]}) for each in found]
    return ScoringResult(
        model=given.model,
        scored=tuple(sorted(ranked, key=lambda each: (each.rank is None, each.rank or 0, each.project))),
    )


def _names(given: Scoring) -> Sequence[str]:
    if given.model is not Method.WEIGHTED:
        if given.criteria:
            raise Invalid({"/criteria": f"expected none; {given.model} has its own"})
        return NAMES[given.model]
    if not given.criteria:
        raise Invalid({"/criteria": "expected at least one criterion"})
    each_once(given.criteria, lambda criterion: criterion.name, "/criteria", "criterion")
    for place, each in enumerate(given.criteria):
        if each.high <= each.low:
            raise Invalid({f"/criteria/{place}/high": f"expected more than low, {each.low:f}; got {each.high:f}"})
    if sentence := short_of_whole([each.weight for each in given.criteria]):
        raise Invalid({"/criteria": sentence})
    return [each.name for each in given.criteria]


def _check(given: Scoring, each: Score, names: Sequence[str], pointer: str) -> None:
    scales = {criterion.name: (criterion.low, criterion.high) for criterion in given.criteria}
    if given.scorers:
        known(each.scorer, given.scorers, f"{pointer}/scorer", "scorer")
    if each.bucket and given.model is not Method.MOSCOW:
        raise Invalid({f"{pointer}/bucket": f"expected none; {given.model} has values"})
    for name, value in each.values.items():
        at = f"{pointer}/values/{name}"
        known(name, names, at, "value")
        low, high = scales.get(name, (NOTHING, WHOLE if name == "confidence" else None))
        if value < low or (high is not None and value > high):
            raise Invalid({at: f"expected {_between(low, high)}; got {value:f}"})
        if name == DIVISORS.get(given.model) and not value:
            raise Invalid({at: f"expected more than 0, because the score is divided by {name}"})


def _between(low: Decimal, high: Decimal | None) -> str:
    return f"a value from {low:f} to {high:f}" if high is not None else f"a value from {low:f} up"


def _worth(given: Scoring) -> Callable[[Values], Decimal]:
    """What complete values of one scorer come to."""

    def weighted(values: Values) -> Decimal:
        total = NOTHING
        for each in given.criteria:
            part = PRECISE.divide(values[each.name] - each.low, each.high - each.low)
            total += each.weight * (WHOLE - part if each.lower_is_better else part)
        return total * 100

    return {
        Method.WEIGHTED: weighted,
        Method.RICE: lambda v: PRECISE.divide(v["reach"] * v["impact"] * v["confidence"], v["effort"]),
        Method.WSJF: lambda v: PRECISE.divide(
            v["business_value"] + v["time_criticality"] + v["risk_reduction"], v["job_size"]
        ),
        Method.VALUE_EFFORT: lambda v: PRECISE.divide(v["value"], v["effort"]),
        Method.MOSCOW: lambda v: v["bucket"],
    }[given.model]


def _scored(
    given: Scoring,
    project: str,
    own: Mapping[str, Score],
    names: Sequence[str],
    worth: Callable[[Values], Decimal],
) -> Scored:
    wanted = names or ("bucket",)
    expected: Iterable[str] = given.scorers or own
    missing, by_scorer = [], {}
    for scorer in expected:
        values = _values(own[scorer]) if scorer in own else {}
        lacking = [name for name in wanted if name not in values]
        missing += [Missing(scorer=scorer, value=name) for name in lacking]
        if not lacking:
            by_scorer[scorer] = worth(values)
    if not own and not given.scorers:
        missing = [Missing(scorer=None, value=name) for name in wanted]
    whole = None if missing else together(given.aggregation, list(by_scorer.values()))
    return Scored(
        project=project,
        score=whole,
        rank=None,
        bucket=None if whole is None or given.model is not Method.MOSCOW else bucket_of(whole),
        spread=spread(list(by_scorer.values())) if not missing else None,
        by_scorer={scorer: told(value) for scorer, value in by_scorer.items()},
        missing=tuple(missing),
    )


def _values(each: Score) -> dict[str, Decimal]:
    return {**each.values, **({"bucket": BUCKETS[each.bucket]} if each.bucket else {})}
