"""Streams that were read lately, so that of them only newer facts are read and decoded."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from uuid import UUID

from domain.kernel.event import Recorded

MOST_FACTS = 20_000
History = tuple[Recorded, ...]


class Histories:
    """Remembers whole histories, those used last; what is stored never changes, so none can be wrong, only short.

    `read_behind` gives the facts of a stream behind a version.
    """

    def __init__(self, read_behind: Callable[[UUID, int], Iterable[Recorded]], most_facts: int = MOST_FACTS) -> None:
        self._read_behind = read_behind
        self._most_facts = most_facts
        self._lock = threading.Lock()
        self._kept: OrderedDict[UUID, History] = OrderedDict()
        self._facts = 0

    def of(self, stream: UUID) -> History:
        """All facts of a stream, by version; the newest are always asked for."""
        known = self._kept.get(stream, ())
        found = (*known, *self._read_behind(stream, len(known)))
        if found:
            self._keep(stream, found)
        return found

    def at(self, stream: UUID, version: int) -> History:
        """All facts of a stream, at least up to a version; asked for only if they are not kept."""
        known = self._kept.get(stream, ())
        return known if len(known) >= version else self.of(stream)

    def _keep(self, stream: UUID, found: History) -> None:
        with self._lock:
            kept = self._kept.pop(stream, ())
            self._kept[stream] = max(kept, found, key=len)
            self._facts += len(self._kept[stream]) - len(kept)
            while self._facts > self._most_facts:
                self._facts -= len(self._kept.popitem(last=False)[1])
