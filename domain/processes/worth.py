"""What a candidate is worth: its score, the net present value of its analysis, or both together; pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from domain.choosing.figures import NOTHING, PRECISE, RETURN
from domain.choosing.scenario_events import TakenModel
from domain.choosing.scenario_words import ValueBasis, ValueSource
from domain.kernel.money import Rates
from domain.kernel.refusal import Invalid
from domain.processes.plan_then import PlanThen
from domain.project.project import Project

HUNDRED = Decimal(100)


class Worth(NamedTuple):
    """The values of the candidates that have one, by id; `lacking` says what the others have not."""

    values: Mapping[UUID, Decimal]
    model: TakenModel | None
    lacking: str


def worth_of(plan: PlanThen, source: ValueSource, rates: Rates) -> Worth:
    """The values by this source.

    Raises `Invalid` for a model or version that the portfolio does not have, an analysis that is of another portfolio
    or project, not of costs and benefits, or not in a currency with a rate, and for two analyses of one project.
    """
    candidates = plan.candidates()
    model = None if source.basis is ValueBasis.NPV else _model(plan, source)
    scored = f"score under {model.name} {model.version}" if model else ""
    scores = _scores(plan, candidates, model) if model else {}
    if source.basis is ValueBasis.SCORE:
        return Worth(scores, model, scored)
    npvs = _npvs(plan, source, rates)
    own = {each.id: npvs[str(each.id)] for each in candidates if str(each.id) in npvs}
    if not source.weights:
        return Worth(own, None, "analysis of its costs and benefits")
    parts = ((source.weights.score, scores), (source.weights.npv, own))
    blended = _blended([(weight, values) for weight, values in parts if weight], [each.id for each in candidates])
    return Worth(blended, model, f"{scored}, or no analysis of its costs and benefits")


def _scores(plan: PlanThen, candidates: Iterable[Project], model: TakenModel) -> dict[UUID, Decimal]:
    """The scores that hold under a version of a model: an override, else what the scorers came to together."""
    told = {each.id: each.scores.value(model.name, model.version, plan.portfolio.id) for each in candidates}
    return {project: score for project, score in told.items() if score is not None}


def _model(plan: PlanThen, source: ValueSource) -> TakenModel:
    known = sorted(plan.portfolio.models)
    default = plan.portfolio.policy.scoring_model
    only = {name for name, _ in known}
    name = source.scoring_model or (default.name if default else only.pop() if len(only) == 1 else None)
    if name is None:
        raise Invalid({"/value/scoring_model": f"required: one of {_listed(known)}; the policy sets none"})
    versions = [version for of, version in known if of == name]
    if not versions:
        raise Invalid({"/value/scoring_model": f"expected a model of the portfolio ({_listed(known)}); got {name}"})
    by_default = default.version if default and not source.scoring_model else max(versions)
    version = source.version or by_default
    if version not in versions:
        told = ", ".join(map(str, versions))
        raise Invalid({"/value/version": f"expected a version of {name} ({told}); got {version}"})
    return TakenModel(name=name, version=version)


def _listed(known: Iterable[tuple[str, int]]) -> str:
    return ", ".join(dict.fromkeys(name for name, _ in known)) or "none yet; set-scoring-model sets one"


def _npvs(plan: PlanThen, source: ValueSource, rates: Rates) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    members = {str(each) for each in plan.portfolio.members}
    for place, each in enumerate(source.analyses):
        at, analysis = f"/value/analyses/{place}", plan.analyses[each.analysis]
        if each.project not in members:
            raise Invalid({f"{at}/project": f"the portfolio does not hold the project {each.project}"})
        if analysis.portfolio != plan.portfolio.id:
            raise Invalid({f"{at}/analysis": f"no analysis of the portfolio has the id {each.analysis}"})
        if str(analysis.project or each.project) != each.project:
            raise Invalid({f"{at}/analysis": f"expected an analysis of {each.project}; it is of {analysis.project}"})
        if each.project in found:
            raise Invalid({f"{at}/project": f"expected each project once; {each.project} comes twice"})
        if analysis.npv is None:
            raise Invalid({f"{at}/analysis": "expected an analysis of the kind cost_benefit, which tells a value"})
        amount, currency = analysis.npv
        worth = rates.worth(amount, currency, plan.on)
        if worth is None:
            raise Invalid({f"{at}/analysis": f"it is in {currency}, which has no rate to {rates.home} on {plan.on}"})
        found[each.project] = worth
    return found


def _blended(parts: list[tuple[Decimal, Mapping[UUID, Decimal]]], candidates: Iterable[UUID]) -> dict[UUID, Decimal]:
    """Each part in hundredths of its largest; who lacks one that counts has no value."""
    largest = [max(map(abs, values.values()), default=NOTHING) for _, values in parts]
    found = {}
    for each in candidates:
        if all(each in values for _, values in parts):
            sum_of = NOTHING
            for (weight, values), most in zip(parts, largest, strict=True):
                sum_of += PRECISE.divide(weight * values[each] * HUNDRED, most) if most else NOTHING
            found[each] = PRECISE.quantize(sum_of, RETURN)
    return found
