"""Roles are given in a portfolio that is there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.identity import commands as c
from domain.identity.person import Person
from domain.kernel.decide import Decide, Facts, Occasion, Reading
from domain.kernel.event import Event
from domain.portfolio.portfolio import Portfolio


def grant(person_id: UUID, command: c.GrantRole) -> Decide:
    """A person receives a role, in a portfolio if one is named."""
    return _in_its_place(person_id, command, Person.grant_role)


def revoke(person_id: UUID, command: c.RevokeRole) -> Decide:
    """A person loses a role, in a portfolio if one is named."""
    return _in_its_place(person_id, command, Person.revoke_role)


def _in_its_place(person_id: UUID, command: Any, decide_on: Callable[[Person, Any, Occasion], Event]) -> Decide:
    def decide(read: Reading) -> Facts:
        person = read(Person, person_id)
        if command.portfolio is not None:
            read(Portfolio, command.portfolio, named_by="/portfolio")
        return [(person_id, decide_on(person, command, read.occasion))]

    return decide
