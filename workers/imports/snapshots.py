"""CSV: a row is a dated snapshot of one item."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from domain.kernel.instants import rfc3339
from workers.imports.lines import Line, LineType, Refusal
from workers.imports.mapping import Absent, Columns, SourceMapping
from workers.imports.sentences import CannotImport
from workers.imports.values import EXPECTED_INSTANT, SourceInstant, one_line

INSTANT: TypeAdapter[datetime] = TypeAdapter(SourceInstant)
ORDER = 'with absent = "remove" the snapshots have to follow each other in order of date'


def absence_mark(at: datetime, item: str) -> str:
    """What tells the absence of an item from a snapshot apart from every row."""
    return f"absent:{rfc3339(at)}:{item}"


class Snapshots:
    """The rows of a file, and what they say by an item's absence; what cannot be read is in `refused`.

    `recorded` are the marks of an earlier import: an absence that was recorded then stays a fact,
    even if a longer file has a row of that date after all, which brings the item back. While a row
    cannot be read nothing is concluded from absence.
    """

    def __init__(self, path: Path, mapping: SourceMapping, recorded: Collection[str]) -> None:
        if mapping.columns is None:
            raise CannotImport("a CSV file needs [columns] in its mapping, with item and occurred_at")
        self._path = path
        self._columns: Columns = mapping.columns
        self._removes = mapping.snapshot.absent is Absent.REMOVE
        self._required = mapping.required_columns()
        self._fields = mapping.named_fields()
        self._recorded = recorded
        self.count = 0
        self.refused: list[Refusal] = []

    @property
    def types(self) -> list[str]:
        """The type of each row that can be read."""
        return [LineType.SNAPSHOT] * (self.count - len(self.refused))

    def __iter__(self) -> Iterator[Line]:
        rows = list(self._rows())
        return self._with_absences(rows) if self._removes and not self.refused else iter(rows)

    def _with_absences(self, rows: Sequence[Line]) -> Iterator[Line]:
        present: dict[datetime, set[str]] = {}
        for row in rows:
            present.setdefault(row.occurred_at, set()).add(row.item)
        held: dict[str, None] = {}
        at = None
        for row in rows:
            if row.occurred_at != at:
                at = row.occurred_at
                for item in list(held):
                    if item not in present[at] or absence_mark(at, item) in self._recorded:
                        del held[item]
                        yield _absence(row, item)
            held[row.item] = None
            yield row

    def _rows(self) -> Iterator[Line]:
        latest: datetime | None = None
        records = self._records()
        header = self._header(next(records, (1, csv.Error("it is empty")))[1])
        for number, cells in records:
            self.count += 1
            try:
                row = self._row(number, header, cells)
                if self._removes and latest and row.occurred_at < latest:
                    raise ValueError(f"dated {row.occurred_at.date()}, before the row before it; {ORDER}")
            except ValueError as error:
                self.refused.append(Refusal(number, str(error)))
            else:
                latest = row.occurred_at
                yield row

    def _records(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        """Each record with its first physical line; the header is the first one."""
        reader = csv.reader(io.StringIO(self._text(), newline=""), strict=True)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, error
            else:
                if cells:
                    yield number, cells

    def _text(self) -> str:
        try:
            content = self._path.read_bytes()
            return content.decode("utf-8-sig")
        except OSError as error:
            raise CannotImport(f"{self._path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise CannotImport(
                f"{self._path} is not UTF-8: line {line} holds the byte {content[error.start]:#04x}"
            ) from None

    def _header(self, cells: list[str] | csv.Error) -> list[str]:
        if isinstance(cells, csv.Error):
            raise CannotImport(f"{self._path} has no header that can be read: {cells}")
        header = [cell.strip() for cell in cells]
        twice = [column for column, times in Counter(header).items() if times > 1]
        if twice or "" in header:
            raise CannotImport(f"{self._path}: each column needs a name of its own; {(twice or [''])[0]!r} is none")
        missing = [column for column in self._required if column not in header]
        if missing:
            raise CannotImport(
                f"{self._path} has no column {', '.join(map(repr, missing))}, which the mapping names; "
                f"its columns are {', '.join(header)}"
            )
        return header

    def _row(self, number: int, header: list[str], cells: list[str] | csv.Error) -> Line:
        if isinstance(cells, csv.Error):
            raise ValueError(f"this is not CSV: {cells}")
        if len(cells) != len(header):
            raise ValueError(f"expected {len(header)} cells, as in the header; got {len(cells)}")
        row = dict(zip(header, cells, strict=True))
        named, columns = self._columns.named(), self._columns
        return Line(
            number=number,
            mark=str(self.count),
            fingerprint=hashlib.sha256(to_json(row)).hexdigest(),
            type=LineType.SNAPSHOT,
            item=_item(row, columns.item),
            occurred_at=_instant(row, columns.occurred_at),
            recorded_at=_instant(row, columns.recorded_at)
            if columns.recorded_at and row[columns.recorded_at]
            else None,
            actor=row[columns.actor] if columns.actor else None,
            reason=row[columns.reason] if columns.reason else None,
            values={field: row[field] for field in row if field in self._fields or field not in named},
            rest={"seq": self.count, "line": number},
            texts=row,
        )


def _instant(row: dict[str, str], column: str) -> datetime:
    try:
        return INSTANT.validate_python(row[column])
    except ValidationError:
        raise ValueError(f"{column}: {EXPECTED_INSTANT}; got {row[column]!r}") from None


def _item(row: dict[str, str], column: str) -> str:
    try:
        return one_line(row[column])
    except ValidationError:
        raise ValueError(f"{column}: expected the id of the item; got {row[column]!r}") from None


def _absence(row: Line, item: str) -> Line:
    """The item is missing from the snapshot that begins with this row."""
    mark = absence_mark(row.occurred_at, item)
    return Line(
        number=row.number,
        mark=mark,
        fingerprint=hashlib.sha256(mark.encode()).hexdigest(),
        type=LineType.ABSENT,
        item=item,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        actor=None,
        reason=f"Missing from the snapshot of {row.occurred_at.date()}; the source gives no reason.",
        rest={"snapshot": rfc3339(row.occurred_at)},
    )
