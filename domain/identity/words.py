"""Roles, and the places in which they are held."""

from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Strict

from domain.kernel.types import one_of


class Role(StrEnum):
    """What a person is to the organisation, or to one place in it."""

    REQUESTER = "requester"
    SPONSOR = "sponsor"
    PROJECT_MANAGER = "project_manager"
    PROGRAM_MANAGER = "program_manager"
    RESOURCE_MANAGER = "resource_manager"
    FINANCE_CONTROLLER = "finance_controller"
    PORTFOLIO_MANAGER = "portfolio_manager"
    BOARD = "board"
    EXECUTIVE = "executive"
    TEAM_MEMBER = "team_member"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"


RoleWord = Annotated[Role, Strict(False), one_of(Role)]


class PlaceKind(StrEnum):
    """What a role can be held over, if it is not the whole organisation."""

    PORTFOLIO = "portfolio"
    PROGRAM = "program"
    PROJECT = "project"


class Place(NamedTuple):
    """One portfolio, one program with whatever belongs to it, or one other component alone."""

    kind: PlaceKind
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def place_in(portfolio: UUID | None, program: UUID | None, project: UUID | None) -> Place | None:
    """The place that one of these names, `None` = the whole organisation."""
    named = zip(PlaceKind, (portfolio, program, project), strict=True)
    return next((Place(kind, each) for kind, each in named if each), None)


def told(place: Place | None) -> dict[str, str | None]:
    """Each kind of place with the id it is named by, if it is named."""
    return {kind: str(place.id) if place and place.kind is kind else None for kind in PlaceKind}
