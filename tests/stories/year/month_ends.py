"""How everything stood as each month ended, by the product and by the ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.stories.year.cast import PROGRAMS
from tests.stories.year.entries import HORIZON, LIVE, Benefit, Component, Goal, Milestone
from tests.stories.year.ledger import Standing
from tests.stories.year.office import Office
from tests.stories.year.proposing import GRANT, TOWN

Answer = dict[str, Any]
HEALTHS = ("on_track", "at_risk", "off_track", "no_update")
FIGURES = ("budget", "forecast", "actual", "committed")


class Questions:
    """Somebody who asks, and has the ledger beside the answer."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ledger = office.ledger
        self.names = {thing: name for name, thing in office.ids.items()}

    def asks(self, path: str, **params: Any) -> Any:
        """One answer."""
        return self.office.auditor.reads(path, **params)

    def asks_all(self, path: str, **params: Any) -> list[Answer]:
        """All items of a list."""
        self.office.auditor.api.token = self.office.token
        return self.office.auditor.api.every(path, **params)


class MonthEnds(Questions):
    """What an auditor asks about the ends of months."""

    def every_month_as_it_was_known(self) -> None:
        """Counts, sums, ranks, projects, people and goals as each month ended."""
        assert len(self.ledger.ends) == 12
        for day, standing in self.ledger.ends.items():
            then = {"as_of": day, "known_at": day}
            for portfolio in (TOWN, GRANT):
                self._counts_and_sums(portfolio, standing, then)
                self._projects(portfolio, standing, then)
            self._programs(standing, then)
            self._people(standing, then)
            self._requests(standing, then)
            self._goals(standing, then)
            self._worries(standing, then)
            self._benefits(standing, then)
            self._dependencies(standing, then)

    def _counts_and_sums(self, portfolio: str, standing: Standing, then: Answer) -> None:
        answer = self.asks(f"/portfolios/{self.office.ids[portfolio]}", **then)
        assert answer["counts"]["by_state"] == standing.states(portfolio), then
        found = standing.healths(portfolio)
        assert answer["counts"]["by_health"] == {health: found[health] for health in HEALTHS}, then
        waiting = standing.states(portfolio)
        asked = sum(waiting[state] for state in ("submitted", "under_evaluation", "selected"))
        assert answer["decisions_waiting"] == asked, then
        for figure in FIGURES:
            told = answer["money"][figure]
            amount = Decimal(told["amount"]) if told["amount"] is not None else None
            assert (amount, told["of"], told["missing"]) == standing.sum(portfolio, figure), (figure, then)

    def _projects(self, portfolio: str, standing: Standing, then: Answer) -> None:
        answers = self.asks_all("/projects", portfolio=self.office.ids[portfolio], sort="rank", **then)
        ranking = standing.ranking(portfolio)
        assert [each["name"] for each in answers] == ranking, then
        assert [each["rank"] for each in answers] == list(range(1, len(ranking) + 1)), then
        for answer in answers:
            component = standing.components[answer["name"]]
            assert _component(answer, self.names) == component_of(component), (component.name, then)
            ahead = standing.milestones.get(component.name, {}) if component.state in LIVE else {}
            assert _next(answer["next_milestone"]) == next_of(ahead, date.fromisoformat(then["as_of"])), component.name

    def _programs(self, standing: Standing, then: Answer) -> None:
        """What the parts of each program come to, with what the program has itself."""
        for program in PROGRAMS:
            answer = self.asks(f"/projects/{self.office.ids[program]}/money", **then)["rolled_up"]
            parts = [each for each in standing.components.values() if each.program == program]
            assert answer["components"] == len(parts), (program, then)
            for figure in FIGURES[:3]:
                own = standing.components[program].figure(figure)
                values = [each.figure(figure) for each in parts] + ([own] if own is not None else [])
                known = [value for value in values if value is not None]
                told = (_decimal(answer[figure]["amount"]), answer[figure]["of"], answer[figure]["missing"])
                assert told == (sum(known) if known else None, len(values), len(values) - len(known)), (program, then)

    def _people(self, standing: Standing, then: Answer) -> None:
        answers = self.asks_all("/resources", **then)
        assert len(answers) == 25
        beyond = 0
        for answer in answers:
            promised = standing.days_of(answer["name"])
            assert _days(answer["assignments"], self.names) == promised, (answer["name"], then)
            beyond += is_beyond(standing, answer["name"], promised, date.fromisoformat(then["as_of"]))
        town = self.asks(f"/portfolios/{self.office.ids[TOWN]}", **then)
        assert town["over_allocated"] == beyond, then

    def _requests(self, standing: Standing, then: Answer) -> None:
        """What projects asked for and what became of it; what nobody answered lapses with its project."""
        told = {each["id"]: each["status"] for each in self.asks_all("/requests", **then)}
        kept = {}
        for request, (project, status) in standing.requests.items():
            has_lapsed = status == "open" and standing.components[project].state not in LIVE
            kept[request] = "lapsed" if has_lapsed else status
        assert told == kept, then

    def _goals(self, standing: Standing, then: Answer) -> None:
        answers = {each["name"]: each for each in self.asks_all("/goals", **then)}
        assert answers.keys() == standing.goals.keys()
        for name, answer in answers.items():
            assert _goal(answer, self.names) == goal_of(standing.goals[name]), (name, then)

    def _worries(self, standing: Standing, then: Answer) -> None:
        """The open risks and issues of the town, the severest first."""
        risks = self.asks_all(f"/portfolios/{self.office.ids[TOWN]}/risks", **then)
        severities = [each["severity"] for each in risks]
        assert severities == sorted(severities, key=lambda severity: -(severity or 0)), then
        told = sorted((each["project"]["name"], each["title"], each["severity"] or 0) for each in risks)
        assert told == sorted((name, w.title, w.severity or 0) for name, w in standing.open(standing.risks)), then
        issues = self.asks_all(f"/portfolios/{self.office.ids[TOWN]}/issues", **then)
        found = sorted((each["project"]["name"], each["title"], each["impact"]) for each in issues)
        assert found == sorted((name, w.title, w.impact) for name, w in standing.open(standing.issues)), then

    def _benefits(self, standing: Standing, then: Answer) -> None:
        """What was promised and what came of it; sums where units match, "n of m"."""
        answer = self.asks(f"/portfolios/{self.office.ids[TOWN]}/benefits", limit=1000, **then)
        told = {(each["project"]["name"], each["benefit"]): _benefit(each) for each in answer["items"]}
        kept = {
            (project, name): benefit_of(benefit, standing.components[project])
            for project, benefits in standing.benefits.items()
            for name, benefit in benefits.items()
        }
        assert told == kept, then
        counted = [each for each in kept.values() if each[-1] != "given_up"]
        assert answer["reviews"]["of"] == len(counted), then
        assert answer["reviews"]["reviewed"] == sum(each[-1] == "reviewed" for each in counted), then
        for total in answer["sums"]:
            alike = [each for each in counted if each[0] == total["unit"]]
            actuals = [each[2] for each in alike if each[2] is not None]
            assert (total["of"], total["missing"]) == (len(alike), len(alike) - len(actuals)), then
            assert Decimal(total["target"]) == sum(each[1] for each in alike), then
            assert _decimal(total["actual"]) == (sum(actuals) if actuals else None), then

    def _dependencies(self, standing: Standing, then: Answer) -> None:
        """What waits for what, and whether that has come."""
        for project in {each for pair in self.ledger.now.needs | standing.needs for each in pair}:
            answer = self.asks(f"/projects/{self.office.ids[project]}/dependencies", **then)
            told = {(each["project"]["name"], each["status"]) for each in answer["needs"]}
            assert told == {(n, standing.met(n)) for p, n in standing.needs if p == project}, (project, then)
            needed_by = {each["project"]["name"] for each in answer["needed_by"]}
            assert needed_by == {p for p, n in standing.needs if n == project}, (project, then)


