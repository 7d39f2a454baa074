"""JSON lines become facts, and the facts what anybody sees.

How a line is understood is tested on one database; that each takes in what was understood, with the samples.
"""

import pytest

from tests.imports.conftest import JSON_MAPPING, Imports, added, changed, line

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def test_an_added_item_is_a_project_with_its_first_values(imports: Imports) -> None:
    taken = imports.lines(
        added(1, title="Shop", status="provisional", owners=["u-1", "u-2"], stage="alpha", cost="12.5", size=3)
    )
    assert taken.code == 0
    shown = imports.project("A")
    assert (shown["name"], shown["owner"], shown["state"], shown["source_word"]) == (
        "Shop",
        "u-1, u-2",
        "submitted",
        "provisional",
    )
    assert shown["budget"] == {"amount": "12500.00", "currency": "GBP"}
    assert shown["attributes"] == {"phase": "alpha", "size": 3}
    assert [fact["name"] for fact in imports.facts()] == [
        "portfolio.created.v1",
        "project.drafted.v1",
        "portfolio.component_added.v1",
    ]


def test_the_portfolio_begins_with_the_first_line(imports: Imports) -> None:
    imports.lines(added(3), added(4, "B"))
    created, *_ = imports.facts()
    assert created["data"]["name"] == "Kept"
    assert created["data"]["currency"] == "GBP"
    assert (created["occurred_at"], created["recorded_at"]) == ("2024-01-03T10:00:00Z", "2024-01-03T12:00:00Z")
    assert [imports.project(key)["rank"] for key in "AB"] == [1, 2]


def test_the_first_record_is_told_on_the_clock_that_keeps_it_out(imports: Imports) -> None:
    imports.lines(added(3))

    def first(**bounds: str) -> str | None:
        return imports.api.get("/projects", **bounds).get("first_fact_at")

    occurred, recorded = "2024-01-03T10:00:00Z", "2024-01-03T12:00:00Z"
    assert first(as_of="2024-01-01") == occurred
    assert first(known_at="2024-01-01") == recorded
    assert first(as_of="2024-01-01", known_at="2024-01-01") == recorded
    assert first(as_of="2024-01-03T11:00:00Z", known_at="2024-01-03T11:00:00Z") == recorded
    assert first(as_of="2024-01-01", known_at="2024-01-04") == occurred
    assert first(at=0) == occurred


def test_a_portfolio_of_that_name_is_used(imports: Imports) -> None:
    mine = imports.api.do("/portfolios", {"name": "Kept", "currency": "GBP"})["id"]
    taken = imports.lines(added(1))
    assert taken.report["portfolio"] == mine
    assert imports.project("A")["portfolios"] == [mine]
    assert len(imports.facts("portfolio.created")) == 1


def test_a_fact_tells_who_when_and_why_as_the_source_does(imports: Imports) -> None:
    imports.lines(added(1), changed(2, "stage", None, "beta", reason="n/a", note="see there", pr=7))
    fact = imports.facts("attribute_changed")[0]
    assert (fact["actor"], fact["role"]) == ("kep:u-1", "integration")
    assert (fact["occurred_at"], fact["recorded_at"]) == ("2024-01-02T10:00:00Z", "2024-01-02T12:00:00Z")
    assert fact["stored_at"] > "2026"
    assert (fact["rationale"]["code"], fact["rationale"]["text"]) == ("imported", "n/a")
    assert fact["data"]["source"] == {"item": "A", "seq": 2, "line": 2, "note": "see there", "pr": 7}
    portfolio = imports.portfolio()["id"]
    assert fact["correlation_id"] == f"import:{portfolio}:kep:2"


def test_only_a_decision_has_a_reason_where_the_source_gives_none(imports: Imports) -> None:
    imports.lines(line(1, "item.added", initial={}, reason=None), changed(2, "stage", None, "beta", reason=" "))
    reasons = {fact["name"]: fact["rationale"] for fact in imports.facts()}
    assert reasons["portfolio.component_added.v1"]["text"] == "The source gives no reason."
    assert reasons["project.drafted.v1"] is None
    assert reasons["project.attribute_changed.v1"] is None


def test_views_of_the_past_know_when_it_happened_and_when_it_was_recorded(imports: Imports) -> None:
    late = changed(3, "stage", "alpha", "beta", occurred_at="2024-01-02T08:00:00Z")
    imports.lines(added(1, stage="alpha"), late)
    assert imports.project("A", as_of="2024-01-02")["attributes"] == {"phase": "beta"}
    assert imports.project("A", known_at="2024-01-02")["attributes"] == {"phase": "alpha"}


