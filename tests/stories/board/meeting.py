"""Who sits on the board of Westhaven, and what they can do: everything goes through the public API."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from domain.identity.words import Role
from tests.conftest import Api, World
from tests.stories.board.papers import PAPERS, Paper
from tests.stories.year.office import reason

TOWN = "Westhaven"
VALUE, SPEED = "Value", "Speed"
WORDS = {VALUE: lambda paper: {"reach": str(paper.reach), "risk": str(paper.risk)}}
WORDS[SPEED] = lambda paper: {"value": str(paper.gain), "effort": str(paper.effort)}
SCENARIO_VERBS = ("create", "edit", "force-in", "force-out", "unforce", "solve", "commit")
CHOOSING = {
    *("portfolios.set-scoring-model", "projects.score", "projects.override-score"),
    *(f"scenarios.{verb}" for verb in SCENARIO_VERBS),
}
"""The verbs by which a board chooses."""
PEOPLE = {
    "chair": ("Chair of the board", Role.BOARD),
    "deputy": ("Deputy chair", Role.BOARD),
    "manager": ("Portfolio office", Role.PORTFOLIO_MANAGER),
    "sponsor": ("Town sponsor", Role.SPONSOR),
}


class Minute(NamedTuple):
    """A decision as it was written down: the fact, the code and the text of its reason, and what it is about."""

    fact: str
    code: str
    text: str
    about: frozenset[str]


def pounds(thousands: int) -> dict[str, str]:
    """Money of the town."""
    return {"amount": f"{thousands}000.00", "currency": "GBP"}


class Meeting:
    """The board at work; `ids` are by name, `minutes` what people gave reasons for, `verbs` what was done at all."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: dict[str, Api] = {who: world.person(name, role) for who, (name, role) in PEOPLE.items()}
        self.ids: dict[str, str] = {}
        self.minutes: list[Minute] = []
        self.verbs: set[str] = set()

    # --- what is done -------------------------------------------------------------------------------

    def meets(self, day: str) -> None:
        """A day of the calendar begins."""
        self.world.clock.now = max(self.world.clock.now, datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC))

    def asks(self, who: str, path: str, because: str | None = None, **body: Any) -> Any:
        """Somebody gives a command; the answer, whatever it is."""
        self.world.clock.now += timedelta(minutes=2)
        given = {**body, **({"rationale": {**reason(because), **body.get("rationale", {})}} if because else {})}
        answer = self.people[who].attempt(path, given)
        if answer.status_code in {200, 201}:
            _, collection, *rest = path.split("/")
            self.verbs.add(f"{collection}.{rest[1] if rest else 'create'}")
            for each in self.people.values():
                each.token = answer.json()["token"]
        return answer

    def does(self, who: str, path: str, because: str | None = None, **body: Any) -> Any:
        """Somebody gives a command that has to be accepted; its receipt."""
        answer = self.asks(who, path, because, **body)
        assert answer.status_code in {200, 201}, (path, answer.text)
        return answer.json()

    def writes_down(self, fact: str, because: str, *about: str) -> None:
        """What was decided goes into the minutes."""
        code, _, text = because.partition(": ")
        self.minutes.append(Minute(fact, code, text, frozenset(about)))

    # --- proposals ----------------------------------------------------------------------------------

    def proposes(self, name: str, paper: Paper) -> None:
        """A proposal is drafted, handed in and taken up."""
        because = f"strategic_fit: The town asked for it, {name.lower()} for all"
        about = {"name": name, "sponsor": "Town sponsor", "portfolio": self.ids[TOWN]}
        self.ids[name] = self.does("sponsor", "/projects", because, **about)["id"]
        self.writes_down("project.drafted.v1", because, name)
        self.writes_down("portfolio.component_added.v1", because, TOWN, name)
        costs = {"cost_low": pounds(paper.cost // 2), "cost_high": pounds(paper.cost)}
        said = {"problem": f"The town lacks {name.lower()}", "expected_benefit": "A better town"}
        self.does("sponsor", self.on(name, "submit"), **said, **costs)
        self.does("manager", self.on(name, "evaluate"), scoring_model=VALUE)

    def scores(self, model: str, name: str, paper: Paper) -> None:
        """The office scores a proposal under a model."""
        self.does("manager", self.on(name, "score"), scoring_model=model, values=WORDS[model](paper))

    # --- scenarios ----------------------------------------------------------------------------------

    def thinks_about(self, scenario: str, model: str, **more: Any) -> None:
        """The office makes a scenario whose values are scores."""
        value = {"basis": "score", "scoring_model": model}
        made = {"portfolio": self.ids[TOWN], "name": scenario, "value": value}
        self.ids[scenario] = self.does("manager", "/scenarios", **made, **more)["id"]

    def rules(self, verb: str, scenario: str, name: str, because: str) -> None:
        """Something has to be in, to stay out, or neither."""
        self.does("manager", self.in_(scenario, verb), because, project=self.ids[name])
        fact = {"force-in": "forced_in", "force-out": "forced_out", "unforce": "unforced"}[verb]
        self.writes_down(f"scenario.{fact}.v1", because, scenario, name)

    def solves(self, *scenarios: str) -> None:
        """The office looks for the best choice of each."""
        for scenario in scenarios:
            self.does("manager", self.in_(scenario, "solve"), seconds=20)

    # --- what is read -------------------------------------------------------------------------------

    def reads(self, path: str, **params: Any) -> Any:
        """An answer that shows everything that was accepted."""
        return self.people["chair"].get(path, **params)

    def why(self, name: str) -> list[Any]:
        """The decisions about a proposal, the oldest first."""
        found: list[Any] = self.reads(f"/projects/{self.ids[name]}/why")["items"]
        return found

    def questions(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What a board asks: path and parameters."""
        for name in PAPERS:
            yield f"/api/v1/projects/{self.ids[name]}/why", {"limit": "1000"}
        yield "/api/v1/decisions", {"portfolio": self.ids[TOWN], "limit": "1000"}
        yield f"/api/v1/portfolios/{self.ids[TOWN]}/scores", {"scoring_model": VALUE, "limit": "1000"}
        (committed,) = self.reads("/decisions", fact="scenario_committed")["items"]
        yield f"/api/v1/scenarios/{committed['data']['scenario']}/recomputation", {}

    def states(self) -> dict[str, str]:
        """Where every proposal stands."""
        found = self.people["chair"].every("/projects", portfolio=self.ids[TOWN])
        return {each["name"]: each["state"] for each in found if each["name"] in PAPERS}

    def on(self, name: str, verb: str) -> str:
        """The path of a command on a proposal."""
        return f"/projects/{self.ids[name]}/{verb}"

    def in_(self, scenario: str, verb: str) -> str:
        """The path of a command on a scenario."""
        return f"/scenarios/{self.ids[scenario]}/{verb}"