# --- the same shape for both sides ----------------------------------------------------------------


def component_of(component: Component) -> tuple[Any, ...]:
    """What the ledger knows of a component."""
    money = tuple(component.figure(figure) for figure in FIGURES[:3])
    known = (component.kind, component.state, component.since, component.owner, component.sponsor)
    return (*known, component.health, component.program, *money)


def _component(answer: Answer, names: dict[str, str]) -> tuple[Any, ...]:
    money = tuple(Decimal(answer[each]["amount"]) if answer[each] else None for each in FIGURES[:3])
    told = (answer["kind"], answer["state"], answer["state_since"], answer["owner"], answer["sponsor"])
    return (*told, answer["health"]["declared"], names.get(answer["parent_id"] or ""), *money)


def next_of(ahead: dict[str, Milestone], today: date) -> tuple[Any, ...] | None:
    """The milestone that comes first, how far it slipped, whether its day is over."""
    waiting = sorted((each.expected(), name) for name, each in ahead.items() if each.reached_on is None)
    if not waiting:
        return None
    expected, name = waiting[0]
    is_over = expected < today
    return name, expected.isoformat(), None if is_over else (expected - ahead[name].promised_on).days, is_over


def _next(answer: Answer | None) -> tuple[Any, ...] | None:
    return answer and tuple(answer[member] for member in ("name", "expected_on", "slippage_days", "overdue"))


