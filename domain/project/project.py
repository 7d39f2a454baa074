"""The component: what it may do next, and how its facts change it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Occasion
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import Rationale, must_not_be_lost, require_code
from domain.kernel.refusal import Forbidden, Invalid, Refused
from domain.kernel.scoring import ScoringModel
from domain.kernel.verdicts import Losing, Winning
from domain.project import commands as c
from domain.project import events as e
from domain.project.books import Books
from domain.project.case_events import BusinessCaseSet
from domain.project.intake import Intake
from domain.project.money_events import Figure
from domain.project.outlook import Outlook
from domain.project.plan import Plan
from domain.project.reporting import Reporting
from domain.project.request_events import RequestFact
from domain.project.requests import Requests
from domain.project.scores import Scores
from domain.project.words import (
    LIVE,
    MOVES,
    TRANSITIONS,
    Kind,
    State,
    verbs_from,
)


@dataclass
class Project(Aggregate):
    """A program, project or operations as far as decisions ask."""

    kind: ClassVar[str] = "project"

    state: State | None = None
    state_before: State | None = None
    latest_move: UUID | None = None
    proposers: set[str] = field(default_factory=set)
    values: dict[str, str | None] = field(default_factory=dict)
    component: Kind = Kind.PROJECT
    parent: UUID | None = None
    books: Books = field(default_factory=Books)
    outlook: Outlook = field(default_factory=Outlook)
    intake: Intake = field(default_factory=Intake)
    plan: Plan = field(default_factory=Plan)
    requests: Requests = field(default_factory=Requests)
    reporting: Reporting = field(default_factory=Reporting)
    scores: Scores = field(default_factory=Scores)

    # --- decide -----------------------------------------------------------------------------

    def draft(self, command: c.DraftProject, _: Occasion) -> e.ProjectDrafted:
        """A new component is proposed."""
        return e.ProjectDrafted(
            name=command.name,
            key=command.key,
            kind=command.kind,
            parent=command.parent,
            owner=command.owner,
            sponsor=command.sponsor,
            why=command.rationale,
        )

    def submit(self, command: c.SubmitProject, _: Occasion) -> e.ProjectSubmitted:
        """The proposal is handed in; once it was recycled, again."""
        if not (self.state is State.SUBMITTED and self.intake.to_fix):
            self._may("submit", command.rationale)
        elif command.rationale:
            require_code(command.rationale, ())
        return self.intake.submit(command)

    def evaluate(
        self, command: c.EvaluateProject, model: ScoringModel, portfolio: UUID | None
    ) -> e.ProjectEvaluationStarted | e.ProjectReEvaluated:
        """Evaluation starts; from deferred it starts again, with a reason."""
        if self._may("evaluate", command.rationale) is not State.DEFERRED:
            return e.ProjectEvaluationStarted(
                scoring_model=model, portfolio=portfolio, scorers=command.scorers, why=command.rationale
            )
        if command.rationale is None:
            raise Invalid({"/rationale": "taking a deferred proposal up again needs a rationale"})
        return e.ProjectReEvaluated(
            scoring_model=model, portfolio=portfolio, scorers=command.scorers, why=command.rationale
        )

    def recycle(self, command: c.RecycleProject, _: Occasion) -> e.ProjectRecycled:
        """The proposal goes back to its author."""
        self._may("recycle", command.rationale)
        return e.ProjectRecycled(to_fix=command.to_fix, why=command.rationale)

    def withdraw(self, command: c.WithdrawProject, _: Occasion) -> e.ProjectWithdrawn:
        """Its own side takes it back."""
        self._may("withdraw", command.rationale)
        return e.ProjectWithdrawn(why=command.rationale)

    def reject(self, command: c.RejectProject, _: Occasion) -> e.ProjectRejected:
        """The board turns it down."""
        self._may("reject", command.rationale)
        return e.ProjectRejected(why=command.rationale)

    def defer(self, command: c.DeferProject, occasion: Occasion) -> e.ProjectDeferred:
        """It is put off until a review date in the future."""
        self._may("defer", command.rationale)
        review_on = command.rationale.review_on
        since = occasion.moment.date()
        if review_on is None or review_on <= since:
            raise Invalid({"/rationale/review_on": f"expected the day to look at it again, after {since}"})
        return e.ProjectDeferred(why=command.rationale)

    def select(self, command: c.SelectProject, _: Occasion) -> e.ProjectSelected:
        """It is chosen: within the budget of every portfolio that holds it, or forced in with a reason of its own."""
        self._may("select", command.rationale)
        return e.ProjectSelected(why=command.rationale)

    def chosen(self, verdict: Winning, why: Rationale) -> e.ProjectSelected:
        """A committed scenario has it in."""
        self._may("select", why)
        return e.ProjectSelected(verdict=verdict, why=why)

    def passed_over(self, verdict: Losing, why: Rationale) -> e.NotSelected | e.ProjectDeselected:
        """A committed scenario does without it; what was selected is no longer, everything else stays where it is."""
        if self.state is State.SELECTED:
            return e.ProjectDeselected(verdict=verdict, why=why)
        self.must_be_in(MOVES["select"].sources, "Only what could be selected can be passed over")
        return e.NotSelected(verdict=verdict, why=why)

    def deselect(self, command: c.DeselectProject, _: Occasion) -> e.ProjectDeselected:
        """The choice is taken back."""
        self._may("deselect", command.rationale)
        return e.ProjectDeselected(why=command.rationale)

    def authorize(self, command: c.AuthorizeProject, occasion: Occasion) -> e.ProjectAuthorized:
        """The board releases the budget; never the person who proposed it (four eyes)."""
        self._may("authorize", command.rationale)
        if occasion.actor in self.proposers:
            raise Forbidden("whoever proposed a project may not authorize it; another board member has to")
        return e.ProjectAuthorized(budget=command.budget, conditions=command.conditions, why=command.rationale)

    def activate(self, command: c.ActivateProject, _: Occasion) -> e.ProjectActivated:
        """Work begins, and is held to what is known by now."""
        self._may("activate", command.rationale)
        baseline = self.plan.captured(command, self.books.forecast())
        return e.ProjectActivated(
            owner=command.owner, starts_on=command.starts_on, baseline=baseline, why=command.rationale
        )

    def pause(self, command: c.PauseProject, occasion: Occasion) -> e.ProjectPaused:
        """Work stops for a while; its people are kept or go free."""
        self._may("pause", command.rationale)
        day = occasion.moment.date()
        if command.expected_resume and command.expected_resume <= day:
            raise Invalid({"/expected_resume": f'expected a day after {day}, when it stops, or "unknown"'})
        return e.ProjectPaused(
            expected_resume=command.expected_resume,
            allocations=command.allocations,
            why=command.rationale,
        )

    def resume(self, command: c.ResumeProject, occasion: Occasion) -> e.ProjectResumed:
        """Work goes on."""
        self._may("resume", command.rationale)
        day = occasion.moment.date()
        if command.forecast_finish < day:
            raise Invalid({"/forecast_finish": f"expected a day from {day} on, when it goes on"})
        return e.ProjectResumed(
            forecast_finish=command.forecast_finish, forecast=command.forecast, why=command.rationale
        )

    def complete(self, command: c.CompleteProject, occasion: Occasion) -> e.ProjectCompleted:
        """The sponsor accepts the outcome; never the person who proposed it (four eyes)."""
        self._may("complete", command.rationale)
        if occasion.actor == str(command.proposed_by):
            raise Forbidden("whoever proposed a completion may not accept it; another sponsor has to")
        if command.actual_cost is None and not self.books.currencies(Figure.ACTUAL):
            raise Invalid({"/actual_cost": "required: what it cost, as no month of actuals was recorded"})
        return e.ProjectCompleted(
            outcome=command.outcome,
            actual_cost=command.actual_cost,
            lessons=command.lessons,
            proposed_by=command.proposed_by,
            why=command.rationale,
        )

    def close(self, command: c.CloseProject, _: Occasion) -> e.ProjectClosed:
        """The books are shut, once every benefit was reviewed or there is a reason why not."""
        self._may("close", command.rationale)
        completed = self.reporting.moved.occurred_at if self.reporting.moved else None
        benefits = self.outlook.benefits.results(completed, command.unreviewed_benefits)
        return e.ProjectClosed(benefits=benefits, unreviewed=command.unreviewed_benefits, why=command.rationale)

    def cancel(self, command: c.CancelProject, _: Occasion) -> e.ProjectCancelled:
        """It is stopped for good; its people go free."""
        self._may("cancel", command.rationale)
        return e.ProjectCancelled(sunk_cost=command.sunk_cost, disposition=command.disposition, why=command.rationale)

    def reopen(self, command: c.ReopenProject, _: Occasion) -> e.ProjectReopened:
        """It comes back because something is new; the old decision is superseded and stays visible."""
        self._may("reopen", command.rationale)
        why = command.rationale
        if why.supersedes is None and self.latest_move in self.decisions:
            why = why.model_copy(update={"supersedes": self.latest_move})
        return e.ProjectReopened(what_is_new=command.what_is_new, why=why)

    def revise(self, command: c.ReviseProject, _: Occasion) -> e.ProjectRevised | None:
        """Name, key, owner, sponsor or the expected finish are set anew; nothing is recorded if nothing changes."""
        now = {member: self.values.get(member) for member in ("name", "key", "owner", "sponsor")}
        changes = command.changes(**now, forecast_finish=self.plan.finishes_on)
        self.plan.must_bear(changes.get("forecast_finish"), command.rationale)
        if not changes:
            must_not_be_lost(command.rationale)
        return e.ProjectRevised(**changes, why=command.rationale) if changes else None

    def move_to_program(self, program: UUID | None, why: Rationale) -> e.MovedToProgram:
        """It belongs to another program, or to none."""
        self.must_be_live("A move between programs")
        require_code(why, ())
        if program == self.parent:
            here = f"to the program {program}" if program else "to no program"
            raise Refused(f"It already belongs {here}; a move leads to another one.")
        return e.MovedToProgram(from_program=self.parent, to_program=program, why=why)

    def must_be_live(self, doing: str) -> None:
        """Raises `Refused` once the component has come to an end."""
        self.must_be_in(LIVE, f"{doing} needs a live project")

    def must_be_in(self, states: Collection[State], needed: str) -> None:
        """Raises `Refused` in any other state, with a sentence that says what is `needed`."""
        if self.state not in states:
            raise Refused(f"{needed}; this one is {self.state}.", **self._situation())

    def _may(self, verb: str, rationale: Rationale | None) -> State:
        """The state the move starts from.

        A decision that supersedes the latest move may also start from before it, as if that move had
        not been made, so that a mistake can be put right by the decision that should have been taken.
        """
        states = [self.state]
        if rationale and rationale.supersedes is not None and rationale.supersedes == self.latest_move:
            states.insert(0, self.state_before)
        move = MOVES[verb]
        state = next((each for each in states if each in move.sources), None)
        if state is None:
            sources = " or ".join(source.replace("_", " ") for source in move.sources)
            raise Refused(
                f"{verb.capitalize()} starts from {sources}; this project is {self.state}.", **self._situation()
            )
        return state

    def _situation(self) -> dict[str, Any]:
        return {"state": self.state, "allowed_moves": list(verbs_from(self.state))}

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.intake.apply(event)
        self.plan.apply(event, fact)
        self.books.apply(event, fact)
        self.reporting.apply(event, fact)
        self.outlook.apply(event, fact)
        self.scores.apply(event, fact)
        match event:
            case e.ProjectDrafted():
                self._now(event.state, fact)
                self.proposers.add(fact.actor)
                self.component, self.parent = event.kind, event.parent
                self.values = {m: getattr(event, m) for m in ("name", "key", "owner", "sponsor")}
            case e.ProjectSubmitted():
                self._now(event.target, fact)
                self.proposers.add(fact.actor)
            case BusinessCaseSet():
                self.proposers.add(fact.actor)
            case e.ProjectActivated():
                self._now(event.target, fact)
                self.values["owner"] = event.owner
            case e.Moved():
                self._now(event.target, fact)
            case e.StateRecorded():
                self._now(event.to, fact)
            case e.MovedToProgram():
                self.parent = event.to_program
            case RequestFact():
                self.requests.apply(event, fact)
            case e.AttributeChanged() if event.name in self.values:
                self.values[event.name] = event.to
            case e.ProjectRevised():
                for member in self.values:
                    self.values[member] = getattr(event, member) or self.values[member]

    def _now(self, state: State, fact: Recorded) -> None:
        superseded = fact.event.why.supersedes if fact.event.why else None
        corrects = superseded is not None and superseded == self.latest_move
        if not corrects or (self.state, state) in TRANSITIONS:
            self.state_before = self.state
        self.state = state
        self.latest_move = fact.event_id
