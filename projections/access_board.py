"""Who holds which role, where, at any moment."""

from collections.abc import Iterable

from domain.identity import events as e
from domain.identity.words import Place
from domain.kernel.event import Recorded
from projections.dated import Change, DatedChanges

access = DatedChanges("access_board")
ROLE = "role:"


def role_in(role: str, place: Place | None) -> str:
    """The aspect that holds a role in a place, or in the whole organisation."""
    return f"{ROLE}{role}:{f'{place.kind}:{place.id}' if place else ''}"


@access.on(e.PersonAdded)
def added(event: e.PersonAdded, fact: Recorded) -> Iterable[Change]:
    """Somebody can be given roles."""
    yield Change(fact.stream_id, "added", True)


@access.on(e.RoleGranted)
def granted(event: e.RoleGranted, fact: Recorded) -> Iterable[Change]:
    """A role, by whom, why, and until when."""
    reason = {"code": event.why.code, "text": event.why.text} if event.why else None
    until = event.until.isoformat() if event.until else None
    value = {"until": until, "granted_by": fact.actor, "reason": reason}
    yield Change(fact.stream_id, role_in(event.role, event.place), value)


@access.on(e.RoleRevoked)
def revoked(event: e.RoleRevoked, fact: Recorded) -> Iterable[Change]:
    """A role is over."""
    yield Change(fact.stream_id, role_in(event.role, event.place), None)


@access.on(e.PersonErased)
def erased(event: e.PersonErased, fact: Recorded) -> Iterable[Change]:
    """Every role is over."""
    yield Change(fact.stream_id, "erased", True)
