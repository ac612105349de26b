"""Prints what the public summary costs in a real browser, beside a bare page of the same content. Never a test.

Run it with `python tests/browser/measure_public.py [FOLDER]` when the machine does nothing else. Without FOLDER the
summary is that of a demonstration, served by the dashboard itself; with it, it is that of the release in FOLDER, from
the plain server that serves the bare page too. That server compresses as the dashboard does.
"""

from __future__ import annotations

import gzip
import http.server
import re
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".ci"), str(ROOT), str(Path(__file__).resolve().parent)]

import brotli  # noqa: E402
from measure import Wire  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402
from running import launch, serve  # noqa: E402

TIMES = 9
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
GOALS = {"warm": 1.2, "cold": 1.3, "slow line, cold": 2.0}
# What the browser says of its own painting, once it has; a page that paints nothing is an error.
PAINTED = """type => new Promise((done, fail) => {
  new PerformanceObserver(list => {
    const entry = list.getEntries().find(e => type !== 'paint' || e.name === 'first-contentful-paint');
    if (entry) { done(list.getEntries().at(-1).startTime); }
  }).observe({type, buffered: true});
  setTimeout(() => fail('nothing was painted in 20 s'), 20000);
})"""
DRAWN = """() => Math.max(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
  ...performance.getEntriesByType('resource').map(entry => entry.responseEnd))"""


def bare(page: str) -> str:
    """The same words and tables without style, drawing, script or frame: what no page of this content can go below."""
    kept = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<script.*?</script>", "", page, flags=re.DOTALL)
    kept = re.sub(r' (?:class|id|style|data-[\w-]+|aria-[\w-]+|tabindex|role)="[^"]*"', "", kept)
    return re.sub(r">\s+<", "><", kept)


@contextmanager
def hosted(files: dict[str, bytes]) -> Iterator[str]:
    """These files on a server of our own, compressed, kept by the browser for a minute."""
    packed = {name: {"br": brotli.compress(body, quality=9), "gzip": gzip.compress(body, 9), "": body}
              for name, body in files.items()}  # fmt: skip

    class Host(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            if name not in packed:
                self.send_error(404)
                return
            accepted = self.headers.get("Accept-Encoding", "")
            encoding = next((e for e in ("br", "gzip") if e in accepted), "")
            kind = {"html": "text/html; charset=utf-8", "js": "text/javascript"}.get(
                name.rpartition(".")[2], "text/plain"
            )
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "public, max-age=60")
            if encoding:
                self.send_header("Content-Encoding", encoding)
            self.send_header("Content-Length", str(len(packed[name][encoding])))
            self.end_headers()
            self.wfile.write(packed[name][encoding])

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def once(where: BrowserContext, address: str, slow: bool) -> tuple[float, float, int, int]:
    """Milliseconds to the first paint and to everything drawn, requests, bytes; in a new tab of this browser."""
    page: Page = where.new_page()
    wire = Wire(page)
    if slow:
        session = where.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    first, largest = (float(page.evaluate(PAINTED, kind)) for kind in ("paint", "largest-contentful-paint"))
    whole = max(largest, float(page.evaluate(DRAWN)))
    page.close()
    return first, whole, wire.requests, wire.size


def compared(browser: Browser, ours: str, plain: str, kind: str) -> None:
    """Both pages in turn, so that what the machine does meanwhile falls on both."""
    slow, found = kind.startswith("slow"), {ours: list[tuple[float, float, int, int]](), plain: []}
    warm = {address: browser.new_context(viewport={"width": 1366, "height": 768}) for address in found}
    for address, where in warm.items():
        once(where, address, slow)
    for _n in range(TIMES):
        for address, measured in found.items():
            if "cold" in kind:
                where = browser.new_context(viewport={"width": 1366, "height": 768})
                measured.append(once(where, address, slow))
                where.close()
            else:
                measured.append(once(warm[address], address, slow))
    for where in warm.values():
        where.close()
    middle = {
        address: [statistics.median(one[n] for one in listed) for n in range(4)] for address, listed in found.items()
    }
    for name, address in (("summary", ours), ("bare", plain)):
        first, drawn, requests, size = middle[address]
        worst = max(one[1] for one in found[address])
        print(f"{kind}, {name}: first paint {first:.0f} ms, drawn {drawn:.0f} ms (worst {worst:.0f}), "
              f"{requests:.0f} requests, {size:,.0f} bytes")  # fmt: skip
    painted, drawn = (middle[ours][n] / middle[plain][n] for n in (0, 1))
    goal = f", goal {GOALS[kind]}" if kind in GOALS else ""
    print(f"{kind}, ratio of {TIMES} runs: first paint {painted:.2f}, drawn {drawn:.2f}{goal}\n")


def measure(folder: Path, ours: str = "") -> None:
    """Print bytes, requests and times of the release in `folder`; `ours` is where it is served, else it is here."""
    files = {name: (folder / name).read_bytes() for name in ("index.html", "leave.js")}
    files["bare.html"] = bare(files["index.html"].decode()).encode()
    for name in ("index.html", "bare.html"):
        packed = len(brotli.compress(files[name], quality=9))
        print(f"{name}: {len(files[name]):,} bytes, {packed:,} compressed")
    print()
    with hosted(files) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for kind in ("cold", "warm", "slow line, cold", "slow line, warm"):
            compared(browser, ours or f"{address}index.html", f"{address}bare.html", kind)
        browser.close()


def main() -> int:
    """A release that is named, or that of a demonstration of its own."""
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "data") as there:
        measure((there.data / "releases" / "current").resolve(), f"{there.address}/")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
