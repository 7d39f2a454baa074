"""Keys: how people and programs sign in."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.identity.person import Person
from domain.identity.words import Place, PlaceKind, Role
from domain.kernel.aggregate import fold
from domain.kernel.instants import from_micros, micros, rfc3339
from domain.kernel.refusal import Invalid
from store.people import StoredKey
from whyfolio.cli.console import Json, fail, opened, show_json
from whyfolio.wiring import System, grant_key

app = typer.Typer(help="Create, list and revoke keys.", no_args_is_help=True)
Roles = Annotated[
    list[Role] | None, typer.Option("--role", help="A role; may be given several times. Needed without --person.")
]
Scope = Annotated[
    str | None, typer.Option(help="portfolio:ID, program:ID or project:ID; without it the whole organisation.")
]
Name = Annotated[str | None, typer.Option(help="Whose key it is; keys of one name are one person.")]
Who = Annotated[UUID | None, typer.Option("--person", help="The id of a person who is known, instead of a name.")]
Expires = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day on which the key is valid, UTC.")
]


def add_to(verbs: typer.Typer) -> None:
    """Register the verbs."""
    verbs.add_typer(app, name="keys")


@app.command(epilog="Example: whyfolio keys create --role portfolio_manager --name ada --json")
def create(
    role: Roles = None,
    scope: Scope = None,
    name: Name = None,
    person: Who = None,
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Make a key; it is shown this once."""
    roles = role or []
    if not roles and not person:
        raise typer.BadParameter("give a role, or the --person whose key it is", param_hint="--role")
    if name and person:
        raise typer.BadParameter("give a name or the id of a person, not both", param_hint="--person")
    with opened() as system:
        place = _place(scope)
        if person:
            _must_be_known(system, person)
        who = person or name or f"key of {', '.join(roles)}"
        try:
            key = grant_key(system, roles, place, who, expires_at=_end_of(system, expires))
        except Invalid as refused:
            raise fail("--scope: " + "; ".join(refused.errors.values())) from None
        if json:
            show_json({"id": key.id, "key": key.key})
        else:
            typer.echo(f"Key {key.id}, shown this once: {key.key}")
            grants = fold(Person, key.person, system.store.history(key.person)).held_on(system.context.clock().date())
            held = sorted(f"{role} in {place}" if place else role for role, place in grants)
            typer.echo(f"Keys of one name are one person, who now holds: {', '.join(held)}.")


@app.command("list", epilog="Example: whyfolio keys list")
def list_keys(json: Json = False) -> None:
    """Show every key without its secret."""
    with opened() as system:
        found = system.context.people.every_key()
        if json:
            return show_json([_shown(key) for key in found])
        for key in found:
            typer.echo(f"{key.id}  {key.name or key.person}  {_validity(key, micros(system.context.clock()))}")


@app.command(epilog="Example: whyfolio keys revoke 0190a1b2-0000-7000-8000-000000000000")
def revoke(key_id: UUID) -> None:
    """Make a key worthless at once."""
    with opened() as system:
        if not system.context.people.revoke_key(key_id):
            raise fail(f"no valid key has the id {key_id}; whyfolio keys list shows them")
        typer.echo(f"Key {key_id} is revoked.")


def _place(scope: str | None) -> Place | None:
    if scope is None:
        return None
    kind, _, text_id = scope.partition(":")
    try:
        return Place(PlaceKind(kind), UUID(text_id))
    except ValueError:
        sentence = f"expected portfolio:ID, program:ID or project:ID; got {scope}"
        raise typer.BadParameter(sentence, param_hint="--scope") from None


def _must_be_known(system: System, person: UUID) -> None:
    known = fold(Person, person, system.store.history(person))
    if not known.version or known.erased:
        raise fail(f"--person: no person has the id {person}" if not known.version else "--person: they were erased")


def _end_of(system: System, day: datetime | None) -> datetime | None:
    """The instant at which a day is over."""
    if day is None:
        return None
    end = datetime.combine(day, time.min, UTC) + timedelta(days=1)
    if end <= system.context.clock():
        raise fail(f"--expires: expected a day from {system.context.clock().date()} on; got {day.date()}")
    return end


def _validity(key: StoredKey, now: int) -> str:
    if key.revoked_at:
        return f"revoked {rfc3339(from_micros(key.revoked_at))}"
    if key.expires_at is None:
        return "valid"
    return f"{'expired' if key.expires_at <= now else 'valid until'} {rfc3339(from_micros(key.expires_at))}"


def _shown(key: StoredKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "person": key.person,
        "created_at": rfc3339(from_micros(key.created_at)),
        "revoked_at": rfc3339(from_micros(key.revoked_at)) if key.revoked_at else None,
        "expires_at": rfc3339(from_micros(key.expires_at)) if key.expires_at else None,
    }
