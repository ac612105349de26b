"""The committee's quarter as its people walk it: where the plan stands, what waits, what a figure means, what was done.

A projector has to show it to forty people, so what stands in the first screen is part of what is tested.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from looking import broken_rules, settled, walk_by_keyboard
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
LAPTOP, PROJECTOR = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
COUNTED = re.compile(r"[\d,]+ (?:contacts?|referrals?|cases?|reports?)\b(?! (?:were|was|is|are|of|that|for))")
LONG_AGO = "as_of=2026-04-01"  # a day in the life of any demonstration that this dashboard can build


def in_view(page: Page, selector: str) -> int:
    """How many of these elements are whole in the first screen."""
    return int(
        page.evaluate(
            """selector => Array.from(document.querySelectorAll(selector)).map(one => one.getBoundingClientRect())
            .filter(box => box.top >= 0 && box.bottom <= innerHeight).length""",
            selector,
        )
    )


@pytest.mark.parametrize(("size", "figures"), [(PROJECTOR, 5), (LAPTOP, 3)])
def test_five_seconds_are_enough(served: Any, visit: Visit, size: dict[str, int], figures: int) -> None:
    """Without scrolling: the answer with its figures, what waits, and as many headline figures as there is room for.

    The sixth, of contacts, begins with its caveat.
    """
    page = visit(served, "member", "/overview", viewport=size)
    settled(page)
    assert re.search(r"\d+ of \d+ headline figures .* \d+ actions? .* late", page.locator(".answer").inner_text())
    assert in_view(page, ".answer, .waiting, .waiting-list .late") >= 3
    assert in_view(page, ".headlines .card-value") == figures


@pytest.mark.parametrize("size", [PROJECTOR, LAPTOP])
def test_no_screen_ends_between_a_count_and_its_caveat(served: Any, visit: Visit, size: dict[str, int]) -> None:
    """A number of contacts is in view only where what must be known of it is in view above it."""
    page = visit(served, "coordinator", "/overview", viewport=size)
    settled(page)
    card = page.locator(".headlines .administrative")
    value, caveat = card.locator(".card-value").bounding_box(), card.locator(".card-caveat").first.bounding_box()
    expect(card.locator(".card-caveat").first).to_contain_text("not prevalence: most violence is never reported")
    assert value and caveat and caveat["y"] + caveat["height"] <= value["y"]


def test_from_a_figure_to_its_definition_and_caveat(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/overview", viewport=LAPTOP)
    settled(page)
    page.get_by_role("link", name="Staff trained on the needs and rights").click()
    expect(page.locator("main h1")).to_contain_text("Staff trained")
    expect(page.locator(".nav [aria-current]")).to_have_text("Indicators")
    caveat = "Says that somebody was trained, not that a woman was served better."
    expect(page.locator(".notice").filter(has_text=caveat)).to_be_in_viewport()
    settled(page)
    figure = page.locator("#indicator-trend")
    assert caveat in str(figure.get_by_role("img").first.get_attribute("aria-label"))
    expect(figure.locator(".caveats")).to_contain_text(caveat)
    figure.get_by_role("img").first.locator(".points path").first.hover(force=True)
    assert caveat.split(",")[0] in str(page.locator(".hoverlayer").first.text_content())
    with page.expect_download() as download:
        figure.get_by_role("button", name="Download").click()
    assert caveat in download.value.path().read_text(encoding="utf-8-sig")
    expect(page.get_by_role("region", name="What it measures")).to_contain_text("since counting began")


def test_the_open_actions_of_her_organisation_are_one_step_away(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/overview?country=XBA", viewport=LAPTOP)
    settled(page)
    link = page.locator(".waiting").get_by_role("link", name=re.compile("open actions? that your organisation"))
    count = int(re.findall(r"\d+", link.inner_text())[0])
    link.click()
    expect(page.locator(".tracker tbody tr")).to_have_count(count)
    expect(page.get_by_label("Led by")).to_have_value("own")


def test_a_measure_that_takes_a_right_away_is_flagged_wherever_it_is_late(served: Any, visit: Visit) -> None:
    page = visit(served, "member", "/overview?country=XAA")
    settled(page)
    late = page.locator(".overview-parts li").filter(has_text="consent of a relative")
    expect(late).to_contain_text("not rights-based")


def test_a_change_is_kept_with_its_history_and_seen_by_others(lived_in: Any, visit: Visit) -> None:
    """Who leads says how far it is and why; a later date asks for a reason and is a slip; another reads it at once."""
    other = visit(lived_in, "coordinator", "/actions?action=XAA-SUR-1")
    page = visit(lived_in, "member", "/actions?lead=own", viewport=LAPTOP)
    settled(page)
    page.get_by_role("link", name="Pay the survivors' advisory group").click()
    opened = page.locator("#action")
    expect(opened.get_by_role("heading", name="Change it")).to_be_visible()
    opened.get_by_label("Due date").fill("2027-06-30")
    opened.get_by_role("button", name="Save the change").click()
    expect(page.locator("#action-said")).to_contain_text("Not saved")
    opened.get_by_label("Note").fill("The budget is voted in spring.")
    opened.get_by_role("button", name="Save the change").click()
    expect(page.locator("#action-said")).to_contain_text("The change is saved")
    history = opened.locator(".history")
    expect(history).to_contain_text("The budget is voted in spring.")
    expect(history).to_contain_text("Home Again Network")
    expect(opened).to_contain_text("moved once")
    expect(other.locator("#action .history")).to_contain_text("The budget is voted in spring.")
    expect(other.locator("#XAA-SUR-1")).to_contain_text("30 June 2027")


@pytest.mark.parametrize(
    "path", ["/overview", "/indicators", "/indicator/P-CAP-1", "/actions", "/coverage", "/members"]
)
def test_a_page_as_it_stood_says_so_and_changes_nothing(served: Any, visit: Visit, path: str) -> None:
    page = visit(served, "coordinator", f"{path}?{LONG_AGO}")
    settled(page)
    expect(page.locator(".notice").filter(has_text="Not the present")).to_contain_text("1 April 2026")
    assert page.locator("main button:not(.link-button)").count() == 0, "nothing can be changed there"
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Reporting").click()
    expect(page.locator("main h1")).to_contain_text("Who has reported")
    expect(page.get_by_label("As it stood")).to_have_value("2026-04-01")


@pytest.mark.parametrize(
    ("role", "path", "some"),
    [
        ("member", "/overview", ["Staff trained", "Set up a fund", "Who has reported, and who is late"]),
        ("member", "/indicators", ["Show the same as a table", "Download the table (CSV)"]),
        ("coordinator", "/indicator/P-SVC-1", ["Country of origin", "In the dictionary"]),
        ("member", "/actions?action=XAA-RET-1", ["action-state", "action-due", "action-note", "Save the change"]),
    ],
)
def test_everything_of_the_quarter_is_reached_by_keyboard(
    served: Any, visit: Visit, role: str, path: str, some: list[str]
) -> None:
    page = visit(served, role, path, viewport=LAPTOP)
    settled(page)
    reached = walk_by_keyboard(page)
    names = (
        " | ".join(reached)
        + " | "
        + " | ".join(
            page.evaluate("() => Array.from(document.querySelectorAll('select, input, textarea')).map(e => e.id)")
        )
    )
    assert [name for name in some if name.casefold() not in names.casefold()] == []


@pytest.mark.parametrize(
    "number", [("member", 0), *(pytest.param(("agency", n), marks=pytest.mark.long) for n in (1, 2))]
)
def test_without_a_training_no_count_but_a_released_one_is_anywhere_in_the_page(
    served: Any, visit: Visit, number: tuple[str, int]
) -> None:
    """What the browser holds, pictures and addresses of images too. The trained read counts on the same pages."""
    role, which = number
    public = {
        int(row["contacts"])
        for file in served.data.glob("releases/*/data/contacts.csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
        if row["contacts"]
    }
    page, trained = visit(served, role, "nowhere yet", which), visit(served, "coordinator", "nowhere yet")
    met = 0
    for path in ("/overview", "/indicators", "/indicator/P-SVC-1", "/indicator/P-REF-1", "/indicator/P-CON-1"):
        for moment in ("", f"&{LONG_AGO}"):
            for reader in (page, trained):
                reader.goto(f"{served.address}{path}?country=XAA{moment}")
                settled(reader)
                found = COUNTED.findall(unquote(reader.content()))
                if reader is page:
                    counts = {int(said.split()[0].replace(",", "")) for said in found}
                    assert counts <= public | {0}, path
                    assert path != "/indicator/P-SVC-1" or "most violence is never reported" in reader.content()
                    assert path != "/indicator/P-SVC-1" or moment or "to protect people" in reader.content()
                else:
                    met += len(found)
    assert met > 20, "the search finds them where they may be"


def test_what_unfolds_keeps_to_the_rules_too(served: Any, visit: Visit) -> None:
    """A table that is unfolded is a region of its own, with a name of its own."""
    for role, path in (("member", "/indicators"), ("coordinator", "/indicator/P-SVC-1")):
        page = visit(served, role, path, viewport=LAPTOP)
        settled(page)
        page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        assert broken_rules(page) == []


def test_charts_grow_with_a_projector_and_are_pointed_at_where_they_are_drawn(served: Any, visit: Visit) -> None:
    heights = []
    for size in (LAPTOP, PROJECTOR):
        page = visit(served, "member", "/indicator/P-CAP-1", viewport=size)
        settled(page)
        point = page.locator("#indicator-trend .points path").nth(3)
        point.scroll_into_view_if_needed()
        point.hover(force=True)
        expect(page.locator(".hoverlayer").first).to_contain_text("persons")
        box = page.locator("#indicator-trend .xtick text").first.bounding_box()
        assert box
        heights.append(box["height"])
    assert heights[1] > 1.1 * heights[0]


def test_a_table_of_all_countries_is_whole_on_a_projector_and_a_laptop_and_says_where_it_is_not(
    served: Any, visit: Visit
) -> None:
    for size, whole in ((PROJECTOR, True), (LAPTOP, True), ({"width": 768, "height": 1024}, False)):
        page = visit(served, "member", "/coverage", viewport=size)
        settled(page)
        frame = page.locator("#coverage-matrix .scroll-frame")
        assert frame.locator(".scroll").evaluate("box => box.scrollWidth <= box.clientWidth") == whole
        expect(frame.locator(".scroll-hint")).to_be_visible(visible=not whole)
