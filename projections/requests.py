"""Queries about what projects ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.project.words import LIVE
from projections.bounds import View
from projections.dated import Cells, value_of
from projections.journal import actor_names
from projections.names import names_of
from projections.paging import Answer, Page, ordered, page_of
from projections.project_board import board, member_of
from projections.projects import members
from projections.request_board import ANSWER, REQUEST, requests


class RequestStatus(StrEnum):
    """What became of a request; it lapses when its project comes to an end."""

    OPEN = "open"
    FILLED = "filled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are asked for; `None` = any."""

    portfolio: UUID | None = None
    project: UUID | None = None
    status: RequestStatus | None = None


def list_requests(view: View, wanted: RequestFilter, page: Page) -> tuple[list[Answer], bool]:
    """The requests of projects in scope by the day from which somebody is needed, one page."""
    found = requests_of(view, wanted)
    shown, more = page_of(
        ordered(found, lambda each: each["starts_on"], lambda each: each["id"], descending=False), page
    )
    people = {UUID(each["answer"]["resource"]) for each in shown if each["answer"] and each["answer"]["resource"]}
    actors = actor_names(view, {told["by"] for each in shown for told in (each, each["answer"]) if told})
    names = {str(person): name for person, name in names_of(view, people).items()} | actors
    return [_named(each, names) for each in shown], more


def requests_of(view: View, wanted: RequestFilter) -> list[Answer]:
    """Every request that is wanted, in scope, without names of people."""
    asked = requests.cells(view, [wanted.project] if wanted.project else None)
    projects = sorted(project for project in asked if view.sees(project))
    held = [member_of(wanted.portfolio)] if wanted.portfolio else []
    cells = board.cells(view, projects, ["name", "state", *held])
    if wanted.portfolio:
        kept = set(members(cells, wanted.portfolio)) if view.sees(wanted.portfolio) else set()
        projects = [project for project in projects if project in kept]
    return [
        each
        for project in projects
        for each in _answers(asked[project], project, cells)
        if wanted.status in (None, each["status"])
    ]


def _answers(own: Mapping[str, Any], project: UUID, cells: Cells) -> Iterator[Answer]:
    lives = value_of(cells.get(project, {}), "state") in LIVE
    for aspect in sorted(aspect for aspect in own if aspect.startswith(REQUEST)):
        request = aspect.removeprefix(REQUEST)
        answer = value_of(own, f"{ANSWER}{request}")
        open_or_lapsed = RequestStatus.OPEN if lives else RequestStatus.LAPSED
        yield {
            "id": request,
            "project": str(project),
            "name": value_of(cells.get(project, {}), "name"),
            **value_of(own, aspect),
            "status": RequestStatus(answer["status"]) if answer else open_or_lapsed,
            "answer": {**dict.fromkeys(("resource", "share", "starts_on", "ends_on")), **answer} if answer else None,
        }


def _named(request: Answer, names: Mapping[str, str | None]) -> Answer:
    answer = request["answer"]
    told = {**answer, "by_name": names.get(answer["by"]), "name": names.get(answer["resource"])} if answer else None
    return {**request, "by_name": names.get(request["by"]), "answer": told}
