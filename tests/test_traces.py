"""What was refused, lapsed or expunged leaves no trace, and what is needed stays. Never mocks the record."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.intake import submissions
from dashboard.intake.submissions import NotPossible
from dashboard.record import rebuild
from dashboard.record.house import open_house
from submission_world import (
    CANARY,
    HEALTH,
    SAID,
    brought_to,
    csv_of,
    figures,
    stage,
    staged,
    state,
    traces,
)
from world import Built, World, send

# --- what is refused leaves no trace ---

OTHER_CANARY = "Yjhplk Thornbeck"


def recent(since: float) -> list[Path]:
    """What was written on this machine's temporary folders since then, apart from the folders of tests."""
    found: list[Path] = []
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        if os.path.isdir(folder):
            found += [
                Path(entry.path)
                for entry in os.scandir(folder)
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime >= since - 1
            ]
    return found


REFUSED = {
    "problems": f"country,service_code,organisation_code,availability,source\nXAA,{CANARY},XAA-HEALTH,available,x\n",
    "a header": f"country,service_code,organisation_code,availability,{OTHER_CANARY}\nXAA,SEED-1,XAA-HEALTH,planned,\n",
    "screened": "country,service_code,organisation_code,availability,source\n"
    f"XAA,SEED-1,XAA-HEALTH,available,{CANARY} zq.kestrel@example.org\n",
    "a screened header": f"country,service_code,organisation_code,availability,survivor name {OTHER_CANARY}\n"
    f"XAA,SEED-1,XAA-HEALTH,planned,{CANARY}\n",
    "unreadable": f'country,service_code\n"{CANARY},{OTHER_CANARY}\n',
    "not text": f"%PDF-1.7 {CANARY} {OTHER_CANARY}",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_file_leaves_no_trace(
    world: World, kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    house, started = world.house, datetime.now(UTC).timestamp()
    kept, version = {p: p.stat().st_mtime_ns for p in house.settings.files.rglob("*")}, house.store.head().version
    for encoding in ("utf-16", "utf-8"):
        received = stage(world, REFUSED[kind].encode(encoding), by=world.viewer("agency"), period="2026-q1")
        assert received.outcome.verdict != "clean" and not received.submission_id and received.outcome.problems
        if "screened" in kind:
            told = json.dumps([p.as_json() for p in received.outcome.problems])
            assert received.outcome.verdict == "screened"
            assert CANARY not in told and "kestrel" not in told, "what looks like a person is not repeated"
    house.store.checkpoint()
    assert traces(house.settings.data, CANARY, OTHER_CANARY, "zq.kestrel") == []
    assert [p for p in recent(started) if any(c.encode() in p.read_bytes() for c in (CANARY, OTHER_CANARY))] == []
    assert {p: p.stat().st_mtime_ns for p in house.settings.files.rglob("*")} == kept
    assert not list(house.settings.exchange.iterdir())
    printed = "".join(capfd.readouterr()) + caplog.text
    assert CANARY not in printed and OTHER_CANARY not in printed
    assert house.store.head().version == version
    logged = house.store.read("select * from audit where action = 'file refused' order by seq")
    assert len(logged) == 2
    detail = json.loads(logged[1]["detail"])
    assert set(detail) == {"bytes", "verdict", "problems"} and detail["bytes"] == len(REFUSED[kind].encode())
    assert detail["problems"] == sorted({p.code for p in received.outcome.problems})
    assert logged[0]["by_account"] == world.people["agency"]
    assert logged[0]["subject"] == "service_coverage XAA-HEALTH 2026-Q1"


def test_the_search_for_traces_finds_some(world: World) -> None:
    """The test above can fail: what was accepted is found in files and in the database."""
    data = csv_of(world, HEALTH, "SEED-1", source=CANARY)
    send(world, "service_coverage", HEALTH, "2026-Q1", data)
    world.house.store.checkpoint()
    found = traces(world.house.settings.data, CANARY)
    assert "dashboard.duckdb" in found and any(name.startswith("files") for name in found)


def test_a_marked_copy_is_made_and_not_kept(world: World) -> None:
    wrong = "UNKNOWN-CANARY-7"  # a code that is not on the list; a name in its place would be screened out, uncopied
    data = REFUSED["problems"].replace(CANARY, wrong).encode()
    received = submissions.stage(
        world.operator, world.house, data, dataset="service_coverage", organisation_code=HEALTH, period="2026-Q1",
        marked=True,
    )  # fmt: skip
    assert received.outcome.marked and wrong.encode() in received.outcome.marked
    assert traces(world.house.settings.data, wrong) == []


def test_a_nearly_full_disk_is_a_sentence(world: World) -> None:
    full = replace(world.house, settings=replace(world.house.settings, min_free_bytes=2**62))
    with pytest.raises(NotPossible, match="disk is nearly full"):
        submissions.stage(
            world.operator, full, csv_of(world, HEALTH, "SEED-1"), dataset="service_coverage",
            organisation_code=HEALTH, period="2026-Q1",
        )  # fmt: skip


# --- what goes ---


def test_a_file_never_submitted_lapses_after_its_days(world: World) -> None:
    found, house, now = staged(world, "SEED-1"), world.house, datetime.now(UTC)
    row = submissions.find(world.operator, house, found)
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=13, hours=23)) == 0
    assert state(world, found) == "staged" and house.files.has(row["sha256"])
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=14, minutes=1)) == 1
    assert state(world, found) == "lapsed"
    assert not house.files.has(row["sha256"])
    assert not house.files.parquet(row["sha256"], row["contract_hash"]).exists()
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=99)) == 0
    kept = house.store.read("select sha256 from submission_now where state in ('accepted', 'submitted')")
    assert kept and all(house.files.has(each["sha256"]) for each in kept)


