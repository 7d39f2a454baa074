"""Each line is recorded once, whatever happens."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import WHY
from tests.imports.conftest import JSON_MAPPING, Imports, added, changed, line
from whyfolio.settings import Settings
from whyfolio.wiring import migrate_store, open_system
from workers.imports.mapping import read_mapping
from workers.imports.run import Format, Import, new_portfolio

PROGRAM = Path(sys.executable).parent / "whyfolio"


def test_the_same_file_again_is_nothing(imports: Imports) -> None:
    lines = [added(1), changed(2, "stage", None, "beta")]
    imports.lines(*lines)
    before = imports.facts()
    again = imports.lines(*lines)
    assert (again.code, again.report["facts"], again.report["skipped"]) == (0, {}, 2)
    assert imports.facts() == before


def test_a_longer_file_adds_only_its_new_lines(imports: Imports) -> None:
    lines = [added(1, stage="alpha"), changed(2, "stage", "alpha", "beta"), line(3, "item.removed")]
    imports.lines(*lines[:1])
    longer = imports.lines(*lines)
    assert longer.report["skipped"] == 1
    assert longer.report["facts"] == {"project.attribute_changed.v1": 1, "portfolio.component_removed.v1": 1}
    assert imports.facts("attribute_changed")[0]["data"]["from"] == "alpha"


def test_a_line_with_another_content_is_refused_by_its_number(imports: Imports) -> None:
    imports.lines(added(1), added(2, "B"))
    other = imports.lines(added(1), added(2, "B", title="Other"), added(3, "C"))
    assert other.code == 1
    assert "line 2: seq 2 was imported before with another content" in other.sentences
    assert set(imports.projects()) == {"A", "B"}


def test_another_portfolio_or_source_is_another_history(imports: Imports) -> None:
    imports.lines(added(1))
    other = imports.lines(added(1, title="Other"), mapping=JSON_MAPPING.replace('"kep"', '"pep"'))
    assert other.code == 0
    history, mapping = imports.write("a.jsonl", json.dumps(added(1))), imports.write("m.toml", JSON_MAPPING)
    assert imports.run(history, mapping, portfolio="Second").code == 0
    assert len(imports.api.every("/projects")) == 3


def long_history(items: int) -> list[dict[str, Any]]:
    """A history that takes a while: every item is added, then changed."""
    names = [f"I-{number}" for number in range(items)]
    told = [("item.added", name, {"initial": {"stage": "a"}}) for name in names]
    told += [("stage.changed", name, {"field": "stage", "from": "a", "to": "b"}) for name in names]
    return [
        {"seq": seq, "item_id": name, "occurred_at": "2024-01-31", "type": type, "actor": "u-1", **members}
        for seq, (type, name, members) in enumerate(told, start=1)
    ]


def stored(settings: Settings) -> list[dict[str, Any]]:
    """Every imported fact of a store but what is new in every store: ids of facts, and when they were stored."""
    system = open_system(settings)
    documents = [json.loads(stored.document) for stored in system.store.read_documents(0, 10_000)]
    system.close()
    unique = ("event_id", "stored_at")
    return [
        {name: value for name, value in fact.items() if name not in unique}
        for fact in documents
        if not fact["name"].startswith("identity.")
    ]


def test_a_killed_import_is_completed_by_running_it_again(tmp_path: Path) -> None:
    history, mapping = tmp_path / "history.jsonl", tmp_path / "kep.toml"
    history.write_text("".join(json.dumps(each) + "\n" for each in long_history(1_000)))
    mapping.write_text(JSON_MAPPING)
    words = [str(PROGRAM), "import", str(history), "--mapping", str(mapping), "--portfolio", "Kept"]
    killed, undisturbed = (Settings(database_url=f"sqlite:///{tmp_path / name}.db", _env_file=None) for name in "ab")
    for settings in (killed, undisturbed):
        migrate_store(settings)
    environment = {**os.environ, "WHYFOLIO_DATABASE_URL": killed.database_url}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr
        assert process.stderr.readline().startswith(b"Recorded: ")
        process.kill()
    assert 0 < len(stored(killed)) < 3_001
    for settings in (killed, undisturbed):
        environment["WHYFOLIO_DATABASE_URL"] = settings.database_url
        subprocess.run(words, env=environment, check=True, capture_output=True)
    assert len(stored(undisturbed)) == 3_001
    assert stored(killed) == stored(undisturbed)


def test_others_may_change_the_portfolio_meanwhile(imports: Imports) -> None:
    history = imports.write("history.jsonl", "".join(json.dumps(each) + "\n" for each in long_history(400)))
    mapping = read_mapping(imports.write("kep.toml", JSON_MAPPING))
    system, mine = imports.world.system, []

    def decide_something_else(*_: int) -> None:
        system.projector.catch_up()
        portfolio = imports.portfolio()["id"]
        command = {"name": "Mine", "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
        mine.append(imports.api.do("/projects", command))

    checked = Import(system.store, history, Format.JSONL, mapping, new_portfolio("Kept"), system.context.clock())
    checked.record(system.context.new_id, decide_something_else)
    assert len(mine) == 4
    shown = imports.api.every("/projects", portfolio=imports.portfolio()["id"], sort="rank")
    assert [each["rank"] for each in shown] == list(range(1, 405))
    assert sum(each["attributes"] == {"phase": "b"} for each in shown) == 400
    orders = [fact["data"]["order"] for fact in imports.facts("component_added")]
    assert len(set(orders)) == 404