@pytest.mark.parametrize(
    ("field", "old", "new", "name", "was", "shown"),
    [
        ("stage", "alpha", "beta", "phase", "alpha", "beta"),
        ("colour", "red", ["red", "blue"], "colour", "red", ["red", "blue"]),
        ("owners", ["u-1"], ["u-1", "u-2"], "owner", "u-1", "u-1, u-2"),
        ("due", "2024-05-01", "2024-06-01T09:00:00Z", "finish", "2024-05-01", "2024-06-01"),
        (
            "cost",
            1,
            None,
            "budget",
            {"amount": "1000.00", "currency": "GBP"},
            None,
        ),
    ],
)
def test_a_changed_field_changes_what_is_shown(
    imports: Imports, field: str, old: object, new: object, name: str, was: object, shown: object
) -> None:
    imports.lines(added(1, **{field: old}), changed(2, field, old, new))
    (fact,) = imports.facts("attribute_changed")
    assert (fact["data"]["name"], fact["data"]["from"], fact["data"]["to"]) == (name, was, shown)
    answer = imports.project("A")
    assert (answer[name] if name in answer else answer["attributes"][name]) == shown


def test_a_state_that_is_no_row_of_the_lifecycle_is_recorded_and_marked(imports: Imports) -> None:
    taken = imports.lines(
        added(1, status="implementable"),
        changed(2, "status", "implementable", "implemented"),
        changed(3, "status", "implemented", "implementable"),
    )
    there, back = imports.facts("state_recorded")
    assert (there["data"]["from"], there["data"]["to"], there["data"]["irregular"]) == ("active", "completed", False)
    assert (back["data"]["from"], back["data"]["to"], back["data"]["irregular"]) == ("completed", "active", True)
    assert back["data"]["source_word"] == "implementable"
    assert taken.report["irregular"] == 1


def test_the_first_state_a_source_gives_is_never_irregular(imports: Imports) -> None:
    taken = imports.lines(added(1), changed(2, "status", None, "implemented"))
    assert imports.project("A", known_at="2024-01-01")["state"] == "draft"
    assert imports.facts("state_recorded")[0]["data"]["irregular"] is False
    assert taken.report["irregular"] == 0


def test_another_word_for_the_same_state_is_no_transition(imports: Imports) -> None:
    imports.lines(added(1, status="implementable"), changed(2, "status", "implementable", "ready"))
    assert imports.facts("state_recorded") == []
    (fact,) = imports.facts("attribute_changed")
    assert (fact["data"]["name"], fact["data"]["from"], fact["data"]["to"]) == ("source_word", "implementable", "ready")
    shown = imports.project("A")
    assert (shown["state"], shown["source_word"]) == ("active", "ready")
    assert shown["state_since"] == "2024-01-01T10:00:00Z"


def test_unknown_words_are_mapped_and_reported_if_the_mapping_says_so(imports: Imports) -> None:
    mapping = JSON_MAPPING.replace('field = "status"', 'field = "status"\nunknown = "map"\nunknown_to = "draft"')
    taken = imports.lines(
        added(1, status="implementeable"),
        added(2, "B", status="implementeable"),
        changed(3, "status", "implementeable", "??"),
        mapping=mapping,
    )
    assert taken.report["unknown_words"] == {"implementeable": 2, "??": 1}
    shown = imports.project("A")
    assert (shown["state"], shown["source_word"]) == ("draft", "??")


def test_a_removed_item_leaves_the_lists_and_still_answers(imports: Imports) -> None:
    imports.lines(added(1), added(2, "B"), line(3, "item.removed"))
    assert set(imports.projects()) == {"B"}
    assert set(imports.projects(known_at="2024-01-02")) == {"A", "B"}
    assert imports.portfolio()["components"] == 1
    removed = imports.facts("component_removed")[0]["data"]["component"]
    assert imports.api.get(f"/projects/{removed}")["removed"] is True


def test_a_restored_item_is_back_at_its_place(imports: Imports) -> None:
    imports.lines(added(1), added(2, "B"), line(3, "item.removed"), line(4, "item.restored"))
    assert [imports.project(key)["rank"] for key in "AB"] == [1, 2]
    assert imports.project("A")["removed"] is False


def test_a_change_cannot_have_occurred_before_what_it_changed(imports: Imports) -> None:
    taken = imports.lines(
        added(1, stage="alpha"),
        changed(3, "stage", "alpha", "beta"),
        changed(4, "stage", "beta", "stable", occurred_at="2024-01-02T00:00:00Z"),
        changed(5, "size", None, 1, occurred_at="2023-12-31"),
    )
    stages = imports.facts("attribute_changed")
    assert [fact["occurred_at"][:10] for fact in stages] == ["2024-01-03", "2024-01-03", "2024-01-01"]
    assert stages[1]["data"]["source"]["source_occurred_at"] == "2024-01-02T00:00:00Z"
    assert taken.report["raised_times"] == 2
    assert imports.project("A")["attributes"]["phase"] == "stable"


