"""The verb for a newcomer: the sample story, everything served, one key a role."""

import json
import logging
import os
import sys
from pathlib import Path
from uuid import UUID

import typer

from whyfolio.cli.console import Json, log_to_stderr, progress, sentences, show_json
from whyfolio.cli.serving import run, stopping_cleanly
from whyfolio.demo import Story, holders, person_of, read_story, sample, tell
from whyfolio.settings import Settings, read_settings
from whyfolio.wiring import System, open_system, prepare_store, sole_server

KEYS = Path("demo-keys.json")
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
Keys = dict[str, str]


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(epilog="Example: whyfolio demo")(demo)


def demo(as_json: Json = False) -> None:
    """Load the sample story, serve everything, and print the addresses and one key a role.

    Again: the same facts and the same keys, which are kept in demo-keys.json.
    """
    with sentences(), stopping_cleanly():
        settings = read_settings()
        log_to_stderr(logging.WARNING)
        with sole_server(settings):
            prepare_store(settings)
            system = open_system(settings)
            try:
                story = read_story(sample("story.toml"))
                tell(system, story, progress("Steps of the story"))
                system.catch_up()
                found = {"addresses": addresses(settings), "keys": demo_keys(system, story, KEYS)}
                run(system, lambda: show_json(found) if as_json else _show(**found))
            finally:
                system.close()


def addresses(settings: Settings) -> Keys:
    """Where a browser on this machine finds things."""
    host = EVERY_ADDRESS.get(settings.host, settings.host)
    base = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    return {"dashboard": f"{base}/", "API": f"{base}/docs", "health": f"{base}/health/ready"}


def demo_keys(system: System, story: Story, path: Path) -> Keys:
    """One key a role: those the file holds while they are valid here, else new ones.

    Making new ones revokes the others of the story's people.
    """
    people = {role: person_of(system, story, handle) for role, handle in holders(story).items()}
    kept = _kept(path)
    if all(_opens(system, kept.get(role), person) for role, person in people.items()):
        return {role: kept[role] for role in people}
    issued = system.context.people.every_key()
    for old in issued:
        if old.revoked_at is None and old.person in people.values():
            system.context.people.revoke_key(old.id)
    made = {str(role): system.context.people.create_key(person).key for role, person in people.items()}
    _keep(path, made)
    return made


def _kept(path: Path) -> Keys:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _opens(system: System, key: object, person: UUID) -> bool:
    holder = system.context.people.holder(key) if isinstance(key, str) else None
    return holder is not None and holder[1] == person


def _keep(path: Path, keys: Keys) -> None:
    """Readable by its owner alone from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump(keys, file, indent=2)
        file.write("\n")


def _show(addresses: Keys, keys: Keys) -> None:
    width = max(map(len, (*addresses, *keys)))
    lines = ["Whyfolio runs, with a made-up sample in it. Ctrl-C stops it.", ""]
    lines += [f"  {name:{width}}  {address}" for name, address in addresses.items()]
    lines += ["", f"One key a role, kept in {KEYS}:", ""]
    lines += [f"  {role:{width}}  {key}" for role, key in keys.items()]
    typer.echo("\n".join(lines))
    sys.stdout.flush()
