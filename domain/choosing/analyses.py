"""The kinds of analyses: what each takes, and the pure function that computes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationError

from domain.choosing.ahp import Ahp, ahp
from domain.choosing.candidates import Selection
from domain.choosing.cost_benefit import CostBenefit, cost_benefit
from domain.choosing.decision_tree import DecisionTree, decision_tree
from domain.choosing.figures import Nonnegative, Some
from domain.choosing.frontier import FrontierPoint, frontier
from domain.choosing.matrix import Matrix, matrix
from domain.choosing.robustness import Robustness, robustness
from domain.choosing.scoring import Scoring, score
from domain.choosing.selection import select
from domain.kernel.refusal import Invalid
from domain.kernel.sentences import sentence_of
from domain.kernel.types import Strictly


class AnalysisKind(StrEnum):
    """What is computed."""

    COST_BENEFIT = "cost_benefit"
    DECISION_TREE = "decision_tree"
    SCORE = "score"
    AHP = "ahp"
    MATRIX = "matrix"
    SELECTION = "selection"
    FRONTIER = "frontier"
    ROBUSTNESS = "robustness"


OWN = ("/budget", "/capacity", "/amounts")
"""Members of a frontier that are no members of its selection."""
Place = Annotated[int, Field(ge=0)]


class Frontier(Strictly):
    """A selection, which of its budgets or capacities (by its place) is varied, and the amounts it takes, ascending.

    It is the budget unless a `capacity` is named.
    """

    selection: Selection
    budget: Place = 0
    capacity: Place | None = None
    amounts: Some[Nonnegative]


class FrontierResult(Strictly):
    """A point for each amount."""

    points: tuple[FrontierPoint, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """What a kind takes and how it is computed; `version` counts up when the same inputs give another result."""

    inputs: type[Strictly]
    compute: Callable[[Any], Strictly]
    version: int = 1


def _frontier(given: Frontier) -> FrontierResult:
    try:
        return FrontierResult(points=frontier(given.selection, given.amounts, given.budget, given.capacity))
    except Invalid as refusal:
        own = {at if at in OWN else f"/selection{at}": said for at, said in refusal.errors.items()}
        raise Invalid(own) from None


METHODS: Mapping[AnalysisKind, Method] = {
    AnalysisKind.COST_BENEFIT: Method(CostBenefit, cost_benefit, version=2),
    AnalysisKind.DECISION_TREE: Method(DecisionTree, decision_tree),
    AnalysisKind.SCORE: Method(Scoring, score),
    AnalysisKind.AHP: Method(Ahp, ahp),
    AnalysisKind.MATRIX: Method(Matrix, matrix),
    AnalysisKind.SELECTION: Method(Selection, select, version=3),
    AnalysisKind.FRONTIER: Method(Frontier, _frontier, version=2),
    AnalysisKind.ROBUSTNESS: Method(Robustness, robustness),
}
UNDER = "/inputs"


def analysed(kind: AnalysisKind, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs as they were understood, with every default, and the result, both as JSON.

    Raises `Invalid` with every bad member by its pointer under /inputs.
    """
    method = METHODS[kind]
    try:
        given = method.inputs.model_validate(raw)
        result = method.compute(given)
    except ValidationError as error:
        raise Invalid({_pointer(raw, each["loc"]): sentence_of(each) for each in error.errors()}) from None
    except Invalid as refusal:
        raise Invalid({UNDER + at: sentence for at, sentence in refusal.errors.items()}) from None
    except ArithmeticError:
        told = "expected amounts, rates and times of which figures come that can be told; some grow beyond 50 digits"
        raise Invalid({UNDER: told}) from None
    return given.model_dump(mode="json"), result.model_dump(mode="json")


def _pointer(raw: Any, place: Sequence[str | int]) -> str:
    """Where the member is in what was given; the tags of a union are no places."""
    path = [UNDER]
    for number, part in enumerate(place):
        inside = part in raw if isinstance(raw, Mapping) else isinstance(raw, list) and part in range(len(raw))
        if inside:
            raw = raw[part]
        if inside or number == len(place) - 1:
            path.append(str(part))
    return "/".join(path)
