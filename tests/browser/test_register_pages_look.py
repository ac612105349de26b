"""Registers in the browser: whole at every width, each choice in the address, columns by box, an entry by its link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from looking import examine, settled, walk_by_keyboard
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
ROWS = "table.register tbody tr"


def asked(page: Page) -> dict[str, str]:
    """What the address asks."""
    return {name: said[-1] for name, said in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(
    ("role", "number", "path", "title"),
    [
        ("member", 0, "/register", "Registers"),
        ("coordinator", 0, "/register/members", "Register"),
        ("agency", 1, "/register/actions?sort=-due_on", "Register"),
        ("secretariat", 0, "/register/members?country=XZZ&columns=country,seat_since,nothing", "Register"),
        ("member", 0, "/register/adjustments?as_of=2024-01-31", "Register"),
    ],
    ids=lambda value: str(value).replace("/", "-"),
)
def test_a_register_is_whole_and_quiet_at_every_width(
    served: Any, visit: Visit, role: str, number: int, path: str, title: str
) -> None:
    page = visit(served, role, "nowhere yet", number)
    page.goto(served.address + path)
    examine(page, title)


def test_a_choice_stands_in_the_address_and_leads_back(served: Any, visit: Visit) -> None:
    page = visit(served, "coordinator", "/register/members")
    settled(page)
    whole = page.locator(".register-line .shown").inner_text()
    page.get_by_role("combobox", name="Country").select_option("XBA")
    expect(page.locator(".register-line .shown")).to_contain_text(" of ")
    assert asked(page)["country"] == "XBA"
    page.get_by_label("Search").fill("police")
    page.get_by_label("Search").press("Enter")
    expect(page.locator(ROWS).first).to_contain_text("olice")
    assert asked(page) == {"country": "XBA", "search": "police"}
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator(".register-line .shown")).to_have_text(whole)
    assert asked(page) == {}
    expect(page.get_by_label("Search")).to_have_value("")


def test_a_heading_orders_and_says_so(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/register/members?country=XAA")
    settled(page)
    heading = page.get_by_role("columnheader", name="Seat since")
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(".register-line .hint")).to_have_text("Ordered by Seat since")
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert asked(page) == {"country": "XAA", "sort": "-seat_since"}
    page.go_back()
    expect(heading).to_have_attribute("aria-sort", "ascending")


def test_columns_are_chosen_by_box(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/register/members")
    settled(page)
    page.get_by_text("Choose columns").click()
    page.get_by_role("checkbox", name="Enforces immigration law").check()
    expect(page.get_by_role("columnheader", name="Enforces immigration law")).to_be_visible()
    page.get_by_role("checkbox", name="Sector", exact=True).uncheck()
    expect(page.get_by_role("columnheader", name="Sector")).to_have_count(0)
    assert "enforcement_body" in asked(page)["columns"] and "sector" not in asked(page)["columns"].split(",")
    expect(page.get_by_role("checkbox", name="Organisation", exact=True)).to_be_disabled()
    page.reload()
    settled(page)
    expect(page.get_by_role("columnheader", name="Enforces immigration law")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.get_by_role("columnheader", name="Sector")).to_be_visible()
    assert asked(page) == {}
    page.get_by_text("Choose columns").click()
    expect(page.get_by_role("checkbox", name="Sector", exact=True)).to_be_checked()


def test_an_entry_opens_by_its_link_and_examines_well(served: Any, visit: Visit) -> None:
    page = visit(served, "secretariat", "/register/members?country=XAA")
    settled(page)
    link = page.locator(f"{ROWS} th a").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    assert re.search(r"/register/members/entry\?key=XAA&key=", page.url)
    expect(page.locator(".history li").first).to_contain_text("the file for Q")
    examine(page, "Entry of a register")
    page.get_by_role("link", name="Members of the mechanism").click()
    expect(page.locator(ROWS).first).to_be_visible()
    assert asked(page)["country"] == "XAA", "what was chosen stays while one moves about"


def test_everything_is_reached_by_keyboard(served: Any, visit: Visit) -> None:
    page = visit(served, "coordinator", "/register/members?search=police")
    settled(page)
    reached = walk_by_keyboard(page)
    wanted = ["Search", "More filters", "Choose columns", "Clear filters", "Organisation", "Download", "HXL"]
    assert [name for name in wanted if not any(name.casefold() in said.casefold() for said in reached)] == []


def test_a_file_is_saved(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/register/members?country=XAA")
    settled(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="entries (CSV)").click()
    assert saved.value.suggested_filename == "demo-members-register.csv"
