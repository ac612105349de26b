"""Meeting mode from the end of the table: a line, with its figure and what must be known of it, in one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

Visit = Callable[..., Page]
LAPTOP, PROJECTOR, PHONE = (
    {"width": 1366, "height": 768},
    {"width": 1920, "height": 1080},
    {"width": 390, "height": 844},
)
READ = ".run h1, .run-screen .answer, .figure-title, .chart, .run-caveats, .card-indicator, .run-figure table, .demo"
"""What is read from the end of the table. (What folds below a figure is not.)"""
PARTS_CUT = """(all) => {
  const low = document.querySelector(".run-keys").getBoundingClientRect().top;
  return all.filter((one) => one.getClientRects().length && !one.closest("details")).filter((one) => {
    const box = one.getBoundingClientRect();
    const cut = one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline";
    return box.top < 0 || box.bottom > low + 1 || box.left < 0 || box.right > innerWidth || cut;
  }).map((one) => `${one.className || one.tagName}: ${one.textContent.slice(0, 60)}`);
}"""


@pytest.fixture
def screens(served: Any, visit: Visit) -> Callable[[dict[str, int]], Page]:
    """Meeting mode of the meeting that is planned next, in a window of this size."""

    def opened(viewport: dict[str, int]) -> Page:
        page = visit(served, "coordinator", "/meetings", viewport=viewport)
        page.locator(".meetings tr", has_text="Planned").first.get_by_role("link").first.click()
        page.get_by_role("link", name="Open meeting mode").click()
        expect(page.locator(".run h1")).to_be_visible()
        return page

    return opened


def turned(page: Page) -> list[Locator]:
    return page.locator(".run-agenda a").all()


@pytest.mark.parametrize("viewport", [LAPTOP, PROJECTOR], ids=["laptop", "projector"])
def test_a_figure_is_whole_in_view_with_its_sentence_and_its_caveat(
    screens: Callable[[dict[str, int]], Page], viewport: dict[str, int]
) -> None:
    page = screens(viewport)
    charts = tables = cards = caveats = 0
    for link in turned(page):
        link.click()
        expect(page.locator(".run h1")).to_have_text(str(link.get_attribute("title")))
        expect(page.locator(".run-figure .first-chart:empty")).to_have_count(0)  # those that are drawn a moment later
        title = page.locator(".run h1").inner_text()
        assert page.locator(READ).evaluate_all(PARTS_CUT) == [], title
        drawn = page.locator(".run-figure .first-chart.wide svg")
        charts, tables = charts + drawn.count(), tables + page.locator(".run-figure > div > .scroll-frame").count()
        cards = max(cards, page.locator(".run-figure .card-indicator").count())
        for chart in drawn.all():
            for caveat in page.locator(".run-figure .figure-foot .caveats li").all_text_contents():
                expect(page.locator(".run-figure .figure > .run-caveats")).to_contain_text(caveat)
                caveats += 1
            box = chart.bounding_box()
            assert box and box["height"] > viewport["height"] * 0.35, title
        for cell in page.locator(".run-figure tbody td").all():
            if cell.is_visible():
                size = cell.evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)")
                assert size >= viewport["width"] / 84, title  # 16 and 23 pixels
    assert charts > 3 and caveats > 3 and tables > 1 and cards == 6
    frame = page.locator(".top").bounding_box()
    assert frame and frame["height"] <= 40
    expect(page.locator(".demo")).to_contain_text("Demonstration data.")


def test_on_a_phone_the_caveat_comes_before_the_chart_and_paper_has_both(
    screens: Callable[[dict[str, int]], Page],
) -> None:
    page = screens(PHONE)
    page.locator(".run-agenda a", has_text="Share of services open").click()
    expect(page.locator(".run h1")).to_contain_text("Share of services open")
    caveat, chart = page.locator(".figure > .run-caveats"), page.locator(".first-chart.narrow svg")
    expect(chart).to_be_visible()
    above, below = caveat.bounding_box(), chart.bounding_box()
    assert above and below and above["y"] + above["height"] <= below["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size({"width": 688, "height": 1000})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for part in (caveat, page.locator(".run-figure .chart"), page.locator(".run-figure .source")):
        expect(part).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
