"""What each component is evaluated under, and what its scorers gave it, at any moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from uuid import UUID

from domain.kernel.event import Recorded
from domain.kernel.scores import computed, together
from domain.kernel.scoring import Aggregation, ModelKey
from domain.project import events as e
from domain.project.scoring_events import ProjectScored, ProjectScoreOverridden, Under, only_one
from projections.bounds import View
from projections.dated import Cell, Cells, Change, DatedChanges, Derived

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
    _by_criterion: dict[tuple[str, Aggregation], Decimal | None] = field(
        default_factory=dict, repr=False, compare=False
    )

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

    def under_criterion(self, name: str, how: Aggregation) -> Decimal | None:
        """What all whose scores count gave under one criterion, brought together; `None` while anything is missing."""
        if (name, how) not in self._by_criterion:
            told = [self.given[each][0]["values"].get(name) if each in self.given else None for each in self.counting()]
            said = [Decimal(each) for each in told if each is not None]
            self._by_criterion[name, how] = together(how, said) if said and len(said) == len(told) else None
        return self._by_criterion[name, how]

    def scores(self) -> dict[str, Decimal | None]:
        """What each scorer's values came to, `None` where some are missing."""
        return {
            scorer: None if (score := cell[0]["score"]) is None else Decimal(score)
            for scorer, cell in self.given.items()
        }


@dataclass(frozen=True)
class Scored:
    """The cell of what a component is evaluated under, and how it stands under every model it was scored by in the
    present round.
    """

    evaluation: Cell | None = None
    standings: Mapping[Under, Standing] = field(default_factory=dict)

    @property
    def assigned(self) -> tuple[str, ...]:
        """Who alone scores it; nobody named = whoever may."""
        return tuple(self.evaluation[0]["scorers"]) if self.evaluation else ()

    def under(self, under: Under) -> Standing:
        """How it stands under a model, also if nobody scored it so."""
        return self.standings.get(under) or Standing(self.assigned)

    def score(self, view: View) -> Decimal | None:
        """The score under the model of its evaluation, if the portfolio whose it is may be seen."""
        if not self.evaluation:
            return None
        said = self.evaluation[0]
        model, portfolio = ModelKey(said["name"], said["version"]), said["portfolio"]
        seen = [each for each in self.standings if each.model == model and view.sees(each.portfolio)]
        under = only_one(seen, UUID(portfolio) if portfolio else None)
        return self.standings[under].score if under else None


def scored_in(cells: Mapping[str, Cell]) -> Scored:
    """What the aspects of a component tell of its scores."""
    found = Scored(cells.get(EVALUATION))
    began = cells[ROUND][1:] if ROUND in cells else [0, 0]
    standings: dict[Under, Standing] = {}
    for aspect, cell in cells.items():
        if aspect in (EVALUATION, ROUND) or cell[1:] < began:
            continue
        kind, under, scorer = _of(aspect)
        standing = standings.get(under)
        if standing is None:
            standing = standings[under] = Standing(found.assigned)
        if kind == GIVEN:
            standing.given[scorer] = cell
        elif cell[0] is not None:
            standing.override = cell
    said = {under: standing for under, standing in standings.items() if standing.given or standing.override}
    return replace(found, standings=said)


SCORED = Derived(scored_in)


def with_scores(view: View, cells: Cells) -> Cells:
    """The same with the score of each component among its aspects, as decimal text."""
    told = {each: found.score(view) for each, found in scores.derived(view, SCORED, sorted(cells)).items()}
    return {
        each: {**own, "score": [f"{score:f}", 0, 0]} if (score := told.get(each)) is not None else own
        for each, own in cells.items()
    }
