"""Requirements that run in a circle: nothing in it could be explained by the others. Pure."""

from collections.abc import Mapping, Sequence

from domain.choosing.candidates import Requirement
from domain.kernel.refusal import Invalid


def check_circle(requires: Sequence[Requirement], called: Mapping[str, str]) -> None:
    """Raises `Invalid` at /requires for a circle, which it names as its candidates are `called`."""
    needs: dict[str, list[str]] = {}
    for pair in requires:
        needs.setdefault(pair.project, []).append(pair.needs)
    done: set[str] = set()
    for name in needs:
        if circle := _circle(name, needs, done):
            told = " needs ".join(called.get(each, each) for each in circle)
            raise Invalid({"/requires": f"expected no circle; {told}"})


def _circle(begin: str, needs: Mapping[str, Sequence[str]], done: set[str]) -> list[str]:
    """The first circle found from here, its first name again at its end; walked without recursion."""
    path: list[str] = []
    walk = [iter([begin])]
    while walk:
        name = next(walk[-1], None)
        if name is None:
            walk.pop()
            if path:
                done.add(path.pop())
        elif name in path:
            return [*path[path.index(name) :], name]
        elif name not in done:
            path.append(name)
            walk.append(iter(needs.get(name, ())))
    return []
