"""The scores of a component: by portfolio, version of a model and scorer, and what they come to."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost
from domain.kernel.refusal import Refused
from domain.kernel.scores import computed
from domain.kernel.scoring import ModelKey, ModelVersion, ScoringModel
from domain.project import events as e
from domain.project.scoring_commands import OverrideScore, ScoreProject
from domain.project.scoring_events import ModelNamed, ProjectScored, ProjectScoreOverridden, Under, only_one


class Evaluation(NamedTuple):
    """What it is evaluated under: the model, whose it is, and who scores (nobody named = who may)."""

    model: ScoringModel
    portfolio: UUID | None
    scorers: tuple[UUID, ...]

    @property
    def assigned(self) -> tuple[str, ...]:
        """The scorers as facts name an actor."""
        return tuple(map(str, self.scorers))


@dataclass
class Scores:
    """Those of the present round, which began when evaluation started; what was given before is history.

    `given` are by scorer, `overrides` stand in the place of what these come to.
    """

    evaluation: Evaluation | None = None
    given: dict[Under, dict[str, ProjectScored]] = field(default_factory=dict)
    overrides: dict[Under, Decimal] = field(default_factory=dict)

    def value(self, name: str, version: int, portfolio: UUID | None = None) -> Decimal | None:
        """The score that holds under a version of a model: the override, else what the scorers came to together.

        `None` while anything is missing. Without a `portfolio` it is that of the only one that scored it so; `None` if
        several did.
        """
        asked = [each for each in {*self.given, *self.overrides} if each.model == ModelKey(name, version)]
        under = only_one(asked, portfolio)
        return self.overrides.get(under, self.computed(under)) if under else None

    def computed(self, under: Under) -> Decimal | None:
        """What the scorers came to together, whatever stands in its place; `None` while anything is missing."""
        given = self.given.get(under, {})
        if not given:
            return None
        how = next(reversed(given.values())).aggregation
        return computed(how, {scorer: each.score for scorer, each in given.items()}, self.assigned())

    def assigned(self) -> tuple[str, ...]:
        """Who alone scores it; nobody named = whoever may."""
        return self.evaluation.assigned if self.evaluation else ()

    # --- decide -----------------------------------------------------------------------------

    def score(
        self, command: ScoreProject, under: Under, model: ModelVersion, score: Decimal | None, scorer: str
    ) -> ProjectScored | None:
        """A scorer gives it a score; nothing is recorded if it is the one they gave."""
        scored = ProjectScored(
            portfolio=under.portfolio,
            model=_named(under.model),
            values=command.values,
            bucket=command.bucket,
            score=score,
            aggregation=model.aggregation,
            why=command.rationale,
        )
        before = self.given.get(under, {}).get(scorer)
        if before and before.model_copy(update={"why": None}) == scored.model_copy(update={"why": None}):
            must_not_be_lost(command.rationale)
            return None
        return scored

    def override(self, command: OverrideScore, under: Under) -> ProjectScoreOverridden:
        """Another score holds than the computed one, or that one again."""
        if command.score == self.overrides.get(under):
            told = "holds already" if command.score is not None else "is not overridden"
            raise Refused(f"The score under {under.model} {told}; another score is possible.")
        return ProjectScoreOverridden(
            portfolio=under.portfolio,
            model=_named(under.model),
            score=command.score,
            computed=self.computed(under),
            why=command.rationale,
        )

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in. Only a new evaluation begins another round: to reopen or take up again wipes nothing."""
        match event:
            case e.ProjectEvaluationStarted():
                self.given, self.overrides = {}, {}
                self.evaluation = Evaluation(event.scoring_model, event.portfolio, event.scorers)
            case e.ProjectReEvaluated():
                self.evaluation = Evaluation(event.scoring_model, event.portfolio, event.scorers)
            case ProjectScored():
                given = self.given.setdefault(event.under, {})
                given.pop(fact.actor, None)
                given[fact.actor] = event
            case ProjectScoreOverridden():
                self.overrides.pop(event.under, None)
                if event.score is not None:
                    self.overrides[event.under] = event.score


def _named(key: ModelKey) -> ModelNamed:
    return ModelNamed(name=key.name, version=key.version)
