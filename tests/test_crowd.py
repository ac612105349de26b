"""Eight people send twenty-five files each at the same time: all is then as if they had queued. Never mocks.

Some of the files are for the same place. Which of those counts is decided by which was accepted last; so the same
files, accepted one after the other in the order that the record tells, must give the same record and totals.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask.testing import FlaskClient

from contacts_world import COORD, HEALTH, POLICE, UNION, counted
from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.intake import submissions
from dashboard.reports import contacts, rollups
from web_world import csrf, everywhere, sign_in
from world import Built, World, contact, table

THREADS = 8
PLACES = [
    (organisation, f"20{year}-Q{quarter}")
    for organisation in (HEALTH, COORD, POLICE, UNION)
    for year in (22, 23, 24)
    for quarter in (1, 2, 3, 4)
]
SECTORS = {HEALTH: "health", COORD: "coordination", POLICE: "justice_policing", UNION: "world_of_work"}


def rows_of(place: tuple[str, str], number: int) -> list[dict[str, str]]:
    """A file whose figures nobody else's file has."""
    organisation, _period = place
    return [
        contact(organisation, SECTORS[organisation], 100 + number, channel="hotline"),
        contact(organisation, SECTORS[organisation], 7 * number, channel="walk_in"),
    ]


@pytest.fixture
def second(built_contacts: Built, tmp_path: Path) -> Iterator[World]:
    """The same world once more, for those who queue."""
    made = built_contacts.opened(tmp_path / "second")
    yield made
    made.house.close()


def sent(client: FlaskClient, headers: dict[str, str], data: bytes, place: tuple[str, str]) -> str:
    """Send a file as a browser does; where too many do at the same moment, as the answer asks, once more."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        answer = client.post(
            "/submissions",
            data={
                "dataset": "service_contacts",
                "organisation": place[0],
                "period": place[1],
                "file": (io.BytesIO(data), "contacts.csv"),
            },
            headers={**headers, "Accept": "application/json"},
        )
        if answer.status_code == 503:
            assert answer.headers["Retry-After"]
            time.sleep(0.05)
            continue
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["submission"])
    raise AssertionError("No place was free for two minutes.")


def totals(world: World) -> list[tuple[object, ...]]:
    frame = rollups.at(world.house, contacts.TOTALS, world.house.store.head().version)
    return sorted(
        frame[["country", "reported_by", "period", "contacts", "counted"]].itertuples(index=False, name=None), key=str
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("each", [8, pytest.param(25, marks=pytest.mark.long)])
def test_eight_people_at_once_equal_a_queue(counting: World, second: World, settings: Settings, each: int) -> None:
    chance, house = random.Random(8), counting.house
    app = create_app(house.settings, house=house)
    who = counting.viewer("trained secretariat")
    work = [[(place, t * each + n) for n, place in enumerate(chance.choices(PLACES, k=each))] for t in range(THREADS)]
    assert len({place for one in work for place, _n in one}) < THREADS * each, "nobody sends for the same place"
    everywhere(house)
    gate, made = Barrier(THREADS), dict[str, tuple[tuple[str, str], int]]()

    def signed_in() -> tuple[FlaskClient, dict[str, str]]:
        client = app.server.test_client()
        assert sign_in(client, "all@example.org").status_code == 303
        return client, csrf(client, "/submit")

    clients = [signed_in() for _n in range(THREADS)]

    def person(files: list[tuple[tuple[str, str], int]]) -> None:
        client, headers = clients.pop()
        gate.wait(timeout=60)
        for place, number in files:
            data = table(house, "service_contacts", rows_of(place, number))
            found = sent(client, headers, data, place)
            made[found] = place, number
            knowing = ""
            for _try in range(50):
                try:
                    if _state(counting, found) == "staged":
                        submissions.submit(counting.operator, house, found, knowing=knowing)
                    submissions.accept(who, house, found, knowing=knowing)
                    break
                except submissions.NewerVersion:
                    row = submissions.find(counting.operator, house, found)
                    knowing = (submissions.newer(house, row) or {"submission_id": ""})["submission_id"]
            else:
                raise AssertionError("Fifty newer versions came in between.")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(person, work))
    assert len(made) == THREADS * each, "every file is one submission, and none is two"
    order = house.store.read(
        "select submission_id from submission_event where event = 'accepted' order by version, event_id"
    )
    queue = [row["submission_id"] for row in order if row["submission_id"] in made]
    assert sorted(queue) == sorted(made), "each is accepted once"
    for found in queue:
        (organisation, period), number = made[found]
        counted(second, organisation, period, rows_of((organisation, period), number))
    assert totals(counting) == totals(second)
    assert everything(counting) == everything(second)
    assert house.store.verify_audit() == []


def _state(world: World, found: str) -> str:
    return str(
        world.house.store.read("select state from submission_now where submission_id = $id", id=found)[0]["state"]
    )


def everything(world: World) -> list[tuple[object, ...]]:
    """Every row that counts now."""
    rows = world.house.store.read(
        "select reported_by, period, country, sector, channel, contacts from service_contacts_rows"
        " where until is null order by all"
    )
    return [tuple(row.values()) for row in rows]
