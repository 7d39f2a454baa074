"""Roles, and the one table of what each may do."""

from enum import StrEnum
from typing import Annotated

from pydantic import Strict

from domain.kernel.types import one_of


class Role(StrEnum):
    """What a person is to the organisation or to one portfolio."""

    REQUESTER = "requester"
    SPONSOR = "sponsor"
    PROJECT_MANAGER = "project_manager"
    RESOURCE_MANAGER = "resource_manager"
    PORTFOLIO_MANAGER = "portfolio_manager"
    BOARD = "board"
    EXECUTIVE = "executive"
    TEAM_MEMBER = "team_member"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"


RoleWord = Annotated[Role, Strict(False), one_of(Role)]

R = Role
ALL = tuple(Role)

RIGHTS: dict[str, tuple[Role, ...]] = {
    "projects.create": (R.REQUESTER, R.SPONSOR, R.PROJECT_MANAGER, R.PORTFOLIO_MANAGER),
    "projects.submit": (R.REQUESTER, R.SPONSOR),
    "projects.withdraw": (R.REQUESTER, R.SPONSOR),
    "projects.evaluate": (R.PORTFOLIO_MANAGER,),
    "projects.recycle": (R.PORTFOLIO_MANAGER, R.BOARD),
    "projects.reject": (R.BOARD,),
    "projects.defer": (R.PORTFOLIO_MANAGER, R.BOARD),
    "projects.select": (R.PORTFOLIO_MANAGER,),
    "projects.deselect": (R.PORTFOLIO_MANAGER, R.BOARD),
    "projects.authorize": (R.BOARD,),
    "projects.activate": (R.PORTFOLIO_MANAGER, R.PROJECT_MANAGER),
    "projects.pause": (R.PORTFOLIO_MANAGER,),
    "projects.resume": (R.PORTFOLIO_MANAGER,),
    "projects.complete": (R.SPONSOR,),
    "projects.close": (R.SPONSOR, R.PORTFOLIO_MANAGER),
    "projects.cancel": (R.BOARD,),
    "projects.reopen": (R.BOARD,),
    "projects.reprioritize": (R.PORTFOLIO_MANAGER, R.BOARD),
    "projects.status-updates": (R.PROJECT_MANAGER, R.PORTFOLIO_MANAGER),
    "projects.revise": (R.REQUESTER, R.SPONSOR, R.PROJECT_MANAGER, R.PORTFOLIO_MANAGER),
    "portfolios.create": (R.PORTFOLIO_MANAGER, R.BOARD),
    "portfolios.add-component": (R.PORTFOLIO_MANAGER, R.BOARD),
    "portfolios.remove-component": (R.PORTFOLIO_MANAGER, R.BOARD),
    "portfolios.restore-component": (R.PORTFOLIO_MANAGER, R.BOARD),
    "resources.create": (R.RESOURCE_MANAGER, R.PORTFOLIO_MANAGER),
    "resources.assign": (R.RESOURCE_MANAGER, R.PORTFOLIO_MANAGER),
    "resources.reassign": (R.RESOURCE_MANAGER, R.PORTFOLIO_MANAGER),
    "resources.release": (R.RESOURCE_MANAGER, R.PORTFOLIO_MANAGER),
    "read": ALL,
    "events": (R.AUDITOR, R.INTEGRATION, R.PORTFOLIO_MANAGER, R.BOARD, R.EXECUTIVE, R.ADMINISTRATOR),
}
"""Operation → the roles that may perform it. Every route names its operation."""
