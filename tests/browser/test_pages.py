"""Every page, as everybody who may see it, on a laptop, a projector and a phone: whole, quiet, legible, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from looking import WIDER, examine, settled, soon, walk_by_keyboard
from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]
COVERAGE, MEMBERS, SENT, REPORTING = "Service coverage", "Members", "Submissions", "Reporting"
WHO_OFFERS = "/coverage?service=SEED-9&place=XBA"
# Role, which of its people, address, a word of the title.
PAGES = [
    (None, 0, "/", "What is in place"),
    (None, 0, "/dictionary", "Dictionary"),
    (None, 0, "/guide/service_contacts", "How to fill in"),
    (None, 0, "/guide/service_coverage", "How to fill in"),
    (None, 0, "/sign-in", "Sign in"),
    (None, 0, "/nothing-is-here", "There is no such page"),
    ("member", 0, WHO_OFFERS, COVERAGE),
    ("member", 0, "/members?country=XAA&category=GOV-HEA", MEMBERS),
    ("member", 0, "/submissions", SENT),
    ("member", 0, "/submit", "You may not do this"),
    ("member", 0, "/overview", "Overview"),
    ("member", 0, "/indicators", "Indicators"),
    ("member", 0, "/indicator/P-CAP-1", "Indicator"),
    ("member", 0, "/indicator/P-SVC-1", "Indicator"),
    ("member", 0, "/indicator/NO-SUCH", "Indicator"),
    ("member", 0, "/actions", "Actions"),
    ("member", 0, "/since?country=XAA", "Since the last meeting"),
    ("member", 0, "/welcome", "Welcome"),
    ("agency", 0, "/welcome", "Welcome"),
    ("agency", 0, "/overview?country=XBA", "Overview"),
    ("agency", 0, "/indicator/P-SVC-1", "Indicator"),
    ("agency", 0, "/actions?lead=own", "Actions"),
    ("agency", 1, "/overview", "Overview"),
    ("agency", 1, "/indicators?country=XBA&kind=administrative", "Indicators"),
    ("agency", 1, "/actions?overdue=yes", "Actions"),
    ("agency", 2, "/overview", "Overview"),
    ("agency", 2, "/indicators?kind=administrative", "Indicators"),
    ("member", 0, "/completeness", REPORTING),
    ("agency", 1, "/completeness", REPORTING),
    ("coordinator", 0, "/completeness?country=XAA", REPORTING),
    ("secretariat", 0, "/completeness?dataset=service_coverage", REPORTING),
    ("agency", 0, "/coverage", COVERAGE),
    ("agency", 0, "/submit", "Send a file"),
    ("agency", 0, "/submissions", SENT),
    ("agency", 0, "/submission/<own>", "Submission"),
    ("agency", 1, WHO_OFFERS, COVERAGE),
    ("agency", 1, "/submission/<other>", "Submission"),
    ("coordinator", 0, "/coverage?corridor=XAA-XBA&period=2026-Q2", COVERAGE),
    ("coordinator", 0, "/members", MEMBERS),
    ("coordinator", 0, "/submissions?state=lapsed", SENT),
    ("coordinator", 0, "/submissions?state=submitted", SENT),
    ("agency", 0, "/submissions?state=returned", SENT),
    ("coordinator", 0, "/submission/<own>", "Submission"),
    ("coordinator", 0, "/overview", "Overview"),
    ("coordinator", 0, "/indicator/P-SVC-1?country=XAA", "Indicator"),
    ("coordinator", 0, "/indicator/SDG-5.2.1", "Indicator"),
    ("coordinator", 0, "/actions?country=XAA&action=XAA-SHE-1", "Actions"),
    ("coordinator", 0, "/actions?by=part", "Actions"),
    ("coordinator", 0, "/actions/several?country=XAA", "Change several actions"),
    ("coordinator", 0, "/since?from_moment=2020-01-01", "Since the last meeting"),
    ("secretariat", 0, "/welcome", "Welcome"),
    ("secretariat", 0, "/overview?country=XBA", "Overview"),
    ("secretariat", 0, "/indicators?country=XBA", "Indicators"),
    ("secretariat", 0, "/actions?state=done", "Actions"),
    ("secretariat", 0, "/coverage?framework=ESP-2015", COVERAGE),
    ("secretariat", 0, "/submissions", SENT),
    ("secretariat", 0, "/submit", "Send a file"),
]


def address_of(page: Page, there: Any, path: str) -> str:
    """A path with the id of a submission in it: the newest that somebody of the role's own may see."""
    if "<" not in path:
        return path
    role = "agency" if "<other>" in path else None
    context = page.context
    if role:
        context = page.context.browser.new_context()  # type: ignore[union-attr]
        context.request.get(there.link(role), max_redirects=0)
    listing = context.new_page()
    listing.goto(there.address + "/submissions")
    link = listing.locator("main table a").first
    expect(link).to_be_visible()
    found = link.get_attribute("href")
    listing.close()
    if role:
        context.close()
    assert found
    return found


