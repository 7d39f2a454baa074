"""The public samples, imported, answer every question whose answer is known; from the public API alone."""

import csv
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from tests.conftest import Api, Clock, World
from whyfolio.cli.main import app
from whyfolio.settings import Settings
from whyfolio.wiring import migrate_store, open_system

DATA = os.environ.get("WHYFOLIO_PUBLIC_DATA", "")
MAPPINGS = Path(__file__).parents[2] / "samples" / "mappings"
pytestmark = pytest.mark.skipif(not DATA, reason="WHYFOLIO_PUBLIC_DATA names no folder with the public samples")

END = "2026-07-24"
STATES_OF_GIVING_UP = ("withdrawn", "rejected", "replaced", "superseded", "removed")
STAGES = ("alpha", "beta", "stable")
Answer = dict[str, Any]


class Sample:
    """A sample as the API shows it after its import."""

    def __init__(self, api: Api, source: str, report: Answer, answers: Answer) -> None:
        self.api = api
        self.source = source
        self.report = report
        self.answers = answers

    @cached_property
    def facts(self) -> list[Answer]:
        """Every fact of the import, in commit order."""
        found: list[Answer] = []
        while page := self.api.get("/events", after=found[-1]["position"] if found else 0, limit=1000)["items"]:
            found += page
        return [fact for fact in found if fact["actor"].split(":")[0] == self.source]

    def named(self, name: str) -> list[Answer]:
        """The facts of this name."""
        return [fact for fact in self.facts if fact["name"] == name]

    @cached_property
    def key_of(self) -> dict[str, str]:
        """The key of each project by its id."""
        return {fact["stream_id"]: fact["data"]["key"] for fact in self.named("project.drafted.v1")}

    def projects(self, **bounds: str) -> list[Answer]:
        """The projects the portfolio holds."""
        return self.api.every("/projects", portfolio=self.report["portfolio"], sort="key", **bounds)

    def project(self, key: str, **bounds: str) -> Answer:
        """One project within bounds."""
        (found,) = [stream for stream, name in self.key_of.items() if name == key]
        return dict(self.api.get(f"/projects/{found}", **bounds))

    def item_of(self, fact: Answer) -> str:
        """The source's id of what a fact is about."""
        return str(fact["data"]["source"]["item"])

    @cached_property
    def words(self) -> list[tuple[Answer, str | None, str | None]]:
        """Each change of the source's word for the state: the fact, the word before, the word after."""
        found, word = [], {}
        for fact in self.facts:
            data = fact["data"]
            told = data["to"] if data.get("name") == "source_word" else data.get("source_word")
            is_change = fact["name"] == "project.state_recorded.v1" or data.get("name") == "source_word"
            if is_change:
                found.append((fact, word[fact["stream_id"]], told))
            if is_change or fact["name"] == "project.drafted.v1":
                word[fact["stream_id"]] = told
        return found

    def changes(self, name: str) -> list[Answer]:
        """The changes of one field."""
        return [fact for fact in self.named("project.attribute_changed.v1") if fact["data"]["name"] == name]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def plain(text: str) -> str:
    """An instant as the answers write it."""
    return text[:19].replace("T", " ")


def top(counted: Counter[str], count: int, name: str, counts: str = "n") -> list[Answer]:
    """The most frequent, ties by name."""
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{name: key, counts: times} for key, times in ranked[:count]]


# --- kep ------------------------------------------------------------------------------------


def totals(kep: Sample) -> Answer:
    recorded = [fact["recorded_at"] for fact in kep.facts]
    return {
        "events": kep.report["lines"],
        "items": len(kep.named("project.drafted.v1")),
        "status_changes": len(kep.words),
        "first": plain(min(recorded)),
        "last": plain(max(recorded)),
        "actors": len({fact["actor"] for fact in kep.facts}),
    }


def status_counts(kep: Sample) -> Answer:
    dates = ("2019-12-31", "2021-12-31", "2023-12-31", "2025-12-31", END)
    return {date: Counter(project["source_word"] for project in kep.projects(known_at=date)) for date in dates}


def on_dates(kep: Sample, question: str, value: Callable[[Answer], Any]) -> Answer:
    found: Answer = {}
    for key, dates in kep.answers[question].items():
        shown = {date: kep.project(key, known_at=date) for date in dates}
        found[key] = {
            date: "does not exist yet" if project["state"] is None else value(project)
            for date, project in shown.items()
        }
    return found


def given_up(kep: Sample) -> list[Answer]:
    return [
        {
            "item_id": kep.item_of(fact),
            "rec": plain(fact["recorded_at"]),
            "from": before,
            "to": after,
            "reason": fact["rationale"]["text"],
        }
        for fact, before, after in kep.words
        if after in STATES_OF_GIVING_UP
    ]


