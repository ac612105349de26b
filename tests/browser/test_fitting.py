"""What has to fit: all countries on a small laptop, the menu and a finger on a phone, figures on a sheet of paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from looking import settled
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]

LAPTOP, PHONE, PAPER = {"width": 1366, "height": 768}, {"width": 390, "height": 844}, {"width": 688, "height": 1000}
OVER = "box => box.scrollWidth - box.clientWidth"
LOW = """() => Array.from(document.querySelectorAll('main li a, main td a, main th a, main summary'))
  .filter(link => link.getClientRects().length && link.getBoundingClientRect().height < 24)
  .map(link => link.textContent)"""


def test_clearing_the_filters_puts_back_what_the_page_opens_with(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/overview")
    settled(page)
    country, quarter = page.get_by_label("Country"), page.get_by_label("Quarter")
    opened = [country.input_value(), quarter.input_value()]
    heading = page.locator("#headlines-title")
    first = heading.inner_text()
    country.select_option(label="Norwenna")
    quarter.select_option(index=3)
    expect(heading).to_contain_text("Norwenna")
    page.get_by_role("link", name="Clear filters").click()
    expect(heading).to_have_text(first)
    assert [country.input_value(), quarter.input_value()] == opened and all(opened)


def test_what_was_asked_for_in_vain_is_said_until_something_is_chosen(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/overview?country=XQQ")
    settled(page)
    told = page.get_by_text("“XQQ” is not on this list.")
    expect(told).to_be_visible()
    page.get_by_label("Country").select_option(label="Norwenna")
    expect(told).to_be_hidden()


def test_every_country_stands_on_a_small_laptop(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/coverage", viewport=LAPTOP)
    settled(page)
    box = page.locator("#coverage-matrix .scroll")
    assert page.locator("#coverage-matrix thead tr").last.locator("th").count() > 12
    assert box.evaluate(OVER) <= 0
    expect(page.locator("#coverage-matrix .scroll-hint")).to_be_hidden()


def test_on_a_phone_the_menu_opens_and_closes_and_links_are_wide_enough(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/overview", viewport=PHONE)
    settled(page)
    link = page.locator(".nav").get_by_role("link", name="Actions", exact=True)
    expect(link).to_be_hidden()
    page.locator(".menu summary").click()
    link.click()
    expect(page.locator("h1")).to_contain_text("actions")
    expect(link).to_be_hidden()
    settled(page)
    assert page.evaluate(LOW) == []


@pytest.mark.parametrize("path", ["/overview", "/indicator/P-SVC-3", "/coverage", "/actions"])
def test_paper_holds_a_page_and_says_where_it_is_from(served: Any, visit: Visit, path: str) -> None:
    """Nothing is wider than the sheet, small print is no larger than what it belongs to, and its end says when."""
    page = visit(served, "member", path, viewport=PAPER)
    settled(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    assert all(over <= 1 for over in page.locator(".scroll table").evaluate_all(
        "tables => tables.map(table => table.getBoundingClientRect().right - innerWidth)"
    ))  # fmt: skip
    assert page.locator("td small").evaluate_all(
        "all => all.every(small => parseFloat(getComputedStyle(small).fontSize)"
        " <= parseFloat(getComputedStyle(small.parentElement).fontSize))"
    )
    expect(page.locator(".printed")).to_contain_text(f"{served.address.removeprefix('http://')}{path}")
    expect(page.locator(".printed")).to_be_visible()
