"""The questions of an auditor at the end of the year; every answer is compared with the ledger of the story."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tests.stories.year.agendas import Agendas
from tests.stories.year.entries import LIVE, Baseline, Component, Minute
from tests.stories.year.ledger import Standing
from tests.stories.year.month_ends import Answer
from tests.stories.year.proposing import GRANT, TOWN

QUARTERS = ("2025-01-31", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31")


class Audit(Agendas):
    """What an auditor asks. Every question can be asked of any system in which the year was lived."""

    # --- decisions --------------------------------------------------------------------------------

    def who_decided_what(self) -> None:
        """Who decided what, in which role, when, on what grounds, about which things."""
        told = [_minute(each) for each in self.asks_all("/decisions")]
        assert _sorted(told) == _sorted(self.ledger.minutes)
        assert [each.when for each in told] == sorted((each.when for each in told), reverse=True)
        assert len(told) > 300

    def every_thing_tells_its_own_decisions(self) -> None:
        """Why it is as it is, for every project, person, goal and portfolio."""
        standing = self.ledger.now
        kinds = {"projects": [*standing.components], "goals": [*standing.goals], "portfolios": [*standing.orders]}
        kinds["resources"] = sorted({each.person for each in standing.bookings})
        for kind, names in kinds.items():
            for name in names:
                thing = self.office.ids[name]
                own = [each for each in self.ledger.minutes if thing in each.about]
                told = [_minute(each) for each in self.asks_all(f"/{kind}/{thing}/why")]
                assert _sorted(told) == _sorted(own), name

    def part_of_the_decisions(self) -> None:
        """What was deprioritized in a quarter because of capacity; what the chair did; what was decided in June."""
        minutes, ids = self.ledger.minutes, self.office.ids
        june = {"since": "2025-06-01", "until": "2025-06-30"}
        lowered = self.asks_all("/decisions", fact="deprioritized", code="capacity", **june)
        assert _sorted(map(_minute, lowered)) == _sorted(
            each
            for each in minutes
            if each.fact == "project.deprioritized.v1" and each.code == "capacity" and "2025-06" in each.when
        )
        assert [each["subjects"][1]["name"] for each in lowered] == ["Online permits"]
        of_chair = self.asks_all("/decisions", actor=ids["Board chair"])
        assert _sorted(map(_minute, of_chair)) == _sorted(each for each in minutes if each.who == "Board chair")
        in_june = self.asks_all("/decisions", **june)
        assert _sorted(map(_minute, in_june)) == _sorted(each for each in minutes if each.when.startswith("2025-06"))
        words = self.asks_all("/decisions", q="maker strike")
        found = {"project.paused.v1": 1, "resource.released.v1": 2, "project.resumed.v1": 1}
        assert Counter(each["fact"] for each in words) == found

    # --- what changed -----------------------------------------------------------------------------

    def what_was_entered_late(self) -> None:
        """The gym stood still at the end of April, and on that day nobody here knew it."""
        gym = f"/projects/{self.office.ids['Gym roof renewal']}"
        assert self.asks(gym, as_of="2025-04-30")["state"] == "on_hold"
        assert self.asks(gym, as_of="2025-04-30", known_at="2025-04-30")["state"] == "active"
        assert self.asks(gym, as_of="2025-05-31")["state"] == "active"

    def what_a_quarter_changed(self) -> None:
        """What came, what went, and which states, budgets and healths are others, between the ends of quarters."""
        for before, after in pairwise(QUARTERS):
            for portfolio in (TOWN, GRANT):
                path = f"/portfolios/{self.office.ids[portfolio]}/diff"
                rows = self.asks_all(path, **{"from": before, "to": after, "clock": "recorded"})
                told = Counter(_difference(row) for row in rows if row["kind"] in CHANGES or row["kind"] in CAME)
                assert told == Counter(changes(self.ledger.ends[before], self.ledger.ends[after], portfolio)), after

    def what_projects_are_held_to(self) -> None:
        """Every baseline of everything that ever began, and how far from each it is now."""
        begun = [each for each in self.ledger.now.components.values() if each.baselines]
        assert len(begun) > 25
        for component in begun:
            answer = self.asks(f"/projects/{self.office.ids[component.name]}/baselines")
            assert answer["current"] == len(component.baselines) - 1, component.name
            told = [_baseline(each) for each in answer["baselines"]]
            assert told == [baseline_of(each, component) for each in component.baselines], component.name

    def what_was_said_for_proposals(self) -> None:
        """Every version of a business case is kept, and the last one says all that was ever said."""
        for name, versions in self.ledger.now.cases.items():
            answer = self.asks(f"/projects/{self.office.ids[name]}/business-case")
            assert [each["number"] for each in answer["versions"]] == list(range(1, len(versions) + 1))
            said = {member: value for version in versions for member, value in version.items()}
            told = answer["business_case"]
            assert {member for member, value in told.items() if value} == said.keys()
            assert told["chosen_option"] == said["chosen_option"]
            assert [each["title"] for each in told["options"]] == said["options"]
        sent_back = self.asks(f"/projects/{self.office.ids['Classroom air']}/business-case")
        assert sent_back["to_fix"]["text"] == "Measure three rooms first"

    def how_much_was_promised_each_week(self) -> None:
        """Week by week of the year, how much time of everybody there was, and how much of it was promised."""
        standing = self.ledger.now
        weeks = {"from": "2025-01-06", "to": "2025-12-22", "people": "all"}
        answer = self.asks(f"/portfolios/{self.office.ids[TOWN]}/workload", **weeks)
        mondays = [date.fromisoformat(week["starts_on"]) for week in answer["weeks"]]
        assert len(answer["rows"]) == 25
        assert len(mondays) == 51
        for row in answer["rows"]:
            promised = standing.days_of(row["name"])
            for monday, cell in zip(mondays, row["cells"], strict=True):
                told = tuple(Decimal(cell[member]) for member in ("capacity", "promised"))
                assert told == week_of(standing, row["name"], promised, monday), (row["name"], monday)

    def which_rules_held_and_how_work_flowed(self) -> None:
        """The policy at the end of each quarter, what it means, how much was in which state, what was completed."""
        for day in QUARTERS[1:]:
            standing, then = self.ledger.ends[day], {"as_of": day, "known_at": day}
            policy = self.asks(f"/portfolios/{self.office.ids[TOWN]}/policy", **then)
            rules = standing.policies[TOWN]
            assert policy["policy"]["version"] == len(rules) == len(policy["history"]), day
            active = standing.states(TOWN)["active"]
            limit = rules[-1].get("wip_limits", {}).get("active")
            held = [{"state": "active", "limit": limit, "number": active}] if limit else []
            assert policy["limits"] == held, day
            told = [(each["name"], each["verdict"], each["of"]) for each in policy["guardrails"]]
            rails = rules[-1].get("guardrails", [])
            assert told == [guardrail_of(standing, rail, self.names) for rail in rails], day
            flow = self.asks(f"/portfolios/{self.office.ids[TOWN]}/flow", **then)
            numbers = {each["state"]: each["number"] for each in flow["states"] if each["number"]}
            assert numbers == {s: n for s, n in standing.states(TOWN).items() if s in LIVE}, day
            months = {each["starts_on"][:7]: each["completed"] for each in flow["throughput"]["month"]}
            assert months == {m: sum(d.startswith(m) for d in standing.completed.values()) for m in months}, day
            at_work = {each["name"] for each in flow["in_progress"]}
            assert at_work == {n for n in standing.ranking(TOWN) if standing.components[n].state in AT_WORK}, day

    # --- whether the rules were kept ---------------------------------------------------------------

    def nobody_authorized_what_they_proposed(self) -> None:
        """Read from the facts alone: four eyes on every authorization and every large forecast."""
        proposers: dict[str, set[str]] = {}
        authors: dict[str, str] = {}
        checked = Counter[str]()
        for fact in self.facts():
            name, actor, stream = fact["name"], fact["actor"], fact["stream_id"]
            if name in {"project.drafted.v1", "project.submitted.v1"}:
                proposers.setdefault(stream, set()).add(actor)
            elif name == "project.forecast_proposed.v1":
                authors[fact["event_id"]] = actor
            elif name == "project.authorized.v1":
                assert actor not in proposers[stream]
                checked[name] += 1
            elif name == "project.forecast_approved.v1":
                assert actor != authors[fact["data"]["proposal"]]
                checked[name] += 1
        assert checked == {name: self.ledger.facts[name] for name in checked}
        assert len(checked) == 2

    def every_fact_is_there_once(self) -> None:
        """No fact is missing, none is there twice, each stream counts from 1, positions only grow."""
        facts = self.facts()
        positions = [fact["position"] for fact in facts]
        assert positions == sorted(set(positions))
        streams: dict[str, list[int]] = {}
        for fact in facts:
            streams.setdefault(fact["stream_id"], []).append(fact["version"])
        assert all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())
        told = Counter(fact["name"] for fact in facts if not fact["name"].startswith("identity."))
        assert told == Counter({n: c for n, c in self.ledger.facts.items() if not n.startswith("identity.")})
        counted = Counter(each["name"] for each in self.asks_all("/audit"))
        assert counted == Counter(fact["name"] for fact in facts)

    def a_permanent_answer(self) -> None:
        """What was answered at the end of a month is answered for its position for ever."""
        for position, answers in self.office.pinned.items():
            for path, answer in answers.items():
                now = self.asks(path, at=position)
                assert {**now, "at": None} == answer, (position, path)

    def facts(self) -> list[Answer]:
        """The feed, from the beginning."""
        found: list[Answer] = []
        after = 0
        while page := self.asks("/events", after=after, limit=1000)["items"]:
            found += page
            after = page[-1]["position"]
        return found


# --- the same shape for both sides ----------------------------------------------------------------


def _minute(decision: Answer) -> Minute:
    about = frozenset(subject["id"] for subject in decision["subjects"])
    who, role = decision["actor_name"], decision["role"]
    when = decision["occurred_at"][: len("2025-01-01T09:00:00")] + "Z"
    return Minute(when, who, role, decision["fact"], decision["code"], decision["text"], about)


def _sorted(minutes: Any) -> list[Any]:
    """By time; what happened at once in any order."""
    return sorted((*each[:-1], sorted(each.about)) for each in minutes)


def baseline_of(baseline: Baseline, component: Component) -> tuple[Any, ...]:
    """What the ledger says of a baseline, and of the way from there to what is expected now."""
    forecast = component.figure("forecast")
    later = _days_between(baseline.finish, component.finish)
    dearer = forecast - baseline.cost if forecast is not None and baseline.cost is not None else None
    return (*baseline, _days_between(baseline.start, component.start), later, dearer)


def _baseline(answer: Answer) -> tuple[Any, ...]:
    variance = answer["variance"]
    held = (answer["starts_on"], answer["finishes_on"], _amount(answer["cost"]))
    return (*held, variance["start_days"], variance["finish_days"], _amount(variance["cost"]))


def _amount(money: Answer | None) -> Decimal | None:
    return Decimal(money["amount"]) if money else None


def _days_between(before: str | None, after: str | None) -> int | None:
    return (date.fromisoformat(after) - date.fromisoformat(before)).days if before and after else None


def week_of(
    standing: Standing, person: str, promised: dict[tuple[str, int], Decimal], monday: date
) -> tuple[Decimal, Decimal]:
    """How much time of somebody there is in a week, and how much of it is promised, in days."""
    days = [monday + timedelta(days=number) for number in range(7)]
    asked = {day.toordinal() for day in days if standing.works(person, day)}
    there = sum((standing.has(person, day) for day in days), Decimal(0))
    return there, sum((share for (_, day), share in promised.items() if day in asked), Decimal(0))


def guardrail_of(standing: Standing, rail: Answer, names: dict[str, str]) -> tuple[str, str, int]:
    """Whether a share of the budget is kept, by the ledger, and on how many values that rests."""
    if "category" in rail:
        name, parts = rail["category"], standing.allotted
    else:
        name = names[rail["goal"]]
        funded = {each: standing.components[each] for each in standing.ranking(TOWN)}
        parts = {n: each.budget for n, each in funded.items() if each.state in {*AT_WORK, "authorized"} and each.budget}
    serving = {name} if "category" in rail else standing.goals[name].weights.keys()
    share = sum(amount for each, amount in parts.items() if each in serving) / Decimal(sum(parts.values()))
    is_kept = Decimal(rail.get("at_least", 0)) <= share <= Decimal(rail.get("at_most", 1))
    return name, "kept" if is_kept else "broken", len(parts)


AT_WORK = ("active", "on_hold")
CAME = ("added", "removed")
CHANGES = ("state", "slipped", "budget", "health")


def changes(before: Standing, after: Standing, portfolio: str) -> list[tuple[Any, ...]]:
    """What the ledger says is another between two moments."""
    held, holds = before.ranking(portfolio), after.ranking(portfolio)
    found: list[tuple[Any, ...]] = [("added", name, None, None) for name in holds if name not in held]
    found += [("removed", name, None, None) for name in held if name not in holds]
    for name in set(held) & set(holds):
        for kind in CHANGES:
            member = "finish" if kind == "slipped" else kind
            was, now = getattr(before.components[name], member), getattr(after.components[name], member)
            found += [(kind, name, was, now)] if was != now else []
    return found


def _difference(row: Answer) -> tuple[Any, ...]:
    name = row["subject"]["name"]
    if row["kind"] in CAME:
        return row["kind"], name, None, None
    values = [Decimal(each["amount"]) if isinstance(each, dict) else each for each in (row["from"], row["to"])]
    return row["kind"], name, *values