def moved_back(kep: Sample) -> list[Answer]:
    back = [("implemented", "implementable"), ("implementable", "provisional")]
    moves = [(fact, "status", old, new) for fact, old, new in kep.words if (old, new) in back]
    for fact in kep.changes("phase"):
        old, new = fact["data"]["from"], fact["data"]["to"]
        if old in STAGES and new in STAGES and STAGES.index(new) < STAGES.index(old):
            moves.append((fact, "stage", old, new))
    return [
        {
            "item_id": kep.item_of(fact),
            "rec": plain(fact["recorded_at"]),
            "field": field,
            "from": old,
            "to": new,
            "reason": fact["rationale"]["text"],
        }
        for fact, field, old, new in sorted(moves, key=lambda move: int(move[0]["data"]["source"]["seq"]))
    ]


def release(text: str | None) -> tuple[int, ...] | None:
    """A release such as v1.22 as numbers; v0.0 stands for none."""
    parts = (text or "").removeprefix("v").split(".")
    is_release = len(parts) == 2 and all(part.isdecimal() for part in parts) and parts != ["0", "0"]
    return tuple(map(int, parts)) if is_release else None


def most_replanned(kep: Sample) -> list[Answer]:
    slips = Counter[str]()
    for fact in kep.changes("target"):
        old, new = release(fact["data"]["from"]), release(fact["data"]["to"])
        slips[kep.item_of(fact)] += bool(old and new and new > old)
    return top(slips, 10, "item_id", "slips")


def release_history(kep: Sample) -> list[Answer]:
    return [
        {
            "rec": plain(fact["recorded_at"]),
            "from": fact["data"]["from"],
            "to": fact["data"]["to"],
            "reason": fact["rationale"]["text"],
        }
        for fact in kep.changes("target")
        if kep.item_of(fact) == "KEP-1287"
    ]


def days_to_accept(kep: Sample) -> Answer:
    proposed = {
        fact["stream_id"]: fact["recorded_at"]
        for fact in kep.named("project.drafted.v1")
        if fact["data"]["source_word"] == "provisional"
    }
    accepted: dict[str, str] = {}
    for fact, _, after in kep.words:
        if after == "implementable" and fact["stream_id"] in proposed:
            accepted.setdefault(fact["stream_id"], fact["recorded_at"])
    days = [(moment(at).date() - moment(proposed[stream]).date()).days for stream, at in accepted.items()]
    return {"items": len(days), "median_days": float(median(days)), "max_days": max(days)}


def status_history(kep: Sample) -> list[Answer]:
    drafted = [(fact, None, None) for fact in kep.named("project.drafted.v1")]
    return [
        {
            "recorded_at": plain(fact["recorded_at"]),
            "occurred_at": plain(source_time(fact)),
            "type": "item.added" if fact["name"] == "project.drafted.v1" else "status.changed",
            "from": before,
            "to": after,
            "reason": fact["rationale"]["text"],
        }
        for fact, before, after in [*drafted, *kep.words]
        if kep.item_of(fact) == "KEP-688"
    ]


def source_time(fact: Answer) -> str:
    """When the source says it occurred."""
    return str(fact["data"]["source"].get("source_occurred_at", fact["occurred_at"]))


def removed_items(kep: Sample) -> list[Answer]:
    types = {"portfolio.component_removed.v1": "item.removed", "portfolio.component_restored.v1": "item.restored"}
    return [
        {
            "item_id": kep.item_of(fact),
            "rec": plain(fact["recorded_at"]),
            "type": types[fact["name"]],
            "reason": fact["rationale"]["text"],
        }
        for fact in kep.facts
        if fact["name"] in types
    ]


def late_recorded(kep: Sample) -> Answer:
    late = {}
    for fact in kep.facts:
        delay = moment(fact["recorded_at"]) - moment(source_time(fact))
        if "seq" in fact["data"]["source"] and delay > timedelta(days=30):
            late[fact["data"]["source"]["seq"]] = delay.days
    return {"n": len(late), "max_days": max(late.values())}


def bitemporal(kep: Sample) -> Answer:
    date = "2023-06-15"
    recorded = {project["key"]: project["source_word"] for project in kep.projects(known_at=date)}
    occurred = {project["key"]: project["source_word"] for project in kep.projects(as_of=date)}
    every = sorted({*recorded, *occurred})
    return {key: [recorded.get(key), occurred.get(key)] for key in every if recorded.get(key) != occurred.get(key)}


