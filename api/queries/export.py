"""The audit trail as a file."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from api.context import PREFIX
from api.queries.trail import WantedOf
from api.reading import DeskOf
from projections.changes import every_audited
from projections.export import Format, write
from projections.paging import Answer

router = APIRouter(prefix=PREFIX, tags=["why"])
MEDIA_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.JSONL: "application/jsonl; charset=utf-8"}
IN_MEMORY = 1_000_000
"""Bytes up to which a file is not laid on the disk."""
CHUNK = 64 * 1024
COLUMNS = (
    "position",
    "event_id",
    "name",
    "stream_id",
    "version",
    "subjects",
    "occurred_at",
    "recorded_at",
    "stored_at",
    "actor",
    "role",
    "correlation_id",
    "causation_id",
    "inputs_position",
    "code",
    "text",
    "changes",
    "data",
)


@router.get("/audit/export", responses={200: {"content": {each: {} for each in MEDIA_TYPES.values()}}})
def export(
    wanted: WantedOf,
    desk: DeskOf,
    format: Annotated[Format, Query(description="csv, or jsonl: a JSON object a line")] = Format.JSONL,
) -> StreamingResponse:
    """Every fact that `/audit` would list, newest first.

    `X-Count` is how many, `X-SHA256` that of the bytes before compression, `X-Position` the position the file is
    complete up to. The file is written before it is sent: so the headers can tell what will have arrived.
    """
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    with desk.view() as view:
        written = write(map(flat, every_audited(view, wanted)), format, COLUMNS, file)
        upto = view.upto
    headers = {
        "X-Count": str(written.rows),
        "X-SHA256": written.sha256,
        "X-Position": str(upto),
        "Content-Disposition": f'attachment; filename="audit-{upto}.{format}"',
    }
    return StreamingResponse(_sent(file), media_type=MEDIA_TYPES[format], headers=headers)


def flat(fact: Answer) -> dict[str, Any]:
    """A fact with code and text of its reason beside it, as columns."""
    why = fact["rationale"] or {}
    return {**fact, "code": why.get("code"), "text": why.get("text")}


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk
