"""Who could do what: the roles of people within the bounds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain.identity.words import Place, PlaceKind, told
from projections.access_board import ROLE, access
from projections.bounds import View
from projections.dated import Cell, instant_of, value_of
from projections.journal import actor_names, is_known
from projections.names import names_of
from projections.paging import Answer, Page, ordered, page_of

Verbs = Callable[[str], Sequence[str]]
"""The commands a role may give."""


class Asker(NamedTuple):
    """Whose roles may be shown: their own, and of others those in `places` (`None` = everywhere)."""

    person: UUID
    places: frozenset[UUID] | None


def list_access(view: View, asker: Asker, who: UUID | None, verbs: Verbs, page: Page) -> tuple[list[Answer], bool]:
    """People by name with the roles they hold, one page; one whose last day is over is `expired` and gives nothing."""
    cells = access.cells(view, [who] if who else None)
    held = {person: _held(own, asker, person) for person, own in cells.items()}
    shown = [person for person, roles in held.items() if roles or _sees_all(asker, person)]
    names = view.person_names(shown)
    listed, more = page_of(ordered(shown, names.get, str, descending=False), page)
    roles = {person: _roles(view, cells[person], held[person], verbs) for person in listed}
    named = _named(view, [role for each in roles.values() for role in each])
    return [
        {
            "id": str(person),
            "name": names.get(person),
            "erased": bool(value_of(cells[person], "erased")),
            "roles": [{**role, **_names(role, named)} for role in roles[person]],
        }
        for person in listed
    ], more


def knows(view: View, person: UUID) -> bool:
    """Whether any fact ever named the person, whatever the bounds."""
    return is_known(view, person, [f"{access.name}_latest"])


def _sees_all(asker: Asker, person: UUID) -> bool:
    return asker.places is None or asker.person == person


def _held(cells: Mapping[str, Cell], asker: Asker, person: UUID) -> list[str]:
    if value_of(cells, "erased"):
        return []
    held = sorted(aspect for aspect in cells if aspect.startswith(ROLE) and value_of(cells, aspect))
    return [aspect for aspect in held if _sees_all(asker, person) or _is_given_in(aspect, asker.places or ())]


def _is_given_in(aspect: str, places: Collection[UUID]) -> bool:
    place = _place(aspect)
    return place is not None and place.id in places


def _place(aspect: str) -> Place | None:
    _, _, kind, *named = aspect.split(":")
    return Place(PlaceKind(kind), UUID(named[0])) if named else None


def _roles(view: View, cells: Mapping[str, Cell], held: Collection[str], verbs: Verbs) -> list[Answer]:
    today = view.now.date().isoformat()
    found = []
    for aspect in held:
        role, place, given = aspect.split(":")[1], _place(aspect), value_of(cells, aspect)
        expired = given["until"] is not None and given["until"] < today
        found.append(
            {
                "role": role,
                **told(place),
                "since": instant_of(cells, aspect),
                **given,
                "expired": expired,
                "verbs": [] if expired else list(verbs(role)),
            }
        )
    return found


def _named(view: View, roles: Collection[Answer]) -> dict[str, str | None]:
    places = names_of(view, {UUID(role[kind]) for role in roles for kind in PlaceKind if role[kind]})
    givers = actor_names(view, {role["granted_by"] for role in roles})
    return {str(each): name for each, name in places.items()} | givers


def _names(role: Answer, named: Mapping[str, Any]) -> Answer:
    places = {f"{kind}_name": named.get(role[kind]) for kind in PlaceKind}
    return {**places, "granted_by_name": named.get(role["granted_by"])}
