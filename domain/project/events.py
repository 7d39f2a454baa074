"""The facts of a component: a program, a project, or operations."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BeforeValidator, Field, Strict

from domain.kernel.event import Decision, Event
from domain.kernel.money import Money
from domain.kernel.rationale import Rationale
from domain.kernel.scoring import ScoringModel, is_empty
from domain.kernel.types import Day, Id, Instant, Json, Line, Prose, as_tuple, is_absent
from domain.kernel.verdicts import Losing, Winning
from domain.project.benefit_events import BenefitResults
from domain.project.plan_events import Baseline
from domain.project.status_events import Figures
from domain.project.words import THE_SCORING_MODEL, AllocationsWord, HealthWord, Kind, KindWord, State, StateWord

Scorers = Annotated[tuple[Id, ...], Strict(False), BeforeValidator(as_tuple), Field(max_length=100)]
"""The persons who score."""


def _is_absent(value: object) -> bool:
    return value is None


def _is_not_so(value: object) -> bool:
    return value is False


class ProjectDrafted(Event, name="project.drafted.v1", about={"parent": "project"}, lifecycle=True):
    """A component was proposed. The initial values of an imported one travel here."""

    name: Line | None = None
    key: Line | None = None
    kind: KindWord = Kind.PROJECT
    parent: Id | None = None
    owner: Line | None = None
    sponsor: Line | None = None
    state: StateWord = State.DRAFT
    source_word: Line | None = None
    budget: Money | None = None
    forecast: Money | None = None
    attributes: dict[str, Json] = Field(default_factory=dict)
    source: dict[str, Json] | None = None


class MovedToProgram(
    Decision,
    name="project.moved_to_program.v1",
    about={"from_program": "project", "to_program": "project"},
    lifecycle=True,
):
    """A component went from one program to another; `null` is no program."""

    from_program: Id | None
    to_program: Id | None


class Moved(Event, lifecycle=True):
    """A component went from one state of the lifecycle to another."""

    target: ClassVar[State]

    def __init_subclass__(cls, to: State | None = None, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]
        if to is not None:
            cls.target = to


class MovedForAReason(Moved, Decision):
    """A move that somebody decided."""

    why: Rationale


class ProjectSubmitted(Moved, name="project.submitted.v1", to=State.SUBMITTED):
    """The proposal was handed in: the problem it solves, what is expected, what it may cost."""

    problem: Prose
    expected_benefit: Prose
    cost_low: Money
    cost_high: Money


def _with_the_name_of_its_model(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 told only the version: there was one model."""
    others = {member: value for member, value in data.items() if member != "scoring_model_version"}
    return {**others, "scoring_model": {"name": THE_SCORING_MODEL, "version": data["scoring_model_version"]}}


class ProjectEvaluationStarted(
    Moved,
    name="project.evaluation_started.v2",
    to=State.UNDER_EVALUATION,
    upcasts={"project.evaluation_started.v1": _with_the_name_of_its_model},
    about={"portfolio": "portfolio", "scorers": "person"},
):
    """Evaluation began under one version of a scoring model of a portfolio, frozen here with who scores.

    Without `scorers` whoever may score does.
    """

    scoring_model: ScoringModel
    portfolio: Id | None = Field(default=None, exclude_if=is_absent)
    scorers: Scorers = Field(default=(), exclude_if=is_empty)


class ProjectReEvaluated(
    MovedForAReason,
    name="project.re_evaluated.v2",
    to=State.UNDER_EVALUATION,
    upcasts={"project.re_evaluated.v1": _with_the_name_of_its_model},
    about={"portfolio": "portfolio", "scorers": "person"},
):
    """A deferred proposal came back into evaluation, under the scoring model and with the scorers named now."""

    scoring_model: ScoringModel
    portfolio: Id | None = Field(default=None, exclude_if=is_absent)
    scorers: Scorers = Field(default=(), exclude_if=is_empty)


class ProjectRecycled(MovedForAReason, name="project.recycled.v1", to=State.SUBMITTED):
    """The proposal was sent back with what has to be mended."""

    to_fix: Prose


class ProjectWithdrawn(MovedForAReason, name="project.withdrawn.v1", to=State.CANCELLED):
    """Its own side took the proposal back."""


class ProjectRejected(MovedForAReason, name="project.rejected.v1", to=State.REJECTED):
    """The board turned the proposal down."""


class ProjectDeferred(MovedForAReason, name="project.deferred.v1", to=State.DEFERRED):
    """Put off until a review date, which is in the rationale."""


def _committed(fact: "ProjectSelected | ProjectDeselected | NotSelected") -> UUID | None:
    """The scenario that was committed, if it was one."""
    return fact.verdict.scenario if fact.verdict else None


class ProjectSelected(MovedForAReason, name="project.selected.v1", about={"scenario": "scenario"}, to=State.SELECTED):
    """Chosen for the portfolio; `verdict` says how, where that was by a committed scenario."""

    verdict: Winning | None = Field(default=None, exclude_if=_is_absent)

    scenario: ClassVar[property] = property(_committed)


