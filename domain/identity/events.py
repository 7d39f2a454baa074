"""The facts about who may do what. Names and keys are kept apart from facts."""

from domain.identity.words import RoleWord
from domain.kernel.event import Event
from domain.kernel.types import Id


class RoleGranted(Event, name="identity.role_granted.v1", stream="person", about={"portfolio": "portfolio"}):
    """A person received a role, in one portfolio or (`null`) in the whole organisation."""

    role: RoleWord
    portfolio: Id | None = None


class RoleRevoked(Event, name="identity.role_revoked.v1", stream="person", about={"portfolio": "portfolio"}):
    """A person lost a role."""

    role: RoleWord
    portfolio: Id | None = None
