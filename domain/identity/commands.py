"""What may be asked about people who act; each class is the body of one route."""

from domain.identity.words import Place, PlaceKind, RoleWord, place_in
from domain.kernel.command import Given, Reasoned
from domain.kernel.rationale import GivenRationale
from domain.kernel.refusal import Invalid
from domain.kernel.types import Day, Id, Line


class CreatePerson(Given):
    """Let somebody be given roles. The name is stored apart from the facts; a key is made on the command line."""

    name: Line
    rationale: GivenRationale | None = None


class _InAPlace(Reasoned, names={"portfolio": "portfolio", "program": "project", "project": "project"}):
    role: RoleWord
    portfolio: Id | None = None
    program: Id | None = None
    project: Id | None = None

    @property
    def place(self) -> Place | None:
        """Where; `None` = in the whole organisation. Raises `Invalid` if several places are named."""
        named = [kind for kind in PlaceKind if getattr(self, kind)]
        if len(named) > 1:
            raise Invalid({f"/{kind}": "expected one place: a portfolio, a program or a project" for kind in named[1:]})
        return place_in(self.portfolio, self.program, self.project)


class GrantRole(_InAPlace):
    """Give a role in one portfolio, program or project, or, naming none, everywhere; `until` is its last day (UTC)."""

    until: Day | None = None


class RevokeRole(_InAPlace):
    """Take a role back where it was given."""


class ErasePerson(Reasoned):
    """Blank the name of a person for good, revoke their keys, end their roles."""
