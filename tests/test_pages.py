"""The pages as they leave the server: what they say, refuse, escape and link to."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from api.dashboard.entry import local
from api.dashboard.screen import HERE
from api.identity import SESSION_COOKIE
from domain.identity.words import Role
from store.people import csrf_token
from tests.conftest import WHY, Api, World
from whyfolio.settings import Settings

MONEY = {"amount": "100.00", "currency": "GBP"}
CAPACITY = {"code": "capacity", "text": "Two engineers leave and cannot be replaced"}


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """One database is enough: the queries behind the pages are tested on every one."""
    return Settings(database_url=sqlite_url, _env_file=None)


class Visitor:
    """Somebody with a browser's cookies."""

    def __init__(self, world: World, person: Api) -> None:
        self.client = world.client
        self.api = person
        self.client.cookies.clear()

    def sign_in(self, key: str | None = None, **headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        form = {"key": key or self.api.key, "next": "/decisions"}
        return self.client.post("/sign-in", data=form, headers=given, follow_redirects=False)

    def get(self, path: str, **headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=given, follow_redirects=False)

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page, after everything that was written shows."""
        if self.api.token:
            self.api.get("/portfolios")
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"].startswith("text/html")
        return answer.text


@pytest.fixture
def visitor(world: World, ada: Api) -> Visitor:
    found = Visitor(world, ada)
    assert found.sign_in().status_code == 303
    return found


def begin(api: Api, portfolio: str, name: str, **more: Any) -> str:
    body = {"name": name, "sponsor": "sales", "portfolio": portfolio, "rationale": WHY, **more}
    return api.do("/projects", body)["id"]


def start(ada: Api, bob: Api, project: str, budget: dict[str, str] = MONEY) -> None:
    cost = {"cost_low": budget, "cost_high": budget}
    ada.do(f"/projects/{project}/submit", {"problem": "No shop", "expected_benefit": "Sales", **cost})
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    bob.do(f"/projects/{project}/authorize", {"budget": budget, "rationale": WHY})
    ada.do(f"/projects/{project}/activate", {"owner": "carol", "starts_on": "2026-03-02"})


def report(api: Api, project: str, overall: str) -> None:
    body = {"overall": overall, "text": "The ground is contaminated", "path_to_green": "A second supplier"}
    api.do(f"/projects/{project}/status-updates", body)


def text_of(page: str) -> str:
    """What a person reads of a page, blanks made one."""
    main = page.split("<main", 1)[1].split("</main>")[0].split(">", 1)[1]
    return " ".join(unescape(re.sub(r"<[^>]*>", "", main)).split())


def words_of(page: str) -> str:
    """What a page says, cell by cell."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def portfolio(ada: Api, bob: Api) -> str:
    """Six projects: two off track, one on track, one paused, one silent, one that waits for a decision."""
    held = ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"]
    shop, tram, ferry, depot, till, idea = (
        begin(ada, held, name) for name in ("Shop", "Tram", "Ferry", "Depot", "Till", "Idea")
    )
    for project in (shop, tram, ferry, depot, till):
        start(ada, bob, project)
    for project, health in ((shop, "off_track"), (tram, "off_track"), (ferry, "on_track"), (depot, "on_track")):
        report(ada, project, health)
    pause = {"expected_resume": "unknown", "allocations": "keep"}
    ada.do(f"/projects/{depot}/pause", {**pause, "rationale": {"code": "budget_freeze", "text": "No money yet"}})
    cost = {"cost_low": MONEY, "cost_high": MONEY}
    ada.do(f"/projects/{idea}/submit", {"problem": "No till", "expected_benefit": "Sales", **cost})
    return held


def test_first_sight_is_a_sentence_of_what_is_known(visitor: Visitor, portfolio: str) -> None:
    sentence = "2 of 5 live projects are off track, 2 not reported; 1 on hold; 1 decision waits."
    assert sentence in text_of(visitor.page("/"))


def test_a_portfolio_where_nobody_reported_is_not_green(visitor: Visitor, ada: Api) -> None:
    held = ada.do("/portfolios", {"name": "Digital"})["id"]
    begin(ada, held, "Shop")
    shown = text_of(visitor.page("/"))
    assert "None of 1 live projects has reported its health" in shown
    assert "Budget – none of 1 has one" in shown


@pytest.mark.parametrize("also", [False, True], ids=["one portfolio", "several portfolios"])
def test_every_number_opens_the_rows_that_make_it(visitor: Visitor, ada: Api, portfolio: str, also: bool) -> None:
    if also:
        other = ada.do("/portfolios", {"name": "Buildings", "currency": "EUR"})["id"]
        begin(ada, other, "Roof")
        shared = ada.get("/projects", q="Shop")["items"][0]["id"]
        ada.do(f"/portfolios/{other}/add-component", {"component": shared, "rationale": WHY})
    page = visitor.page("/")
    figures = page[page.index('<p class="lead">') : page.index('id="projects"')]
    links = re.findall(r'<a href="(/\?[^"#]*)#projects">([\d,]+)', figures)
    assert len(links) > 10
    for target, number in links:
        rows = visitor.page(unescape(target)).split('id="projects"')[1]
        assert rows.count('<th scope="row">') == int(number), target


def test_a_paused_project_counts_apart_and_its_health_is_not_coloured(visitor: Visitor, portfolio: str) -> None:
    page = visitor.page("/?q=Depot")
    assert '<span class="health settled">last reported: on track</span>' in page


def test_off_track_comes_first_when_sorted_by_health(visitor: Visitor, portfolio: str) -> None:
    page = visitor.page("/?sort=severity")
    healths = re.findall(r'<td><span class="health (\w+)', page)
    assert healths[:2] == ["off_track", "off_track"]
    assert healths.index("no_update") < healths.index("on_track")
    assert 'aria-sort="ascending"' in page


def test_what_people_write_is_never_markup(visitor: Visitor, ada: Api) -> None:
    nasty = "<script>alert(1)</script>"
    held = ada.do("/portfolios", {"name": nasty, "currency": "GBP"})["id"]
    why = {**WHY, "text": f"{nasty} and a reason", "evidence": [{"title": nasty, "url": "https://example.org/\"'>"}]}
    project = begin(ada, held, nasty, owner=nasty, key=nasty, rationale=why)
    for path in ("/", f"/projects/{project}", "/decisions", "/?q=" + nasty, "/decisions?q=" + nasty, "/people"):
        page = visitor.page(path)
        assert "<script>alert" not in page, path
        assert "onerror" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in visitor.page("/")


def test_a_page_asks_who_it_is_and_comes_back(world: World, ada: Api) -> None:
    visitor = Visitor(world, ada)
    asked = visitor.get("/decisions?q=why&as_of=2026-01-01")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=%2Fdecisions%3Fq%3Dwhy%26as_of%3D2026-01-01"
    assert visitor.get("/").headers["location"] == "/sign-in"


def test_a_session_is_kept_by_a_strict_cookie_no_script_reads(world: World, ada: Api) -> None:
    visitor = Visitor(world, ada)
    answer = visitor.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/decisions")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert ada.key not in cookie
    visitor.client.base_url = "https://testserver"
    assert "Secure" in visitor.sign_in().headers["set-cookie"]


@pytest.mark.parametrize("key", ["", "wf_x", "nonsense", "wf_00000000000070008000000000000000_x", "ü"])
def test_a_wrong_key_gets_a_sentence(world: World, ada: Api, key: str) -> None:
    answer = Visitor(world, ada).sign_in(key or " ")
    assert answer.status_code == 401
    assert "No valid key" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\tevil", "evil", "", "/%0d%0a\r\nx: y", None],
)
def test_signing_in_never_leads_away(target: str | None) -> None:
    assert local(target) == "/"


