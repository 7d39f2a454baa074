"""What people do so that nothing surprises them: risks, issues, milestones, dependencies, benefits."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.stories.year.entries import Benefit, Milestone, Worry
from tests.stories.year.office import Colleague


class Watching(Colleague):
    """Verbs about what might come, what came, and what was promised."""

    # --- risks and issues -------------------------------------------------------------------------

    def warns(self, project: str, title: str, until: str, probability: int | None = None, impact: int = 3) -> None:
        """Something might happen; without a probability nobody has assessed it yet."""
        said = {"title": title, "probability": probability, "impact": impact, "owner": self.name, "due_on": until}
        self._part(project, "record-risk", None, **said)
        self._worries(project, "risks").append(Worry(title, impact, probability))
        self.minutes("project.risk_recorded.v1", None)

    def reassesses(self, project: str, title: str, probability: int) -> None:
        """It is more likely now, or less."""
        risks = self._worries(project, "risks")
        number, risk = _open_one(risks, title)
        self._part(project, "revise-risk", None, risk=number, probability=probability)
        risks[number - 1] = risk._replace(probability=probability)
        self.minutes("project.risk_revised.v1", None)

    def warns_no_more(self, project: str, title: str, because: str) -> None:
        """It can no longer happen."""
        risks = self._worries(project, "risks")
        number, risk = _open_one(risks, title)
        self._part(project, "close-risk", because, risk=number)
        risks[number - 1] = risk._replace(state="closed")
        self.minutes("project.risk_closed.v1", because, project)

    def tells(self, project: str, title: str, until: str, impact: int, because: str, came_true: str) -> None:
        """Something happened, and a risk came true by it."""
        risks = self._worries(project, "risks")
        number, risk = _open_one(risks, came_true)
        said = {"title": title, "impact": impact, "owner": self.name, "due_on": until, "risk": number}
        self._part(project, "record-issue", because, **said)
        risks[number - 1] = risk._replace(state="occurred")
        self._worries(project, "issues").append(Worry(title, impact))
        self.minutes("project.issue_recorded.v1", because, project)

    def sees_otherwise(self, project: str, title: str, impact: int) -> None:
        """What happened is worse than was thought, or less bad."""
        issues = self._worries(project, "issues")
        number, issue = _open_one(issues, title)
        self._part(project, "revise-issue", None, issue=number, impact=impact)
        issues[number - 1] = issue._replace(impact=impact)
        self.minutes("project.issue_revised.v1", None)

    def settles(self, project: str, title: str, because: str) -> None:
        """What happened was dealt with."""
        issues = self._worries(project, "issues")
        number, issue = _open_one(issues, title)
        self._part(project, "close-issue", because, issue=number)
        issues[number - 1] = issue._replace(state="closed")
        self.minutes("project.issue_closed.v1", because, project)

    # --- milestones and dependencies --------------------------------------------------------------

    def promises(self, project: str, milestone: str, day: str) -> None:
        """Something will be there on a day."""
        self._sets(project, milestone, None, due_on=day)

    def expects(self, project: str, milestone: str, day: str, because: str) -> None:
        """It will be there on another day than was promised."""
        self._sets(project, milestone, because, forecast_on=day)

    def reaches(self, project: str, milestone: str, day: str) -> None:
        """It is there."""
        self._sets(project, milestone, None, reached_on=day)

    def drops(self, project: str, milestone: str, because: str) -> None:
        """It is no part of the plan any more."""
        self._part(project, "drop-milestone", because, name=milestone)
        del self.office.ledger.now.milestones[project][milestone]
        self.minutes("project.milestone_dropped.v1", because, project)

    def waits_for(self, project: str, needed: str, because: str) -> None:
        """A project cannot start before another one has finished."""
        self._part(project, "add-dependency", because, depends_on=self.office.ids[needed])
        self.office.ledger.now.needs.add((project, needed))
        self.minutes("project.dependency_added.v1", because, project, needed)

    def waits_no_more(self, project: str, needed: str, because: str) -> None:
        """A project does not need another one any more."""
        self._part(project, "remove-dependency", because, depends_on=self.office.ids[needed])
        self.office.ledger.now.needs.remove((project, needed))
        self.minutes("project.dependency_removed.v1", because, project, needed)

    # --- benefits ---------------------------------------------------------------------------------

    def plans_benefit(self, project: str, benefit: str, frm: str, to: str, unit: str, due: str) -> None:
        """What a project is for, in a number."""
        said = {"benefit": benefit, "owner": self.name, "measure": benefit, "unit": unit, "due_on": due}
        self._part(project, "plan-benefit", None, **said, baseline=frm, target=to)
        self._benefits(project)[benefit] = Benefit(unit, Decimal(to))
        self.minutes("project.benefit_planned.v1", None)

    def measures_benefit(self, project: str, benefit: str, actual: str, on: str) -> None:
        """Where the number stood on a day."""
        self._part(project, "record-benefit", None, benefit=benefit, actual=actual, on=on)
        self._benefits(project)[benefit] = self._benefits(project)[benefit]._replace(actual=Decimal(actual))
        self.minutes("project.benefit_recorded.v1", None)

    def judges_benefit(self, project: str, benefit: str, actual: str, on: str, text: str) -> None:
        """What came of it."""
        self._part(project, "review-benefit", None, benefit=benefit, actual=actual, on=on, text=text)
        judged = self._benefits(project)[benefit]._replace(actual=Decimal(actual), is_reviewed=True)
        self._benefits(project)[benefit] = judged
        self.minutes("project.benefit_reviewed.v1", None)

    # --- what they have in common -----------------------------------------------------------------

    def _sets(self, project: str, name: str, because: str | None, **days: str) -> None:
        self._part(project, "set-milestone", because, name=name, **days)
        kept = self.office.ledger.now.milestones.setdefault(project, {})
        said = {member: date.fromisoformat(day) for member, day in days.items()}
        kept[name] = kept[name]._replace(**said) if name in kept else Milestone(said["due_on"], **said)
        self.minutes("project.milestone_set.v1", because, *([project] if because else []))

    def _part(self, project: str, verb: str, because: str | None, **body: Any) -> None:
        self.asks(f"/projects/{self.office.ids[project]}/{verb}", because, **body)

    def _worries(self, project: str, kind: str) -> list[Worry]:
        worries: dict[str, list[Worry]] = getattr(self.office.ledger.now, kind)
        return worries.setdefault(project, [])

    def _benefits(self, project: str) -> dict[str, Benefit]:
        return self.office.ledger.now.benefits.setdefault(project, {})


def _open_one(worries: list[Worry], title: str) -> tuple[int, Worry]:
    """The number and the entry of an open one."""
    return next((n, each) for n, each in enumerate(worries, start=1) if each.title == title and each.state == "open")
