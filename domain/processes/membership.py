"""A component joins a portfolio, at its birth or later."""

from uuid import UUID

from domain.kernel.command import Entering
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.portfolio.commands import AddComponent, RestoreComponent
from domain.portfolio.portfolio import Portfolio
from domain.processes.policies import Entrance, overridden
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
        let_in = overridden(read, [Entrance(project_id, [portfolio], drafted.state)], command)
        return [(project_id, drafted), *let_in, (portfolio.id, joined)]

    return decide


def add(portfolio_id: UUID, command: AddComponent) -> Decide:
    """An existing component joins at the end of the order."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        component = read(Project, command.component, named_by="/component")
        joined = portfolio.add_component(command.component, command.rationale)
        return [*_let_in(read, portfolio, component, command), (portfolio_id, joined)]

    return decide


def restore(portfolio_id: UUID, command: RestoreComponent) -> Decide:
    """A removed component comes back."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        restored = portfolio.restore_component(command, read.occasion)
        component = read(Project, command.component)
        return [*_let_in(read, portfolio, component, command), (portfolio_id, restored)]

    return decide


def _let_in(read: Reading, portfolio: Portfolio, component: Project, command: Entering) -> Facts:
    entering = [Entrance(component.id, [portfolio], component.state)] if component.state else []
    return overridden(read, entering, command)
