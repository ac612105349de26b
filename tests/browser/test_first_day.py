"""The first day of a deployment: no account, no file, no release. Every empty page says so, and what to do."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from looking import broken_rules, settled
from playwright.sync_api import Page, expect
from running import Served, environment, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "lantern oven gravel tuesday"


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Served]:
    """The Procfile's command on an empty folder; the set-up link stands among its links."""
    port, said = free_port(), tmp_path / "said"
    line = (ROOT / "Procfile").read_text(encoding="utf-8").split(":", 1)[1].split()
    with said.open("w") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / line[0]), *line[1:]],
            cwd=ROOT,
            env=environment(tmp_path / "data", port),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        until = time.monotonic() + 60
        while not (found := re.search(r"http://\S+(/setup/\S+)", said.read_text())):
            assert process.poll() is None and time.monotonic() < until, said.read_text()
            time.sleep(0.1)
        yield Served(f"http://127.0.0.1:{port}", tmp_path / "data", {"setup": [found[1]]}, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_from_an_empty_folder_to_the_first_account(new: Any, visit: Callable[..., Page]) -> None:
    nobody = visit(new, None, "/")
    expect(nobody.locator("h1")).to_have_text("No summary has been published yet")
    assert broken_rules(nobody) == []

    page = visit(new, None, new.link("setup"))
    page.watch.expect("status of 400")  # type: ignore[attr-defined]
    expect(page.locator("h1")).to_have_text("Make the first account")
    page.get_by_role("button", name="Save and go on").click()
    page.locator(".error-summary").get_by_role("link").first.click()
    expect(page.get_by_label("Your name")).to_be_focused()
    assert broken_rules(page) == []
    page.get_by_label("Your name").fill("Secretariat")
    page.get_by_label("E-mail address").fill("secretariat@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Save and go on").click()

    for path, what_to_do in (
        ("/coverage", "Choose another quarter, or send a file."),
        ("/members", "A coordinator sends it"),
        ("/submissions", "Send the first one."),
    ):
        page.goto(new.address + path)
        settled(page)
        expect(page.locator(".empty")).to_contain_text(what_to_do)
        assert broken_rules(page) == [], path
    expect(page.locator(".demo")).to_have_count(0)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.get_by_label("E-mail address").fill("secretariat@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
