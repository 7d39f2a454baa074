"""The matrix of a portfolio: where components stand, what is missing of those that stand nowhere, and the picture."""

from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from domain.facts import project as p
from domain.kernel.decide import Commit
from domain.kernel.event import Fact
from tests.conftest import WHY, Api, World
from tests.servers import until

VALUES = {"Shop": ("8", "2"), "Tram": ("9", 7), "Ferry": (2, "1.5"), "Depot": (1, 9)}
"""Value and effort, as another system tells them: as text or as a number."""


def pounds(amount: str, currency: str = "GBP") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


class Office:
    """A portfolio of four components that another system told value and effort of, and one it knows nothing of."""

    def __init__(self, world: World, ada: Api) -> None:
        self.world, self.ada = world, ada
        self.portfolio = str(ada.do("/portfolios", {"name": "Digital", "currency": "GBP"})["id"])
        self.ids = {name: self.propose(name) for name in (*VALUES, "Idea")}
        for name, (value, effort) in VALUES.items():
            self.record(name, "value", value)
            self.record(name, "effort", effort)

    def propose(self, name: str) -> str:
        body = {"name": name, "sponsor": "sales", "portfolio": self.portfolio, "rationale": WHY}
        return str(self.ada.do("/projects", body)["id"])

    def record(self, name: str, field: str, value: Any) -> None:
        """A field that another system set."""
        now, stream, store = self.world.clock(), UUID(self.ids[name]), self.world.system.store
        event = p.AttributeChanged(name=field, to=value)
        fact = Fact(uuid4(), stream, event, now, now, "kep:u-1", "integration", "c")
        store.append(Commit(f"test:{fact.event_id}", "", stream, (fact,), {stream: store.versions([stream])[stream]}))
        until(lambda: self.world.client.get("/health/ready").json()["lag"] == 0)

    def hand_in(self, name: str, highest: dict[str, str]) -> None:
        cost = {"cost_low": pounds("1.00", highest["currency"]), "cost_high": highest}
        self.ada.do(f"/projects/{self.ids[name]}/submit", {"problem": "Queues", "expected_benefit": "Sales", **cost})

    def matrix(self, **asked: Any) -> Any:
        return self.ada.get(f"/portfolios/{self.portfolio}/matrix", **asked)


@pytest.fixture
def office(world: World, ada: Api) -> Office:
    return Office(world, ada)


def placed(matrix: Any) -> dict[str, str]:
    return {each["name"]: each["quadrant"] for each in matrix["points"]}


def missing(matrix: Any) -> dict[str, list[str]]:
    return {each["name"]: [lack["what"] for lack in each["missing"]] for each in matrix["unplaced"]}


# --- where components stand -----------------------------------------------------------------------


def test_value_and_effort_divide_a_portfolio_into_quick_wins_and_time_sinks(office: Office) -> None:
    matrix = office.matrix()
    assert (matrix["preset"], matrix["x"]["name"], matrix["y"]["name"]) == ("value_effort", "effort", "value")
    wanted = {"Shop": "Quick wins", "Tram": "Big bets", "Ferry": "Fill-ins", "Depot": "Time sinks"}
    assert placed(matrix) == wanted
    assert {each["name"]: each["number"] for each in matrix["quadrants"]} == dict.fromkeys(wanted.values(), 1)
    assert office.matrix(x="effort", y="attribute:value")["preset"] == "value_effort", "by a bare name as well"


def test_who_lacks_a_value_stands_nowhere_and_what_is_missing_is_told(office: Office) -> None:
    office.record("Depot", "value", "high")
    office.record("Ferry", "effort", None)
    matrix = office.matrix(x="effort", y="value")
    assert missing(matrix) == {
        "Ferry": ["no effort"],
        "Depot": ["value is no number"],
        "Idea": ["no effort", "no value"],
    }
    assert set(placed(matrix)) == {"Shop", "Tram"}
    (ferry,) = [each for each in matrix["unplaced"] if each["name"] == "Ferry"]
    assert (ferry["x"], ferry["y"]) == (None, "2"), "what there is stays visible"


def test_a_field_of_words_alone_is_no_measure_and_whoever_asks_for_it_is_told_so(office: Office) -> None:
    office.record("Shop", "region", "north")
    assert "attribute:region" not in {each["measure"] for each in office.matrix()["measures"]}
    told = missing(office.matrix(x="attribute:region", y="rank"))
    assert (told["Shop"], told["Tram"]) == (["region is no number"], ["no region"])


def test_a_field_that_was_a_number_is_a_measure_of_that_time_alone(office: Office) -> None:
    office.record("Shop", "benefit", "4")
    then = office.world.system.store.head()
    office.record("Shop", "benefit", "large")
    measures = [{each["measure"] for each in office.matrix(**at)["measures"]} for at in ({"at": then}, {})]
    assert ["attribute:benefit" in each for each in measures] == [True, False]
    assert missing(office.matrix(x="attribute:benefit", y="rank"))["Shop"] == ["benefit is no number"]
    (shop,) = office.matrix(x="attribute:benefit", y="rank", at=then)["points"]
    assert (shop["name"], shop["x"]) == ("Shop", "4")


