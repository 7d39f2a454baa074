"""A component gets another rank; the order belongs to the portfolio."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.portfolio.portfolio import Portfolio
from domain.project.commands import ReprioritizeProject
from domain.project.project import Project


def reprioritize(project_id: UUID, command: ReprioritizeProject) -> Decide:
    """Move a live component up or down in the order of one portfolio."""

    def decide(read: Reading) -> Facts:
        read(Project, project_id).must_be_live("A new rank")
        portfolio = read(Portfolio, command.portfolio, named_by="/portfolio")
        return [(portfolio.id, portfolio.move(project_id, command.to_rank, command.rationale))]

    return decide
