"""Scoring models against published figures; who is silent is missing and never 0."""

from decimal import Decimal
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.choosing.scoring import Scored, Scoring, ScoringResult, score
from tests.domain.choosing.refusing import refused

D = Decimal


def of(model: str, *scores: tuple[str, str, Any], **more: Any) -> ScoringResult:
    told = [{"project": p, "scorer": s, **_values(v)} for p, s, v in scores]
    return score(Scoring.model_validate({"model": model, "scores": told, **more}))


def _values(given: Any) -> dict[str, Any]:
    return {"bucket": given} if isinstance(given, str) else {"values": given}


def one(result: ScoringResult, project: str) -> Scored:
    return next(each for each in result.scored if each.project == project)


def criteria(**weights: str) -> list[dict[str, str]]:
    return [{"name": name, "weight": weight} for name, weight in weights.items()]


# --- published ------------------------------------------------------------------------------------


def test_weighted_criteria_of_an_exercise() -> None:
    """samples.primeessays.com, Weighted Scoring Model for MYH Inc.: 79, 78.5, 55 and 36.5."""
    weights = {"strategy": "0.1", "upfront": "0.25", "savings": "0.25", "technology": "0.15", "skills": "0.1"}
    asked = criteria(**weights, resistance="0.15")
    table = {
        "PCs": (90, 70, 90, 90, 90, 50),
        "Website": (90, 80, 70, 70, 80, 90),
        "SAP": (90, 20, 50, 60, 60, 90),
        "Intranet": (90, 10, 20, 50, 50, 50),
    }
    names = [each["name"] for each in asked]
    found = of("weighted", *((p, "a", dict(zip(names, row, strict=True))) for p, row in table.items()), criteria=asked)
    told = [(each.project, each.score, each.rank) for each in found.scored]
    assert told == [("PCs", D(79), 1), ("Website", D("78.5"), 2), ("SAP", D(55), 3), ("Intranet", D("36.5"), 4)]


def test_rice_of_a_tool() -> None:
    """tools.noemacore.com/rice-scoring: 2,000 × 2 × 80 % / 3 = 1,067 and 5,000 × 0.5 × 100 % / 1 = 2,500."""
    search = {"reach": 2000, "impact": 2, "confidence": "0.8", "effort": 3}
    dark = {"reach": 5000, "impact": "0.5", "confidence": 1, "effort": 1}
    found = of("rice", ("Search", "a", search), ("Dark mode", "a", dark))
    assert [(each.project, each.score) for each in found.scored] == [("Dark mode", D(2500)), ("Search", D("1066.6667"))]


def test_wsjf_of_an_answer() -> None:
    """beginpm.com/asking/what-is-wsjf-in-agile: (100 + 50 + 20) / 10 = 17 and (80 + 30 + 10) / 5 = 24."""
    names = ("business_value", "time_criticality", "risk_reduction", "job_size")
    a, b = (dict(zip(names, row, strict=True)) for row in ((100, 50, 20, 10), (80, 30, 10, 5)))
    found = of("wsjf", ("A", "x", a), ("B", "x", b))
    assert [(each.project, each.score, each.rank) for each in found.scored] == [("B", D(24), 1), ("A", D(17), 2)]


def test_value_against_effort_of_a_framework() -> None:
    """startup201.com, The Value vs. Effort Framework Decoded: 8 / 7 is about 1.14, and 5 / 2 is 2.5."""
    found = of("value_effort", ("A", "x", {"value": 8, "effort": 7}), ("B", "x", {"value": 5, "effort": 2}))
    assert [(each.project, each.score, each.rank) for each in found.scored] == [
        ("B", D("2.5"), 1),
        ("A", D("1.1429"), 2),
    ]


def test_the_buckets_are_in_the_order_of_the_handbook() -> None:
    """agilebusiness.org, DSDM Agile Project Framework, chapter 10: must, should, could, won't have this time."""
    buckets = ("wont", "could", "should", "must")
    found = of("moscow", *((bucket, "x", bucket) for bucket in buckets))
    assert [(each.project, each.bucket, each.score, each.rank) for each in found.scored] == [
        ("must", "must", 3, 1),
        ("should", "should", 2, 2),
        ("could", "could", 1, 3),
        ("wont", "wont", 0, 4),
    ]


def test_scorers_of_buckets_meet_in_the_nearest() -> None:
    found = of("moscow", ("A", "x", "could"), ("B", "x", "must"), ("B", "y", "should"), ("C", "x", "wont"))
    assert [(each.project, each.bucket, each.rank) for each in found.scored] == [
        ("B", "must", 1),
        ("A", "could", 2),
        ("C", "wont", 3),
    ]


value = st.integers(0, 100)
above = st.integers(1, 100)


@given(value, value, st.integers(0, 100), above)
def test_ratios_are_what_plain_floats_say(a: int, b: int, percent: int, divisor: int) -> None:
    rice = {"reach": a, "impact": b, "confidence": f"{percent / 100}", "effort": divisor}
    wsjf = {"business_value": a, "time_criticality": b, "risk_reduction": percent, "job_size": divisor}
    expected = {"rice": a * b * percent / 100 / divisor, "wsjf": (a + b + percent) / divisor}
    for model, values in (("rice", rice), ("wsjf", wsjf)):
        assert float(one(of(model, ("A", "x", values)), "A").score or 0) == pytest.approx(expected[model], abs=1e-4)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(-5, 5), st.integers(1, 9), st.booleans()), min_size=1))
