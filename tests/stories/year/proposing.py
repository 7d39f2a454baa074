"""What people do with proposals and projects: from the first paper to the closed books."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.stories.year.cast import OFFICE, PROGRAMS, PROPOSALS, Proposal
from tests.stories.year.entries import Baseline, Component, Release
from tests.stories.year.office import Colleague, reason

TOWN = "Town of Millbrook"
GRANT = "Climate grant"


def euros(amount: int | str) -> dict[str, str]:
    """Money of the town."""
    return {"amount": f"{amount}.00", "currency": "EUR"}


def thousands(amount: int) -> dict[str, str]:
    """Money of the town, in thousands."""
    return euros(amount * 1000)


class Proposing(Colleague):
    """Verbs about portfolios, programs and projects."""

    # --- portfolios -------------------------------------------------------------------------------

    def founds(self, portfolio: str, because: str) -> None:
        """A portfolio begins."""
        self.office.ids[portfolio] = self.asks("/portfolios", because, name=portfolio, currency="EUR")["id"]
        self.office.ledger.now.orders[portfolio] = []
        self.minutes("portfolio.created.v1", because, portfolio)

    def takes_under(self, portfolio: str, subsidiary: str, because: str) -> None:
        """A portfolio belongs to another one."""
        self.asks(self._of(portfolio, "add-subsidiary"), because, subsidiary=self.office.ids[subsidiary])
        self.minutes("portfolio.subsidiary_added.v1", because, portfolio, subsidiary)

    def lets_go(self, portfolio: str, subsidiary: str, because: str) -> None:
        """It stands alone again."""
        self.asks(self._of(portfolio, "remove-subsidiary"), because, subsidiary=self.office.ids[subsidiary])
        self.minutes("portfolio.subsidiary_removed.v1", because, portfolio, subsidiary)

    def takes_in(self, portfolio: str, component: str, because: str) -> None:
        """A portfolio holds a component too."""
        self.asks(self._of(portfolio, "add-component"), because, component=self.office.ids[component])
        self.office.ledger.now.orders[portfolio].append(component)
        self.minutes("portfolio.component_added.v1", because, portfolio, component)

    def takes_out(self, portfolio: str, component: str, because: str) -> None:
        """A portfolio holds a component no longer."""
        self.asks(self._of(portfolio, "remove-component"), because, component=self.office.ids[component])
        self.office.ledger.now.left.add((portfolio, component))
        self.minutes("portfolio.component_removed.v1", because, portfolio, component)

    def takes_back(self, portfolio: str, component: str, because: str) -> None:
        """A component comes back to its old place."""
        self.asks(self._of(portfolio, "restore-component"), because, component=self.office.ids[component])
        self.office.ledger.now.left.remove((portfolio, component))
        self.minutes("portfolio.component_restored.v1", because, portfolio, component)

    def ranks(self, component: str, to_rank: int, because: str, portfolio: str = TOWN) -> None:
        """A component gets another place."""
        about = {"portfolio": self.office.ids[portfolio], "to_rank": to_rank}
        self.asks(self._on(component, "reprioritize"), because, **about)
        standing = self.office.ledger.now
        before = standing.ranking(portfolio)
        went_down = to_rank > before.index(component) + 1
        after = [each for each in before if each != component]
        after.insert(to_rank - 1, component)
        left = [each for each in standing.orders[portfolio] if (portfolio, each) in standing.left]
        assert not left, "the ledger cannot tell where what left would come back"
        standing.orders[portfolio] = after
        self.minutes(f"project.{'de' if went_down else 're'}prioritized.v1", because, portfolio, component)

    # --- proposals --------------------------------------------------------------------------------

    def drafts(self, name: str, because: str, program: str | None = None) -> None:
        """A component is proposed, last in the order of the town."""
        ids, ledger = self.office.ids, self.office.ledger
        kind = "program" if name in PROGRAMS else "project"
        sponsor = OFFICE[PROGRAMS[name] if name in PROGRAMS else PROPOSALS[name].sponsor][0]
        about: dict[str, Any] = {"name": name, "kind": kind, "sponsor": sponsor, "portfolio": ids[TOWN]}
        receipt = self.asks("/projects", because, **about, parent=program and ids[program])
        ids[name] = receipt["id"]
        ledger.now.components[name] = Component(name, sponsor, kind, since=self.office.when, program=program)
        ledger.now.orders[TOWN].append(name)
        self.minutes("project.drafted.v1", because, *filter(None, (name, program)))
        self.minutes("portfolio.component_added.v1", because, TOWN, name)

    def submits(self, name: str) -> None:
        """A proposal is handed in."""
        case = PROPOSALS.get(name) or Proposal("", "", 20, 40, "Parts that wait for each other", "One plan for all")
        costs = {"cost_low": thousands(case.low), "cost_high": thousands(case.high)}
        self.asks(self._on(name, "submit"), problem=case.problem, expected_benefit=case.benefit, **costs)
        self._went(name, "submitted", "project.submitted.v1", None)

    def proposes(self, name: str, because: str, program: str | None = None) -> None:
        """A component is proposed and handed in at once."""
        self.drafts(name, because, program)
        self.submits(name)

    def withdraws(self, name: str, because: str) -> None:
        """Its own side takes a proposal back."""
        self._moves("withdraw", name, "cancelled", "withdrawn", because)

    def evaluates(self, *names: str) -> None:
        """Evaluation starts."""
        for name in names:
            self.asks(self._on(name, "evaluate"))
            self._went(name, "under_evaluation", "project.evaluation_started.v2", None)

    def takes_up_again(self, name: str, because: str) -> None:
        """What was deferred is evaluated again."""
        self.asks(self._on(name, "evaluate"), because)
        self._went(name, "under_evaluation", "project.re_evaluated.v2", because, TOWN)

    def recycles(self, name: str, to_fix: str, because: str) -> None:
        """The proposal goes back to its author."""
        self._moves("recycle", name, "submitted", "recycled", because, to_fix=to_fix)

    def rejects(self, name: str, because: str) -> None:
        """The board turns it down."""
        self._moves("reject", name, "rejected", "rejected", because)

    def defers(self, name: str, until: str, because: str) -> None:
        """It is put off, and its money is free again."""
        with self.office.with_reason(review_on=until):
            self._moves("defer", name, "deferred", "deferred", because)
        self.component(name).budget = None
        self.office.ledger.now.looked_at.append((name, until, self.office.when))

    def selects(self, name: str, because: str, force_in: str | None = None) -> None:
        """It is chosen; forced in where the budget does not reach."""
        beyond = {"force_in": reason(force_in)} if force_in else {}
        self.asks(self._on(name, "select"), because, **beyond)
        if force_in:
            self.minutes("project.forced_in.v1", force_in, name, TOWN)
        self._went(name, "selected", "project.selected.v1", because)

    def deselects(self, name: str, because: str) -> None:
        """The choice is taken back."""
        self._moves("deselect", name, "under_evaluation", "deselected", because)

    def authorizes(self, name: str, budget: int, because: str, conditions: str | None = None) -> None:
        """The board releases money, in thousands."""
        given = {"budget": thousands(budget), "conditions": conditions}
        self._moves("authorize", name, "authorized", "authorized", because, **given)
        self.component(name).budget = Decimal(budget * 1000)
        if review_on := self.office.besides.get("review_on"):
            self.office.ledger.now.looked_at.append((name, review_on, None))

    # --- projects ---------------------------------------------------------------------------------

    def begins(self, name: str, start: str, finish: str | None = None, override: str | None = None) -> None:
        """Work begins, and is held to what is known by now; who says so leads it. An override passes a full state."""
        beyond = {"override": reason(override)} if override else {}
        self.asks(self._on(name, "activate"), owner=self.name, starts_on=start, finishes_on=finish, **beyond)
        if override:
            self.minutes("project.limit_overridden.v1", override, name, TOWN)
        self._went(name, "active", "project.activated.v1", None)
        component = self.component(name)
        component.owner, component.start, component.finish = self.name, start, finish
        component.baselines.append(Baseline(start, finish, component.budget or component.figure("forecast")))

    def reports(self, name: str, overall: str, text: str, path_to_green: str | None = None, **parts: str) -> None:
        """Somebody says how a project is doing."""
        said = {"overall": overall, "text": text, "path_to_green": path_to_green}
        self.asks(self._on(name, "status-updates"), **said, **parts)
        component = self.component(name)
        component.health, component.reported = overall, self.office.when[:10]
        self.office.ledger.now.tells_reviews(name)
        self.minutes("project.status_reported.v1", None)

    def reports_on_track(self, text: str, *names: str) -> None:
        """All of these go as planned."""
        for name in names:
            self.reports(name, "on_track", text)

    def pauses(self, name: str, until: str, because: str, people: str = "keep") -> None:
        """Work stops for a while; its people stay promised, or go free."""
        self._moves("pause", name, "on_hold", "paused", because, expected_resume=until, allocations=people)
        self.component(name).resume_on = None if until == "unknown" else until
        if people == "release":
            self._free_all(name, because)

    def resumes(self, name: str, finish: str, because: str, forecast: int | None = None) -> None:
        """Work goes on."""
        more = {"forecast": thousands(forecast)} if forecast else {}
        self._moves("resume", name, "active", "resumed", because, forecast_finish=finish, **more)
        self.component(name).finish = finish
        if forecast:
            self.component(name).single["forecast"] = Decimal(forecast * 1000)

    def accepts(self, name: str, outcome: str, lessons: str, because: str, cost: int | None = None) -> None:
        """The sponsor accepts what was delivered; the cost is told in thousands."""
        told = {"outcome": outcome, "lessons": lessons, "actual_cost": thousands(cost) if cost else None}
        self._moves("complete", name, "completed", "completed", because, **told)
        self.office.ledger.now.completed[name] = self.office.when[:10]
        if cost:
            self.component(name).single["actual"] = Decimal(cost * 1000)
        self._free_all(name, because)

    def closes(self, name: str, because: str, unreviewed: str | None = None) -> None:
        """The books are shut; a benefit that nobody judged needs a reason of its own."""
        told = {"unreviewed_benefits": reason(unreviewed)} if unreviewed else {}
        self._moves("close", name, "closed", "closed", because, **told)

    def cancels(self, name: str, sunk: int, disposition: str, because: str) -> None:
        """It is stopped for good; its people go free."""
        self._moves(
            "cancel", name, "cancelled", "cancelled", because, sunk_cost=thousands(sunk), disposition=disposition
        )
        self.component(name).single["actual"] = Decimal(sunk * 1000)
        self._free_all(name, because)

    def reopens(self, name: str, what_is_new: str, because: str) -> None:
        """It comes back because something is new."""
        self._moves("reopen", name, "under_evaluation", "reopened", because, what_is_new=what_is_new)

    def gives_to_program(self, name: str, program: str | None, because: str) -> None:
        """A component belongs to another program, or to none."""
        before = self.component(name).program
        self.asks(self._on(name, "move"), because, "program", program=program and self.office.ids[program])
        self.component(name).program = program
        self.minutes("project.moved_to_program.v1", because, *filter(None, (name, before, program)))

    def hands_over(self, name: str, owner: str, because: str) -> None:
        """Somebody else leads it from now on."""
        self.asks(self._on(name, "revise"), because, owner=owner)
        self.component(name).owner = owner
        self.minutes("project.revised.v1", because, name)

    # --- what they have in common -----------------------------------------------------------------

    def latest_decision(self, name: str) -> str:
        """The event id of the last decision about a component."""
        return str(self.reads(f"/projects/{self.office.ids[name]}/why")["items"][-1]["event_id"])

    def component(self, name: str) -> Component:
        """What the ledger knows of it."""
        return self.office.ledger.now.components[name]

    def _moves(self, verb: str, name: str, state: str, fact: str, because: str, **body: Any) -> None:
        self.asks(self._on(name, verb), because, **body)
        self._went(name, state, f"project.{fact}.v1", because)

    def _went(self, name: str, state: str, fact: str, because: str | None, *about: str) -> None:
        component = self.component(name)
        component.state, component.since = state, self.office.when
        self.minutes(fact, because, name, *about)

    def _free_all(self, name: str, because: str) -> None:
        standing, day = self.office.ledger.now, date.fromisoformat(self.office.when[:10])
        for person in sorted(standing.people_on(name, day)):
            standing.bookings.append(Release(person, name, day))
            self.minutes("resource.released.v1", because, person, name)

    def _on(self, name: str, verb: str) -> str:
        return f"/projects/{self.office.ids[name]}/{verb}"

    def _of(self, portfolio: str, verb: str) -> str:
        return f"/portfolios/{self.office.ids[portfolio]}/{verb}"
