"""No unreleased contact count reaches anybody without the right to it, through any address, page, callback or command.

The counts are numbers that nothing else holds. Everybody walks every address, every page with every choice of its
filters, every callback, every template and every submission; whatever comes back is searched for each number in every
spelling. The trained walk the same way, and find what is theirs: so the walk reaches the numbers where they may be.
What was released is read by everybody, and is a cell of the release to the digit; what a release hides, and what came
after it, is not. New pages are walked as soon as they are registered.
"""

from __future__ import annotations

import base64
import io
import itertools
import json
import logging
import struct
from collections.abc import Iterable
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from dashboard.commands import COMMANDS
from dashboard.factory import create_app
from dashboard.intake import submissions
from dashboard.reference.table import Status
from dashboard.reports import released
from everywhere import Walk, spelled
from numbered_world import (
    COORD,
    FILES,
    HEALTH,
    LIKE_OTHERS,
    OWNERS,
    PATHS,
    POLICE,
    Q2,
    Q3,
    REFERRALS,
    RELEASED,
    SEES,
    STAFF,
    SUMS,
    TRAFFICKING,
    TRAINED_PEOPLE,
    UNION,
    VALUES,
    WITHOUT,
    numbers_in,
    rows_of,
)
from test_matrix import _body
from world import World, contact, table


@pytest.fixture(scope="module")
def app(numbered: World) -> dash.Dash:
    return create_app(
        numbered.house.settings,
        {f"token-{name}": numbered.email(name) for name in numbered.people},
        house=numbered.house,
    )


# --- the walk ---


PLACES = [{"country": country, "period": period} for country, period in (("XAA", Q2), ("XBA", Q3), ("XBA", Q2))]


def walker(app: dash.Dash, world: World, client: FlaskClient, most: int = 3) -> Walk:
    codes = [REFERRALS, TRAFFICKING, TRAINED_PEOPLE, "XAA-1", "XAA", "XAA-XBA"]
    return Walk(app, world, client, numbers_in, codes, [HEALTH, COORD, POLICE, UNION], PLACES, most)


def walks(names: Iterable[str]) -> list[Any]:
    """Who walks, with how many choices of each filter: often a short walk, of some none; in the long run all at full
    length. Who sees everything, and whoever's rights end like another's, walks in the long run alone."""
    rarely = ("foreign coordinator", "revoked coordinator", "trained secretariat")
    return [
        pytest.param(name, most, marks=pytest.mark.long if most > 1 or name in rarely else ())
        for name in names
        for most in (1, 3)
    ]


