"""Commands on portfolios."""

from uuid import UUID

from fastapi import APIRouter

from api.desk import DeskOf, ReceiptAnswer
from api.identity import Thing
from domain.kernel.decide import Facts, Reading, change
from domain.portfolio import commands as c
from domain.portfolio.portfolio import Portfolio
from domain.processes import membership

router = APIRouter(prefix="/portfolios", tags=["portfolios"])


@router.post("", status_code=201)
def create_portfolio(command: c.CreatePortfolio, desk: DeskOf) -> ReceiptAnswer:
    """Begin a portfolio."""
    portfolio_id = desk.context.new_id()

    def decide(read: Reading) -> Facts:
        return [(portfolio_id, read.new(Portfolio, portfolio_id).create(command, read.occasion))]

    return desk.record("portfolios.create", portfolio_id, decide, command, [])


@router.post("/{portfolio_id}/add-component")
def add_component(portfolio_id: UUID, command: c.ComponentDecision, desk: DeskOf) -> ReceiptAnswer:
    """Let a component join, last in rank."""
    decide = membership.add(portfolio_id, command)
    return desk.record("portfolios.add-component", portfolio_id, decide, command, _things(portfolio_id))


@router.post("/{portfolio_id}/remove-component")
def remove_component(portfolio_id: UUID, command: c.ComponentDecision, desk: DeskOf) -> ReceiptAnswer:
    """Let a component leave; its history stays."""
    decide = change(Portfolio, portfolio_id, Portfolio.remove_component, command)
    return desk.record("portfolios.remove-component", portfolio_id, decide, command, _things(portfolio_id))


@router.post("/{portfolio_id}/restore-component")
def restore_component(portfolio_id: UUID, command: c.ComponentDecision, desk: DeskOf) -> ReceiptAnswer:
    """Bring a removed component back."""
    decide = change(Portfolio, portfolio_id, Portfolio.restore_component, command)
    return desk.record("portfolios.restore-component", portfolio_id, decide, command, _things(portfolio_id))


def _things(portfolio_id: UUID) -> list[Thing]:
    return [Thing("portfolio", portfolio_id)]
