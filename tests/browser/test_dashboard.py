"""What a portfolio manager does with the dashboard, in a real browser."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched
from tests.conftest import Api, World
from tests.test_analyses import EXAMPLES, keep


def test_signing_in_leads_to_the_page_that_was_asked_for(watched: Watched, ada: Api, portfolio: str) -> None:
    page = watched.page
    page.goto("/decisions?q=capacity")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Your key").fill(ada.key)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{watched.base}/decisions?q=capacity")
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_be_visible()


def test_a_wrong_key_gets_a_sentence(watched: Watched, ada: Api) -> None:
    page = watched.sign_in("wf_wrong_key")
    expect(page.get_by_role("alert")).to_contain_text("No valid key")
    expect(page.get_by_label("Your key")).to_have_attribute("aria-invalid", "true")
    watched.errors = [error for error in watched.errors if "401" not in error]


def test_no_script_reads_the_session(page: Page) -> None:
    assert page.evaluate("document.cookie") == ""
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_the_portfolio_at_a_glance(page: Page) -> None:
    expect(page.locator(".lead")).to_have_text(
        re.compile(r"1 of 4 live projects is off track, 1 at risk, 1 not reported;\s+1 on hold;\s+no decision waits")
    )
    expect(page.get_by_role("region", name="Money")).to_contain_text("4 of 5 have one, 1 missing")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(3)).to_contain_text("■ off track")
    expect(rows.nth(3)).to_contain_text("Knows the interface best of all")


def test_a_number_opens_its_rows_and_the_filter_can_be_cleared(page: Page) -> None:
    page.locator(".lead .off_track a").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("State", exact=True)).to_have_value("live")
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(5)


def test_projects_are_found_sorted_and_filtered(page: Page) -> None:
    page.get_by_label("Name or key").fill("ct-103")
    page.keyboard.press("Enter")
    expect(page.locator("tbody th")).to_have_text(["Ferry booking CT-103"])
    page.get_by_label("Name or key").fill("")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Health").click()
    expect(page.locator("tbody tr").first).to_contain_text("off track")


def test_a_project_tells_its_why(page: Page) -> None:
    page.get_by_role("link", name="Ticket shop").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ticket shop")
    expect(page.locator(".how")).to_contain_text("■ off track")
    expect(page.locator(".how")).to_contain_text("The survey found contaminated ground")
    expect(page.get_by_role("row", name=re.compile("Nadia"))).to_contain_text("60 %")
    down = page.get_by_role("article").filter(has_text="Deprioritized")
    expect(down).to_contain_text("Two engineers leave in June")
    expect(down).to_contain_text("rank 1 → 4")
    expect(down).to_contain_text("by ada as portfolio manager")
    expect(down.get_by_role("link", name="Capacity plan")).to_have_attribute("href", "https://example.org/plan")
    page.get_by_role("link", name="Oldest first").click()
    expect(page.get_by_role("article").first).to_contain_text("Drafted")
    history = page.get_by_role("region", name="Everything that happened")
    expect(history.locator("tbody tr").first).to_contain_text("Drafted")
    expect(history).to_contain_text("Status reported")


def test_what_was_known_then_opens_the_moment_of_a_decision(page: Page) -> None:
    page.get_by_role("link", name="Ticket shop").click()
    down = page.get_by_role("article").filter(has_text="Deprioritized")
    down.get_by_role("link", name="what was known then").click()
    expect(page.locator(".past")).to_contain_text("up to position")
    expect(page.locator(".standing")).to_contain_text("rank 1")


def test_a_question_in_plain_words_finds_the_decision(page: Page) -> None:
    page.get_by_role("link", name="Decisions", exact=True).click()
    page.get_by_role("searchbox").fill("deprioritized this quarter because of capacity")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".understood")).to_have_text(
        "Understood as: words: deprioritized, capacity; period: 1 Apr – 30 Jun 2026"
    )
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text("Two engineers leave in June")
    page.get_by_role("article").get_by_role("link", name="Ticket shop").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ticket shop")


def test_a_date_shows_the_past_until_back_to_live(page: Page, watched: Watched) -> None:
    page.get_by_text("Live: choose a date").click()
    page.get_by_label("See everything as of the end of").fill("2026-03-31")
    page.get_by_role("button", name="Show that day").click()
    expect(page).to_have_url(f"{watched.base}/?as_of=2026-03-31&known_at=2026-03-31")
    banner = page.locator(".past")
    expect(banner).to_contain_text("You see 31 Mar 2026 (UTC), as known then")
    expect(page.locator("tbody tr").first).to_contain_text("Ticket shop")
    page.get_by_role("link", name="Ticket shop").click()
    expect(page).to_have_url(re.compile(r"as_of=2026-03-31&known_at=2026-03-31"))
    expect(page.locator("#why")).not_to_contain_text("Deprioritized")
    banner.get_by_role("link", name="as corrected since").click()
    expect(banner).to_contain_text("as corrected since")
    banner.get_by_role("link", name="back to live").click()
    expect(banner).to_have_count(0)
    expect(page.locator("#why")).to_contain_text("Deprioritized")


def test_the_permalink_is_copied(page: Page, watched: Watched) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Copy permalink").click()
    expect(page.locator(".said")).to_contain_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{watched.base}/\?at=\d+", copied)
    page.goto(copied)
    expect(page.locator(".past")).to_contain_text("the record up to position")


def test_keys_open_rows_search_and_help_and_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Tram line")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tram line")
    page.go_back()
    expect(page.locator(".lead")).to_be_visible()
    page.get_by_role("button", name="Display").wait_for()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j?")
    expect(page.get_by_role("searchbox")).to_have_value("j?")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and display")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_dark_and_light_follow_the_system_or_the_choice(page: Page) -> None:
    def background() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light, dark = "rgb(255, 255, 255)", "rgb(18, 22, 28)"
    page.emulate_media(color_scheme="dark")
    assert background() == dark
    page.get_by_role("button", name="Display").click()
    page.get_by_label("Colours").select_option("light")
    page.get_by_role("button", name="Close").click()
    assert background() == light
    page.reload()
    assert background() == light


def test_signing_out_needs_the_page_and_ends_the_session(page: Page, watched: Watched) -> None:
    refused = page.request.post("/sign-out", form={"csrf": "wrong"})
    assert refused.status == 403
    page.reload()
    expect(page.get_by_role("heading", name="City Transport")).to_be_visible()
    page.get_by_text("ada", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{watched.base}/sign-in")
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_link_from_another_site_arrives_signed_in(page: Page, watched: Watched, portfolio: str) -> None:
    """The strict cookie stays at home when another site links here; the visit still needs no second key."""
    elsewhere = watched.base.replace("127.0.0.1", "localhost")
    page.goto(f"{elsewhere}/sign-in")
    page.evaluate("target => { location.href = target }", f"{watched.base}/decisions")
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_be_visible()
    watched.elsewhere.clear()


def test_it_works_without_scripts(browser: Browser, base: str, ada: Api, portfolio: str) -> None:
    watched = Watched(browser, base, java_script_enabled=False)
    page = watched.sign_in(ada.key)
    page.get_by_text("Live: choose a date").click()
    page.get_by_label("See everything as of the end of").fill("2026-03-31")
    page.get_by_role("button", name="Show that day").click()
    expect(page.locator(".past")).to_contain_text("31 Mar 2026")
    page.get_by_role("link", name="Ticket shop").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ticket shop")
    expect(page.get_by_role("button", name="Display")).to_be_hidden()
    watched.context.close()


def test_nothing_overflows_a_phone(browser: Browser, base: str, ada: Api, portfolio: str) -> None:
    watched = Watched(browser, base, viewport={"width": 360, "height": 740})
    page = watched.sign_in(ada.key)
    project = ada.get("/projects")["items"][0]["id"]
    rate = {"currency": "EUR", "rate": "0.86", "valid_from": "2026-09-01", "published_by": "Treasury of the council"}
    ada.do(f"/portfolios/{portfolio}/set-rate", rate)
    analysis = keep(ada, portfolio, **EXAMPLES[0])
    ada.get("/portfolios")
    for path in ("/", f"/projects/{project}", "/decisions", "/people", f"/analyses/{analysis}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
    watched.context.close()


def test_on_paper_there_is_no_navigation_and_the_footer_tells_where_it_is_from(page: Page, watched: Watched) -> None:
    page.goto("/?as_of=2026-03-31&known_at=2026-03-31")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator(".foot")).to_contain_text(f"{watched.base}/?known_at=2026-03-31&at=")
    expect(page.locator(".foot")).to_contain_text("31 Mar 2026 (UTC), as known then")
    assert page.locator(".rows thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"


def test_an_empty_store_offers_three_ways_to_begin(watched: Watched, ada: Api, world: World) -> None:
    ada.get("/portfolios")
    page = watched.sign_in(ada.key)
    expect(page.get_by_role("heading", name="There is no portfolio yet")).to_be_visible()
    expect(page.get_by_text("make demo")).to_be_visible()
