"""Rounds of SIGKILL against a pipe under load."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic

from tests.faults.crowd import Crowd
from tests.faults.reckoning import Feed
from tests.pipe import Pipe
from tests.servers import Server

LONGEST_MOMENT = 0.4
BACK_SECONDS = 60


class Siege:
    """Kills one process a round at a random moment, starts it again, and waits until commands flow."""

    def __init__(self, pipe: Pipe, crowd: Crowd, broker: Server, database: Server, chance: random.Random) -> None:
        self.pipe = pipe
        self.crowd = crowd
        self.rounds: Counter[str] = Counter()
        self.slowest: dict[str, float] = {}
        self._chance = chance
        self._feed = Feed(pipe)
        self._restart: dict[str, Callable[[], None]] = {
            **{name: (lambda name=name: pipe.restart(name)) for name in pipe.processes},
            "broker": lambda: _restart(broker),
            "postgres": lambda: _restart(database),
        }

    def targets(self) -> list[str]:
        """Everything that can be killed."""
        return sorted(self._restart)

    def round(self, name: str) -> None:
        """Kill it, start it again; over when a command given after that is seen and sent on."""
        threading.Event().wait(self._chance.uniform(0, LONGEST_MOMENT))
        killed = monotonic()
        self._restart[name]()
        self._flows_again(killed, name)
        self.rounds[name] += 1
        self.slowest[name] = max(self.slowest.get(name, 0), monotonic() - killed)

    def check(self) -> None:
        """Read the feed on: everything acknowledged by now is there once."""
        self.crowd.complain()
        acknowledged = [each for client in self.crowd.clients for each in list(client.book.acknowledged)]
        self._feed.read_on()
        self._feed.holds(acknowledged)

    def _flows_again(self, killed: float, name: str) -> None:
        before = self.crowd.acknowledged()
        everybody = len(self.crowd.clients)
        _until(lambda: self.crowd.acknowledged() >= before + everybody, f"no command after {name}")
        newest = self.crowd.newest()
        _until(lambda: self.pipe.shows(newest.token), f"nothing seen after {name}")
        _until(lambda: self.pipe.sent() >= newest.position, f"nothing sent on after {name}")
        assert not self.pipe.ended()


def _restart(server: Server) -> None:
    server.kill()
    server.start()


def _until(holds: Callable[[], bool], complaint: str) -> None:
    waiting = threading.Event()
    deadline = monotonic() + BACK_SECONDS
    while not holds():
        assert monotonic() < deadline, f"{complaint} within {BACK_SECONDS} s"
        waiting.wait(0.02)