@pytest.mark.parametrize(("role", "number", "path", "title"), PAGES, ids=lambda value: str(value).replace("/", "-"))
def test_a_page_is_whole_and_quiet_at_every_width(
    served: Any, visit: Visit, role: str | None, number: int, path: str, title: str
) -> None:
    page = visit(served, role, "nowhere yet", number)
    if path in ("/nothing-is-here", "/submit"):
        page.watch.expect("status of 40[34]")  # type: ignore[attr-defined]
    page.goto(served.address + address_of(page, served, path))
    examine(page, title)


@pytest.mark.parametrize(
    ("role", "path", "some"),
    [
        (None, "/", ["Leave this page", "Table (CSV)", "Open data"]),
        (None, "/sign-in", ["Leave this page", "email", "password", "Sign in"]),
        ("agency", "/submit", ["Service coverage", "with your last accepted rows", "file", "marked", "Check the file"]),
        ("member", "/coverage?corridor=XAA-XBA", ["Clear filters", "Show the same as a table"]),
        ("coordinator", "/submission/<own>", ["Sign out"]),
        ("coordinator", "/completeness", ["Clear filters", "On time", "Copy the text", "Save it as a text file"]),
    ],
)
def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(
    served: Any, visit: Visit, role: str | None, path: str, some: list[str]
) -> None:
    page = visit(served, role, "nowhere yet")
    page.goto(served.address + address_of(page, served, path))
    settled(page)
    reached = walk_by_keyboard(page)
    assert reached[0].startswith("Skip to the")
    assert [name for name in some if not any(name in said for said in reached)] == []


