"""Sending a file over a poor line: something moves all the time, and a line that breaks says how to go on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect
from poor_line import PoorLine, poor_line
from running import Served
from spreadsheet import filled_template, send

Visit = Callable[..., Page]
LINE = 400_000  # bytes a second that a poor line carries
LARGE = b"country,service_code\n" + b"XAA,SEED-1\n" * 200_000
"""Two megabytes that are read to their end and then refused, because columns are missing."""


def slow(page: Page, carried: int = LINE) -> CDPSession:
    """Let the line carry so many bytes a second; 0 is no line at all."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": not carried,
            "latency": 20,
            "downloadThroughput": carried or -1,
            "uploadThroughput": carried or -1,
        },
    )
    return session


def chosen(page: Page, content: bytes = LARGE) -> None:
    page.set_input_files("#file", {"name": "report.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check the file").click()


def shown(page: Page) -> tuple[float | None, str]:
    """How full the bar is (None: it moves by itself) and what stands below it."""
    found: list[Any] = page.evaluate(
        "() => { const p = document.querySelector('[data-progress]'), b = p.querySelector('progress');"
        " return [b.hasAttribute('value') ? b.value : null, p.hidden ? '' : p.textContent]; }"
    )
    return found[0], found[1]


def test_something_moves_while_a_large_file_travels(served: Any, visit: Visit) -> None:
    page = visit(served, "agency", "/submit")
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    slow(page)
    chosen(page)
    seen, until = [], time.monotonic() + 60
    while time.monotonic() < until and not page.locator("#upload-result > *").count():
        seen.append(shown(page))
        time.sleep(0.5)
    shares = [share for share, words in seen if words and share is not None]
    assert len(set(shares)) >= 4 and shares == sorted(shares), seen
    assert len({words for _share, words in seen}) >= 4, "the words say the same for seconds"
    assert any(re.search(r"\d+ s so far", words) for _share, words in seen)
    expect(page.locator("#upload-result")).to_contain_text("is missing")
    expect(page.get_by_role("button", name="Check the file")).to_be_enabled()


@pytest.fixture
def poor(own: Served) -> Iterator[tuple[PoorLine, Served]]:
    """A line to a demonstration of a test's own, and that demonstration as the browser sees it over the line."""
    with poor_line(urlsplit(own.address).port or 0) as line:
        yield line, replace(own, address=line.address)


def test_a_line_that_breaks_says_how_to_go_on(poor: tuple[PoorLine, Served], visit: Visit) -> None:
    line, there = poor
    line.rate = 8 * LINE
    page = visit(there, "agency", "/submit")
    page.watch.expect("ERR_", "status of 422")  # type: ignore[attr-defined]
    chosen(page, LARGE * 8)  # more than the system takes in one go
    expect(page.locator("[data-progress]")).to_contain_text(re.compile(r"Sending: [1-9]\d? %"))
    line.cut()
    broken = page.locator("#upload-result .error-summary")
    expect(broken).to_contain_text(re.compile(r"lost at [1-9]\d? % of the file, so nothing was kept"))
    expect(broken).to_be_focused()
    line.mend()
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("#upload-result")).to_contain_text("is missing")


def test_an_answer_that_is_lost_is_told_apart(poor: tuple[PoorLine, Served], visit: Visit) -> None:
    """The file was taken, and the person does not know it: the same file again leads to the same submission."""
    line, there = poor
    page = visit(there, "agency", "/submit")
    page.watch.expect("ERR_", "status of 422")  # type: ignore[attr-defined]
    page.locator("#dataset").select_option("service_coverage")
    template = page.context.request.get(f"{there.address}/templates/service_coverage.csv?prefill=1")
    line.loses = True
    chosen(page, template.body())
    expect(page.locator("#upload-result .error-summary")).to_contain_text("The same file is never taken twice")
    line.loses = False
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url(f"**{line.lost[0]}?same=1")


def test_a_file_that_comes_back_marked_leaves_word_on_the_page(own: Served, visit: Visit) -> None:
    """A download alone says neither how many things there are to mend nor that nothing was kept."""
    page = visit(own, "agency", "/submit")
    sheet = filled_template(page)
    right = sheet.saved_badly()
    for service in [row["service_code"] for row in sheet.rows][:2]:
        sheet.fill(service, availability="availible")
    page.get_by_label("If there are errors").check()
    with page.expect_download() as saved:
        send(page, sheet.saved_badly(), "2026-Q1")
    assert saved.value.suggested_filename.endswith("problems-marked.csv")
    told = page.locator("#upload-result .error-summary")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Things to mend: 2. Your file was downloaded")
    expect(told).to_contain_text("nothing of it was kept")
    send(page, right, "2026-Q1")
    page.wait_for_url("**/submission/*")