def test_membership_is_raised_like_a_field(imports: Imports) -> None:
    taken = imports.lines(
        added(2), line(3, "item.removed", occurred_at="2024-01-01"), line(4, "item.restored", occurred_at="2024-01-01")
    )
    assert taken.report["raised_times"] == 2
    assert set(imports.projects()) == {"A"}
    assert {fact["occurred_at"] for fact in imports.facts("component_")} == {"2024-01-02T10:00:00Z"}


def test_a_change_of_something_else_than_was_said_keeps_its_time(imports: Imports) -> None:
    taken = imports.lines(
        added(2, stage="alpha"), changed(3, "stage", "gamma", "beta", occurred_at="2024-01-01T00:00:00Z")
    )
    (fact,) = imports.facts("attribute_changed")
    assert fact["occurred_at"] == "2024-01-01T00:00:00Z"
    assert fact["data"]["source"]["source_from"] == "gamma"
    assert taken.report["raised_times"] == 0


def test_renumbering_is_a_change_of_the_number(imports: Imports) -> None:
    imports.lines(
        added(1, number="32"),
        line(2, "item.renumbered", **{"from": "32", "to": "783"}),
        mapping=JSON_MAPPING.replace('title = "name"', 'number = "key"'),
    )
    assert set(imports.projects(known_at="2024-01-01")) == {"32"}
    assert set(imports.projects()) == {"783"}


def test_what_is_no_number_or_date_is_kept_as_text_and_reported(imports: Imports) -> None:
    taken = imports.lines(
        added(1, cost="Exempt", due="31/05/2024"),
        changed(2, "cost", "Exempt", "2.00005"),
        changed(3, "cost", "2", "tbc"),
    )
    assert taken.report["unreadable"] == [
        {"line": 1, "field": "cost", "value": "Exempt"},
        {"line": 1, "field": "due", "value": "31/05/2024"},
        {"line": 3, "field": "cost", "value": "tbc"},
    ]
    first, second, third = (imports.project("A", known_at=f"2024-01-0{day}") for day in (1, 2, 3))
    assert first["budget"] is None
    assert first["attributes"] == {"cost": "Exempt", "due": "31/05/2024"}
    assert second["budget"] == {"amount": "2000.05", "currency": "GBP"}
    assert second["attributes"]["cost"] is None
    assert third["budget"] is None
    assert third["attributes"]["cost"] == "tbc"
    assert imports.portfolio()["money"]["budget"]["missing"] == 1


def test_a_field_called_like_a_member_of_the_project_does_not_become_it(imports: Imports) -> None:
    imports.lines(added(1, kind="Software", budget="much", owner="u-9"), changed(2, "budget", "much", "more"))
    shown = imports.project("A")
    assert (shown["kind"], shown["budget"], shown["owner"]) == ("project", None, None)
    assert shown["attributes"] == {"kep:budget": "more", "kep:kind": "Software", "kep:owner": "u-9"}


def test_an_ignored_field_makes_no_fact_but_its_line_is_done(imports: Imports) -> None:
    lines = [added(1, noise=1), changed(2, "noise", 1, 2)]
    assert imports.lines(*lines).report["facts"].keys() == {
        "portfolio.created.v1",
        "project.drafted.v1",
        "portfolio.component_added.v1",
    }
    assert imports.project("A")["attributes"] == {}
    assert imports.lines(*lines).report["skipped"] == 2


def test_each_change_of_health_is_a_report(imports: Imports) -> None:
    imports.lines(added(1, light="green"), changed(2, "light", "green", "red"), changed(3, "light", "red", None))
    assert [fact["data"]["overall"] for fact in imports.facts("status_reported")] == [
        "on_track",
        "off_track",
        "no_update",
    ]
    health = imports.project("A", known_at="2024-01-02")["health"]
    assert (health["declared"], health["source_word"]) == ("off_track", "red")


def test_without_a_recorded_time_the_time_it_occurred_is_taken(imports: Imports) -> None:
    imports.lines(line(1, "item.added", initial={}, recorded_at=None, occurred_at="2024-01-01"))
    assert {fact["recorded_at"] for fact in imports.facts()} == {"2024-01-01T00:00:00Z"}


def test_the_reason_of_a_field_may_stand_elsewhere_in_the_line(imports: Imports) -> None:
    mapping = JSON_MAPPING + '[reasons]\n"status" = "note"\n'
    imports.lines(
        added(1, status="provisional"),
        changed(2, "status", "provisional", "implementable", note="The board said yes"),
        mapping=mapping,
    )
    assert imports.facts("state_recorded")[0]["rationale"]["text"] == "The board said yes"
