"""A component joins a portfolio, at its birth or later."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.portfolio.commands import AddComponent
from domain.portfolio.portfolio import Portfolio
from domain.processes.programs import must_take
from domain.project.commands import DraftProject
from domain.project.project import Project


def draft(project_id: UUID, command: DraftProject) -> Decide:
    """Propose a component, within a program and last in the portfolio if these are named."""

    def decide(read: Reading) -> Facts:
        component = read.new(Project, project_id)
        drafted = component.draft(command, read.occasion)
        if command.parent:
            if command.rationale is None:
                raise Invalid({"/rationale": "joining a program is a decision and needs a rationale"})
            must_take(read, command.parent, component, "/parent")
        if command.portfolio is None:
            return [(project_id, drafted)]
        if command.rationale is None:
            raise Invalid({"/rationale": "joining a portfolio is a decision and needs a rationale"})
        portfolio = read(Portfolio, command.portfolio, named_by="/portfolio")
        joined = portfolio.add_component(project_id, command.rationale)
        return [(project_id, drafted), (portfolio.id, joined)]

    return decide


def add(portfolio_id: UUID, command: AddComponent) -> Decide:
    """An existing component joins at the end of the order."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        read(Project, command.component, named_by="/component")
        return [(portfolio_id, portfolio.add_component(command.component, command.rationale))]

    return decide
