"""Who calls, and what they may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.context import Context, context_of
from api.problems import Unauthorized
from api.reach import Reach, Thing, seen_from
from api.rules import RULES
from domain.identity.person import Grant, Person
from domain.identity.words import Place, Role
from domain.kernel.aggregate import fold
from domain.kernel.refusal import Forbidden, Invalid, NotFound
from projections.bounds import Scope
from store.people import csrf_token

SESSION_COOKIE = "whyfolio_session"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person with a valid key, and the roles they hold."""

    person: UUID
    grants: frozenset[Grant]
    session: str | None = None

    @property
    def actor(self) -> str:
        """How facts name the person."""
        return str(self.person)

    @property
    def csrf(self) -> str | None:
        """What a form of the page must carry."""
        return csrf_token(self.session) if self.session else None

    def is_everywhere(self) -> bool:
        """Whether any role holds for the whole organisation."""
        return any(place is None for _, place in self.grants)

    @property
    def places(self) -> frozenset[Place]:
        """The places in which they hold any role."""
        return frozenset(place for _, place in self.grants if place)

    def may(self, roles: Sequence[Role], covering: Iterable[frozenset[Place]]) -> Role | None:
        """The first of these roles the caller holds over things that are decided about in these places."""
        places = list(covering)
        for role in roles:
            held = {place for each, place in self.grants if each is role}
            if None in held or (places and all(held & place for place in places)):
                return role
        return None


bearer = HTTPBearer(auto_error=False, description="A key of `whyfolio keys create`.")


async def at_hand(request: Request) -> Context:
    """The context, for routes; asynchronous, so that it costs no change of threads."""
    return context_of(request)


ContextOf = Annotated[Context, Depends(at_hand)]


def caller_of(
    request: Request,
    context: ContextOf,
    documented: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None,
) -> Caller:
    """The caller by `Authorization: Bearer <key>` or by the page's session. Raises `Unauthorized`."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    session = request.cookies.get(SESSION_COOKIE)
    if scheme:
        holder = context.people.holder(key.strip()) if scheme.lower() == "bearer" else None
        person, session = (holder[1] if holder else None), None
        if holder:
            context.limits.asked(str(holder[0]))
        else:
            context.limits.failed(address_of(request))
    else:
        person = context.people.session_holder(session) if session else None
        if person:
            context.limits.asked(str(person))
    if person is None:
        raise Unauthorized("send Authorization: Bearer <key> with a valid key; whyfolio keys create makes one")
    return Caller(person, grants_of(context, person), session)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


def grants_of(context: Context, person: UUID) -> frozenset[Grant]:
    """The roles a person holds by now, and where."""
    return fold(Person, person, context.store.history(person)).held_on(context.clock().date())


CallerOf = Annotated[Caller, Depends(caller_of)]


def admit(request: Request, caller: Caller) -> None:
    """Raises `Forbidden` unless the caller holds, somewhere, a role that the rule of the route names."""
    route = f"{request.method} {request.scope['route'].path}"
    if route not in RULES:
        raise Forbidden(f"no rule says who may ask for {route}, so nobody may")
    if not is_admitted(route, caller):
        needed = list(RULES[route] or ())
        sentence = "any role; the key's person holds none" if not caller.grants else f"the role {' or '.join(needed)}"
        raise Forbidden(f"this needs {sentence}", roles=needed)


def is_admitted(route: str, caller: Caller) -> bool:
    """Whether the rule of a route (method and path) lets the caller in."""
    roles = RULES[route]
    return not roles or any(role in roles for role, _ in caller.grants)


def scope_of(context: Context, caller: Caller) -> Scope | None:
    """What the caller may see, `None` = everything."""
    return None if caller.is_everywhere() else seen_from(context.store, caller.places)


def must_see(reach: Reach, caller: Caller, things: Iterable[Thing]) -> None:
    """Raises `NotFound` (or `Invalid` for a thing the body names) for what is out of the caller's scope."""
    if caller.is_everywhere():
        return
    for thing in things:
        if not reach.ever(thing):
            sentence = f"no {thing.kind} has the id {thing.id}"
            raise Invalid({thing.pointer: sentence}) if thing.pointer else NotFound(sentence)


def authorize(context: Context, caller: Caller, roles: Sequence[Role], things: Sequence[Thing]) -> Role:
    """The first of these roles that the caller holds over all these things.

    Raises `NotFound` (or `Invalid` for a thing the body names) out of scope, `Forbidden` in scope
    without the role.
    """
    everywhere = caller.may(roles, [])
    stronger = roles[: roles.index(everywhere)] if everywhere else roles
    if everywhere and not any(role in stronger for role, _ in caller.grants):
        return everywhere
    reach = Reach(context.store, caller.places)
    must_see(reach, caller, things)
    role = caller.may(roles, [reach.now(thing) for thing in things])
    if role is None:
        needed = " or ".join(roles)
        where = "" if things else " in the whole organisation"
        raise Forbidden(f"this needs the role {needed}{where}", roles=list(roles))
    return role
