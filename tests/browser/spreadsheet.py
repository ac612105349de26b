"""A spreadsheet as people use it: a template is opened, filled in and saved, well or badly. Never sends a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

OFFERED = {
    "availability": "available",
    "open_to_migrant_women": "whatever_status",
    "firewall": "yes",
    "firewall_evidence": "Ministry circular on confidentiality, section 2",
    "hours": "office_hours",
    "languages": "eng|qaa",
    "cost": "free",
    "areas": "Région de la capitale; côte nord",
    "checked_on": "2026-09-14",
    "source": "Directory of public hospitals",
}
"""What a row says of a service that works; the areas hold the accents and the separator that Excel trips over."""


@dataclass
class Sheet:
    """The cells of a template: the names of the columns, the rows of tags and explanations, one a service."""

    columns: list[str]
    tags: list[str]
    explained: list[str]
    rows: list[dict[str, str]]
    extra: dict[str, str] = field(default_factory=dict)

    def keep(self, services: Iterable[str]) -> None:
        """Delete all other rows, as somebody does who offers only these."""
        wanted = set(services)
        self.rows = [row for row in self.rows if row["service_code"] in wanted]

    def fill(self, service: str, **cells: str) -> None:
        """Write into the row of a service."""
        next(row for row in self.rows if row["service_code"] == service).update(cells)

    def row_number(self, service: str) -> int:
        """The number that the spreadsheet shows beside that row: header, tags and explanations are 1, 2 and 3."""
        return 4 + [row["service_code"] for row in self.rows].index(service)

    def saved(self, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
        """The sheet as a CSV file with the separator and the letters that the spreadsheet was set to."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([*self.columns, *self.extra])
        writer.writerow([*self.tags, *("" for _ in self.extra)])
        writer.writerow([*self.explained, *("" for _ in self.extra)])
        for row in self.rows:
            writer.writerow([*(row[name] for name in self.columns), *self.extra.values()])
        return out.getvalue().encode(encoding)

    def saved_badly(self) -> bytes:
        """As Excel saves it on a computer set to French: semicolons and windows-1252."""
        return self.saved(";", "cp1252")


def opened(content: bytes) -> Sheet:
    """A downloaded template, opened."""
    columns, tags, explained, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return Sheet(columns, tags, explained, [dict(zip(columns, row, strict=True)) for row in rows])


def template(page: Page, dataset: str = "service_coverage") -> Sheet:
    """The empty template that the page /submit offers, downloaded by its link."""
    page.get_by_label("Dataset").select_option(dataset)
    with page.expect_download() as download:
        page.locator(f"li[data-template='{dataset}'] a").first.click()
    assert download.value.suggested_filename == f"demo-{dataset}-template.csv"
    return opened(download.value.path().read_bytes())


def filled_template(page: Page) -> Sheet:
    """The template with three services that work."""
    sheet = template(page)
    services = [row["service_code"] for row in sheet.rows][:3]
    sheet.keep(services)
    for service in services:
        sheet.fill(service, **OFFERED)
    return sheet


def send(
    page: Page, content: bytes, period: str, *, dataset: str = "service_coverage", name: str = "cover.csv"
) -> None:
    """Fill in the form of /submit and press its button."""
    page.get_by_label("Dataset").select_option(dataset)
    page.get_by_label("Quarter that the figures are about").select_option(period)
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def problems(page: Page) -> list[dict[str, str]]:
    """The list of what is to be mended, as the person reads it: row, column, what, how."""
    table = page.locator("table.problems").first
    expect(table).to_be_visible()
    found: list[list[str]] = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => Array.from(row.cells, cell => cell.innerText.trim()))"
    )
    return [dict(zip(("row", "column", "what", "how"), row, strict=True)) for row in found]
