"""One command: its body, who may give it, and how it is decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.identity.words import Role
from domain.kernel.command import Given
from domain.kernel.decide import Decide

DecideFor = Callable[[UUID, Any], Decide]

Names = Mapping[UUID, str | None]
"""Names of persons by id; `None` blanks one for good."""


def _nobody(_: UUID, __: Any) -> Names:
    return {}


@dataclass(frozen=True, slots=True)
class Operation:
    """One command.

    `decide` takes the id of the thing commanded (a new one for `create`) and the command;
    `receipt_member` names the member whose stream the receipt is for, if not that thing's;
    `names` tells names of persons to keep beside the facts; who may decide about the component that the
    member `through` names may give the command as well, if they see the thing.
    """

    name: str
    body: type[Given]
    decide: DecideFor
    roles: tuple[Role, ...]
    receipt_member: str | None = None
    names: Callable[[UUID, Any], Names] = _nobody
    through: str | None = None

    @property
    def collection(self) -> str:
        """The collection it belongs to."""
        return self.name.split(".")[0]

    @property
    def verb(self) -> str:
        """What it does."""
        return self.name.split(".")[1]

    def receipt_for(self, thing: UUID, command: Given) -> UUID:
        """The stream whose version the receipt tells."""
        named: UUID = getattr(command, self.receipt_member) if self.receipt_member else thing
        return named
