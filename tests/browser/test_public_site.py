"""The public site as people have it: on a phone, on a projector, on paper, and when they must leave at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from looking import SIZES, WIDER, broken_rules, soon
from playwright.sync_api import Browser, Page, Route, expect

from public_world import CAVEAT, Published, served

Visit = Callable[..., Page]
PAGES = ["index.html", "data/index.html", "data/methodology.html", "data/changelog.html", "sign-in.html"]


@pytest.fixture
def page(chromium: Browser) -> Any:
    context = chromium.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits_at_every_width(release: Published, page: Page, name: str) -> None:
    with served(release.folder) as address:
        page.goto(address + name)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert soon(page, WIDER, 0) == 0, f"wider than {width} pixels"
            assert broken_rules(page) == []
            expect(page.locator("a.leave")).to_be_in_viewport()


def test_it_reads_the_same_without_a_script(release: Published, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    with served(release.folder) as address:
        page.goto(address)
        for words in ("If you need help", CAVEAT, "hidden to protect people", "The next summary is planned"):
            expect(page.get_by_text(words).first).to_be_attached()
        assert page.locator(".chart.wide svg:visible").count() == 3
        assert str(page.locator("a.leave").get_attribute("href")).startswith("https://")
        page.get_by_role("link", name="Open data", exact=True).click()
        page.get_by_role("link", name="contacts.csv", exact=True).wait_for()
    context.close()


def test_it_opens_from_a_disk(release: Published, page: Page) -> None:
    page.goto((release.folder / "index.html").as_uri())
    page.get_by_role("link", name="How it is made", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How it is made")
    page.get_by_role("link", name="Summary", exact=True).click()
    expect(page.locator("#help")).to_be_visible()


def test_two_sheets_of_paper_with_the_caveat_and_the_marks(
    served_demonstration: str, page: Page, tmp_path: Path
) -> None:
    page.goto(served_demonstration)
    page.pdf(path=str(tmp_path / "summary.pdf"), prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "summary.pdf").read_bytes()))
    assert sheets <= 2
    page.emulate_media(media="print")
    expect(page.locator(".demo")).to_be_visible()
    for element in (page.locator("a.leave"), page.locator(".skip"), page.locator("footer nav")):
        expect(element).to_be_hidden()
    inked = "marks => marks.every(mark => getComputedStyle(mark).printColorAdjust === 'exact')"
    assert page.locator(".mark, .stub").evaluate_all(inked)


def test_on_paper_each_count_keeps_its_caveat(release: Published, page: Page) -> None:
    with served(release.folder) as address:
        page.goto(address)
        page.emulate_media(media="print")
        for place in (".short dd", "#contacts + .answer", "table.contacts caption"):
            expect(page.locator(place).filter(has_text=CAVEAT).first).to_be_visible()
        assert page.locator("#contacts-chart svg:visible").count() == 1


def leave(page: Page, how: str) -> None:
    if how == "button":
        page.locator("a.leave").click()
    else:
        for _press in range(3):
            page.keyboard.press("Escape")
    expect(page).to_have_title("Elsewhere")


@pytest.mark.parametrize("how", ["button", "escape"])
def test_whoever_left_does_not_come_back_by_a_step_back(release: Published, page: Page, how: str) -> None:
    """Two pages were read: neither is shown again by the browser's button; by its address it is."""
    away = release.contents.leave_url

    def elsewhere(route: Route) -> None:
        route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    page.context.route(away, elsewhere)
    with served(release.folder) as address:
        page.goto(address)
        page.get_by_role("link", name="How it is made", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("How it is made")
        leave(page, how)
        page.evaluate("history.back()")
        page.wait_for_timeout(300)
        expect(page).to_have_title("Elsewhere")
        page.goto(address)
        expect(page.locator("#help")).to_be_visible()
        page.get_by_role("link", name="How it is made", exact=True).click()
        page.go_back()
        expect(page.locator("#help")).to_be_visible()
        assert not page.context.cookies()
