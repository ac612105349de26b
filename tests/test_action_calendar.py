"""The due dates as an iCalendar file: its form (RFC 5545), who is in it, and what is never in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from action_desk import Desk
from action_world import ABROAD, COORD, HEALTH, POLICE, TODAY, UNION, agree, agreed, change, dated, day, row
from dashboard.protection.policy import Refused
from dashboard.reports import action_calendar
from dashboard.reports.action_calendar import FOLD, escaped, folded
from world import Built, World

BASE = "https://dashboard.example.org"
TITLE = "Öffne die Räume; für alle, immer\\überall – " + "ก" * 40


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    made = agreed(built.opened(tmp_path / "world"))
    yield made
    made.house.close()


def text(world: World, name: str = "secretariat", **asked: str) -> str:
    return action_calendar.calendar(dated(world.viewer(name), TODAY), world.house, BASE, **asked)


def entries(said: str) -> list[dict[str, str]]:
    """The file as a calendar reads it: unfolded, each entry by name of its line."""
    assert said.endswith("\r\n") and "\n" not in said.replace("\r\n", "")
    lines = said.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line not in ("END:VEVENT", "END:VCALENDAR"):
            assert name not in found[-1], "each line once"
            found[-1][name] = value
    return found


def codes(said: str) -> set[str]:
    return {entry["UID"].split("@")[0] for entry in entries(said)}


def plain(value: str) -> str:
    """A value of TEXT as somebody reads it."""
    out, letters = [], iter(value)
    for letter in letters:
        out.append({"n": "\n"}.get(after := next(letters), after) if letter == "\\" else letter)
    return "".join(out)


def test_an_entry_has_what_a_calendar_needs(world: World) -> None:
    agree(world, "XAA-COORD", [row("XAA-LONG", "XAA-HEALTH", day(3), title=TITLE)], period="2026-Q1")
    change(world, "member", "XAA-LONG", note="Nobody of the outside reads this.")
    said = text(world, organisation="XAA-HEALTH")
    assert all(len(line.encode()) <= FOLD for line in said.split("\r\n")) and "\r\n " in said
    (entry,) = [e for e in entries(said) if e["UID"] == "XAA-LONG@dashboard.example.org"]
    assert plain(entry["SUMMARY"]) == f"Due: {TITLE}" and "\\;" in entry["SUMMARY"] and "\\," in entry["SUMMARY"]
    assert entry["DTSTART;VALUE=DATE"] == f"{day(3):%Y%m%d}"
    assert entry["DTEND;VALUE=DATE"] == f"{day(3) + timedelta(days=1):%Y%m%d}", "the day after, which is not in it"
    assert (entry["STATUS"], entry["TRANSP"], entry["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", "1")
    assert entry["URL"] == f"{BASE}/actions?action=XAA-LONG" and plain(entry["DESCRIPTION"]).endswith(entry["URL"])
    assert "She is asked once" in plain(entry["DESCRIPTION"]) and len(entry["DTSTAMP"]) == 16
    assert "Nobody of the outside" not in said and "Member" not in said, "no note and no person"
    assert "X-WR-CALNAME:Actions: XAA-HEALTH office" in said and "Demonstration" not in said


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("member", {"organisation": "XAA-COORD"}, {HEALTH, COORD}),
        ("member", {"organisation": "XBA-POLICE"}, {ABROAD, POLICE, UNION}),
        ("enforcement", {"organisation": "XBA-POLICE"}, {ABROAD, POLICE, UNION}),
        ("enforcement", {"organisation": "XAA-HEALTH"}, set()),
        ("enforcement", {}, {ABROAD, POLICE, UNION}),
        ("secretariat", {"country": "XBA"}, {POLICE, UNION}),
        ("secretariat", {}, {HEALTH, COORD, ABROAD, POLICE, UNION}),
        ("secretariat", {"organisation": "XAA-NOBODY"}, set()),
        ("secretariat", {"organisation": "XBA-POLICE", "country": "XAA"}, {ABROAD}),
    ],
)
def test_who_finds_which(world: World, name: str, asked: dict[str, str], found: set[str]) -> None:
    said = text(world, name, **asked)
    assert (codes(said) if said else set()) == found


def test_what_was_done_before_its_day_is_let_go_and_what_is_past_is_out(world: World) -> None:
    change(world, "member", HEALTH, state="done")
    change(world, "coordinator", COORD, state="dropped", note="Not needed.")
    found = {e["UID"].split("@")[0]: e for e in entries(text(world))}
    assert HEALTH not in found and found[COORD]["STATUS"] == "CANCELLED" and found[COORD]["SEQUENCE"] == "2"


def test_the_public_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        text(world, "anonymous")


@pytest.mark.parametrize("length", [73, 74, 75, 76, 149, 150, 300])
@pytest.mark.parametrize("letter", ["a", "ö", "ก", "😀"])
def test_a_line_is_folded_between_characters(length: int, letter: str) -> None:
    line = letter * length
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= FOLD for piece in pieces) and all(p.startswith(" ") for p in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


def test_nothing_written_ends_a_line_or_a_value() -> None:
    said = escaped("a\r\nEND:VEVENT\x00\x1b; b, c\\")
    assert said == "a\\nEND:VEVENT\\; b\\, c\\\\"


def test_at_its_address(world: World) -> None:
    desk = Desk(world)
    assert desk.client("anonymous").get("/actions.ics").status_code == 302
    answer = desk.client("member").get("/actions.ics")
    assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="demo-actions-XAA-HEALTH.ics"'
    assert "no-store" in answer.headers["Cache-Control"]
    (entry,) = entries(answer.get_data(as_text=True))
    assert entry["UID"].startswith(HEALTH) and plain(entry["DESCRIPTION"]).startswith("Demonstration data.\n")
    odd = desk.client("member").get("/actions.ics?organisation=%0d%0aX-Evil:1%22")
    assert odd.status_code == 404 and "nothing to put down" in odd.get_data(as_text=True)
    assert "Evil" not in str(odd.headers)
    assert len(entries(desk.client("secretariat").get("/actions.ics").get_data(as_text=True))) == 5


def test_what_restricts_has_its_warning(world: World) -> None:
    by = {entry["UID"].split("@")[0]: plain(entry["DESCRIPTION"]) for entry in entries(text(world))}
    assert [code for code, said in by.items() if "May restrict women's work or migration" in said] == [ABROAD]
