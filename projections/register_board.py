"""The register board: what is said of each risk and issue, and what became of it, at any moment."""

from collections.abc import Iterable, Iterator

from domain.kernel.event import Recorded
from domain.project import register_events as e
from domain.project.words import RegisterState
from projections.dated import Change, DatedChanges

register = DatedChanges("project_register")

RISK, ISSUE = "risk", "issue"
ISSUE_MEMBERS = ("title", "description", "impact", "response", "owner", "due_on")
RISK_MEMBERS = (*ISSUE_MEMBERS, "probability")


def aspect(kind: str, number: int, member: str) -> str:
    """The aspect of one member of a risk or an issue."""
    return f"{kind}:{number}:{member}"


@register.on(e.RiskRecorded)
def risk_recorded(event: e.RiskRecorded, fact: Recorded) -> Iterable[Change]:
    """A risk is open."""
    yield Change(fact.stream_id, aspect(RISK, event.risk, "state"), RegisterState.OPEN)
    yield from _said(RISK, event.risk, event, fact)


@register.on(e.RiskRevised)
def risk_revised(event: e.RiskRevised, fact: Recorded) -> Iterable[Change]:
    """It is seen otherwise."""
    yield from _said(RISK, event.risk, event, fact)


@register.on(e.RiskClosed)
def risk_closed(event: e.RiskClosed, fact: Recorded) -> Iterable[Change]:
    """It is watched no longer."""
    yield from _settled(RISK, event.risk, RegisterState.CLOSED, fact)


@register.on(e.IssueRecorded)
def issue_recorded(event: e.IssueRecorded, fact: Recorded) -> Iterable[Change]:
    """An issue is open; a risk that came true by it is so no longer."""
    yield Change(fact.stream_id, aspect(ISSUE, event.issue, "state"), RegisterState.OPEN)
    yield from _said(ISSUE, event.issue, event, fact)
    if event.risk is not None:
        yield Change(fact.stream_id, aspect(ISSUE, event.issue, "risk"), event.risk)
        yield Change(fact.stream_id, aspect(RISK, event.risk, "issue"), event.issue)
        yield from _settled(RISK, event.risk, RegisterState.OCCURRED, fact)


@register.on(e.IssueRevised)
def issue_revised(event: e.IssueRevised, fact: Recorded) -> Iterable[Change]:
    """It is seen otherwise."""
    yield from _said(ISSUE, event.issue, event, fact)


@register.on(e.IssueClosed)
def issue_closed(event: e.IssueClosed, fact: Recorded) -> Iterable[Change]:
    """It was dealt with."""
    yield from _settled(ISSUE, event.issue, RegisterState.CLOSED, fact)


def _said(kind: str, number: int, event: e.RegisterFact, fact: Recorded) -> Iterator[Change]:
    told = event.model_dump(mode="json", include={*RISK_MEMBERS}, exclude_none=True)
    for member, value in told.items():
        yield Change(fact.stream_id, aspect(kind, number, member), value)
    if event.why:
        yield _decided(kind, number, fact)


def _settled(kind: str, number: int, state: RegisterState, fact: Recorded) -> Iterator[Change]:
    yield Change(fact.stream_id, aspect(kind, number, "state"), state)
    yield _decided(kind, number, fact)


def _decided(kind: str, number: int, fact: Recorded) -> Change:
    return Change(fact.stream_id, f"decision:{aspect(kind, number, '')}", None)
