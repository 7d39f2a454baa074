"""Who asks too often waits; nobody waits for another's haste."""

from typing import Any

import pytest

from api.limits import Limits
from domain.identity.words import Role
from tests.conftest import PREFIX, Api, World

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def guest(world: World) -> Api:
    """Somebody who may ask five times a day."""
    found = world.person("guest", Role.AUDITOR)
    world.system.context.limits = Limits("5/day")
    return found


def test_who_asks_too_often_is_told_when_to_come_back(world: World, guest: Api) -> None:
    assert [guest.ask("/projects").status_code for _ in range(6)] == [200] * 5 + [429]
    refused = guest.attempt("/portfolios", {"name": "Harbour"})
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 60 * 60
    assert "at most 5 per 1 day requests a key" in refused.json()["detail"]
    assert world.person("another", Role.AUDITOR).ask("/projects").status_code == 200
    for free in ("/health/live", "/health/ready", "/openapi.json", "/docs", "/static/dashboard.css"):
        assert world.client.get(free).status_code == 200, free


def test_wrong_keys_are_counted_by_address_and_right_ones_are_not_in_their_way(world: World, ada: Api) -> None:
    wrong = {"Authorization": "Bearer wf_nobody"}
    came = [world.client.get(f"{PREFIX}/projects", headers=wrong).status_code for _ in range(31)]
    assert came == [401] * 30 + [429]
    assert ada.ask("/projects").status_code == 200


def test_the_pages_form_takes_no_more_keys_after_too_many_wrong_ones(world: World, ada: Api) -> None:
    def sign_in(key: str) -> Any:
        return world.client.post("/sign-in", data={"key": key}, follow_redirects=False)

    assert [sign_in("wrong").status_code for _ in range(31)] == [401] * 30 + [429]
    refused = sign_in(ada.key)
    assert (refused.status_code, refused.headers["retry-after"].isdecimal()) == (429, True)
    assert "too many wrong keys" in refused.text.lower()
