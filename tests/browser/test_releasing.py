"""A release in a browser: prepared, watched, read, dropped, refused, withdrawn, at a desk and on a telephone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from looking import examine, walk_by_keyboard
from playwright.sync_api import Page, expect
from running import Served, serve

from dashboard.config import Settings
from dashboard.protection import policy
from dashboard.publication import drafting, release
from dashboard.publication.attacking import Report
from dashboard.record.house import open_house
from dashboard.reports.released import Key
from demonstration_world import LAST, TODAY

Visit = Callable[..., Page]
PATIENT = 180_000
"""Preparing a draft takes its time where other tests run beside it."""


@contextmanager
def refusing(cell: Key) -> Iterator[None]:
    """While it lasts, an attack finds this cell."""
    kept = drafting.attacking.attack
    drafting.attacking.attack = lambda *_a, **_n: Report(hidden=40, narrowed=((cell, ""),))  # type: ignore[assignment]
    try:
        yield
    finally:
        drafting.attacking.attack = kept


@pytest.mark.timeout(600)  # it prepares and publishes a release of its own, beside other tests
def test_from_a_draft_to_a_withdrawal(own: Served, visit: Visit) -> None:
    """On the demonstration, which was released before."""
    page = visit(own, "secretariat", "/releases")
    expect(page.get_by_role("heading", level=1)).to_have_text("What does the public read, and what comes next?")
    expect(page.locator(".answer").first).to_contain_text("The public reads the release of")
    examine(page, "Releases")
    walk_by_keyboard(page)
    page.get_by_role("button", name="Prepare a draft").click()
    expect(page.locator("progress")).to_be_visible()
    examine(page, "Releases")
    expect(page.get_by_role("heading", name="4. Your decision")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".notice.success").first).to_be_visible()
    expect(page.get_by_text("It was tried, and nobody could")).to_be_visible()
    examine(page, "Releases")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Look at the page as everybody will see it").click()
    preview = opened.value
    expect(preview.locator("h1").first).to_be_visible()
    assert "/preview/" in preview.url
    preview.close()
    page.get_by_text("Publish this draft …").click()
    page.get_by_role("button", name="Yes, publish it now").click()
    expect(page.get_by_text("Everybody reads it now on the front page.")).to_be_visible(timeout=PATIENT)
    examine(page, "Releases")
    former = page.locator("article").filter(has_text="Public, on the front page")
    former.get_by_text("Withdraw this release …").click()
    former.get_by_label("Why it is withdrawn").fill("A service was counted under the wrong sector.")
    former.get_by_role("button", name="Yes, withdraw it").click()
    expect(page.get_by_text("Its note takes its place.")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text("A service was counted under the wrong sector.")).to_be_visible()
    gone = page.locator("article").filter(has_text="A service was counted under the wrong sector.")
    expect(gone).to_contain_text("Withdrawn")
    expect(gone.get_by_role("link", name="See what stands in its place")).to_be_visible()
    examine(page, "Releases")


@pytest.mark.timeout(600)
def test_a_draft_that_was_refused(demonstration_folder: Path, tmp_path: Path, visit: Visit) -> None:
    data = tmp_path / "refused"
    shutil.copytree(demonstration_folder, data, symlinks=True)
    house = open_house(Settings(data=data, min_free_bytes=0, demo=True))
    with refusing(("XBA", "social", "SEED-10", "_T", LAST)):
        release.draft(policy.operator(TODAY), house)
    house.close()
    with serve(data) as running:
        page = visit(running, "secretariat", "/releases")
        expect(page.get_by_text("This draft cannot be published")).to_be_visible()
        expect(page.get_by_text("anybody could work it out")).to_be_visible()
        assert page.get_by_role("button", name="Yes, publish it now").count() == 0
        examine(page, "Releases")
        page.get_by_role("button", name="Drop this draft").click()
        expect(page.get_by_text("It was never public.")).to_be_visible()
        page.close()  # so that it asks nothing of a server that is gone
