"""What a component's money is planned and recorded to be, and which changes of it wait for a second person."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from domain.kernel.decide import Occasion, must_follow
from domain.kernel.event import Event, Recorded
from domain.kernel.money import Money, MonthlyAmount, Rates, last_day, total_of
from domain.kernel.rationale import Rationale, must_not_be_lost, require_code
from domain.kernel.refusal import Forbidden, Invalid, Refused
from domain.project import events as project
from domain.project import money_commands as c
from domain.project import money_events as e
from domain.project.forecast import Forecast
from domain.project.money_events import Figure
from domain.project.plan import FORECAST, money_in

Lines = tuple[MonthlyAmount, ...]
OPEN = "waits for approval"


class Proposal(NamedTuple):
    """A change that waited for a second person, and what became of it."""

    proposer: str
    lines: Lines
    fate: str = OPEN


@dataclass
class Books:
    """`held` has the amounts that hold by figure, month and category, `single` the forecast that was one total;
    `proposals` are by their event id.

    `agreed` is the forecast as somebody else than those who said it, `forecasters`, last let it hold.
    """

    held: dict[tuple[Figure, str, str], Money] = field(default_factory=dict)
    single: Money | None = None
    agreed: Forecast = field(default_factory=lambda: Forecast({}))
    forecasters: set[str] = field(default_factory=set)
    proposals: dict[UUID, Proposal] = field(default_factory=dict)
    latest_at: datetime | None = None

    # --- decide -----------------------------------------------------------------------------

    def changed(self, figure: Figure, lines: Lines, why: Rationale | None, occasion: Occasion) -> Lines:
        """The lines that differ from what holds.

        Raises `Invalid` for a correction without a reason, `Refused` for a reason without a change.
        """
        self._must_follow(occasion)
        if why:
            require_code(why, ())
        changed = tuple(line for line in lines if line.money != self.at(figure, line))
        corrected = next((line for line in changed if self.at(figure, line)), None)
        if corrected and why is None:
            was = self.at(figure, corrected)
            sentence = f"{corrected.category} in {corrected.month} holds {told(was)}"
            raise Invalid({"/rationale": f"{sentence}; another amount is a correction and needs a rationale"})
        if figure is Figure.FORECAST and changed and why is None:
            self._must_come_to_the_single_total(changed)
        if not changed:
            must_not_be_lost(why)
        return changed

    def at(self, figure: Figure, line: MonthlyAmount) -> Money | None:
        """What holds for the month and category of a line."""
        return self.held.get((figure, line.month, line.category))

    def forecast(self) -> Money | None:
        """What all months are expected to cost; `None` without any, or in several currencies."""
        return total_of(self.expected().months.values())

    def expected(self, lines: Lines = ()) -> Forecast:
        """The forecast that holds, or would once these lines hold too."""
        months = {(month, of): money for (figure, month, of), money in self.held.items() if figure is Figure.FORECAST}
        for line in lines:
            months.pop((line.month, line.category), None)
            if line.money:
                months[line.month, line.category] = line.money
        return Forecast(months, self.single)

    def change_to(self, later: Forecast, rates: Rates, on: date) -> Money | None:
        """How far a forecast is from what holds, or from what a second person last let hold if that is further.

        `None` if a rate is missing.
        """
        steps = [before.change_to(later, rates, on) for before in (self.expected(), self.agreed)]
        known = [step for step in steps if step is not None]
        return Money(amount=max(known), currency=rates.home or "") if len(known) == len(steps) else None

    def currencies(self, figure: Figure) -> frozenset[str]:
        """The currencies in which its months hold a figure; none if there are no months."""
        return frozenset(money.currency for (of, *_), money in self.held.items() if of is figure)

    def total(self, figure: Figure, rates: Rates) -> Money | None:
        """All months of a figure together in the home currency; `None` if there is none, or what cannot be told."""
        worths = [
            rates.worth(money.amount, money.currency, last_day(month))
            for (of, month, _), money in self.held.items()
            if of is figure
        ]
        known = [Money(amount=worth, currency=rates.home or "") for worth in worths if worth is not None]
        return total_of(known) if len(known) == len(worths) else None

    def propose(
        self, lines: Lines, why: Rationale | None, change: Money | None, threshold: Money
    ) -> e.ForecastProposed:
        """A change above the threshold is put to a second person; the proposal that was open gives way."""
        if why is None:
            moved = f"a change of {told(change)}" if change else "a change for which a rate is missing"
            above = f"{moved} is above the threshold of {told(threshold)}, with all that no second person let hold yet"
            raise Invalid({"/rationale": f"{above}: it will be proposed to a second person and needs a rationale"})
        return e.ForecastProposed(lines=lines, change=change, threshold=threshold, replaces=self._open(), why=why)

    def approve(self, command: c.ApproveForecast, occasion: Occasion) -> e.ForecastApproved:
        """A second person lets it hold (four eyes)."""
        proposal = self._waiting(command.proposal, occasion)
        require_code(command.rationale, ())
        if occasion.actor == proposal.proposer:
            raise Forbidden("whoever proposed a forecast may not approve it; another person has to")
        return e.ForecastApproved(proposal=command.proposal, lines=proposal.lines, why=command.rationale)

    def withdraw(self, command: c.WithdrawForecast, occasion: Occasion) -> e.ForecastWithdrawn:
        """It will never hold."""
        self._waiting(command.proposal, occasion)
        require_code(command.rationale, ())
        return e.ForecastWithdrawn(proposal=command.proposal, why=command.rationale)

    def _must_come_to_the_single_total(self, lines: Lines) -> None:
        now = self.expected()
        if now.is_single and total_of(self.expected(lines).months.values()) != self.single:
            sentence = f"the forecast is {told(self.single)} in all"
            raise Invalid({"/rationale": f"{sentence}; months that come to another sum need a rationale"})

    def _waiting(self, wanted: UUID, occasion: Occasion) -> Proposal:
        self._must_follow(occasion)
        proposal, still_open = self.proposals.get(wanted), self._open()
        if proposal is None:
            raise Invalid({"/proposal": f"no forecast with the event id {wanted} was proposed for this project"})
        if proposal.fate != OPEN:
            allowed = f"{still_open} {OPEN}" if still_open else "no proposal waits for approval"
            raise Refused(f"That proposal was {proposal.fate} already; {allowed}.")
        return proposal

    def _open(self) -> UUID | None:
        return next((event for event, proposal in self.proposals.items() if proposal.fate == OPEN), None)

    def _must_follow(self, occasion: Occasion) -> None:
        """An amount replaces an earlier one only if it is also said later."""
        must_follow(self.latest_at, occasion, "the latest change of its money")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        if isinstance(event, e.MoneyFact):
            self.latest_at = fact.occurred_at
        match event:
            case e.ForecastApproved():
                self._hold(event.figure, event.lines)
                self._settle(event.proposal, "approved")
                self._agree()
            case e.AmountsSet():
                self._hold(event.figure, event.lines)
                if event.figure is Figure.FORECAST:
                    self.forecasters.add(fact.actor)
            case e.ForecastProposed():
                if event.replaces:
                    self._settle(event.replaces, "superseded")
                self.proposals[fact.event_id] = Proposal(fact.actor, event.lines)
            case e.ForecastWithdrawn():
                self._settle(event.proposal, "withdrawn")
            case project.ProjectDrafted():
                self._take_over(event.forecast)
            case project.AttributeChanged() if event.name == FORECAST:
                self._take_over(money_in(event.to))
            case project.ProjectResumed() if event.forecast:
                self.single = event.forecast
                self.forecasters.add(fact.actor)
            case project.ProjectAuthorized() | project.ProjectActivated() if fact.actor not in self.forecasters:
                self._agree()

    def _take_over(self, single: Money | None) -> None:
        """What another system says was decided there."""
        self.single = single
        self.agreed = self.agreed._replace(single=single)

    def _agree(self) -> None:
        self.agreed, self.forecasters = self.expected(), set()

    def _hold(self, figure: Figure, lines: Lines) -> None:
        for line in lines:
            self.held.pop((figure, line.month, line.category), None)
            if line.money:
                self.held[figure, line.month, line.category] = line.money

    def _settle(self, proposal: UUID, fate: str) -> None:
        if proposal in self.proposals:
            self.proposals[proposal] = self.proposals[proposal]._replace(fate=fate)


def told(money: Money | None) -> str:
    """An amount in a sentence."""
    return f"{money.currency} {money.amount:f}" if money else "nothing"
