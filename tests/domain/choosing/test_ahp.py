"""The analytic hierarchy process against its published example, and against numpy's eigenvectors."""

from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.choosing.ahp import RANDOM_INDEX, Ahp, AhpResult, ahp
from tests.domain.choosing.refusing import refused

CRITERIA = ["experience", "education", "charisma", "age"]
LEADERS = ["Tom", "Dick", "Harry"]
LEADER = {
    None: ["4", "3", "7", "1/3", "3", "5"],
    "experience": ["1/4", "4", "9"],
    "education": ["3", "1/5", "1/7"],
    "charisma": ["5", "9", "4"],
    "age": ["1/3", "5", "9"],
}
"""Judgements of pairs in order, under each criterion."""


def judgements(table: dict[str | None, list[str]], criteria: list[str], projects: list[str]) -> list[dict[str, Any]]:
    return [
        {"one": one, "other": other, "times": times, "under": under}
        for under, said in table.items()
        for (one, other), times in zip(combinations(projects if under else criteria, 2), said, strict=True)
    ]


def of(**given: Any) -> AhpResult:
    return ahp(Ahp.model_validate(given))


def test_the_leader_of_the_published_example() -> None:
    """Wikipedia, Analytic hierarchy process – leader example: priorities, and a consistency ratio of 0.044."""
    found = of(criteria=CRITERIA, projects=LEADERS, judgements=judgements(LEADER, CRITERIA, LEADERS))
    weights = [float(each) for each in found.criteria.priorities.values()]
    assert weights == pytest.approx([0.547, 0.127, 0.270, 0.056], abs=0.001)
    assert float(found.criteria.consistency_ratio) == pytest.approx(0.044, abs=0.001)
    experience = [float(each) for each in found.under[0].priorities.values()]
    assert experience == pytest.approx([0.217, 0.717, 0.066], abs=0.001)
    assert [float(each) for each in found.priorities.values()] == pytest.approx([0.358, 0.493, 0.149], abs=0.001)
    assert found.ranks == {"Dick": 1, "Tom": 2, "Harry": 3}


@given(
    st.integers(3, 6).flatmap(
        lambda n: st.lists(st.integers(1, 9), min_size=n * (n - 1) // 2, max_size=n * (n - 1) // 2)
    )
)
def test_priorities_are_the_eigenvector_that_numpy_finds(said: list[int]) -> None:
    count = next(n for n in range(3, 7) if n * (n - 1) // 2 == len(said))
    names = [f"c{n}" for n in range(count)]
    table = np.ones((count, count))
    for (i, j), times in zip(combinations(range(count), 2), said, strict=True):
        table[i, j], table[j, i] = times, 1 / times
    values, vectors = np.linalg.eig(table)
    most = int(np.argmax(values.real))
    vector = np.abs(vectors[:, most].real)
    found = of(criteria=names, judgements=judgements({None: [str(each) for each in said]}, names, []), largest_ratio=99)
    assert [float(each) for each in found.criteria.priorities.values()] == pytest.approx(
        list(vector / vector.sum()), abs=1e-4
    )
    ratio = (values.real[most] - count) / (count - 1) / RANDOM_INDEX[count]
    assert float(found.criteria.consistency_ratio) == pytest.approx(ratio, abs=1e-4)


def test_the_random_index_is_the_one_of_the_book() -> None:
    """Saaty, The Analytic Hierarchy Process (1980), table of mean consistency, n = 1 to 15."""
    table = "0 0 0.58 0.90 1.12 1.24 1.32 1.41 1.45 1.49 1.51 1.48 1.56 1.57 1.59"
    assert RANDOM_INDEX[1:] == tuple(float(each) for each in table.split())


def test_scorers_meet_at_the_geometric_mean() -> None:
    pair = {"one": "a", "other": "b"}
    found = of(
        criteria=["a", "b"], judgements=[{**pair, "times": 8, "scorer": "x"}, {**pair, "times": 2, "scorer": "y"}]
    )
    assert found.criteria.priorities == {"a": Decimal("0.8000"), "b": Decimal("0.2000")}
    assert found.criteria.spread == {"a / b": Decimal("4.0000")}


def test_a_contradiction_is_refused_and_its_worst_pair_named() -> None:
    said = judgements({None: ["3", "3", "9"]}, ["a", "b", "c"], [])
    said[1]["times"] = "1/9"
    body = {"criteria": ["a", "b", "c"], "judgements": said}
    refused(ahp, Ahp, body, "/judgements/2", "contradict one another", "consistency ratio", "the worst pair is b and c")
    found = of(**body, largest_ratio=99)
    assert found.criteria.worst is not None
    assert (found.criteria.worst.one, found.criteria.worst.other) == ("b", "c")


@pytest.mark.parametrize("times", ["1/9", "9", 9, 1, "0.1112", 0.5, "2.25"])
def test_the_scale_goes_from_a_ninth_to_nine(times: Any) -> None:
    found = of(criteria=["a", "b"], judgements=[{"one": "a", "other": "b", "times": times}])
    whole, _, by = str(times).partition("/")
    ratio = float(whole) / float(by or 1)
    assert float(found.criteria.priorities["a"]) == pytest.approx(ratio / (1 + ratio), abs=1e-4)


@pytest.mark.parametrize("times", ["0", "0.11", 0.1, "1/10", 9.5, "10", "3/2", -3, True, None, "much"])
def test_what_is_off_the_scale_is_refused(times: Any) -> None:
    body = {"criteria": ["a", "b"], "judgements": [{"one": "a", "other": "b", "times": times}]}
    refused(ahp, Ahp, body, "/judgements/0/times", "from 1/9 to 9")


def test_up_to_fifteen_are_compared() -> None:
    names = [f"c{n}" for n in range(16)]
    said = [{"one": one, "other": other, "times": 1} for one, other in combinations(names[:15], 2)]
    assert set(of(criteria=names[:15], judgements=said).criteria.priorities.values()) == {Decimal("0.0667")}
    refused(ahp, Ahp, {"criteria": names, "judgements": []}, "/criteria", "up to 15")


def test_an_unknown_project_is_named_as_one() -> None:
    said = {"one": "A", "other": "Z", "times": 1, "under": "a"}
    body = {"criteria": ["a"], "projects": ["A"], "judgements": [said]}
    refused(ahp, Ahp, body, "/judgements/0/other", "expected a known project (A); got Z")


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"judgements": []}, "/judgements", "expected a judgement of a and b among the criteria"),
        ({"judgements": [{"one": "a", "other": "b", "times": "10"}]}, "/judgements/0/times", "from 1/9 to 9"),
        ({"judgements": [{"one": "a", "other": "a", "times": 1}]}, "/judgements/0/other", "another than a"),
        ({"judgements": [{"one": "a", "other": "z", "times": 1}]}, "/judgements/0/other", "expected a known criterion"),
        (
            {"judgements": [{"one": "a", "other": "b", "times": 1, "under": "z"}]},
            "/judgements/0/under",
            "expected a known criterion",
        ),
        (
            {"judgements": [{"one": "a", "other": "b", "times": 2}, {"one": "b", "other": "a", "times": 2}]},
            "/judgements/1",
            "given two",
        ),
        ({"criteria": ["a", "a"]}, "/criteria", "each once"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], pointer: str, words: str) -> None:
    body = {"criteria": ["a", "b"], "judgements": [{"one": "a", "other": "b", "times": 3}], **changes}
    refused(ahp, Ahp, body, pointer, words)