def benefit_of(benefit: Benefit, component: Component) -> tuple[Any, ...]:
    """What the ledger knows of a benefit."""
    if component.state in {"rejected", "cancelled"}:
        status = "given_up"
    elif benefit.is_reviewed:
        status = "reviewed"
    else:
        status = "planned" if component.state in LIVE else "tracked"
    return benefit.unit, benefit.target, benefit.actual, status


def _benefit(answer: Answer) -> tuple[Any, ...]:
    return answer["unit"], Decimal(answer["target"]), _decimal(answer["actual"]), answer["status"]


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def goal_of(goal: Goal) -> tuple[Any, ...]:
    """What the ledger knows of a goal."""
    state = "retired" if goal.is_retired else "open"
    missing = len(goal.weights.keys() - goal.delivered.keys())
    return state, goal.current, goal.weights, goal.progress(), len(goal.weights), missing


def _goal(answer: Answer, names: dict[str, str]) -> tuple[Any, ...]:
    weights = {names[each["project"]]: Decimal(each["weight"]) for each in answer["contributions"]}
    progress = answer["progress"]
    value = Decimal(progress["value"]) if progress["value"] is not None else None
    (measure,) = answer["key_results"]
    return answer["state"], measure["current"], weights, value, progress["of"], progress["missing"]


def is_beyond(standing: Standing, person: str, promised: dict[tuple[str, int], Decimal], today: date) -> bool:
    """Whether somebody is promised for more than there is, today or later."""
    shares: dict[int, Decimal] = {}
    for (_, day), share in promised.items():
        shares[day] = shares.get(day, Decimal(0)) + share
    ahead = {day: share for day, share in shares.items() if day >= today.toordinal()}
    return any(
        share > standing.has(person, each)
        for day, share in ahead.items()
        if standing.works(person, each := date.fromordinal(day))
    )


def _days(assignments: list[Answer], names: dict[str, str]) -> dict[tuple[str, int], Decimal]:
    """Day by day, which project has how much."""
    days = {}
    for each in assignments:
        first, last = date.fromisoformat(each["starts_on"]), each["ends_on"]
        end = date.fromisoformat(last) if last else HORIZON
        for day in range(first.toordinal(), end.toordinal() + 1):
            days[names[each["project"]], day] = Decimal(each["share"])
    return days
