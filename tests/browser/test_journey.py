"""One file through every wall, as people walk it: an agency, a coordinator, a member who looks on, and nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from spreadsheet import OFFERED, filled_template, problems, send

Visit = Callable[..., Page]
QUICKLY = 12_000  # what a look every three seconds and a drawing may take on a machine that does much else


def kept(data: Path) -> set[str]:
    """Everything that lies in the data folder, by name; the database and its log change with every visit."""
    return {str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and "duckdb" not in path.name}


def holding(data: Path, words: bytes) -> list[str]:
    """The files of the data folder in which these words stand, whatever they are."""
    return [path.name for path in data.rglob("*") if path.is_file() and words in path.read_bytes()]


@contextmanager
def nothing_kept(data: Path) -> Iterator[None]:
    """What is done in this block leaves no file behind."""
    before = kept(data)
    yield
    assert kept(data) - before == set()


def submission_of(page: Page) -> str:
    page.wait_for_url("**/submission/*")
    expect(page.locator("main h1")).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def staged(page: Page, content: bytes, period: str) -> str:
    """Send a file without problems and open its preview; returns the submission's id."""
    send(page, content, period)
    return submission_of(page)


def take(page: Page, button: str, comment: str = "") -> None:
    """Take a step on /submission/<id>, once that page stands there: a list that one leaves has steps of its own."""
    expect(page.locator(".state-line")).to_be_visible()
    if comment:
        page.locator("#submission-comment").fill(comment)
    page.get_by_role("button", name=button).click()


def state(page: Page) -> Any:
    return expect(page.locator(".state-line"))


