"""What comes with the product to try it with."""

import re
from pathlib import Path

import pytest

from tests.imports.conftest import Imports
from workers.imports.mapping import read_mapping

ROOT = Path(__file__).parents[2]
MAPPINGS = sorted((ROOT / "samples" / "mappings").glob("*.toml"))


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_every_sample_mapping_is_sound(path: Path) -> None:
    assert read_mapping(path).source == path.stem


def test_the_list_of_todays_projects_is_taken_in_whole(imports: Imports) -> None:
    taken = imports.run(ROOT / "samples" / "today.csv", ROOT / "samples" / "mappings" / "today.toml", portfolio="Today")
    assert (taken.code, taken.report["lines"], taken.report["unreadable"]) == (0, 10, [])
    shown = imports.projects()
    assert len(shown) == 10
    assert all(project["name"] and project["owner"] for project in shown.values())
    sso = shown["P-06"]
    assert (sso["state"], sso["health"]["declared"], sso["budget"]["amount"]) == ("active", "off_track", "45000.00")


def test_the_example_of_the_handbook_does_what_it_says(imports: Imports) -> None:
    handbook = (ROOT / "docs" / "import.md").read_text()
    blocks = {form: re.findall(rf"```{form}\n(.*?)```", handbook, re.DOTALL) for form in ("toml", "json", "csv")}
    history = imports.write("history.jsonl", blocks["json"][0])
    taken = imports.run(history, imports.write("log.toml", blocks["toml"][0]), portfolio="Log")
    assert (taken.code, imports.project("T-7")["state"]) == (0, "active")
    returns = imports.write("returns.csv", blocks["csv"][0])
    taken = imports.run(returns, imports.write("returns.toml", blocks["toml"][1]), portfolio="Returns")
    assert (taken.code, set(imports.projects(portfolio=imports.portfolio("Returns")["id"]))) == (0, {"A"})
