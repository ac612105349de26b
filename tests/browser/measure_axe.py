"""Prints how many rules of accessibility are broken: each page, in each state, at three widths. A script; never a test.

Run it with `python tests/browser/measure_axe.py`; it builds a demonstration of its own and reads only.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".ci"), str(ROOT), str(Path(__file__).resolve().parent)]

from looking import CUT_OFF, SIZES, WIDER, broken_rules, settled, soon  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from running import Served, launch, serve  # noqa: E402

PEOPLE = (
    ("member", 0),
    ("agency", 0),
    ("agency", 1),
    ("agency", 2),
    ("coordinator", 0),
    ("coordinator", 1),
    ("secretariat", 0),
)
"""Everybody with a sign-in link: the first agency is trained, the second enforces, the third has no training."""
KINDS = ("P-SVC-1", "P-REF-1", "P-CAP-1", "SDG-5.2.1", "P-BLA-1", "P-RES-1", "P-COO-1")
"""An indicator of each kind, the administrative both computed and sent."""
THEN = "as_of=2026-04-01"


def as_it_opens(_page: Page) -> None:
    """Nothing is done."""


def all_open(page: Page) -> None:
    """Everything that folds is unfolded."""
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true; })")


def not_saved(page: Page) -> None:
    """A change is refused, because its reason is missing."""
    if page.locator("#action-due").count():  # whoever may not change it has no form
        page.locator("#action-due").fill("2027-12-31")
        page.get_by_role("button", name="Save the change").click()
        page.locator("#action-said .notice").wait_for()


@dataclass(frozen=True)
class Looked:
    """A page in a state: its address, and what is done on it before it is looked at."""

    path: str
    done: Callable[[Page], None] = as_it_opens


PAGES = (
    *(Looked(path) for path in ("/overview", "/indicators", "/actions", "/coverage", "/members", "/completeness")),
    *(Looked(f"{path}?{THEN}") for path in ("/overview", "/indicators", "/actions", "/coverage", "/members")),
    *(Looked(f"/indicator/{code}", all_open) for code in KINDS),
    Looked(f"/indicator/P-CAP-1?{THEN}"),
    Looked("/overview?country=XAE"),
    Looked("/indicators?kind=survey", all_open),
    Looked("/actions?action=XAA-SHE-1"),
    Looked("/actions?action=XAA-BAN-1"),
    Looked("/actions?action=XAA-RET-1", not_saved),
    Looked("/actions?lead=own&state=all"),
    Looked("/actions?country=XAE"),
    Looked("/coverage?service=SEED-9&place=XBA"),
)


def look(browser: Browser, there: Served, role: str, number: int) -> tuple[int, int]:
    """Look at every page as one person; prints what is wrong. Returns how often she looked, and how much was found."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
    context.request.get(there.link(role, number), max_redirects=0)
    page, looked, found = context.new_page(), 0, 0
    for one in PAGES:
        page.goto(there.address + one.path)
        settled(page)
        one.done(page)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            wrong = broken_rules(page)
            wrong += [f"wider than the screen by {wide}" for wide in [soon(page, WIDER, 0)] if wide]
            wrong += soon(page, CUT_OFF, [])
            looked, found = looked + 1, found + len(wrong)
            for what in wrong:
                print(f"{role} {number}, {one.path} ({one.done.__name__}) at {width}: {what}", flush=True)
    context.close()
    return looked, found


def main() -> int:
    """Build, serve, look, print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "data") as there,
        sync_playwright() as playwright,
    ):
        browser, sums = launch(playwright), [0, 0]
        for role, number in PEOPLE:
            looked, found = look(browser, there, role, number)
            sums = [sums[0] + looked, sums[1] + found]
            print(
                f"{role} {number}: {len(PAGES)} pages and states at {len(SIZES)} widths: {found} violations", flush=True
            )
        print(f"{len(PEOPLE)} people, {sums[0]} looks: {sums[1]} violations")
        browser.close()
    return 1 if sums[1] else 0


if __name__ == "__main__":
    raise SystemExit(main())
