"""Verbs of the command line as processes that start at the same instant."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Barrier
from typing import Any

from tests.faults.serving import environment
from tests.servers import free_port
from whyfolio.cli.main import MODULES, main


def forked() -> ForkServerContext:
    """Processes that are forked from one which has loaded all code and opened nothing: they cost little to start."""
    context = ForkServerContext()
    late = [f"whyfolio.cli.{verb}" for verb in set(MODULES.values())] + ["store.postgres", "alembic.command"]
    context.set_forkserver_preload(["__main__", __name__, "tests.faults.writer", *late])
    return context


class Verb:
    """One process of `whyfolio <words>`, on a port of its own; it starts when all that share the gate are there."""

    def __init__(self, context: ForkServerContext, gate: Barrier, words: str, folder: Path, settings: dict[str, Any]):
        self.port = free_port()
        self.output, self.errors = folder / f"{self.port}.out", folder / f"{self.port}.err"
        self.errors.touch()
        given = environment(**settings, port=self.port)
        self.process = context.Process(target=_run, args=(gate, words, given, folder, self.output, self.errors))
        self.process.start()

    def has_ended(self) -> bool:
        """Whether it is over."""
        return self.process.exitcode is not None

    def end(self) -> int | None:
        """The exit code, after SIGTERM if it still runs."""
        if self.process.pid and not self.has_ended():
            os.kill(self.process.pid, signal.SIGTERM)
        return self.wait()

    def wait(self) -> int | None:
        """The exit code, once it has ended by itself."""
        self.process.join(60)
        return self.process.exitcode


def _run(gate: Barrier, words: str, given: dict[str, str], folder: Path, output: Path, errors: Path) -> None:
    os.environ.clear()
    os.environ.update(given)
    os.chdir(folder)
    for path, number in ((output, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY), number)
    sys.argv = ["whyfolio", *words.split()]
    gate.wait()
    main()


@contextmanager
def at_once(number: int, words: str, folder: Path, **settings: Any) -> Iterator[list[Verb]]:
    """So many processes of a verb that start together; none outlives the block, and if it fails they tell why."""
    context = forked()
    gate = context.Barrier(number)
    verbs = [Verb(context, gate, words, folder, settings) for _ in range(number)]
    try:
        yield verbs
    except BaseException:
        print(*(verb.errors.read_text() for verb in verbs), sep="\n")
        raise
    finally:
        for verb in verbs:
            verb.process.kill()
            verb.process.join()
