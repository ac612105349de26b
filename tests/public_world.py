"""A release of the small named world with everything in it, as contents and as files. Never published by the app.

XAA  services, seats, three actions, two budget lines (of one nobody knows what was spent), indicators, a survey
XBA  services, seats, two actions, a budget in another currency
Contacts are rows made by hand: a value, a large value, a zero, hidden ones, one under revision, one not reported.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd

import action_world
from dashboard.publication import contents, site
from dashboard.publication.contents import CONTACTS, Contents, Former
from dashboard.publication.help_lines import help_lines
from dashboard.reference import library
from dashboard.reference.indicators import PREVALENCE
from world import World, send, table

DAY = datetime.now(UTC).date()  # that of the files: what was confirmed after a release confirms nothing in it
RELEASE = f"{DAY:%Y%m%d}T110700Z-abc123"
CAVEAT = library.load().title("caveats", PREVALENCE)
FORMER = (
    Former("20260731T110700Z-688011", date(2026, 7, 31), "Before the August meeting"),
    Former("20260430T110700Z-688012", date(2026, 4, 30), "", "A file had counted the same contacts twice."),
)
_QUARTER = [
    ("XAA", "_T", "_T", "_T", 1247, "value"),
    ("XAA", "health", "_T", "_T", 1203, "value"),
    ("XAA", "social", "_T", "_T", 44, "revision pending"),
    ("XAA", "justice_policing", "_T", "_T", 0, "zero"),
    ("XAA", "health", "SEED-1", "_T", None, "suppressed"),
    ("XAA", "health", "_U", "_T", None, "suppressed"),
    ("XAA", "_T", "_T", "XBA", 310, "value"),
    ("XAA", "_T", "_T", "_U", 937, "value"),
    ("XBA", "_T", "_T", "_T", None, "suppressed"),
    ("XBA", "health", "_T", "_T", None, "suppressed"),
    ("XCA", "_T", "_T", "_T", None, "not reported"),
    ("_T", "_T", "_T", "_T", 1275, "value"),
    ("_T", "health", "_T", "_T", None, "suppressed"),
]


def rows() -> pd.DataFrame:
    """Public rows of the quarter 2026-Q3 and of the year 2025."""
    made = [(*row[:4], "2026-Q3", *row[4:]) for row in _QUARTER]
    made += [("XAA", "_T", "_T", "_T", "2025", 4031, "value"), ("_T", "_T", "_T", "_T", "2025", None, "suppressed")]
    return pd.DataFrame(made, columns=list(CONTACTS)).astype({"contacts": "Int64"})


def budget(organisation: str, line: str, currency: str, **amounts: object) -> dict[str, str]:
    """A row of budget execution."""
    row = {"country": organisation[:3], "organisation_code": organisation, "budget_line": line, "currency": currency}
    return row | {name: str(amount) for name, amount in amounts.items()}


BUDGETS = {
    "XAA-HEALTH": [
        budget("XAA-HEALTH", "Interpreters", "USD", cost=80000, committed=60000, disbursed=50000, spent=45000),
        budget("XAA-HEALTH", "Shelter", "USD", cost=20000, committed=0),
    ],
    "XBA-UNION": [budget("XBA-UNION", "Hotline", "EUR", cost=1000, committed=1000, disbursed=0, spent=0)],
}


def fill(world: World) -> World:
    """Actions and budgets, through the doors."""
    action_world.agreed(world)
    for organisation, lines in BUDGETS.items():
        send(world, "budget_execution", organisation, "2026-Q3", table(world.house, "budget_execution", lines))
    return world


def gathered(world: World, counted: pd.DataFrame | None = None, *, home: str = "", demo: bool = True) -> Contents:
    """The contents of a release of everything that the world knows; without `counted` no count was released yet."""
    house = replace(world.house, settings=replace(world.house.settings, url=home, demo=demo))
    version = house.store.head().figures
    return contents.gather(
        replace(world.operator, today=DAY),
        house,
        release_id=RELEASE,
        version=version,
        figures_on=DAY,
        lines=help_lines(house, DAY, version),
        contacts=counted,
        former=FORMER,
    )


@dataclass(frozen=True)
class Published:
    """A release: what it says, its files, and the folder that they were written into."""

    contents: Contents
    files: dict[str, str]
    folder: Path


def published(found: Contents, folder: Path) -> Published:
    """Write a release into a folder."""
    made = site.files(found)
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return Published(found, made, folder)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on the plainest static server there is."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class Read(HTMLParser):
    """Everything that a browser would fetch for a page, every link, each name in it, and the words outside of style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._silent = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._silent = tag in ("style", "script")
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "srcset", "action", "poster", "data") or name.endswith("href"):
                (self.links if tag == "a" else self.loads).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())