def test_one_file_through_every_wall(lived_in: Any, visit: Visit) -> None:
    """The sentence of the issue, on the real server and in four browsers."""
    on_looker = visit(lived_in, "member", "/coverage")
    corridor = on_looker.get_by_label("Corridor")
    corridor.select_option(label="Sunavera to Norwenna")
    on_looker.evaluate("window.opened = 'once'")
    outreach = on_looker.get_by_role("row", name="Outreach clinics")
    expect(outreach.locator("td").first).to_have_text("Planned")
    silent = on_looker.locator("main .notice").filter(has_text="Not handed in for Q3 2026, or returned")
    expect(silent).to_contain_text("Ministry of Health")
    expect(on_looker.locator("#coverage-matrix")).not_to_contain_text("Ketterlund")
    looked_at = on_looker.url

    agency = visit(lived_in, "agency", "/submit")
    agency.watch.expect("status of 422")  # type: ignore[attr-defined]
    sheet = filled_template(agency)
    assert {row["organisation_code"] for row in sheet.rows} == {"XAA-HEALTH"}
    sheet.fill("SEED-2", availability="availible", checked_on="2O26-09-14")
    sheet.extra = {"migration_status": "undocumented-or-overstayed"}

    # First round: a column that nobody may send. The file is refused, and no trace of it stays.
    with nothing_kept(lived_in.data):
        send(agency, sheet.saved_badly(), "2026-Q3")
        found = problems(agency)
    expect(agency.locator("#problems-title")).to_have_text("This file was refused, and no trace of it was kept")
    assert "migration_status" in found[0]["what"] and "could put women at risk" in found[0]["how"]
    assert holding(lived_in.data, b"undocumented-or-overstayed") == []
    assert "undocumented-or-overstayed" not in agency.content()

    # Second round: each problem says row, column, what and how, and what was read differently stands beside it.
    sheet.extra = {}
    row = sheet.row_number("SEED-2")
    with nothing_kept(lived_in.data):
        send(agency, sheet.saved_badly(), "2026-Q3")
        expect(agency.locator("#problems-title")).to_contain_text("2 things to mend; the file was not kept")
    wrong_code, wrong_date = problems(agency)
    assert (wrong_code["row"], wrong_code["column"]) == (str(row), "availability")
    assert "“availible”" in wrong_code["what"] and "Did you mean “available”?" in wrong_code["how"]
    assert (wrong_date["row"], wrong_date["column"]) == (str(row), "checked_on")
    assert "“2O26-09-14”" in wrong_date["what"] and "2026-06-30" in wrong_date["how"]
    expect(agency.locator("#upload-result")).to_contain_text("semicolon")
    expect(agency.locator("#upload-result")).to_contain_text("indows-1252")
    expect(agency.locator("#upload-error")).to_be_focused()
    assert holding(lived_in.data, b"availible") == []

    # Third round: mended, still saved as badly, and taken. The preview says what it changes.
    sheet.fill("SEED-2", availability="available", checked_on="2026-09-14")
    submission_id = staged(agency, sheet.saved_badly(), "2026-Q3")
    state(agency).to_have_text("Checked, not submitted")
    expect(agency.locator("main .answer")).to_have_text(re.compile(r"\d+ new, \d+ changed, \d+ removed, \d+ unchanged"))
    expect(agency.locator("main")).to_contain_text("Région de la capitale")
    take(agency, "Submit for review")
    state(agency).to_have_text("Waiting for review")
    expect(agency.locator("#submission-said")).to_contain_text("A coordinator of your country reviews it next.")
    expect(outreach.locator("td").first).to_have_text("Planned")  # nothing counts before somebody accepts it

    coordinator = visit(lived_in, "coordinator", "/submissions?state=submitted")
    coordinator.get_by_role("row", name=re.compile("Ministry of Health.*Q3 2026")).get_by_role("link").click()
    assert submission_of(coordinator) == submission_id
    take(coordinator, "Accept")
    state(coordinator).to_have_text("Accepted")

    # The other screens show it a moment later: without being loaded again, and with what was chosen on them.
    expect(outreach.locator("td").first).to_have_text("Open whatever the status", timeout=QUICKLY)
    expect(on_looker.locator("main")).not_to_contain_text("Nothing accepted yet for Q3 2026 from: Ministry of Health")
    assert on_looker.evaluate("window.opened") == "once"
    assert corridor.locator("option:checked").inner_text() == "Sunavera to Norwenna" and on_looker.url == looked_at
    expect(on_looker.locator("#coverage-matrix")).not_to_contain_text("Ketterlund")
    state(agency).to_have_text("Accepted", timeout=QUICKLY)

    # `/` keeps to what was released; then it tells the new state to somebody without a cookie and without JavaScript.
    nobody = visit(lived_in, None, "/", java_script_enabled=False)
    told = nobody.get_by_role("row", name="Outreach clinics").locator("td").first
    expect(told).to_have_text("Planned")
    published = lived_in.dashboard("release", "--note", "After the third quarter")
    assert published.returncode == 0, published.stderr
    nobody.reload()
    expect(told).to_have_text("Open whatever the status")
    assert nobody.context.cookies() == []


def test_the_same_without_javascript(lived_in: Any, visit: Visit) -> None:
    """The form, the list of problems and the marked copy need no script; the preview says what does."""
    page = visit(lived_in, "agency", "/submit", java_script_enabled=False)
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    sheet = filled_template(page)
    sheet.fill("SEED-2", availability="availible")
    with nothing_kept(lived_in.data):
        send(page, sheet.saved_badly(), "2026-Q1")
        (found,) = problems(page)
    assert (found["row"], found["column"]) == (str(sheet.row_number("SEED-2")), "availability")
    expect(page.get_by_label("Quarter that the figures are about")).to_have_value("2026-Q1")

    page.get_by_label("If there are errors").check()
    with page.expect_download() as download:
        send(page, sheet.saved_badly(), "2026-Q1")
    marked = download.value.path().read_bytes().decode("utf-8-sig")
    assert marked.splitlines()[0].lower().count("problems") == 1
    assert [n for n, line in enumerate(marked.splitlines(), 1) if "“availible”" in line] == [sheet.row_number("SEED-2")]

    sheet.fill("SEED-2", availability="available")
    page.get_by_label("If there are errors").uncheck()
    send(page, sheet.saved_badly(), "2026-Q1")
    page.wait_for_url("**/submission/*")
    assert "This page draws its figures with a script" in page.inner_text("main")
    expect(page.get_by_text("Loading...")).to_be_hidden()


