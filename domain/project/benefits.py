"""The benefits of a component: what was promised, what came of it, and what nobody has reviewed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from domain.kernel.decide import Occasion, must_follow
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import Rationale, must_not_be_lost, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.project import benefit_commands as c
from domain.project import benefit_events as e


class Plan(NamedTuple):
    """What was promised of a benefit."""

    owner: str
    measure: str
    unit: str
    baseline: Decimal | None
    target: Decimal
    due_on: date


@dataclass
class Benefits:
    """By the name of each benefit: its plan, where it stood on which day, the day of its last review, and when."""

    plans: dict[str, Plan] = field(default_factory=dict)
    actuals: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    reviewed_on: dict[str, date] = field(default_factory=dict)
    reviewed_at: dict[str, datetime] = field(default_factory=dict)
    latest_at: datetime | None = None

    # --- decide -----------------------------------------------------------------------------

    def plan(self, command: c.PlanBenefit, occasion: Occasion) -> e.BenefitPlanned | None:
        """A benefit is promised, or promised anew for a reason; nothing is recorded if nothing changes."""
        self._must_follow(occasion)
        plan, before = _plan(command), self.plans.get(command.benefit)
        if plan.baseline == plan.target:
            raise Invalid({"/target": "expected another value than baseline, for a benefit changes its measure"})
        if plan == before:
            must_not_be_lost(command.rationale)
            return None
        if command.benefit in self.reviewed_on:
            raise Refused(f"{command.benefit} was reviewed, so its plan stays; another benefit can be planned.")
        if before and command.rationale is None:
            raise Invalid({"/rationale": "planning a benefit anew is a decision and needs a rationale"})
        return e.BenefitPlanned(benefit=command.benefit, **plan._asdict(), why=command.rationale)

    def record(self, command: c.RecordBenefit, occasion: Occasion) -> e.BenefitRecorded | None:
        """Somebody says where it stood on a day; nothing is recorded if that is known."""
        self._must_be_planned(command, occasion)
        known = self.actuals.get(command.benefit, {}).get(command.on)
        if known == command.actual:
            must_not_be_lost(command.rationale)
            return None
        if known is not None and command.rationale is None:
            told = f"{command.benefit} stood at {known:f} on {command.on}"
            raise Invalid({"/rationale": f"{told}; another value is a correction and needs a rationale"})
        return e.BenefitRecorded(
            benefit=command.benefit, actual=command.actual, on=command.on, text=command.text, why=command.rationale
        )

    def review(self, command: c.ReviewBenefit, occasion: Occasion) -> e.BenefitReviewed:
        """Somebody judges what came of it; again later, or for another value."""
        self._must_be_planned(command, occasion)
        last = self.reviewed_on.get(command.benefit)
        if last and command.on < last:
            raise Invalid({"/on": f"expected a day from {last} on, for which it was reviewed already"})
        if last == command.on and self.actuals[command.benefit][last] == command.actual:
            raise Refused(f"{command.benefit} was reviewed for {last} at {command.actual:f}; a later day is possible.")
        return e.BenefitReviewed(
            benefit=command.benefit, actual=command.actual, on=command.on, text=command.text, why=command.rationale
        )

    def results(self, completed_at: datetime | None, unreviewed: Rationale | None) -> tuple[e.BenefitResult, ...]:
        """Actual against plan of every benefit, for the day the books are shut.

        Raises `Refused`, naming them, if some were not reviewed since the component was completed and no reason is
        given: what was said of them before is a record.
        """
        reviewed = {each for each, at in self.reviewed_at.items() if completed_at is None or at >= completed_at}
        missing = sorted(self.plans.keys() - reviewed)
        if missing and unreviewed is None:
            raise Refused(
                f"Nobody has reviewed {_listed(missing)} since it was completed; review-benefit does, "
                "or unreviewed_benefits says why it stays unreviewed.",
                unreviewed=missing,
            )
        if unreviewed and not missing:
            raise Invalid(
                {"/unreviewed_benefits": "no benefit is unreviewed, so this reason would be lost; leave it out"}
            )
        if unreviewed:
            require_code(unreviewed, ())
        return tuple(self._result(benefit) for benefit in sorted(self.plans))

    def _result(self, benefit: str) -> e.BenefitResult:
        plan, stood = self.plans[benefit], self.actuals.get(benefit, {})
        actual = stood[max(stood)] if stood else None
        return e.BenefitResult(
            benefit=benefit,
            unit=plan.unit,
            baseline=plan.baseline,
            target=plan.target,
            actual=actual,
            variance=actual - plan.target if actual is not None else None,
            reviewed_on=self.reviewed_on.get(benefit),
        )

    def _must_be_planned(self, command: c.RecordBenefit | c.ReviewBenefit, occasion: Occasion) -> None:
        self._must_follow(occasion)
        if command.benefit not in self.plans:
            known = ", ".join(sorted(self.plans)) or "none yet"
            raise Invalid({"/benefit": f"expected a benefit of the project ({known}); plan-benefit plans another"})
        today = (occasion.occurred_at or occasion.now).date()
        if command.on > today:
            raise Invalid({"/on": f"expected a day up to {today}; nothing was measured later yet"})

    def _must_follow(self, occasion: Occasion) -> None:
        must_follow(self.latest_at, occasion, "the latest change of its benefits")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.latest_at = fact.occurred_at
        match event:
            case e.BenefitPlanned():
                self.plans[event.benefit] = _plan(event)
            case e.BenefitRecorded():
                self.actuals.setdefault(event.benefit, {})[event.on] = event.actual
            case e.BenefitReviewed():
                self.actuals.setdefault(event.benefit, {})[event.on] = event.actual
                self.reviewed_on[event.benefit], self.reviewed_at[event.benefit] = event.on, fact.occurred_at


def _plan(said: c.PlanBenefit | e.BenefitPlanned) -> Plan:
    return Plan(said.owner, said.measure, said.unit, said.baseline, said.target, said.due_on)


def _listed(names: list[str]) -> str:
    told = ", ".join(names)
    return f"the benefit {told}" if len(names) == 1 else f"the benefits {told}"
