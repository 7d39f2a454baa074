"""Who runs beside whom: tests that share something that is dear to start, or that they kill, stay on one worker."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "the broker": [
        "tests/faults/test_away.py",
        "tests/faults/test_behind.py",
        "tests/faults/test_killed_processes.py",
        "tests/faults/test_rebuild.py",
        "tests/test_benchmarks.py::test_a_benchmark_tells_its_figures[visible]",
        "tests/test_cloudevents.py",
        "tests/test_pipe",
    ],
    "the browser": ["tests/browser/"],
    "the samples": ["tests/imports/test_public_answers.py"],
    "the story": ["tests/stories/test_sample"],
    "the year": ["tests/stories/test_year.py"],
    "the board": ["tests/stories/test_board.py"],
    "the demo": ["tests/stories/test_demo.py"],
}


class Scheduling(LoadScopeScheduling):
    """Whatever is not together goes to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        found = (name for name, paths in TOGETHER.items() if nodeid.startswith(tuple(paths)))
        return next(found, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """How tests are given to the workers."""
    return Scheduling(config, log)
