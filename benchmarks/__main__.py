"""`python -m benchmarks [name…]`: measure, tell each figure as a line of JSON, and write the table if asked."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import append, listing, ranking, rebuild, selection, visible
from benchmarks.shared import Figure, Servers, machine, table

BENCHMARKS: dict[str, Callable[..., list[Figure]]] = {
    "append": append.measure,
    "rebuild": rebuild.measure,
    "visible": visible.measure,
    "listing": listing.measure,
    "ranking": ranking.measure,
    "selection": selection.measure,
}
"""Each is a file of its own; a new one is entered here."""


def main(words: list[str]) -> None:
    """Measure what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"any of {', '.join(BENCHMARKS)}; all if none is named"
    )
    parser.add_argument("--tiny", action="store_true", help="a few facts only, to see that it runs; proves nothing")
    parser.add_argument("--out", type=Path, help="the Markdown file to write the table to")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    servers = Servers()
    try:
        figures: list[Figure] = []
        for name in asked.names or BENCHMARKS:
            for figure in BENCHMARKS[name](servers, tiny=asked.tiny):
                print(json.dumps(figure.document(), ensure_ascii=False), flush=True)
                figures.append(figure)
        found = machine(servers)
        print(json.dumps(found, ensure_ascii=False))
        if asked.out:
            asked.out.write_text(page(figures, found, f"python -m benchmarks {' '.join(words)}"))
    finally:
        servers.close()


def page(figures: list[Figure], found: dict[str, str], command: str) -> str:
    """The figures with what they were measured on, as a document."""
    where = "\n".join(f"- {name}: {value}" for name, value in found.items())
    return (
        f"# Figures\n\nMeasured by `{command}`; the product and its rival in one run.\n\n{where}\n\n{table(figures)}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
