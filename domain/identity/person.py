"""A person who acts: which roles they hold, and where."""

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from domain.identity import events as e
from domain.identity.words import Role
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event, Recorded

Grant = tuple[Role, UUID | None]


@dataclass
class Person(Aggregate):
    """`grants` are (role, portfolio), portfolio `None` meaning the whole organisation."""

    kind: ClassVar[str] = "person"

    grants: set[Grant] = field(default_factory=set)

    def grant(self, role: Role, portfolio: UUID | None) -> e.RoleGranted | None:
        """Give a role; nothing happens if it is held already."""
        return None if (role, portfolio) in self.grants else e.RoleGranted(role=role, portfolio=portfolio)

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        match event:
            case e.RoleGranted():
                self.grants.add((event.role, event.portfolio))
            case e.RoleRevoked():
                self.grants.discard((event.role, event.portfolio))
