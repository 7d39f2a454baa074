"""Each benchmark runs in a tiny size, so that it cannot rot. What it measures here proves nothing."""

import pytest

from benchmarks.__main__ import BENCHMARKS, page
from benchmarks.shared import Servers


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_tells_its_figures(name: str, request: pytest.FixtureRequest) -> None:
    kafka = request.getfixturevalue("kafka") if name == "visible" else None
    servers = Servers(request.getfixturevalue("postgres"), kafka)
    try:
        figures = BENCHMARKS[name](servers, tiny=True)
        text = page(figures, {"machine": "any"}, "make bench")
        for figure in figures:
            assert figure.document()["numbers"]
            assert all(value > 0 for value in figure.numbers.values())
            assert f"| {figure.work} | {figure.ours} |" in text
    finally:
        servers.close()
