"""What lies ahead of a project and of a portfolio, as it leaves the server."""

import re

import pytest

from tests.conftest import WHY, Api
from tests.test_benefits import PLAN
from tests.test_pages import Visitor, begin, settings, visitor, words_of
from tests.test_register import STORM

__all__ = ["settings", "visitor"]


@pytest.fixture
def projects(ada: Api) -> list[str]:
    """A quay with much ahead of it, a crane that waits for it, and a shed with nothing."""
    held = str(ada.do("/portfolios", {"name": "Harbour", "currency": "GBP"})["id"])
    quay, crane, shed = (begin(ada, held, name) for name in ("Quay", "Crane", "Shed"))
    ada.do(f"/projects/{quay}/record-risk", {**STORM, "probability": 4, "impact": 5, "response": "Lash it <down>"})
    ada.do(f"/projects/{quay}/record-risk", {**STORM, "title": "Ice"})
    ada.do(f"/projects/{quay}/record-issue", {**STORM, "title": "Silt", "impact": 3})
    moved = {"code": "late", "text": "The steel comes three weeks later"}
    ada.do(f"/projects/{quay}/set-milestone", {"name": "Opening", "due_on": "2026-08-01"})
    ada.do(f"/projects/{quay}/set-milestone", {"name": "Opening", "forecast_on": "2026-08-22", "rationale": moved})
    ada.do(f"/projects/{crane}/add-dependency", {"depends_on": quay, "rationale": WHY})
    ada.do(f"/projects/{quay}/plan-benefit", {"benefit": "Berth fees", **PLAN})
    ada.get("/projects")
    return [held, quay, crane, shed]


def test_a_project_shows_what_lies_ahead(visitor: Visitor, projects: list[str]) -> None:
    shown = words_of(visitor.page(f"/projects/{projects[1]}"))
    assert "Next milestone Opening, 22 Aug 2026" in shown
    assert "Opening 1 Aug 2026 1 Aug 2026 22 Aug 2026 – +21 days The steel comes three weeks later" in shown
    assert "A storm takes the crane 20 4 × 5 Lash it <down> harbour master 1 May 2026 open" in shown
    assert "Ice not assessed" in shown
    assert "Silt 3" in shown
    assert "These wait for it Crane draft:" in shown
    assert "Berth fees sales Income a year, GBP – 1000.50 not measured –" in shown


def test_a_project_with_nothing_ahead_says_so(visitor: Visitor, projects: list[str]) -> None:
    shown = words_of(visitor.page(f"/projects/{projects[3]}"))
    for told in ("No milestone is planned", "No risk and no issue", "No benefit is planned", "Next milestone –"):
        assert told in shown


def test_a_portfolio_shows_its_open_risks_the_severest_first(visitor: Visitor, ada: Api, projects: list[str]) -> None:
    link = re.search(r'href="(/portfolios/[^"]*/risks[^"]*)"', visitor.page("/"))
    assert link
    shown = words_of(visitor.page(link[1]))
    assert "2 shown, the severest first; 1 not assessed" in shown
    assert shown.index("A storm takes the crane") < shown.index("Ice")
    assert "0 of 1 reviewed" in shown
    ada.do(f"/projects/{projects[1]}/close-risk", {"risk": 1, "rationale": WHY})
    ada.get("/projects")
    assert "A storm takes the crane" not in words_of(visitor.page(link[1]))
    assert "Nothing had been recorded" in words_of(visitor.page(f"{link[1]}?as_of=2020-01-01"))
    visitor.page("/portfolios/0190a1b2-0000-7000-8000-000000000000/risks", 404)
