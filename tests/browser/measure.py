"""Prints how long pages take in a real browser and what they weigh on the wire. A script; never part of the tests.

Run it with `python tests/browser/measure.py` when the machine does nothing else; it builds a demonstration of its own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".ci"), str(ROOT), str(Path(__file__).resolve().parent)]

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402
from running import Served, launch, serve  # noqa: E402

TIMES = 7
CHANGES = 15
VIEWERS = 20
ROUNDS = 5
"""So often all viewers open a page at the same moment."""
UPDATE = "/_dash-update-component"


@dataclass(frozen=True)
class Measured:
    """A page: who opens it, what has to stand on it before it counts as drawn, and the filter that is changed.

    `values` are what is chosen in turn, where not every choice has something to draw.
    """

    role: str | None
    path: str
    drawn: str
    filter: str = ""
    values: tuple[str, ...] = ()


CHART = "document.querySelector('.chart .bars path, .chart .scatterlayer .trace')"
LARGE = ("XAA", "XBA", "XBB", "XBC")
"""The countries that have something of everything."""
PAGES = (
    Measured("member", "/overview", "document.querySelector('.headline')", "country"),
    Measured("member", "/indicators", "document.querySelector('.cards img')", "country"),
    Measured("member", "/indicator/P-CAP-1", CHART, "country", LARGE),
    Measured("coordinator", "/indicator/P-SVC-1", CHART),
    Measured(
        "member",
        "/actions",
        "document.querySelector('#actions-results table, #actions-results details')",
        "country",
        LARGE,
    ),
    Measured("member", "/actions?action=XAA-SHE-1", "document.querySelector('#action .history li')"),
    Measured("member", "/overview?as_of=2026-04-01", "document.querySelector('.headline')", "country"),
    Measured("member", "/coverage", f"{CHART} && document.querySelector('#coverage-matrix tbody tr')", "corridor"),
    Measured("member", "/members", f"{CHART} && document.querySelector('#members-seats tbody tr')", "country"),
    Measured("member", "/completeness", "document.querySelector('#completeness-matrix tbody tr')", "country"),
    Measured(
        "coordinator",
        "/submissions",
        "document.querySelector('#submissions-results tbody tr')",
        "state",
        ("accepted", "submitted"),
    ),
    Measured(None, "/", "document.querySelector('.chart svg path') && document.querySelector('tbody tr')"),
)
# Choose another value, and wait until the page of that choice stands there.
CHANGE = """([name, value, drawn]) => new Promise((done, fail) => {
  const select = document.querySelector(`[id*='"name":"${name}"']`);
  const said = () => { const page = document.getElementById('page'); return page ? page.innerText : ''; };
  const before = said();
  const began = performance.now();
  const limit = setTimeout(() => fail('nothing changed in 20 s'), 20000);
  const is_drawn = new Function('return ' + drawn);
  const look = () => {
    if (said() !== before && is_drawn()) {
      clearTimeout(limit);
      done(performance.now() - began);
    } else { requestAnimationFrame(look); }
  };
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(select, value);
  select.dispatchEvent(new Event('change', {bubbles: true}));
  look();
})"""


class Wire:
    """Counts what comes over the wire into a page: requests and their bytes, those of the cache apart."""

    def __init__(self, page: Page) -> None:
        self.requests, self.size, self.cached = 0, 0, set[str]()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"]))
        session.on("Network.loadingFinished", self._finished)
        self._from_disk: set[str] = set()

    def _received(self, event: Any) -> None:
        if event["response"].get("fromDiskCache") or event["response"]["url"].startswith("data:"):
            self._from_disk.add(event["requestId"])

    def _finished(self, event: Any) -> None:
        if event["requestId"] not in self._from_disk | self.cached:
            self.requests += 1
            self.size += int(event["encodedDataLength"])


def context(browser: Browser, there: Served, role: str | None) -> BrowserContext:
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    if role:
        made.request.get(there.link(role), max_redirects=0)
    return made


def open_once(where: BrowserContext, address: str, drawn: str) -> tuple[float, int, int]:
    """Milliseconds until it is drawn, requests, bytes; in a new tab of this browser."""
    page = where.new_page()
    wire = Wire(page)
    page.goto(address, wait_until="commit")
    page.wait_for_function(drawn, polling="raf")
    # Counted from the moment at which the page was asked for.
    took = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    page.close()
    return float(took), wire.requests, wire.size


def opened(browser: Browser, there: Served, measured: Measured) -> None:
    """A page cold (nothing in the cache) and warm (opened before in the same browser)."""
    address, drawn, cold = there.address + measured.path, f"() => {measured.drawn}", []
    for _n in range(TIMES):
        where = context(browser, there, measured.role)
        cold.append(open_once(where, address, drawn))
        where.close()
    where = context(browser, there, measured.role)
    open_once(where, address, drawn)
    warm = [open_once(where, address, drawn) for _n in range(TIMES)]
    where.close()
    for name, found in (("cold", cold), ("warm", warm)):
        times = [took for took, _requests, _size in found]
        _took, requests, size = found[-1]
        said_times = f"{statistics.median(times):.0f} ms (median of {TIMES}, worst {max(times):.0f})"
        print(f"{measured.path} {name}: drawn after {said_times}, {requests} requests, {size:,} bytes on the wire")


def filters(page: Page, measured: Measured, times: int) -> list[float]:
    """Milliseconds from a change of the filter until the page of another choice is drawn."""
    select = page.locator(f"""[id*='"name":"{measured.filter}"']""")
    values: list[str] = select.locator("option:not([disabled])").evaluate_all("all => all.map(one => one.value)")
    values = list(measured.values) or values[:4]
    took = []
    for _n in range(times):
        now = select.input_value()
        other = values[(values.index(now) + 1) % len(values)] if now in values else values[0]
        took.append(float(page.evaluate(CHANGE, [measured.filter, other, measured.drawn])))
    return took


def looked_on(there: Served, until: threading.Event, took: list[float]) -> None:
    """Somebody whose page asks every three seconds whether the record moved."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.open(there.link("member"), timeout=30).read()
    while not until.wait(3):
        began = time.perf_counter()
        opener.open(there.address + "/version", timeout=30).read()
        took.append((time.perf_counter() - began) * 1000)


