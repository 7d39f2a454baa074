"""CSV: what differs from the item's row before becomes facts."""

import pytest

from tests.imports.conftest import CSV_MAPPING, Imports

HEADER = "id,as_at,by,why,project,rating,commentary,cost,end,size\n"
FIRST = HEADER + "A,2013-09-30,ann,Begun,Tunnel,Green,All is well,5,2020-01-31,3\n"
REMOVING = CSV_MAPPING + '[snapshot]\nabsent = "remove"\n'


def test_the_first_row_of_an_item_is_a_project(imports: Imports) -> None:
    taken = imports.csv(FIRST)
    shown = imports.project("A")
    assert (shown["name"], shown["state"], shown["source_word"]) == ("Tunnel", "active", None)
    assert shown["budget"] == {"amount": "5.00", "currency": "GBP"}
    assert shown["attributes"] == {"commentary": "All is well", "finish": "2020-01-31", "size": "3"}
    assert taken.report["lines_by_type"] == {"snapshot": 1}
    drafted = imports.facts("drafted")[0]
    assert (drafted["actor"], drafted["rationale"]["text"]) == ("gmpp:ann", "Begun")
    assert drafted["occurred_at"] == drafted["recorded_at"] == "2013-09-30T00:00:00Z"
    assert drafted["data"]["source"] == {"item": "A", "seq": 1, "line": 2}


def test_only_what_differs_from_the_row_before_is_a_change(imports: Imports) -> None:
    imports.csv(FIRST + "A,2014-09-30,ann,Replanned,Tunnel,Green,All is well,6,2020-01-31,3\n")
    (fact,) = imports.facts("attribute_changed")
    assert (fact["data"]["name"], fact["rationale"]["text"]) == ("budget", "Replanned")
    assert imports.project("A", as_of="2014-09-29")["budget"]["amount"] == "5.00"


def test_every_row_with_a_health_is_a_report_with_its_own_reason(imports: Imports) -> None:
    imports.csv(FIRST + "A,2014-09-30,ann,,Tunnel,Green,Still well,5,2020-01-31,3\n")
    reports = imports.facts("status_reported")
    assert [report["data"]["source_word"] for report in reports] == ["Green", "Green"]
    assert [report["rationale"]["text"] for report in reports] == ["All is well", "Still well"]
    assert imports.project("A")["health"]["reported_at"] == "2014-09-30T00:00:00Z"


def test_a_health_that_is_taken_back_is_no_longer_green(imports: Imports) -> None:
    imports.csv(FIRST + "A,2014-09-30,ann,,Tunnel,,,5,2020-01-31,3\n" + "A,2015-09-30,ann,,Tunnel,,,5,2020-01-31,3\n")
    assert len(imports.facts("status_reported")) == 2
    assert imports.project("A")["health"]["declared"] == "no_update"


def test_an_empty_cell_is_missing_and_never_zero(imports: Imports) -> None:
    imports.csv(FIRST + "A,2014-09-30,ann,,Tunnel,Green,All is well,,,\n" + "B,2014-09-30,ann,,Road,Green,,0,,\n")
    shown = imports.project("A")
    assert shown["budget"] is None
    assert shown["attributes"]["finish"] is None
    assert shown["attributes"]["size"] is None
    assert imports.project("B")["budget"]["amount"] == "0.00"
    money = imports.portfolio()["money"]["budget"]
    assert (money["amount"], money["of"], money["missing"]) == ("0.00", 2, 1)


def test_an_item_missing_from_the_next_snapshot_is_removed_then_and_may_come_back(imports: Imports) -> None:
    text = FIRST + "".join(
        f"{item},{year}-09-30,,,{item},Green,,1,,\n"
        for year, items in ((2013, "BC"), (2014, "AC"), (2015, "ABC"))
        for item in items
    )
    taken = imports.csv(text, REMOVING)
    assert set(imports.projects(as_of="2014-09-29")) == {"A", "B", "C"}
    assert set(imports.projects(as_of="2014-09-30")) == {"A", "C"}
    assert set(imports.projects(as_of="2015-09-30")) == {"A", "B", "C"}
    (removed,) = imports.facts("component_removed")
    assert removed["rationale"]["text"] == "Missing from the snapshot of 2014-09-30; the source gives no reason."
    assert len(imports.facts("component_restored")) == 1
    assert taken.report["lines"] == 8


def test_an_absent_item_stays_if_the_mapping_does_not_say_remove(imports: Imports) -> None:
    imports.csv(FIRST + "B,2014-09-30,,,Road,Green,,1,,\n")
    assert set(imports.projects()) == {"A", "B"}


def test_a_snapshot_that_was_cut_off_is_mended_by_the_whole_file(imports: Imports) -> None:
    text = FIRST + "B,2013-09-30,,,Road,Green,,1,,\n" + "A,2014-09-30,,,Tunnel,Green,,1,,\n"
    imports.csv(text, REMOVING)
    assert set(imports.projects()) == {"A"}
    whole = text + "B,2014-09-30,,,Road,Red,,2,,\n"
    imports.csv(whole, REMOVING)
    assert set(imports.projects()) == {"A", "B"}
    assert imports.project("B")["health"]["source_word"] == "Red"
    again = imports.csv(whole, REMOVING).report
    assert (again["facts"], again["skipped"]) == ({}, 4)


