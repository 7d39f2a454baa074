"""Portfolios get objectives, and their components contribute to them."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.portfolio.portfolio import Portfolio
from domain.project.project import Project
from domain.strategy.commands import CreateGoal, LinkGoal
from domain.strategy.goal import Goal


def create(goal_id: UUID, command: CreateGoal) -> Decide:
    """A portfolio that exists gets an objective."""

    def decide(read: Reading) -> Facts:
        read(Portfolio, command.portfolio, named_by="/portfolio")
        return [(goal_id, read.new(Goal, goal_id).create(command))]

    return decide


def link(goal_id: UUID, command: LinkGoal) -> Decide:
    """A live component contributes to a goal of a portfolio that holds it."""

    def decide(read: Reading) -> Facts:
        goal = read(Goal, goal_id)
        read(Project, command.project, named_by="/project").must_be_live("A contribution")
        if goal.portfolio and command.project not in read(Portfolio, goal.portfolio).members:
            raise Invalid({"/project": f"the portfolio of the goal does not hold the component {command.project}"})
        return [(goal_id, goal.link(command))]

    return decide
