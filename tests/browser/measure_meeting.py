"""Prints how long it takes from one screen of a meeting to the others, with 40 of them. A script; never a test.

Run it with `python tests/browser/measure_meeting.py [screens] [changes]`; it builds a demonstration of its own. Two of
the screens are real browsers, the others ask as a browser does: the version every second, and the parts that changed.
All of it stays on the loopback.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".ci"), str(ROOT), str(Path(__file__).resolve().parent)]

from playwright.sync_api import sync_playwright  # noqa: E402
from running import Served, launch, serve  # noqa: E402

PAUSE = 1.0
"""Seconds between two questions of a screen, as in assets/meeting.js."""


class Person:
    """Somebody's browser without the browser: a session, and one connection that is kept."""

    def __init__(self, there: Served, role: str) -> None:
        self.there, self.cookies = there, ""
        self.connection = http.client.HTTPConnection(urlsplit(there.address).netloc, timeout=30)
        self.jar: dict[str, str] = {}
        self.get(there.link(role).removeprefix(there.address))
        self.get("/meetings")

    def _take(self, answer: http.client.HTTPResponse) -> bytes:
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.jar[key] = rest.partition(";")[0]
        self.place = answer.getheader("Location", "")
        return answer.read()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> bytes:
        headers = {"Accept": "application/json", "Cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"X-CSRFToken": self.jar.get("_csrf_token", ""), "Sec-Fetch-Site": "same-origin"}
        if path == "/meetings":
            headers["Accept"] = "text/html"
        self.connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = self.connection.getresponse()
        said = self._take(answer)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:200]!r}")
        return said

    def get(self, path: str) -> bytes:
        return self.ask("GET", path)


class Screen(threading.Thread):
    """One of the forty: asks for the version every second and takes the parts that changed; notes when words came."""

    def __init__(self, there: Served, path: str, item: str, role: str) -> None:
        super().__init__(daemon=True)
        self.person, self.path, self.item = Person(there, role), path, item
        self.came: dict[str, float] = {}
        self.stop = threading.Event()
        self.faults: list[str] = []
        self.digests: dict[str, str] = {}
        self.requests = 0

    def run(self) -> None:
        self.stop.wait(random.random() * PAUSE)
        seen = ""
        while not self.stop.is_set():
            try:
                head = json.loads(self.person.get("/version"))
                self.requests += 1
                now = f"{head['coordination']}.{head['figures']}.{head['intake']}.{head['published']}"
                if now != seen:
                    self.take()
                    seen = now
            except Exception as error:
                self.faults.append(f"{type(error).__name__}: {error}")
                self.person.connection.close()
            self.stop.wait(PAUSE + random.random() * 0.15)

    def take(self) -> None:
        known = ",".join(f"{name}-{digest}" for name, digest in self.digests.items())
        query = urlencode({"item": self.item, "known": known})
        came = json.loads(self.person.get(f"{self.path}/parts?{query}"))
        self.requests += 1
        for name, found in came["parts"].items():
            self.digests[name] = found["digest"]
            for words in re.findall(r"Sentence \d+\.", found["html"]):
                self.came.setdefault(words, time.monotonic())


def planned(chair: Person) -> tuple[str, str]:
    """A running meeting of today; returns its path and the id of its second line."""
    chair.ask("POST", "/meetings", {
        "country": "XAA", "title": "Forty screens", "held_on": datetime.now(UTC).date().isoformat(),
        "topic": "0",
    })  # fmt: skip
    path = chair.place
    for title in ("Something to talk about", "Something else"):
        chair.ask(
            "POST", f"{path}/add", {"title": title, "subject": "overdue" if "else" in title else "", "minutes": "5"}
        )
    chair.ask("POST", f"{path}/start", {})
    items = re.findall(r'data-item=\\?"([0-9a-f-]{36})', chair.get(f"{path}/parts").decode())
    return path, items[-1]


def main() -> int:
    """Build, serve, open the screens, change, print."""
    count, changes = (int(word) for word in (sys.argv[1:] + ["40", "20"][len(sys.argv) - 1 :]))
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "data") as there,
        sync_playwright() as playwright,
    ):
        chair = Person(there, "coordinator")
        path, item = planned(chair)
        browser = launch(playwright)
        pages = []
        for role in ("member", "secretariat"):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.request.get(there.link(role), max_redirects=0)
            page = context.new_page()
            page.goto(f"{there.address}{path}/run?item={item}")
            page.evaluate(
                """() => { window.came = {}; new MutationObserver(() => {
                  const field = document.querySelector('#note');
                  const text = (document.querySelector('.run-note') || {}).textContent || (field ? field.value : '');
                  const words = /Sentence \\d+\\./.exec(text);
                  if (words && !window.came[words[0]]) { window.came[words[0]] = Date.now(); }
                }).observe(document.getElementById('run'), {childList: true, subtree: true}); }"""
            )
            pages.append(page)
        roles = ["member", "agency", "coordinator", "secretariat"]
        screens = [Screen(there, path, item, roles[n % len(roles)]) for n in range(count - len(pages))]
        for screen in screens:
            screen.start()
        pages[0].wait_for_timeout(4_000)
        sent: dict[str, tuple[float, float]] = {}
        begun = time.monotonic()
        saved = []
        for number in range(changes):
            words = f"Sentence {number}."
            sent[words] = (time.monotonic(), time.time() * 1000)
            chair.ask(
                "POST",
                f"{path}/note",
                {"item": item, "note": words, "saw": f"Sentence {number - 1}." if number else ""},
            )
            saved.append(time.monotonic() - sent[words][0])
            pages[0].wait_for_timeout(2_500 + random.random() * 1_000)
        pages[0].wait_for_timeout(3_000)
        lasted = time.monotonic() - begun
        for screen in screens:
            screen.stop.set()
        for screen in screens:
            screen.join(timeout=30)
        asked = [s.came[words] - at for words, (at, _clock) in sent.items() for s in screens if words in s.came]
        in_browsers = [
            (came[words] - clock) / 1000
            for came in (page.evaluate("window.came") for page in pages)
            for words, (_at, clock) in sent.items()
            if words in came
        ]
        browser.close()
        faults = [fault for screen in screens for fault in screen.faults]
        missed = len(sent) * count - len(asked) - len(in_browsers)
        print(f"{count} screens, {changes} changes, {sum(s.requests for s in screens) / lasted:.0f} requests a second")
        for name, found in (("asking screens", asked), ("browsers", in_browsers), ("the one who saves", saved)):
            print(f"{name}: median {statistics.median(found):.2f} s, maximum {max(found):.2f} s, {len(found)} measured")
        print(f"missed: {missed}; faults: {len(faults)} {faults[:2]}")
    return 1 if missed or faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
