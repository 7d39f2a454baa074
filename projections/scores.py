"""Queries about scores: what a component's scorers gave it, and the order that makes in a portfolio."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.kernel.instants import from_micros, rfc3339
from domain.kernel.scores import bucket_of, ranks, spread
from domain.kernel.scoring import BUCKET, Method
from domain.project.scoring_events import Under
from projections.bounds import View
from projections.dated import Cell, value_of
from projections.journal import actor_names, decisions_at, first_fact_at, is_known
from projections.paging import Answer, Page, page_of
from projections.portfolio_board import portfolios
from projections.project_board import board, held_once
from projections.projects import held_by
from projections.score_board import SCORED, Scored, Standing, scores
from projections.scoring_models import Model, asked_model, models_of, told

NOT_SCORED = Scored()
"""What nobody evaluated or scored."""


class Row(NamedTuple):
    """A component and how it stands; `rank` is the place of its score, `None` without one."""

    project: UUID
    standing: Standing
    rank: int | None


def portfolio_scores(
    view: View, portfolio: UUID, name: str | None, version: int | None, page: Page
) -> tuple[list[Answer], bool]:
    """One page of what a portfolio holds, by score under a version of one of its models; what has none comes last."""
    model = asked_model(view, portfolio, portfolios.cells(view, [portfolio]).get(portfolio, {}), name, version)
    components = held_by(view, portfolio, ["name", "key", "state"])
    shown, more = page_of(ranked(view, portfolio, model, list(components)) if model else [], page)
    tell = Teller(view, [row.standing for row in shown])
    return [
        {
            "project": {"id": str(row.project), "kind": "project", "name": value_of(components[row.project], "name")},
            "key": value_of(components[row.project], "key"),
            "state": value_of(components[row.project], "state"),
            "score_rank": row.rank,
            **tell(row.standing, model),
        }
        for row in shown
    ], more


def ranked(view: View, portfolio: UUID, model: Model, projects: Sequence[UUID]) -> list[Row]:
    """How each of these stands under the model, the highest score first, those without one last, by id."""
    found = standings_under(view, portfolio, model, projects)
    known = {each: standing.score for each, standing in found.items()}
    places = ranks([score for score in known.values() if score is not None])
    rows = [
        Row(each, standing, None if (score := known[each]) is None else places[score])
        for each, standing in found.items()
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.project))


def standings_under(view: View, portfolio: UUID, model: Model, projects: Sequence[UUID]) -> dict[UUID, Standing]:
    """How each of these stands under the model."""
    found, under = scores.derived(view, SCORED, ever_with=held_once(portfolio)), Under(portfolio, model.key)
    return {each: found.get(each, NOT_SCORED).under(under) for each in projects}


def asked_of_portfolio(view: View, portfolio: UUID, name: str | None, version: int | None) -> Answer:
    """The model that the scores of a portfolio are told under, `null` if it has none."""
    model = asked_model(view, portfolio, portfolios.cells(view, [portfolio]).get(portfolio, {}), name, version)
    return {"scoring_model": told(model) if model else None}


def project_scores(view: View, project: UUID) -> Answer | None:
    """What a component is evaluated under, and how it stands under every model it was scored by in this round.

    `None` if no fact ever named it.
    """
    if not view.sees(project) or not is_known(view, project, [f"{board.name}_latest"]):
        return None
    own = scores.derived(view, SCORED, [project]).get(project, NOT_SCORED)
    found = {under: each for under, each in own.standings.items() if view.sees(under.portfolio)}
    models = {portfolio: models_of(view, portfolio) for portfolio in {under.portfolio for under in found}}
    tell = Teller(view, found.values())
    name = value_of(board.cells(view, [project], ["name"]).get(project, {}), "name")
    items = [
        {
            "portfolio": str(under.portfolio),
            "scoring_model": {"name": under.model.name, "version": under.model.version},
            **tell(standing, models[under.portfolio].get(under.model)),
        }
        for under, standing in sorted(found.items(), key=lambda pair: (pair[0].portfolio, pair[0].model))
    ]
    answer = {"id": str(project), "name": name, "evaluation": _evaluation(view, own.evaluation), "items": items}
    return (
        answer
        if name is not None or own is not NOT_SCORED
        else {**answer, "first_fact_at": first_fact_at(view, project)}
    )


def _evaluation(view: View, cell: Cell | None) -> Answer | None:
    if cell is None:
        return None
    evaluation, started_at, _ = cell
    names = actor_names(view, set(evaluation["scorers"]))
    portfolio = evaluation["portfolio"]
    return {
        "scoring_model": {"name": evaluation["name"], "version": evaluation["version"]},
        "portfolio": portfolio if portfolio and view.sees(UUID(portfolio)) else None,
        "scorers": [{"scorer": each, "name": names.get(each)} for each in evaluation["scorers"]],
        "started_at": rfc3339(from_micros(started_at)),
    }


class Teller:
    """Tells standings, with the names of their scorers and the decisions that override them."""

    def __init__(self, view: View, standing: Iterable[Standing]) -> None:
        every = list(standing)
        self._names = actor_names(view, {scorer for each in every for scorer in {*each.given, *each.assigned}})
        self._decisions = decisions_at(view, {each.override[2] for each in every if each.override})

    def __call__(self, standing: Standing, model: Model | None) -> Answer:
        """One of them, under a model whose names tell what is missing."""
        score, computed = standing.score, standing.computed
        said = [each for scorer in standing.counting() if (each := standing.scores().get(scorer)) is not None]
        is_moscow = model is not None and model.said.method is Method.MOSCOW
        return {
            "score": _text(score),
            "computed": _text(computed),
            "override": self._override(standing),
            "bucket": bucket_of(score) if is_moscow and score is not None else None,
            "spread": _spread(said) if computed is not None else None,
            "by_scorer": [self._given(standing, scorer) for scorer in sorted(standing.given)],
            "missing": self._missing(standing, model.said.asks) if model else [],
        }

    def _override(self, standing: Standing) -> Answer | None:
        cell = standing.override
        return {"score": cell[0], "decision": self._decisions.get(cell[2])} if cell else None

    def _given(self, standing: Standing, scorer: str) -> Answer:
        cell = standing.given[scorer]
        return {
            "scorer": scorer,
            "name": self._names.get(scorer),
            "counts": scorer in standing.counting(),
            "score": cell[0]["score"],
            "values": cell[0]["values"],
            "bucket": cell[0]["bucket"],
            "scored_at": rfc3339(from_micros(cell[1])),
        }

    def _missing(self, standing: Standing, asks: Sequence[str]) -> list[Answer]:
        """What nobody has said yet, by scorer; of a component without any, what a scorer would have to say."""
        lacking = [
            (scorer, asked)
            for scorer in standing.counting()
            for asked in asks
            if asked not in _said(standing.given.get(scorer))
        ]
        if not standing.counting():
            return [{"scorer": None, "name": None, "value": asked} for asked in asks]
        return [{"scorer": scorer, "name": self._names.get(scorer), "value": asked} for scorer, asked in lacking]


def _said(cell: Cell | None) -> set[str]:
    if cell is None:
        return set()
    return {*cell[0]["values"], *([BUCKET] if cell[0]["bucket"] else [])}


def _spread(said: Sequence[Decimal]) -> dict[str, Any]:
    return spread(said).model_dump(mode="json")


def _text(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:f}"
