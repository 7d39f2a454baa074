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
from domain.project.plan_events import Baseline, ProjectRebaselined
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
                    _must_stay_within(threshold, project.plan.ruled or Baseline(number=0), changed)
        return [(project_id, changed)]

    return decide


def _must_stay_within(threshold: RebaselineThreshold, ruled: Baseline, changed: ProjectRebaselined) -> None:
    """What is changed is compared with the last baseline that the board set, so that small steps add up.

    What cannot be weighed, because it was not known before, is above any threshold.
    """
    above = [*_days_above(threshold.days, ruled, changed), *_percent_above(threshold.percent, ruled, changed)]
    if above:
        sentence = f"{' and '.join(above)}; above the threshold of {threshold.told()} this needs the role {Role.BOARD}"
        raise Forbidden(sentence, roles=[Role.BOARD])


def _days_above(days: int | None, ruled: Baseline, changed: ProjectRebaselined) -> Iterator[str]:
    dates = {
        "start": (ruled.starts_on, changed.from_starts_on, changed.to_starts_on),
        "finish": (ruled.finishes_on, changed.from_finishes_on, changed.to_finishes_on),
    }
    for what, (before, held, after) in dates.items():
        if days is None or held == after:
            continue
        moved = abs((after - before).days) if before and after else None
        if moved is None:
            yield f"the {what} was not known before"
        elif moved > days:
            yield f"the {what} moves by {moved} {'day' if moved == 1 else 'days'}{_since(before == held)}"


def _percent_above(percent: Decimal | None, ruled: Baseline, changed: ProjectRebaselined) -> Iterator[str]:
    before, held, after = ruled.cost, changed.from_cost, changed.to_cost
    if percent is None or held == after:
        return
    if before is None or after is None or not before.amount:
        yield "the cost was not known before" if before is None else "the cost was nothing before"
    elif abs(after.amount - before.amount) * 100 > percent * abs(before.amount):
        by = abs(after.amount - before.amount) * 100 / abs(before.amount)
        yield f"the cost changes by {by.quantize(Decimal('0.1'))} %{_since(before == held)}"


def _since(is_the_first_step: bool) -> str:
    return "" if is_the_first_step else f" since the {Role.BOARD} last set it"
