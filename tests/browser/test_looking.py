"""The looking itself: each thing that a page must keep to is missed when it is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from looking import CUT_OFF, WIDER, broken_rules, walk_by_keyboard
from playwright.sync_api import Page

GOOD = """<!doctype html><html lang=en><title>A page</title><style>:focus { outline: 3px solid }</style>
<main><h1>A page</h1><a href='#x'>A link</a></main></html>"""
WRONG = """<img src='data:,'><p style='width:3em;overflow:hidden;white-space:nowrap'>Cut off at its side</p>
<svg width=40 height=20><text x=0 y=12>Beyond its drawing</text></svg><p style='width:500px'>Wide</p></main>"""


@pytest.fixture
def page(served: Any, visit: Callable[..., Page]) -> Page:
    return visit(served, None, "nowhere yet", viewport={"width": 390, "height": 600})


def test_a_good_page_passes(page: Page) -> None:
    page.set_content(GOOD)
    assert (broken_rules(page), page.evaluate(CUT_OFF), page.evaluate(WIDER)) == ([], [], 0)
    assert walk_by_keyboard(page) == ["A link"]


def test_what_is_wrong_is_seen(page: Page) -> None:
    page.set_content(GOOD.replace("</main>", WRONG))
    assert any(rule.startswith("image-alt") for rule in broken_rules(page))
    assert page.evaluate(CUT_OFF) == ["p is cut at its side", "“Beyond its drawing” is written beyond its drawing"]
    assert page.evaluate(WIDER) > 0


@pytest.mark.parametrize("style", ["outline:none", "position:fixed;left:-900px"])
def test_a_focus_that_nobody_sees_is_a_fault(page: Page, style: str) -> None:
    page.set_content(GOOD.replace("<a ", f"<a style='{style}' "))
    with pytest.raises(AssertionError, match="focus"):
        walk_by_keyboard(page)


def test_a_control_that_no_key_reaches_is_a_fault(page: Page) -> None:
    page.set_content(GOOD.replace("</main>", "<button tabindex=-1>Out of reach</button></main>"))
    with pytest.raises(AssertionError, match="Out of reach"):
        walk_by_keyboard(page)