def test_a_lapse_spares_the_bytes_that_something_else_needs(world: World) -> None:
    data = csv_of(world, HEALTH, "SEED-1")
    lapsing, kept = stage(world, data, period="2025-Q4").submission_id, stage(world, data).submission_id
    submissions.submit(world.operator, world.house, kept)
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    row = submissions.find(world.operator, world.house, kept)
    assert state(world, lapsing) == "lapsed" and world.house.files.has(row["sha256"])


def test_a_lapse_spares_what_counted_once(world: World) -> None:
    """Accepted, withdrawn, staged anew, forgotten: the record as it stood, and a rebuild, still rest on the bytes."""
    found = brought_to(world, "accepted", 0)
    submissions.withdraw(world.operator, world.house, found, SAID)
    assert stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1").submission_id == found
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    row = submissions.find(world.operator, world.house, found)
    assert row["state"] == "lapsed"
    assert world.house.files.parquet(row["sha256"], row["contract_hash"]).exists()


def test_a_sweep_takes_what_a_killed_upload_left(world: World) -> None:
    stray = world.house.files.put(b"nobody's bytes")
    submissions.sweep(world.operator, world.house)
    assert not world.house.files.has(stray)


def test_expunged_bytes_rows_notes_comments_and_journal_lines_are_gone(world: World) -> None:
    house = world.house
    data = csv_of(world, HEALTH, "SEED-1", source=CANARY).replace(b"XAA,", b"xaa,")
    found = stage(world, data).submission_id
    submissions.submit(world.operator, house, found)
    submissions.send_back(world.operator, house, found, f"Who is {CANARY}?")
    assert stage(world, data).submission_id == found
    submissions.submit(world.operator, house, found)
    submissions.accept(world.operator, house, found)
    house.store.checkpoint()
    row = submissions.find(world.operator, house, found)
    assert row["notes"] != "[]" and len(traces(house.settings.data, CANARY)) >= 3
    answer = submissions.expunge(world.operator, house, found, "a name in the column source")
    assert answer == {
        "submission": found, "dataset": "service_coverage", "organisation_code": HEALTH, "period": "2026-Q1",
        "rows": 1, "shared_with": [], "backups": [],
    }  # fmt: skip
    assert traces(house.settings.data, CANARY) == []
    assert figures(world) == [] and state(world, found) == "expunged"
    assert not house.files.has(row["sha256"])
    after = submissions.find(world.operator, house, found)
    assert json.loads(after["notes"] or "[]") == []
    assert (
        house.store.read("select * from submission_event where submission_id = $id and comment <> ''", id=found) == []
    )
    stone = house.store.read("select * from tombstone where submission_id = $id", id=found)
    assert stone[0]["reason"] == "a name in the column source" and stone[0]["by_account"] == "operator"
    with pytest.raises(NotPossible):
        submissions.expunge(world.operator, house, found, "a second time")


def test_the_record_after_an_expunge_can_be_rebuilt(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "expunged"
    world = built.opened(folder)
    submissions.expunge(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "a name")
    settings = world.house.settings
    world.house.close()
    report = rebuild.rebuild(settings)
    assert report.problems == []
    house = open_house(settings)
    rows = house.store.read("select count(*) as n from service_coverage_rows where reported_by = $code", code=HEALTH)
    house.close()
    assert rows == [{"n": 0}]


@pytest.mark.parametrize("how", ["returned", "withdrawn"])
def test_what_was_never_accepted_does_not_stay_for_ever(world: World, how: str) -> None:
    found, house, now = brought_to(world, how, 0), world.house, datetime.now(UTC)
    row = submissions.find(world.operator, house, found)
    submissions.sweep(world.operator, house, now=now + timedelta(days=13))
    assert house.files.has(row["sha256"])
    assert submissions.sweep(world.operator, house, now=now + timedelta(days=15)) == 0
    assert not house.files.has(row["sha256"]) and state(world, found) == how
    assert not house.files.parquet(row["sha256"], row["contract_hash"]).exists()


def test_what_was_accepted_and_withdrawn_stays(world: World) -> None:
    found = brought_to(world, "accepted", 0)
    submissions.withdraw(world.operator, world.house, found, SAID)
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=99))
    assert world.house.files.has(submissions.find(world.operator, world.house, found)["sha256"])


def test_sending_a_file_sweeps_once_a_day(world: World) -> None:
    house, now = world.house, datetime.now(UTC)
    old = staged(world, "SEED-1", period="2025-Q1")
    for days, swept in ((0, False), (15, True)):
        stray = house.files.put(b"nobody's bytes")
        submissions.stage(
            world.operator, house, csv_of(world, HEALTH, "SEED-2"), dataset="service_coverage",
            organisation_code=HEALTH, period="2025-Q2", now=now + timedelta(days=days),
        )  # fmt: skip
        assert (state(world, old) == "lapsed") is swept and house.files.has(stray) is not swept


def test_a_sweep_with_nothing_to_do_moves_no_version(world: World) -> None:
    version = world.house.store.head().version
    submissions.sweep(world.operator, world.house)
    assert world.house.store.head().version == version