KEP: dict[str, Callable[[Sample], Any]] = {
    "totals": totals,
    "events_by_type": lambda kep: kep.report["lines_by_type"],
    "status_counts_as_of_end_of_day_utc_by_recorded_at": status_counts,
    "status_of_item_on_date": lambda kep: on_dates(
        kep, "status_of_item_on_date", lambda project: project["source_word"]
    ),
    "stage_of_item_on_date": lambda kep: on_dates(
        kep, "stage_of_item_on_date", lambda project: project["attributes"].get("phase")
    ),
    "status_changes_by_year": lambda kep: Counter(fact["recorded_at"][:4] for fact, _, _ in kep.words),
    "transition_matrix": lambda kep: Counter((before, after) for _, before, after in kep.words),
    "withdrawn_or_rejected_or_replaced": given_up,
    "moved_back (implemented->implementable or implementable->provisional or stage beta/stable -> earlier)": moved_back,
    "most_replanned (target_release moved to a later release)": most_replanned,
    "target_release_history_KEP-1287": release_history,
    f"items_by_department_at_{END}_top10": lambda kep: top(
        Counter(project["attributes"]["department"] for project in kep.projects(known_at=END)), 10, "department"
    ),
    "median_days_from_item_added_to_first_accept": days_to_accept,
    "most_status_changes": lambda kep: top(Counter(kep.item_of(fact) for fact, _, _ in kep.words), 8, "item_id"),
    "full_status_history_of_KEP-688": status_history,
    "target_release_changes_top5": lambda kep: top(Counter(map(kep.item_of, kep.changes("target"))), 5, "item_id"),
    "removed_items": removed_items,
    "late_recorded (recorded_at more than 30 days after occurred_at)": late_recorded,
    "bitemporal: status by recorded_at vs by occurred_at on 2023-06-15 (items that differ)": bitemporal,
    "top_actors_by_status_changes": lambda kep: top(
        Counter(fact["actor"].removeprefix("kep:") for fact, _, _ in kep.words), 5, "actor"
    ),
}


# --- gmpp -----------------------------------------------------------------------------------

PUBLISHED = {
    "start_date": "start_date_raw",
    "end_date": "end_date_raw",
    "fy_baseline_gbp_m": "fy_baseline_raw",
    "fy_forecast_gbp_m": "fy_forecast_raw",
    "whole_life_cost_gbp_m": "whole_life_cost_raw",
}
"""The columns with what was published, by that of the figure or date that could be read from it."""
RETURNS = {2014: "2013-09-30", 2015: "2014-09-30", 2016: "2015-09-30"}


def by_year(gmpp: Sample) -> dict[int, dict[str, Answer]]:
    """The projects of each yearly return by key."""
    return {year: {project["key"]: project for project in gmpp.projects(as_of=at)} for year, at in RETURNS.items()}


def pairs(gmpp: Sample) -> Iterator[tuple[int, Answer, Answer]]:
    """Each project in two returns that follow each other."""
    shown = by_year(gmpp)
    for year in (2015, 2016):
        for key in sorted(shown[year].keys() & shown[year - 1].keys()):
            yield year, shown[year - 1][key], shown[year][key]


def rating(project: Answer) -> str:
    return str(project["health"]["source_word"])


def whole_life_cost(gmpp: Sample) -> list[Answer]:
    found = []
    for year, at in RETURNS.items():
        money = gmpp.api.get(f"/portfolios/{gmpp.report['portfolio']}", as_of=at)["money"]["budget"]
        assert money["currency"] == "GBP"
        millions = round(Decimal(money["amount"]) / 1_000_000, 2)
        found.append({"y": year, "wlc": float(millions), "n": money["of"] - money["missing"]})
    return found


def turned_red(gmpp: Sample) -> list[Answer]:
    return [
        {"y": year, "item_id": now["key"], "project": now["name"], "was": rating(was)}
        for year, was, now in pairs(gmpp)
        if rating(now) == "Red" != rating(was)
    ]


def slips(gmpp: Sample) -> list[Answer]:
    found = []
    for year, was, now in pairs(gmpp):
        old, new = (project["attributes"].get("finish") for project in (was, now))
        if old and new:
            days = (moment(new) - moment(old)).days
            found.append(
                {"y": year, "item_id": now["key"], "project": now["name"], "was": old, "now": new, "slip": days}
            )
    return sorted(found, key=lambda slip: -slip["slip"])[:5]


