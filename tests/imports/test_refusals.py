"""What is wrong is said in a sentence, and then nothing is recorded."""

import pytest

from tests.imports.conftest import CSV_MAPPING, JSON_MAPPING, Imports, added, changed, line

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""What is refused never reaches the store, whichever it is."""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[state]", "[stats]", "[stats] is not known; expected one of source, columns, state, health, fields"),
        ('field = "status"', 'feild = "status"', "[state] feild is not known; expected one of field, unknown"),
        ('field = "status"', "", "[state] field is missing"),
        ('= "submitted"', '= "proposed"', "[state.words] provisional expected one of draft, submitted, "),
        ('= "submitted"', '= "proposed"', "; got 'proposed'"),
        ('red = "off_track"', 'red = "bad"', "[health.words] red expected one of on_track, at_risk, "),
        ('"name"', '"names"', "[fields] title expected one of name, key, owner, "),
        ('stage = "phase"', 'stage = "name"', "two fields are mapped to name"),
        ('fields = ["noise"]', 'fields = ["stage"]', "the field stage has two meanings"),
        ('currency = "GBP"', 'currency = "pound"', "[money] currency expected a currency code of ISO 4217"),
        ('scale = "1000"', 'scale = "many"', "[money] scale expected what one unit of the source is worth"),
        ('source = "kep"', 'source = "K E P"', "source expected a short name of small letters"),
        ('[money]\ncurrency = "GBP"\nscale = "1000"', "", "budget and forecast need [money]"),
        ('field = "status"', 'field = "status"\nunknown = "guess"', "[state] unknown expected one of refuse, map"),
        ('field = "status"', 'field = "status"\nunknown = "map"', 'unknown = "map" and unknown_to'),
        ("[state]", "[state", "is not TOML"),
        ("[ignore]", '[defaults]\nstate = "alive"\n[ignore]', "[defaults] state expected one of draft"),
        ("[ignore]", '[snapshot]\nabsent = "drop"\n[ignore]', "[snapshot] absent expected one of keep, remove"),
    ],
)
def test_a_wrong_mapping_is_named_with_what_was_expected(imports: Imports, old: str, new: str, sentence: str) -> None:
    assert old in JSON_MAPPING
    taken = imports.lines(added(1), mapping=JSON_MAPPING.replace(old, new))
    assert taken.code == 1
    assert sentence in taken.sentences
    assert taken.sentences.count("\n") == 1
    assert imports.facts() == []


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ('{"seq": 2, "item_id":', "this is not JSON"),
        ("[1, 2]", "expected a JSON object"),
        ('{"seq": 2, "item_id": "A", "type": "x", "occurred_at": NaN}', "this is not JSON"),
        ({**line(2, "item.removed"), "seq": "two"}, "seq: expected a valid integer; got 'two'"),
        ({**line(2, "item.removed"), "seq": 1}, "seq 1 stands behind seq 1; it has to grow"),
        ({"seq": 2, "type": "item.removed"}, "item_id: is missing; occurred_at: is missing"),
        (line(2, "item.removed", occurred_at="yesterday"), "occurred_at: expected a date such as 2026-03-31"),
        (line(2, "item.removed", occurred_at="2024-01-02T10:00:00"), "occurred_at: expected a date such as"),
        (line(2, "item.removed", occurred_at="2999-01-01"), "occurred_at: 2999-01-01T00:00:00Z is in the future"),
        (line(2, "item.removed", recorded_at="2023-01-01"), "recorded_at: 2023-01-01T00:00:00Z is before that of an"),
        (changed(2, "a\0b", None, 1), "field: expected one line without control characters"),
        (line(2, "item.lost"), "type: expected one of item.added, item.removed, item.restored, item.renumbered, "),
        (line(2, "item.added"), "initial: expected an object with the first values"),
        (added(2), "A was added by an earlier line"),
        (line(2, "item.restored"), "A was not removed by an earlier line"),
        (line(2, "item.removed", "Z"), "no earlier line added Z"),
        (line(2, "stage.changed"), "to: is missing"),
        ({**changed(2, "stage", None, "x"), "field": "size"}, "field: expected 'stage', as the type says; got 'size'"),
        (changed(2, "status", None, "retired"), "status: the mapping does not know the word 'retired'"),
        (changed(2, "light", None, "blue"), "light: the mapping does not know the word 'blue'; it knows green, red"),
        (changed(2, "title", None, "x" * 401), "title: expected at most 400 characters"),
        (changed(2, "stage", None, "x", reason="\0 x"), "expected text without the NUL character"),
    ],
)
def test_a_broken_line_in_the_middle_is_named(imports: Imports, bad: str, sentence: str) -> None:
    taken = imports.lines(added(1), bad, added(3, "B"))
    assert taken.code == 1
    assert [refusal["line"] for refusal in taken.report["refused"]] == [2]
    assert taken.sentences.startswith("line 2: ")
    assert sentence in taken.sentences
    assert "1 of 3 lines were refused; nothing was recorded." in taken.sentences
    assert taken.report["facts"] == {}
    assert imports.facts() == []


def test_the_other_lines_are_recorded_on_demand(imports: Imports) -> None:
    taken = imports.lines(added(1), "{", added(3, "B"), options=("--skip-refused",))
    assert taken.code == 1
    assert "the other lines were recorded" in taken.sentences
    assert set(imports.projects()) == {"A", "B"}


def test_a_line_in_another_encoding_is_named(imports: Imports) -> None:
    history = imports.write("history.jsonl", '{"seq": 1, "title": "Brücke"}'.encode("latin-1"))
    taken = imports.run(history, imports.write("kep.toml", JSON_MAPPING))
    assert "line 1: this is not UTF-8: byte 24 is 0xfc" in taken.sentences


def test_a_missing_file_is_a_sentence(imports: Imports) -> None:
    there = imports.write("kep.toml", JSON_MAPPING)
    for history, mapping in ((imports.folder / "no.jsonl", there), (there, imports.folder / "no.toml")):
        taken = imports.run(history, mapping, "--format", "jsonl")
        assert taken.code == 1
        assert "cannot be read: No such file or directory" in taken.sentences


def test_an_ending_that_tells_no_format_needs_the_option(imports: Imports) -> None:
    history, mapping = imports.write("history.txt", ""), imports.write("kep.toml", JSON_MAPPING)
    assert "give --format jsonl or --format csv" in imports.run(history, mapping).sentences
    assert imports.run(history, mapping, "--format", "jsonl").code == 0
    assert imports.run(history, mapping, "--format", "xml").code == 2


def test_a_csv_file_needs_columns_in_its_mapping(imports: Imports) -> None:
    mapping = CSV_MAPPING[: CSV_MAPPING.index("[columns]")] + CSV_MAPPING[CSV_MAPPING.index("[health]") :]
    assert "needs [columns] in its mapping" in imports.csv("id,as_at\n", mapping).sentences


def test_a_portfolio_that_counts_in_another_currency_refuses(imports: Imports) -> None:
    imports.api.do("/portfolios", {"name": "Kept", "currency": "EUR"})
    taken = imports.lines(added(1))
    assert "Kept counts in EUR, the mapping in GBP" in taken.sentences
    assert len(imports.facts()) == 1


def test_a_name_that_is_not_unique_refuses(imports: Imports) -> None:
    ids = [imports.api.do("/portfolios", {"name": "Kept", "currency": "GBP"})["id"] for _ in range(2)]
    taken = imports.lines(added(1))
    assert all(portfolio in taken.sentences for portfolio in ids)
    assert imports.facts("drafted") == []


def test_a_portfolio_needs_a_name(imports: Imports) -> None:
    history, mapping = imports.write("history.jsonl", ""), imports.write("kep.toml", JSON_MAPPING)
    taken = imports.run(history, mapping, portfolio=" ")
    assert (taken.code, taken.sentences) == (1, "--portfolio: expected a name of at most 400 characters; got ' '\n")


def test_a_dry_run_reports_everything_and_records_nothing(imports: Imports) -> None:
    lines = [added(1, status="implemented"), changed(2, "status", "implemented", "implementable")]
    dry = imports.lines(*lines, options=("--dry-run",))
    assert imports.facts() == []
    assert dry.code == 0
    assert dry.report == imports.lines(*lines).report
    assert sum(dry.report["facts"].values()) == len(imports.facts()) == 4
