"""Keep a clean process at hand that forks a child for each file. Itself it never reads a byte of what a child is given.

To start Python and to import what a check needs takes longer than to check a small file. A nursery has done so once,
has a closed environment, one thread and no database, and hands on descriptors; what a child reads dies with the child.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

FILES = 5
"""How many descriptors a child is given."""
GRACE = 5.0
"""Seconds in which a nursery that is told to end has killed its child and gone."""

_TAKEN = b"taken"
_PR_SET_PDEATHSIG = 1
_ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "MALLOC_ARENA_MAX": "2",
    "HOME": "/nonexistent",
    "PYTHONNOUSERSITE": "1",
    "PYTHONSAFEPATH": "1",
}

_idle: list[Nursery] = []
"""Nurseries that wait for a file, the last used one last; whoever takes one out has it alone."""
_lines: set[socket.socket] = set()
"""Our ends of all lines: a process forked from this one must not hold them, or no nursery would see this one end."""


class Gone(Exception):
    """The nursery ended before it took the files; `code` is how."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def run(module: str, descriptors: Sequence[int], patience: float) -> int:
    """Have a child of `module`'s nursery do its work on these files; its exit code, negative for a signal.

    -SIGXCPU when it took more than `patience` seconds. When this returns, no child has the files any more.
    """
    while True:
        try:
            nursery, fresh = _idle.pop(), False
        except IndexError:
            nursery, fresh = Nursery(module), True
        try:
            code = nursery.run(descriptors, patience)
        except Gone as gone:
            if fresh:
                return gone.code
            continue  # It ended between two files, and nobody has read this one yet.
        if nursery.open:
            _idle.append(nursery)
        return code


def close() -> None:
    """End the nurseries that wait. The next file starts a new one."""
    while True:
        try:
            _idle.pop().close()
        except IndexError:
            return


class Nursery:
    """One such process and the line to it. For one thread at a time."""

    def __init__(self, module: str) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        _lines.add(self._line)
        self.open = True
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", module, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    # What a library prints when it fails could quote the file.
                    stderr=subprocess.DEVNULL,
                    env=_ENVIRONMENT,
                )
        except OSError:
            _lines.discard(self._line)
            self._line.close()
            raise
        self.pid = self._process.pid

    def run(self, descriptors: Sequence[int], patience: float) -> int:
        """As the function. Raises Gone; whenever a child has not ended by itself, this nursery is closed."""
        until, taken = time.monotonic() + patience, False
        try:
            socket.send_fds(self._line, [b"."], descriptors)
            taken = self._heard(until) == _TAKEN
            if taken and (said := self._heard(until)):
                return int(said)
        except TimeoutError:
            self.close()
            return -signal.SIGXCPU
        except OSError:
            pass  # The line broke: as when it is closed.
        except BaseException:
            self.close()
            raise
        code = self.close()
        if not taken:
            raise Gone(code)
        return code

    def _heard(self, until: float) -> bytes:
        """What the nursery says next; nothing when it has gone."""
        self._line.settimeout(max(until - time.monotonic(), 0.001))
        return self._line.recv(64)

    def close(self) -> int:
        """End it and its child, and wait for that; returns how it ended."""
        self.open = False
        _lines.discard(self._line)
        self._line.close()
        try:
            return self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()  # Its child goes with it, see _child.
            return self._process.wait()


def _forked() -> None:
    """In a process forked from this one: its parent's nurseries are not its own."""
    for line in _lines:
        line.close()
    _lines.clear()
    for nursery in _idle:
        nursery._process.returncode = 0  # Not our child: nothing to wait for.
    _idle.clear()


os.register_at_fork(after_in_child=_forked)
atexit.register(close)


# --- in the nursery ---


def serve(descriptor: int, work: Callable[[list[int]], None]) -> None:
    """Fork a child that does `work` for each message with files, one after the other, until the line is closed.

    The line closes when whoever holds its other end does so or ends, in whatever way; a child does not outlive that.
    """
    line = socket.socket(fileno=descriptor)
    line.set_inheritable(False)
    for name in (signal.SIGINT, signal.SIGTERM):
        # Both may be sent to the whole group while the web still finishes what it does; the line says when to end.
        signal.signal(name, signal.SIG_IGN)
    woken, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()  # Pages that no child's collector touches stay shared.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    while True:
        try:
            said, descriptors, _flags, _address = socket.recv_fds(line, 1, FILES, socket.MSG_CMSG_CLOEXEC)
        except ConnectionError:
            said = b""
        if not said:
            os._exit(0)
        nursery = os.getpid()
        child = os.fork()
        if not child:
            try:
                # A child whose nursery is killed is killed with it; the pid says whether that has happened before.
                if prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or os.getppid() != nursery:
                    os._exit(1)
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                line.close()
                os.close(woken)
                os.close(wake)
                work(descriptors)
                os._exit(0)
            finally:
                os._exit(1)
        for each in descriptors:
            os.close(each)
        with suppress(OSError):  # Nobody listens any more, which _ended sees too.
            line.send(_TAKEN)
        code = _ended(child, line, woken)
        with suppress(OSError):
            line.send(b"%d" % code)


def _ended(child: int, line: socket.socket, woken: int) -> int:
    """Wait for the child and return its exit code; kill it, and end, when the line is closed before."""
    events = select.poll()
    events.register(line, select.POLLIN)
    events.register(woken, select.POLLIN)
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        ready = [descriptor for descriptor, _event in events.poll()]
        if line.fileno() in ready:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os._exit(0)
        if woken in ready:
            os.read(woken, 64)
