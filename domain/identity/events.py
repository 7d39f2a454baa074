"""The facts about who may do what. Names and keys are kept apart from facts."""

from pydantic import Field

from domain.identity.words import RoleWord
from domain.kernel.event import Decision, Event
from domain.kernel.types import Day, Id, is_absent


class PersonAdded(Event, name="identity.person_added.v1", stream="person"):
    """Somebody can be given roles from now on. Their name is no part of the fact."""


class RoleGranted(Event, name="identity.role_granted.v1", stream="person", about={"portfolio": "portfolio"}):
    """A person received a role, in one portfolio or (`null`) in the whole organisation.

    `until` is the last day on which it holds, in UTC; without it, it holds until it is revoked.
    """

    role: RoleWord
    portfolio: Id | None = None
    until: Day | None = Field(default=None, exclude_if=is_absent)


class RoleRevoked(Event, name="identity.role_revoked.v1", stream="person", about={"portfolio": "portfolio"}):
    """A person lost a role."""

    role: RoleWord
    portfolio: Id | None = None


class PersonErased(Decision, name="identity.person_erased.v1", stream="person"):
    """The name of a person was blanked, their keys were revoked and their roles ended; the id stays in the facts."""