def test_a_weighted_score_is_the_average_that_numpy_finds(rows: list[tuple[int, int, int, bool]]) -> None:
    """Weights in 64ths; the value lies at a place of each scale, which may be turned around."""
    whole = sum(row[0] for row in rows)
    weights = [D(row[0]) / whole for row in rows]
    weights = [round(each, 6) for each in weights]
    weights[0] += 1 - sum(weights)
    asked, values, parts = [], {}, []
    for n, (_, low, width, turned) in enumerate(rows):
        scale = {"low": low, "high": low + width, "lower_is_better": turned}
        asked.append({"name": f"c{n}", "weight": str(weights[n]), **scale})
        values[f"c{n}"] = low + width // 3
        part = (width // 3) / width
        parts.append(1 - part if turned else part)
    expected = 100 * np.average(parts, weights=[float(each) for each in weights])
    found = of("weighted", ("A", "x", values), criteria=asked)
    assert float(one(found, "A").score or 0) == pytest.approx(expected, abs=1e-3)


# --- several scorers, missing scores --------------------------------------------------------------


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=7))
def test_several_scorers_are_averaged_and_their_spread_is_shown(values: list[int]) -> None:
    scores = [("A", f"s{n}", {"value": value, "effort": 4}) for n, value in enumerate(values)]
    found = one(of("value_effort", *scores), "A")
    assert found.score is not None
    assert found.spread is not None
    assert float(found.score) == pytest.approx(fmean(values) / 4, abs=1e-4)
    assert float(found.spread.standard_deviation) == pytest.approx(pstdev(values) / 4, abs=1e-4)
    assert (found.spread.low, found.spread.high) == (D(min(values)) / 4, D(max(values)) / 4)


def test_the_median_does_not_follow_one_scorer() -> None:
    scores = [("A", who, {"value": value, "effort": 1}) for who, value in (("a", 1), ("b", 2), ("c", 90))]
    assert one(of("value_effort", *scores, aggregation="median"), "A").score == 2


def test_a_missing_score_leaves_a_project_unranked_and_never_at_nothing() -> None:
    whole = {"value": 0, "effort": 2}
    found = of("value_effort", ("B", "a", whole), ("A", "a", {"value": 8}), projects=["B", "A", "C"])
    assert [(each.project, each.score, each.rank) for each in found.scored] == [
        ("B", D(0), 1),
        ("A", None, None),
        ("C", None, None),
    ]
    assert [(each.scorer, each.value) for each in one(found, "A").missing] == [("a", "effort")]
    assert [each.value for each in one(found, "C").missing] == ["value", "effort"]


def test_a_scorer_who_is_silent_is_missing() -> None:
    found = of("value_effort", ("A", "a", {"value": 8, "effort": 2}), scorers=["a", "b"])
    assert (one(found, "A").score, one(found, "A").by_scorer) == (None, {"a": D(4)})


def test_the_same_score_is_the_same_rank() -> None:
    found = of(
        "value_effort", *((p, "a", {"value": v, "effort": 1}) for p, v in (("A", 5), ("B", 7), ("C", 7), ("D", 1)))
    )
    assert [(each.project, each.rank) for each in found.scored] == [("B", 1), ("C", 1), ("A", 3), ("D", 4)]


def test_lower_may_be_better() -> None:
    asked = [{"name": "risk", "weight": 1, "low": 1, "high": 5, "lower_is_better": True}]
    found = of("weighted", ("A", "a", {"risk": 2}), criteria=asked)
    assert one(found, "A").score == 75


WSJF = {"business_value": 1, "time_criticality": 1, "risk_reduction": 1, "job_size": 0}


@pytest.mark.parametrize(
    ("model", "values", "more", "pointer", "words"),
    [
        ("wsjf", WSJF, {}, "/scores/0/values/job_size", "expected more than 0"),
        ("rice", {"confidence": 80}, {}, "/scores/0/values/confidence", "from 0 to 1; got 80"),
        ("rice", {"reach": -1}, {}, "/scores/0/values/reach", "from 0 up; got -1"),
        ("wsjf", {"size": 1}, {}, "/scores/0/values/size", "expected a known value (business_value"),
        ("weighted", {"a": 1}, {"criteria": criteria(a="0.5", b="0.4")}, "/criteria", "sum to 1; they sum to 0.9"),
        ("weighted", {"a": 101}, {"criteria": criteria(a="1")}, "/scores/0/values/a", "from 0 to 100; got 101"),
        ("weighted", {}, {}, "/criteria", "at least one criterion"),
        ("weighted", {}, {"criteria": criteria(a="1.2")}, "/criteria/0/weight", "from 0 to 1; got 1.2"),
        ("weighted", {}, {"criteria": criteria(a="0.5") * 2}, "/criteria/1", "a comes twice"),
        (
            "weighted",
            {},
            {"criteria": [{"name": "a", "weight": 1, "low": 5, "high": 5}]},
            "/criteria/0/high",
            "more than low, 5; got 5",
        ),
        ("rice", {}, {"criteria": criteria(a="1")}, "/criteria", "rice has its own"),
        ("rice", {}, {"scorers": ["b"]}, "/scores/0/scorer", "expected a known scorer (b); got a"),
        ("moscow", {"value": 1}, {}, "/scores/0/values/value", "expected a known value"),
        ("rice", "must", {}, "/scores/0/bucket", "rice has values"),
        ("moscow", "perhaps", {}, "/scores/0/bucket", "expected one of must, should, could, wont"),
    ],
)
def test_what_is_wrong_is_named(model: str, values: Any, more: dict[str, Any], pointer: str, words: str) -> None:
    body = {"model": model, "scores": [{"project": "A", "scorer": "a", **_values(values)}], **more}
    refused(score, Scoring, body, pointer, words)


def test_one_scorer_scores_a_project_once() -> None:
    body = {"model": "moscow", "scores": [{"project": "A", "scorer": "a", "bucket": "must"}] * 2}
    refused(score, Scoring, body, "/scores/1", "comes twice")
