"""The facts about who may do what. Names and keys are kept apart from facts."""

from pydantic import Field

from domain.identity.words import Place, RoleWord, place_in
from domain.kernel.event import Decision, Event
from domain.kernel.types import Day, Id, is_absent


class PersonAdded(Event, name="identity.person_added.v1", stream="person"):
    """Somebody can be given roles from now on. Their name is no part of the fact."""


class RoleFact(Event, stream="person", about={"portfolio": "portfolio", "program": "project", "project": "project"}):
    """A role in one place, or in the whole organisation, which names none."""

    role: RoleWord
    portfolio: Id | None = None
    program: Id | None = Field(default=None, exclude_if=is_absent)
    project: Id | None = Field(default=None, exclude_if=is_absent)

    @property
    def place(self) -> Place | None:
        """Where; `None` = in the whole organisation."""
        return place_in(self.portfolio, self.program, self.project)


class RoleGranted(RoleFact, name="identity.role_granted.v1"):
    """A person received a role: in one portfolio, in one `program` and what belongs to it, over one `project` alone, or
    in the whole organisation, if none is named.

    `until` is the last day on which it holds, in UTC; without it, it holds until it is revoked.
    """

    until: Day | None = Field(default=None, exclude_if=is_absent)


class RoleRevoked(RoleFact, name="identity.role_revoked.v1"):
    """A person lost a role where it was given."""


class PersonErased(Decision, name="identity.person_erased.v1", stream="person"):
    """The name of a person was blanked, their keys were revoked and their roles ended; the id stays in the facts."""
