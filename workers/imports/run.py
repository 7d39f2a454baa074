"""One import: the whole file is checked, then what is new is recorded."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from domain.portfolio.events import PortfolioCreated
from store.event_store import EventStore
from workers.imports.jsonl import JsonLines
from workers.imports.lines import LineType, Refusal
from workers.imports.mapping import SourceMapping
from workers.imports.plan import NAMESPACE, Planned, Planner
from workers.imports.record import Recorder, Tell
from workers.imports.sentences import CannotImport, dotted, told
from workers.imports.snapshots import Snapshots


class Format(StrEnum):
    """How a file is written."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Destination:
    """The portfolio an import goes to."""

    id: UUID
    name: str
    currency: str | None = None


def new_portfolio(name: str) -> Destination:
    """The portfolio an import makes if there is none of this name: the same name, the same id."""
    return Destination(uuid5(NAMESPACE, name), name)


@dataclass(slots=True)
class Report:
    """What the file holds, and what was recorded of it."""

    portfolio: UUID
    lines: int = 0
    lines_by_type: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    skipped: int = 0
    unknown_words: dict[str, int] = field(default_factory=dict)
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    irregular: int = 0
    raised_times: int = 0

    def document(self) -> dict[str, Any]:
        """The report as JSON."""
        return asdict(self)


class Import:
    """A file on its way into a portfolio; made, it is checked and nothing is recorded yet."""

    def __init__(
        self, store: EventStore, path: Path, form: Format, mapping: SourceMapping, portfolio: Destination, now: datetime
    ) -> None:
        currency = mapping.money.currency if mapping.money else None
        if portfolio.currency and currency and portfolio.currency != currency:
            raise CannotImport(f"{portfolio.name} counts in {portfolio.currency}, the mapping in {currency}")
        self._store = store
        self._mapping = mapping
        self._portfolio = portfolio
        self._prefix = f"import:{portfolio.id}:{mapping.source}:"
        self._begins = PortfolioCreated(name=portfolio.name, currency=currency, source={"source": mapping.source})
        self._pending: list[Planned] = []
        self.report = Report(portfolio.id)
        self._check(path, form, now)

    def _check(self, path: Path, form: Format, now: datetime) -> None:
        recorded = self._recorded()
        reader = JsonLines(path) if form is Format.JSONL else Snapshots(path, self._mapping, recorded)
        planner = Planner(self._mapping, self._portfolio.id, now)
        for line in reader:
            try:
                self._sort(planner.plan(line), recorded)
            except ValidationError as error:
                self._refuse(line.number, told(error, dotted, lambda _: ()))
            except ValueError as error:
                if line.type is not LineType.ABSENT:
                    self._refuse(line.number, str(error))
        report = self.report
        report.lines, report.lines_by_type = reader.count, dict(Counter(reader.types))
        report.refused = sorted([*reader.refused, *report.refused], key=lambda refusal: refusal.line)
        report.facts = dict(self._facts())

    def _recorded(self) -> dict[str, str]:
        found = self._store.used_keys(self._prefix)
        return {key.removeprefix(self._prefix): fingerprint for key, fingerprint in found.items()}

    def _sort(self, planned: Planned, recorded: Mapping[str, str]) -> None:
        """A line that is new, was recorded before, or was another line then."""
        line, report, meaning = planned.line, self.report, planned.meaning
        before = recorded.get(line.mark)
        if before is None:
            self._pending.append(planned)
        elif before != line.fingerprint:
            self._refuse(
                line.number,
                f"seq {line.mark} was imported before with another content; facts never change, add a new line",
            )
            return
        elif line.type is not LineType.ABSENT:
            report.skipped += 1
        report.irregular += planned.irregular
        report.raised_times += planned.is_raised
        report.unreadable += [
            {"line": line.number, "field": name, "value": value} for name, value in meaning.unreadable
        ]
        if meaning.unknown_word:
            report.unknown_words[meaning.unknown_word] = report.unknown_words.get(meaning.unknown_word, 0) + 1

    def _refuse(self, line: int, reason: str) -> None:
        self.report.refused.append(Refusal(line, reason))

    def _facts(self) -> Counter[str]:
        found = Counter(event.fact_name for planned in self._pending for _, event in planned.facts)
        if self._pending and not self._store.versions([self._portfolio.id]):
            found[self._begins.fact_name] += 1
        return found

    def record(self, ids: Callable[[], UUID], tell: Tell) -> None:
        """Record every line that is new and was not refused."""
        recorder = Recorder(self._store, self._mapping.source, self._portfolio.id, self._begins, self._prefix, ids)
        recorder.record(self._pending, tell)