def test_signing_in_leads_back_into_the_site() -> None:
    assert local("/decisions?q=a%20b&as_of=2026-01-01") == "/decisions?q=a%20b&as_of=2026-01-01"


def test_another_site_cannot_sign_somebody_in(world: World, ada: Api) -> None:
    visitor = Visitor(world, ada)
    assert visitor.sign_in(sec_fetch_site="cross-site").status_code == 403
    assert visitor.sign_in(origin="https://evil.example").status_code == 403
    assert visitor.sign_in(origin="http://testserver").status_code == 303


def test_a_link_from_elsewhere_arrives_with_the_session(world: World, ada: Api) -> None:
    """The strict cookie does not come along from another site; the page asks itself once more."""
    visitor = Visitor(world, ada)
    answer = visitor.get("/decisions?q=a", sec_fetch_site="cross-site")
    assert answer.status_code == 200
    assert 'content="0;url=/decisions?q=a"' in answer.text
    assert visitor.get("/decisions?q=a", sec_fetch_site="same-origin").status_code == 303


def test_signing_out_needs_the_token_of_the_page(visitor: Visitor) -> None:
    for form in ({}, {"csrf": "wrong"}, {"csrf": "ü"}):
        answer = visitor.client.post("/sign-out", data=form, follow_redirects=False)
        assert answer.status_code == 403
        assert "Not allowed" in answer.text
    token = csrf_token(visitor.client.cookies[SESSION_COOKIE])
    assert f'value="{token}"' in visitor.page("/")
    answer = visitor.client.post("/sign-out", data={"csrf": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert visitor.get("/").status_code == 303


def test_a_session_does_not_outlive_its_key(world: World, visitor: Visitor) -> None:
    key = world.system.context.people.holder(visitor.api.key)
    assert key
    world.system.context.people.revoke_key(key[0])
    assert visitor.get("/").status_code == 303


def test_a_key_without_a_role_is_told_so(world: World, ada: Api) -> None:
    person = world.system.context.people.person_called("nobody")
    key = world.system.context.people.create_key(person)
    visitor = Visitor(world, Api(world.client, key.key, str(person)))
    visitor.sign_in()
    assert "This needs any role" in visitor.page("/", 403)


def test_only_what_is_in_scope_is_shown(world: World, ada: Api, portfolio: str) -> None:
    other = ada.do("/portfolios", {"name": "Secret"})["id"]
    hidden = begin(ada, other, "Hidden project")
    ada.get("/portfolios")
    guest = Visitor(world, world.person("eve", Role.EXECUTIVE, portfolio=portfolio))
    guest.sign_in()
    for path in ("/", "/decisions", "/people"):
        shown = guest.page(path)
        assert "Hidden" not in shown
        assert "Secret" not in shown
    guest.page(f"/projects/{hidden}", 404)
    guest.page(f"/?portfolio={other}", 404)


def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_programs(visitor: Visitor) -> None:
    for path in ("/nothing", "/projects/0190a1b2-0000-7000-8000-000000000000", "/projects/x"):
        assert "Nothing is here" in visitor.page(path, 404)
    for path in ("/api/v1/nothing", "/static/nothing.css"):
        assert visitor.get(path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("as_of=2099-01-01", "2099-01-01 is in the future; it is 2 Mar 2026, 09:00 now."),
        ("as_of=yesterday", "Expected a date such as 2026-03-31"),
        ("at=99999999", "Position 99999999 is past the head"),
        ("state=asleep", "state: expected one of live, waiting, draft"),
        ("colour=red", "Colour: not a parameter here"),
    ],
)
def test_what_cannot_be_shown_is_a_sentence(visitor: Visitor, portfolio: str, query: str, sentence: str) -> None:
    shown = text_of(visitor.page(f"/?{query}", 422))
    assert sentence.casefold() in shown.casefold()
    assert "<main" not in shown


def test_forms_work_as_they_are(visitor: Visitor) -> None:
    answer = visitor.get("/?q=&state=live&as_of=2026-03-01&known_at=then")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?state=live&as_of=2026-03-01&known_at=2026-03-01"
    assert visitor.get("/?as_of=2026-03-01&known_at=").headers["location"] == "/?as_of=2026-03-01"


def test_the_past_is_shown_as_known_then_or_as_corrected_since(
    world: World, visitor: Visitor, ada: Api, portfolio: str
) -> None:
    world.clock.now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    visitor.sign_in()
    rows = ada.get("/projects", q="Shop")["items"]
    body = {"portfolio": portfolio, "to_rank": 5, "rationale": CAPACITY, "occurred_at": "2026-03-10T09:00:00Z"}
    ada.do(f"/projects/{rows[0]['id']}/reprioritize", body)
    then = visitor.page("/?q=Shop&as_of=2026-03-31&known_at=2026-03-31")
    assert "You see <strong>31 Mar 2026 (UTC)</strong>, as known then" in then
    assert '<td class="n rank">1</td>' in then
    since = visitor.page("/?q=Shop&as_of=2026-03-31")
    assert "</strong>, as corrected since" in since
    assert '<td class="n rank">5</td>' in since
    kept = [unescape(link) for link in re.findall(r'<th scope="row"><a href="([^"]*)"', then)]
    assert kept
    assert all("as_of=2026-03-31&known_at=2026-03-31" in link for link in kept)
    assert "data-live>back to live" in then


def test_before_anything_was_recorded_the_page_says_since_when(visitor: Visitor, portfolio: str) -> None:
    shown = text_of(visitor.page("/?as_of=2020-01-01"))
    assert "Nothing had been recorded on that date; the first record is 2 Mar 2026." in shown
    project = visitor.api.get("/projects")["items"][0]["id"]
    assert "Nothing had been recorded on that date" in text_of(visitor.page(f"/projects/{project}?as_of=2020-01-01"))


def test_a_permalink_shows_the_same_for_ever(world: World, visitor: Visitor, ada: Api, portfolio: str) -> None:
    def permalink(page: str) -> str:
        found = re.search(r'href="([^"]*)" data-copy', page)
        assert found
        return unescape(found[1])

    asked = "/decisions?q=deprioritized+this+quarter+because+of+capacity"
    project = ada.get("/projects", q="Tram")["items"][0]["id"]
    ada.do(f"/projects/{project}/reprioritize", {"portfolio": portfolio, "to_rank": 5, "rationale": CAPACITY})
    page = visitor.page(asked)
    link = permalink(page)
    assert re.search(r"at=\d+", link)
    before = text_of(page)
    world.clock.now += timedelta(days=200)
    ada.do(f"/projects/{project}/reprioritize", {"portfolio": portfolio, "to_rank": 1, "rationale": CAPACITY})
    visitor.sign_in()
    assert "No decision was found" in text_of(visitor.page(asked))
    assert text_of(visitor.page(link)) == before
    assert permalink(visitor.page("/")).startswith("/?at=")


def test_a_question_shows_how_it_was_understood(visitor: Visitor, ada: Api, portfolio: str) -> None:
    project = ada.get("/projects", q="Tram")["items"][0]["id"]
    ada.do(f"/projects/{project}/reprioritize", {"portfolio": portfolio, "to_rank": 5, "rationale": CAPACITY})
    shown = text_of(visitor.page("/decisions?q=deprioritized+this+quarter+because+of+capacity"))
    assert "Understood as: words: deprioritized, capacity; period: 1 Jan – 31 Mar 2026" in shown
    assert "Two engineers leave and cannot be replaced" in shown
    assert "1 decision" in shown


def test_a_superseded_decision_leads_to_the_later_one(visitor: Visitor, ada: Api, portfolio: str) -> None:
    project = ada.get("/projects", q="Tram")["items"][0]["id"]
    ada.do(f"/projects/{project}/reprioritize", {"portfolio": portfolio, "to_rank": 5, "rationale": CAPACITY})
    old = ada.get("/decisions", fact="deprioritized")["items"][0]["event_id"]
    again = {"code": "value_reassessed", "text": "The engineers stay after all", "supersedes": old}
    ada.do(f"/projects/{project}/reprioritize", {"portfolio": portfolio, "to_rank": 1, "rationale": again})
    new = ada.get("/decisions", fact="reprioritized")["items"][0]["event_id"]
    page = visitor.page(f"/projects/{project}")
    assert f'<article class="decision superseded" id="d-{old}"' in page
    assert f'<a href="#d-{new}">a later decision</a>' in page
    assert f'id="d-{new}"' in page


def test_an_empty_store_offers_three_ways_to_begin(visitor: Visitor) -> None:
    shown = text_of(visitor.page("/"))
    for way in ("make demo", "whyfolio import", "/api/v1/portfolios"):
        assert way in shown


def test_with_several_portfolios_all_are_shown_and_one_can_be_chosen(
    visitor: Visitor, ada: Api, portfolio: str
) -> None:
    ada.do("/portfolios", {"name": "Buildings", "currency": "EUR"})
    assert "2 of 5 live projects are off track" in text_of(visitor.page("/"))
    chosen = visitor.page(f"/?portfolio={portfolio}")
    assert "live projects are off track" in text_of(chosen)
    assert "Buildings" in chosen


def test_two_hundred_rows_stay_light(visitor: Visitor, ada: Api) -> None:
    held = ada.do("/portfolios", {"name": "Large", "currency": "GBP"})["id"]
    for number in range(205):
        why = {**WHY, "text": f"Asked for in round {number} by region {number * 7919 % 97}, ahead of all others"}
        begin(ada, held, f"Project {number * 104729 % 9973}", owner=f"Owner {number % 31}", rationale=why)
    page = visitor.page("/")
    assert page.count('<th scope="row">') == 200
    assert len(gzip.compress(page.encode(), 5)) < 25_000
    assert "1–200 shown" in page
    following = re.search(r'href="([^"]*)" rel="next"', page)
    assert following
    assert visitor.page(unescape(following[1])).count('<th scope="row">') == 5
    assert visitor.page("/?limit=1000").count('<th scope="row">') == 205


def test_scripts_and_styles_are_ours_and_small(visitor: Visitor) -> None:
    files = [file for file in (HERE / "static").iterdir() if file.name != "docs.js"]
    assert sum(len(gzip.compress(file.read_bytes(), 5)) for file in files) < 60_000
    page = visitor.page("/")
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert "'unsafe-inline'" not in visitor.get("/").headers["content-security-policy"]


def test_pages_are_never_kept_by_a_cache(visitor: Visitor) -> None:
    assert visitor.get("/").headers["cache-control"] == "no-store"


def test_the_pages_tell_plan_against_actual_and_leave_nothing_missing_out(ada: Api, visitor: Visitor) -> None:
    portfolio = ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"]
    program = begin(ada, portfolio, "Waterfront", kind="program")
    quay, crane = (begin(ada, portfolio, name, parent=program) for name in ("Quay", "Crane"))
    plan = [{"month": "2026-03", "category": name, "money": {**MONEY, "amount": "70.50"}} for name in ("capex", "opex")]
    ada.do(f"/projects/{quay}/set-forecast", {"lines": plan})
    ada.do(f"/projects/{quay}/record-actuals", {"lines": plan[:1]})
    ada.do(f"/projects/{crane}/record-actuals", {"lines": plan[:1]})
    page = words_of(visitor.page(f"/projects/{quay}"))
    assert "2026-03 GBP 141 GBP 70.50 1 of 2 – –" in page
    assert "2026-03 opex GBP 70.50 – –" in page
    assert "Forecast GBP 141 1 of 2 components have one" in words_of(visitor.page(f"/projects/{program}"))
    assert "2026-03 GBP 141 2 of 3 GBP 141 2 of 3 – –" in words_of(visitor.page("/"))
    assert "none of 3 has one" in words_of(visitor.page("/"))
    assert "Waterfront" not in words_of(visitor.page("/?having=actual")).split("Projects", 1)[1]
    money = {"lines": [{**plan[0], "money": {**MONEY, "amount": "900.00"}}], "rationale": CAPACITY}
    ada.do(f"/portfolios/{portfolio}/set-policy", {"money_threshold": MONEY, "rationale": CAPACITY})
    ada.do(f"/projects/{quay}/set-forecast", money)
    assert "GBP 970.50 above GBP 100" in words_of(visitor.page(f"/projects/{quay}"))
