"""Scoring models are set, and components get their scores under them."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from domain.choosing.ahp import Ahp, ahp, weights
from domain.choosing.scoring import Criterion as Weighed
from domain.choosing.scoring import Score, Scoring
from domain.choosing.scoring import score as scored
from domain.identity.words import Role
from domain.kernel.decide import Decide, Facts, Occasion, Reading
from domain.kernel.refusal import Forbidden, Invalid, Refused
from domain.kernel.scoring import WITH_CRITERIA, Criterion, Method, ModelVersion, each_once, short_of_whole
from domain.portfolio.portfolio import Portfolio
from domain.portfolio.scoring_commands import SetScoringModel
from domain.processes.evaluating import Choice, asked_of, same_model, versions_of
from domain.processes.policies import holders, require_a_code
from domain.project.project import Project
from domain.project.scoring_commands import OverrideScore, ScoreProject, UnderModel
from domain.project.scoring_events import Under
from domain.project.words import State

UNASSIGNED = (Role.PORTFOLIO_MANAGER, Role.BOARD)
"""Who scores where an evaluation names nobody."""


def set_model(portfolio_id: UUID, command: SetScoringModel) -> Decide:
    """A scoring model gets another version, with the weights its comparisons come to."""

    def decide(read: Reading) -> Facts:
        criteria, ratio = _weighed(command)
        model = ModelVersion(
            name=command.name,
            version=1,
            method=command.method,
            criteria=criteria,
            judgements=command.judgements,
            aggregation=command.aggregation,
        )
        portfolio = read(Portfolio, portfolio_id)
        return [(portfolio_id, portfolio.set_scoring_model(model, ratio, command.rationale))]

    return decide


def _weighed(command: SetScoringModel) -> tuple[tuple[Criterion, ...], Decimal | None]:
    """The criteria with their weights, and how consistent the comparisons are that these come from, if any.

    Raises `Invalid` for weights that do not sum to 1, comparisons that contradict one another (with the ratio and the
    worst pair), and whatever the method does not ask for.
    """
    if command.method not in WITH_CRITERIA and command.criteria:
        raise Invalid({"/criteria": f"expected none; {command.method} has its own"})
    if command.method is not Method.AHP and command.judgements:
        raise Invalid({"/judgements": f"expected none; {command.method} compares no pairs, ahp does"})
    if command.method not in WITH_CRITERIA:
        return (), None
    if not command.criteria:
        raise Invalid({"/criteria": "expected at least one criterion"})
    if sentence := each_once(command.criteria):
        raise Invalid({"/criteria": sentence})
    return _compared(command) if command.method is Method.AHP else (_given(command), None)


def _given(command: SetScoringModel) -> tuple[Criterion, ...]:
    places = range(len(command.criteria))
    lacking = [place for place in places if command.criteria[place].weight is None]
    if lacking:
        raise Invalid({f"/criteria/{place}/weight": "expected a weight; all of them sum to 1" for place in lacking})
    if sentence := short_of_whole([each.weight for each in command.criteria if each.weight is not None]):
        raise Invalid({"/criteria": sentence})
    return tuple(Criterion(**dict(each)) for each in command.criteria)


def _compared(command: SetScoringModel) -> tuple[tuple[Criterion, ...], Decimal]:
    places = range(len(command.criteria))
    weighed = [place for place in places if command.criteria[place].weight is not None]
    if weighed:
        told = "expected none; by ahp the weights come from the judgements"
        raise Invalid({f"/criteria/{place}/weight": told for place in weighed})
    for place, each in enumerate(command.judgements):
        if each.under is not None:
            raise Invalid({f"/judgements/{place}/under": "expected none; a model compares its criteria alone"})
    names = tuple(each.name for each in command.criteria)
    compared = ahp(Ahp(criteria=names, judgements=command.judgements)).criteria
    weight = weights(compared.priorities)
    criteria = (Criterion(**{**dict(each), "weight": weight[each.name]}) for each in command.criteria)
    return tuple(criteria), compared.consistency_ratio


def score(project_id: UUID, command: ScoreProject) -> Decide:
    """A scorer says what it is worth."""

    def decide(read: Reading) -> Facts:
        project = _under_evaluation(read, project_id)
        _must_score(project, read.occasion)
        choice = _meant(read, project, command)
        worth = _worth(choice.model, command)
        under = Under(choice.portfolio.id, choice.model.key)
        given = project.scores.score(command, under, choice.model, worth, read.occasion.actor)
        return [(project_id, given)] if given else []

    return decide


def override(project_id: UUID, command: OverrideScore) -> Decide:
    """Another score than the computed one holds."""

    def decide(read: Reading) -> Facts:
        project = _under_evaluation(read, project_id)
        choice = _meant(read, project, command)
        require_a_code(holders(read, project_id), "override", command.rationale)
        if command.score is not None:
            _must_be_on_scale(choice.model, command.score)
        return [(project_id, project.scores.override(command, Under(choice.portfolio.id, choice.model.key)))]

    return decide


def _under_evaluation(read: Reading, project_id: UUID) -> Project:
    project = read(Project, project_id)
    project.must_be_in((State.UNDER_EVALUATION,), "Scores are given while a project is under evaluation")
    return project


def _must_score(project: Project, occasion: Occasion) -> None:
    assigned = project.scores.assigned()
    if assigned and occasion.actor not in assigned:
        raise Forbidden(f"its evaluation names who scores it: {', '.join(assigned)}; you are not among them")
    if not assigned and occasion.role not in UNASSIGNED:
        raise Forbidden(f"its evaluation names no scorers, so this needs the role {' or '.join(UNASSIGNED)}")


def _meant(read: Reading, project: Project, command: UnderModel) -> Choice:
    """The version of a model that a score is given under: the one named, or that of the evaluation."""
    held_by = asked_of(holders(read, project.id), command.portfolio)
    if not held_by:
        raise Refused("A score is given under a model of a portfolio, and none holds this one; add-component can.")
    evaluation = project.scores.evaluation
    if command.scoring_model is None and evaluation is None:
        raise Invalid({"/scoring_model": "no evaluation says which; expected the name of a scoring model"})
    name = command.scoring_model or (evaluation.model.name if evaluation else "")
    frozen = evaluation.model.version if evaluation and not command.scoring_model else None
    choices = versions_of(held_by, name, command.version or frozen, "/version")
    own = [choice for choice in choices if evaluation and choice.portfolio.id == evaluation.portfolio]
    return _only(own or choices)


def _only(choices: Sequence[Choice]) -> Choice:
    same_model(choices)
    if len(choices) > 1:
        told = f"several portfolios hold it and score by {choices[0].model.key}; expected the one to score for"
        raise Invalid({"/portfolio": told})
    return choices[0]


def _worth(model: ModelVersion, command: ScoreProject) -> Decimal | None:
    """What the values come to, `None` while some are missing. Raises `Invalid` for what the model does not take."""
    if not command.values and command.bucket is None:
        pointer = "/bucket" if model.method is Method.MOSCOW else "/values"
        raise Invalid({pointer: f"expected at least one of {', '.join(model.asks)}"})
    given = Score(project="it", scorer="one", values=command.values, bucket=command.bucket)
    try:
        return scored(_scoring(model, given)).scored[0].score
    except Invalid as refusal:
        raise Invalid({at.removeprefix("/scores/0"): told for at, told in refusal.errors.items()}) from None


def _scoring(model: ModelVersion, *given: Score) -> Scoring:
    """The arithmetic of a model; by ahp the weights are there already."""
    method = Method.WEIGHTED if model.method is Method.AHP else model.method
    criteria = tuple(Weighed(**dict(each)) for each in model.criteria)
    return Scoring(model=method, criteria=criteria, scores=given, aggregation=model.aggregation)


def _must_be_on_scale(model: ModelVersion, given: Decimal) -> None:
    highest = model.highest
    if given < 0 or (highest is not None and given > highest):
        scale = f"from 0 to {highest:f}" if highest is not None else "from 0 up"
        raise Invalid({"/score": f"expected a score {scale}, as {model.key} makes them; got {given:f}"})
