"""The facts of a business case."""

from typing import Annotated

from pydantic import Field

from domain.kernel.event import Event
from domain.project.business_case import BusinessCase


class BusinessCaseSet(Event, name="project.business_case_set.v1", lifecycle=True):
    """From now on the proposal stands on this version of its business case, which is told whole."""

    version: Annotated[int, Field(ge=1)]
    business_case: BusinessCase
