"""A running demonstration and the browser that looks at it: started on loopback, ended by its own process."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Playwright

from tools import browser as finder

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE = 240  # seconds that a demonstration may take to be built and served, on a busy machine


@dataclass(frozen=True)
class Served:
    """A running demonstration: its address, its data folder and the sign-in links of each role."""

    address: str
    data: Path
    links: dict[str, list[str]]
    process: subprocess.Popen[str]

    def link(self, role: str, number: int = 0) -> str:
        """The sign-in link of the `number`-th person of a role."""
        return self.links[role][number]

    def dashboard(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the `dashboard` command on this one's data folder."""
        return subprocess.run(
            [sys.executable, "-m", "dashboard.cli", *words],
            env=environment(self.data, urlsplit(self.address).port or 0),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )


def environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    return kept | {"DASHBOARD_DATA": str(data), "HOST": "127.0.0.1", "PORT": str(port), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def serve(data: Path) -> Iterator[Served]:
    """`dashboard demo` on `data` and a free port of loopback, until the block ends. What it says goes beside `data`."""
    port = free_port()
    said = data.with_name(data.name + ".said")
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "demo"],
            env=environment(data, port),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield Served(f"http://localhost:{port}", data, links(process, said), process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def links(process: subprocess.Popen[str], said: Path) -> dict[str, list[str]]:
    """The sign-in links by role, once the greeting is complete."""
    until = time.monotonic() + PATIENCE
    spoken = re.compile("Stop with|Exception in worker")  # the greeting's last line, or why there will be none
    while not spoken.search(said.read_text()) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    links: dict[str, list[str]] = {}
    for role, link in re.findall(r"^sign in as ([\w ]+): (\S+)", said.read_text(), re.M):
        links.setdefault(role, []).append(link)
    if not links:
        pytest.fail(f"The demonstration did not start:\n{said.read_text()}")
    return links


def launch(playwright: Playwright) -> Browser:
    """The browser; without one the test fails with the sentence that says what to install."""
    path = finder.find()
    if path is None:
        pytest.fail(finder.ADVICE)
    return playwright.chromium.launch(executable_path=path, args=FLAGS)
