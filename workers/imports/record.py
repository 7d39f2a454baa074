"""Planned lines become facts in the store, a chunk a transaction."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from domain.identity.words import Role
from domain.kernel.aggregate import fold
from domain.kernel.decide import Commit
from domain.kernel.event import Event, Fact
from domain.kernel.refusal import Conflict, Refused
from domain.portfolio.events import ComponentAdded, ComponentRemoved, ComponentRestored, PortfolioCreated
from domain.portfolio.portfolio import Portfolio, between
from store.event_store import EventStore
from workers.imports.plan import Planned

CHUNK = 250
ATTEMPTS = 20
Tell = Callable[[int, int], None]


class Order:
    """Who stands where in the portfolio: as the store has it, and the facts on their way."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._members = portfolio.members
        self._portfolio = portfolio
        self._last = max([*portfolio.members.values(), *portfolio.removed.values()], default=None)

    def placed(self, event: Event) -> Event:
        """The event with the place its component takes; any other event as it is."""
        if isinstance(event, ComponentAdded | ComponentRestored):
            return event.model_copy(update={"order": self._take(event.component)})
        if isinstance(event, ComponentRemoved) and event.component in self._members:
            self._portfolio.removed[event.component] = self._members.pop(event.component)
        return event

    def _take(self, component: UUID) -> Decimal:
        if component in self._members:
            return self._members[component]
        if component in self._portfolio.removed:
            order = self._portfolio.restored_order(component)
            del self._portfolio.removed[component]
        else:
            order = between(self._last, None)
        self._last = order if self._last is None else max(order, self._last)
        self._members[component] = order
        return order


class Recorder:
    """Records lines of one source in one portfolio, which begins with the first of them if it is new.

    `prefix` begins the key of each line, so that a line is recorded once, whatever happens.
    """

    def __init__(
        self,
        store: EventStore,
        source: str,
        portfolio: UUID,
        begins: PortfolioCreated,
        prefix: str,
        ids: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._source = source
        self._portfolio = portfolio
        self._begins = begins
        self._prefix = prefix
        self._new_id = ids
        self._versions: dict[UUID, int] = {}

    def record(self, lines: Sequence[Planned], tell: Tell) -> None:
        """Record all lines, in chunks. Raises `Refused` if that fails; run again, it goes on there."""
        for start in range(0, len(lines), CHUNK):
            chunk = lines[start : start + CHUNK]
            self._record_chunk(chunk)
            tell(start + len(chunk), len(lines))

    def _record_chunk(self, lines: Sequence[Planned]) -> None:
        for _ in range(ATTEMPTS):
            if not self._versions:
                self._order = Order(fold(Portfolio, self._portfolio, self._store.history(self._portfolio)))
            self._read_versions(lines)
            outcomes = self._store.append_all([self._commit(planned) for planned in lines])
            refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
            if not refused:
                return
            if not isinstance(refused[0], Conflict):
                raise refused[0]
            lines = [line for line, outcome in zip(lines, outcomes, strict=True) if isinstance(outcome, Refused)]
            self._versions = {}
        raise Refused("others kept changing the portfolio; what is missing is recorded when the import runs again")

    def _read_versions(self, lines: Sequence[Planned]) -> None:
        streams = {self._portfolio, *(stream for planned in lines for stream, _ in planned.facts)}
        unread = [stream for stream in streams if stream not in self._versions]
        self._versions |= dict.fromkeys(unread, 0) | self._store.versions(unread)

    def _commit(self, planned: Planned) -> Commit:
        key = self._prefix + planned.line.mark
        facts = list(planned.facts)
        if not self._versions[self._portfolio]:
            facts.insert(0, (self._portfolio, self._begins))
        expected = {stream: self._versions[stream] for stream, _ in facts}
        for stream, _ in facts:
            self._versions[stream] += 1
        return Commit(
            key=key,
            fingerprint=planned.line.fingerprint,
            receipt_for=planned.project,
            facts=tuple(self._fact(planned, stream, event, key) for stream, event in facts),
            expected=expected,
        )

    def _fact(self, planned: Planned, stream: UUID, event: Event, key: str) -> Fact:
        line = planned.line
        return Fact(
            event_id=self._new_id(),
            stream_id=stream,
            event=self._order.placed(event),
            occurred_at=planned.occurred_at,
            recorded_at=line.recorded_at or line.occurred_at,
            actor=f"{self._source}:{line.actor.strip()}" if line.actor and line.actor.strip() else self._source,
            role=Role.INTEGRATION,
            correlation_id=key,
        )
