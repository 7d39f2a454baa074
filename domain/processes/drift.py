"""How far a plan moved away from the one that a scenario was solved in; pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from domain.choosing.candidates import Candidate, Selection
from domain.processes.plan_then import PlanThen
from domain.project.project import Project
from domain.project.words import RELEASED

Moved = dict[str, Any]
"""`subject` (an id), `what` of it, `from` what, `to` what."""
OF_A_CANDIDATE = ("value", "costs", "needs", "goals", "earliest", "latest", "loss_per_period")
OF_THE_WHOLE = ("currency", "rates", "periods", "budgets", "capacities", "requires", "excludes", "groups", "goals")
UNDER_WAY = "under way"


def difference(before: PlanThen, after: PlanThen, solved: Selection, derived: Selection) -> list[Moved]:
    """What of the plan is no longer as it was: what was committed since, where candidates stand, what they are worth,
    cost and need, and what the whole is held to. Nothing if the same could be chosen for the same reasons.
    """
    moved = standing(before, after)
    told = {each["subject"] for each in moved}
    moved += [
        each for each in _candidates(solved, derived) if each["subject"] not in told or each["what"] != "candidate"
    ]
    return [*moved, *_whole(after.portfolio.id, solved, derived)]


def standing(before: PlanThen, after: PlanThen) -> list[Moved]:
    """What was committed since, and which candidates stand elsewhere."""
    return [*_commits(before, after), *_states(before, after)]


def impossible(after: PlanThen, sentence: str) -> Moved:
    """That nothing can be chosen any more, and why."""
    return _row(after.portfolio.id, "plan", None, sentence)


def _commits(before: PlanThen, after: PlanThen) -> Iterator[Moved]:
    was, now = before.portfolio.commits, after.portfolio.commits
    if was != now:
        yield _row(after.portfolio.id, "committed_scenario", *(str(each[-1]) if each else None for each in (was, now)))


def _states(before: PlanThen, after: PlanThen) -> Iterator[Moved]:
    was, now = (_standing(plan) for plan in (before, after))
    for project in dict.fromkeys((*was, *now)):
        states = [_state(plan.projects.get(project)) for plan in (before, after)]
        if states[0] != states[1]:
            yield _row(project, "state", *states)


def _standing(plan: PlanThen) -> list[UUID]:
    return [each.id for each in plan.candidates()]


def _state(project: Project | None) -> str | None:
    """Where it stands; whatever is under way is in all the same."""
    if project is None or project.state is None:
        return None
    return UNDER_WAY if project.state in RELEASED else str(project.state)


def _candidates(solved: Selection, derived: Selection) -> Iterator[Moved]:
    was, now = _by_project(solved), _by_project(derived)
    for project in dict.fromkeys((*was, *now)):
        if project not in was or project not in now:
            yield _row(UUID(project), "candidate", project in was, project in now)
            continue
        for what in OF_A_CANDIDATE:
            yield from _changed(UUID(project), what, getattr(was[project], what), getattr(now[project], what))


def _by_project(selection: Selection) -> Mapping[str, Candidate]:
    return {each.project: each for each in selection.candidates}


def _whole(portfolio: UUID, solved: Selection, derived: Selection) -> Iterator[Moved]:
    for what in OF_THE_WHOLE:
        yield from _changed(portfolio, what, getattr(solved, what), getattr(derived, what))
    out = [{each.project: each.reason for each in selection.excluded} for selection in (solved, derived)]
    for project in dict.fromkeys((*out[0], *out[1])):
        yield from _changed(UUID(project), "excluded", out[0].get(project), out[1].get(project))


def _changed(subject: UUID, what: str, was: Any, now: Any) -> Iterator[Moved]:
    if was == now:
        return
    if isinstance(was, tuple):
        was, now = [each for each in was if each not in now], [each for each in now if each not in was]
    yield _row(subject, what, _told(was), _told(now))


def _row(subject: UUID, what: str, was: Any, now: Any) -> Moved:
    return {"subject": str(subject), "what": what, "from": was, "to": now}


def _told(value: Any) -> Any:
    """As JSON."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_told(each) for each in value]
    return value if value is None or isinstance(value, bool | dict) else str(value)
