"""The portfolio office: its people, its calendar, and its ledger. What they do goes through the public API."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from httpx2 import Response

from domain.identity.words import Role
from domain.kernel.instants import rfc3339
from tests.conftest import Api, World
from tests.stories.year.cast import OFFICE
from tests.stories.year.entries import Minute
from tests.stories.year.ledger import Ledger

A_MOMENT = timedelta(minutes=3)


class TurnedDown(Exception):
    """The product refused what somebody asked."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"{response.status_code} {response.text}")
        self.response = response


def reason(because: str) -> dict[str, Any]:
    """A rationale, told as "code: text"."""
    code, _, text = because.partition(": ")
    return {"code": code, "text": text}


class Colleague:
    """Somebody of the office with a key of their own."""

    def __init__(self, office: "Office", handle: str) -> None:
        self.office = office
        self.name, self.role = OFFICE[handle]
        self.api: Api = office.world.person(self.name, self.role)
        office.ids[self.name] = self.api.person

    @contextmanager
    def standing_in(self, role: str) -> Iterator[None]:
        """What is done in here is done in another role that they hold."""
        own, self.role = self.role, Role(role)
        try:
            yield
        finally:
            self.role = own

    def asks(self, path: str, because: str | None = None, *may_be_null: str, **body: Any) -> Any:
        """Give a command; the receipt of what was accepted. Raises `TurnedDown`."""
        given = {member: value for member, value in body.items() if value is not None or member in may_be_null}
        when = self.office.tick()
        if not path.startswith("/people"):  # what people may do changes at once
            given["occurred_at"] = when
        if because:
            given["rationale"] = {**reason(because), **self.office.besides}
        response = self.api.attempt(path, given)
        if response.status_code not in {200, 201}:
            raise TurnedDown(response)
        receipt = response.json()
        words = path.split("/")
        self.office.verbs.add(f"{words[1]}.{words[3] if len(words) > 3 else 'create'}")
        self.office.token = receipt["token"]
        self.office.position = receipt["position"]
        return receipt

    def reads(self, path: str, **params: Any) -> Any:
        """Ask a question; the answer shows everything that was accepted."""
        self.api.token = self.office.token
        return self.api.get(path, **params)

    def minutes(self, fact: str, because: str | None, *about: str) -> None:
        """What was accepted goes into the ledger; a fact without a reason is only counted."""
        office = self.office
        office.ledger.facts[fact] += 1
        if because:
            code, _, text = because.partition(": ")
            ids = frozenset(office.ids[name] for name in about)
            office.ledger.minutes.append(Minute(office.when, self.name, self.role, fact, code, text, ids))


class Office:
    """The year as it goes on.

    `ids` are by the names of things, `besides` is what else a reason says, `pinned` are answers that were kept, by
    the position they were given for, `requests` are the ids of requests that are answered in another month,
    `verbs` what was done at all.
    """

    def __init__(self, world: World, colleague: Callable[["Office", str], Any]) -> None:
        self.world = world
        self.ledger = Ledger()
        self.ids: dict[str, str] = {}
        self.besides: dict[str, Any] = {}
        self.token: str | None = None
        self.position = 0
        self.requests: dict[str, str] = {}
        self.verbs: set[str] = set()
        self.pinned: dict[int, dict[str, Any]] = {}
        self.when = ""
        self._people = {handle: colleague(self, handle) for handle in OFFICE}
        self._late: datetime | None = None

    def __getattr__(self, handle: str) -> Any:
        """A colleague, by what `cast.OFFICE` calls them."""
        try:
            return self.__dict__["_people"][handle]
        except KeyError:
            raise AttributeError(handle) from None

    def meets(self, day: str) -> None:
        """A day of the calendar begins; nobody can be there before."""
        morning = datetime.combine(datetime.fromisoformat(day), time(9), UTC)
        assert morning > self.world.clock.now, f"{day} is over"
        self.world.clock.now = morning

    def tick(self) -> str:
        """The moment of the next act; what is entered late happened when it happened."""
        self.world.clock.now = self.world.clock.now.replace(microsecond=0) + A_MOMENT
        if self._late:
            self._late += A_MOMENT
        self.when = rfc3339(self._late or self.world.clock.now)
        return self.when

    def ends_month(self, day: str) -> None:
        """The books of the month are closed, and an answer is kept; whatever comes later was not known then."""
        self.ledger.close_month(day)
        paths = [f"/portfolios/{self.ids[name]}" for name in self.ledger.now.orders]
        answers = {path: self.executive.reads(path) for path in [*paths, f"{paths[0]}/money"]}
        self.pinned[self.position] = answers
        evening = datetime.combine(datetime.fromisoformat(day), time(23), UTC)
        assert self.world.clock.now < evening
        self.world.clock.now = evening

    @contextmanager
    def entered_late(self, happened: str) -> Iterator[None]:
        """What is done in here happened from an earlier moment on."""
        self._late = datetime.combine(datetime.fromisoformat(happened), time(15), UTC)
        yield
        self._late = None

    @contextmanager
    def with_reason(self, **besides: Any) -> Iterator[None]:
        """Reasons in here say more: alternatives, evidence, a day to look again, what they supersede."""
        before, self.besides = self.besides, {**self.besides, **besides}
        yield
        self.besides = before

    @contextmanager
    def turned_down(self, status: int, sentence: str) -> Iterator[None]:
        """What is asked in here is refused, with a sentence that says why; nothing of it is minuted."""
        with pytest.raises(TurnedDown) as refusal:
            yield
        response = refusal.value.response
        assert response.status_code == status, response.text
        assert sentence in response.text, response.text
