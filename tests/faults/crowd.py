"""People who give commands through the public API, and count for themselves what must be so.

Each keeps a book from what was acknowledged alone; nothing in it is read from Whyfolio.
"""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

import httpx2

MONEY = {"amount": "100.00", "currency": "GBP"}
BUSY_SECONDS = 0.1
LONGEST_PAUSE = 0.1
"""People give commands all the time, and leave the machine to whoever starts meanwhile."""
PEOPLE = 3
PAGE_SIZE = 40
"""How many components a portfolio gets before the next is opened."""
SHARE = Decimal("0.05")


class Acknowledged(NamedTuple):
    """A command that got its receipt, and the facts it stands for."""

    key: str
    id: str
    version: int
    position: int
    token: str
    facts: tuple[str, ...]


@dataclass
class Book:
    """What must be so after everything that was acknowledged."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    versions: Counter[str] = field(default_factory=Counter)
    states: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    ranks: dict[str, list[str]] = field(default_factory=dict)
    shares: dict[str, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    """Person → project → share of the time, until further notice."""


class Unexpected(Exception):
    """A command got an answer that it should not have got."""


class Client(threading.Thread):
    """One person with projects of their own, and a colleague who authorizes them.

    A command without an answer, or with 503, is sent again with the same key until it is acknowledged.
    """

    def __init__(
        self, name: str, own: httpx2.Client, colleague: httpx2.Client, seed: str, common: str, pause: float
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.book = Book()
        self.problem: BaseException | None = None
        self.refused: Counter[str] = Counter()
        self._own, self._colleague, self._common, self._pause = own, colleague, common, pause
        self._random = random.Random(seed)
        self._numbers = count(1)
        self._told_to_stop = threading.Event()
        self._portfolio = ""
        self._people: list[str] = []

    def run(self) -> None:
        try:
            self._settle_in()
            while not self._told_to_stop.wait(self._random.uniform(0, self._pause)):
                self._random.choice(list(self._open_moves()))()
        except BaseException as problem:
            self.problem = problem

    def stop(self) -> None:
        """End after the command at hand is acknowledged."""
        self._told_to_stop.set()

    # --- what a person does ----------------------------------------------------------------

    def _settle_in(self) -> None:
        self._open_portfolio()
        for number in range(PEOPLE):
            added = self._command("/resources", {"name": f"Team {number}", "kind": "team"}, "resource.added")
            self._people.append(added.id)
            self.book.shares[added.id] = {}
        for _ in range(3):
            self._draft()

    def _open_moves(self) -> Iterator[Callable[[], None]]:
        """What could be done next; the more often it is named, the likelier."""
        yield self._draft
        projects = self.book.ranks[self._portfolio]
        yield from (lambda each=each: self._move_on(each) for each in projects)
        live = [each for each in projects if self.book.states[each] not in {"cancelled", "completed"}]
        for project in self._some(live, 3):
            yield lambda each=project: self._report(each)
            yield lambda each=project: self._revise(each)
            yield lambda each=project: self._rank(each)
            yield lambda each=project: self._assign(each)
            yield lambda each=project: self._reassign(each)

    def _some(self, things: Sequence[str], most: int) -> list[str]:
        return self._random.sample(things, min(most, len(things)))

    def _open_portfolio(self) -> None:
        opened = self._command("/portfolios", {"name": f"{self.name} {next(self._numbers)}"}, "portfolio.created")
        self._portfolio = opened.id
        self.book.ranks[opened.id] = []

    def _draft(self) -> None:
        if len(self.book.ranks[self._portfolio]) >= PAGE_SIZE:
            return self._open_portfolio()
        body = {"name": f"Project {next(self._numbers)}", "sponsor": "sales", "portfolio": self._portfolio}
        facts = ("project.drafted", "portfolio.component_added")
        drafted = self._command("/projects", {**body, **_because("strategic_fit")}, *facts)
        self.book.versions[self._portfolio] += 1
        self.book.ranks[self._portfolio].append(drafted.id)
        self.book.states[drafted.id] = "draft"
        if self._random.random() < 0.2:
            self._share_with_all(drafted.id)

    def _share_with_all(self, project: str) -> None:
        """Everybody adds to one portfolio, so that commands contend for its stream."""
        body = {"component": project, **_because("strategic_fit")}
        self._command(f"/portfolios/{self._common}/add-component", body, "portfolio.component_added", counted=False)
        self.book.ranks.setdefault(self._common, []).append(project)

    def _move_on(self, project: str) -> None:
        match self.book.states[project]:
            case "draft":
                story = {"problem": "It is slow", "expected_benefit": "Time", "cost_low": MONEY, "cost_high": MONEY}
                self._go(project, "submit", "submitted", "project.submitted", story)
            case "submitted":
                self._go(project, "evaluate", "under_evaluation", "project.evaluation_started", {})
            case "under_evaluation":
                self._go(project, "select", "selected", "project.selected", _because("roi"))
            case "selected":
                release = {"budget": MONEY, **_because("roi")}
                self._go(project, "authorize", "authorized", "project.authorized", release, by=self._colleague)
            case "authorized":
                begin = {"owner": "carol", "starts_on": "2026-01-05"}
                self._go(project, "activate", "active", "project.activated", begin)
                self.book.owners[project] = "carol"
            case "active" if self._random.random() < 0.1:
                end = {"outcome": "It works", "lessons": "Ask early", "actual_cost": MONEY, **_because("done")}
                self._go(project, "complete", "completed", "project.completed", end, *self._free(project))
            case "active":
                self._pause_it(project)
            case "on_hold" if self._random.random() < 0.1:
                self._cancel(project)
            case "on_hold":
                forecast = {"forecast_finish": "2027-01-31", **_because("capacity")}
                self._go(project, "resume", "active", "project.resumed", forecast)

    def _pause_it(self, project: str) -> None:
        releases = self._random.random() < 0.5
        rest = {"expected_resume": "unknown", "allocations": "release" if releases else "keep"}
        released = self._free(project) if releases else ()
        self._go(project, "pause", "on_hold", "project.paused", {**rest, **_because("budget_freeze")}, *released)

    def _cancel(self, project: str) -> None:
        end = {"sunk_cost": MONEY, "disposition": "Sold", **_because("over_budget")}
        self._go(project, "cancel", "cancelled", "project.cancelled", end, *self._free(project))

    def _free(self, project: str) -> tuple[str, ...]:
        """Note that nobody works on it any longer; the facts that say so."""
        freed = [person for person in self._people if self.book.shares[person].pop(project, None)]
        self.book.versions.update(freed)
        return tuple("resource.released" for _ in freed)

    def _go(
        self,
        project: str,
        verb: str,
        state: str,
        fact: str,
        body: dict[str, Any],
        *more: str,
        by: httpx2.Client | None = None,
    ) -> None:
        self._command(f"/projects/{project}/{verb}", body, fact, *more, by=by)
        self.book.states[project] = state

    def _report(self, project: str) -> None:
        body = {"overall": "on_track", "text": f"All is well, says report {next(self._numbers)}"}
        self._command(f"/projects/{project}/status-updates", body, "project.status_reported")

    def _revise(self, project: str) -> None:
        owner = f"owner-{next(self._numbers)}"
        self._command(f"/projects/{project}/revise", {"owner": owner}, "project.revised")
        self.book.owners[project] = owner

    def _rank(self, project: str) -> None:
        order = self.book.ranks[self._portfolio]
        now, to = order.index(project) + 1, self._random.randint(1, len(order))
        if now == to:
            return
        fact = "project.deprioritized" if to > now else "project.reprioritized"
        body = {"portfolio": self._portfolio, "to_rank": to, **_because("capacity")}
        self._command(f"/projects/{project}/reprioritize", body, fact)
        order.remove(project)
        order.insert(to - 1, project)

    def _assign(self, project: str) -> None:
        person = self._random.choice(self._people)
        shares = self.book.shares[person]
        if project in shares or sum(shares.values()) > 1 - SHARE:
            return
        body = {"project": project, "share": str(SHARE), "starts_on": _today(), **_because("skill_match")}
        self._command(f"/resources/{person}/assign", body, "resource.assigned")
        shares[project] = SHARE

    def _reassign(self, project: str) -> None:
        person = self._random.choice(self._people)
        shares = self.book.shares[person]
        if not shares or project in shares:
            return
        old = self._random.choice(list(shares))
        body = {"from_project": old, "to_project": project, "share": str(SHARE), "starts_on": _today()}
        self._command(f"/resources/{person}/reassign", {**body, **_because("skill_match")}, "resource.reassigned")
        shares[project] = shares.pop(old)

    # --- how a command is given --------------------------------------------------------------

    def _command(
        self, path: str, body: dict[str, Any], *facts: str, by: httpx2.Client | None = None, counted: bool = True
    ) -> Acknowledged:
        key = f"{self.name}-{next(self._numbers)}"
        receipt = self._receipt(by or self._own, path, body, key)
        done = Acknowledged(key, receipt["id"], receipt["version"], receipt["position"], receipt["token"], facts)
        if counted:
            self.book.versions[done.id] += 1
            if done.version != self.book.versions[done.id]:
                raise Unexpected(f"{path} {key}: version {done.version}, not {self.book.versions[done.id]}")
        self.book.acknowledged.append(done)
        return done

    def _receipt(self, by: httpx2.Client, path: str, body: dict[str, Any], key: str) -> Any:
        headers = {"Idempotency-Key": key, "X-Correlation-ID": key}
        while True:
            try:
                response = by.post(path, json=body, headers=headers)
            except httpx2.TransportError as error:
                self.refused[type(error).__name__] += 1
            else:
                if response.status_code in {200, 201}:
                    return response.json()
                self._must_be_passing(path, key, response)
            threading.Event().wait(BUSY_SECONDS)

    def _must_be_passing(self, path: str, key: str, response: httpx2.Response) -> None:
        """Only what says "try again" is no mistake: 503, and losing a race for a stream that is shared."""
        told = response.json() if response.headers.get("content-type") == "application/problem+json" else {}
        contended = response.status_code == 409 and told.get("title") == "Changed meanwhile"
        if not contended and not (response.status_code == 503 and told and "retry-after" in response.headers):
            raise Unexpected(f"{path} {key}: {response.status_code} {response.text}")
        self.refused[told["detail"]] += 1


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _because(code: str) -> dict[str, Any]:
    return {"rationale": {"code": code, "text": "It was decided in the meeting"}}


class Crowd:
    """Some clients at once, each with a book of their own, and one portfolio that all add to."""

    def __init__(
        self,
        client_of: Callable[[str], httpx2.Client],
        keys: Sequence[str],
        seed: str,
        size: int,
        pause: float = LONGEST_PAUSE,
    ) -> None:
        self._http = [client_of(key) for _ in range(size) for key in keys]
        opened = self._http[0].post("/portfolios", json={"name": "Common"})
        self.common = opened.json()["id"]
        self.clients = [
            Client(f"{seed}-{n}", *self._http[2 * n : 2 * n + 2], f"{seed} {n}", self.common, pause)
            for n in range(size)
        ]
        for client in self.clients:
            client.start()

    def acknowledged(self) -> int:
        """How many commands were acknowledged so far."""
        self.complain()
        return sum(len(client.book.acknowledged) for client in self.clients)

    def newest(self) -> Acknowledged:
        """The newest of all acknowledged commands."""
        return max((client.book.acknowledged[-1] for client in self.clients), key=lambda each: each.position)

    def complain(self) -> None:
        """Raise whatever a client met that nobody should meet."""
        for client in self.clients:
            if client.problem:
                raise client.problem

    def stop(self) -> list[Book]:
        """Everybody ends when their last command is acknowledged; their books."""
        for client in self.clients:
            client.stop()
        for client in self.clients:
            client.join(60)
        for http in self._http:
            http.close()
        self.complain()
        assert not any(client.is_alive() for client in self.clients), "a command was not acknowledged within a minute"
        return [client.book for client in self.clients]
