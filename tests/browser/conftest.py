"""A browser and a running demonstration, as a person has them. Never skips: without a browser these tests fail."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

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
            env=_environment(self.data, urlsplit(self.address).port or 0),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@dataclass
class Watch:
    """What went wrong in a browser while a test looked at something else."""

    address: str
    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, *patterns: str) -> None:
        """Say that messages matching these patterns belong to the test, for example "status of 403"."""
        self.expected += patterns

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"error in a script: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.found.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.found.append(f"asked another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # What a page was still asking when somebody left it is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"request failed: {request.url} ({request.failure})")

    def unexpected(self) -> list[str]:
        return [what for what in self.found if not any(re.search(pattern, what) for pattern in self.expected)]


def _environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    return kept | {"DASHBOARD_DATA": str(data), "HOST": "127.0.0.1", "PORT": str(port), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def serve(data: Path) -> Iterator[Served]:
    """`dashboard demo` on `data` and a free port of loopback, until the block ends. What it says goes beside `data`."""
    port = _free_port()
    said = data.with_name(data.name + ".said")
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "demo"],
            env=_environment(data, port),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield Served(f"http://localhost:{port}", data, _links(process, said), process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _links(process: subprocess.Popen[str], said: Path) -> dict[str, list[str]]:
    """The sign-in links by role, once the greeting is complete."""
    until = time.monotonic() + PATIENCE
    while "Stop with" not in said.read_text() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    links: dict[str, list[str]] = {}
    for role, link in re.findall(r"^sign in as ([\w ]+): (\S+)", said.read_text(), re.M):
        links.setdefault(role, []).append(link)
    if not links:
        pytest.fail(f"The demonstration did not start:\n{said.read_text()}")
    return links


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration in it, built once for all workers. Never served: take a copy."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "built"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = subprocess.run(
                [sys.executable, "-m", "dashboard.demonstration"],
                env=_environment(folder, 1),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="session")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running demonstration for all tests that only look."""
    data = tmp_path_factory.mktemp("looked-at") / "data"
    shutil.copytree(built, data, symlinks=True)
    with serve(data) as running:
        yield running


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Iterator[Served]:
    """A running demonstration of a test's own, for a test that writes."""
    shutil.copytree(built, tmp_path / "data", symlinks=True)
    with serve(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def lived_in(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running demonstration for all tests that write; each keeps to an organisation and a quarter of its own."""
    data = tmp_path_factory.mktemp("lived-in") / "data"
    shutil.copytree(built, data, symlinks=True)
    with serve(data) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests; each test gets contexts of its own."""
    path = finder.find()
    if path is None:
        pytest.fail(finder.ADVICE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`visit(served, "agency")` is a new person's page, signed in as that role (None: nobody), on `path`.

    The test fails when a page of it logged an error, broke the policy for scripts or asked another host;
    `page.watch.expect("status of 403")` says beforehand what belongs to the test.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_page(there: Served, role: str | None = None, path: str = "", number: int = 0, **options: object) -> Page:
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 800}, "locale": "en-GB"} | options))  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        watch = Watch(there.address)
        watch.follow(context)
        contexts.append(context)
        watches.append(watch)
        page = context.new_page()
        page.watch = watch  # type: ignore[attr-defined]
        if role and path:  # the link sets the cookie; the page behind it need not be drawn
            assert context.request.get(there.link(role, number), max_redirects=0).status == 303
        page.goto(there.link(role, number) if role and not path else there.address + (path or "/"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [what for watch in watches for what in watch.unexpected()] == []
