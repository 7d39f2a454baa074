"""How a proposal comes in: its business case in versions, what was handed in, what has to be mended."""

from dataclasses import dataclass
from typing import Any

from domain.kernel.event import Event
from domain.kernel.rationale import must_not_be_lost, require_code
from domain.kernel.refusal import Invalid
from domain.project import events as e
from domain.project.business_case import NOT_SUMMED_UP, NOTHING_SAID, BusinessCase, Summary, lacking, summed_up
from domain.project.case_commands import SetBusinessCase
from domain.project.case_events import BusinessCaseSet
from domain.project.commands import SubmitProject


@dataclass
class Intake:
    """`business_case` is the `version`th there was, `handed_in` the latest summary; `to_fix` is what a recycled
    proposal has to mend.
    """

    business_case: BusinessCase = NOTHING_SAID
    version: int = 0
    handed_in: Summary = NOT_SUMMED_UP
    to_fix: str | None = None

    # --- decide -----------------------------------------------------------------------------

    def set_business_case(self, command: SetBusinessCase) -> BusinessCaseSet | None:
        """Another version holds; nothing is recorded if it says the same."""
        if command.rationale:
            require_code(command.rationale, ())
        given = {member: getattr(command, member) for member in BusinessCase.model_fields}
        changes = {member: value for member, value in given.items() if member in command.model_fields_set}
        case = self.business_case.model_copy(update=changes)
        _must_choose_among(case)
        if case == self.business_case:
            must_not_be_lost(command.rationale)
            return None
        return BusinessCaseSet(version=self.version + 1, business_case=case, why=command.rationale)

    def submit(self, command: SubmitProject) -> e.ProjectSubmitted:
        """The proposal as it is handed in; what neither command nor case says is as it was handed in before.

        Raises `Invalid` for all that is missing at once.
        """
        said: dict[str, Any] = dict(summed_up(self.business_case, command))
        said = {member: value or getattr(self.handed_in, member) for member, value in said.items()}
        missing = lacking(self.business_case, Summary(**said))
        if missing:
            raise Invalid(missing)
        low, high = said["cost_low"], said["cost_high"]
        if low.currency != high.currency:
            raise Invalid({"/cost_high/currency": f"expected {low.currency}, as in cost_low"})
        if low.amount > high.amount:
            raise Invalid({"/cost_high/amount": "expected at least cost_low"})
        return e.ProjectSubmitted(**said, why=command.rationale)

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Take one fact in; whatever moves the proposal on settles what had to be mended."""
        match event:
            case BusinessCaseSet():
                self.business_case, self.version = event.business_case, event.version
            case e.ProjectRecycled():
                self.to_fix = event.to_fix
            case e.ProjectSubmitted():
                self.handed_in = Summary(**{member: getattr(event, member) for member in Summary.model_fields})
                self.to_fix = None
            case e.Moved() | e.StateRecorded():
                self.to_fix = None


def _must_choose_among(case: BusinessCase) -> None:
    titles = [option.title for option in case.options or ()]
    if case.chosen_option and titles and case.chosen_option not in titles:
        allowed = ", ".join(titles)
        raise Invalid({"/chosen_option": f"expected the title of one of the options: {allowed}"})
