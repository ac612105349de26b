"""/register as the browser asks for it: who gets it, what an odd address answers, what the files hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from dashboard.reference import registers
from dashboard.reference.library import load
from test_actions_page import Desk
from web_world import CALLBACK
from world import PEOPLE, Built, member, send, table

OURS = load()
DATASETS = [name for name, contract in OURS.contracts.items() if registers.is_register(contract)]


@pytest.fixture
def desk(built: Built, tmp_path: Path) -> Iterator[Desk]:
    world = built.opened(tmp_path / "world")
    yield Desk(world)
    world.house.close()


def post(desk: Desk, name: str, output: str, inputs: list[Any], state: list[Any], changed: str = "") -> tuple[int, str]:
    """Call a callback by its whole output; its answer as a status and a text in which quotes are plain."""
    client = desk.client(name)
    cookie = client.get_cookie("_csrf_token")
    parts = output.strip(".").split("...") if output.startswith("..") else [output]
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in parts]
    answer = client.post(
        CALLBACK,
        json={
            "output": output,
            "outputs": outputs if output.startswith("..") else outputs[0],
            "changedPropIds": [changed] if changed else [],
            "inputs": inputs,
            "state": state,
        },
        headers={"X-CSRFToken": cookie.value} if cookie else {},
    )
    if answer.status_code != 200 or not answer.is_json:
        return answer.status_code, answer.text
    # Slashes and letters come written as numbers, and the HTML of a table as text in a text.
    said = json.dumps(answer.get_json(), ensure_ascii=False)
    return answer.status_code, unescape(said.replace('\\"', '"'))


def routed(desk: Desk, name: str, path: str, search: str = "") -> str:
    """What the router draws at an address."""
    output = next(o for o in desk.app.callback_map if "arrived" in o and "page" in o)
    return post(
        desk,
        name,
        output,
        [{"id": "address", "property": "pathname", "value": path}],
        [{"id": "address", "property": "search", "value": search}],
    )[1]


def redrawn(desk: Desk, name: str, dataset: Any, changed: str = "", **chosen: Any) -> tuple[int, str]:
    """What the filters redraw."""
    ids = [{"type": "filter", "name": name} for name in chosen]
    values = [{"id": i, "property": "value", "value": v} for i, v in zip(ids, chosen.values(), strict=True)]
    named = [{"id": i, "property": "id", "value": i} for i in ids]
    return post(
        desk,
        name,
        "register-results.children",
        [values, {"id": "head", "property": "data", "value": None}],
        [named, {"id": "register-dataset", "property": "data", "value": dataset}],
        json.dumps({"name": changed, "type": "filter"}, separators=(",", ":")) + ".value" if changed else "",
    )


# --- who, and what there is ---


@pytest.mark.parametrize("path", ["/register", "/register/members", "/register/members/entry", "/register/members.csv"])
def test_who_may_open_it(desk: Desk, path: str) -> None:
    for name in PEOPLE:
        assert desk.client(name).get(path).status_code == 200, name
    answer = desk.client("anonymous").get(path)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    "dataset", ["nothing", "service_contacts", "service_coverage", "indicator_values", "referrals"]
)
def test_what_is_no_register_is_not_there(desk: Desk, dataset: str) -> None:
    for path in (f"/register/{dataset}", f"/register/{dataset}/entry", f"/register/{dataset}.csv"):
        assert desk.client("secretariat").get(path).status_code == 404, path
        assert desk.client("anonymous").get(path).status_code == 302, "a stranger learns of no name"
    for path in (f"/register/{dataset}", f"/register/{dataset}/entry"):
        drawn = routed(desk, "secretariat", path)
        assert "register-results" not in drawn and "entry-results" not in drawn and "XAA" not in drawn
    status, said = redrawn(desk, "secretariat", dataset, search="")
    assert status == 200 and "There is no such register" in said


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_register_draws_from_its_contract_alone(desk: Desk, dataset: str) -> None:
    contract = OURS.contracts[dataset]
    drawn = routed(desk, "coordinator", f"/register/{dataset}")
    assert registers.shape(contract).question in drawn and "register-results" in drawn
    assert contract.row in drawn and "How to fill it in" in drawn or dataset == "members"
    if dataset != "members":
        assert f"/templates/{dataset}.csv" in drawn and f"/submit?dataset={dataset}" in drawn
        assert f"/templates/{dataset}.csv" not in routed(desk, "member", f"/register/{dataset}")


def test_the_list_leads_to_each_register(desk: Desk) -> None:
    drawn = routed(desk, "member", "/register")
    assert all(f'"/register/{name}"' in drawn for name in DATASETS)
    assert "5 entries in all" in drawn and "/submit" not in drawn
    assert "/submit?dataset=plans" in routed(desk, "coordinator", "/register")


# --- an address holds every choice ---


def test_an_address_holds_every_choice(desk: Desk) -> None:
    drawn = routed(
        desk, "member", "/register/members", "?country=XBA&sort=-organisation_name&columns=country,seat_since"
    )
    table = drawn.split('<table class="register"')[1]
    assert "3 of 5 seats" in drawn and "XAA-HEALTH" not in table
    assert table.index("XBA-UNION office") < table.index("XBA-COORD office")
    assert "Stakeholder category" not in table and "Seat since" in table
    assert 'aria-sort="descending"' in drawn


def test_what_an_address_names_and_is_not_there_is_said(desk: Desk) -> None:
    drawn = routed(desk, "member", "/register/members", "?country=XZZ&columns=nothing&page=zz&period=2026-Q1&x=y")
    assert "Country: no entry has “XZZ”, so all are shown." in drawn and "5 seats" in drawn
    assert "There is no column “nothing” here." in drawn


def test_filters_redraw_from_the_first_page(desk: Desk) -> None:
    rows = [member(f"XAA-N{n:03}", "NGO-MIG", "social") for n in range(120)]
    send(desk.world, "members", "XAA-COORD", "2026-Q3", table(desk.world.house, "members", rows))
    drawn = redrawn(desk, "secretariat", "members", "page", search="", page="3")[1]
    assert "rows 101 to 123" in drawn
    assert "rows 1 to 50" in redrawn(desk, "secretariat", "members", "search", search="office", page="3")[1]
    for dataset in (None, 7, [], {}, "members_rows"):
        status, said = redrawn(desk, "member", dataset, search="")
        assert status == 200 and "There is no such register" in said
    assert redrawn(desk, "member", "members", search=["x"], page={"a": 1})[0] == 200
    assert redrawn(desk, "anonymous", "members", search="")[0] in (400, 401, 403)


def test_one_entry_by_its_key(desk: Desk) -> None:
    key = "?key=XAA&key=XAA-HEALTH&key=GOV-HEA"
    drawn = routed(desk, "member", "/register/members/entry", key)
    assert "XAA-HEALTH office" in drawn and "Entered" in drawn and "/submission/" not in drawn
    assert "/submission/" in routed(desk, "coordinator", "/register/members/entry", key)
    for odd in ("", "?key=XAA", "?key=XAA&key=XAA-HEALTH&key=NOTHING", key + "&key=more"):
        assert "There is no such entry" in routed(desk, "member", "/register/members/entry", odd)
    hidden = routed(desk, "enforcement", "/register/members/entry", key)
    assert "There is no such entry" in hidden and "XAA-HEALTH office" not in hidden


def test_what_names_an_enforcement_body_is_said_to_be_sent_and_no_fact_that_nobody_sent(desk: Desk) -> None:
    key = "?key=XBA&key=XBA-POLICE&key=GOV-POL"
    hers = routed(desk, "enforcement", "/register/members/entry", key)
    assert "XBA-POLICE office" in hers and "Sent by XBA-COORD office, Q2 2026." in hers
    assert "sent by XBA-COORD office; what another organisation sent is shown as the last release found it." in hers
    assert "sourced fact" not in hers and "What became of it" not in hers and "No longer" not in hers
    every = routed(desk, "member", "/register/members/entry", key)
    assert "unchanged since it came in on" in every and "What became of it" in every


def test_a_past_moment_has_its_banner_and_offers_nothing_to_send(desk: Desk) -> None:
    for path in ("/register", "/register/members", "/register/plans", "/register/members/entry"):
        drawn = routed(desk, "coordinator", path, "?as_of=2026-03-31&key=XAA&key=XAA-HEALTH&key=GOV-HEA")
        assert "Not the present" in drawn and "/submit" not in drawn, path
        assert "Not the present" not in routed(desk, "coordinator", path)


# --- files ---


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_file_has_every_column_of_what_fits_and_what_must_be_known(desk: Desk) -> None:
    answer = desk.client("member").get("/register/members.csv?country=XBA&columns=country&page=2")
    header, *rows = lines(answer.text)
    contract = OURS.contracts["members"]
    assert header == [f.title for f in contract.fields]
    found = rows[: rows.index([])]
    assert [row[1] for row in found] == ["XBA-COORD", "XBA-POLICE", "XBA-UNION"]
    about = {row[0]: row[1] for row in rows[rows.index([]) + 1 :]}
    assert set(about) == {"Demonstration data", "Period", "Source", "Data as of", "Caveat"}
    assert answer.headers["Content-Disposition"] == "attachment; filename=demo-members-register.csv"
    past = desk.client("member").get("/register/members.csv?as_of=2026-03-31").text
    assert "as it stood then" in past and "XBA-COORD" not in past


def test_the_tagged_file_has_codes_and_no_line_that_is_no_row(desk: Desk) -> None:
    header, tags, *rows = lines(desk.client("member").get("/register/members.csv?hxl=1&country=XBA").text)
    contract = OURS.contracts["members"]
    assert header[: len(contract.fields)] == list(contract.header)
    assert tags[: len(contract.fields)] == [f.hxl for f in contract.fields] and all(t.startswith("#") for t in tags)
    assert len(rows) == 3 and {len(row) for row in rows} == {len(header)}
    police = dict(zip(header, rows[1], strict=True))
    assert (police["stakeholder_category"], police["reported_by"], police["reported_in"]) == (
        "GOV-POL",
        "XBA-COORD",
        "2026-Q2",
    )
    assert "Demonstration data" in police["caveats"]


def test_a_file_holds_no_row_that_is_not_hers(desk: Desk) -> None:
    for asked in ("", "?hxl=1", "?country=XAA", "?search=health"):
        text = desk.client("enforcement").get(f"/register/members.csv{asked}").text
        assert "XAA-HEALTH" not in text and "XBA-COORD office" not in text.split("Source")[0]
    assert "XBA-POLICE office" in desk.client("enforcement").get("/register/members.csv").text


def test_a_formula_in_a_cell_is_text(desk: Desk) -> None:
    rows = [member("XAA-COORD", "GOV-WOM", "coordination")]
    send(desk.world, "members", "XAA-COORD", "2026-Q3", table(desk.world.house, "members", rows))
    from dashboard.publication import register_files

    assert register_files._cell(None, "") == "" and register_files._cell(3.0, "3") == 3
    assert register_files._cell("+999 000", "") == "", "a line that nobody reached lately stays out"
