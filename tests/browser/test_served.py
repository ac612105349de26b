"""What `make run` promises, seen in a browser: a link for each role, the label on every page, nothing that breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("role", ["member", "agency", "coordinator", "secretariat"])
def test_each_role_signs_in_by_its_link(served: Any, visit: Callable[..., Page], role: str) -> None:
    page = visit(served, role)
    expect(page.locator("body")).to_contain_text("Demonstration data")
    expect(page.locator("h1")).to_be_visible()
    assert "/sign-in" not in page.url
    page.goto(served.address + "/coverage")
    expect(page.locator("main h1")).to_be_visible()


def test_the_public_reads_the_summary_without_script_or_cookie(served: Any, visit: Callable[..., Page]) -> None:
    page = visit(served, None, "/", java_script_enabled=False)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Demonstration data")
    assert page.context.cookies() == []
