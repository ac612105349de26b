"""What the public gets: a small static folder, whole or not at all, that counts no people and loads nothing."""

from __future__ import annotations

import csv
import http.server
import io
import re
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.record.errors import StoreUnwritable
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reports import coverage
from world import PEOPLE, World, member, send, table

HEALTH = "XAA-HEALTH"
TODAY = datetime.now(UTC).date()
LIMIT = 150 * 1024


def current(world: World) -> Path:
    return (world.house.settings.releases / "current").resolve()


def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Read(HTMLParser):
    """Everything that a browser would fetch for a page, every link, and the words outside of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._silent = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._silent = tag in ("style", "script")
        for name, value in attrs:
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


# --- the folder ---


def test_a_release_is_a_small_folder_of_its_own(world: World) -> None:
    folder = release.publish(world.operator, world.house, note="for the meeting")
    assert folder == current(world)
    assert sorted(files(folder)) == ["coverage.csv", "index.html", "leave.js", "seats.csv"]
    assert sum(len(data) for data in files(folder).values()) < LIMIT
    assert all(path.is_file() and not path.is_symlink() for path in folder.iterdir())
    row = world.house.store.read("select * from release_now order by version desc")[0]
    assert (row["folder"], row["note"], row["by_account"]) == (folder.name, "for the meeting", "operator")
    assert row["as_of_version"] == world.house.store.head().figures
    logged = world.house.store.read("select * from audit where action = 'released' order by seq desc")[0]
    assert logged["subject"] == folder.name and row["sha256"] in logged["detail"]


def test_former_releases_stay_as_they_were(world: World) -> None:
    first = current(world)
    before = files(first)
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    second = release.publish(world.operator, world.house)
    assert second != first == first.resolve() and current(world) == second
    assert files(first) == before and page(second) != page(first)


def test_the_page_stays_when_the_record_moves(world: World) -> None:
    before = files(current(world))
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "wrong")
    assert files(current(world)) == before


def test_only_the_secretariat_publishes(world: World) -> None:
    before = sorted(world.house.settings.releases.iterdir())
    for name in ("anonymous", *PEOPLE):
        if name != "secretariat":
            with pytest.raises(Refused):
                release.publish(world.viewer(name), world.house)
    assert sorted(world.house.settings.releases.iterdir()) == before
    assert release.publish(world.viewer("secretariat"), world.house).is_dir()


def test_two_who_publish_at_once(world: World) -> None:
    with ThreadPoolExecutor(3) as pool:
        folders = list(pool.map(lambda _n: release.publish(world.operator, world.house), range(3)))
    assert len(set(folders)) == 3 and all(sorted(files(f)) == sorted(files(folders[0])) for f in folders)
    last = world.house.store.read("select folder from release_now order by version desc limit 1")[0]
    assert current(world).name == last["folder"], "what is shown is what was recorded last"


def test_a_release_that_cannot_be_written_leaves_the_former_one(world: World) -> None:
    releases, before, version = world.house.settings.releases, current(world), world.house.store.head().version
    releases.rename(releases.with_name("elsewhere"))
    releases.write_text("a file where the folder should be")
    with pytest.raises(StoreUnwritable, match="The former one stands"):
        release.publish(world.operator, world.house)
    releases.unlink()
    releases.with_name("elsewhere").rename(releases)
    assert current(world) == before and world.house.store.head().version == version


def test_what_a_killed_release_left_is_cleared_away(world: World) -> None:
    releases = world.house.settings.releases
    (releases / "20260101T000000Z-abc.tmp").mkdir()
    (releases / "20260101T000000Z-abc.tmp" / "index.html").write_text("half")
    (releases / "current.tmp").symlink_to("nowhere")
    folder = release.publish(world.operator, world.house)
    assert current(world) == folder and not list(releases.glob("*.tmp"))


def test_a_copy_that_followed_the_link_is_moved_aside(world: World) -> None:
    releases = world.house.settings.releases
    (releases / "current").unlink()
    (releases / "current").mkdir()
    (releases / "current" / "index.html").write_text("copied")
    folder = release.publish(world.operator, world.house)
    assert (releases / "current").is_symlink() and current(world) == folder
    assert (releases / f"former-{folder.name}" / "index.html").read_text() == "copied"


# --- without the app ---


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


def test_it_works_on_any_static_host(world: World, tmp_path: Path) -> None:
    """Copied elsewhere and served without us: the page is whole, and each file beside it is there."""
    import shutil

    copy = tmp_path / "host"
    shutil.copytree(current(world), copy)
    with served(copy) as address:
        with urllib.request.urlopen(address, timeout=10) as answer:
            text = answer.read().decode()
        read = Read(text)
        beside = [link for link in read.links if re.fullmatch(r"[a-z]+\.csv", link)]
        assert sorted(beside) == ["coverage.csv", "seats.csv"]
        for name in beside:
            with urllib.request.urlopen(address + name, timeout=10) as answer:
                assert answer.read() == (copy / name).read_bytes()


def test_nothing_is_loaded_from_anywhere(world: World) -> None:
    text = page(current(world))
    read = Read(text)
    assert not read.tags & {"iframe", "object", "embed", "form", "video", "audio", "base"}
    assert [load for load in read.loads if not load.startswith(("data:", "#"))] == ["leave.js"]
    assert "@import" not in text and not re.search(r"url\(\s*['\"]?(?!#|data:)", text), "styles load nothing either"
    assert not re.search(r"\son[a-z]+\s*=", text), "no handler"
    away = [link for link in read.links if "//" in link]
    assert away == [world.house.settings.leave_url], "the one way out is for whoever must leave at once"
    assert 'rel="noreferrer noopener"' in text


def test_links_lead_back_to_the_app_only_where_it_is(world: World) -> None:
    there = replace(world.house, settings=replace(world.house.settings, url="https://dashboard.example.org"))
    links = Read(page(release.publish(world.operator, there))).links
    assert "https://dashboard.example.org/sign-in" in links
    assert all(link.startswith(("https://dashboard.example.org/", "#")) or link.endswith(".csv")
               or link == world.house.settings.leave_url for link in links)  # fmt: skip


# --- what it says ---


def test_it_counts_services_and_seats_and_no_people(world: World) -> None:
    text = Read(page(current(world))).text
    for person in ("women", "woman", "survivors", "victims", "contacts", "cases", "reports", "clients", "persons"):
        assert not re.search(rf"\d[\d,.]*\s+(?:\w+\s+)?{person}\b", text, re.IGNORECASE), person
    assert "It holds no count of women" in text
    found = coverage.coverage(world.operator, world.house)
    assert found.answer in text and found.finding in text


def test_it_shows_the_table_that_the_members_see(world: World) -> None:
    folder = current(world)
    rows = list(csv.reader(io.StringIO((folder / "coverage.csv").read_text(encoding="utf-8"), newline="")))
    assert rows[0] == ["Service", "Sector", "Asterland (Countries of origin)", "Bravonia (Countries of destination)"]
    body = {row[0]: row[2:] for row in rows[1:18]}
    titles = world.house.library.codes["services"].title
    assert body[titles("SEED-1")] == ["Open whatever the status", "not reported"]
    assert body[titles("SEED-2")] == ["Not offered by those who reported", "not reported"]
    assert body[titles("SEED-7")] == ["not reported", "Exists, with limits"]
    assert rows[18] == []
    below = [row[0] for row in rows[19:]]
    assert below == ["Period", "Source", "Data as of", "Release", "Caveat", "Caveat"]
    said = dict(rows[19:23])
    assert (said["Period"], said["Release"]) == ("Q2 2026", folder.name) and said["Data as of"].endswith("UTC")
    assert "may still exist" in rows[23][1] and "nothing is passed on" in rows[24][1]
    seats = list(csv.reader(io.StringIO((folder / "seats.csv").read_text(encoding="utf-8"), newline="")))
    assert ["Period", "Q2 2026"] in seats and seats[0][2:] == ["Asterland", "Bravonia"]


def test_columns_of_a_country_on_both_sides_can_be_told_apart(world: World) -> None:
    overlay = world.house.settings.overlay / "codes" / "corridors.csv"
    overlay.write_text(overlay.read_text(encoding="utf-8") + "XBA-XAA,Back,invented,no,nowhere,XBA,XAA,,,,,\n")
    from dashboard.reference import library

    wider = replace(world.house, library=library.load(world.house.settings.overlay))
    header = (release.publish(world.operator, wider) / "coverage.csv").read_text(encoding="utf-8").splitlines()[0]
    assert len(set(header.split(","))) == 6


def test_a_cell_that_a_spreadsheet_would_run_is_made_safe(world: World) -> None:
    rows = [member("XAA-COORD", "GOV-WOM", "coordination") | {"organisation_name": "'=HYPERLINK(1)"}]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    for name, data in files(release.publish(world.operator, world.house)).items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_no_register_row_no_account_and_no_working_figure(world: World) -> None:
    """Of members only the seats by category; nothing of what waits for review."""
    whole = b"".join(files(current(world)).values()).decode()
    for secret in (
        "@example.org",
        "XBA-POLICE",
        "XBA-UNION",
        "Secretariat",
        *world.people.values(),
        *world.sent.values(),
    ):
        assert secret not in whole, secret


def test_demonstration_data_says_so_and_real_data_does_not(world: World) -> None:
    demo = replace(world.house, settings=replace(world.house.settings, demo=True))
    shown = release.publish(world.operator, demo)
    text = page(shown)
    assert "Demonstration data." in text and re.search(r"<title>[^<]*Demonstration data", text)
    assert text.index("Demonstration data.") < text.index("<main")
    for name in ("coverage.csv", "seats.csv"):
        rows = list(csv.reader(io.StringIO(files(shown)[name].decode(), newline="")))
        assert ["Demonstration data", "Countries, organisations and figures are invented."] in rows
    for tag in ("title", "desc"):
        drawn = re.findall(rf"<svg.*?<{tag}[^>]*>(.*?)</{tag}>", text, re.DOTALL)
        assert len(drawn) == 4 and all("Demonstration data" in said for said in drawn)
    assert not any(b"Demonstration" in data for data in files(release.publish(world.operator, world.house)).values())


def test_a_table_leaves_with_its_units_and_what_nobody_checked() -> None:
    from dashboard.publication.files import as_csv

    columns = (
        Column("name", "Service"),
        Column("line", "Line"),
        Column("count", "Open", unit="services", numeric=True),
    )
    frame = pd.DataFrame([["Clinic", "", 0]], columns=[c.name for c in columns])
    marks = pd.DataFrame([[Status.NOT_VERIFIED, Status.NOT_VERIFIED, Status.ZERO]], columns=frame.columns)
    table = Table("Services", columns, frame, marks, AsOf(1, None), source="A survey")
    rows = list(csv.reader(io.StringIO(as_csv(table), newline="")))
    assert rows == [
        ["Service", "Line", "Open (services)"],
        ["Clinic (not verified)", "not verified", "0"],
        [],
        ["Source", "A survey"],
    ]


def test_before_anything_was_reported_nothing_is_claimed(house: Any) -> None:
    from dashboard.protection import policy

    text = Read(page(release.publish(policy.operator(date(2026, 11, 1)), house))).text
    assert "No coverage has been reported yet." in text and "No member register has been accepted yet." in text
    assert "has a filled seat" not in text and "nan" not in text.lower().split()


def test_reports_carried_over_are_named(world: World) -> None:
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    text = Read(page(release.publish(world.operator, world.house))).text
    assert "Nothing accepted yet for Q3 2026 from: XBA-POLICE office. What they last said is shown." in text
