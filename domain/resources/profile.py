"""What somebody can do and plays, and who a team is made of."""

from dataclasses import dataclass
from uuid import UUID

from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost
from domain.kernel.refusal import Invalid, Refused
from domain.resources import commands as c
from domain.resources import events as e
from domain.resources.words import Skill


@dataclass
class Profile:
    """`members` are those of a team."""

    kind: e.ResourceKind | None = None
    skills: tuple[Skill, ...] = ()
    as_role: str | None = None
    members: tuple[UUID, ...] = ()

    def set_skills(self, command: c.SetSkills) -> e.SkillsSet | None:
        """Skills are said, in order of their names; nothing is recorded if they are known."""
        named = [each.skill.casefold() for each in command.skills]
        twice = {f"/skills/{place}/skill": "named twice" for place, each in enumerate(named) if each in named[:place]}
        if twice:
            raise Invalid(twice)
        skills = tuple(sorted(command.skills, key=lambda each: each.skill))
        if skills == self.skills:
            must_not_be_lost(command.rationale)
            return None
        return e.SkillsSet(skills=skills, why=command.rationale)

    def set_role(self, command: c.SetRole) -> e.RoleSet | None:
        """A role is said; nothing is recorded if it is known."""
        if command.as_role == self.as_role:
            must_not_be_lost(command.rationale)
            return None
        return e.RoleSet(as_role=command.as_role, why=command.rationale)

    def set_members(self, command: c.SetMembers) -> e.MembersSet | None:
        """A team is made of other persons; nothing is recorded if it is the same."""
        members = tuple(sorted(set(command.members)))
        if members == self.members:
            must_not_be_lost(command.rationale)
            return None
        return e.MembersSet(members=members, why=command.rationale)

    def must_be_a_team(self) -> None:
        """Raises `Refused` for a person."""
        if self.kind is not e.ResourceKind.TEAM:
            raise Refused("Only a team has members; a person can be one of a team's.")

    def apply(self, event: Event, _: Recorded) -> None:
        """Take one fact in."""
        match event:
            case e.SkillsSet():
                self.skills = event.skills
            case e.RoleSet():
                self.as_role = event.as_role
            case e.MembersSet():
                self.members = event.members
