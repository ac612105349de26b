"""A line between the browser and the dashboard that carries little, breaks, or loses an answer. Loopback only."""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BLOCK = 16_384
ABORT = struct.pack("ii", 1, 0)  # close with a reset, as a line that breaks does


@dataclass
class PoorLine:
    """`rate`: bytes a second that go up; `loses`: answers to files are lost, and kept in `lost` as their addresses."""

    port: int
    listening: socket.socket
    rate: int = 400_000
    loses: bool = False
    lost: list[str] = field(default_factory=list)
    broken: bool = False
    _open: set[socket.socket] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.listening.getsockname()[1]}"

    def cut(self) -> None:
        """Break whatever is under way, and let nothing through until the line is mended."""
        self.broken = True
        for one in list(self._open):
            self._reset(one)

    def mend(self) -> None:
        self.broken, self.rate = False, 100_000_000

    def _reset(self, one: socket.socket) -> None:
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            one.shutdown(socket.SHUT_RD)
        with suppress(OSError):
            one.close()

    def serve(self) -> None:
        while True:
            try:
                browser, _from = self.listening.accept()
            except OSError:
                return
            if self.broken:
                self._reset(browser)
                continue
            house = socket.create_connection(("127.0.0.1", self.port))
            self._open |= {browser, house}
            asked: list[bytes] = []
            threading.Thread(target=self._up, args=(browser, house, asked), daemon=True).start()
            threading.Thread(target=self._down, args=(house, browser, asked), daemon=True).start()

    def _up(self, browser: socket.socket, house: socket.socket, asked: list[bytes]) -> None:
        with suppress(OSError):
            while block := browser.recv(BLOCK):
                if re.match(rb"[A-Z]+ /\S* HTTP/1", block):
                    asked.append(block.split(b"\r\n", 1)[0])
                house.sendall(block)
                time.sleep(len(block) / self.rate)
        self._end(browser, house)

    def _down(self, house: socket.socket, browser: socket.socket, asked: list[bytes]) -> None:
        with suppress(OSError):
            while block := house.recv(BLOCK):
                if self.loses and asked and asked[-1].startswith(b"POST /submissions "):
                    self.lost += [found.decode() for found in re.findall(rb"(?i)\nlocation: *(\S+)", block)]
                    self._reset(browser)
                    break
                browser.sendall(block)
        self._end(house, browser)

    def _end(self, *ends: socket.socket) -> None:
        for one in ends:
            self._open.discard(one)
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def poor_line(port: int) -> Iterator[PoorLine]:
    """A line to what listens on this port of loopback, until the block ends."""
    listening = socket.socket()
    listening.setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * BLOCK
    )  # else the system takes all that is sent at once
    listening.bind(("127.0.0.1", 0))
    listening.listen(32)
    line = PoorLine(port, listening)
    thread = threading.Thread(target=line.serve, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
        line.cut()
