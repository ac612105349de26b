"""A review in minutes: twenty files that wait, chosen by keyboard and accepted at once, each told of by itself."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from looking import examine
from playwright.sync_api import Page, expect
from running import Served, serve
from spreadsheet import filled_template, send

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.people import accounts
from dashboard.protection import policy
from dashboard.record.house import House, open_house
from dashboard.reference import periods
from world import contact, service, table

Visit = Callable[..., Page]
HEALTH, FILES, COUNTED = "XAA-HEALTH", 18, 2
QUICKLY = 15_000


def hand_in(house: House, dataset: str, period: str, row: dict[str, str]) -> None:
    operator = policy.operator(datetime.now(UTC).date())
    received = submissions.stage(
        operator, house, table(house, dataset, [row]), dataset=dataset, organisation_code=HEALTH, period=period
    )
    assert received.submission_id, received.outcome.problems
    submissions.submit(operator, house, received.submission_id)


@pytest.fixture(scope="module")
def busy(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration in which twenty more files wait for the coordinator, two of them with counts of contacts."""
    data = tmp_path_factory.mktemp("busy") / "data"
    shutil.copytree(demonstration_folder, data, symlinks=True)
    house = open_house(Settings(data=data, min_free_bytes=0, demo=True))
    first = periods.parse("2015-Q1")
    for number in range(FILES):
        hand_in(house, "service_coverage", str(first.shifted(number)), service(HEALTH, "SEED-1"))
    for number in range(COUNTED):
        hand_in(house, "service_contacts", str(first.shifted(number)), contact(HEALTH, "health", 812_345 + number))
    operator = policy.operator(datetime.now(UTC).date())
    for row in house.store.read("select training_id from training_now"):  # so nobody here may accept counts of contacts
        accounts.revoke_training(operator, house, row["training_id"])
    house.close()
    with serve(data) as running:
        yield running


def test_twenty_files_at_once(busy: Any, visit: Visit) -> None:
    """By keyboard alone; what holds contacts is said to be not hers before she presses, and the others are accepted."""
    page = visit(busy, "coordinator", "/submissions?state=submitted")
    expect(page.locator("main h1")).to_have_text("Which files wait for your review?")
    boxes = page.get_by_role("checkbox")
    expect(boxes).not_to_have_count(0)
    waiting = boxes.count()
    assert waiting >= FILES + COUNTED
    counted = page.get_by_role("row", name=re.compile("Q[12] 2015.*You cannot accept it"))
    expect(counted).to_have_count(COUNTED)
    assert "812" not in page.content()
    examine(page, "Submissions")
    page.get_by_role("button", name="Choose all without open warnings").focus()
    page.keyboard.press("Enter")
    clean = page.locator("input[type=checkbox]:checked").count()
    assert FILES <= clean <= waiting - COUNTED
    counted.first.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    accept = page.get_by_role("button", name="Accept the chosen files")
    accept.focus()
    started = time.monotonic()
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_have_text("What became of the files that you chose?")
    seconds = time.monotonic() - started
    print(f"review: {clean + 1} files in {seconds:.1f} s")
    expect(page.locator("main .answer")).to_contain_text(f"{clean} of {clean + 1} files were accepted.")
    refused = page.get_by_role("row", name=re.compile("Not accepted"))
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("counts contacts of survivors")
    assert seconds < 60
    examine(page, "Reviewed files")
    page.get_by_role("link", name="Back to what waits for review").click()
    expect(page.get_by_role("checkbox")).to_have_count(waiting - clean)


def test_a_choice_stays_while_others_send(busy: Any, visit: Visit) -> None:
    """The list is not drawn anew under her hand; it says that it is of a while ago."""
    page = visit(busy, "coordinator", "/submissions?state=submitted")
    box = page.get_by_role("checkbox").first
    box.check()
    agency = visit(busy, "agency", "/submit")
    sheet = filled_template(agency)
    send(agency, sheet.saved(), "2025-Q4")
    agency.wait_for_url("**/submission/*")
    agency.get_by_role("button", name="Submit for review").click()
    expect(agency.locator(".state-line")).to_have_text("Waiting for review")
    expect(page.locator("#submissions-moved")).to_contain_text("Somebody sent or reviewed a file", timeout=QUICKLY)
    expect(box).to_be_checked()
    count = page.get_by_role("checkbox").count()
    page.get_by_role("link", name="Load the list again").click()
    expect(page.get_by_role("checkbox")).to_have_count(count + 1)


