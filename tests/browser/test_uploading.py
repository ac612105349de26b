"""Sending a file over a poor line: something moves all the time, and a line that breaks says how to go on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession, Page, Route, expect

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


def test_a_line_that_breaks_says_how_to_go_on(served: Any, visit: Visit) -> None:
    page = visit(served, "agency", "/submit")
    page.watch.expect("ERR_", "status of 422", "submissions")  # type: ignore[attr-defined]
    session = slow(page)
    chosen(page)
    expect(page.locator("[data-progress]")).to_contain_text(re.compile(r"Sending: [1-9]\d? %"))
    slow(page, 0)
    broken = page.locator("#upload-result .error-summary")
    expect(broken).to_contain_text(re.compile(r"lost at \d+ % of the file, so nothing was kept"))
    expect(broken).to_be_focused()
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    slow(page, 10**8)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("#upload-result")).to_contain_text("is missing")


def test_an_answer_that_is_lost_is_told_apart(own: Any, visit: Visit) -> None:
    """The file was taken, and the person does not know it: the same file again leads to the same submission."""
    page = visit(own, "agency", "/submit")
    page.watch.expect("ERR_", "status of 422", "submissions")  # type: ignore[attr-defined]
    dataset = page.locator("#dataset")
    dataset.select_option("service_coverage")
    template = page.context.request.get(f"{own.address}/templates/service_coverage.csv?prefill=1")
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch(max_redirects=0).headers["location"])
        route.abort("connectionreset")

    page.route("**/submissions", lose)
    chosen(page, template.body())
    expect(page.locator("#upload-result .error-summary")).to_contain_text("The same file is never taken twice")
    page.unroute("**/submissions")
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url(f"**{lost[0]}")
