"""People, their roles and keys through the API; and what is left when somebody is erased."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, String, cast, func, select

from api.identity import SESSION_COOKIE
from domain.identity.words import Role
from domain.operations import OPERATIONS
from tests.conftest import WHY, Api, World
from whyfolio.wiring import grant_key

NAME = "Wilhelmina Sesquipedalia"
FORGET = {"code": "erasure_request", "text": "They left and asked to be forgotten"}


@pytest.fixture
def root(world: World) -> Api:
    """An administrator of the organisation."""
    return world.person("root", Role.ADMINISTRATOR)


@pytest.fixture
def wilma(world: World, root: Api) -> Api:
    """Somebody who was added through the API, with a key."""
    person = root.do("/people", {"name": NAME})["id"]
    return Api(world.client, grant_key(world.system, [], None, UUID(person)).key, person)


def test_a_role_gives_its_rights_until_its_last_day(world: World, root: Api, wilma: Api) -> None:
    last = (world.clock.now + timedelta(days=2)).date()
    assert wilma.attempt("/portfolios", {"name": "Harbour"}).status_code == 403
    root.do(f"/people/{wilma.person}/grant-role", {"role": "board", "until": last.isoformat(), "rationale": WHY})
    wilma.do("/portfolios", {"name": "Harbour"})
    world.clock.now += timedelta(days=2)
    wilma.do("/portfolios", {"name": "Roads"})
    world.clock.now += timedelta(days=1)
    refused = wilma.attempt("/portfolios", {"name": "Parks"})
    assert (refused.status_code, refused.json()["roles"]) == (403, ["portfolio_manager", "board"])


def test_a_role_is_over_as_soon_as_it_is_revoked(root: Api, wilma: Api) -> None:
    root.do(f"/people/{wilma.person}/grant-role", {"role": "board", "rationale": WHY})
    wilma.do("/portfolios", {"name": "Harbour"})
    root.do(f"/people/{wilma.person}/revoke-role", {"role": "board", "rationale": WHY})
    assert wilma.attempt("/portfolios", {"name": "Roads"}).status_code == 403


def test_an_administrator_needs_another_one_for_a_role_of_their_own(world: World, root: Api) -> None:
    body = {"role": "board", "rationale": WHY}
    refused = root.attempt(f"/people/{root.person}/grant-role", body)
    assert refused.status_code == 403
    assert "another administrator has to" in refused.json()["detail"]
    world.person("second", Role.ADMINISTRATOR).do(f"/people/{root.person}/grant-role", body)
    root.do("/portfolios", {"name": "Harbour"})


def test_who_administers_one_portfolio_gives_roles_only_there(world: World, ada: Api, wilma: Api) -> None:
    harbour, roads = (ada.do("/portfolios", {"name": name})["id"] for name in ("Harbour", "Roads"))
    local = world.person("local", Role.ADMINISTRATOR, portfolio=UUID(harbour))
    body = {"role": "board", "rationale": WHY}
    local.do(f"/people/{wilma.person}/grant-role", {**body, "portfolio": harbour})
    assert local.attempt(f"/people/{wilma.person}/grant-role", body).status_code == 403
    assert local.attempt(f"/people/{wilma.person}/grant-role", {**body, "portfolio": roads}).status_code == 422
    assert local.attempt("/people", {"name": "x"}).status_code == 403


def test_an_expired_key_opens_nothing(world: World) -> None:
    expires = world.clock.now + timedelta(days=1)
    key = grant_key(world.system, [Role.AUDITOR], None, "guest", expires_at=expires)
    guest = Api(world.client, key.key, str(key.person))
    assert guest.ask("/projects").status_code == 200
    session = world.system.context.people.open_session(key.id)
    world.clock.now = expires
    refused = guest.ask("/projects")
    assert (refused.status_code, refused.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert world.system.context.people.session_holder(session) is None


def test_an_erased_persons_name_is_in_no_table_any_more(world: World, ada: Api, root: Api, wilma: Api) -> None:
    root.do(f"/people/{wilma.person}/grant-role", {"role": "board", "rationale": WHY})
    harbour = wilma.do("/portfolios", {"name": "Harbour", "rationale": WHY})["id"]
    with_key = world.client.post("/sign-in", data={"key": wilma.key}, follow_redirects=False)
    assert with_key.cookies[SESSION_COOKIE]
    assert ada.get(f"/portfolios/{harbour}/why", after=wilma.token)["items"][0]["actor_name"] == NAME
    assert _tables_with(world, NAME) == {"people"}
    erased = root.do(f"/people/{wilma.person}/erase", {"rationale": FORGET})
    assert _tables_with(world, NAME) == set()
    shown = ada.get(f"/portfolios/{harbour}/why", after=erased["token"])["items"][0]
    assert (shown["actor"], shown["actor_name"]) == (wilma.person, None)
    assert wilma.ask("/projects").status_code == 401
    world.client.cookies.set(SESSION_COOKIE, with_key.cookies[SESSION_COOKIE])
    assert world.client.get("/api/v1/projects").status_code == 401
    told = ada.get("/audit", fact="identity.person_erased.v1")["items"]
    assert [(fact["stream_id"], fact["rationale"]["text"]) for fact in told] == [(wilma.person, FORGET["text"])]


def test_the_name_of_a_resource_is_erased_too(world: World, ada: Api, root: Api) -> None:
    nadia = ada.do("/resources", {"name": NAME})["id"]
    assert _tables_with(world, NAME) == {"people"}
    erased = root.do(f"/people/{nadia}/erase", {"rationale": FORGET})
    assert _tables_with(world, NAME) == set()
    assert ada.get(f"/resources/{nadia}", after=erased["token"])["name"] is None


def _tables_with(world: World, text: str) -> set[str]:
    """The tables of the store and of the read models that hold a text in any column."""
    found = set()
    for engine in (world.system.engine, world.system.context.reads.engine):
        every = MetaData()
        every.reflect(engine)
        with engine.connect() as connection:
            for table in every.tables.values():
                for column in table.c:
                    if connection.scalar(select(func.count()).where(_as_text(column).contains(text))):
                        found.add(table.name)
    return found


def _as_text(column: Any) -> Any:
    is_bytes = str(column.type) == "BYTEA"
    return func.convert_from(column, "UTF8") if is_bytes else cast(column, String)


def test_who_could_do_what_is_told_for_any_moment(world: World, ada: Api, root: Api, wilma: Api) -> None:
    harbour = ada.do("/portfolios", {"name": "Harbour"})["id"]
    last = (world.clock.now + timedelta(days=5)).date()
    given = {"role": "sponsor", "portfolio": harbour, "until": last.isoformat()}
    before = world.clock.now
    world.clock.now += timedelta(hours=1)
    root.do(f"/people/{wilma.person}/grant-role", {**given, "rationale": WHY})
    world.clock.now += timedelta(days=1)
    root.do(f"/people/{wilma.person}/grant-role", {"role": "auditor", "rationale": WHY})
    world.clock.now += timedelta(days=1)
    root.do(f"/people/{wilma.person}/revoke-role", {"role": "auditor", "rationale": WHY})

    def held(**bounds: str) -> dict[str, Any]:
        (told,) = root.get("/access", who=wilma.person, **bounds)["items"]
        return {role["role"]: role for role in told["roles"]}

    assert held(as_of=before.isoformat()) == {}
    day_of_both = (before + timedelta(days=1, hours=2)).isoformat()
    assert held(as_of=day_of_both).keys() == {"sponsor", "auditor"}
    (sponsor,) = held().values()
    assert (sponsor["portfolio_name"], sponsor["granted_by_name"], sponsor["reason"]) == ("Harbour", "root", WHY)
    assert (sponsor["until"], sponsor["expired"]) == (last.isoformat(), False)
    assert set(sponsor["verbs"]) == {name for name, each in OPERATIONS.items() if Role.SPONSOR in each.roles}
    world.clock.now += timedelta(days=5)
    (sponsor,) = held().values()
    assert (sponsor["expired"], sponsor["verbs"]) == (True, [])
    root.do(f"/people/{wilma.person}/erase", {"rationale": FORGET})
    (told,) = root.get("/access", who=wilma.person)["items"]
    assert told == {"id": wilma.person, "name": None, "erased": True, "roles": []}


def test_others_see_themselves_alone(world: World, ada: Api, root: Api, wilma: Api) -> None:
    root.do(f"/people/{wilma.person}/grant-role", {"role": "sponsor", "rationale": WHY})
    root.get("/access")
    assert [each["id"] for each in wilma.ask("/access").json()["items"]] == [wilma.person]
    assert wilma.ask("/access", who=wilma.person).status_code == 200
    refused = wilma.ask("/access", who=root.person)
    assert (refused.status_code, refused.json()["roles"]) == (403, ["auditor", "administrator"])
    everybody = {each["id"] for each in world.person("eve", Role.AUDITOR).get("/access")["items"]}
    assert {wilma.person, root.person, ada.person} <= everybody
    assert root.ask("/access", who=str(UUID(int=1))).status_code == 404


def test_an_auditor_of_one_portfolio_sees_the_roles_given_there(world: World, ada: Api, root: Api, wilma: Api) -> None:
    harbour = ada.do("/portfolios", {"name": "Harbour"})["id"]
    root.do(f"/people/{wilma.person}/grant-role", {"role": "sponsor", "portfolio": harbour, "rationale": WHY})
    root.do(f"/people/{wilma.person}/grant-role", {"role": "board", "rationale": WHY})
    root.get("/access")
    eve = world.person("eve", Role.AUDITOR, portfolio=UUID(harbour))
    world.system.projector.catch_up()
    told = {each["id"]: [role["role"] for role in each["roles"]] for each in eve.get("/access")["items"]}
    assert told == {wilma.person: ["sponsor"], eve.person: ["auditor"]}
