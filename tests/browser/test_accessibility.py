"""WCAG 2.2 AA and best practices, as axe sees them: no violation in light, in dark, on a phone."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import Watched
from tests.conftest import WHY, Api
from tests.test_analyses import EXAMPLES, keep
from tests.test_scenarios import Board, pounds

AXE = Axe()
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
COLOURS = ["color-contrast", "link-in-text-block"]
VIOLATIONS = "options => axe.run({resultTypes: ['violations'], ...options}).then(found => found.violations)"
LOOKS: dict[str, Any] = {
    "light": {},
    "dark": {"runOnly": COLOURS},
    "phone": {"rules": {rule: {"enabled": False} for rule in COLOURS}},
}
"""In dark only colours differ from light, on a phone everything else does."""


def test_no_page_violates_the_guidelines(browser: Browser, base: str, ada: Api, portfolio: str) -> None:
    watched = Watched(browser, base, viewport=DESK)
    page = watched.page
    page.goto("/sign-in")
    found = {"/sign-in": violations(page)}
    watched.sign_in("wrong")
    found["a wrong key"] = violations(page)
    watched.sign_in(ada.key)
    page.locator(".lead").wait_for()
    project = ada.get("/projects", q="Ticket")["items"][0]["id"]
    question = "/decisions?q=deprioritized+this+quarter+because+of+capacity"
    paths = ["/", f"/projects/{project}", "/decisions", question, "/people", "/people?over=yes", "/?q=nothing"]
    paths += ["/access", "/audit", "/audit?fact=paused&since=2026-01-01", "/audit?q=nothing"]
    for path in [*paths, "/?as_of=2026-03-31&known_at=2026-03-31", "/?as_of=2020-01-01", "/?as_of=2099-01-01", "/nix"]:
        page.goto(path)
        found[path] = violations(page)
    goals = _goals_of(ada, portfolio, project)
    page.goto(goals)
    found[goals] = violations(page)
    for path in (_ahead_of(ada, portfolio, project), f"/projects/{project}"):
        page.goto(path)
        page.locator("#risks table").first.wait_for()
        found[f"ahead: {path}"] = violations(page)
    for path in _looked_at(ada, portfolio, project):
        page.goto(path)
        page.locator("main table").first.wait_for()
        found[f"looked at: {path}"] = violations(page)
    for path in _ranked(ada, portfolio, project):
        page.goto(path)
        page.locator("main table").first.wait_for()
        found[f"ranked: {path}"] = violations(page)
    for path in _with_load(ada, portfolio, project):
        page.goto(path)
        for cell in page.locator(".heat summary").all():
            cell.click()
        found[path] = violations(page)
    for path, section in _told(ada, portfolio, project):
        page.goto(path)
        page.locator(f"{section} table").first.wait_for()
        found[f"{section}: {path}"] = violations(page)
    policy = _under_a_policy(ada, portfolio, goals)
    page.goto(policy)
    found[policy] = violations(page)
    for path in (_with_money(ada, portfolio), f"/?portfolio={portfolio}"):
        page.goto(path)
        page.locator("#money table").first.wait_for()
        found[f"money: {path}"] = violations(page)
    page.goto("/")
    for menu in page.locator("details.menu > summary").all():
        menu.click()
        found[f"open: {menu.inner_text()}"] = violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Display").click()
    found["help"] = violations(page)
    ada.do("/portfolios", {"name": "Buildings"})
    ada.get("/portfolios")
    page.goto("/")
    found["several portfolios"] = violations(page)
    watched.context.close()
    assert {where: what for where, what in found.items() if what} == {}


def test_no_page_of_a_choice_violates_the_guidelines(browser: Browser, base: str, ada: Api) -> None:
    watched = Watched(browser, base, viewport=DESK)
    page = watched.page
    board = Board(ada)
    chosen, poor = _thought_about(board)
    analyses = [keep(ada, board.portfolio, **example) for example in EXAMPLES[:2]]
    keep(ada, board.portfolio, **EXAMPLES[0], project=board.project["Shop"])
    ada.get("/projects")
    watched.sign_in(ada.key)
    page.locator(".lead").wait_for()
    found = {}
    own = f"/portfolios/{board.portfolio}"
    paths = [
        f"{own}/scenarios",
        f"/scenarios/{chosen}",
        f"/scenarios/{poor}",
        f"/scenarios/compare?id={chosen}&id={poor}",
    ]
    paths += [f"{own}/analyses", f"{own}/cost-benefit?sort=-npv", *(f"/analyses/{each}" for each in analyses)]
    paths += [f"/projects/{each}" for each in board.project.values()]
    for path in paths:
        page.goto(path)
        found[path] = violations(page)
    watched.context.close()
    assert {where: what for where, what in found.items() if what} == {}


def _thought_about(board: Board) -> list[str]:
    """A scenario that became the plan, with a loser, and one in which not all can be kept."""
    chosen, poor = board.create("Chosen"), board.create("Poor", budgets=[{"money": pounds(8000)}])
    for name in ("Shop", "App"):
        board.force(poor, "in", name)
    board.solve(poor)
    board.force(chosen, "out", "Quay")
    board.solve(chosen)
    board.ada.do(f"/scenarios/{chosen}/commit", {"rationale": WHY})
    return [chosen, poor]


def _told(ada: Api, portfolio: str, project: str) -> list[tuple[str, str]]:
    """The pages of a project with two baselines and of one with a business case that lacks something."""
    ada.do(f"/projects/{project}/rebaseline", {"finishes_on": "2026-12-31", "rationale": WHY})
    idea = ada.do("/projects", {"name": "Idea", "sponsor": "s", "portfolio": portfolio, "rationale": WHY})["id"]
    costs = [{"month": "2026-04", "category": "capex", "money": {"amount": "100.00", "currency": "GBP"}}]
    case = {"problem": "Queues", "options": [{"title": "Wait", "note": "Costs nothing"}], "costs": costs}
    ada.do(f"/projects/{idea}/set-business-case", {**case, "chosen_option": "Wait", "risks": ["Rain"]})
    ada.get("/projects")
    return [(f"/projects/{project}", "#baselines"), (f"/projects/{idea}", "#case")]


def _ahead_of(ada: Api, portfolio: str, project: str) -> str:
    """The page of what lies ahead of a portfolio, whose project has a risk, a milestone and a benefit, all overdue."""
    due = {"owner": "sales", "due_on": "2026-01-01"}
    ada.do(f"/projects/{project}/record-risk", {**due, "title": "No licence", "probability": 3, "impact": 4})
    ada.do(f"/projects/{project}/record-risk", {**due, "title": "No staff"})
    ada.do(f"/projects/{project}/record-issue", {**due, "title": "No room", "risk": 2, "rationale": WHY})
    ada.do(f"/projects/{project}/set-milestone", {"name": "Opening", "due_on": "2026-01-01"})
    promised = {"measure": "Income", "unit": "GBP", "baseline": "0", "target": "900"}
    ada.do(f"/projects/{project}/plan-benefit", {**due, **promised, "benefit": "Sales"})
    ada.do(f"/projects/{project}/record-benefit", {"benefit": "Sales", "actual": "450", "on": "2026-01-01"})
    ada.get("/projects")
    return f"/portfolios/{portfolio}/risks"


def _under_a_policy(ada: Api, portfolio: str, goals: str) -> str:
    """The page of a policy with guardrails, limits and a scoring model."""
    goal = ada.get(goals)["items"][0]["id"]
    rails = [{"goal": goal, "at_least": "0.2"}, {"category": "capex", "at_most": "0.5"}]
    ada.do(f"/portfolios/{portfolio}/set-policy", {"preset": "it", "guardrails": rails, "rationale": WHY})
    ada.get("/portfolios")
    return f"/portfolios/{portfolio}/policy"


def _looked_at(ada: Api, portfolio: str, project: str) -> list[str]:
    """The pages of what asks for attention, of reviews, of one with minutes, and of a corrected status update."""
    cadences = {"update_cadence_days": 1, "review_cadence_days": 1}
    ada.do(f"/portfolios/{portfolio}/set-policy", {**cadences, "rationale": WHY})
    ada.do(f"/portfolios/{portfolio}/open-review", {"name": "Spring"})
    ada.do(f"/projects/{project}/set-cadence", {"cadence_days": 7, "rationale": {**WHY, "review_on": "2026-01-01"}})
    review = ada.get(f"/portfolios/{portfolio}/reviews")["items"][0]["id"]
    trouble = {"overall": "at_risk", "schedule": "off_track", "text": "Late", "path_to_green": "Hire"}
    ada.do(f"/projects/{project}/status-updates", trouble)
    wrong = ada.get(f"/projects/{project}/status-updates")["items"][0]["event_id"]
    ada.do(f"/projects/{project}/status-updates", {**trouble, "supersedes": wrong})
    ada.do(f"/portfolios/{portfolio}/close-review", {"conclusion": "Go on"})
    ada.get("/projects")
    own = f"/portfolios/{portfolio}"
    return [f"{own}/attention", f"{own}/reviews", f"{own}/reviews/{review}", f"/projects/{project}"]


def _ranked(ada: Api, portfolio: str, project: str) -> list[str]:
    """The pages of an order that changed, and of a matrix with what stands in it and what does not."""
    ada.do("/projects", {"name": "Quay", "sponsor": "s", "portfolio": portfolio, "rationale": WHY})
    ada.do(f"/projects/{project}/reprioritize", {"portfolio": portfolio, "to_rank": 2, "rationale": WHY})
    ada.get("/projects")
    own = f"/portfolios/{portfolio}"
    return [
        f"{own}/priorities",
        f"{own}/priorities?from=2026-01-01",
        *(f"{own}/matrix?colour={each}" for each in ("goal", "health")),
    ]


def _goals_of(ada: Api, portfolio: str, project: str) -> str:
    """The page of two goals, one of them measured and served by a project."""
    for name in ("No queues", "Clean water"):
        goal = ada.do("/goals", {"name": name, "portfolio": portfolio, "rationale": WHY})["id"]
    aim = {"measure": "Samples", "unit": "%", "start": "40", "target": "99", "current": "61.5"}
    ada.do(f"/goals/{goal}/set-key-result", {**aim, "period": {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}})
    ada.do(f"/goals/{goal}/link", {"project": project, "weight": "0.4", "rationale": WHY})
    ada.get("/goals")
    return f"/portfolios/{portfolio}/goals"


def _with_load(ada: Api, portfolio: str, project: str) -> list[str]:
    """The pages of somebody who is promised for too much, and of a request."""
    kim = ada.do("/resources", {"name": "Kim"})["id"]
    week = {"monday": "1", "tuesday": "1"}
    ada.do(f"/resources/{kim}/set-capacity", {"starts_on": "2026-01-01", "week": week})
    ada.do(f"/resources/{kim}/record-absence", {"starts_on": "2026-03-09", "ends_on": "2026-03-10", "reason": "leave"})
    ada.do(f"/resources/{kim}/set-skills", {"skills": [{"skill": "Go", "level": 3}]})
    need = {"share": "0.5", "starts_on": "2026-03-02", "as_role": "Developer", "rationale": WHY}
    ada.do(f"/projects/{project}/request-resource", need)
    override = {"code": "mandate", "text": "The act leaves no other date"}
    ada.do(f"/resources/{kim}/assign", {**need, "project": project, "override": override})
    ada.get("/resources")
    page = f"/portfolios/{portfolio}/workload?from=2026-03-02"
    return [page, f"{page}&by=role&people=all", "/people"]


def _with_money(ada: Api, portfolio: str) -> str:
    """The page of a program whose months are planned and spent, in a portfolio with a budget and a rate."""
    why = {"rationale": {"code": "estimate", "text": "Another quotation has come in"}}
    held = {"portfolio": portfolio, "rationale": WHY}
    program = ada.do("/projects", {"name": "Fares", "sponsor": "sales", "kind": "program", **held})["id"]
    pounds, dollars = ({"amount": "5000.00", "currency": currency} for currency in ("GBP", "USD"))
    yearly = {"year": 2026, "category": "capex", "money": pounds}
    ada.do(f"/portfolios/{portfolio}/set-budget", {"lines": [yearly], **why})
    rate = {"currency": "USD", "rate": "0.79", "valid_from": "2026-01-01", "published_by": "Bank of England"}
    ada.do(f"/portfolios/{portfolio}/set-rate", rate)
    lines = [{"month": "2026-03", "category": name, "money": dollars} for name in ("capex", "opex")]
    ada.do(f"/projects/{program}/set-forecast", {"lines": lines})
    ada.do(f"/projects/{program}/record-actuals", {"lines": lines[:1]})
    ada.do(f"/portfolios/{portfolio}/set-policy", {"money_threshold": pounds, **why})
    large = [{**lines[0], "money": {**dollars, "amount": "50000.00"}}]
    ada.do(f"/projects/{program}/set-forecast", {"lines": large, **why})
    ada.get("/portfolios")
    return f"/projects/{program}"


def violations(page: Page) -> list[str]:
    """What is wrong with the page as it stands, whoever looks at it."""
    page.evaluate(AXE.axe_script)
    return [f"{look}: {problem}" for look in looks(page) for problem in _problems(page, look)]


def looks(page: Page) -> Iterator[str]:
    """The same page in light, in dark, and on a phone; light again at the end."""
    yield "light"
    page.emulate_media(color_scheme="dark")
    yield "dark"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    yield "phone"
    page.set_viewport_size(DESK)


def _problems(page: Page, look: str) -> list[str]:
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]}"
        for each in page.evaluate(VIOLATIONS, LOOKS[look])
        for node in each["nodes"]
    ]
