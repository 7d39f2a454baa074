"""Somebody's name is blanked, whether they act, or are a resource whose time is promised."""

from uuid import UUID

from domain.identity.commands import ErasePerson
from domain.identity.person import Person
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import NotFound
from domain.resources.resource import Resource


def erase(person_id: UUID, command: ErasePerson) -> Decide:
    """The name of a person who acts, or else of one among the resources."""

    def decide(read: Reading) -> Facts:
        person = read.new(Person, person_id)
        if person.version:
            return [(person_id, person.erase(command, read.occasion))]
        resource = read.new(Resource, person_id)
        if not resource.version:
            raise NotFound(f"no person has the id {person_id}")
        return [(person_id, resource.erase(command.rationale))]

    return decide
