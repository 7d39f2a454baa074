"""A portfolio gets an analysis, in its currency and with its rates unless it brings its own."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.choosing.analyses import METHODS, AnalysisKind
from domain.choosing.analysis import Analysis, recorded
from domain.choosing.candidates import Selection
from domain.choosing.commands import RecordAnalysis
from domain.choosing.events import AnalysisRecorded
from domain.choosing.scenario import Scenario
from domain.kernel.decide import Decide, Facts, Reading
from domain.kernel.refusal import Invalid
from domain.kernel.types import Strictly
from domain.portfolio.portfolio import Portfolio
from domain.processes.scenario_inputs import NESTED, with_selection

Raw = dict[str, Any]


def record(analysis_id: UUID, command: RecordAnalysis) -> Decide:
    """It is computed once, however often the portfolio moves on meanwhile; only other inputs make it anew."""
    last: tuple[Raw, AnalysisRecorded] | None = None

    def decide(read: Reading) -> Facts:
        nonlocal last
        portfolio = read(Portfolio, command.portfolio, named_by="/portfolio")
        if command.project and command.project not in portfolio.members:
            raise Invalid({"/project": f"the portfolio does not hold the component {command.project}"})
        read.new(Analysis, analysis_id)
        inputs = command.inputs
        if command.scenario:
            scenario = read(Scenario, command.scenario, named_by="/scenario")
            inputs = with_selection(command.kind, inputs, scenario, command.portfolio)
        whole = _completed(command.kind, inputs, portfolio, read.occasion.now.date())
        if last is None or last[0] != whole:
            last = whole, recorded(command, whole)
        return [(analysis_id, last[1])]

    return decide


def _completed(kind: AnalysisKind, raw: Raw, portfolio: Portfolio, today: date) -> Raw:
    if kind in NESTED:
        return {name: _with_money(Selection, each, portfolio, today) for name, each in raw.items()}
    return dict(_with_money(METHODS[kind].inputs, raw, portfolio, today))


def _with_money(inputs: type[Strictly], raw: Any, portfolio: Portfolio, today: date) -> Any:
    """The inputs with the currency of the portfolio and its rates of today, where they lack them."""
    if not isinstance(raw, Mapping) or "currency" not in inputs.model_fields or portfolio.currency is None:
        return raw
    whole = {"currency": portfolio.currency, **raw}
    given = whole.get("rates") or []
    if whole["currency"] != portfolio.currency or not isinstance(given, list):
        return whole
    known = {each.get("currency") for each in given if isinstance(each, Mapping)} | {portfolio.currency}
    lacking = sorted(set(_currencies(whole)) - known)
    rates = [{"currency": each, "rate": f"{rate:f}"} for each in lacking if (rate := _rate(portfolio, each, today))]
    return {**whole, "rates": [*given, *rates]} if rates else whole


def _rate(portfolio: Portfolio, currency: str, today: date) -> Any:
    """The rate that is valid today."""
    valid = {day: rate for day, rate in portfolio.quoted.get(currency, {}).items() if day <= today}
    return valid[max(valid)] if valid else None


def _currencies(raw: Any) -> Iterator[str]:
    """Every currency that money in the inputs is in."""
    waiting = [raw]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            if isinstance(each.get("currency"), str) and "amount" in each:
                yield each["currency"]
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
