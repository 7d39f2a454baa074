"""The sample story: told by commands, with a clock and ids of its own, the same on every machine."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from itertools import chain, count, pairwise
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidationError

from api.desk import things_of
from api.identity import Caller, authorize, grants_of
from domain.identity.words import Role, RoleWord
from domain.kernel.command import Given
from domain.kernel.decide import Occasion
from domain.kernel.instants import micros
from domain.kernel.record import Command, record
from domain.kernel.refusal import Refused
from domain.kernel.types import Instant, Json, Line, Strictly
from domain.operation import Operation
from domain.operations import OPERATIONS
from store.people import People
from whyfolio.wiring import SYSTEM_ACTOR, System, granting

KEY = "story:"
LABEL = " (sample)"


class BrokenStory(Refused):
    """The story cannot be told; the text names the step and what is wrong with it."""


class Step(Strictly):
    """One command of the story: `who` gives it at the instant `at`, about the thing `on`.

    `as_` names what the step makes (the thing it creates, or else its decision), for later steps.
    """

    at: Instant
    who: Line
    do: Line
    on: Line | None = None
    as_: Annotated[Line | None, Field(alias="as")] = None
    body: Annotated[dict[str, Json], Field(default_factory=dict)]


class Story(Strictly):
    """Who is in it, each with one role held from `began` on, and what they decide, in order of time."""

    seed: Line
    began: Instant
    people: dict[str, RoleWord]
    step: list[Step]


def sample(name: str) -> Path:
    """A file of the samples, which lie in the package, or beside it in a checkout."""
    here = Path(__file__).parent
    packaged = here / "samples"
    return (packaged if packaged.is_dir() else here.parent / "samples") / name


def read_story(path: Path) -> Story:
    """The story a file holds. Raises `BrokenStory`."""
    try:
        story = Story.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise BrokenStory(f"{path.name}: {_places(error)}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenStory(f"{path.name}: {error}") from None
    for number, (before, after) in enumerate(pairwise(story.step), start=2):
        if after.at < before.at:
            raise BrokenStory(f"{path.name}: step {number} is before the step it follows, {before.at}")
    return story


def tell(system: System, story: Story, progress: Callable[[int, int], None] = lambda _, __: None) -> int:
    """Record what the system does not know of the story yet; returns how many steps that were.

    A step is recorded by the rights and rules of any command; telling it again is nothing.
    Raises `BrokenStory` for a refused step, or one that was told otherwise before.
    """
    telling = _Telling(system, story)
    for handle, role in story.people.items():
        telling.meet(handle, role)
    for number, step in enumerate(story.step, start=1):
        if telling.take(number, step):
            progress(number, len(story.step))
    return telling.told


def holders(story: Story) -> Mapping[Role, str]:
    """For each role the first of the people who holds it."""
    found: dict[Role, str] = {}
    for handle, role in story.people.items():
        found.setdefault(role, handle)
    return found


def person_of(system: System, story: Story, handle: str) -> UUID:
    """The person of a handle; made at the beginning of the story if there is none."""
    supply = partial(next, _ids(f"{story.seed}/{handle}", micros(story.began)))
    return People(system.engine, lambda: story.began, supply).person_called(handle + LABEL)


class _Telling:
    """What one telling has got to: the people and things that names stand for."""

    def __init__(self, system: System, story: Story) -> None:
        self.system = system
        self.story = story
        self.told = 0
        self._known = system.store.used_keys(KEY)
        self._people: dict[str, UUID] = {}
        self._things: dict[str, UUID] = {}

    def meet(self, handle: str, role: Role) -> None:
        """Somebody comes in, with their role."""
        person, key = person_of(self.system, self.story, handle), f"{KEY}{handle}"
        self._people[handle] = person
        if key not in self._known:
            began = self.story.began
            occasion = Occasion(began, SYSTEM_ACTOR, Role.ADMINISTRATOR, correlation_id=key, recorded_at=began)
            supply = partial(next, _ids(f"{self.story.seed}/{key}", micros(began)))
            record(self.system.store, granting(person, [role], None, key), lambda: occasion, supply)

    def take(self, number: int, step: Step) -> bool:
        """The next step; `False` if it was told before."""
        try:
            return self._take(f"{KEY}{number}", step)
        except ValidationError as error:
            raise BrokenStory(f"step {number}, {step.do} by {step.who}: {_places(error)}") from None
        except Refused as refused:
            raise BrokenStory(f"step {number}, {step.do} by {step.who}: {refused}") from None

    def _take(self, key: str, step: Step) -> bool:
        operation = OPERATIONS.get(step.do)
        if operation is None:
            raise Refused(f"there is no operation {step.do}")
        supply = _ids(f"{self.story.seed}/{key}", micros(step.at))
        first = next(supply)
        if operation.verb == "create":
            thing = first
        else:
            thing, supply = self._called(step.on or ""), chain([first], supply)
        fingerprint = _fingerprint(step)
        if self._known.get(key, fingerprint) != fingerprint:
            raise Refused("this database holds another edition of the story; use a fresh one")
        if key not in self._known:
            self._record(key, step, operation, thing, fingerprint, partial(next, supply))
            self.told += 1
        if step.as_:
            self._things[step.as_] = first
        return key not in self._known

    def _record(
        self, key: str, step: Step, operation: Operation, thing: UUID, fingerprint: str, new_id: Callable[[], UUID]
    ) -> None:
        command: Given = operation.body.model_validate(self._resolved(step.body))
        caller = self._caller(step.who)
        role = authorize(self.system.context, caller, operation.roles, things_of(operation, thing, command))
        occasion = Occasion(
            now=step.at,
            actor=caller.actor,
            role=role,
            correlation_id=key,
            occurred_at=command.occurred_at,
            inputs_position=command.inputs_position,
            recorded_at=step.at,
        )
        wanted = Command(
            decide=operation.decide(thing, command),
            receipt_for=operation.receipt_for(thing, command),
            key=key,
            fingerprint=fingerprint,
            names=operation.names(thing, command),
        )
        record(self.system.store, wanted, lambda: occasion, new_id)

    def _caller(self, handle: str) -> Caller:
        if handle not in self._people:
            raise Refused(f"nobody is called {handle}; the people of the story are {', '.join(self._people)}")
        person = self._people[handle]
        return Caller(person, grants_of(self.system.context, person))

    def _called(self, name: str) -> UUID:
        if name not in self._things:
            raise Refused(f"nothing before this step is called {name or 'what it is on'}")
        return self._things[name]

    def _resolved(self, value: Any) -> Any:
        """The body with the id of a thing in place of its `$name`."""
        match value:
            case dict():
                return {member: self._resolved(each) for member, each in value.items()}
            case list():
                return [self._resolved(each) for each in value]
            case str() if value.startswith("$"):
                return str(self._called(value))
            case _:
                return value


def _ids(seed: str, microseconds: int) -> Iterator[UUID]:
    """UUIDv7s of an instant, told from a seed instead of chance."""
    for serial in count():
        chance = int.from_bytes(sha256(f"{seed}/{serial}".encode()).digest()[:8]) >> 2
        yield UUID(int=microseconds // 1000 << 80 | 7 << 76 | serial << 64 | 2 << 62 | chance)


def _fingerprint(step: Step) -> str:
    return sha256(json.dumps(step.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def _places(error: ValidationError) -> str:
    return "; ".join(f"{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
