"""A portfolio belongs to another one, and never to itself."""

from uuid import UUID

from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.rationale import require_code
from domain.kernel.refusal import Circular, Refused
from domain.portfolio.commands import AddSubsidiary, RemoveSubsidiary
from domain.portfolio.events import SubsidiaryAdded, SubsidiaryRemoved
from domain.portfolio.portfolio import Portfolio


def add(portfolio_id: UUID, command: AddSubsidiary) -> Decide:
    """A portfolio that belongs to no other one joins, unless this one belongs to it, over however many steps."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        subsidiary = read(Portfolio, command.subsidiary, named_by="/subsidiary")
        require_code(command.rationale, ())
        if holding := _parent(read, subsidiary):
            where = "this" if holding.id == portfolio.id else "another"
            raise Refused(
                f"It already belongs to {where} portfolio; remove-subsidiary there makes another one possible."
            )
        _must_not_belong(read, portfolio, subsidiary)
        return [(portfolio_id, SubsidiaryAdded(subsidiary=subsidiary.id, why=command.rationale))]

    return decide


def remove(portfolio_id: UUID, command: RemoveSubsidiary) -> Decide:
    """It stands alone again."""

    def decide(read: Reading) -> Facts:
        portfolio = read(Portfolio, portfolio_id)
        require_code(command.rationale, ())
        if command.subsidiary not in portfolio.subsidiaries:
            raise Refused("It does not belong to this portfolio; add-subsidiary lets it.")
        return [(portfolio_id, SubsidiaryRemoved(subsidiary=command.subsidiary, why=command.rationale))]

    return decide


def _must_not_belong(read: Reading, portfolio: Portfolio, subsidiary: Portfolio) -> None:
    """Raises `Circular`, naming the cycle; what is said meanwhile of any portfolio on the way is decided upon anew."""
    chain = [portfolio]
    while chain[-1].id != subsidiary.id and (above := _parent(read, chain[-1])):
        chain.append(above)
    if chain[-1].id == subsidiary.id:
        links = [(each.id, each.name) for each in (subsidiary, *chain)]
        raise Circular("A portfolio cannot belong to itself", links, "belongs to", "Any outside of it is possible.")


def _parent(read: Reading, portfolio: Portfolio) -> Portfolio | None:
    holding = (each for each in read.about(portfolio.id, Portfolio) if portfolio.id in each.subsidiaries)
    return next(holding, None)