def test_the_skip_link_leads_past_the_navigation(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/coverage")
    settled(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Corridor")).to_be_focused()


def test_from_page_to_page_without_loading_again(served: Any, visit: Visit) -> None:
    """The heading takes the focus, the title and the navigation follow, and Back leads back."""
    page = visit(served, "member", "/coverage?period=2026-Q2")
    settled(page)
    page.evaluate("window.opened = 'once'")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Members").click()
    heading = page.locator("main h1")
    expect(heading).to_have_text("Who is at the table, and who is missing?")
    expect(heading).to_be_focused()
    expect(page).to_have_title(re.compile("^Members"))
    expect(page.locator(".nav [aria-current=page]")).to_have_text("Members")
    page.go_back()
    expect(heading).to_contain_text("Which services exist")
    expect(page.get_by_label("Quarter")).to_have_value("2026-Q2")
    expect(page.locator(".nav [aria-current=page]")).to_have_text("Services")
    assert page.evaluate("window.opened") == "once"


def test_filters_keep_the_focus_and_stand_in_the_address(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/coverage")
    settled(page)
    corridor = page.get_by_label("Corridor")
    expect(page.locator("#coverage-matrix")).to_contain_text("Ketterlund")
    corridor.focus()
    page.keyboard.type("Sunavera to N")
    page.keyboard.press("Enter")
    expect(page.locator("#coverage-matrix")).not_to_contain_text("Ketterlund")
    expect(corridor).to_be_focused()
    assert "corridor=" in page.url
    page.reload()
    settled(page)
    assert page.get_by_label("Corridor").locator("option:checked").inner_text() == "Sunavera to Norwenna"
    expect(page.locator("#coverage-matrix")).not_to_contain_text("Ketterlund")
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("#coverage-matrix")).to_contain_text("Ketterlund")
    page.go_back()
    expect(page.locator("#coverage-matrix")).not_to_contain_text("Ketterlund")
    assert page.get_by_label("Corridor").locator("option:checked").inner_text() == "Sunavera to Norwenna"


def test_a_cell_tells_who_offers_the_service(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/coverage")
    settled(page)
    page.get_by_role("row", name="24-hour hotlines").get_by_role("link").first.click()
    providers = page.locator("#providers")
    expect(providers).to_be_visible()
    expect(providers).to_be_focused()
    expect(providers).to_be_in_viewport()
    expect(page.get_by_label("Who offers")).to_have_value("SEED-9")
    page.go_back()
    expect(providers).to_have_count(0)


def test_an_enforcement_body_sees_no_line_of_a_provider(served: Any, visit: Visit) -> None:
    """The line that a member reads is not on the page of an enforcement body, anywhere."""
    members = visit(served, "member", WHO_OFFERS)
    line = re.search(r"\+999[ 0-9]+", members.locator("#providers").inner_text())
    assert line
    enforcement = visit(served, "agency", WHO_OFFERS, 1)
    expect(enforcement.locator("#providers")).to_be_visible()
    assert line[0].strip() not in enforcement.content()
    expect(enforcement.locator("#providers")).to_contain_text("reported on by others, whose reports you do not see")


@pytest.mark.parametrize("how", ["button", "escape"])
def test_leaving_goes_at_once_and_leaves_no_step_back(served: Any, visit: Visit, how: str) -> None:
    page = visit(served, None, "/sign-in")
    steps = page.evaluate("history.length")
    assert leaves(page, how) == steps


@pytest.mark.parametrize("how", ["button", "escape"])
def test_leaving_the_summary_leaves_no_step_back(served: Any, visit: Visit, how: str) -> None:
    page = visit(served, None, "/")
    steps = page.evaluate("history.length")
    assert leaves(page, how) == steps


def leaves(page: Page, how: str) -> int:
    """Leave the page; how many steps the history has afterwards."""
    page.watch.expect("asked another host")  # type: ignore[attr-defined]
    target = page.locator("a.leave").get_attribute("href")
    assert target and target.startswith("https://")

    def elsewhere(route: Route) -> None:
        route.fulfill(body="<title>Elsewhere</title>", content_type="text/html")

    page.context.route(target, elsewhere)
    if how == "button":
        page.locator("a.leave").click()
    else:
        for _press in range(3):
            page.keyboard.press("Escape")
    expect(page).to_have_title("Elsewhere")
    return int(page.evaluate("history.length"))


@pytest.mark.parametrize(("role", "path"), [("coordinator", "/coverage"), ("coordinator", "/members"), (None, "/")])
def test_on_paper_everything_stands_and_nothing_in_the_way(
    served: Any, visit: Visit, role: str | None, path: str
) -> None:
    """A4 in black and white: the figures as tables too, the label, no navigation, nothing wider than the sheet."""
    page = visit(served, role, path, viewport={"width": 688, "height": 1000})  # A4 within its margins
    settled(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".demo")).to_be_visible()
    for hidden in (".nav", ".filters", ".leave", ".skip"):
        for element in page.locator(hidden).all():
            expect(element).to_be_hidden()
    for table in page.locator(".as-table table").all():
        expect(table).to_be_visible()
    assert soon(page, WIDER, 0) == 0
    assert (
        page.evaluate("""() => Array.from(document.querySelectorAll('.scroll')).filter(
        box => box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY !== 'visible').length""")
        == 0
    )
    # Marks and bars are told apart by shape, so their ink must reach the paper.
    assert (
        page.evaluate("""() => Array.from(document.querySelectorAll('.mark, .swatch')).filter(
        mark => getComputedStyle(mark).printColorAdjust !== 'exact').length""")
        == 0
    )


@pytest.mark.parametrize("allowed", [True, False])
def test_the_reminder_is_copied_or_at_least_selected(served: Any, visit: Visit, allowed: bool) -> None:
    page = visit(served, "coordinator", "/completeness")
    settled(page)
    if allowed:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
    else:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    text = page.get_by_role("textbox", name="What to remind organisations of")
    page.get_by_role("button", name="Copy the text").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reminder-text-said")).to_contain_text("Copied" if allowed else "The text is selected")
    expect(text).to_be_focused()
    assert page.evaluate("getSelection().toString()") == text.input_value()
    if allowed:
        assert page.evaluate("navigator.clipboard.readText()") == text.input_value()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save it as a text file").click()
    assert download.value.suggested_filename.startswith("demo-still-to-come-")
    saved = download.value.path().read_text(encoding="utf-8-sig")
    assert saved.replace("\r\n", "\n") == text.input_value() and "/submit?dataset=" in saved


def test_a_dataset_over_time_keeps_the_choices_and_a_cell_leads_on(served: Any, visit: Visit) -> None:
    page = visit(served, "coordinator", "/overview?country=XAA")
    settled(page)
    page.get_by_role("link", name="Who has reported, and who is late").click()
    matrix = page.locator("#completeness-matrix")
    expect(matrix).to_contain_text("Ministry of Health")
    expect(page.get_by_label("Country")).to_have_value("XAA")
    page.get_by_label("Dataset").select_option("service_coverage")
    expect(matrix).to_contain_text("quarter by quarter")
    assert "dataset=service_coverage" in page.url and "country=XAA" in page.url
    matrix.locator("td a").first.click()
    expect(page).to_have_url(re.compile("/submission/"))


def test_a_guide_prints_on_two_sheets_at_most(served: Any, visit: Visit, tmp_path: Path) -> None:
    page = visit(served, None, "/dictionary")
    guides = [a.get_attribute("href") for a in page.locator("a[href^='/guide/']").all()]
    assert len(guides) > 5
    for address in guides:
        page.goto(served.address + str(address))
        printed = page.pdf(path=tmp_path / "guide.pdf", prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 2, address


def test_the_due_day_follows_the_quarter(served: Any, visit: Visit) -> None:
    page = visit(served, "agency", "/submit?dataset=service_coverage")
    due, quarter = page.locator("li[data-template='service_coverage'] .due"), page.get_by_label("Quarter that the")
    before, running = due.inner_text(), quarter.locator("option").first.inner_text()
    assert quarter.locator("option:checked").inner_text() in before and " due on " in before
    quarter.select_option(label=running)
    expect(due).to_contain_text(f"{running} is due on")
