"""make soak: two hundred rounds of SIGKILL, written down in docs/soak.md when all was well.

`WHYFOLIO_SOAK_ROUNDS` and `WHYFOLIO_SOAK_SEED` are another number of rounds, and the seed of an earlier run.
"""

import os
import platform
import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic

import pytest

from tests.faults.crowd import Crowd
from tests.faults.reckoning import reckon
from tests.faults.siege import Siege
from tests.pipe import ROOT, Pipe
from tests.servers import Kafka, Postgres, until

ROUNDS = int(os.environ.get("WHYFOLIO_SOAK_ROUNDS", "200"))
SEED = os.environ.get("WHYFOLIO_SOAK_SEED") or str(random.randrange(10**6))
PEOPLE = 6
LONGEST_PAUSE = 0.03
CHECK_EVERY = 10


@pytest.mark.soak
def test_any_process_may_be_killed_two_hundred_times(shaken: Pipe, kafka: Kafka, database: Postgres) -> None:
    print(f"{ROUNDS} rounds, seed {SEED}")
    began, chance, name = monotonic(), random.Random(SEED), f"soak-{SEED}"
    crowd = Crowd(shaken.client_of, shaken.keys, name, size=PEOPLE, pause=LONGEST_PAUSE)
    siege = Siege(shaken, crowd, kafka, database, chance)
    until(lambda: crowd.acknowledged() > 20, 30)
    for number, target in enumerate(chance.choices(siege.targets(), k=ROUNDS), start=1):
        siege.round(target)
        if number % CHECK_EVERY == 0:
            siege.check()
            print(f"{number} rounds, {crowd.acknowledged()} commands, {monotonic() - began:.0f} s", flush=True)
    again = sum((client.refused for client in crowd.clients), Counter[str]())
    books = crowd.stop()
    facts = reckon(shaken, books, name, crowd.common)
    figures = {
        "commands acknowledged": sum(len(book.acknowledged) for book in books),
        "facts in the store at the end": facts,
        "attempts that had to be repeated": sum(again.values()),
        "rounds": ROUNDS,
        "minutes": round((monotonic() - began) / 60, 1),
    }
    text = report(figures, siege, machine(kafka, database))
    print(text)
    if ROUNDS >= 200:
        (ROOT / "docs" / "soak.md").write_text(text)


def report(figures: dict[str, float], siege: Siege, about: dict[str, str]) -> str:
    """What docs/soak.md says."""
    rounds = [(name, str(siege.rounds[name]), f"{siege.slowest[name]:.1f} s") for name in sorted(siege.rounds)]
    return f"""# Two hundred kills

Written by `make soak`, when nothing was lost and nothing repeated. {PEOPLE} people give commands through the
public API all the time, each with an `Idempotency-Key`, and repeat a command until it is acknowledged. In each
round one process is ended by SIGKILL at a random moment and started again; the round is over when a command
given after that is seen in the read models and sent on to Kafka. In the end every acknowledged command is in
`/events` exactly once and at the position of its receipt, the versions of each stream are without a gap, states,
owners, ranks and shares of time are those that the people counted for themselves, the topic holds the store's
facts in the order of each stream and without a gap in any partition, and `whyfolio verify` finds the store sound.

{table(("", ""), ((name, f"{number:,}") for name, number in figures.items()))}
{table(("process", "killed", "slowest until commands flowed again"), rounds)}
{table(("", ""), about.items())}"""


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def machine(kafka: Kafka, database: Postgres) -> dict[str, str]:
    """Where and with what it was run."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = next(
        (line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?"
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB, {platform.system()} {platform.release()}",
        "Whyfolio": f"{version('whyfolio')} on Python {platform.python_version()}",
        "servers": f"PostgreSQL {database.version()} with fsync on, Kafka {kafka.version()}",
        "seed": SEED,
    }