def test_snapshots_go_forward_in_time_where_absence_counts(imports: Imports) -> None:
    taken = imports.csv(FIRST + "B,2012-09-30,,,Road,Green,,1,,\n", REMOVING)
    assert taken.code == 1
    assert "line 3: dated 2012-09-30, before the row before it" in taken.sentences
    assert imports.facts() == []


def test_a_row_dated_before_the_one_it_changes_is_raised(imports: Imports) -> None:
    taken = imports.csv(FIRST + "A,2012-09-30,ann,,Tunnel,Red,,5,2020-01-31,3\n")
    report = imports.facts("status_reported")[-1]
    assert report["occurred_at"] == "2013-09-30T00:00:00Z"
    assert report["data"]["source"]["source_occurred_at"] == "2012-09-30T00:00:00Z"
    assert taken.report["raised_times"] == 1


def test_marks_line_ends_and_quoted_new_lines_are_read_as_they_are_meant(imports: Imports) -> None:
    text = FIRST.replace("All is well", '"All is\nwell, ""really"""') + "\n" + "B,2013-09-30,,,Road,Green,,x,,\n"
    taken = imports.csv(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert taken.report["unreadable"] == [{"line": 5, "field": "cost", "value": "x"}]
    first, second = imports.facts("drafted")
    assert (first["data"]["source"]["seq"], first["data"]["source"]["line"]) == (1, 2)
    assert (second["data"]["source"]["seq"], second["data"]["source"]["line"]) == (2, 5)
    assert imports.project("A")["attributes"]["commentary"] == 'All is\r\nwell, "really"'


def test_a_recorded_time_may_have_its_column(imports: Imports) -> None:
    mapping = CSV_MAPPING.replace('actor = "by"', 'recorded_at = "by"')
    imports.csv(FIRST.replace(",ann,", ",2013-10-15T09:00:00+02:00,"), mapping)
    assert imports.facts("drafted")[0]["recorded_at"] == "2013-10-15T07:00:00Z"
    assert imports.facts("drafted")[0]["actor"] == "gmpp"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no header that can be read: it is empty"),
        (HEADER.replace("rating", "rag"), "has no column 'rating', which the mapping names"),
        (HEADER.replace("size", "cost"), "'cost'"),
        (HEADER.encode() + b"A,2013-09-30,,,\xe4,Green,,1,,\n", "is not UTF-8: line 2 holds the byte 0xe4"),
        ((HEADER + "A,2013-09-30").encode("utf-16"), "is not UTF-8: line 1"),
        (FIRST + "B,2013-09-30,,\n", "line 3: expected 10 cells, as in the header; got 4"),
        (FIRST + "B,30/09/2013,,,,,,,,\n", "line 3: as_at: expected a date such as 2026-03-31"),
        (FIRST + "B,2013-02-30,,,,,,,,\n", "line 3: as_at: expected a date such as 2026-03-31"),
        (FIRST + " ,2013-09-30,,,,,,,,\n", "line 3: id: expected the id of the item; got ' '"),
        (FIRST + "B,2013-09-30,,,,Blue,,,,\n", "line 3: rating: the mapping does not know the word 'Blue'"),
        (FIRST + 'B,2013-09-30,"a"b,,,,,,,\n' + "C,2013-09-30,,,,,,,,\n", "line 3: this is not CSV"),
        (FIRST + 'B,2013-09-30,"a,,,,,,,\n', "line 3: this is not CSV"),
        (FIRST + "B,2999-09-30,,,,,,,,\n", "line 3: occurred_at: 2999-09-30T00:00:00Z is in the future"),
        (FIRST + f"B,2013-09-30,,,{'x' * 401},,,,,\n", "line 3: project: expected at most 400 characters"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_recorded(
    imports: Imports, text: str | bytes, sentence: str
) -> None:
    taken = imports.csv(text)
    assert taken.code == 1
    assert sentence in taken.sentences
    assert "Traceback" not in taken.sentences
    assert imports.facts() == []


def test_the_readable_rest_is_recorded_on_demand(imports: Imports) -> None:
    text = FIRST + "B,soon,,,Road,Green,,1,,\n" + "C,2013-09-30,,,Bridge,Green,,1,,\n"
    taken = imports.csv(text, options=("--skip-refused",))
    assert taken.code == 1
    assert "the other lines were recorded" in taken.sentences
    assert [refusal["line"] for refusal in taken.report["refused"]] == [3]
    assert set(imports.projects()) == {"A", "C"}
    mended = imports.csv(text.replace("soon", "2013-09-30"))
    assert (mended.code, mended.report["skipped"]) == (0, 2)
    assert set(imports.projects()) == {"A", "B", "C"}


def test_nothing_is_concluded_from_absence_while_a_row_cannot_be_read(imports: Imports) -> None:
    text = FIRST + "B,2014-09-30,,,Road,Green,,1,,\n" + "A,soon,,,Tunnel,Green,,1,,\n"
    imports.csv(text, REMOVING, ("--skip-refused",))
    assert set(imports.projects()) == {"A", "B"}
