"""What may be asked about people who act; each class is the body of one route."""

from domain.identity.words import RoleWord
from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.types import Day, Id, Line


class CreatePerson(Given):
    """Let somebody be given roles. The name is stored apart from the facts; a key is made on the command line."""

    name: Line
    rationale: GivenRationale | None = None


class GrantRole(Reasoned, names={"portfolio": "portfolio"}):
    """Give a role in one portfolio, or without `portfolio` in the whole organisation; `until` is its last day (UTC)."""

    role: RoleWord
    portfolio: Id | None = None
    until: Day | None = None


class RevokeRole(Reasoned, names={"portfolio": "portfolio"}):
    """Take a role back where it was given."""

    role: RoleWord
    portfolio: Id | None = None


class ErasePerson(Reasoned):
    """Blank the name of a person for good, revoke their keys, end their roles."""
