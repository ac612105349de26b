"""A file is mended where it lies and sent again, as people do it; and a coordinator takes another's template."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from looking import examine
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
HEADER = "country,organisation_code,sector,service_code,origin,form_of_violence,stage,channel,contacts"
WRONG = [f"XAA,XAA-HEALTH,health,SEED-{n},,,,,{n}x" for n in range(1, 15)]


def save(path: Path, *rows: str) -> None:
    """Save the sheet under the same name, a while later."""
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    os.utime(path, (path.stat().st_mtime + 60,) * 2)


def test_a_file_saved_anew_has_to_be_chosen_once_more(served: Any, visit: Visit, tmp_path: Path) -> None:
    """The browser calls it a lost line; whoever then presses the button again would never get any further."""
    page = visit(served, "agency", "/submit?dataset=service_contacts")
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    path = tmp_path / "report.csv"
    save(path, *WRONG)
    page.set_input_files("#file", path)
    button, told = page.get_by_role("button", name="Check the file"), page.locator("#upload-result")
    button.click()
    expect(told).to_contain_text("14 things to mend")
    expect(told.locator("table.problems tbody tr")).to_have_count(1)
    told.get_by_text("Show each of them").click()
    expect(told.get_by_text("Row 15, contacts: “14x” is not a number.")).to_be_visible()
    examine(page, "Send a file")
    save(path, *WRONG[:6])
    for marked in (False, True):
        page.get_by_label("If there are errors").set_checked(marked)
        button.click()
        expect(told.locator(".error-summary")).to_contain_text("saved anew since you chose it")
        expect(told.locator(".error-summary")).to_be_focused()
        expect(told.locator("table.problems")).to_be_visible()  # what was to be mended is still there to read
        assert page.locator("#file").evaluate("file => file.files.length") == 0
        page.set_input_files("#file", path)
        save(path, *WRONG[: 5 if marked else 6])
    page.get_by_label("If there are errors").set_checked(False)
    page.set_input_files("#file", path)
    button.click()
    expect(told).to_contain_text("5 things to mend")
    expect(told.locator("table.problems tbody tr")).to_have_count(5)


def test_the_template_follows_the_organisation(served: Any, visit: Visit) -> None:
    page = visit(served, "coordinator", "/submit?dataset=service_coverage")
    page.get_by_label("Organisation").select_option("XAA-SOCIAL")
    with page.expect_download() as download:
        page.locator("li[data-template='service_coverage'] a").first.click()
    assert (
        ",XAA-SOCIAL," in download.value.path().read_text() and ",XAA-COORD," not in download.value.path().read_text()
    )
