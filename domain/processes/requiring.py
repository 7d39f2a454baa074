"""What candidates need of one another, and who cannot be chosen because of that; pure."""

from collections.abc import Collection, Iterator
from typing import NamedTuple
from uuid import UUID

from domain.choosing.candidates import Forced, Requirement
from domain.choosing.scenario_words import Spec
from domain.processes.plan_then import PlanThen, line, name_of
from domain.project.project import Project
from domain.project.words import FINISHED, RELEASED


class Required(NamedTuple):
    """Needs between candidates, and the candidates that need what cannot be had, each with its reason."""

    pairs: tuple[Requirement, ...]
    excluded: tuple[Forced, ...]


def required(plan: PlanThen, spec: Spec, names: Collection[str]) -> Required:
    """The dependencies of the plan, or the requirements that the scenario gives.

    What is finished is had; what is running needs nothing to be chosen; what may not be chosen cannot be had.
    """
    pairs: list[Requirement] = []
    excluded: dict[str, str] = {}
    for project, needed in _needs(plan, spec):
        if project not in names or _is_running(plan, project) or _is_running(plan, needed):
            continue
        if needed in names:
            pairs.append(Requirement(project=project, needs=needed))
        elif reason := _lacks(plan, plan.projects[UUID(needed)]):
            excluded.setdefault(project, reason)
    return Required(tuple(pairs), tuple(Forced(project=each, reason=why) for each, why in excluded.items()))


def _needs(plan: PlanThen, spec: Spec) -> Iterator[tuple[str, str]]:
    if spec.requires is not None:
        yield from ((pair.project, pair.needs) for pair in spec.requires)
        return
    for project in plan.members():
        for needed in sorted(project.outlook.needs.on):
            yield str(project.id), str(needed)


def _is_running(plan: PlanThen, project: str) -> bool:
    return plan.projects[UUID(project)].state in RELEASED


def _lacks(plan: PlanThen, needed: Project) -> str | None:
    """Why it cannot be had; one that only another portfolio holds is not named."""
    if needed.state in FINISHED:
        return None
    called = name_of(needed) if needed.id in plan.portfolio.members else "a project of another portfolio"
    if needed in plan.candidates():
        return line(f"it needs {called}, of which value or cost is missing")
    return line(f"it needs {called}, which is {(needed.state or 'not there yet').replace('_', ' ')}")
