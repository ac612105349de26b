"""A browser and a running demonstration, as a person has them. Never skips: without a browser these tests fail."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from running import Served, launch, serve

expect.set_options(timeout=20_000)  # on a machine that does other things too, a page is redrawn more slowly


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


@pytest.fixture(scope="session")
def served(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running demonstration for all tests that only look."""
    data = tmp_path_factory.mktemp("looked-at") / "data"
    shutil.copytree(demonstration_folder, data, symlinks=True)
    with serve(data) as running:
        yield running


@pytest.fixture
def own(demonstration_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A running demonstration of a test's own, for a test that writes."""
    shutil.copytree(demonstration_folder, tmp_path / "data", symlinks=True)
    with serve(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def lived_in(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running demonstration for all tests that write; each keeps to an organisation and a quarter of its own."""
    data = tmp_path_factory.mktemp("lived-in") / "data"
    shutil.copytree(demonstration_folder, data, symlinks=True)
    with serve(data) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests; each test gets contexts of its own."""
    with sync_playwright() as playwright:
        launched = launch(playwright)
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
        if path != "nowhere yet":
            page.goto(there.link(role, number) if role and not path else there.address + (path or "/"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [what for watch in watches for what in watch.unexpected()] == []


@pytest.fixture(scope="session")
def served_demonstration(served: Served) -> str:
    """The address of the demonstration's public summary."""
    return served.address + "/"
