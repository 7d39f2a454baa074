"""A disk of its own that can be full, without touching any other."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers import cannot_be_had

PIECE = bytes(1 << 12)
MOUNT = 'mount -t tmpfs -o "$2" tmpfs "$1" && echo mounted && exec cat'
AS_ROOT = ["--mount"]
AS_ANYBODY = ["--mount", "--user", "--map-current-user", "--keep-caps"]


class SmallDisk:
    """A tmpfs at `folder`, in a mount namespace of its own; it ends with the process that holds it.

    Programs see it when they are started by the words of `inside`; we see it at `outside`.
    """

    def __init__(self, folder: Path, options: str) -> None:
        self._holder = _holding(AS_ROOT, folder, options) or _holding(AS_ANYBODY, folder, options)
        if self._holder is None:
            cannot_be_had("no disk of its own can be had: neither unshare -m nor unshare -Um may mount a tmpfs")
        pid = self._holder.pid
        self.inside = ["nsenter", "--target", str(pid), "--mount"]
        if not _is_same(pid, "user"):
            self.inside += ["--user", "--preserve-credentials"]
        self.outside = Path(f"/proc/{pid}/root{folder}")

    def fill(self) -> None:
        """Take all the space that is left."""
        with (self.outside / "ballast").open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(PIECE)

    def make_room(self) -> None:
        """Give the space back."""
        (self.outside / "ballast").unlink()

    def close(self) -> None:
        """Give the disk back, once nobody uses it any more."""
        self._holder.communicate()


def _holding(spaces: list[str], folder: Path, options: str) -> subprocess.Popen[bytes] | None:
    """A process that holds the disk as long as its standard input is open, `None` where that is not allowed."""
    command = ["unshare", *spaces, "--propagation", "private", "sh", "-c", MOUNT, "sh", str(folder), options]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert holder.stdout is not None
    if holder.stdout.readline():
        return holder
    holder.communicate()
    return None


def _is_same(pid: int, space: str) -> bool:
    return Path(f"/proc/{pid}/ns/{space}").readlink() == Path(f"/proc/self/ns/{space}").readlink()


@contextmanager
def small_disk(folder: Path, megabytes: int, owner: str = "") -> Iterator[SmallDisk]:
    """A disk of so many megabytes at a folder, which belongs to us or to the named user."""
    folder.mkdir()
    disk = SmallDisk(folder, f"size={megabytes}m" + (f",uid={owner},gid={owner}" if owner else ""))
    try:
        yield disk
    finally:
        disk.close()
