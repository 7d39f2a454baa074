"""The figures of one process, and of the pipe behind it, for Prometheus."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric

from api.context import Context
from api.standing import look
from store.append_queue import Appended

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
COMMANDS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """Counts what the process does; asks how the pipe stands when it is scraped."""

    def __init__(self, context: Context) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(Pipe(context))
        self._requests = self._counter("requests", "Requests answered", "method", "route", "status")
        self._request_seconds = self._histogram("request_seconds", "Time to answer", SECONDS, "method", "route")
        self._append_seconds = self._histogram("append_seconds", "Time of one grouped append", SECONDS)
        self._append_wait = self._histogram("append_wait_seconds", "Time a command waited to be appended", SECONDS)
        self._group = self._histogram("append_group_commands", "Commands in one grouped append", COMMANDS)
        self._conflicts = self._counter("append_conflicts", "Commands decided on a state that had moved on")
        self._read_wait = self._histogram("read_wait_seconds", "Time a read waited for a write to show", SECONDS)
        context.store.queue.observe = self.appended

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def appended(self, group: Appended) -> None:
        """A group of commands was recorded or refused."""
        self._append_seconds.observe(group.seconds)
        self._group.observe(group.commands)
        self._conflicts.inc(group.conflicts)
        for seconds in group.waited:
            self._append_wait.observe(seconds)

    def waited(self, seconds: float) -> None:
        """A read waited until the read models had passed a write."""
        self._read_wait.observe(seconds)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"whyfolio_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"whyfolio_{name}", text, labels, registry=self.registry, buckets=buckets)


class Pipe:
    """What is asked of the databases at each scrape; a figure that does not apply is left out."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def describe(self) -> Iterator[Metric]:
        """Nothing ahead of the first scrape, so that registering asks no database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The gauges of this moment."""
        found = look(self._context)
        figures: tuple[tuple[str, str, float | None], ...] = (
            ("store_position", "Newest position in the store", found.head),
            ("projection_position", "Position up to which the read models are complete", found.position),
            ("projection_lag_facts", "Facts the read models have not taken in", found.projection.facts),
            ("projection_lag_seconds", "Age of the oldest of them", found.projection.seconds),
            ("relay_lag_facts", "Facts not sent to the stream", found.relay.facts if found.relay else None),
            ("relay_lag_seconds", "Age of the oldest of them", found.relay.seconds if found.relay else None),
            ("parked_facts", "Facts that could not be applied, and those that wait behind them", found.parked),
            ("rebuild_progress_ratio", "How much of a rebuild is done, 0 to 1", found.rebuilt),
            ("pipe_up", "1 if relay and projectors are at work", 0.0 if found.error else 1.0),
        )
        for name, text, value in figures:
            if value is not None:
                yield GaugeMetricFamily(f"whyfolio_{name}", text, value=float(value))
