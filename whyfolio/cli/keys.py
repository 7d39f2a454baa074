"""Keys: how people and programs sign in."""

from typing import Annotated, Any
from uuid import UUID

import typer

from domain.identity.person import Person
from domain.identity.words import Role
from domain.kernel.aggregate import fold
from domain.kernel.instants import from_micros, rfc3339
from domain.portfolio.portfolio import Portfolio
from store.people import StoredKey
from whyfolio.cli.console import Json, fail, opened, show_json
from whyfolio.wiring import grant_key

app = typer.Typer(help="Create, list and revoke keys.", no_args_is_help=True)
Roles = Annotated[list[Role], typer.Option("--role", help="A role; may be given several times.")]
Scope = Annotated[str | None, typer.Option(help="portfolio:ID; without it the whole organisation.")]
Name = Annotated[str | None, typer.Option(help="Whose key it is; keys of one name are one person.")]


def add_to(verbs: typer.Typer) -> None:
    """Register the verbs."""
    verbs.add_typer(app, name="keys")


@app.command(epilog="Example: whyfolio keys create --role portfolio_manager --name ada --json")
def create(role: Roles, scope: Scope = None, name: Name = None, json: Json = False) -> None:
    """Make a key; it is shown this once."""
    with opened() as system:
        portfolio = _portfolio(scope)
        if portfolio and not fold(Portfolio, portfolio, system.store.history(portfolio)).version:
            raise fail(f"--scope: no portfolio has the id {portfolio}")
        key = grant_key(system, role, portfolio, name or f"key of {', '.join(role)}")
        if json:
            show_json({"id": key.id, "key": key.key})
        else:
            typer.echo(f"Key {key.id}, shown this once: {key.key}")
            grants = fold(Person, key.person, system.store.history(key.person)).grants
            held = sorted(f"{role} in {portfolio}" if portfolio else role for role, portfolio in grants)
            typer.echo(f"Keys of one name are one person, who now holds: {', '.join(held)}.")


@app.command("list", epilog="Example: whyfolio keys list")
def list_keys(json: Json = False) -> None:
    """Show every key without its secret."""
    with opened() as system:
        found = system.context.people.every_key()
        if json:
            return show_json([_shown(key) for key in found])
        for key in found:
            validity = f"revoked {rfc3339(from_micros(key.revoked_at))}" if key.revoked_at else "valid"
            typer.echo(f"{key.id}  {key.name}  {validity}")


@app.command(epilog="Example: whyfolio keys revoke 0190a1b2-0000-7000-8000-000000000000")
def revoke(key_id: UUID) -> None:
    """Make a key worthless at once."""
    with opened() as system:
        if not system.context.people.revoke_key(key_id):
            raise fail(f"no valid key has the id {key_id}; whyfolio keys list shows them")
        typer.echo(f"Key {key_id} is revoked.")


def _portfolio(scope: str | None) -> UUID | None:
    if scope is None:
        return None
    kind, _, text_id = scope.partition(":")
    try:
        if kind == "portfolio":
            return UUID(text_id)
    except ValueError:
        pass
    raise typer.BadParameter(f"expected portfolio:ID; got {scope}", param_hint="--scope")


def _shown(key: StoredKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "person": key.person,
        "created_at": rfc3339(from_micros(key.created_at)),
        "revoked_at": rfc3339(from_micros(key.revoked_at)) if key.revoked_at else None,
    }