class ProjectDeselected(
    MovedForAReason, name="project.deselected.v1", about={"scenario": "scenario"}, to=State.UNDER_EVALUATION
):
    """The choice was taken back; `verdict` says how, where that was by a committed scenario."""

    verdict: Losing | None = Field(default=None, exclude_if=_is_absent)

    scenario: ClassVar[property] = property(_committed)


class NotSelected(Decision, name="project.not_selected.v1", about={"scenario": "scenario"}, lifecycle=True):
    """A committed scenario does without it: it stays where it is, and may be chosen later."""

    verdict: Losing

    scenario: ClassVar[property] = property(_committed)


class ProjectAuthorized(MovedForAReason, name="project.authorized.v1", to=State.AUTHORIZED):
    """The board released the budget, under conditions if there are any."""

    budget: Money
    conditions: Prose | None = None


class ProjectActivated(Moved, name="project.activated.v1", to=State.ACTIVE):
    """Work began under an owner, held to what was known by then."""

    owner: Line
    starts_on: Day
    baseline: Baseline | None = Field(default=None, exclude_if=_is_absent)


class ProjectPaused(MovedForAReason, name="project.paused.v1", to=State.ON_HOLD):
    """Work stopped for a while; the people were kept or released."""

    expected_resume: Day | None
    allocations: AllocationsWord


class ProjectResumed(MovedForAReason, name="project.resumed.v1", to=State.ACTIVE):
    """Work went on, with a new forecast."""

    forecast_finish: Day
    forecast: Money | None = None


class ProjectCompleted(MovedForAReason, name="project.completed.v1", to=State.COMPLETED):
    """The sponsor accepted the outcome, which somebody else may have proposed to accept."""

    outcome: Prose
    actual_cost: Money | None
    lessons: Prose
    proposed_by: Id | None = Field(default=None, exclude_if=_is_absent)


class ProjectClosed(MovedForAReason, name="project.closed.v1", to=State.CLOSED):
    """The books were shut: every planned benefit, actual against plan; `unreviewed` is why some were not reviewed."""

    benefits: BenefitResults = ()
    unreviewed: Rationale | None = None


class ProjectCancelled(MovedForAReason, name="project.cancelled.v1", to=State.CANCELLED):
    """Stopped for good: what was spent, and what happens to people and assets."""

    sunk_cost: Money
    disposition: Prose


class ProjectReopened(MovedForAReason, name="project.reopened.v1", to=State.UNDER_EVALUATION):
    """A rejected or cancelled component came back because something is new."""

    what_is_new: Prose


class LimitOverridden(Decision, name="project.limit_overridden.v1", about={"portfolio": "portfolio"}):
    """It was let into a state although, in a portfolio, the `number` of others there had reached the limit."""

    portfolio: Id
    state: StateWord
    limit: Annotated[int, Field(ge=1)]
    number: Annotated[int, Field(ge=1)]


class ForcedIn(Decision, name="project.forced_in.v1", about={"portfolio": "portfolio"}):
    """It was selected although a portfolio's budget does not reach for it.

    Its `cost` came to what the portfolio had `committed` itself to: the costs, as far as they are known, of all others
    that are selected, authorized, active or on hold.
    """

    portfolio: Id
    budget: Money
    committed: Money
    cost: Money


class StateRecorded(Event, name="project.state_recorded.v1", lifecycle=True):
    """A change of state that another system made; `irregular` if the lifecycle has no such row."""

    from_: StateWord | None = Field(default=None, alias="from")
    to: StateWord
    source_word: Line | None = None
    irregular: bool
    source: dict[str, Json] | None = None


class StatusReported(Event, name="project.status_reported.v1"):
    """How it is doing, overall and by dimension, with the words of the reporter.

    `figures` are those that were known then, for good; `supersedes` is the event id of the update this one corrects,
    in whose place it stands: it counts from `counts_from`, and is `outdated` where a newer one had been given by then.
    """

    overall: HealthWord
    schedule: HealthWord | None = None
    cost: HealthWord | None = None
    scope: HealthWord | None = None
    resource: HealthWord | None = None
    text: Prose | None = None
    path_to_green: Prose | None = None
    source_word: Line | None = None
    source: dict[str, Json] | None = None
    figures: Figures | None = Field(default=None, exclude_if=is_absent)
    supersedes: Id | None = Field(default=None, exclude_if=is_absent)
    counts_from: Instant | None = Field(default=None, exclude_if=is_absent)
    outdated: bool = Field(default=False, exclude_if=_is_not_so)

    @property
    def corrects(self) -> UUID | None:
        """The update it takes the place of."""
        return self.supersedes or super().corrects


class AttributeChanged(Event, name="project.attribute_changed.v1"):
    """A field of the component changed; `name` is that of the project answer or its attributes."""

    name: Line
    from_: Json = Field(default=None, alias="from")
    to: Json = None
    source: dict[str, Json] | None = None


class ProjectRevised(Event, name="project.revised.v1"):
    """Name, key, owner, sponsor or the expected finish were set anew; a member that is absent did not change."""

    name: Line | None = None
    key: Line | None = None
    owner: Line | None = None
    sponsor: Line | None = None
    forecast_finish: Day | None = Field(default=None, exclude_if=_is_absent)
