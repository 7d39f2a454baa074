"""What each component is evaluated under, and what its scorers gave it, at any moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from uuid import UUID

from domain.kernel.event import Recorded
from domain.kernel.scores import computed
from domain.kernel.scoring import Aggregation, ModelKey
from domain.project import events as e
from domain.project.scoring_events import ProjectScored, ProjectScoreOverridden, Under, only_one
from projections.bounds import View
from projections.dated import Cell, Cells, Change, DatedChanges, value_of

scores = DatedChanges("score_board")
EVALUATION, ROUND = "evaluation", "round"
GIVEN, OVERRIDDEN = "score", "score_override"


def _aspect(kind: str, under: Under, scorer: str = "") -> str:
    """The aspect of what one scorer (a person's id) gave under a model, or of what stands in the place of it all."""
    return f"{kind}:{under.portfolio}:{under.model.version}:{scorer}:{under.model.name}"


@lru_cache(maxsize=10_000)  # a thousand components are scored by few, under few models
def _of(aspect: str) -> tuple[str, Under, str]:
    """Kind, model and scorer of such an aspect."""
    kind, portfolio, version, scorer, name = aspect.split(":", 4)
    return kind, Under(UUID(portfolio), ModelKey(name, int(version))), scorer


@scores.on(e.ProjectEvaluationStarted)
def evaluation_started(event: e.ProjectEvaluationStarted, fact: Recorded) -> Iterable[Change]:
    """A round of scores begins; what was given before is history."""
    yield Change(fact.stream_id, ROUND, True)
    yield _evaluated(event, fact)


@scores.on(e.ProjectReEvaluated)
def re_evaluated(event: e.ProjectReEvaluated, fact: Recorded) -> Iterable[Change]:
    """It is taken up again, and its scores with it."""
    yield _evaluated(event, fact)


@scores.on(ProjectScored)
def scored(event: ProjectScored, fact: Recorded) -> Iterable[Change]:
    """A scorer gave it a score."""
    said = event.model_dump(mode="json", include={"values", "bucket", "score", "aggregation"})
    yield Change(fact.stream_id, _aspect(GIVEN, event.under, fact.actor), said)


@scores.on(ProjectScoreOverridden)
def overridden(event: ProjectScoreOverridden, fact: Recorded) -> Iterable[Change]:
    """Another score holds than the computed one, or that one again."""
    score = None if event.score is None else f"{event.score:f}"
    yield Change(fact.stream_id, _aspect(OVERRIDDEN, event.under), score)


def _evaluated(event: e.ProjectEvaluationStarted | e.ProjectReEvaluated, fact: Recorded) -> Change:
    model = event.scoring_model
    told = {
        "name": model.name,
        "version": model.version,
        "method": model.method,
        "portfolio": str(event.portfolio) if event.portfolio else None,
        "scorers": list(map(str, event.scorers)),
    }
    return Change(fact.stream_id, EVALUATION, told)


@dataclass
class Standing:
    """How a component stands under a version of a model: `given` by scorer, and what stands in its place, if anything.

    Where scorers are `assigned`, they alone count.
    """

    assigned: tuple[str, ...] = ()
    given: dict[str, Cell] = field(default_factory=dict)
    override: Cell | None = None

    @cached_property
    def computed(self) -> Decimal | None:
        """What the scorers came to together; `None` while anything is missing."""
        if not self.given:
            return None
        said, *_ = next(iter(self.given.values()))
        return computed(Aggregation(said["aggregation"]), self.scores(), self.assigned)

    @property
    def score(self) -> Decimal | None:
        """The score that holds."""
        return Decimal(self.override[0]) if self.override else self.computed

    def counting(self) -> tuple[str, ...]:
        """Whose scores count."""
        return self.assigned or tuple(self.given)

    def scores(self) -> dict[str, Decimal | None]:
        """What each scorer's values came to, `None` where some are missing."""
        return {
            scorer: None if (score := cell[0]["score"]) is None else Decimal(score)
            for scorer, cell in self.given.items()
        }


def assigned_to(cells: Mapping[str, Cell]) -> tuple[str, ...]:
    """Who alone scores a component; nobody named = whoever may."""
    evaluation = value_of(cells, EVALUATION)
    return tuple(evaluation["scorers"]) if evaluation else ()


def _in_round(cells: Mapping[str, Cell]) -> Iterable[tuple[str, Under, str, Cell]]:
    """What was given to a component in the present round: kind, model, scorer and cell."""
    began = cells[ROUND][1:] if ROUND in cells else [0, 0]
    for aspect, cell in cells.items():
        if aspect not in (EVALUATION, ROUND) and cell[1:] >= began:
            yield *_of(aspect), cell


def standings(cells: Mapping[str, Cell]) -> dict[Under, Standing]:
    """How a component stands under every model it was scored by in the present round."""
    found = {under: standing_of(cells, under) for under in dict.fromkeys(under for _, under, *_ in _in_round(cells))}
    return {under: standing for under, standing in found.items() if standing.given or standing.override}


def standing_of(cells: Mapping[str, Cell], under: Under) -> Standing:
    """How a component stands under a model in the present round, also if nobody scored it so."""
    standing = Standing(assigned_to(cells))
    for kind, own, scorer, cell in _in_round(cells):
        if own == under and kind == GIVEN:
            standing.given[scorer] = cell
        elif own == under and cell[0] is not None:
            standing.override = cell
    return standing


def score_of(view: View, cells: Mapping[str, Cell]) -> Decimal | None:
    """The score of a component under the model of its evaluation, if the portfolio whose it is may be seen."""
    evaluation = value_of(cells, EVALUATION)
    if not evaluation:
        return None
    model, portfolio = ModelKey(evaluation["name"], evaluation["version"]), evaluation["portfolio"]
    found = {under: standing for under, standing in standings(cells).items() if under.model == model}
    found = {under: standing for under, standing in found.items() if view.sees(under.portfolio)}
    under = only_one(found, UUID(portfolio) if portfolio else None)
    return found[under].score if under else None


def with_scores(view: View, cells: Cells) -> Cells:
    """The same with the score of each component among its aspects, as decimal text."""
    found = scores.cells(view, sorted(cells))
    told = {each: score_of(view, own) for each, own in found.items()}
    return {
        each: {**own, "score": [f"{score:f}", 0, 0]} if (score := told.get(each)) is not None else own
        for each, own in cells.items()
    }
