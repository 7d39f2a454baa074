"""What people do with people, and with goals."""

from datetime import date
from decimal import Decimal

from tests.stories.year.cast import GOALS
from tests.stories.year.entries import HORIZON, Booking, Goal, Release
from tests.stories.year.office import Colleague, reason
from tests.stories.year.proposing import TOWN

YEAR = {"starts_on": "2025-01-01", "ends_on": "2025-12-31"}


class Staffing(Colleague):
    """Verbs about people."""

    def welcomes(self, *people: str) -> None:
        """People whose time can be promised."""
        for name in people:
            self.office.ids[name] = self.asks("/resources", name=name)["id"]
            self.minutes("resource.added.v1", None)

    def assigns(
        self,
        person: str,
        project: str,
        share: str,
        first: str,
        last: str | None,
        because: str,
        as_role: str | None = None,
        override: str | None = None,
        request: str | None = None,
    ) -> None:
        """Somebody's time is promised, perhaps beyond what there is, perhaps because a project asked."""
        days = {"starts_on": first, "ends_on": last}
        given = {"project": self.office.ids[project], "share": share, "as_role": as_role, "request": request}
        beyond = {"override": reason(override)} if override else {}
        self.asks(self._who(person, "assign"), because, **given, **days, **beyond)
        self._book(person, project, Decimal(share), first, last)
        self.minutes("resource.assigned.v1", because, person, project)
        if request:
            self.office.ledger.now.requests[request] = (project, "filled")
            self.minutes("project.resource_request_filled.v1", because, project, person)

    def moves(self, person: str, frm: str, to: str, share: str, first: str, last: str, because: str) -> None:
        """Somebody's time goes to another project."""
        ids = self.office.ids
        given = {"from_project": ids[frm], "to_project": ids[to], "share": share, "starts_on": first, "ends_on": last}
        self.asks(self._who(person, "reassign"), because, **given)
        self._book(person, frm, -Decimal(share), first, last)
        self._book(person, to, Decimal(share), first, last)
        self.minutes("resource.reassigned.v1", because, person, frm, to)

    def releases(self, person: str, project: str, first_free: str, because: str) -> None:
        """Somebody is taken off a project."""
        self.asks(self._who(person, "release"), because, project=self.office.ids[project], from_day=first_free)
        self.office.ledger.now.bookings.append(Release(person, project, date.fromisoformat(first_free)))
        self.minutes("resource.released.v1", because, person, project)

    def _book(self, person: str, project: str, share: Decimal, first: str, last: str | None) -> None:
        end = date.fromisoformat(last) if last else HORIZON
        self.office.ledger.now.bookings.append(Booking(person, project, share, date.fromisoformat(first), end))

    def _who(self, person: str, verb: str) -> str:
        return f"/resources/{self.office.ids[person]}/{verb}"


class Aligning(Colleague):
    """Verbs about goals."""

    def sets_goal(self, goal: str, because: str, portfolio: str = TOWN) -> None:
        """The town wants to reach something, and says how that is measured."""
        receipt = self.asks("/goals", because, name=goal, portfolio=self.office.ids[portfolio], owner=self.name)
        self.office.ids[goal] = receipt["id"]
        self.office.ledger.now.goals[goal] = Goal()
        self.minutes("goal.created.v1", because, goal, portfolio)
        aim = GOALS[goal]
        self.asks(self._goal(goal, "set-key-result"), **aim._asdict(), period=YEAR, current=aim.start)
        self.office.ledger.now.goals[goal].current = aim.start
        self.minutes("goal.key_result_set.v1", None)

    def measures(self, goal: str, current: str) -> None:
        """Where a goal stands by its measure."""
        self.asks(self._goal(goal, "record-progress"), measure=GOALS[goal].measure, current=current)
        self.office.ledger.now.goals[goal].current = current
        self.minutes("goal.progress_recorded.v1", None)

    def aims_higher(self, goal: str, target: str, because: str) -> None:
        """The same measure has another target."""
        aim = GOALS[goal]._replace(target=target)
        self.asks(self._goal(goal, "set-key-result"), because, **aim._asdict(), period=YEAR)
        self.minutes("goal.key_result_set.v1", because, goal)

    def links(self, goal: str, because: str, **weights: str) -> None:
        """Projects contribute to a goal; keywords are their names with underscores."""
        for name, weight in weights.items():
            project = name.replace("_", " ")
            self.asks(self._goal(goal, "link"), because, project=self.office.ids[project], weight=weight)
            self.office.ledger.now.goals[goal].weights[project] = Decimal(weight)
            self.minutes("goal.linked.v1", because, goal, project)

    def unlinks(self, goal: str, project: str, because: str) -> None:
        """A project contributes no longer, and what it delivered counts no more."""
        self.asks(self._goal(goal, "unlink"), because, project=self.office.ids[project])
        kept = self.office.ledger.now.goals[goal]
        del kept.weights[project]
        kept.delivered.pop(project, None)
        self.minutes("goal.unlinked.v1", because, goal, project)

    def delivers(self, goal: str, project: str, part: str) -> None:
        """So much of what a project owes to a goal is there."""
        self.asks(self._goal(goal, "record-progress"), project=self.office.ids[project], progress=part)
        self.office.ledger.now.goals[goal].delivered[project] = Decimal(part)
        self.minutes("goal.progress_recorded.v1", None)

    def gives_up(self, goal: str, because: str) -> None:
        """A goal is pursued no longer."""
        self.asks(self._goal(goal, "retire"), because)
        self.office.ledger.now.goals[goal].is_retired = True
        self.minutes("goal.retired.v1", because, goal)

    def _goal(self, goal: str, verb: str) -> str:
        return f"/goals/{self.office.ids[goal]}/{verb}"


class Registering(Colleague):
    """Verbs about who may do what."""

    def registers(self, name: str) -> None:
        """Somebody can be given roles."""
        self.office.ids[name] = self.asks("/people", name=name)["id"]
        self.minutes("identity.person_added.v1", None)

    def forgets(self, name: str, because: str) -> None:
        """The name of somebody is blanked for good."""
        self.asks(f"/people/{self.office.ids[name]}/erase", because)
        self.minutes("identity.person_erased.v1", because, name)

    def grants(self, who: Colleague, role: str, because: str, until: str | None = None) -> None:
        """Somebody may do more, perhaps until a day."""
        self.asks(f"/people/{self.office.ids[who.name]}/grant-role", because, role=role, until=until)
        self.minutes("identity.role_granted.v1", because, who.name)

    def revokes(self, who: Colleague, role: str, because: str) -> None:
        """Somebody may do less."""
        self.asks(f"/people/{self.office.ids[who.name]}/revoke-role", because, role=role)
        self.minutes("identity.role_revoked.v1", because, who.name)
