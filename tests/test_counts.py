"""Which files hold contacts, and what of such a file is shown to whom: rows one by one, notes, hash, templates."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from contacts_world import COORD, DATASET, HEALTH, Q2, counted
from dashboard.config import Settings
from dashboard.intake import counts, submissions, templates
from dashboard.protection.policy import Refused
from dashboard.record.house import open_house
from dashboard.reports import submissions as sent
from test_senders import ADMINISTRATIVE
from world import Built, World, contact, copied, join, send, table, train

COUNTED, OTHER = "P-REF-1", "P-CAP-1"  # referrals of survivors; people who were trained


def figure(indicator: str, value: float, organisation: str = HEALTH, **more: str) -> dict[str, str]:
    return {
        "country": organisation[:3],
        "indicator_code": indicator,
        "organisation_code": organisation,
        "period": Q2,
        "value": f"{value:g}",
        "source": "Registers",
    } | more


def values(world: World, *rows: dict[str, str], accept: bool = True, organisation: str = HEALTH) -> str:
    data = table(world.house, "indicator_values", list(rows))
    return send(world, "indicator_values", organisation, Q2, data, accept=accept, by="trained secretariat")


def row_of(world: World, found: str) -> dict[str, Any]:
    return submissions.find(world.operator, world.house, found)


# --- which files hold contacts ---


def test_which_datasets_can_hold_contacts(counting: World) -> None:
    """Those that count them, and those with figures of indicators; a register that only names an indicator cannot."""
    can = {name for name, contract in counting.house.library.contracts.items() if counts.may_hold(contract)}
    assert can == {DATASET, "referrals", "indicator_values", "milestones"}


def test_a_file_of_indicators_holds_contacts_when_one_row_does(counting: World) -> None:
    assert not counts.holds(counting.house, row_of(counting, values(counting, figure(OTHER, 5))))
    mixed = values(counting, figure(OTHER, 5), figure(COUNTED, 812_345), accept=False)
    assert counts.holds(counting.house, row_of(counting, mixed))
    for name in ("coordinator", "secretariat"):
        with pytest.raises(Refused, match="counts contacts of survivors"):
            submissions.accept(counting.viewer(name), counting.house, mixed)
    plain = values(counting, figure(OTHER, 6), accept=False)
    submissions.accept(counting.viewer("coordinator"), counting.house, plain)


def test_a_baseline_of_contacts_is_a_count_of_contacts(counting: World) -> None:
    rows = [
        {"country": "XAA", "indicator_code": code, "organisation_code": COORD, "what": "baseline",
         "due_period": "2023-Q4", "value": value, "agreed_in": "Plan"}
        for code, value in ((COUNTED, "812345"), (OTHER, "100"))
    ]  # fmt: skip
    both = send(counting, "milestones", COORD, Q2, table(counting.house, "milestones", rows), accept=False)
    assert counts.holds(counting.house, row_of(counting, both))
    found = sent.detail(counting.viewer("coordinator"), counting.house, both)
    assert "accept" not in found.may and found.preview
    assert (found.preview.withheld, len(found.preview.rows)) == (1, 1) and "812345" not in str(found.preview)
    alone = send(counting, "milestones", COORD, "2026-Q1", table(counting.house, "milestones", rows[1:]), accept=False)
    submissions.accept(counting.viewer("coordinator"), counting.house, alone)


def test_what_cannot_be_told_any_more_counts_as_contacts(counting: World) -> None:
    house, found = counting.house, row_of(counting, values(counting, figure(OTHER, 5)))
    contract = house.library.contracts["indicator_values"]
    frame = pd.DataFrame({"indicator_code": [OTHER, COUNTED, "GONE-1", None]})
    assert counts.mask(house, contract, frame).tolist() == [False, True, True, True]
    assert counts.mask(house, contract, frame.drop(columns="indicator_code")).all()
    assert counts.mask(house, house.library.contracts["members"], frame).tolist() == [False] * 4
    house.files.parquet(found["sha256"], found["contract_hash"]).unlink()
    assert counts.holds(house, found), "its rows have gone"
    assert counts.holds(house, found | {"dataset": "asked for no more"})
    assert not counts.holds(house, row_of(counting, counting.sent["Q2 XAA-HEALTH"]))


# --- what is shown of a file that holds them ---


def test_rows_of_other_indicators_are_shown_to_all(counting: World) -> None:
    """In one file: what the trained see whole, others see without the rows that count contacts."""
    former = [
        figure(OTHER, 5),
        figure(COUNTED, 812_345),
        figure(COUNTED, 7, disaggregation="sector", category="health"),
    ]
    values(counting, *former)
    changed = [
        figure(OTHER, 6),
        figure(COUNTED, 823_456, note="was 812345"),
        figure(COUNTED, 9, disaggregation="sector", category="social"),
    ]
    waiting = values(counting, *changed, accept=False)
    seen = {}
    for name in ("coordinator", "trained coordinator"):
        preview = sent.detail(counting.viewer(name), counting.house, waiting).preview
        assert preview
        told = (preview.added, preview.changed, preview.removed, preview.unchanged, preview.withheld)
        assert told == ((0, 1, 0, 0, 2) if name == "coordinator" else (1, 2, 1, 0, 0))
        seen[name] = {(c.kind, c.key[-1]): c for c in preview.rows if c.kind != "changed"}
        rows = {c.key[0]: c for c in preview.rows if c.kind == "changed"}
        titles = [counting.house.library.title("indicators_reported", code) for code in (OTHER, COUNTED)]
        assert rows[titles[0]].cells == (("Value", "5", "6"),), "people who were trained are no contacts"
        if name == "coordinator":
            assert titles[1] not in rows
        else:
            assert rows[titles[1]].cells == (("Value", "812345", "823456"), ("Note", "", "was 812345"))
    assert seen["coordinator"] == {}
    assert seen["trained coordinator"][("added", "social")].cells == (("Value", "", "9"), ("Source", "", "Registers"))
    assert seen["trained coordinator"][("removed", "health")].cells == (("Value", "7", ""), ("Source", "Registers", ""))


def test_figures_of_another_quarter_are_compared(counting: World) -> None:
    """The quarter stands in each row of indicators: one that is only of another quarter is no new row."""
    values(counting, figure(OTHER, 5), figure(COUNTED, 812_345))
    rows = [figure(OTHER, 5), figure(COUNTED, 812_346)]
    data = table(counting.house, "indicator_values", [row | {"period": "2026-Q3"} for row in rows])
    waiting = send(counting, "indicator_values", HEALTH, "2026-Q3", data, accept=False)
    preview = sent.detail(counting.viewer("trained agency"), counting.house, waiting).preview
    assert preview and (preview.against, preview.unchanged, preview.changed) == (Q2, 1, 1)
    assert preview.rows[0].cells == (("Value", "812345", "812346"),) and Q2 not in preview.rows[0].key


def test_what_the_sender_keeps_and_others_do_not_get(counting: World) -> None:
    """Her own file's notes and hash: she has the file. The hash of counts tells them to whoever tries numbers."""
    agency, house = counting.viewer("agency"), counting.house
    data = table(house, DATASET, [contact(HEALTH, "health", 12)]).replace(b",", b";")
    found = submissions.stage(
        agency, house, data, dataset=DATASET, organisation_code=HEALTH, period="2026-Q3"
    ).submission_id
    stored = house.store.read("select sha256, size, notes from submission where submission_id = $id", id=found)[0]
    assert json.loads(stored["notes"]), "what was tolerated"
    for name, whole in (("agency", True), ("trained agency", True), ("member", False), ("coordinator", False)):
        detail = sent.detail(counting.viewer(name), house, found)
        assert (detail.row["sha256"] == stored["sha256"]) == (detail.row["size"] == stored["size"]) == whole, name
        assert bool(detail.notes) == bool(detail.row["notes"]) == whole, name
        assert detail.row["row_count"] == 1 and bool(detail.withheld) == (not name.startswith("trained"))
        assert detail.preview and bool(detail.preview.withheld) == (not name.startswith("trained"))
        assert bool(detail.preview.rows) == name.startswith("trained")