GMPP: dict[str, Callable[[Sample], Any]] = {
    "rows_items": lambda gmpp: {"n": gmpp.report["lines"], "items": len(gmpp.named("project.drafted.v1"))},
    "rating_counts": lambda gmpp: {
        str(year): Counter(map(rating, projects.values())) for year, projects in by_year(gmpp).items()
    },
    "whole_life_cost_sum_gbp_m": whole_life_cost,
    "turned_Red": turned_red,
    "largest_end_date_slip_days_top5": slips,
}


# --- the comparison -------------------------------------------------------------------------


@contextmanager
def imported(settings: Settings, file: Path, mapping: str) -> Iterator[Sample]:
    """The sample in a system; what it shows is complete."""
    migrate_store(settings)
    source = mapping.removesuffix(".toml")
    words = ["import", str(file), "--mapping", str(MAPPINGS / mapping), "--portfolio", source, "--json"]
    names = ("database_url", "kafka_servers", "kafka_topic")
    environment = {f"WHYFOLIO_{name.upper()}": value for name in names if (value := getattr(settings, name))}
    result = CliRunner().invoke(app, words, env=environment)
    assert result.exit_code == 0, result.stderr
    with closing(open_system(settings)) as system, TestClient(create_app(system.context)) as client:
        system.catch_up()
        api = World(system, client, Clock(datetime.now(UTC))).person("ada")
        answers = json.loads((file.parent / "answers.json").read_text())
        yield Sample(api, source, json.loads(result.stdout), answers)


@pytest.fixture(scope="module")
def kep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The change log of enhancement proposals."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kep') / 'whyfolio.db'}"
    settings = Settings(database_url=url, _env_file=None)
    with imported(settings, Path(DATA) / "kep-history" / "kep_events.jsonl", "kep.toml") as sample:
        yield sample


