"""What else a mapping can say: a field is several things, another column stands in, the first values are a baseline."""

from typing import Any

import pytest

from tests.imports.conftest import CSV_MAPPING, JSON_MAPPING, Imports, added, changed

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""Mappings never reach the store, whichever it is."""

HEADER = "id,as_at,by,why,project,rating,commentary,cost,end,size\n"
BOTH = CSV_MAPPING.replace('cost = "budget"', 'cost = ["budget", "forecast"]\nsize = "amount"')
HELD = BOTH + '[baseline]\nstate = "active"\n'
BESIDE = BOTH + '[fallback]\ncost = "why"\nend = "by"\n'


def row(year: int, cost: str, end: str = "2020-01-31", *, why: str = "", by: str = "", size: str = "") -> str:
    return f"A,{year}-09-30,{by},{why},Tunnel,Green,All is well,{cost},{end},{size}\n"


def gbp(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def baselines(imports: Imports, key: str = "A") -> list[dict[str, Any]]:
    """The baselines of a project."""
    project = imports.projects()[key]["id"]
    return list(imports.api.get(f"/projects/{project}/baselines")["baselines"])


def test_one_field_may_be_several_things(imports: Imports) -> None:
    imports.csv(HEADER + row(2013, "5", size="7"), BOTH)
    shown = imports.project("A")
    assert (shown["budget"], shown["forecast"], shown["attributes"]["size"]) == (gbp("5.00"), gbp("5.00"), gbp("7.00"))
    assert "cost" not in shown["attributes"]


def test_what_cannot_be_read_is_none_of_them_and_reported_once(imports: Imports) -> None:
    taken = imports.csv(HEADER + row(2013, "Exempt", size="TBC"), BOTH)
    shown = imports.project("A")
    assert (shown["budget"], shown["forecast"]) == (None, None)
    assert (shown["attributes"]["cost"], shown["attributes"]["size"]) == ("Exempt", "TBC")
    assert taken.report["unreadable"] == [
        {"line": 2, "field": "cost", "value": "Exempt"},
        {"line": 2, "field": "size", "value": "TBC"},
    ]


def test_what_is_withheld_later_is_known_no_longer(imports: Imports) -> None:
    imports.csv(HEADER + row(2013, "5") + row(2014, "Exempt"), BOTH)
    shown = imports.project("A")
    assert (shown["budget"], shown["forecast"], shown["attributes"]["cost"]) == (None, None, "Exempt")
    before = imports.project("A", as_of="2013-09-30")
    assert (before["budget"], before["attributes"].get("cost")) == (gbp("5.00"), None)


def test_another_column_stands_in_for_an_empty_one(imports: Imports) -> None:
    text = HEADER + row(2013, "", "", why="Exempt", by="2021-01-31") + row(2014, "6", why="no matter", by="nor this")
    taken = imports.csv(text, BESIDE)
    assert taken.report["unreadable"] == [{"line": 2, "field": "cost", "value": "Exempt"}]
    before = imports.project("A", as_of="2013-09-30")
    assert (before["budget"], before["attributes"]["cost"], before["attributes"]["finish"]) == (
        None,
        "Exempt",
        "2021-01-31",
    )
    after = imports.project("A")
    assert (after["budget"], after["attributes"]["cost"], after["attributes"]["finish"]) == (
        gbp("6.00"),
        None,
        "2020-01-31",
    )


def test_the_first_values_are_the_baseline_and_later_ones_what_is_expected(imports: Imports) -> None:
    taken = imports.csv(HEADER + row(2013, "5", why="Begun") + row(2014, "6", "2020-03-01"), HELD)
    assert taken.report["facts"]["project.baseline_captured.v1"] == 1
    (baseline,) = baselines(imports)
    assert (baseline["number"], baseline["finishes_on"], baseline["cost"]) == (0, "2020-01-31", gbp("5.00"))
    assert (baseline["text"], baseline["by"], baseline["at"]) == ("Begun", "gmpp", "2013-09-30T00:00:00Z")
    variance = baseline["variance"]
    assert (variance["start_days"], variance["finish_days"]) == (None, 30)
    assert (variance["cost"], variance["cost_percent"]) == (gbp("1.00"), "20.00")
    (fact,) = imports.facts("baseline_captured")
    assert fact["data"]["source"] == {"item": "A", "seq": 1, "line": 2}


def test_what_the_source_withholds_is_no_part_of_the_baseline(imports: Imports) -> None:
    imports.csv(HEADER + row(2013, "Exempt", "No end date") + row(2014, "6"), HELD)
    (baseline,) = baselines(imports)
    assert (baseline["finishes_on"], baseline["cost"]) == (None, None)
    assert set(baseline["variance"].values()) == {None}


def test_a_change_log_captures_it_when_work_begins_and_only_then(imports: Imports) -> None:
    mapping = JSON_MAPPING + '[baseline]\nstate = "active"\n'
    lines = [
        added(1, title="Shop", status="provisional", due="2024-06-30", cost=1),
        changed(2, "due", "2024-06-30", "2024-07-31"),
        changed(3, "status", "provisional", "implementable"),
        changed(4, "due", "2024-07-31", "2024-08-31"),
        changed(5, "status", "implementable", "provisional"),
        changed(6, "status", "provisional", "implementable"),
    ]
    imports.lines(*lines[:2], mapping=mapping)
    assert baselines(imports) == []
    imports.lines(*lines, mapping=mapping)
    (baseline,) = baselines(imports)
    assert (baseline["finishes_on"], baseline["cost"], baseline["at"]) == (
        "2024-07-31",
        gbp("1000.00"),
        "2024-01-03T10:00:00Z",
    )


def test_without_a_table_for_it_there_is_no_baseline(imports: Imports) -> None:
    imports.csv(HEADER + row(2013, "5"))
    assert baselines(imports) == []
    assert imports.facts("baseline") == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('["budget", "forecast"]', '["budget", "cost"]', "[fields] cost expected one of name, key, owner, "),
        ('["budget", "forecast"]', "[]", "[fields] cost expected one of name, key, owner, "),
        ('["budget", "forecast"]', '["budget", "name"]', "two fields are mapped to name"),
        ('state = "active"\n[money]', 'state = "active"\n[fallback]\ncost = "raw"\n[money]', "has no column 'raw'"),
        ('[money]\ncurrency = "GBP"', "", "need [money] with a currency, as does amount"),
        ('[baseline]\nstate = "active"', '[baseline]\nstate = "begun"', "[baseline] state expected one of draft"),
    ],
)
def test_a_wrong_mapping_is_named(imports: Imports, old: str, new: str, sentence: str) -> None:
    assert old in HELD
    taken = imports.csv(HEADER + row(2013, "5"), HELD.replace(old, new))
    assert taken.code == 1
    assert sentence in taken.sentences
    assert imports.facts() == []