def test_a_key_that_is_a_figure_is_withheld_too(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "keyed"
    copied(built.folder, folder)
    (folder / "datasets" / "schemas").mkdir()
    raw = ADMINISTRATIVE | {"primaryKey": ["organisation_code", "contacts"]}
    (folder / "datasets" / "schemas" / "contacts.json").write_text(json.dumps(raw), encoding="utf-8")
    world = World(open_house(Settings(data=folder, min_free_bytes=0)), dict(built.people), dict(built.sent))
    try:
        data = b"organisation_code,contacts\nXAA-HEALTH,812345\n"
        found = submissions.stage(
            world.viewer("agency"), world.house, data, dataset="contacts", organisation_code=HEALTH, period=Q2
        ).submission_id
        for name in ("member", "secretariat"):
            preview = sent.detail(world.viewer(name), world.house, found).preview
            assert preview and (preview.rows, preview.withheld) == ((), 1)
        train(world, "member")
        preview = sent.detail(world.viewer("member"), world.house, found).preview
        assert preview and preview.rows[0].key == ("812345",)
    finally:
        world.house.close()


def test_files_without_contacts_are_shown_as_ever(counting: World) -> None:
    for name in ("member", "coordinator", "secretariat"):
        found = sent.detail(counting.viewer(name), counting.house, counting.sent["Q3 XAA-HEALTH"])
        assert not found.counted and not found.withheld and not found.cannot_accept and found.row["sha256"]
        assert found.preview and not found.preview.withheld
        assert {c.kind: c.cells for c in found.preview.rows}["added"] == (("Availability", "", "Planned"),)


# --- templates ---


def cells(text: str) -> list[dict[str, str]]:
    header, _hxl, _explained, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [dict(zip(header, row, strict=True)) for row in rows]


def prefilled(world: World, name: str, dataset: str) -> list[dict[str, str]]:
    return cells(templates.template(world.viewer(name), world.house, dataset, organisation_code=HEALTH, prefill=True))


@pytest.mark.parametrize(
    ("name", "whole"),
    [("agency", False), ("expired agency", False), ("coordinator", False), ("secretariat", False),
     ("trained agency", True), ("trained coordinator", True), ("trained secretariat", True)],
)  # fmt: skip
def test_a_prefilled_template_holds_counts_for_the_trained_alone(counting: World, name: str, whole: bool) -> None:
    values(counting, figure(OTHER, 5), figure(COUNTED, 812_345))
    found = [row["contacts"] for row in prefilled(counting, name, DATASET)]
    assert found == (["24", "37", "0", "8"] if whole else [""] * len(found)) and found
    rows = {row["indicator_code"]: row["value"] for row in prefilled(counting, name, "indicator_values")}
    assert rows == ({OTHER: "5", COUNTED: "812345"} if whole else {OTHER: "5"})
    for dataset in (DATASET, "indicator_values", "milestones"):
        why = templates.withheld(counting.viewer(name), counting.house, dataset, organisation_code=HEALTH)
        assert bool(why) == (not whole) and (whole or "not released yet" in why)
    for dataset in ("members", "service_coverage", "actions", "nothing"):
        assert not templates.withheld(counting.viewer(name), counting.house, dataset, organisation_code=HEALTH)


def test_a_training_fills_in_nothing_of_others(counting: World) -> None:
    """Trained for one country, she sends for another too, where she sees no counts."""
    join(counting, "far", "coordinator", "XBA-COORD", "XBA")
    train(counting, "far")
    with pytest.raises(Refused):
        prefilled(counting, "far", DATASET)
    assert counts.sees(counting.viewer("far"), {"organisation_code": "XBA-POLICE", "country": "XBA"})
    assert not counts.sees(counting.viewer("far"), {"organisation_code": HEALTH, "country": "XAA"})


def test_figures_of_indicators_are_for_the_quarter_to_report_on(counting: World) -> None:
    """What stands in the template can be sent for the quarter that ended; a former quarter's rows move with it."""
    values(counting, figure(OTHER, 5))
    rows = prefilled(counting, "agency", "indicator_values")
    assert [(row["indicator_code"], row["period"]) for row in rows] == [(OTHER, "2026-Q3")]
    blank = cells(templates.template(counting.viewer("agency"), counting.house, "indicator_values"))
    assert {row["period"] for row in blank} == {"2026-Q3"} and len(blank) > 5
    text = templates.template(counting.viewer("agency"), counting.house, "indicator_values", prefill=True)
    received = submissions.stage(
        counting.viewer("agency"), counting.house, text.encode(), dataset="indicator_values", organisation_code=HEALTH,
        period="2026-Q3",
    )  # fmt: skip
    assert received.submission_id, received.outcome.problems


def test_the_form_says_why_a_template_is_blank(counting: World) -> None:
    from dashboard.factory import create_app

    said = {}
    demo = replace(counting.house, settings=replace(counting.house.settings, demo=True))
    for name in ("agency", "trained agency"):
        app = create_app(demo.settings, {"token": counting.email(name)}, house=demo)
        client = app.server.test_client()
        client.get("/demo-sign-in/token", environ_base={"REMOTE_ADDR": "127.0.0.1"})
        said[name] = client.get("/submit").get_data(as_text=True)
    assert "are not filled in here" in said["agency"] and "service_contacts.csv?prefill" not in said["agency"]
    assert "are left out" in said["agency"] and "indicator_values.csv?prefill" in said["agency"]
    assert "not released yet" not in said["trained agency"] and "service_contacts.csv?prefill" in said["trained agency"]


def test_the_page_says_beforehand_who_may_accept(counting: World) -> None:
    """In words, where the button would be; and nothing of the sort to whoever may."""
    from dash import html

    from dashboard.factory import create_app
    from pages import submission as page

    found = counted(counting, HEALTH, "2026-Q3", [contact(HEALTH, "health", 812_345)], accept=False)
    app = create_app(counting.house.settings, house=counting.house)
    said = {}
    for name in ("coordinator", "trained coordinator", "member"):
        with app.server.test_request_context():
            from flask_login import login_user

            login_user(_Seen(counting.viewer(name)))
            said[name] = json.dumps(
                html.Div(page.results(found)).to_plotly_json(), default=lambda c: c.to_plotly_json()
            )
    assert "You cannot accept this file" in said["coordinator"] and '"accept"' not in said["coordinator"]
    assert "valid training" in said["coordinator"] and '"return"' in said["coordinator"]
    assert '"accept"' in said["trained coordinator"] and "cannot accept" not in said["trained coordinator"]
    assert "812345" in said["trained coordinator"] and "no count of contacts" in said["trained coordinator"]
    for name in ("coordinator", "member"):
        assert "812345" not in said[name] and "not released yet" in said[name]
    assert "cannot accept" not in said["member"], "she reviews nothing"


class _Seen:
    """Somebody signed in, as the gate hands her to a page."""

    is_active = is_authenticated = True

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        return "session"
