"""Files for other programs: rows counted, checked, and the same as the API tells."""

import csv
import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.identity.words import Role
from projections import daily
from projections.bounds import Bounds
from tests.conftest import WHY, Api, World
from tests.test_command_line import Run, run

__all__ = ["run"]
MONEY = {"amount": "100.00", "currency": "GBP"}


def test_a_row_a_day_is_what_the_list_said_at_the_end_of_that_day(world: World, ada: Api) -> None:
    """The oracle asks for the list of projects as of the end of each day."""
    began = world.clock.now.date()
    harbour = ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"]
    shop, quay = (
        ada.do("/projects", {"name": name, "sponsor": "s", "portfolio": harbour, "rationale": WHY})["id"]
        for name in ("Shop", "Quay")
    )
    world.clock.now += timedelta(days=2)
    ada.do(f"/projects/{shop}/revise", {"owner": "bea"})
    ada.do(f"/portfolios/{harbour}/remove-component", {"component": quay, "rationale": WHY})
    world.clock.now += timedelta(days=3)
    ada.do(f"/projects/{shop}/status-updates", {"overall": "on_track", "text": "All is well"})
    ada.do(f"/portfolios/{harbour}/restore-component", {"component": quay, "rationale": WHY})
    ada.get("/projects")
    with world.system.context.reads.view(Bounds()) as view:
        rows = list(daily.days(view))
    assert all(tuple(row) == daily.COLUMNS for row in rows)
    assert {row["day"] for row in rows} == {(began + timedelta(days=day)).isoformat() for day in range(6)}
    for day in sorted({row["day"] for row in rows}):
        expected = {
            each["id"]: (each["name"], each["state"], each["owner"], each["health"]["declared"])
            for each in ada.get("/projects", as_of=day)["items"]
        }
        told = {r["id"]: (r["name"], r["state"], r["owner"], r["health"]) for r in rows if r["day"] == day}
        assert told == expected, day
    assert len(rows) == 9


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """A folder with a store of ten projects."""
    run("migrate")
    samples = Path(__file__).parents[1] / "samples"
    words = ["import", str(samples / "today.csv"), "--mapping", str(samples / "mappings" / "today.toml")]
    assert run(*words, "--portfolio", "Mine").returncode == 0
    return tmp_path


def _written(run: Run, folder: Path, what: str, *more: str) -> list[Any]:
    """The rows of a JSON lines file and of a table, which agree with each other and with what was printed."""
    told = {}
    for form in ("jsonl", "csv"):
        result = run("export", "--what", what, "--format", form, "--out", f"{what}.{form}", "--json", *more)
        assert result.returncode == 0, result.stderr
        told[form] = json.loads(result.stdout)
        assert told[form]["sha256"] == sha256((folder / f"{what}.{form}").read_bytes()).hexdigest()
    lines = [json.loads(line) for line in (folder / f"{what}.jsonl").read_text().splitlines()]
    with (folder / f"{what}.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert told["jsonl"]["count"] == told["csv"]["count"] == len(lines) == len(table)
    for line, row in zip(lines, table, strict=True):
        assert all(row[name] == (line.get(name) or "") for name in row if isinstance(line.get(name), str | None))
    return lines


def test_everything_can_be_written(run: Run, folder: Path) -> None:
    facts = _written(run, folder, "facts")
    assert [fact["position"] for fact in facts] == sorted(fact["position"] for fact in facts)
    half = facts[len(facts) // 2]["position"]
    assert _written(run, folder, "facts", "--after", str(half)) == [f for f in facts if f["position"] > half]
    assert len(_written(run, folder, "decisions")) == sum(fact["rationale"] is not None for fact in facts)
    assert len(_written(run, folder, "projects")) == 10
    assert {row["day"] for row in _written(run, folder, "daily")} >= {date.today().isoformat()}
    assert _written(run, folder, "projects", "--as-of", "1999-12-31") == []


def test_what_cannot_be_written_is_said(run: Run, folder: Path) -> None:
    for words, sentence in (
        (["--what", "facts", "--format", "parquet"], "no parquet"),
        (["--what", "facts", "--format", "xls"], "csv or jsonl"),
        (["--what", "daily", "--format", "csv", "--after", "3"], "only facts and decisions"),
        (["--what", "all", "--format", "csv"], "all"),
    ):
        result = run("export", *words, "--out", "out.csv")
        assert (result.returncode, sentence in " ".join(result.stderr.split())) == (2, True), result.stderr
    assert run("export", "--what", "facts", "--format", "csv", "--out", "o", "--as-of", "2999-01-01").returncode == 1


def test_a_key_expires_and_belongs_to_who_is_known(run: Run, folder: Path) -> None:
    assert run("keys", "create", "--role", "board", "--name", "eve", "--expires", "2000-01-01").returncode == 1
    made = run("keys", "create", "--role", "board", "--name", "eve", "--expires", "2999-12-31", "--json")
    assert made.returncode == 0, made.stderr
    listed = {each["id"]: each for each in json.loads(run("keys", "list", "--json").stdout)}
    eve = listed[json.loads(made.stdout)["id"]]
    assert eve["expires_at"] == "3000-01-01T00:00:00Z"
    another = json.loads(run("keys", "create", "--person", eve["person"], "--json").stdout)
    again = {each["id"]: each["person"] for each in json.loads(run("keys", "list", "--json").stdout)}
    assert again[another["id"]] == eve["person"]
    assert run("keys", "create", "--person", "0190a1b2-0000-7000-8000-000000000000").returncode == 1
    assert run("keys", "create").returncode == 2
    assert Role.BOARD in run("keys", "create", "--person", eve["person"]).stdout
