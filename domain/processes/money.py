"""What a component costs is said, and what is above a portfolio's threshold is left to a second person."""

from collections.abc import Iterator
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.money import Money, Rates
from domain.kernel.refusal import Invalid
from domain.processes.policies import holders
from domain.project import money_commands as c
from domain.project import money_events as e
from domain.project.forecast import Forecast
from domain.project.money_events import Figure
from domain.project.project import Project
from domain.project.words import State


def set_forecast(project_id: UUID, command: c.SetForecast) -> Decide:
    """The forecast changes; above the threshold of a portfolio that holds the project it is only proposed."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_live("A forecast")
        lines = project.books.changed(Figure.FORECAST, command.lines, command.rationale, read.occasion)
        later = project.books.expected(lines)
        for threshold, change in above(read, project, later) if lines else ():
            return [(project_id, project.books.propose(lines, command.rationale, change, threshold))]
        return [(project_id, e.ForecastSet(lines=lines, why=command.rationale))] if lines else []

    return decide


def record_actuals(project_id: UUID, command: c.RecordActuals) -> Decide:
    """What was spent is taken from the books; of months that have begun."""

    def decide(read: Reading) -> Facts:
        project = _with_open_books(read, project_id)
        this_month = f"{(read.occasion.occurred_at or read.occasion.now):%Y-%m}"
        ahead = {
            f"/lines/{place}/month": f"expected a month up to {this_month}; nothing was spent later yet"
            for place, line in enumerate(command.lines)
            if line.month > this_month
        }
        if ahead:
            raise Invalid(ahead)
        lines = project.books.changed(Figure.ACTUAL, command.lines, command.rationale, read.occasion)
        return [(project_id, e.ActualsRecorded(lines=lines, why=command.rationale))] if lines else []

    return decide


def record_commitments(project_id: UUID, command: c.RecordCommitments) -> Decide:
    """What is ordered and not yet paid is said."""

    def decide(read: Reading) -> Facts:
        project = _with_open_books(read, project_id)
        lines = project.books.changed(Figure.COMMITTED, command.lines, command.rationale, read.occasion)
        return [(project_id, e.CommitmentsRecorded(lines=lines, why=command.rationale))] if lines else []

    return decide


def approve_forecast(project_id: UUID, command: c.ApproveForecast) -> Decide:
    """A second person lets a proposed forecast hold."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_live("A forecast")
        return [(project_id, project.books.approve(command, read.occasion))]

    return decide


def withdraw_forecast(project_id: UUID, command: c.WithdrawForecast) -> Decide:
    """A proposed forecast will never hold."""

    def decide(read: Reading) -> Facts:
        return [(project_id, read(Project, project_id).books.withdraw(command, read.occasion))]

    return decide


def _with_open_books(read: Reading, project_id: UUID) -> Project:
    project = read(Project, project_id)
    project.must_be_in(set(State) - {State.CLOSED}, "Amounts are recorded until the books are shut")
    return project


def above(read: Reading, project: Project, later: Forecast) -> Iterator[tuple[Money, Money | None]]:
    """The thresholds above which a forecast changes what a second person last let hold, each with the change."""
    for portfolio in holders(read, project.id):
        if threshold := portfolio.policy.money_threshold:
            rates = Rates(threshold.currency, portfolio.quoted)
            change = project.books.change_to(later, rates, read.moment.date())
            if change is None or change.amount > threshold.amount:
                yield threshold, change
