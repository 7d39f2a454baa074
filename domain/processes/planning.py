"""A baseline is changed: within a portfolio's threshold by its manager, above it by the board alone."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from domain.identity.words import Role
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Forbidden
from domain.portfolio.policy import RebaselineThreshold
from domain.processes.policies import holders
from domain.project.plan_commands import RebaselineProject
from domain.project.plan_events import ProjectRebaselined
from domain.project.project import Project
from domain.project.words import State


def rebaseline(project_id: UUID, command: RebaselineProject) -> Decide:
    """The project is held to something else from now on."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_in((State.ACTIVE,), "A rebaseline needs an active project")
        changed = project.plan.rebaselined(command)
        if read.occasion.role != Role.BOARD:
            for portfolio in holders(read, project_id):
                if threshold := portfolio.policy.rebaseline_threshold:
                    _must_stay_within(threshold, changed)
        return [(project_id, changed)]

    return decide


def _must_stay_within(threshold: RebaselineThreshold, changed: ProjectRebaselined) -> None:
    """What cannot be weighed, because it was not known before, is above any threshold."""
    above = [*_days_above(threshold.days, changed), *_percent_above(threshold.percent, changed)]
    if above:
        sentence = f"{' and '.join(above)}; above the threshold of {threshold.told()} this needs the role {Role.BOARD}"
        raise Forbidden(sentence, roles=[Role.BOARD])


def _days_above(days: int | None, changed: ProjectRebaselined) -> Iterator[str]:
    dates = {
        "start": (changed.from_starts_on, changed.to_starts_on),
        "finish": (changed.from_finishes_on, changed.to_finishes_on),
    }
    for what, (before, after) in dates.items():
        if days is None or before == after:
            continue
        moved = abs((after - before).days) if before and after else None
        if moved is None:
            yield f"the {what} was not known before"
        elif moved > days:
            yield f"the {what} moves by {moved} {'day' if moved == 1 else 'days'}"


def _percent_above(percent: Decimal | None, changed: ProjectRebaselined) -> Iterator[str]:
    before, after = changed.from_cost, changed.to_cost
    if percent is None or before == after:
        return
    if before is None or after is None or not before.amount:
        yield "the cost was not known before" if before is None else "the cost was nothing before"
    elif abs(after.amount - before.amount) * 100 > percent * abs(before.amount):
        by = abs(after.amount - before.amount) * 100 / abs(before.amount)
        yield f"the cost changes by {by.quantize(Decimal('0.1'))} %"
