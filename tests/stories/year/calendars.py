"""What people do with time: weeks and holidays, absences, farewells, and projects that ask for somebody."""

from datetime import date, timedelta
from decimal import Decimal

from tests.stories.year.entries import Absence, Release, Week
from tests.stories.year.office import Colleague

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
HOLIDAYS = ("2025-01-01", "2025-04-18", "2025-04-21", "2025-05-01", "2025-06-09", "2025-10-03", "2025-12-25")


class Timing(Colleague):
    """Verbs about how much time there is, and who asks for it."""

    def sets_week(self, person: str, hours: int = 8) -> None:
        """Somebody works so many of eight hours from Monday to Friday, but on holidays."""
        days = {"starts_on": "2025-01-01", "week": {day: str(hours) for day in WEEKDAYS}, "days_off": list(HOLIDAYS)}
        self.asks(self._whose(person, "set-capacity"), **days, full_day="8")
        off = frozenset(map(date.fromisoformat, HOLIDAYS))
        self.office.ledger.now.weeks[person] = Week(Decimal(hours) / 8, off)
        self.minutes("resource.capacity_set.v1", None)

    def knows(self, person: str, skill: str, level: int, as_role: str) -> None:
        """What somebody can do, and usually does."""
        self.asks(self._whose(person, "set-skills"), skills=[{"skill": skill, "level": level}])
        self.minutes("resource.skills_set.v1", None)
        self.asks(self._whose(person, "set-role"), as_role=as_role)
        self.minutes("resource.role_set.v1", None)

    def notes_absence(self, person: str, first: str, last: str, reason: str) -> None:
        """Somebody is away; what they are promised for stays promised."""
        self.asks(self._whose(person, "record-absence"), starts_on=first, ends_on=last, reason=reason)
        standing, days = self.office.ledger.now, _days(first, last)
        working = frozenset(day for day in days if standing.works(person, day))
        standing.absences.append(Absence(person, working))
        self.minutes("resource.absence_recorded.v1", None)

    def calls_back(self, person: str, because: str) -> None:
        """The last absence of somebody is taken back."""
        found = self.reads(f"/resources/{self.office.ids[person]}")["absences"][-1]
        self.asks(self._whose(person, "cancel-absence"), because, absence=found["id"])
        absences = self.office.ledger.now.absences
        absences.remove([each for each in absences if each.person == person][-1])
        self.minutes("resource.absence_cancelled.v1", because, person)

    def bids_farewell(self, person: str, last_day: str, because: str) -> None:
        """Somebody leaves; every project loses the time after that day."""
        self.asks(self._whose(person, "depart"), because, last_day=last_day)
        standing, first = self.office.ledger.now, date.fromisoformat(last_day) + timedelta(days=1)
        losing = sorted({project for project, day in standing.days_of(person) if day >= first.toordinal()})
        standing.departed[person] = date.fromisoformat(last_day)
        self.minutes("resource.departed.v1", because, person, *losing)
        for project in losing:
            standing.bookings.append(Release(person, project, first))
            self.minutes("resource.released.v1", because, person, project)

    def asks_for(self, project: str, as_role: str, share: str, first: str, last: str, because: str) -> str:
        """A project needs somebody; the request's id."""
        said = {"as_role": as_role, "share": share, "starts_on": first, "ends_on": last}
        self.asks(f"/projects/{self.office.ids[project]}/request-resource", because, **said)
        found = self.reads("/requests", project=self.office.ids[project], status="open")["items"]
        (request,) = [each["id"] for each in found if each["as_role"] == as_role]
        self.office.ledger.now.requests[request] = (project, "open")
        self.minutes("project.resource_requested.v1", because, project)
        return str(request)

    def says_no(self, project: str, request: str, because: str) -> None:
        """Nobody will come."""
        self.asks(f"/projects/{self.office.ids[project]}/decline-request", because, request=request)
        self.office.ledger.now.requests[request] = (project, "declined")
        self.minutes("project.resource_request_declined.v1", because, project)

    def needs_nobody(self, project: str, request: str, because: str) -> None:
        """A project's own side takes its request back."""
        self.asks(f"/projects/{self.office.ids[project]}/withdraw-request", because, request=request)
        self.office.ledger.now.requests[request] = (project, "withdrawn")
        self.minutes("project.resource_request_withdrawn.v1", because, project)

    def _whose(self, person: str, verb: str) -> str:
        return f"/resources/{self.office.ids[person]}/{verb}"


def _days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]
