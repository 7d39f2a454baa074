"""What roles in portfolios, programs and projects reach: for seeing what was ever there, for deciding what is now."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from domain.choosing.analysis import Analysis
from domain.choosing.scenario import Scenario
from domain.identity.words import Place, PlaceKind
from domain.kernel.aggregate import fold
from domain.kernel.event import Event
from domain.portfolio.portfolio import Portfolio
from domain.project.events import MovedToProgram, ProjectDrafted
from domain.project.project import Project
from domain.strategy.events import GoalLinked
from domain.strategy.goal import Goal
from projections.bounds import Scope
from store.event_store import EventStore

OWNED: Mapping[str, type[Goal] | type[Scenario]] = {Goal.kind: Goal, Scenario.kind: Scenario}
"""What belongs to one portfolio for ever."""
BELONGING = (ProjectDrafted.fact_name, MovedToProgram.fact_name)
"""The facts that say which program a component belongs to."""


class Thing(NamedTuple):
    """Something a command is about; `pointer` says where in the body it is named (`None` = the path).

    Who decides about the component `through` decides about the thing as well, where they see it.
    """

    kind: str
    id: UUID
    pointer: str | None = None
    through: UUID | None = None


def seen_from(store: EventStore, places: Collection[Place]) -> Scope:
    """What roles in these places show.

    A portfolio shows whatever it ever held, its goals, analyses and scenarios; a program whatever ever belonged to it,
    in any depth; a project itself. Of goals that such components serve, a portfolio out of scope shows these alone.
    """
    portfolios, programs, projects = (_of(kind, places) for kind in PlaceKind)
    components = {*_ever_within(store, programs), *projects}
    own = [each for kind in (*OWNED, Analysis.kind) for each in store.owners_about(portfolios, kind)]
    things = store.subjects_of(list(portfolios)) | {*portfolios, *own, *components}
    served = store.owners_about(components, Goal.kind) if components else []
    people = store.owners_about(things, "resource")
    return Scope(frozenset(things), frozenset(people), frozenset(served) - things)


def _of(kind: PlaceKind, places: Collection[Place]) -> frozenset[UUID]:
    return frozenset(place.id for place in places if place.kind is kind)


def _ever_within(store: EventStore, programs: Collection[UUID]) -> set[UUID]:
    """The programs and, in any depth, every component that ever belonged to one."""
    found, level = set(programs), set(programs)
    while level:
        level = set(store.owners_about(level, Project.kind, BELONGING)) - found
        found |= level
    return found


class Reach:
    """Through which of somebody's places their roles reach a thing, for one request."""

    def __init__(self, store: EventStore, places: Collection[Place]) -> None:
        self._store = store
        self._portfolios, self._programs, self._projects = (_of(kind, places) for kind in PlaceKind)
        self._members: dict[UUID, Collection[UUID]] = {}
        self._parents: dict[UUID, UUID | None] = {}

    def ever(self, thing: Thing) -> bool:
        """Whether any of the places shows the thing; as `seen_from` does."""
        return not self._portfolios.isdisjoint(self._showing(thing)) or self._is_component_seen(thing)

    def now(self, thing: Thing) -> frozenset[Place]:
        """The places that decide about the thing: of portfolios those that hold it, or if none does, that ever did."""
        portfolios = {Place(PlaceKind.PORTFOLIO, each) for each in self._deciding(thing)}
        component = thing.id if thing.kind == Project.kind else thing.through
        return frozenset(portfolios.union(self._places_over(component) if component else ()))

    def _showing(self, thing: Thing) -> Collection[UUID]:
        """The portfolios that show the thing: those that ever held it, or whose goal or scenario it is."""
        if not self._portfolios:
            return ()
        if thing.kind == Portfolio.kind:
            return [thing.id]
        if thing.kind in OWNED:
            owner = fold(OWNED[thing.kind], thing.id, self._store.history(thing.id)).portfolio
            return [owner] if owner else []
        return self._store.streams_about(thing.id, Portfolio.kind)

    def _deciding(self, thing: Thing) -> Iterator[UUID]:
        ever = self._showing(thing)
        if thing.kind == Portfolio.kind or thing.kind in OWNED:
            return iter(ever)
        return iter([each for each in ever if thing.id in self._held_by(each)] or ever)

    def _held_by(self, portfolio: UUID) -> Collection[UUID]:
        if portfolio not in self._members:
            self._members[portfolio] = fold(Portfolio, portfolio, self._store.history(portfolio)).members
        return self._members[portfolio]

    def _is_component_seen(self, thing: Thing) -> bool:
        if not self._programs and not self._projects:
            return False
        if thing.kind == Goal.kind:
            events = [fact.event for fact in self._store.history(thing.id)]
            return any(self._was_within(event.project) for event in events if isinstance(event, GoalLinked))
        return thing.kind == Project.kind and self._was_within(thing.id)

    def _was_within(self, component: UUID) -> bool:
        """Whether it is one of the places, or ever belonged to a program that is, in any depth."""
        if component in self._projects:
            return True
        found = [component]
        for each in found if self._programs else ():
            found += [program for program in self._ever_above(each) if program not in found]
        return not self._programs.isdisjoint(found)

    def _ever_above(self, component: UUID) -> set[UUID]:
        return {program for fact in self._store.history(component) for program in _programs_in(fact.event) if program}

    def _places_over(self, component: UUID) -> Iterator[Place]:
        """The component itself, and the programs it belongs to now, in any depth."""
        if component in self._projects:
            yield Place(PlaceKind.PROJECT, component)
        above: list[UUID | None] = [component] if self._programs else []
        for each in above:
            if each in self._programs:
                yield Place(PlaceKind.PROGRAM, each)
            above += [parent] if each and (parent := self._parent_of(each)) not in above else []

    def _parent_of(self, component: UUID) -> UUID | None:
        if component not in self._parents:
            self._parents[component] = fold(Project, component, self._store.history(component)).parent
        return self._parents[component]


def _programs_in(event: Event) -> tuple[UUID | None, ...]:
    match event:
        case ProjectDrafted():
            return (event.parent,)
        case MovedToProgram():
            return (event.from_program, event.to_program)
        case _:
            return ()
