"""What the tests ran with: told at their end, also by workers that ran a part of them."""

import platform
from typing import Any

import pytest

from tests.servers import RAN, ran


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker sends what it saw to whoever reports."""
    if told := getattr(session.config, "workeroutput", None):
        told["ran"] = [(name, version) for name, versions in RAN.items() for version in versions]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker is done; one that crashed tells nothing."""
    for name, version in getattr(node, "workeroutput", {}).get("ran", ()):
        ran(name, version)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The versions of all that really ran."""
    ran("Python", platform.python_version())
    found = (f"{name} {', '.join(sorted(versions))}" for name, versions in sorted(RAN.items()))
    terminalreporter.write_line(f"Tested with {'; '.join(found)}")
