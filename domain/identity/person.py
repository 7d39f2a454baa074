"""A person who acts: which roles they hold, and where."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from domain.identity import commands as c
from domain.identity import events as e
from domain.identity.words import Place, Role, told
from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Occasion
from domain.kernel.event import Event, Recorded
from domain.kernel.refusal import Forbidden, Invalid, Refused

Grant = tuple[Role, Place | None]


@dataclass
class Person(Aggregate):
    """`grants` maps (role, place), place `None` meaning the organisation, to the last day (`None` = open).

    `erased` persons hold nothing and receive nothing any more.
    """

    kind: ClassVar[str] = "person"

    grants: dict[Grant, date | None] = field(default_factory=dict)
    erased: bool = False

    # --- decide -----------------------------------------------------------------------------

    def add(self, command: c.CreatePerson, occasion: Occasion) -> e.PersonAdded:
        """They can be given roles."""
        _from_now_on(occasion)
        return e.PersonAdded(why=command.rationale)

    def grant(self, role: Role, place: Place | None) -> e.RoleGranted | None:
        """A role until further notice; nothing happens if it is held so already."""
        held = (role, place) in self.grants and self.grants[role, place] is None
        return None if held else e.RoleGranted.model_validate({"role": role, **told(place)})

    def grant_role(self, command: c.GrantRole, occasion: Occasion) -> e.RoleGranted:
        """Somebody else gives them a role (four eyes); given again, it gets another last day."""
        _from_now_on(occasion)
        self._must_be_known()
        if occasion.actor == str(self.id):
            raise Forbidden("nobody gives themselves a role; another administrator has to")
        today = occasion.now.date()
        if command.until and command.until < today:
            raise Invalid({"/until": f"expected the last day on which it holds, from {today} on; got {command.until}"})
        given = (command.role, command.place)
        if given in self.grants and self.grants[given] == command.until:
            raise Refused(f"They hold the role {command.role} there {_until(command.until)}; another day is possible.")
        return e.RoleGranted(
            role=command.role,
            portfolio=command.portfolio,
            program=command.program,
            project=command.project,
            until=command.until,
            why=command.rationale,
        )

    def revoke_role(self, command: c.RevokeRole, occasion: Occasion) -> e.RoleRevoked:
        """They lose a role."""
        _from_now_on(occasion)
        self._must_be_known()
        if (command.role, command.place) not in self.grants:
            held = ", ".join(f"{role} in {place or 'the whole organisation'}" for role, place in self.grants)
            raise Refused(f"They do not hold the role {command.role} there; they hold {held or 'none'}.")
        return e.RoleRevoked(
            role=command.role,
            portfolio=command.portfolio,
            program=command.program,
            project=command.project,
            why=command.rationale,
        )

    def erase(self, command: c.ErasePerson, occasion: Occasion) -> e.PersonErased:
        """Their name goes; what they did stays, under their id."""
        _from_now_on(occasion)
        self._must_be_known()
        return e.PersonErased(why=command.rationale)

    def held_on(self, day: date) -> frozenset[Grant]:
        """The roles that hold on a day; those whose last day is over give nothing."""
        return frozenset(grant for grant, until in self.grants.items() if until is None or until >= day)

    def _must_be_known(self) -> None:
        if self.erased:
            raise Refused("This person was erased for good; a new one can be created.")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        match event:
            case e.RoleGranted():
                self.grants[event.role, event.place] = event.until
            case e.RoleRevoked():
                self.grants.pop((event.role, event.place), None)
            case e.PersonErased():
                self.grants.clear()
                self.erased = True


def _from_now_on(occasion: Occasion) -> None:
    """Rights cannot be given or taken for the past: what was allowed then was decided then."""
    if occasion.occurred_at is not None:
        raise Invalid({"/occurred_at": "what people may do changes from now on; leave it out"})


def _until(day: date | None) -> str:
    return f"until {day}" if day else "until further notice"