def walked(app: dash.Dash, numbered: World, name: str, most: int) -> Walk:
    """So many choices of each filter; no choice for those whose rights others have too."""
    client = app.server.test_client()
    if name != "anonymous":
        signed = client.get(f"/demo-sign-in/token-{name}", environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert signed.status_code in (302, 303)
    client.get("/dictionary")
    walk = walker(app, numbered, client, most=0 if name in LIKE_OTHERS else most)
    walk.plain()
    walk.drawn()
    walk.called()
    print(f"{name}: {walk.looked} answers read, {len(walk.found)} numbers seen")
    return walk


@pytest.mark.parametrize(("name", "most"), walks(WITHOUT))
def test_nobody_without_the_right_reads_a_count(
    app: dash.Dash, numbered: World, name: str, most: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        walk = walked(app, numbered, name, most)
    assert set(walk.found) <= RELEASED, {n: walk.found[n] for n in set(walk.found) - RELEASED}
    assert name in ("anonymous", *LIKE_OTHERS) or RELEASED & set(walk.found), "what is public is read inside, too"
    assert not numbers_in(caplog.text) - RELEASED, "a log is read by others too"
    assert walk.looked > 100
    assert walk.past > 5 or name == "anonymous" or name in LIKE_OTHERS, "the pages of the past were looked at, too"
    if name != "anonymous":
        assert {"/overview", "/coverage", "/members"} <= walk.answered
        running = {f"/meeting/{numbered.sent[f'meeting {country}']}/parts" for country in ("XAA", "XBA")}
        assert running <= walk.answered or name in LIKE_OTHERS or "enforcement" in name


@pytest.mark.parametrize(("name", "most"), walks(SEES))
def test_the_trained_read_theirs_and_no_others(app: dash.Dash, numbered: World, name: str, most: int) -> None:
    """Each number in a file of hers is found, wherever the file is in its life; none of another's."""
    walk = walked(app, numbered, name, most)
    hers = {number for number, owners in OWNERS.items() if owners <= SEES[name]}
    assert set(walk.found) <= hers, {n: walk.found[n] for n in set(walk.found) - hers}
    files = {float(n) for (org, _q, s), ns in FILES.items() if org in SEES[name] and s != "withdrawn" for n in ns}
    files |= {n for (org, _q, _s), n in VALUES.items() if org in SEES[name]}
    files |= {float(n) for (org, _q, _s), ns in PATHS.items() if org in SEES[name] for n in ns}
    assert files <= set(walk.found), files - set(walk.found)
    if len(SEES[name]) > 1:  # a total, on the pages of indicators, and as it stood
        assert walk.then
        assert set(walk.found) & {float(n) for orgs, ns in SUMS.items() if orgs <= SEES[name] for n in ns}


def test_the_walk_finds_every_spelling() -> None:
    for number in OWNERS:
        for spelling in spelled(number):
            assert numbers_in(f'<td title="x">{spelling}</td>') == {number}
    assert numbers_in("2026-11-24T00:31:06.104729+00:00") == set()
    packed = base64.b64encode(struct.pack("<3d", 1.0, 104_729.0, 2.0)).decode()
    assert numbers_in(json.dumps({"y": {"dtype": "f8", "bdata": packed}})) == {104_729.0}
    assert len(set(map(float, itertools.chain(*SUMS.values())))) == sum(map(len, SUMS.values())) and STAFF not in OWNERS


# --- beside the pages ---


def test_the_public_folder_holds_what_was_released_and_no_other(numbered: World) -> None:
    looked = 0
    for path in numbered.house.settings.releases.rglob("*"):
        if path.is_file():
            looked += 1
            assert numbers_in(path.read_bytes().decode("utf-8", "replace")) <= RELEASED, path.name
    assert looked
    newest = released.release(numbered.house)
    assert newest and {float(count) for count, _status in newest.cells.values() if count} == RELEASED
    assert [newest.cell(country, Q2) for country in ("XAA", "XBA", "")] == [
        (int(max(RELEASED)), Status.VALUE), (None, Status.SUPPRESSED), (None, Status.SUPPRESSED),
    ]  # fmt: skip


def test_the_operator_is_answered_none(numbered: World) -> None:
    """She has no training. Each command is asked for what it can say."""
    data = table(numbered.house, "service_contacts", rows_of(HEALTH, FILES[(HEALTH, Q3, "submitted")]))
    again = {
        "file": base64.b64encode(data).decode(), "dataset": "service_contacts", "organisation": HEALTH, "period": Q3,
    }  # fmt: skip
    payloads: dict[str, dict[str, Any]] = {
        "submit": again | {"accept": True},
        "expunge": {"submission": numbered.sent["Q3 XAA-HEALTH"], "reason": "only tried"},
        "invite": {"email": "one.more@example.org", "name": "One", "role": "secretariat"},
        "release": {"step": "draft"},
        "attack": {"release": numbered.house.store.read("select release_id from release_now limit 1")[0]["release_id"]},
    }
    for name, command in COMMANDS.items():
        if name == "setup":
            continue
        said = json.dumps(command(numbered.operator, numbered.house, payloads.get(name, {})), ensure_ascii=False)
        assert not numbers_in(said) - RELEASED, name
    waiting = submissions.find(numbered.operator, numbered.house, numbered.sent[f"contacts {HEALTH} {Q3} submitted"])
    assert waiting["state"] == "submitted"


def test_what_the_audit_log_and_other_records_of_steps_hold(numbered: World) -> None:
    for name in ("audit", "submission_event", "step"):
        assert not numbers_in(json.dumps(numbered.house.store.read(f"select * from {name}"), default=str)), name


@pytest.mark.parametrize("name", ["agency", "coordinator", "trained coordinator"])
def test_an_upload_is_answered_with_nothing_of_former_files(app: dash.Dash, numbered: World, name: str) -> None:
    """A file that changes one row: the answer and the page it leads to quote what was sent, never what was."""
    client = app.server.test_client()
    client.get(f"/demo-sign-in/token-{name}", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    client.get("/dictionary")
    cookie = client.get_cookie("_csrf_token")
    assert cookie
    rows = [dict(row, contacts="5") for row in rows_of(HEALTH, FILES[(HEALTH, Q2, "accepted")])]
    rows.append(
        contact(HEALTH, "social", 6, channel={"agency": "online", "coordinator": "embassy"}.get(name, "hotline"))
    )
    answer = client.post(
        "/submissions",
        data={
            "dataset": "service_contacts", "organisation": HEALTH, "period": Q2, "csrf_token": cookie.value,
            "file": (io.BytesIO(table(numbered.house, "service_contacts", rows)), "contacts.csv"),
        },
        headers={"Accept": "application/json", "X-CSRFToken": cookie.value},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    walk = walker(app, numbered, client)
    walk.read("the answer", answer.text)
    assert walk.found == {}
    output = next(o for o in app.callback_map if "arrived" in o and "page" in o)
    body = _body(output, app.callback_map[output], numbered)
    body["inputs"][0]["value"] = f"/submission/{answer.json['submission']}"
    said = json.dumps(walk.call("its page", body), ensure_ascii=False)
    assert (walk.found == {}) == (not name.startswith("trained")), walk.found
    assert ("not released yet" in said) == (not name.startswith("trained"))