def test_a_file_is_returned_mended_and_withdrawn(lived_in: Any, visit: Visit) -> None:
    """A coordinator returns a file with a comment; the agency reads it, sends another, and takes that one back."""
    agency = visit(lived_in, "agency", "/submit")
    sheet = filled_template(agency)
    first = staged(agency, sheet.saved(), "2025-Q4")
    take(agency, "Submit for review")
    state(agency).to_have_text("Waiting for review")

    coordinator = visit(lived_in, "coordinator", f"/submission/{first}")
    take(coordinator, "Return with the comment")
    expect(coordinator.locator("#submission-said")).to_contain_text("Not done")  # no comment, no return
    state(coordinator).to_have_text("Waiting for review")
    take(coordinator, "Return with the comment", "The clinic in the north is missing.")
    state(coordinator).to_have_text("Returned to be mended")

    blockquote = agency.locator(".history blockquote")
    expect(blockquote).to_have_text("The clinic in the north is missing.", timeout=QUICKLY)
    agency.get_by_role("link", name="Send a file").click()
    sheet.fill("SEED-3", areas=OFFERED["areas"] + "; nord")
    second = staged(agency, sheet.saved(), "2025-Q4")
    assert second != first
    take(agency, "Submit for review")
    state(agency).to_have_text("Waiting for review")
    take(agency, "Withdraw with the comment", "Sent too early.")
    state(agency).to_have_text("Withdrawn")
    agency.get_by_role("link", name="Submissions").click()
    listed = agency.get_by_role("row", name=re.compile("Q4 2025"))
    expect(listed.get_by_text("Withdrawn")).to_be_visible()
    expect(listed.get_by_text("Returned to be mended")).to_be_visible()


def test_what_another_organisation_sees_of_it(lived_in: Any, visit: Visit) -> None:
    """Another agency gets a sentence and nothing of the file; so does a member of the same organisation's country."""
    agency = visit(lived_in, "agency", "/submit")
    submission_id = staged(agency, filled_template(agency).saved(), "2025-Q3")
    for role, number in (("agency", 1), ("member", 0)):
        other = visit(lived_in, role, f"/submission/{submission_id}", number)
        expect(other.locator("main h1")).to_have_text("This submission cannot be shown")
        expect(other.locator("main .answer")).not_to_be_empty()
        assert "XAA-HEALTH" not in other.locator("main").inner_text()
        expect(other.get_by_role("button", name="Accept")).to_have_count(0)


@pytest.mark.parametrize(("role", "path"), [("member", "/submit"), ("agency", "/people")])
def test_a_refusal_is_a_sentence(served: Any, visit: Visit, role: str, path: str) -> None:
    page = visit(served, role)
    page.watch.expect("status of 40[34]")  # type: ignore[attr-defined]
    answer = page.goto(served.address + path)
    assert answer is not None and answer.status in (403, 404)
    expect(page.locator("main .answer")).not_to_be_empty()
    expect(page.locator("nav.nav")).to_be_visible()


def test_a_session_that_ended_leads_to_the_sign_in_and_back(lived_in: Any, visit: Visit) -> None:
    page = visit(lived_in, "member", "/coverage?country=XBA")
    other: BrowserContext = page.context
    page.watch.expect("status of 401")  # type: ignore[attr-defined]
    expect(page.locator("#coverage-matrix")).to_be_visible()
    other.clear_cookies()
    page.get_by_label("Quarter").select_option("2026-Q2")
    page.wait_for_url("**/sign-in?next=**")
    assert "period%3D2026-Q2" in page.url
    expect(page.get_by_label("Password")).to_be_visible()
