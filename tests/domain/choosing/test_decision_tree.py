"""Decision trees against a published one, and against every strategy tried one by one."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.choosing.decision_tree import DecisionTree, DecisionTreeResult, decision_tree
from domain.kernel.refusal import Invalid
from tests.domain.choosing.refusing import refused

D = Decimal


def money(amount: float | str) -> dict[str, str]:
    return {"amount": str(amount), "currency": "USD"}


def end(amount: float | str) -> dict[str, Any]:
    return {"kind": "outcome", "name": f"{amount}", "money": money(amount)}


def choice(name: str, **options: Any) -> dict[str, Any]:
    return {"kind": "choice", "name": name, "options": [{"name": each, **told} for each, told in options.items()]}


def chance(name: str, **outcomes: tuple[str, Any]) -> dict[str, Any]:
    told = [{"name": each, "probability": p, "then": then} for each, (p, then) in outcomes.items()]
    return {"kind": "chance", "name": name, "outcomes": told}


def of(root: Any) -> DecisionTreeResult:
    return decision_tree(DecisionTree.model_validate({"currency": "USD", "root": root}))


def drill(oil: str, dry: str) -> dict[str, Any]:
    ground = chance("Ground", oil=(oil, end(800)), dry=(dry, end(0)))
    return choice("Drill or sell", drill={"money": money(-100), "then": ground}, sell={"then": end(90)})


def test_the_oil_company_without_a_survey() -> None:
    """Hillier and Lieberman, the Goferbroke Co.: drilling is worth 100, perfect information 142.5 (thousand)."""
    found = of(drill("0.25", "0.75"))
    assert (found.expected_value, found.with_perfect_information, found.evpi) == (D("100.00"), D("242.50"), D("142.50"))
    (step,) = found.path
    assert (step.take, step.worth) == ("drill", {"drill": D("100.00"), "sell": D("90.00")})


def test_the_oil_company_with_a_survey() -> None:
    """The same with a seismic survey for 30: worth 123; drill if it is favourable, sell if not."""
    survey = chance(
        "Survey", unfavourable=("0.7", drill("0.142857", "0.857143")), favourable=("0.3", drill("0.5", "0.5"))
    )
    root = choice("Survey first", survey={"money": money(-30), "then": survey}, none={"then": drill("0.25", "0.75")})
    found = of(root)
    assert found.expected_value == D("123.00")
    assert [(step.after, step.take) for step in found.path] == [
        ((), "survey"),
        (("survey", "unfavourable"), "sell"),
        (("survey", "favourable"), "drill"),
    ]
    assert (found.evpi, found.with_perfect_information) == (None, None)
    assert "Ground differ from branch to branch" in str(found.evpi_untold)


leaves = st.integers(-500, 500).map(end)


def grown(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.sampled_from(["rain", "demand"])
    branch = st.fixed_dictionaries({"then": below}, optional={"money": st.integers(-99, 99).map(money)})
    choices = st.builds(lambda a, b: choice("?", left=a, right=b), branch, branch)
    part = {"rain": ("0.3", "0.7"), "demand": ("0.6", "0.4")}
    chances = st.builds(lambda n, a, b: chance(n, high=(part[n][0], a), low=(part[n][1], b)), names, below, below)
    return choices | chances


def payoff(node: Any, state: dict[str, str], plan: list[bool]) -> Decimal:
    """What a plan, one answer for each choice of the tree in order, brings in one state."""
    if node["kind"] == "outcome":
        return D(node["money"]["amount"])
    branches = node.get("options") or node["outcomes"]
    at = plan.pop(0) if node["kind"] == "choice" else state[node["name"]] == "low"
    total = D(0)
    for number, branch in enumerate(branches):
        worth = payoff(branch["then"], state, plan)
        if number == at:
            total = worth + D(branch.get("money", {"amount": 0})["amount"])
    return total


def choices_in(node: Any) -> int:
    if node["kind"] == "outcome":
        return 0
    below = sum(choices_in(branch["then"]) for branch in node.get("options") or node["outcomes"])
    return below + (node["kind"] == "choice")


def events_on_path_once(node: Any, seen: frozenset[str] = frozenset()) -> bool:
    if node["kind"] == "outcome":
        return True
    if node["kind"] == "chance" and node["name"] in seen:
        return False
    below = seen | {node["name"]} if node["kind"] == "chance" else seen
    return all(events_on_path_once(branch["then"], below) for branch in node.get("options") or node["outcomes"])


@settings(deadline=None, max_examples=60)
@given(st.recursive(leaves, grown, max_leaves=8))
def test_no_plan_is_better_than_the_path_and_no_foresight_than_the_perfect(root: Any) -> None:
    count = choices_in(root)
    if not events_on_path_once(root):
        with pytest.raises(Invalid, match="has turned out on the way here"):
            of(root)
        return
    if count > 8:
        return
    chances = {"rain": {"high": D("0.3"), "low": D("0.7")}, "demand": {"high": D("0.6"), "low": D("0.4")}}
    states = [
        ({"rain": r, "demand": d}, chances["rain"][r] * chances["demand"][d])
        for r, d in product(["high", "low"], repeat=2)
    ]
    plans = list(product([False, True], repeat=count))
    worth = [[payoff(root, state, list(plan)) for plan in plans] for state, _ in states]
    best = max(sum(part * worth[n][p] for n, (_, part) in enumerate(states)) for p in range(len(plans)))
    perfect = sum(part * max(worth[n]) for n, (_, part) in enumerate(states))
    found = of(root)
    assert found.expected_value == round(best, 2)
    assert found.with_perfect_information == round(perfect, 2)


@pytest.mark.parametrize(
    ("root", "pointer", "words"),
    [
        (
            choice("A", b={"then": chance("C", d=("0.5", end(1)), e=("0.4", end(2)))}),
            "/root/options/0/then/outcomes",
            "expected the probabilities of C to sum to 1; they sum to 0.9",
        ),
        (chance("C", d=("1.5", end(1))), "/root/chance/outcomes/0/probability", "from 0 to 1; got 1.5"),
        ({**end(1), "money": {"amount": "1", "currency": "EUR"}}, "/root/money/currency", "a rate from EUR to USD"),
        (
            chance(
                "Toss", h=("0.5", choice("Again", play={"then": chance("Toss", h=("1", end(1)))})), t=("0.5", end(0))
            ),
            "/root/outcomes/0/then/options/0/then/name",
            "expected a name of its own, for Toss has turned out on the way here",
        ),
        (
            {"kind": "choice", "name": "A", "options": [{"name": "b"}, {"name": "b"}]},
            "/root/options/1/name",
            "b comes twice",
        ),
    ],
)
def test_what_is_wrong_is_named(root: Any, pointer: str, words: str) -> None:
    refused(decision_tree, DecisionTree, {"currency": "USD", "root": root}, pointer, words)


def test_a_tree_too_deep_is_refused() -> None:
    root = end(1)
    for _ in range(41):
        root = choice("A", b={"then": root})
    refused(decision_tree, DecisionTree, {"currency": "USD", "root": root}, "/root", "at most 40 levels")