def test_comments_on_rows_and_a_version_that_comes_back(busy: Any, visit: Visit) -> None:
    """A reviewer comments on two rows and returns the file; the agency mends it; the reviewer restores the old one."""
    agency = visit(busy, "agency", "/submit")
    sheet = filled_template(agency)
    send(agency, sheet.saved(), "2025-Q2")
    agency.wait_for_url("**/submission/*")
    first = agency.url.rsplit("/", 1)[1]
    agency.get_by_role("button", name="Submit for review").click()
    coordinator = visit(busy, "coordinator", f"/submission/{first}")
    for row, text in (("4", "Is it closed?"), ("", "Two services are missing.")):
        coordinator.get_by_label("Row, as the spreadsheet counts").fill(row)
        coordinator.locator("#remark-text").fill(text)
        coordinator.get_by_role("button", name="Add the comment").click()
        expect(coordinator.get_by_role("cell", name=text)).to_be_visible()
    examine(coordinator, "Submission")
    coordinator.get_by_role("button", name="Return with the comment").click()
    expect(coordinator.locator(".state-line")).to_have_text("Returned to be mended")
    expect(agency.locator(".state-line")).to_have_text("Returned to be mended", timeout=QUICKLY)
    expect(agency.get_by_role("cell", name="Is it closed?")).to_be_visible()
    with agency.expect_download() as download:
        agency.get_by_role("link", name="with a column of the comments").click()
    assert "Is it closed?" in download.value.path().read_text(encoding="utf-8").splitlines()[3]
    assert download.value.suggested_filename.startswith("demo-")
    with agency.expect_download() as download:
        agency.get_by_role("link", name="Download the receipt").click()
    assert "Demonstration data" in download.value.path().read_text(encoding="utf-8")

    ids = []
    for code, said in (("SEED-2", "available"), ("SEED-2", "limited")):
        agency.goto(busy.address + "/submit")
        sheet.fill(code, availability=said)
        send(agency, sheet.saved(), "2025-Q2")
        agency.wait_for_url("**/submission/*")
        ids.append(agency.url.rsplit("/", 1)[1])
        agency.get_by_role("button", name="Submit for review").click()
        expect(agency.locator(".state-line")).to_have_text("Waiting for review")
        coordinator.goto(f"{busy.address}/submission/{ids[-1]}")
        coordinator.get_by_role("button", name="Accept").click()
        expect(coordinator.locator(".state-line")).to_have_text("Accepted")
    coordinator.goto(f"{busy.address}/submission/{ids[0]}")
    versions = coordinator.get_by_role("region", name="The versions of this file")
    expect(versions.get_by_role("row", name="counts now").get_by_role("link")).to_have_attribute(
        "href", f"/submission/{ids[1]}"
    )
    before = versions.get_by_role("row").count()
    expect(coordinator.get_by_role("heading", name="If this version is restored")).to_be_visible()
    expect(coordinator.locator("main")).to_contain_text("1 changed")
    examine(coordinator, "Submission")
    coordinator.locator("#submission-comment").fill("The correction was wrong.")
    coordinator.get_by_role("button", name="Restore this version").click()
    expect(coordinator.locator(".history")).to_contain_text("Restored: it counts again")
    expect(versions.get_by_role("row", name="(this one)")).to_contain_text("counts now")
    expect(versions.get_by_role("row")).to_have_count(before)
    coordinator.get_by_role("link", name="Look at the rows of this file").click()
    expect(coordinator.locator("main h1")).to_have_text("What stands in this file?")
    examine(coordinator, "Rows of a file")


def test_two_people_at_the_same_file(busy: Any, visit: Visit) -> None:
    """The same bytes again, and a newer version in between: told on the page and to a program."""
    agency, coordinator = visit(busy, "agency", "/submit"), visit(busy, "coordinator", "/submit")
    sheet = filled_template(agency)
    mine = sheet.saved()
    send(agency, mine, "2025-Q3")
    agency.wait_for_url("**/submission/*")
    hers = agency.url.rsplit("/", 1)[1]
    agency.goto(busy.address + "/submit")
    send(agency, mine, "2025-Q3")
    agency.wait_for_url("**/submission/*")
    expect(agency.locator("#submission-said")).to_contain_text("These bytes are here already")
    assert hers in agency.url
    form = {"dataset": "service_coverage", "organisation": HEALTH, "period": "2025-Q3"}
    same = upload(coordinator, busy, form, mine)
    assert same["submission"] == hers and "same bytes" in str(same["notes"])
    sheet.fill("SEED-2", availability="limited")
    other = upload(coordinator, busy, form, sheet.saved())
    assert other["submission"] != hers and "same bytes" not in str(other["notes"])
    coordinator.goto(f"{busy.address}/submission/{other['submission']}")
    coordinator.get_by_role("button", name="Submit for review").click()
    coordinator.get_by_role("button", name="Accept").click()
    expect(coordinator.locator(".state-line")).to_have_text("Accepted")
    expect(agency.get_by_text("A newer file came in between")).to_be_visible(timeout=QUICKLY)
    agency.get_by_role("button", name="Submit for review").click()
    expect(agency.locator(".state-line")).to_have_text("Waiting for review")


def upload(page: Page, there: Any, form: dict[str, str], data: bytes) -> dict[str, Any]:
    """Send a file as a program does, within this person's session."""
    token = page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    answer = page.context.request.post(
        there.address + "/submissions",
        multipart={**form, "csrf_token": token, "file": {"name": "a.csv", "mimeType": "text/csv", "buffer": data}},
        headers={"Accept": "application/json"},
    )
    found: dict[str, Any] = answer.json()
    return found
