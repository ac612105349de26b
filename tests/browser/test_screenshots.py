"""The picture of the README: it can be taken, it is there, the README shows it. UPDATE_SCREENSHOTS=1 takes it anew."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from looking import settled
from playwright.sync_api import Page, expect

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "screenshots" / "coverage.png"
README = HERE.parent.parent / "README.md"
SIZE = {"width": 1366, "height": 768}


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_the_readme_shows_the_coverage_page(served: Any, visit: Callable[..., Page]) -> None:
    page = visit(served, "coordinator", "/coverage?period=2026-Q3", viewport=SIZE)
    settled(page)
    expect(page.locator("#coverage-matrix")).to_be_visible()
    page.mouse.move(0, 0)
    taken = page.screenshot(animations="disabled", caret="hide")
    if os.environ.get("UPDATE_SCREENSHOTS") == "1":
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(taken)
    assert size_of(taken) == size_of(PICTURE.read_bytes()) == (SIZE["width"], SIZE["height"])
    # A page that is mostly blank packs into very little.
    assert len(taken) > 40_000
    assert f"]({PICTURE.relative_to(README.parent).as_posix()})" in README.read_text(encoding="utf-8")
