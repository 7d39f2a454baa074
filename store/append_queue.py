"""The queue in front of the append lock: whoever gets the lead records for everybody who waits."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from time import perf_counter
from typing import NamedTuple

from domain.kernel.decide import Commit
from domain.kernel.refusal import Busy, Conflict
from store.group import FactRecorder, Outcome, append_group, prepare, replay

MOST_WAITING = 1_000
LONGEST_WAIT_SECONDS = 10.0
NOT_KNOWN = "the store is away; whether it recorded this is not known: send it again with the same key"


class Appended(NamedTuple):
    """What is measured of one group: its commands, those refused as stale, the seconds its
    transaction took, and how long each of its callers had waited for it.
    """

    commands: int
    conflicts: int
    seconds: float
    waited: tuple[float, ...]


@dataclass(eq=False)
class _Ticket:
    """Some commands, and the thread that waits for what becomes of them.

    A group is called one after the other, each by the one before: called all at once they would stand in each
    other's way, and in the way of the next leader, for the interpreter.
    """

    commits: Sequence[Commit]
    since: float = field(default_factory=perf_counter)
    leads: bool = False
    following: "_Ticket | None" = None
    outcomes: list[Outcome] | None = None
    error: BaseException | None = None
    _asleep: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Whoever waits takes the lock a second time, and sleeps until it is let go."""
        self._asleep.acquire()

    def call(self) -> None:
        """Wake whoever waits; once."""
        self._asleep.release()

    def is_called(self) -> bool:
        """Wait to be called; `False` if that takes too long."""
        is_over = self._asleep.acquire(timeout=LONGEST_WAIT_SECONDS) or self.is_done
        if is_over and self.following:
            self.following.call()
        return is_over

    @property
    def is_done(self) -> bool:
        """Whether the group it was in is through."""
        return self.outcomes is not None or self.error is not None


class AppendQueue:
    """Grouped, bounded append over one recorder. `observe` is told of every group.

    Who finds nobody leading leads: it takes the lock of the store, records for all who wait by then, and calls
    the first of those who came meanwhile to lead next. Everybody else sleeps until called, once.
    """

    def __init__(self, recorder: FactRecorder, clock: Callable[[], datetime]) -> None:
        self.observe: Callable[[Appended], None] = lambda _: None
        self._recorder = recorder
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._is_led = False

    def append_all(self, commits: Sequence[Commit]) -> list[Outcome]:
        """Record several commands in one transaction; each is accepted or refused for itself. Raises `Busy`."""
        prepare(commits)
        ticket = self._queued(commits)
        if not ticket.leads and not ticket.is_called():
            self._withdraw(ticket)
        if ticket.leads and not ticket.is_done:
            self._lead()
        if ticket.error:
            raise ticket.error
        assert ticket.outcomes is not None
        return ticket.outcomes

    def _queued(self, commits: Sequence[Commit]) -> _Ticket:
        ticket = _Ticket(commits)
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise Busy("too many commands are waiting; nothing was recorded, try again")
            self._waiting.append(ticket)
            ticket.leads, self._is_led = not self._is_led, True
        return ticket

    def _withdraw(self, ticket: _Ticket) -> None:
        """Take a ticket back that waited too long; one that is being recorded may wait as long again."""
        with self._lock:
            if ticket in self._waiting and not ticket.leads:
                self._waiting.remove(ticket)
                raise Busy("the store is busy; nothing was recorded, try again")
        if not ticket.is_called():
            raise Busy(NOT_KNOWN)

    def _lead(self) -> None:
        gather = cache(self._all_who_wait)
        try:
            if not self._settle(gather) and len(gather()) > 1:
                for ticket in gather():
                    self._settle(partial(list, [ticket]))
        finally:
            self._hand_over()
            _call([ticket for ticket in gather() if not ticket.leads])

    def _all_who_wait(self) -> list[_Ticket]:
        with self._lock:
            tickets, self._waiting = self._waiting, []
        return tickets

    def _hand_over(self) -> None:
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].call()

    def _settle(self, gather: Callable[[], list[_Ticket]]) -> bool:
        """Record what is gathered in one transaction; `False` if something unforeseen failed them all."""
        started = perf_counter()
        try:
            outcomes = self._record(gather)
        except BaseException as error:
            for ticket in gather():
                ticket.error = error
            if not isinstance(error, Exception):
                raise
            return False
        conflicts = sum(isinstance(outcome, Conflict) for outcome in outcomes)
        waited = tuple(max(0.0, started - ticket.since) for ticket in gather())
        self.observe(Appended(len(outcomes), conflicts, perf_counter() - started, waited))
        for ticket in gather():
            ticket.outcomes, outcomes = outcomes[: len(ticket.commits)], outcomes[len(ticket.commits) :]
            ticket.error = None
        return True

    def _record(self, gather: Callable[[], list[_Ticket]]) -> list[Outcome]:
        """What becomes of the commands of a group, which may grow until the lock is held."""
        settled = False
        try:
            with self._recorder.locked() as transaction:
                outcomes = append_group(transaction, _commits(gather()), self._clock)
                settled = True
            return outcomes
        except Busy as busy:
            commits = _commits(gather())
            return self._found_out(commits, busy) if settled else [busy for _ in commits]

    def _found_out(self, commits: Sequence[Commit], broken: Busy) -> list[Outcome]:
        """What became of commands whose COMMIT failed; the lock is taken, so that it cannot still be under way."""
        try:
            with self._recorder.locked() as transaction:
                known = transaction.look([commit.key for commit in commits], (), ()).receipts
        except Busy:
            return [Busy(NOT_KNOWN) for _ in commits]
        lost = Busy("the store broke off; nothing was recorded, try again")
        lost.__cause__ = broken.__cause__
        return [replay(commit.fingerprint, known[commit.key]) if commit.key in known else lost for commit in commits]


def _commits(tickets: Sequence[_Ticket]) -> list[Commit]:
    return [commit for ticket in tickets for commit in ticket.commits]


def _call(tickets: Sequence[_Ticket]) -> None:
    for ticket, following in pairwise(tickets):
        ticket.following = following
    if tickets:
        tickets[0].call()
