"""The portfolio: which components it holds, in which order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import ClassVar
from uuid import UUID

from domain.kernel.aggregate import Aggregate
from domain.kernel.decide import Occasion
from domain.kernel.event import Event, Recorded
from domain.kernel.money import Money, Rates, total_of
from domain.kernel.rationale import Rationale, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.kernel.scoring import Method, ModelKey, ModelVersion
from domain.portfolio import commands as c
from domain.portfolio import events as e
from domain.portfolio import money_commands as mc
from domain.portfolio import money_events as me
from domain.portfolio.commit_events import ScenarioCommitted
from domain.portfolio.policy import RANK_CODES, Policy, require_evidence
from domain.portfolio.presets import preset
from domain.portfolio.reviews import Reviews
from domain.portfolio.scoring_events import ScoringModelSet


@dataclass
class Portfolio(Aggregate):
    """`members` and `removed` map each component to its order key.

    `policy` is what holds, the `policy_version`th there was; `budgets` are by year and category, and there ever was one
    if it `is_allotted`; `quoted` has the rates of each foreign currency by their first day, `models` every scoring
    model there was, `commits` the scenarios that became the plan, one after the other.
    """

    kind: ClassVar[str] = "portfolio"

    name: str | None = None
    members: dict[UUID, Decimal] = field(default_factory=dict)
    removed: dict[UUID, Decimal] = field(default_factory=dict)
    subsidiaries: set[UUID] = field(default_factory=set)
    currency: str | None = None
    policy: Policy = field(default_factory=Policy)
    policy_version: int = 0
    budgets: dict[tuple[int, str], Money] = field(default_factory=dict)
    is_allotted: bool = False
    quoted: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    models: dict[ModelKey, ModelVersion] = field(default_factory=dict)
    reviews: Reviews = field(default_factory=Reviews)
    commits: list[UUID] = field(default_factory=list)

    def create(self, command: c.CreatePortfolio, _: Occasion) -> e.PortfolioCreated:
        """A portfolio begins."""
        return e.PortfolioCreated(name=command.name, currency=command.currency, why=command.rationale)

    def set_policy(self, command: c.SetPolicy, _: Occasion) -> e.PolicySet:
        """Rules are set; those that were left out stay."""
        given = {rule: getattr(command, rule) for rule in Policy.model_fields if rule in command.model_fields_set}
        taken_over = preset(command.preset).policy(self.currency) if command.preset else Policy()
        ready_made = {rule: getattr(taken_over, rule) for rule in taken_over.model_fields_set}
        policy = self.policy.model_copy(update={**ready_made, **given})
        self._must_mean_what_it_did(policy.scoring_model)
        if policy.money_threshold:
            self._must_be_in_its_currency(policy.money_threshold, "/money_threshold/currency")
        if policy == self.policy:
            raise Refused("The policy already says this; another value, or null to take a rule away, is possible.")
        return e.PolicySet(version=self.policy_version + 1, policy=policy, preset=command.preset, why=command.rationale)

    def set_scoring_model(self, model: ModelVersion, ratio: Decimal | None, why: Rationale) -> ScoringModelSet:
        """A scoring model of the portfolio gets another version; the older ones stay what they are."""
        newest = self.models.get(ModelKey(model.name, self.newest(model.name)))
        if newest == model.model_copy(update={"version": newest.version if newest else 0}):
            raise Refused(f"{newest.key} already says this; another value, or another name, is possible.")
        members = {member: getattr(model, member) for member in ModelVersion.model_fields}
        members["version"] = self.newest(model.name) + 1
        return ScoringModelSet(**members, consistency_ratio=ratio, why=why)

    def set_budget(self, command: mc.SetBudget, _: Occasion) -> me.BudgetSet:
        """What may be spent is decided, by year and category."""
        for place, line in enumerate(command.lines):
            if line.money:
                self._must_be_in_its_currency(line.money, f"/lines/{place}/money/currency")
        changed = tuple(line for line in command.lines if line.money != self.budgets.get((line.year, line.category)))
        require_evidence([self.policy], "set-budget", command.rationale, self.documents())
        if not changed:
            raise Refused("The budget already says this; another amount, or null to take a line away, is possible.")
        return me.BudgetSet(lines=changed, why=command.rationale)

    def set_rate(self, command: mc.SetRate, _: Occasion) -> me.RateSet | None:
        """Another currency has a rate from a day on; nothing is recorded if it had that one."""
        if self.currency is None:
            raise Refused(
                "A rate leads to the currency of the portfolio; it is possible in one created with a currency."
            )
        if command.currency == self.currency:
            raise Invalid({"/currency": f"expected another currency than {self.currency}, which is the portfolio's"})
        known = self.quoted.get(command.currency, {}).get(command.valid_from)
        if known == command.rate and command.rationale is None:
            return None
        if known and command.rationale is None:
            told = f"{command.currency} has the rate {known:f} from {command.valid_from}"
            raise Invalid({"/rationale": f"{told}; another one is a correction and needs a rationale"})
        return me.RateSet(
            currency=command.currency,
            rate=command.rate,
            valid_from=command.valid_from,
            published_by=command.published_by,
            evidence=command.evidence,
            why=command.rationale,
        )

    def add_component(self, component: UUID, why: Rationale) -> e.ComponentAdded:
        """A component joins at the end of the order."""
        if component in self.members:
            raise Refused("The portfolio already holds this component; it can be removed or reprioritized.")
        if component in self.removed:
            raise Refused("The portfolio held this component before; restore-component brings it back.")
        return e.ComponentAdded(component=component, order=self.next_order(), why=why)

    def remove_component(self, command: c.RemoveComponent, _: Occasion) -> e.ComponentRemoved:
        """A component leaves."""
        self._must_hold(command.component, "/component")
        return e.ComponentRemoved(component=command.component, why=command.rationale)

    def restore_component(self, command: c.RestoreComponent, _: Occasion) -> e.ComponentRestored:
        """A removed component comes back."""
        if command.component in self.members:
            raise Refused("The portfolio holds this component; only a removed one can be restored.")
        if command.component not in self.removed:
            raise Invalid({"/component": "the portfolio never held this component; add-component adds it"})
        return e.ComponentRestored(
            component=command.component, order=self.restored_order(command.component), why=command.rationale
        )

    def move(self, component: UUID, to_rank: int, why: Rationale) -> e.RankChanged:
        """A component gets another rank; the fact is named by the direction."""
        self._must_hold(component, "/portfolio")
        require_code(why, (*RANK_CODES, *self.policy.codes("reprioritize")))
        ranking = self.ranking()
        from_rank = ranking.index(component) + 1
        if to_rank > len(ranking):
            raise Invalid({"/to_rank": f"expected a rank from 1 to {len(ranking)}; got {to_rank}"})
        if to_rank == from_rank:
            raise Refused(f"It already has rank {to_rank}; another of 1 to {len(ranking)} is possible.")
        others = [other for other in ranking if other != component]
        above = self.members[others[to_rank - 2]] if to_rank > 1 else None
        below = self.members[others[to_rank - 1]] if to_rank <= len(others) else None
        moved = e.ProjectDeprioritized if to_rank > from_rank else e.ProjectReprioritized
        return moved(component=component, from_rank=from_rank, to_rank=to_rank, order=between(above, below), why=why)

    def ranking(self) -> list[UUID]:
        """The components from rank 1 down."""
        return sorted(self.members, key=lambda component: (self.members[component], component))

    def next_order(self) -> Decimal:
        """The order key behind all components there ever were."""
        return between(max([*self.members.values(), *self.removed.values()], default=None), None)

    def restored_order(self, component: UUID) -> Decimal:
        """The old order key of a removed component, or the next free one behind it."""
        old = self.removed[component]
        taken = sorted(order for order in self.members.values() if order >= old)
        if old not in taken:
            return old
        return between(old, taken[1] if len(taken) > 1 else None)

    def budget(self) -> Money | None:
        """What may be spent in all, in every year and category; `None` if nobody set a budget."""
        return total_of(self.budgets.values())

    def home(self) -> str | None:
        """The currency it counts in: its own, or else the only one its budgets have."""
        found = {money.currency for money in self.budgets.values()}
        return self.currency or (found.pop() if len(found) == 1 else None)

    def rates(self) -> Rates:
        """What other currencies are worth here."""
        return Rates(self.currency, self.quoted)

    def newest(self, name: str) -> int:
        """The newest version of a scoring model, 0 if there never was one of the name."""
        return max((key.version for key in self.models if key.name == name), default=0)

    def _must_be_in_its_currency(self, money: Money, pointer: str) -> None:
        if self.currency and money.currency != self.currency:
            raise Invalid({pointer: f"expected {self.currency}, the currency of the portfolio"})

    def _must_mean_what_it_did(self, model: ModelVersion | None) -> None:
        if model is None or self.models.get(model.key) == model:
            return
        if model.method is Method.AHP:
            told = (
                "comparisons are weighed by set-scoring-model; expected what one of its versions says, judgements too"
            )
            raise Invalid({"/scoring_model/method": told})
        if model.key in self.models:
            told = f"{model.key} had another method, other criteria or weights"
            sentence = f"{told}; expected a new version, above {self.newest(model.name)}"
            raise Invalid({"/scoring_model/version": sentence})

    def _must_hold(self, component: UUID, pointer: str) -> None:
        if component not in self.members:
            raise Invalid({pointer: f"the portfolio does not hold the component {component}"})

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.reviews.apply(event, fact)
        match event:
            case e.PortfolioCreated():
                self.name, self.currency = event.name, event.currency
            case e.PolicySet():
                self.policy, self.policy_version = event.policy, event.version
                if model := event.policy.scoring_model:
                    self.models[model.key] = model
            case ScoringModelSet():
                self.models[event.model.key] = event.model
            case ScenarioCommitted():
                self.commits.append(event.scenario)
            case me.BudgetSet():
                self._allot(event.lines)
            case me.RateSet():
                self.quoted.setdefault(event.currency, {})[event.valid_from] = event.rate
            case e.SubsidiaryAdded():
                self.subsidiaries.add(event.subsidiary)
            case e.SubsidiaryRemoved():
                self.subsidiaries.discard(event.subsidiary)
            case e.ComponentAdded():
                self.removed.pop(event.component, None)
                self.members[event.component] = event.order
            case e.ComponentRemoved() if event.component in self.members:
                self.removed[event.component] = self.members.pop(event.component)
            case e.ComponentRestored() if event.component in self.removed:
                del self.removed[event.component]
                self.members[event.component] = event.order
            case e.RankChanged() if event.component in self.members:
                self.members[event.component] = event.order

    def _allot(self, lines: Iterable[me.YearlyAmount]) -> None:
        self.is_allotted = True
        for line in lines:
            self.budgets.pop((line.year, line.category), None)
            if line.money:
                self.budgets[line.year, line.category] = line.money


def between(above: Decimal | None, below: Decimal | None) -> Decimal:
    """A short decimal strictly between two order keys, near the middle; `None` is an open end.

    Exact at any depth: one digit more at most for each halving, no rounding.
    """
    if below is None:
        return Decimal(int(above) + 1) if above is not None else Decimal(1)
    if above is None:
        return Decimal(int(below) - 1)
    low, high = Fraction(above), Fraction(below)
    for digits in count():
        scale = 10**digits
        candidate = int((low + high) / 2 * scale)
        if low < Fraction(candidate, scale) < high:
            return Decimal(f"{candidate}E-{digits}")
    raise AssertionError("unreachable")
