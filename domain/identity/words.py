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
