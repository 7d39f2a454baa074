"""Premises of decisions: whatever one is about has to be there."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from domain.kernel.aggregate import Aggregate
from domain.kernel.command import Given
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.premises import Premise
from domain.kernel.rationale import Rationale
from domain.kernel.refusal import Invalid
from domain.operation import DecideFor
from domain.portfolio.portfolio import Portfolio
from domain.project.project import Project
from domain.resources.resource import Resource
from domain.strategy.goal import Goal

KINDS: dict[str, type[Aggregate]] = {each.kind: each for each in (Portfolio, Goal, Project)}
WATCHED_IN = ("rationale", "override", "force_in")
"""Members of a command whose premises are watched."""
Pointed = Iterator[tuple[str, Premise]]


def premises_of(command: Given) -> Pointed:
    """Every premise that a command names, each with its JSON pointer."""
    for member in type(command).model_fields:
        why = getattr(command, member)
        if isinstance(why, Rationale):
            for place, premise in enumerate(why.premises):
                yield f"/{member}/premises/{place}", premise


def on_what_is_there(decide_for: DecideFor) -> DecideFor:
    """A decision whose premises are well formed, and about what is there."""

    def decide_for_premises(thing: UUID, command: Any) -> Decide:
        decide, premises = decide_for(thing, command), list(premises_of(command))
        if not premises:
            return decide

        def decide_on_them(read: Reading) -> Facts:
            _refuse(_ill_formed(premises))
            facts = decide(read)
            _refuse(_unknown(read, premises))
            return facts

        return decide_on_them

    return decide_for_premises


def _refuse(errors: Iterator[tuple[str, str]]) -> None:
    if wrong := dict(errors):
        raise Invalid(wrong)


def _ill_formed(premises: list[tuple[str, Premise]]) -> Iterator[tuple[str, str]]:
    for pointer, premise in premises:
        if pointer.split("/")[1] not in WATCHED_IN:
            yield pointer, f"premises are watched only in {', '.join(WATCHED_IN)}; name it there"
        yield from ((f"{pointer}{member}", sentence) for member, sentence in premise.wrong())


def _unknown(read: Reading, premises: list[tuple[str, Premise]]) -> Iterator[tuple[str, str]]:
    for pointer, premise in premises:
        for kind, thing in premise.things():
            if not any(state.version for state in read.glance(KINDS[kind], [thing])):
                yield f"{pointer}/{kind}", f"no {kind} has the id {thing}"
        if premise.role and premise.portfolio and premise.role not in (known := _roles(read, premise.portfolio)):
            played = ", ".join(sorted(known)) or "none yet"
            yield f"{pointer}/role", f"expected a role of those who are promised to the portfolio: {played}"


def _roles(read: Reading, portfolio_id: UUID) -> set[str]:
    """The roles that people play who are, or were, promised to a component of the portfolio."""
    members = {member for portfolio in read.glance(Portfolio, [portfolio_id]) for member in portfolio.members}
    people = read.glance(Resource, read.owners_about(members, Resource.kind))
    played = {person.profile.as_role for person in people}
    return {role for role in played | {each.as_role for one in people for each in one.bookings} if role}
