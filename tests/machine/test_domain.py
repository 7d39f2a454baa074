"""Any commands in any order, over portfolios, projects, programs, people, goals and money: no rule ever breaks.

`WHYFOLIO_EXAMPLES=2000 pytest tests/machine` looks further, at other sequences every time.
"""

import os
from collections import Counter, defaultdict
from itertools import count
from random import Random
from uuid import UUID

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from pydantic import ValidationError

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Recorded
from domain.kernel.refusal import Forbidden, Invalid, NotFound, Refused
from domain.operations import OPERATIONS
from domain.project.project import Project
from tests.domain.scene import Scene, numbered
from tests.machine.drawing import Drawn, Known, beginning, command, kind_of
from tests.machine.rules import must_be_told_again, must_hold, must_say_what_is_possible, states_of

EXAMPLES = int(os.environ.get("WHYFOLIO_EXAMPLES", "0"))
MACHINE = settings(
    max_examples=EXAMPLES or 30,
    stateful_step_count=150,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CAME: dict[str, Counter[str]] = {"recorded": Counter(), "refused": Counter()}


class Business(RuleBasedStateMachine):
    """Ada and Bob give any commands; `known` is what these can name."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.known = Known()
        self.looked_at = self.steps = 0
        self.streams: defaultdict[UUID, list[Recorded]] = defaultdict(list)
        self.states: dict[UUID, Aggregate] = {}
        self.ids = map(numbered, count(2**64))
        for drawn, actor in beginning(self.known):
            self._give(drawn, actor)

    @rule(seed=st.integers(0, 2**63), actor=st.sampled_from(["ada", "ada", "bob"]))
    def anything(self, seed: int, actor: str) -> None:
        self.steps += 1
        drawn = command(Random(f"{seed} {self.steps}"), self.known)  # the same seed comes often, and shall not repeat
        note(repr(drawn))
        self._give(drawn, actor)

    def _give(self, drawn: Drawn, actor: str) -> None:
        name = drawn.operation.name
        thing = UUID(drawn.thing) if drawn.thing else next(self.ids)
        try:
            outcome = self.scene.when(name, thing, drawn.body, actor=actor)
        except ValidationError:
            return  # the API names what is wrong with a body: tests/machine/test_two_databases.py
        if outcome.refusal:
            CAME["refused"][name] += 1
            _must_explain(outcome.refusal)
            return
        CAME["recorded"][name] += bool(outcome.facts)
        self.known.done[name] += bool(outcome.facts)
        if drawn.thing is None:
            self.known.things.setdefault(kind_of(drawn.operation.collection), []).append(str(thing))
        self._look()

    def _look(self) -> None:
        """Learn what a next command may name; what is new keeps every rule."""
        new = self.scene.ledger.facts[self.looked_at :]
        self.looked_at += len(new)
        for fact in new:
            self.streams[fact.stream_id].append(fact)
        self.known.facts += new
        touched = {fact.stream_id: self.streams[fact.stream_id] for fact in new}
        self.states |= states_of(touched)
        must_hold(touched, self.states)
        for each in self.states.values():
            if isinstance(each, Project):
                self.known.states[str(each.id)] = each.state

    def teardown(self) -> None:
        must_be_told_again(self.scene.ledger.facts)


def _must_explain(refusal: Refused) -> None:
    match refusal:
        case Invalid():
            errors = [{"pointer": pointer, "detail": sentence} for pointer, sentence in refusal.errors.items()]
            must_say_what_is_possible(422, {"detail": str(refusal), "errors": errors})
        case Forbidden() | NotFound():
            assert refusal.sentence
        case _:
            must_say_what_is_possible(409, {"detail": refusal.sentence, **refusal.details})


def test_no_sequence_of_commands_breaks_a_rule() -> None:
    run_state_machine_as_test(Business, settings=MACHINE)
    for outcome, operations in CAME.items():
        never = [name for name in OPERATIONS if not operations[name]]
        assert len(never) <= len(OPERATIONS) // 5, f"these were never {outcome}: {', '.join(never)}"
