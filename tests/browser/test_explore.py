"""/explore in a browser: whole before its scripts, then redrawn by choices; no trace, no script needed, by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import looking
import pytest
from playwright.sync_api import Browser, Page, expect
from running import Served, serve

import released_folder

HIDDEN = "/explore?topic=contacts&by=service&country=XAA"
VIEWS = (
    ("/explore", "country by country"),
    (HIDDEN, "service by service"),
    ("/explore?topic=contacts&by=origin&country=XAA", "where the women came from"),
    ("/explore?topic=services", "Which services exist"),
    ("/explore?topic=indicators", "against what was agreed"),
    ("/explore?topic=money&currency=XTS", "What does the plan cost"),
)


@pytest.fixture(scope="module")
def published(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running demonstration whose latest release is the small one in which counts are hidden."""
    data = tmp_path_factory.mktemp("explored") / "data"
    shutil.copytree(demonstration_folder, data, symlinks=True)
    with serve(data) as running:
        released_folder.write(data / "releases")
        yield running


def taken_over(page: Page) -> None:
    """Wait until Dash's drawing stands in the place of the one that came with the page."""
    expect(page.locator("#first")).to_have_count(0)
    looking.settled(page)


@pytest.mark.parametrize(("path", "title"), VIEWS)
def test_at_every_width(published: Served, visit: Callable[..., Page], path: str, title: str) -> None:
    page = visit(published, None, path)
    taken_over(page)
    looking.examine(page, title)
    page.set_viewport_size({"width": 1366, "height": 768})
    reached = looking.walk_by_keyboard(page)
    assert any("Leave this page" in name for name in reached) and "Download what is shown (CSV)" in reached


def test_a_choice_redraws_the_page_and_stands_in_the_address(published: Served, visit: Callable[..., Page]) -> None:
    page = visit(published, None, "/explore")
    taken_over(page)
    before = page.evaluate("history.length")
    page.get_by_label("Compare").select_option("service")
    expect(page.locator("h1")).to_contain_text("service by service")
    page.get_by_label("Country").focus()
    page.get_by_label("Country").select_option("XAA")
    expect(page.locator(".answer")).to_contain_text("Asterland")
    expect(page.locator(".chart-key")).to_contain_text("hidden to protect people")
    expect(page.get_by_label("Country")).to_be_focused()
    assert "by=service" in page.url and "country=XAA" in page.url and "service by service" in page.title()
    table = page.locator(".as-table")
    table.locator("summary").click()
    expect(table.locator("td", has_text="hidden to protect people").first).to_be_visible()
    page.get_by_role("link", name="Services", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Which services exist")
    expect(page.locator("h1")).to_be_focused()
    assert "topic=services" in page.url and page.evaluate("history.length") == before, "no step to go back to"
    page.reload()
    expect(page.locator("h1").first).to_contain_text("Which services exist")


def test_it_leaves_nothing_in_the_browser(published: Served, visit: Callable[..., Page]) -> None:
    page = visit(published, None, HIDDEN)
    taken_over(page)
    page.get_by_label("Period").select_option("2025")
    expect(page.locator(".answer")).to_contain_text("All of 2025")
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("(async () => (await indexedDB.databases()).length)()") == 0


def test_leaving_leaves_no_step_back(published: Served, visit: Callable[..., Page]) -> None:
    page = visit(published, None, "/dictionary")
    leave = page.locator("[data-leave]").get_attribute("href") or ""
    page.watch.expect("asked another host", "request failed", "ERR_")  # type: ignore[attr-defined]
    page.route(f"{leave}**", lambda route: route.fulfill(body="<h1>elsewhere</h1>", content_type="text/html"))
    page.goto(published.address + HIDDEN)
    taken_over(page)
    page.get_by_label("Period").select_option("2025")
    for _press in range(3):
        page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("elsewhere")
    page.go_back()
    assert "/explore" not in page.url


def test_a_choice_works_before_dash_is_there(published: Served, visit: Callable[..., Page]) -> None:
    page = visit(published, None)
    page.watch.expect("request failed", "ERR_", "status of", "not defined")  # type: ignore[attr-defined]
    page.route("**/_dash-component-suites/**", lambda route: route.abort())
    page.goto(published.address + "/explore")
    expect(page.locator("#first .first-chart.wide svg")).to_be_visible()
    page.get_by_label("Compare").select_option("quarter")
    expect(page.locator("h1")).to_contain_text("quarter by quarter")
    assert "by=quarter" in page.url


def test_without_a_script(published: Served, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    try:
        page = context.new_page()
        page.goto(published.address + "/explore")
        expect(page.locator(".first-chart.narrow svg")).to_be_visible()
        page.get_by_label("Compare").select_option("service")
        page.get_by_role("button", name="Show").click()
        page.get_by_label("Country").select_option("XAA")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("h1")).to_contain_text("service by service")
        expect(page.locator(".answer")).to_contain_text("Asterland")
        page.locator(".as-table summary").click()
        expect(page.locator("td", has_text="hidden to protect people").first).to_be_visible()
        assert context.cookies() == []
    finally:
        context.close()
