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
DRAWN = "() => document.querySelector('.chart .bars path') && document.querySelector('#coverage-matrix tbody tr')"
PUBLIC_DRAWN = "() => document.querySelector('.chart svg path') && document.querySelector('tbody tr')"
# Choose another corridor, and wait until the figures of that choice stand there.
CHANGE = """value => new Promise((done, fail) => {
  const select = document.querySelector(`[id*='"name":"corridor"']`);
  const before = document.querySelector('#coverage-results').innerText;
  const began = performance.now();
  const limit = setTimeout(() => fail('nothing changed in 20 s'), 20000);
  const look = () => {
    const now = document.querySelector('#coverage-results');
    if (now && now.innerText !== before && document.querySelector('.chart .bars path')) {
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


def opened(browser: Browser, there: Served, role: str | None, path: str, is_drawn: str) -> None:
    """A page cold (nothing in the cache) and warm (opened before in the same browser)."""
    cold = []
    for _n in range(TIMES):
        where = context(browser, there, role)
        cold.append(open_once(where, there.address + path, is_drawn))
        where.close()
    where = context(browser, there, role)
    open_once(where, there.address + path, is_drawn)
    warm = [open_once(where, there.address + path, is_drawn) for _n in range(TIMES)]
    where.close()
    for name, found in (("cold", cold), ("warm", warm)):
        times = [took for took, _requests, _size in found]
        _took, requests, size = found[-1]
        drawn = f"{statistics.median(times):.0f} ms (median of {TIMES}, worst {max(times):.0f})"
        print(f"{path} {name}: drawn after {drawn}, {requests} requests, {size:,} bytes on the wire")


def filters(page: Page, times: int) -> list[float]:
    """Milliseconds from a change of the corridor until the figures of another choice are drawn."""
    corridor = page.get_by_label("Corridor")
    values: list[str] = corridor.locator("option").evaluate_all("all => all.map(one => one.value)")
    took = []
    for _n in range(times):
        now = corridor.input_value()
        other = next(value for value in values[values.index(now) :] + values if value != now)
        took.append(float(page.evaluate(CHANGE, other)))
    return took


def looked_on(there: Served, until: threading.Event, took: list[float]) -> None:
    """Somebody whose page asks every three seconds whether the record moved."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.open(there.link("member"), timeout=30).read()
    while not until.wait(3):
        began = time.perf_counter()
        opener.open(there.address + "/version", timeout=30).read()
        took.append((time.perf_counter() - began) * 1000)


def said(name: str, took: list[float]) -> None:
    print(f"{name}: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms of {len(took)}")


def main() -> int:
    """Build, serve, measure, print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "data") as there,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        opened(browser, there, "member", "/coverage", DRAWN)
        opened(browser, there, None, "/", PUBLIC_DRAWN)
        page = context(browser, there, "member").new_page()
        page.goto(there.address + "/coverage")
        page.wait_for_function(DRAWN)
        filters(page, 1)
        said("a change of filter", filters(page, CHANGES))
        until, asked = threading.Event(), list[float]()
        on_lookers = [threading.Thread(target=looked_on, args=(there, until, asked)) for _n in range(VIEWERS)]
        for one in on_lookers:
            one.start()
        time.sleep(3)  # until all of them have their page
        said(f"a change of filter while {VIEWERS} look on", filters(page, CHANGES))
        until.set()
        for one in on_lookers:
            one.join()
        said(f"/version, asked by {VIEWERS}", asked)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
