"""A real browser before a real server over a real store."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright
from sqlalchemy import make_url
from starlette.testclient import TestClient

from tests.conftest import WHY, Api, Clock, World, application
from tests.servers import ran
from whyfolio.settings import Settings
from whyfolio.wiring import open_system

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium is installed; to run this: apt-get install chromium"
MONEY = {"amount": "5768000.00", "currency": "GBP"}
CAPACITY = {
    "code": "capacity",
    "text": "Two engineers leave in June and cannot be replaced before spring",
    "evidence": [{"title": "Capacity plan", "url": "https://example.org/plan"}],
}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without a window."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    ran("Chromium", browser.version)
    yield browser
    browser.close()


class Told(NamedTuple):
    """A file that holds a portfolio, its id, and when it is."""

    file: Path
    portfolio: str
    now: datetime


@pytest.fixture(scope="session")
def told_file(prepared_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A portfolio of five: in March all were ranked as drafted, in May one went down for want of capacity."""
    clock = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    file = Path(shutil.copy(prepared_file, tmp_path_factory.mktemp("portfolio")))
    system = open_system(Settings(database_url=f"sqlite:///{file}", _env_file=None), clock=clock)
    with application(system.context) as app, TestClient(app) as client:
        world = World(system, client, clock)
        portfolio = _live_through(world, world.person("ada"), world.person("bob"))
        system.projector.catch_up()
    system.close()
    return Told(file, portfolio, clock.now)


@pytest.fixture
def settings(request: pytest.FixtureRequest, sqlite_url: str) -> Settings:
    """Settings of an embedded system; what was lived through is copied for those who ask for the portfolio."""
    if "portfolio" in request.fixturenames:
        shutil.copy(request.getfixturevalue("told_file").file, make_url(sqlite_url).database or "")
    return Settings(database_url=sqlite_url, _env_file=None)


@pytest.fixture
def portfolio(told_file: Told, world: World) -> str:
    """The id of the portfolio of five."""
    world.clock.now = told_file.now
    return told_file.portfolio


@pytest.fixture
def base(world: World) -> Iterator[str]:
    """The address of a server of the world."""
    listening = socket.create_server(("127.0.0.1", 0))
    with application(world.system.context) as app:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    listening.close()


class Watched:
    """A browser's window of its own; whatever it complains of or asks from elsewhere is written down."""

    def __init__(self, browser: Browser, base: str, **options: object) -> None:
        self.base = base
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self.context: BrowserContext = browser.new_context(base_url=base, **options)  # type: ignore[arg-type]
        self.context.set_default_timeout(10_000)
        self.context.on("request", self._asked)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.base):
            self.elsewhere.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def sign_in(self, key: str) -> Page:
        """Sign in by the form."""
        self.page.goto("/sign-in")
        self.page.get_by_label("Your key").fill(key)
        self.page.get_by_role("button", name="Sign in").click()
        return self.page


@pytest.fixture
def watched(browser: Browser, base: str) -> Iterator[Watched]:
    """A window at 1280 × 800; at the end it complained of nothing and asked nobody else."""
    found = Watched(browser, base, viewport={"width": 1280, "height": 800})
    yield found
    found.context.close()
    assert found.errors == []
    assert found.elsewhere == []


@pytest.fixture
def page(watched: Watched, ada: Api, portfolio: str) -> Page:
    """The portfolio at a glance, signed in, its script at work."""
    page = watched.sign_in(ada.key)
    page.get_by_role("button", name="Display").wait_for()
    return page


def _live_through(world: World, ada: Api, bob: Api) -> str:
    held = ada.do("/portfolios", {"name": "City Transport", "currency": "GBP"})["id"]
    names = ("Ticket shop", "Tram line", "Ferry booking", "Night bus", "Data platform")
    projects = [_begun(ada, held, name, f"CT-{number}") for number, name in enumerate(names, start=101)]
    for project, overall in zip(projects[:4], ("off_track", "at_risk", "on_track", "on_track"), strict=True):
        _started(ada, bob, project)
        told = {
            "overall": overall,
            "text": "The survey found contaminated ground",
            "path_to_green": "A second supplier",
        }
        ada.do(f"/projects/{project}/status-updates", told)
    world.clock.now = datetime(2026, 5, 20, 9, tzinfo=UTC)
    ada.do(f"/projects/{projects[0]}/reprioritize", {"portfolio": held, "to_rank": 4, "rationale": CAPACITY})
    pause = {"expected_resume": "unknown", "allocations": "keep"}
    frozen = {"code": "budget_freeze", "text": "No money until the summer"}
    ada.do(f"/projects/{projects[3]}/pause", {**pause, "rationale": frozen})
    person = ada.do("/resources", {"name": "Nadia"})["id"]
    skilled = {"code": "skill_match", "text": "Knows the interface best of all"}
    assignment = {"project": projects[0], "share": "0.6", "starts_on": "2026-05-20", "rationale": skilled}
    ada.do(f"/resources/{person}/assign", assignment)
    return held


def _begun(ada: Api, portfolio: str, name: str, key: str) -> str:
    body = {"name": name, "key": key, "sponsor": "sales", "portfolio": portfolio, "rationale": WHY}
    created: str = ada.do("/projects", body)["id"]
    return created


def _started(ada: Api, bob: Api, project: str) -> None:
    cost = {"cost_low": MONEY, "cost_high": MONEY}
    ada.do(f"/projects/{project}/submit", {"problem": "No shop", "expected_benefit": "Sales", **cost})
    ada.do(f"/projects/{project}/evaluate")
    ada.do(f"/projects/{project}/select", {"rationale": WHY})
    bob.do(f"/projects/{project}/authorize", {"budget": MONEY, "rationale": WHY})
    ada.do(f"/projects/{project}/activate", {"owner": "Amara", "starts_on": "2026-03-02"})
