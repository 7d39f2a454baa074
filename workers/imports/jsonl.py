"""JSON lines: one change a line, in order."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from domain.kernel.types import Line as OneLine
from workers.imports.lines import Line, LineType, Refusal
from workers.imports.sentences import CannotImport, dotted, told
from workers.imports.values import SourceInstant

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHANGED = ".changed"
RENUMBERED = "item.renumbered"
OF_ITEM = (LineType.ADDED, LineType.REMOVED, LineType.RESTORED)


def _number_as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


class ChangeLine(BaseModel):
    """One line as it is written; members that are not listed here are kept as they are."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    seq: Annotated[int, Field(ge=0)]
    item_id: Annotated[OneLine, BeforeValidator(_number_as_text)]
    recorded_at: SourceInstant | None = None
    occurred_at: SourceInstant
    type: str
    field: OneLine | None = None
    from_: Any = Field(default=None, alias="from")
    to: Any = None
    initial: dict[str, Any] | None = None
    actor: Annotated[OneLine | None, BeforeValidator(_number_as_text)] = None
    reason: str | None = None

    def changed_field(self) -> str | None:
        """The field whose change this is; `None` if it is about the whole item."""
        if self.type == RENUMBERED:
            return self.field or "number"
        return self.type.removesuffix(CHANGED) if self.type.endswith(CHANGED) else None


class JsonLines:
    """The lines of a file; what cannot be read is in `refused`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_seq = -1
        self.count = 0
        self.refused: list[Refusal] = []
        self.types: list[str] = []

    def __iter__(self) -> Iterator[Line]:
        for number, raw in self._raw_lines():
            self.count += 1
            try:
                yield self._read(number, raw)
            except ValidationError as error:
                self.refused.append(Refusal(number, told(error, dotted, lambda _: ())))
            except ValueError as error:
                self.refused.append(Refusal(number, str(error)))

    def _raw_lines(self) -> Iterator[tuple[int, bytes]]:
        try:
            content = self._path.read_bytes().removeprefix(BYTE_ORDER_MARK)
        except OSError as error:
            raise CannotImport(f"{self._path} cannot be read: {error.strerror}") from None
        for number, raw in enumerate(content.split(b"\n"), start=1):
            if raw.strip():
                yield number, raw.removesuffix(b"\r")

    def _read(self, number: int, raw: bytes) -> Line:
        try:
            raw.decode("utf-8")
            found = from_json(raw, allow_inf_nan=False)
        except UnicodeDecodeError as error:
            raise ValueError(f"this is not UTF-8: byte {error.start + 1} is {raw[error.start]:#04x}") from None
        except ValueError as error:
            raise ValueError(f"this is not JSON: {error}") from None
        if not isinstance(found, dict):
            raise ValueError('expected a JSON object, such as {"seq": 1, …}')
        change = ChangeLine.model_validate(found)
        self.types.append(change.type)
        if change.seq <= self._last_seq:
            raise ValueError(f"seq {change.seq} stands behind seq {self._last_seq}; it has to grow from line to line")
        line = _line(number, raw, change)
        self._last_seq = change.seq
        return line


def _line(number: int, raw: bytes, change: ChangeLine) -> Line:
    field = change.changed_field()
    kind = LineType.CHANGED if field else _type_of(change)
    return Line(
        number=number,
        mark=str(change.seq),
        fingerprint=hashlib.sha256(raw).hexdigest(),
        type=kind,
        item=change.item_id,
        occurred_at=change.occurred_at,
        recorded_at=change.recorded_at,
        actor=change.actor,
        reason=change.reason,
        values=_values(change, field),
        before={field: change.from_} if field and "from_" in change.model_fields_set else None,
        rest={"seq": change.seq, "line": number} | (change.model_extra or {}),
        texts=change.model_extra or {},
    )


def _type_of(change: ChangeLine) -> LineType:
    if change.type not in OF_ITEM:
        raise ValueError(
            f"type: expected one of {', '.join(OF_ITEM)}, {RENUMBERED}, <field>{CHANGED}; got {change.type!r}"
        )
    return LineType(change.type)


def _values(change: ChangeLine, field: str | None) -> dict[str, Any]:
    if field is None:
        if change.type == LineType.ADDED and change.initial is None:
            raise ValueError("initial: expected an object with the first values of the item")
        return change.initial or {}
    if change.field not in (None, field):
        raise ValueError(f"field: expected {field!r}, as the type says; got {change.field!r}")
    if "to" not in change.model_fields_set:
        raise ValueError("to: is missing; null says that the field became empty")
    return {field: change.to}
