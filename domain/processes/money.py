"""What a component costs is said, and what is above a portfolio's threshold is left to a second person."""

from decimal import Decimal
from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.money import Money, MonthlyAmount, Rates, last_day
from domain.kernel.refusal import Invalid
from domain.processes.policies import holders
from domain.project import money_commands as c
from domain.project import money_events as e
from domain.project.books import Books, Lines
from domain.project.money_events import Figure
from domain.project.project import Project
from domain.project.words import State


def set_forecast(project_id: UUID, command: c.SetForecast) -> Decide:
    """The forecast changes; above the threshold of a portfolio that holds the project it is only proposed."""

    def decide(read: Reading) -> Facts:
        project = read(Project, project_id)
        project.must_be_live("A forecast")
        lines = project.books.changed(Figure.FORECAST, command.lines, command.rationale, read.occasion)
        for portfolio in holders(read, project_id) if lines else ():
            if threshold := portfolio.policy.money_threshold:
                change = _change(project.books, lines, Rates(threshold.currency, portfolio.quoted))
                if change is None or change.amount > threshold.amount:
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


def _change(books: Books, lines: Lines, rates: Rates) -> Money | None:
    """The sum of all differences, up or down, so that nothing nets out; `None` if a rate is missing."""
    total = Decimal(0)
    for line in lines:
        before, after = _worth(books.at(Figure.FORECAST, line), line, rates), _worth(line.money, line, rates)
        if before is None or after is None:
            return None
        total += abs(after - before)
    return Money(amount=total, currency=rates.home or "")


def _worth(money: Money | None, line: MonthlyAmount, rates: Rates) -> Decimal | None:
    return rates.worth(money.amount, money.currency, last_day(line.month)) if money else Decimal(0)
