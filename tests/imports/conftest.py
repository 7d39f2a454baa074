"""Files, mappings, and the verb that takes them in, beside a running server."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from tests.conftest import Api, Clock, World
from whyfolio.cli.main import app
from whyfolio.settings import Settings

JSON_MAPPING = """
source = "kep"
[state]
field = "status"
[state.words]
provisional = "submitted"
implementable = "active"
ready = "active"
implemented = "completed"
[health]
field = "light"
[health.words]
green = "on_track"
red = "off_track"
[fields]
title = "name"
owners = "owner"
stage = "phase"
cost = "budget"
due = "finish"
[ignore]
fields = ["noise"]
[money]
currency = "GBP"
scale = "1000"
"""

CSV_MAPPING = """
source = "gmpp"
[columns]
item = "id"
occurred_at = "as_at"
actor = "by"
reason = "why"
[health]
field = "rating"
[health.words]
Green = "on_track"
Red = "off_track"
[fields]
project = "name"
cost = "budget"
end = "finish"
[reasons]
rating = "commentary"
[defaults]
state = "active"
[money]
currency = "GBP"
"""


class Taken(NamedTuple):
    """How an import ended."""

    code: int
    report: dict[str, Any]
    sentences: str


class Imports:
    """Writes files, imports them by the verb, and reads what the API then says."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.api: Api = world.person("ada")
        self.folder = folder

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of this content."""
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def run(self, file: Path, mapping: Path, *options: str, portfolio: str = "Kept") -> Taken:
        """The verb, on files that are there."""
        words = ["import", str(file), "--mapping", str(mapping), "--portfolio", portfolio, "--json", *options]
        result = CliRunner().invoke(app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        self.world.system.projector.catch_up()
        return Taken(result.exit_code, json.loads(result.stdout or "{}"), result.stderr)

    def lines(self, *lines: dict[str, Any] | str, mapping: str = JSON_MAPPING, options: tuple[str, ...] = ()) -> Taken:
        """Take in JSON lines."""
        text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
        return self.run(self.write("history.jsonl", text), self.write("kep.toml", mapping), *options)

    def csv(self, text: str | bytes, mapping: str = CSV_MAPPING, options: tuple[str, ...] = ()) -> Taken:
        """Take in a CSV file."""
        return self.run(self.write("returns.csv", text), self.write("gmpp.toml", mapping), *options)

    def portfolio(self, name: str = "Kept") -> dict[str, Any]:
        """The portfolio of this name."""
        (found,) = [each for each in self.api.every("/portfolios") if each["name"] == name]
        return dict(found)

    def projects(self, **bounds: Any) -> dict[str, dict[str, Any]]:
        """The listed projects by key."""
        return {each["key"]: each for each in self.api.every("/projects", **bounds)}

    def project(self, key: str, **bounds: Any) -> dict[str, Any]:
        """The project of this key."""
        found: dict[str, Any] = self.api.get(f"/projects/{self.projects(**bounds)[key]['id']}", **bounds)
        return found

    def facts(self, name: str = "") -> list[dict[str, Any]]:
        """The facts so far, or those of this name, without those about persons."""
        found, after = [], 0
        while page := self.api.get("/events", after=after, limit=1000)["items"]:
            found, after = [*found, *page], page[-1]["position"]
        return [fact for fact in found if name in fact["name"] and not fact["name"].startswith("identity.")]


def line(seq: int, type: str, item: str = "A", **members: Any) -> dict[str, Any]:
    """A line as a source writes it, recorded on the day of its number."""
    day = f"2024-01-{seq:02}"
    times = {"recorded_at": f"{day}T12:00:00Z", "occurred_at": f"{day}T10:00:00Z"}
    return {"seq": seq, "item_id": item, **times, "type": type, "actor": "u-1", "reason": "As agreed", **members}


def added(seq: int, item: str = "A", /, **initial: Any) -> dict[str, Any]:
    """A line that adds an item."""
    return line(seq, "item.added", item, initial=initial)


def changed(seq: int, field: str, old: Any, new: Any, item: str = "A", **members: Any) -> dict[str, Any]:
    """A line that changes a field."""
    return line(seq, f"{field}.changed", item, **{"field": field, "from": old, "to": new, **members})


@pytest.fixture
def clock() -> Clock:
    """The clock of this machine, which the verb reads too."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def imports(world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Imports:
    """The verb beside a running server."""
    monkeypatch.setenv("WHYFOLIO_DATABASE_URL", settings.database_url)
    return Imports(world, tmp_path)
