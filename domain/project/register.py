"""The register of a component: its risks and issues, which of them are open, and what changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from domain.kernel.decide import Occasion, must_follow
from domain.kernel.event import Event, Recorded
from domain.kernel.rationale import must_not_be_lost, require_code
from domain.kernel.refusal import Invalid, Refused
from domain.project import register_commands as c
from domain.project import register_events as e
from domain.project.words import RegisterState

ISSUE = ("title", "description", "impact", "response", "owner", "due_on")
RISK = (*ISSUE, "probability")
ENDED = {RegisterState.CLOSED: "was closed", RegisterState.OCCURRED: "has occurred"}


class Entry(NamedTuple):
    """A risk or an issue: what is said of it, and whether it is open."""

    said: Mapping[str, Any]
    state: RegisterState = RegisterState.OPEN


Entries = dict[int, Entry]


@dataclass
class Register:
    """Risks and issues by their number."""

    risks: Entries = field(default_factory=dict)
    issues: Entries = field(default_factory=dict)
    latest_at: datetime | None = None

    # --- decide -----------------------------------------------------------------------------

    def record_risk(self, command: c.RecordRisk, occasion: Occasion) -> e.RiskRecorded:
        """Something might happen."""
        self._must_follow(occasion)
        said = command.model_dump(include=set(RISK))
        return e.RiskRecorded(risk=len(self.risks) + 1, **said, why=command.rationale)

    def revise_risk(self, command: c.ReviseRisk, occasion: Occasion) -> e.RiskRevised | None:
        """An open risk is seen otherwise; nothing is recorded if nothing changes."""
        self._must_follow(occasion)
        changes = _changes(command, _open("risk", command.risk, self.risks))
        return e.RiskRevised(risk=command.risk, **changes, why=command.rationale) if changes else None

    def close_risk(self, command: c.CloseRisk, occasion: Occasion) -> e.RiskClosed:
        """It is watched no longer."""
        self._must_follow(occasion)
        _open("risk", command.risk, self.risks)
        return e.RiskClosed(risk=command.risk, why=require_code(command.rationale, ()))

    def record_issue(self, command: c.RecordIssue, occasion: Occasion) -> e.IssueRecorded:
        """Something happened; the risk that came true by it is closed for a reason."""
        self._must_follow(occasion)
        if command.risk is not None:
            _open("risk", command.risk, self.risks)
            if command.rationale is None:
                raise Invalid({"/rationale": f"risk {command.risk} is closed by this, which needs a rationale"})
        said = command.model_dump(include=set(ISSUE))
        return e.IssueRecorded(issue=len(self.issues) + 1, **said, risk=command.risk, why=command.rationale)

    def revise_issue(self, command: c.ReviseIssue, occasion: Occasion) -> e.IssueRevised | None:
        """An open issue is seen otherwise; nothing is recorded if nothing changes."""
        self._must_follow(occasion)
        changes = _changes(command, _open("issue", command.issue, self.issues))
        return e.IssueRevised(issue=command.issue, **changes, why=command.rationale) if changes else None

    def close_issue(self, command: c.CloseIssue, occasion: Occasion) -> e.IssueClosed:
        """It was dealt with."""
        self._must_follow(occasion)
        _open("issue", command.issue, self.issues)
        return e.IssueClosed(issue=command.issue, why=require_code(command.rationale, ()))

    def _must_follow(self, occasion: Occasion) -> None:
        must_follow(self.latest_at, occasion, "the latest change of its risks and issues")

    # --- apply ------------------------------------------------------------------------------

    def apply(self, event: Event, fact: Recorded) -> None:
        """Take one fact in."""
        self.latest_at = fact.occurred_at
        match event:
            case e.RiskRecorded():
                self.risks[event.risk] = Entry(_said(event, RISK))
            case e.RiskRevised():
                _revise(self.risks, event.risk, event)
            case e.RiskClosed():
                _settle(self.risks, event.risk, RegisterState.CLOSED)
            case e.IssueRecorded():
                self.issues[event.issue] = Entry(_said(event, ISSUE))
                if event.risk is not None:
                    _settle(self.risks, event.risk, RegisterState.OCCURRED)
            case e.IssueRevised():
                _revise(self.issues, event.issue, event)
            case e.IssueClosed():
                _settle(self.issues, event.issue, RegisterState.CLOSED)


def _open(kind: str, number: int, entries: Entries) -> Entry:
    """The open entry of a number. Raises `Invalid` if there is none, `Refused` if it is open no longer."""
    entry = entries.get(number)
    if entry is None:
        known = f"has those from 1 to {len(entries)}" if entries else "has none yet"
        raise Invalid({f"/{kind}": f"expected the number of one of the {kind}s of this project, which {known}"})
    if entry.state is not RegisterState.OPEN:
        others = [str(each) for each, other in entries.items() if other.state is RegisterState.OPEN]
        still = f"open {kind}s are {', '.join(others)}" if others else f"no {kind} is open"
        raise Refused(f"The {kind} {number} {ENDED[entry.state]}; {still}, and another can be recorded.")
    return entry


def _changes(command: c.ReviseRisk | c.ReviseIssue, entry: Entry) -> dict[str, Any]:
    """The members that differ from what is said so far. Raises `Refused` for a reason without a change."""
    given = {member: getattr(command, member) for member in entry.said}
    changes = {member: value for member, value in given.items() if value not in (None, entry.said[member])}
    if not changes:
        must_not_be_lost(command.rationale)
    return changes


def _said(event: Event, members: tuple[str, ...]) -> dict[str, Any]:
    return {member: getattr(event, member) for member in members}


def _revise(entries: Entries, number: int, event: Event) -> None:
    if entry := entries.get(number):
        told = {member: getattr(event, member) for member in entry.said}
        said = {**entry.said, **{member: value for member, value in told.items() if value is not None}}
        entries[number] = entry._replace(said=said)


def _settle(entries: Entries, number: int, state: RegisterState) -> None:
    if number in entries:
        entries[number] = entries[number]._replace(state=state)
