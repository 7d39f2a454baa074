"""An analysis of what a scenario chooses from: the selection it was solved with is that of the analysis."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from domain.choosing.analyses import AnalysisKind
from domain.choosing.scenario import Scenario
from domain.kernel.refusal import Invalid, Refused

NESTED = (AnalysisKind.FRONTIER, AnalysisKind.ROBUSTNESS)
"""Kinds that hold a selection as a member of their inputs."""
OWN = ("seconds", "explain")
"""What an analysis may say of the selection, because it is about the search and not about the choice."""


def with_selection(kind: AnalysisKind, raw: dict[str, Any], scenario: Scenario, portfolio: UUID) -> dict[str, Any]:
    """The inputs with the selection that the scenario was solved with.

    Raises `Invalid` for a kind that chooses nothing, a scenario of another portfolio and what the scenario says itself;
    `Refused` for a scenario that is not solved as it is now.
    """
    if kind is not AnalysisKind.SELECTION and kind not in NESTED:
        raise Invalid({"/scenario": f"expected none: {kind} chooses nothing; selection, frontier and robustness do"})
    if scenario.portfolio != portfolio:
        raise Invalid({"/scenario": "expected a scenario of the same portfolio"})
    if scenario.solved is None or not scenario.is_current:
        happened = "has changed since it was solved" if scenario.solved else "is not solved"
        raise Refused(f"The scenario {scenario.name} {happened}; solve makes what an analysis can look at.")
    if kind is AnalysisKind.SELECTION:
        return {**scenario.solved.inputs, **_own(raw, "/inputs")}
    given = raw.get("selection") or {}
    if not isinstance(given, dict):
        raise Invalid({"/inputs/selection": "expected an object"})
    return {**raw, "selection": {**scenario.solved.inputs, **_own(given, "/inputs/selection")}}


def _own(given: dict[str, Any], pointer: str) -> dict[str, Any]:
    errors = {f"{pointer}/{name}": _told(OWN) for name in given if name not in OWN}
    if errors:
        raise Invalid(errors)
    return given


def _told(names: Collection[str]) -> str:
    return f"expected none, because the scenario says it; {' and '.join(names)} may be given"
