"""The serving process, forked by one that has imported what it needs: many starts import once. Never mocks a server.

What is forked has opened nothing and runs `dashboard serve` as anybody would, in a session of its own.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

from dashboard import cli
from dashboard.config import Settings

PATIENCE = 60.0
READY = ("app", "dashboard.cli", "dashboard.factory", "dashboard.web.serving", "gunicorn.workers.gthread")


class Server:
    """A serving process: `pid` is that of its session too."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def runs(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End it and all its children at once, and return when it has gone. Raises TimeoutError."""
        os.killpg(self.pid, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while self.runs():
            if time.monotonic() > until:
                raise TimeoutError(f"The server did not end within {PATIENCE} seconds.")
            time.sleep(0.005)


def ask(settings: Settings, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Have the server do a command. Raises cli.Failed where none answers, and never does it here instead."""
    return cli._asked(settings, name, payload)


def serve(settings: Settings) -> Server:
    """Start `dashboard serve` on a folder and a port, where a killed one left its socket; returns when it answers."""
    forking = _forking()
    assert forking.stdin and forking.stdout
    forking.stdin.write(json.dumps({"DASHBOARD_DATA": str(settings.data), "PORT": str(settings.port)}) + "\n")
    forking.stdin.flush()
    server, until = Server(int(forking.stdout.readline())), time.monotonic() + PATIENCE
    while server.runs() and time.monotonic() < until:
        if settings.socket.exists():
            try:
                ask(settings, "organisations", {})
                return server
            except cli.Failed:
                pass
        time.sleep(0.02)
    raise AssertionError("The dashboard did not come up.")


@cache
def _forking() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    atexit.register(process.kill)
    return process


def main() -> None:
    """Fork a server for each line with its environment, and answer with its pid, until there are no more lines."""
    import pages

    for name in (*READY, *(module.name for module in pkgutil.iter_modules(pages.__path__, "pages."))):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody has to be waited for
    for line in iter(sys.stdin.readline, ""):
        if pid := os.fork():
            print(pid, flush=True)
            continue
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nothing, descriptor)
        os.environ.update(json.loads(line), HOST="127.0.0.1")
        os._exit(cli.main(["serve"]))


if __name__ == "__main__":
    main()
