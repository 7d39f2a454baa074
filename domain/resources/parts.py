"""Commands on the parts that a resource holds: how much time there is, and what somebody is."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from domain.kernel.decide import Decide, change
from domain.kernel.event import Event
from domain.resources.availability import Availability
from domain.resources.profile import Profile
from domain.resources.resource import Resource

OnResource = Callable[[UUID, Any], Decide]


def _availability(decide: Callable[[Availability, Any], Event | None]) -> OnResource:
    return _on(lambda resource, command: decide(resource.availability, command))


def _profile(decide: Callable[[Profile, Any], Event | None]) -> OnResource:
    return _on(lambda resource, command: decide(resource.profile, command))


def _on(decide: Callable[[Resource, Any], Event | None]) -> OnResource:
    return lambda resource_id, command: change(Resource, resource_id, lambda each, said, _: decide(each, said), command)


set_capacity = _availability(Availability.set)
record_absence = _availability(Availability.record_absence)
cancel_absence = _availability(Availability.cancel_absence)
set_skills = _profile(Profile.set_skills)
set_role = _profile(Profile.set_role)
