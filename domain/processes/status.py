"""How a component is doing is said, with the figures that are known at that moment."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.money import Money, Rates
from domain.processes.policies import holders
from domain.project import status_commands as c
from domain.project.money_events import Figure
from domain.project.plan import ACTUAL, BUDGET, FORECAST
from domain.project.project import Project
from domain.project.status_events import Figures

BY_MONTH = {FORECAST: Figure.FORECAST, ACTUAL: Figure.ACTUAL}
"""Figures that may be held by month."""


def report(project_id: UUID, command: c.ReportStatus) -> Decide:
    """A status update of a live component; one that is dated back freezes what had been said by then."""

    def decide(read: Reading) -> Facts:
        project, then = read(Project, project_id), read.then(Project, project_id)
        project.must_be_live("A status update")
        amounts = {figure: _amount(read, then, figure) for figure in (BUDGET, FORECAST, ACTUAL)}
        figures = Figures(**amounts, finish=then.plan.finishes_on, baseline=then.plan.baseline)
        return [(project_id, project.reporting.report(command, figures, read.occasion))]

    return decide


def set_cadence(project_id: UUID, command: c.SetCadence) -> Decide:
    """Updates of a live component are asked for at another interval."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_live("A cadence")
        return [(project_id, project.reporting.set_cadence(command))]

    return decide


def _amount(read: Reading, project: Project, figure: str) -> Money | None:
    """The total of its months, as the project answer tells it; without any, the single amount."""
    months = BY_MONTH.get(figure)
    currencies = project.books.currencies(months) if months else frozenset()
    if not months or not currencies:
        said: Money | None = project.plan.known.get(figure)
        return said
    home = Rates(next(iter(currencies))) if len(currencies) == 1 else _rates(read, project.id)
    return project.books.total(months, home)


def _rates(read: Reading, project_id: UUID) -> Rates:
    """Those of the portfolio that holds it, if only one does."""
    holding = holders(read, project_id)
    return holding[0].rates() if len(holding) == 1 else Rates(None)
