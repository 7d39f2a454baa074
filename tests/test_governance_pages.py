"""The pages Access and Audit: what they say, to whom, and where their files lead."""

import re
from html import unescape

from domain.identity.words import Role
from tests.conftest import WHY, Api, World
from tests.test_pages import Visitor, settings, text_of, visitor

__all__ = ["settings", "visitor"]


def test_access_says_who_may_do_what_and_why(visitor: Visitor, world: World, ada: Api) -> None:
    harbour = ada.do("/portfolios", {"name": "Harbour"})["id"]
    root = world.person("root", Role.ADMINISTRATOR)
    wilma = root.do("/people", {"name": "Wilma <b>"})["id"]
    given = {"role": "sponsor", "portfolio": harbour, "until": "2026-12-31"}
    root.do(f"/people/{wilma}/grant-role", {**given, "rationale": {**WHY, "text": "Pays for the harbour"}})
    root.get("/access")
    page = visitor.page(f"/access?who={wilma}")
    shown = text_of(page)
    assert "Wilma <b>" in shown
    assert "sponsor in Harbour since 2 Mar 2026, until 31 Dec 2026, by root: Pays for the harbour" in shown
    assert "projects.submit" in shown
    assert text_of(visitor.page("/access")).startswith("Who may do what")


def test_others_see_their_own_roles_and_no_audit(world: World) -> None:
    sam = world.person("sam", Role.SPONSOR)
    visitor = Visitor(world, sam)
    visitor.sign_in()
    world.system.projector.catch_up()
    page = visitor.page("/access")
    assert "1 person shown" in text_of(page)
    assert 'href="/audit"' not in page
    visitor.page("/audit", status=403)


def test_audit_tells_before_and_after_and_its_file_holds_the_same(visitor: Visitor, ada: Api) -> None:
    project = ada.do("/projects", {"name": "Shop", "sponsor": "sales"})["id"]
    ada.do(f"/projects/{project}/revise", {"name": "Web shop"})
    page = visitor.page(f"/audit?subject={project}&fact=revised")
    assert "name Shop → Web shop" in text_of(page)
    assert "1 fact" in text_of(page)
    files = [unescape(each) for each in re.findall(r'<a href="([^"]+)" download>', page)]
    ada.do(f"/projects/{project}/revise", {"name": "Later"})
    counts = [visitor.client.get(file).headers["x-count"] for file in files]
    assert counts == ["1", "1"], "a file holds what the page shows, also when more was recorded since"
