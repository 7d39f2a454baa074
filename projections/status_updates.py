"""Status updates as they were published: each with the figures that were frozen with it, and what superseded it."""

from typing import Any
from uuid import UUID

from pydantic_core import from_json

from domain.project.events import StatusReported
from projections.bounds import View
from projections.journal import Wanted, actor_names, stored
from projections.paging import Answer, Page

SAID = ("overall", "schedule", "cost", "scope", "resource", "text", "path_to_green", "source_word")
ENVELOPE = ("event_id", "actor", "role", "occurred_at", "recorded_at")


def status_updates(view: View, project: UUID, page: Page) -> tuple[list[Answer], bool]:
    """One page of the updates of a component, newest first."""
    rows, more = stored(view, Wanted(subject=project, fact=StatusReported.fact_name), page, newest_first=True)
    updates = [(position, from_json(document), superseded_by) for position, document, superseded_by in rows]
    names = actor_names(view, {document["actor"] for _, document, _ in updates})
    return [_answer(*update, names) for update in updates], more


def _answer(position: int, document: Answer, superseded_by: UUID | None, names: dict[str, str]) -> dict[str, Any]:
    data = document["data"]
    return {
        **{member: document[member] for member in ENVELOPE},
        "position": position,
        "actor_name": names.get(document["actor"]),
        **{member: data[member] for member in SAID},
        "figures": data.get("figures"),
        "supersedes": data.get("supersedes"),
        "superseded_by": str(superseded_by) if superseded_by else None,
    }
