"""Stands between the product and PostgreSQL, and cuts connections where it hurts most: at the commit."""

import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

PART = 1 << 16
COMMIT = b"COMMIT\x00"
READY = b"Z\x00\x00\x00\x05"
"""How every answer of PostgreSQL ends, but for one byte that tells the state of the transaction."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What becomes of a connection at its COMMIT; `meanwhile` runs just before."""

    sent: bool
    """Whether PostgreSQL gets the COMMIT."""
    answered: bool = False
    """Whether the product gets the answer; if not, it is lost with the connection."""
    stays_away: bool = False
    """Whether the database cannot be reached from then on."""
    meanwhile: Callable[[], Any] = lambda: None


class Proxy:
    """Carries bytes both ways; the next COMMITs of transactions that spoke of `about` meet the `cuts`, in order."""

    def __init__(self, port: int, about: bytes) -> None:
        self.cuts: deque[Cut] = deque()
        self._about = about
        self._server = ("127.0.0.1", port)
        self._away = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._links: set[tuple[socket.socket, socket.socket]] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def go_away(self) -> None:
        """Cut every connection and refuse new ones."""
        self._away.set()
        for link in list(self._links):
            _hang_up(link)

    def come_back(self) -> None:
        """Let connections through again."""
        self._away.clear()

    def close(self) -> None:
        """End for good."""
        self._listener.close()
        self.go_away()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._link, args=(client,), daemon=True).start()

    def _link(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._server) as server:
            link = (client, server)
            self._links.add(link)
            try:
                if not self._away.is_set():
                    self._carry(*link)
            finally:
                self._links.discard(link)

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        concerned = False
        for source, data in _parts(client, server):
            if source is server:
                client.sendall(data)
                continue
            concerned = concerned or self._about in data
            if concerned and COMMIT in data:
                if self.cuts:
                    return self._cut(client, server, data)
                concerned = False
            server.sendall(data)

    def _cut(self, client: socket.socket, server: socket.socket, commit: bytes) -> None:
        cut = self.cuts.popleft()
        cut.meanwhile()
        if cut.sent:
            server.sendall(commit)
            answer = _answer(server)
            if cut.stays_away:
                self._away.set()
            if cut.answered:
                client.sendall(answer)
        if cut.stays_away:
            self.go_away()


def _parts(client: socket.socket, server: socket.socket) -> Iterator[tuple[socket.socket, bytes]]:
    """What either side says, until one of them hangs up."""
    with selectors.DefaultSelector() as either:
        either.register(client, selectors.EVENT_READ)
        either.register(server, selectors.EVENT_READ)
        while True:
            for key, _ in either.select():
                source: Any = key.fileobj
                data = source.recv(PART)
                if not data:
                    return
                yield source, data


def _answer(server: socket.socket) -> bytes:
    answer = b""
    while answer[-6:-1] != READY and (part := server.recv(PART)):
        answer += part
    return answer


def _hang_up(link: tuple[socket.socket, socket.socket]) -> None:
    for each in link:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def between(port: int, about: bytes) -> Iterator[Proxy]:
    """A proxy to a server on this machine."""
    proxy = Proxy(port, about)
    try:
        yield proxy
    finally:
        proxy.close()
