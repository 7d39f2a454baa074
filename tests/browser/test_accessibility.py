"""WCAG 2.2 AA and best practices, as axe sees them: no violation in light, in dark, on a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.conftest import Api

LIGHT: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
DARK: dict[str, Any] = {**LIGHT, "color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"}


@pytest.mark.parametrize("options", [LIGHT, DARK, PHONE], ids=["light", "dark", "phone"])
def test_no_page_violates_the_guidelines(
    browser: Browser, base: str, ada: Api, portfolio: str, options: dict[str, Any]
) -> None:
    watched = Watched(browser, base, **options)
    page = watched.page
    page.goto("/sign-in")
    found = {"/sign-in": _violations(watched)}
    watched.sign_in("wrong")
    found["a wrong key"] = _violations(watched)
    watched.sign_in(ada.key)
    page.locator(".lead").wait_for()
    project = ada.get("/projects", q="Ticket")["items"][0]["id"]
    question = "/decisions?q=deprioritized+this+quarter+because+of+capacity"
    paths = ["/", f"/projects/{project}", "/decisions", question, "/people", "/people?over=yes", "/?q=nothing"]
    for path in [*paths, "/?as_of=2026-03-31&known_at=2026-03-31", "/?as_of=2020-01-01", "/?as_of=2099-01-01", "/nix"]:
        page.goto(path)
        found[path] = _violations(watched)
    page.goto("/")
    for menu in page.locator("details.menu > summary").all():
        menu.click()
        found[f"open: {menu.inner_text()}"] = _violations(watched)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Display").click()
    found["help"] = _violations(watched)
    ada.do("/portfolios", {"name": "Buildings"})
    ada.get("/portfolios")
    page.goto("/")
    found["several portfolios"] = _violations(watched)
    watched.context.close()
    assert {where: what for where, what in found.items() if what} == {}


def _violations(watched: Watched) -> list[str]:
    results = Axe().run(watched.page)
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]}"
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