def test_a_measure_without_a_scale_is_in_halves_at_the_median(office: Office) -> None:
    axis = office.matrix(x="effort", y="rank")["x"]
    assert (axis["low"], axis["high"], axis["line"]) == ("0", "9", "4.5"), "1.5, 2, 7 and 9"
    (depot,) = [each for each in office.matrix(x="effort", y="rank")["points"] if each["name"] == "Depot"]
    assert (depot["x"], depot["from_left"]) == ("9", "1.0000")


def test_the_first_rank_is_the_highest(office: Office) -> None:
    matrix = office.matrix(x="effort", y="rank")
    assert (matrix["y"]["low"], matrix["y"]["high"], matrix["y"]["first_is_high"]) == ("1", "5", True)
    shown = {each["name"]: (each["y"], each["from_bottom"], each["quadrant"]) for each in matrix["points"]}
    assert shown["Shop"] == ("1", "1.0000", "Rank high, effort low")
    assert shown["Depot"] == ("4", "0.2500", "Rank low, effort high")


def test_what_has_ended_is_shown_only_if_it_is_asked_for(office: Office) -> None:
    depot = office.ids["Depot"]
    office.hand_in("Depot", pounds("5.00"))
    office.ada.do(f"/projects/{depot}/evaluate")
    office.ada.do(f"/projects/{depot}/reject", {"rationale": {"code": "low_value", "text": "It brings too little"}})
    assert "Depot" not in placed(office.matrix())
    assert placed(office.matrix(state="rejected")) == {"Depot": "Time sinks"}


def test_a_word_that_is_no_measure_is_refused_with_those_there_are(office: Office) -> None:
    answer = office.ada.ask(f"/portfolios/{office.portfolio}/matrix", x="beauty")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "query:x"
    assert "rank, cost, budget" in error["detail"]
    assert "attribute:effort" in error["detail"]
    listed = office.matrix()["measures"]
    assert {"measure": "attribute:effort", "name": "effort"} in listed


@pytest.mark.parametrize("word", ["goal:zzz", f"goal:{UUID(int=1)}", "criterion:beauty", "attribute:beauty"])
def test_a_goal_criterion_or_field_that_is_not_there_is_no_measure(office: Office, word: str) -> None:
    for path in ("matrix", "matrix.svg"):
        answer = office.ada.ask(f"/portfolios/{office.portfolio}/{path}", x="rank", y=word)
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["detail"].split(",")[0]) == ("query:y", "expected one of rank")
    then = office.world.system.store.head()
    assert office.matrix(x="rank", y=word, at=then)["points"] == [], "a past does not know what is there later"


def test_a_portfolio_without_components_has_an_empty_matrix(office: Office) -> None:
    empty = office.ada.do("/portfolios", {"name": "New"})["id"]
    matrix = office.ada.get(f"/portfolios/{empty}/matrix")
    assert (matrix["points"], matrix["unplaced"], matrix["groups"]) == ([], [], [])
    assert [each["number"] for each in matrix["quadrants"]] == [0, 0, 0, 0]


# --- size and colour ------------------------------------------------------------------------------


def test_the_size_is_what_was_asked_for_until_there_is_a_budget(office: Office, bob: Api) -> None:
    ada, shop = office.ada, office.ids["Shop"]
    months = [{"month": f"2026-0{n}", "category": "capex", "money": pounds("20.00")} for n in (4, 5)]
    ada.do(f"/projects/{office.ids['Tram']}/set-business-case", {"problem": "Queues", "costs": months})
    office.hand_in("Ferry", pounds("10.00"))
    office.hand_in("Shop", pounds("90.00"))
    sizes = {each["name"]: (each["money"], each["size"]) for each in office.matrix()["points"]}
    assert sizes["Shop"] == ("90.00", "1.0000")
    assert sizes["Tram"] == ("40.00", "0.4444"), "the months of the business case"
    assert sizes["Ferry"] == ("10.00", "0.1111"), "the upper end of the range it was handed in with"
    assert sizes["Depot"] == (None, None), "nobody has said, so it has no size, not 0"
    ada.do(f"/projects/{shop}/evaluate")
    ada.do(f"/projects/{shop}/select", {"rationale": WHY})
    bob.do(f"/projects/{shop}/authorize", {"budget": pounds("80.00"), "rationale": WHY})
    ada.token = bob.token
    assert {each["name"]: each["money"] for each in office.matrix()["points"]}["Shop"] == "80.00"
    assert {each["name"]: each["money"] for each in office.matrix(size="budget")["points"]}["Ferry"] is None


