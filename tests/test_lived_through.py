"""What the demonstration holds once it was lived through: each piece of its story, found in the record."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard import demonstration
from dashboard.config import Settings
from dashboard.coordination import standing
from dashboard.demonstration import knowledge, story
from dashboard.record import rebuild
from dashboard.record.house import House, open_house
from dashboard.reference import periods
from dashboard.reports import coverage, marts, members, reporting
from dashboard.reports import submissions as sent
from demonstration_world import LAST, NOW, QUARTERS, TODAY, seconds, viewer, who

PATIENCE = 300  # seconds that building may take while other tests run; by itself it takes well under a minute


def test_every_file_is_where_the_story_leaves_it(demo: House) -> None:
    listed = sent.listing(viewer(), demo, most=1000)
    steps = story.steps(knowledge.read(), NOW, demo.library)
    after: dict[int, tuple[str, story.File]] = {}
    for step in steps:
        if step.file and step.what != "refuse":
            after[id(step.file)] = (step.what, step.file)
    states = {"send": "submitted", "accept": "accepted", "return": "returned", "withdraw": "withdrawn"}
    assert Counter((r["dataset"], r["organisation_code"], r["period"], r["state"]) for r in listed) == Counter(
        (file.dataset, file.organisation_code, file.period, states[what]) for what, file in after.values()
    )
    count = Counter(row["state"] for row in listed)
    assert count["accepted"] > 380 and count["submitted"] == 5 and count["returned"] == 6 and count["withdrawn"] == 2
    refused = demo.store.read("select * from audit where action = 'file refused'")
    assert len(refused) == 1 and "XAA-POLICE" in refused[0]["subject"] and demo.store.verify_audit() == []


def test_it_is_built_in_time(demonstration_folder: Path) -> None:
    took = seconds(demonstration_folder)
    print(f"built in {took:.0f} seconds")
    assert 1 < took < PATIENCE


def test_everything_happened_before_today_and_in_its_quarter(demo: House) -> None:
    span = demo.store.read("select min(recorded_at) as first, max(recorded_at) as last from step")[0]
    assert span["first"].date() == NOW.period(1).start + timedelta(days=3) and span["last"].date() < TODAY
    turns = demo.store.read("select recorded_at from step order by version")
    assert [row["recorded_at"] for row in turns] == sorted(row["recorded_at"] for row in turns)
    accepted = demo.store.read(
        "select period, max(accepted_at) as at, count(*) as n from accepted where dataset = 'service_contacts'"
        " group by period order by period"
    )
    assert [row["period"] for row in accepted] == QUARTERS
    assert all(row["at"].date() >= periods.parse(row["period"]).end for row in accepted)
    assert accepted[-1]["n"] > 2 * accepted[0]["n"], "more organisations report than at the beginning"


def test_rows_of_each_dataset(demo: House) -> None:
    count = {
        name: demo.store.read(f"select count(*) as n from {name}_rows where until is null")[0]["n"]
        for name in demo.library.contracts
    }
    assert count["service_contacts"] > 2500 and count["indicator_values"] > 250 and count["members"] > 700
    assert count["milestones"] > 150 and count["service_coverage"] > 700
    kinds = {
        demo.library.indicators[row["indicator_code"]].kind
        for row in demo.store.read("select distinct indicator_code from indicator_values_rows")
    }
    assert kinds == {"survey", "budget", "legal", "process", "administrative"}


def test_invented_figures_stand_beside_fictional_countries_only(demo: House) -> None:
    """User-assigned codes of ISO 3166-1: XAA to XZZ belong to nobody."""
    for name in ("countries", "corridors"):
        for code in demo.library.codes[name].codes:
            places = [code.code] if name == "countries" else [code.attributes["origin"], code.attributes["destination"]]
            assert all(re.fullmatch(r"X[A-Z]{2}", place) for place in places), code.code
    for name in demo.library.contracts:
        table = f"d_{name}"
        found = demo.store.read(f"select distinct country, left(organisation_code, 3) as place from {table}")
        assert found and all(
            re.fullmatch(r"X[A-Z]{2}", row["country"]) and row["place"] == row["country"] for row in found
        )
    origins = demo.store.read("select distinct origin from d_service_contacts where origin is not null")
    assert origins and all(re.fullmatch(r"X[A-Z]{2}", row["origin"]) for row in origins)
    lines = demo.store.read("select distinct contact_line from d_service_coverage where contact_line is not null")
    assert lines and all(row["contact_line"].startswith("+999") for row in lines), "a country code that nobody has"


def test_the_two_first_screens_tell_their_stories(demo: House) -> None:
    found = coverage.coverage(viewer(), demo, period=LAST)
    assert found.period == coverage.default_period(viewer(), demo) == LAST
    assert {"Ministry of Health (Sunavera)", "Women's Law Office"} <= set(found.late)
    assert set(found.sides["origin"]) & set(found.sides["destination"]) == {"XBC", "XCA"}
    states = set(found.matrix.frame.iloc[:, 2:].to_numpy().ravel())
    assert states >= {"open", "restricted", "planned", "none", ""}, "every kind of cell can be seen"
    tavolinia = found.matrix.frame["origin:XAB"]
    assert 1 <= sum(tavolinia != "") <= 6
    after = found.matrix.frame.loc["SEED-8"].iloc[2:]
    assert set(after) <= {"none", "planned", ""}, "legal support after return is missing at every end"
    seats = members.members(viewer(), demo)
    assert len(seats.countries) == 12 and len(seats.gaps) >= 3
    marked = demo.store.read("select distinct organisation_code from members_rows where enforcement_body = 'yes'")
    assert "XBA-POLICE" in {row["organisation_code"] for row in marked}


def test_late_missing_waiting_and_returned(demo: House) -> None:
    found = reporting.reporting(viewer(), demo, period=LAST)
    missing = {(f.organisation_code, f.dataset) for f in found.in_state("missing")}
    assert {("XAA-HEALTH", "service_coverage"), ("XAA-HEALTH", "service_contacts")} <= missing
    assert {code for code, _dataset in missing} == {"XAA-HEALTH", "XCA-LEGAL", "XAB-HEALTH", "XAB-POLICE"}
    assert len(found.in_state("submitted")) == 5
    returned = {(f.organisation_code, f.dataset) for f in found.in_state("returned")}
    assert returned == {("XBB-LEGALAID", "service_contacts"), ("XBA-POLICE", "service_coverage")}
    late = {f.organisation_code for f in reporting.reporting(viewer(), demo, period=QUARTERS[10]).files if f.late}
    assert late == {"XAB-SOCIAL", "XBC-CENTRE", "XAA-POLICE", "XBC-SOCIAL"}


def test_a_returned_file_was_mended_and_a_figure_corrected_two_quarters_later(demo: House) -> None:
    events = demo.store.read(
        "select event, sha256, e.recorded_at from submission_event as e join submission using (submission_id)"
        " where organisation_code = 'XAA-SOCIAL' and dataset = 'service_coverage' and period = $period"
        " order by e.version",
        period=QUARTERS[8],
    )
    assert [e["event"] for e in events] == ["staged", "submitted", "returned", "staged", "submitted", "accepted"]
    assert events[0]["sha256"] != events[3]["sha256"]
    rows = demo.store.read(
        "select sum(contacts) as n, since, until, min(recorded_at) as at from service_contacts_rows"
        " where reported_by = 'XAA-POLICE' and stage = 'reported' and period = $period group by all order by since",
        period=QUARTERS[4],
    )
    assert len(rows) == 2 and rows[0]["until"] == rows[1]["since"] and rows[0]["n"] > 1.3 * rows[1]["n"]
    assert NOW.period(6).end < rows[1]["at"].date() <= NOW.period(7).end + timedelta(days=40)


def test_actions_live(demo: House) -> None:
    found = {s.code: s for s in standing.standings(demo.store.read, demo.store.head().version)}
    assert len(found) == 40 and {s.state for s in found.values()} == set(standing.STATES)
    assert Counter(s.country for s in found.values())["XAA"] == 15
    assert sum(bool(s.days_overdue(TODAY)) for s in found.values()) >= 8
    slipped = found["XAA-SHE-1"]
    assert slipped.moves == 2 and slipped.slip_days == 480 and slipped.days_overdue(TODAY) == 40
    assert found["XBA-INS-1"].state == "dropped" and found["XBA-INS-1"].note is not None
    flagged = [s for s in found.values() if s.agreed["restricts_work_or_migration"] == "yes"]
    assert [s.code for s in flagged] == ["XAA-BAN-1"] and "Questioned" in flagged[0].events[1]["note"]
    members_own = {e["by_account"] for e in found["XAA-RET-1"].events}
    assert who(demo, "member@example.org").account_id in members_own
    met = demo.store.read("select country, count(*) as n from meeting_now group by country")
    assert {row["country"]: row["n"] for row in met} == {"XAA": 13, "XBA": 12, "XBB": 5, "XBC": 4, "XAB": 2, "XBD": 2}


def test_nobody_went_around_a_door(demo: House) -> None:
    """Agencies sent, others reviewed, and contacts were accepted by the trained."""
    steps = demo.store.read(
        "select event, dataset, e.by_account, role, grant_now.organisation_code as own, s.organisation_code as of,"
        " staged_by from submission_event as e join submission as s using (submission_id)"
        " join grant_now on grant_now.account_id = e.by_account"
    )
    assert len(steps) == demo.store.read("select count(*) as n from submission_event")[0]["n"], "by real accounts"
    assert {s["role"] for s in steps if s["event"] == "accepted"} == {"coordinator", "secretariat"}
    contacts = [s for s in steps if s["dataset"] == "service_contacts"]
    assert {s["role"] for s in contacts if s["event"] == "staged"} == {"agency"}
    assert all(s["own"] == s["of"] for s in steps if s["role"] == "agency")
    alone = [s for s in steps if s["event"] == "accepted" and s["by_account"] == s["staged_by"]]
    assert {s["dataset"] for s in alone} == {"members"}, "the first register of a country without a coordinator"
    ostramar = who(demo, "coordinator.xbc@example.org")
    assert ostramar.training_until is not None and not ostramar.trained, "her training ran out"
    late = [s for s in contacts if s["event"] == "accepted" and s["by_account"] == ostramar.account_id]
    assert late and {s["of"] for s in late} == {"XBC-CENTRE", "XBC-HEALTH", "XBC-LEGAL", "XBC-SOCIAL"}, (
        "while it had not"
    )


def test_its_people_are_roles_at_an_address_that_is_nobodys(demo: House) -> None:
    people = demonstration.people()
    assert {p["role"] for p in people if p["sign_in"] == "yes"} == {"member", "agency", "coordinator", "secretariat"}
    assert all(p["email"].endswith("@example.org") and p["sign_in"] in ("yes", "no") for p in people)
    known = {row["organisation_code"] for row in demo.store.read("select distinct organisation_code from members_rows")}
    assert {p["organisation_code"] for p in people} - {""} <= known
    assert demo.store.read("select count(*) as n from credential") == [{"n": 0}], "no password, so no default account"
    trained = {p["email"]: who(demo, p["email"]).trained for p in people if p["sign_in"] == "yes"}
    assert trained == {
        "member@example.org": False,
        "agency@example.org": True,
        "coordinator@example.org": True,
        "secretariat@example.org": True,
        "enforcement@example.org": False,
        "coordinator.xba@example.org": True,
        "social.xaa@example.org": False,
    }
    assert [p["email"] for p in people if who(demo, p["email"]).enforcement] == ["enforcement@example.org"]


def test_the_record_as_it_stood_grows(demo: House) -> None:
    """The same questions at three days: each knows more than the one before, and nothing that came later."""
    found = []
    for quarter in (3, 7, 12):
        day = NOW.period(quarter).end + timedelta(days=3)
        version = demo.store.version_on(datetime.combine(day, datetime.min.time(), UTC))
        seen = replace(viewer(), today=day)
        found.append(
            (
                len(members.members(seen, demo, version=version).countries),
                len(marts.rows(demo, "service_contacts", version)),
                len(standing.standings(demo.store.read, version)),
                int((coverage.coverage(seen, demo, version=version).matrix.frame == "open").to_numpy().sum()),
            )
        )
        newest = marts.rows(demo, "service_coverage", version)["period"].max()
        assert newest == str(NOW.period(quarter - 1)), "the quarter that ended three days ago has not been reported"
    assert all(
        one < two
        for before, after in zip(found, found[1:], strict=False)
        for one, two in zip(before, after, strict=True)
    )


def test_a_rebuild_gives_the_same_record(demonstration_folder: Path, demo: House, tmp_path: Path) -> None:
    copy = Settings(data=tmp_path / "d", demo=True, min_free_bytes=0)
    shutil.copytree(demonstration_folder, copy.data, symlinks=True)
    assert rebuild.rebuild(copy).problems == []
    again = open_house(copy)
    try:
        assert rebuild.equal(demo.store, again.store) == []
    finally:
        again.close()
