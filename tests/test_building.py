"""Letting a story happen: every step through its door at its moment, and in its order although checks run beside it."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.demonstration import knowledge, sheets
from dashboard.demonstration.almanac import Almanac
from dashboard.demonstration.building import Clock, InItsTurn, Mechanism
from dashboard.demonstration.story import File, Step
from dashboard.people import roster
from dashboard.record.house import House, open_house

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
KNOWN = knowledge.read()
SECRETARIAT = next(row for row in KNOWN["people"] if row["role"] == "secretariat")
CENTRE = next(row for row in KNOWN["people"] if row["organisation_code"] == "XAD-CENTRE")


@pytest.fixture
def clock() -> Clock:
    return Clock(BEGIN)


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """An empty record in the demonstration's words, by the story's clock."""
    shutil.copytree(knowledge.DEMO / "codes", tmp_path / "data" / "datasets" / "codes")
    made = open_house(Settings(data=tmp_path / "data", demo=True, min_free_bytes=0), clock=clock)
    yield made
    made.close()


def register(house: House) -> File:
    rows = sheets.made(KNOWN, Almanac(date(2026, 11, 23)), "members", "XAD-COORD", 10)
    data = sheets.written(house.library.contracts["members"], rows)
    return File("members", "XAD-COORD", "2025-Q4", len(rows), lambda: data)


def contacts(house: House, organisation: str, rows: int) -> File:
    lists = {"service_code": "services", "origin": "countries", "form_of_violence": "forms_of_violence",
             "channel": "contact_channels"}  # fmt: skip
    codes = [[code.code for code in house.library.codes[name].codes] for name in lists.values()]
    sheet = [
        {"country": "XAD", "organisation_code": organisation, "sector": "social", "contacts": number % 30}
        | dict(zip(lists, broken_down, strict=True))
        for number, broken_down in enumerate(itertools.islice(itertools.product(*codes), rows))
    ]
    data = sheets.written(house.library.contracts["service_contacts"], sheet)
    return File("service_contacts", organisation, "2025-Q4", rows, lambda: data)


def at(hours: int) -> datetime:
    return BEGIN + timedelta(hours=hours)


def test_what_takes_longer_to_check_is_still_written_first(house: House, clock: Clock) -> None:
    first, large, small = register(house), contacts(house, "XAD-CENTRE", 20_000), contacts(house, "XAD-SOCIAL", 2)
    steps = [
        Step(at(0), "invite", SECRETARIAT),
        Step(at(1), "train", {**SECRETARIAT, "day": "2026-01-02"}),
        Step(at(2), "send", file=first),
        Step(at(3), "accept", file=first),
        Step(at(4), "invite", CENTRE),
        Step(at(5), "send", file=large),
        Step(at(6), "send", file=small),
        Step(at(7), "accept", file=small),
        Step(at(8), "accept", file=large),
    ]
    with Mechanism(house, clock).open() as mechanism:
        mechanism.live(steps)
        assert mechanism.accepted == 3
    events = house.store.read(
        "select organisation_code as who, event, e.recorded_at as at from submission_event as e"
        " join submission using (submission_id) order by e.version"
    )
    assert [(row["who"], row["event"], row["at"]) for row in events] == [
        ("XAD-COORD", "staged", at(2)),
        ("XAD-COORD", "submitted", at(2)),
        ("XAD-COORD", "accepted", at(3)),
        ("XAD-CENTRE", "staged", at(5)),
        ("XAD-CENTRE", "submitted", at(5)),
        ("XAD-SOCIAL", "staged", at(6)),
        ("XAD-SOCIAL", "submitted", at(6)),
        ("XAD-SOCIAL", "accepted", at(7)),
        ("XAD-CENTRE", "accepted", at(8)),
    ]
    sent_by = house.store.read("select organisation_code as who, staged_by from submission order by version")
    accounts = {a.account_id: a.email for a in roster.roster(house).accounts.values()}
    assert [(row["who"], accounts[row["staged_by"]]) for row in sent_by] == [
        ("XAD-COORD", SECRETARIAT["email"]),
        ("XAD-CENTRE", CENTRE["email"]),
        ("XAD-SOCIAL", SECRETARIAT["email"]),
    ], "an agency sends for itself; the secretariat steps in where nobody else can"


def test_nothing_is_kept_of_a_file_before_its_turn(house: House, clock: Clock) -> None:
    first, early = register(house), contacts(house, "XAD-CENTRE", 2)
    steps = [Step(at(0), "invite", SECRETARIAT), Step(at(2), "send", file=first), Step(at(3), "accept", file=first)]
    with Mechanism(house, clock).open() as mechanism:
        mechanism.live(steps)
        mechanism.begin(early, at(9))
        for _pause in range(15):  # longer than such a check takes
            time.sleep(0.1)
            assert house.store.read("select count(*) as n from submission") == [{"n": 1}]
        clock.now = at(9)
        assert mechanism.received(early).submission_id
    found = house.store.read("select organisation_code as who, recorded_at as at from submission order by version")
    assert found[1] == {"who": "XAD-CENTRE", "at": at(9)}


def test_nobody_without_training_accepts_contacts(house: House, clock: Clock) -> None:
    first, counts = register(house), contacts(house, "XAD-CENTRE", 3)
    steps = [
        Step(at(0), "invite", SECRETARIAT),
        Step(at(2), "send", file=first),
        Step(at(3), "accept", file=first),
        Step(at(5), "send", file=counts),
        Step(at(6), "accept", file=counts),
    ]
    with Mechanism(house, clock).open() as mechanism, pytest.raises(RuntimeError, match="Nobody may review"):
        mechanism.live(steps)
    assert [r["state"] for r in house.store.read("select state from submission_now where dataset <> 'members'")] == [
        "submitted"
    ]


def test_a_file_waits_for_its_turn_and_is_let_go_at_the_end() -> None:
    upload = InItsTurn(b"a,b\n1,2\n")
    assert not upload.turn.is_set() and upload.seek(0, 2) == 8
    upload.turn.set()
    upload.seek(0)
    assert upload.read() == b"a,b\n1,2\n" == upload.read()
    upload.close()
