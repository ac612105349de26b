"""The serving process is killed at random moments while files are uploaded and accepted. Never mocks the process."""

from __future__ import annotations

import itertools
import random
import shutil
import socket
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from quick_start import ask, serve

from dashboard import cli
from dashboard.config import Settings, from_environment
from dashboard.record import rebuild
from dashboard.record.house import open_house
from world import Built, copied

ORGANISATIONS = ("XAA-HEALTH", "XBA-POLICE", "XAA-COORD")


@dataclass
class Count:
    """What the kills did: answered acceptances that are gone, files partly visible, files counted twice."""

    kills: int = 0
    retried: int = 0
    answered: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    partial: int = 0
    doubled: int = 0


def _file(organisation: str, number: int) -> bytes:
    country = organisation[:3]
    rows = [f"{country},SEED-{n},{organisation},not_known,Report number {number:05d}" for n in range(1, 18)]
    return ("country,service_code,organisation_code,availability,source\n" + "\n".join(rows) + "\n").encode()


def _template(settings: Settings, organisation: str, number: int) -> dict[str, object]:
    import base64
    import csv
    import io

    from dashboard.reference import library

    header = library.load(settings.overlay).contracts["service_coverage"].header
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(csv.DictReader(io.StringIO(_file(organisation, number).decode())))
    return {
        "file": base64.b64encode(out.getvalue().encode()).decode(),
        "dataset": "service_coverage",
        "organisation": organisation,
        "period": "2026-Q3",
        "accept": True,
    }


def kills(settings: Settings, number: int, seed: int) -> Count:
    """Kill the server `number` times while a client sends and accepts files, then read what is there."""
    chance, count, numbers, open_ = random.Random(seed), Count(), itertools.count(1), list[int]()
    for _turn in range(number):
        server = serve(settings)
        stop, accepted = threading.Event(), threading.Event()

        def send(stop: threading.Event = stop, accepted: threading.Event = accepted) -> None:
            while not stop.is_set():
                # What was not answered may or may not be there; it is sent again, and must not be there twice.
                n = open_.pop() if open_ else next(numbers)
                try:
                    answer = ask(settings, "submit", _template(settings, ORGANISATIONS[n % 3], n))
                except cli.Failed as error:
                    open_.append(n)
                    count.retried += not isinstance(error.__cause__, ConnectionRefusedError)  # killed in the midst
                    time.sleep(0.05)
                    continue
                if answer.get("state") == "accepted":
                    count.answered[answer["submission"]] = answer["rows"]
                    accepted.set()

        sender = threading.Thread(target=send)
        sender.start()
        # A start makes everything ready at the first file; some kills come then, and some in the midst of many files.
        if chance.random() < 0.6 and accepted.wait(20):
            time.sleep(chance.uniform(0.0, 0.8))
        else:
            time.sleep(chance.uniform(0.1, 1.5))
        server.kill()
        stop.set()
        sender.join(60)
        count.kills += 1
    _read(settings, count)
    return count


def _read(settings: Settings, count: Count) -> None:
    house = open_house(settings)
    try:
        rows = house.store.read(
            "select s.submission_id, s.sha256, s.organisation_code, s.row_count, s.state,"
            " (select count(*) from d_service_coverage as d where d.submission_id = s.submission_id) as there,"
            " (select count(*) from submission_event as e where e.submission_id = s.submission_id"
            "  and e.event = 'accepted') as times from submission_now as s where dataset = 'service_coverage'"
        )
        states = {row["submission_id"]: row for row in rows}
        count.lost = sum(states.get(one, {}).get("state") != "accepted" for one in count.answered)
        count.partial = sum(row["there"] != (row["row_count"] if row["times"] else 0) for row in rows)
        keys = [(row["organisation_code"], row["sha256"]) for row in rows]
        current = house.store.read(
            "select organisation_code, period, count(*) as n from accepted where dataset = 'service_coverage'"
            " and until is null group by all having n > 1"
        )
        count.doubled = len(keys) - len(set(keys)) + len(current) + sum(row["times"] > 1 for row in rows)
    finally:
        house.close()


@pytest.fixture
def settings(tmp_path: Path, built: Built) -> Settings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    copied(built.folder, tmp_path / "data")
    return from_environment({"DASHBOARD_DATA": str(tmp_path / "data"), "PORT": str(port)})


def judge(count: Count, started: datetime) -> None:
    print(
        f"{count.kills} kills, {len(count.answered)} answered acceptances, {count.retried} sent again,"
        f" lost {count.lost}, partly visible {count.partial}, doubled {count.doubled}, {datetime.now(UTC) - started}"
    )
    assert len(count.answered) > count.kills // 2, "hardly anything was accepted, so the kills prove nothing"
    assert count.retried, "no kill met an upload"
    assert (count.lost, count.partial, count.doubled) == (0, 0, 0)


@pytest.mark.timeout(900)
def test_forty_kills_during_upload_and_accept(settings: Settings) -> None:
    started = datetime.now(UTC)
    judge(kills(settings, 40, seed=23), started)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_hundred_kills_during_upload_and_accept(settings: Settings) -> None:
    started = datetime.now(UTC)
    judge(kills(settings, 200, seed=29), started)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_rebuild_after_kills_gives_the_same_record(settings: Settings, tmp_path: Path) -> None:
    kills(settings, 3, seed=5)
    from dashboard.record.store import Store

    copy = replace(settings, data=tmp_path / "copy")
    shutil.copytree(settings.data, copy.data, ignore=shutil.ignore_patterns("*.sock"))
    rebuild.rebuild(copy)
    one, two = open_house(settings), open_house(copy)
    try:
        assert rebuild.equal(one.store, two.store) == []
        assert isinstance(one.store, Store)
    finally:
        one.close()
        two.close()