def asked_for(browser: Browser, there: Served, measured: Measured) -> list[bytes]:
    """What the browser asks for when it opens a page, beyond the page itself: the bodies that it sends."""
    page, bodies = context(browser, there, measured.role).new_page(), list[bytes]()
    page.on(
        "request", lambda request: bodies.append(request.post_data_buffer or b"") if UPDATE in request.url else None
    )
    page.goto(there.address + measured.path)
    page.wait_for_function(f"() => {measured.drawn}")
    page.wait_for_load_state("networkidle")
    page.context.close()
    return bodies


def viewer(there: Served, role: str) -> Callable[[str, list[bytes]], float]:
    """Somebody with a session of her own; opening a page answers with milliseconds until all of it has arrived."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(there.link(role), timeout=60).read()

    def opens(path: str, bodies: list[bytes]) -> float:
        began = time.perf_counter()
        opener.open(there.address + path, timeout=60).read()
        token = next((cookie.value or "" for cookie in jar if cookie.name == "_csrf_token"), "")
        for body in bodies:
            headers = {"Content-Type": "application/json", "X-CSRFToken": token}
            opener.open(urllib.request.Request(there.address + UPDATE, body, headers), timeout=60).read()
        return (time.perf_counter() - began) * 1000

    return opens


def at_once(browser: Browser, there: Served, measured: Measured) -> list[float]:
    """Milliseconds until a page has arrived, for each of so many who open it at the same moment, each time anew."""
    bodies, took = asked_for(browser, there, measured), list[float]()
    people = [viewer(there, measured.role or "member") for _n in range(VIEWERS)]
    gate = threading.Barrier(VIEWERS)

    def opening(opens: Callable[[str, list[bytes]], float]) -> None:
        for _n in range(ROUNDS):
            gate.wait(timeout=120)
            took.append(opens(measured.path, bodies))

    threads = [threading.Thread(target=opening, args=(one,)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return took


def said(name: str, took: list[float]) -> None:
    print(f"{name}: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms of {len(took)}")


def shown(browser: Browser, there: Served, measured: Measured) -> Page:
    """The page, drawn, with one change of its filter behind it."""
    page = context(browser, there, measured.role).new_page()
    page.goto(there.address + measured.path)
    page.wait_for_function(f"() => {measured.drawn}")
    filters(page, measured, 1)
    return page


def main() -> int:
    """Build, serve, measure, print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "data") as there,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for measured in PAGES:
            opened(browser, there, measured)
        for measured in (one for one in PAGES if one.filter):
            page = shown(browser, there, measured)
            said(f"{measured.path}, another {measured.filter}", filters(page, measured, CHANGES))
            page.context.close()
        for measured in (one for one in PAGES if one.role == "member"):
            said(f"{measured.path}, opened by {VIEWERS} at once", at_once(browser, there, measured))
        until, asked = threading.Event(), list[float]()
        on_lookers = [threading.Thread(target=looked_on, args=(there, until, asked)) for _n in range(VIEWERS)]
        for one in on_lookers:
            one.start()
        time.sleep(3)  # until all of them have their page
        for measured in (one for one in PAGES if one.filter):
            page = shown(browser, there, measured)
            took = filters(page, measured, CHANGES)
            said(f"{measured.path}, another {measured.filter} while {VIEWERS} look on", took)
            page.context.close()
        until.set()
        for one in on_lookers:
            one.join()
        said(f"/version, asked by {VIEWERS}", asked)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