@pytest.fixture(scope="module")
def gmpp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The yearly returns of government projects."""
    file = Path(DATA) / "gmpp-2014-2016" / "gmpp_2014_2016.csv"
    url = f"sqlite:///{tmp_path_factory.mktemp('gmpp') / 'whyfolio.db'}"
    with imported(Settings(database_url=url, _env_file=None), file, "gmpp.toml") as sample:
        yield sample


@pytest.mark.parametrize("question", KEP)
def test_what_is_known_of_the_proposals(kep: Sample, question: str) -> None:
    found, expected = KEP[question](kep), kep.answers[question]
    if question == "transition_matrix":
        expected = {(before, after): count for before, after, count in expected}
    assert found == expected


@pytest.mark.parametrize("question", GMPP)
def test_what_is_known_of_the_government_projects(gmpp: Sample, question: str) -> None:
    assert GMPP[question](gmpp) == gmpp.answers[question]


def test_no_question_is_left_out(kep: Sample, gmpp: Sample) -> None:
    assert set(KEP) == set(kep.answers)
    assert set(GMPP) == set(gmpp.answers)


def test_misspelled_words_are_reported(kep: Sample) -> None:
    choice = "provisional|implementable|implemented|deferred|rejected|withdrawn|replaced"
    assert kep.report["unknown_words"] == {
        "implementeable": 3,
        "pending": 2,
        "implemented (alpha)": 2,
        "implemented (beta)": 2,
        "impementable": 1,
        "imlpemented": 1,
        "alpha": 1,
        "removed": 1,
        choice: 1,
    }


def test_each_red_rating_has_the_reason_of_its_department(gmpp: Sample) -> None:
    reds = [fact for fact in gmpp.named("project.status_reported.v1") if fact["data"]["source_word"] == "Red"]
    assert len(reds) == 18
    assert all(len(fact["rationale"]["text"].split()) > 3 for fact in reds)


def returned() -> list[dict[str, str]]:
    """The yearly returns as they are in the file, each with its line."""
    with (Path(DATA) / "gmpp-2014-2016" / "gmpp_2014_2016.csv").open(newline="") as file:
        reader, found, line = csv.DictReader(file), [], 2
        for row in reader:
            found.append({**row, "line": str(line)})
            line = reader.line_num + 1
    return found


def published(row: dict[str, str]) -> Decimal | None:
    """The whole-life cost of a row in pounds."""
    cost = row["whole_life_cost_gbp_m"]
    return Decimal(cost) * 1_000_000 if cost else None


def pounds(money: Answer | None) -> Decimal | None:
    """An amount of an answer."""
    return Decimal(money["amount"]) if money else None


def test_the_page_says_how_many_whole_life_costs_its_sums_have(gmpp: Sample) -> None:
    client = gmpp.api.client
    form = {"key": gmpp.api.key, "next": "/decisions"}
    assert client.post("/sign-in", data=form, follow_redirects=False).status_code == 303
    page = client.get("/", params={"portfolio": gmpp.report["portfolio"], "as_of": RETURNS[2014]}).text
    told = re.sub(r"<[^>]+>", "", page)
    assert told.count("183 of 199 have one") == 2, "budget and forecast"
    assert "none of 199 has one" in told, "actual"


def test_what_was_withheld_is_reported_by_row_and_kept_as_text(gmpp: Sample) -> None:
    withheld = [
        {"line": int(row["line"]), "field": field, "value": row[raw]}
        for row in returned()
        for field, raw in PUBLISHED.items()
        if row[raw].strip() and not row[field].strip()
    ]
    assert len(withheld) == 107
    by_place = itemgetter("line", "field")
    assert sorted(gmpp.report["unreadable"], key=by_place) == sorted(withheld, key=by_place)
    shown = {project["key"]: project for project in gmpp.projects(as_of=RETURNS[2014])}
    for row in returned():
        if row["as_at"] == RETURNS[2014] and not row["whole_life_cost_gbp_m"]:
            project = shown[row["item_id"]]
            assert (project["budget"], project["forecast"]) == (None, None)
            assert project["attributes"]["whole_life_cost_gbp_m"] == row["whole_life_cost_raw"]


def test_the_commentary_of_each_return_is_the_text_of_a_status_update(gmpp: Sample) -> None:
    reports = {
        (gmpp.item_of(fact), fact["occurred_at"][:10]): fact for fact in gmpp.named("project.status_reported.v1")
    }
    assert len(reports) == 530
    for row in returned():
        report = reports[row["item_id"], row["as_at"]]
        assert (report["data"]["text"] or "") == row["rating_commentary"].strip(), row["line"]


def test_a_change_of_date_or_cost_has_the_reason_of_its_own_commentary(gmpp: Sample) -> None:
    why = {(row["item_id"], row["as_at"]): row for row in returned()}
    columns = {"finish": "schedule_commentary", "budget": "whole_life_cost_commentary"}
    for name, column in columns.items():
        for fact in gmpp.changes(name):
            row = why[gmpp.item_of(fact), fact["occurred_at"][:10]]
            assert (fact["rationale"] or {"text": ""})["text"] == row[column].strip()


def test_every_project_is_held_to_its_first_return(gmpp: Sample) -> None:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in returned():
        rows[row["item_id"]].append(row)
    captured = gmpp.named("project.baseline_captured.v1")
    assert {gmpp.item_of(fact) for fact in captured} == set(rows)
    assert len(captured) == len(rows)
    some = sorted(rows)[::7]
    for item in some:
        first, last = rows[item][0], rows[item][-1]
        (project,) = [stream for stream, key in gmpp.key_of.items() if key == item]
        told = gmpp.api.get(f"/projects/{project}/baselines")
        (baseline,) = told["baselines"]
        assert (baseline["number"], baseline["at"][:10]) == (0, first["as_at"])
        dates = (first["start_date"] or None, first["end_date"] or None)
        assert (baseline["starts_on"], baseline["finishes_on"]) == dates
        assert pounds(baseline["cost"]) == published(first)
        assert told["expected"]["finishes_on"] == (last["end_date"] or None)
        slip = None
        if first["end_date"] and last["end_date"]:
            slip = (moment(last["end_date"]) - moment(first["end_date"])).days
        assert baseline["variance"]["finish_days"] == slip
        before, after = published(first), published(last)
        grown = None if before is None or after is None else after - before
        assert pounds(baseline["variance"]["cost"]) == grown


def test_every_sum_of_the_government_projects_says_how_many_values_it_has(gmpp: Sample) -> None:
    costs: dict[str, list[str]] = defaultdict(list)
    for row in returned():
        costs[row["as_at"]].append(row["whole_life_cost_gbp_m"])
    held, said = f"/portfolios/{gmpp.report['portfolio']}", {}
    for at, column in costs.items():
        known = [Decimal(cost) * 1_000_000 for cost in column if cost]
        whole, accounts = gmpp.api.get(held, as_of=at)["money"], gmpp.api.get(f"{held}/money", as_of=at)
        assert accounts["totals"] == whole
        budget = whole["budget"]
        assert (Decimal(budget["amount"]), budget["of"]) == (sum(known), len(column))
        assert whole["forecast"] == budget
        assert all(whole[figure]["missing"] == len(column) for figure in ("actual", "committed"))
        assert (accounts["months"], budget["of"] - budget["missing"]) == ([], len(known))
        said[at] = f"{budget['of'] - budget['missing']} of {budget['of']}"
    assert said == {"2013-09-30": "183 of 199", "2014-09-30": "174 of 188", "2015-09-30": "134 of 143"}