def test_money_without_a_rate_is_missing_until_there_is_one(office: Office) -> None:
    office.hand_in("Shop", pounds("90.00"))
    office.hand_in("Tram", pounds("100.00", "USD"))
    matrix = office.matrix(x="cost", y="value")
    assert missing(matrix)["Tram"] == ["no rate from USD to GBP"]
    assert missing(matrix)["Ferry"] == ["no cost"]
    rate = {"currency": "USD", "rate": "0.80", "valid_from": "2026-01-01", "published_by": "Bank of England"}
    office.ada.do(f"/portfolios/{office.portfolio}/set-rate", rate)
    assert {each["name"]: each["x"] for each in office.matrix(x="cost", y="value")["points"]} == {
        "Shop": "90.00",
        "Tram": "80.00",
    }


def test_the_colour_is_the_goal_a_component_weighs_most_in(office: Office) -> None:
    ada, why = office.ada, {"code": "strategic_fit", "text": "It takes away most of the queue"}
    create = {"portfolio": office.portfolio, "rationale": WHY}
    queues, water = (str(ada.do("/goals", {"name": name, **create})["id"]) for name in ("No queues", "Clean water"))
    for goal, name, weight in ((queues, "Shop", "0.6"), (water, "Shop", "0.3"), (water, "Tram", "0.5")):
        ada.do(f"/goals/{goal}/link", {"project": office.ids[name], "weight": weight, "rationale": why})
    matrix = office.matrix()
    assert {each["name"]: each["group"] for each in matrix["points"]} == {
        "Shop": queues,
        "Tram": water,
        "Ferry": None,
        "Depot": None,
    }
    named = [(each["name"], each["number"]) for each in matrix["groups"]]
    assert named == [("Clean water", 1), ("No queues", 1), (None, 2)]
    weights = {
        each["name"]: (each["x"], each["y"]) for each in office.matrix(x=f"goal:{water}", y="alignment")["points"]
    }
    assert weights == {"Shop": ("0.3", "0.9"), "Tram": ("0.5", "0.5")}
    lacking = missing(office.matrix(x=f"goal:{water}", y="alignment"))["Ferry"]
    assert lacking == ["does not contribute to Clean water", "contributes to no open goal"]
    ada.do(f"/goals/{water}/retire", {"rationale": WHY})
    assert missing(office.matrix(x=f"goal:{water}"))["Shop"] == ["this goal is not open"]
    states = {(each["group"], each["number"]) for each in office.matrix(colour="state")["groups"]}
    assert states == {("draft", 4)}


# --- the past -------------------------------------------------------------------------------------


def test_the_matrix_of_the_past_shows_what_was_said_then(office: Office) -> None:
    then, position = office.world.clock().isoformat(), office.matrix()["position"]
    before = placed(office.matrix())
    office.record("Shop", "effort", 8)
    office.ada.do(
        f"/portfolios/{office.portfolio}/remove-component", {"component": office.ids["Ferry"], "rationale": WHY}
    )
    assert placed(office.matrix()) == {"Shop": "Big bets", "Tram": "Quick wins", "Depot": "Time sinks"}
    for past in ({"as_of": then}, {"known_at": then}, {"at": position}):
        assert placed(office.matrix(**past)) == before
    early = office.matrix(as_of="2020-01-01")
    assert (early["name"], early["points"], early["version"]) == (None, [], None)
    assert early["first_fact_at"]


# --- the picture ----------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


def picture(office: Office, **asked: Any) -> ElementTree.Element:
    office.matrix()
    answer = office.ada.ask(f"/portfolios/{office.portfolio}/matrix.svg", **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    return ElementTree.fromstring(answer.text)


def test_the_picture_shows_every_component_that_is_placed_by_its_rank(office: Office) -> None:
    drawn = picture(office)
    dots = [each for each in drawn.iter(f"{SVG}g") if each.get("class", "").startswith("dot")]
    assert sorted(str(each.findtext(f"{SVG}text")) for each in dots) == ["1", "2", "3", "4"]
    assert [each.text for each in drawn.iter(f"{SVG}text") if "Quick wins" in str(each.text)] == ["Quick wins (1)"]
    labelled = str(drawn.get("aria-labelledby")).split()
    told = " ".join(str(each.text) for each in drawn if each.get("id") in labelled)
    assert "Digital: value and effort" in told
    assert "4 placed, 1 without a value on an axis" in told


def test_what_things_are_called_cannot_break_the_picture(office: Office) -> None:
    office.ada.do(f"/projects/{office.ids['Shop']}/revise", {"name": "<b>A & B</b>", "owner": "o", "sponsor": "s"})
    titles = [str(each.text) for each in picture(office).iter(f"{SVG}title")]
    assert any(each.startswith("1. <b>A & B</b>: value 8, effort 2") for each in titles)


def test_a_picture_of_no_portfolio_is_not_found(office: Office) -> None:
    assert office.ada.ask(f"/portfolios/{uuid4()}/matrix.svg").status_code == 404
    assert office.ada.ask(f"/portfolios/{office.portfolio}/matrix.svg", x="beauty").status_code == 422
