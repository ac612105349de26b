"""Contacts as the trained read them: right sums, a part said to be one, nothing counted twice; no number for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from contacts_world import COORD, DATASET, HEALTH, POLICE, Q1, Q2, TOTAL, TRAINED, UNION, counted
from dashboard.intake import submissions
from dashboard.people import accounts
from dashboard.protection.policy import Grant, Refused, Viewer
from dashboard.publication.files import as_csv
from dashboard.record.house import House
from dashboard.reference.table import Status, Table
from dashboard.reports import contacts
from world import PEOPLE, World, contact, join, train

TODAY = datetime.now(UTC).date()
NOT_RELEASED, VALUE = (None, Status.NOT_RELEASED), Status.VALUE
WITHOUT = ("member", "agency", "coordinator", "foreign coordinator", "enforcement", "secretariat", "expired agency")


def cells(table: Table, column: str = "contacts") -> dict[str, tuple[object, str]]:
    """The column as {row: (value, status)}."""
    return {
        str(key): (value, Status(mark))
        for key, value, mark in zip(table.frame.index, table.frame[column], table.statuses[column], strict=True)
    }


def every_table(viewer: Viewer, house: House, country: str = "", period: str = Q2) -> list[Table]:
    parts = [contacts.breakdown(viewer, house, country=country, period=period, by=by) for by in contacts.BY]
    stages = contacts.stages(viewer, house, country=country, period=period)
    return [contacts.by_period(viewer, house, country=country), *parts, stages]


# --- sums ---


def test_totals_by_quarter_and_country(counting: World) -> None:
    viewer, house = counting.viewer("trained secretariat"), counting.house
    assert contacts.totals(viewer, house, country="") == {Q1: (45, VALUE), Q2: (85, VALUE)}
    assert contacts.totals(viewer, house, country="XAA") == {Q1: (45, VALUE), Q2: (69, VALUE)}
    assert contacts.totals(viewer, house, country="XBA") == {Q2: (16, VALUE)}
    assert contacts.totals(viewer, house, country="XZZ") == {}
    whole = {period: value for period, (value, _mark) in contacts.totals(viewer, house, country="").items()}
    for period, value in whole.items():
        assert value == sum(count for (_org, p), count in TOTAL.items() if p == period), "each later stage left out"
    table = contacts.by_period(viewer, house)
    assert cells(table) == {Q1: (45, VALUE), Q2: (85, VALUE)}
    assert cells(table, "organisations") == {Q1: (2, VALUE), Q2: (3, VALUE)}
    assert list(table.frame["period"]) == ["Q1 2026", "Q2 2026"]


PARTS: dict[str, dict[str, tuple[int | None, Status]]] = {
    "sector": {"health": (61, VALUE), "justice_policing": (16, VALUE), "social": (8, VALUE),
               "world_of_work": (0, Status.ZERO)},
    "service": {"SEED-1": (61, VALUE), "SEED-2": (0, Status.ZERO), "not_recorded": (24, VALUE)},
    "origin": {"XBA": (24, VALUE), "XAA": (16, VALUE), "not_recorded": (45, VALUE)},
    "form_of_violence": {"physical": (24, VALUE), "economic": (8, VALUE), "not_recorded": (53, VALUE)},
    "channel": {"walk_in": (24, VALUE), "hotline": (0, Status.ZERO), "outreach": (0, Status.ZERO),
                "not_recorded": (61, VALUE)},
    "organisation": {HEALTH: (69, VALUE), POLICE: (16, VALUE), UNION: (0, Status.ZERO),
                     COORD: (None, Status.NOT_REPORTED)},
}  # fmt: skip


@pytest.mark.parametrize("by", contacts.BY)
def test_what_the_contacts_of_a_quarter_are_made_of(counting: World, by: str) -> None:
    """Each breakdown adds up to the total: a row whose category is not recorded is a row of its own."""
    viewer = counting.viewer("trained secretariat")
    table = contacts.breakdown(viewer, counting.house, country="", period=Q2, by=by)
    assert cells(table) == PARTS[by]
    assert sum(int(v or 0) for v in table.frame["contacts"]) == 85
    assert table.period == "Q2 2026" and table.column("contacts").title == "Contacts"
    if "not_recorded" in table.frame.index:
        assert table.frame.index[-1] == "not_recorded" and table.frame["category"].iloc[-1] == "Not recorded"


def test_words_for_codes(counting: World) -> None:
    viewer = counting.viewer("trained secretariat")
    by_origin = contacts.breakdown(viewer, counting.house, country="", period=Q2, by="origin")
    assert list(by_origin.frame["category"]) == ["Bravonia", "Asterland", "Not recorded"]
    by_organisation = contacts.breakdown(viewer, counting.house, country="XBA", period=Q2, by="organisation")
    assert list(by_organisation.frame["category"]) == ["XBA-POLICE office", "XBA-UNION office"]
    with pytest.raises(KeyError):
        contacts.breakdown(viewer, counting.house, country="", period=Q2, by="status")
    with pytest.raises(ValueError, match="not a quarter"):
        contacts.breakdown(viewer, counting.house, country="", period="spring", by="sector")


def test_a_quarter_that_nobody_reported_for(counting: World) -> None:
    viewer, house = counting.viewer("trained secretariat"), counting.house
    for by in set(contacts.BY) - {"organisation"}:
        assert contacts.breakdown(viewer, house, country="", period="2025-Q1", by=by).frame.empty
    assert "Nobody has reported contacts for Q1 2025" in contacts.answer(viewer, house, period="2025-Q1")


def test_stages_stand_apart_from_the_total(counting: World) -> None:
    viewer, house = counting.viewer("trained secretariat"), counting.house
    table = contacts.stages(viewer, house, country="XBA", period=Q2)
    assert cells(table, "number") == {
        "reported": (14, VALUE),
        "investigated": (9, VALUE),
        "charged": (3, VALUE),
        "tried": (None, Status.NOT_REPORTED),
        "concluded": (None, Status.NOT_REPORTED),
        "not_recorded": (2, VALUE),
    }
    assert any("in no total of contacts" in caveat for caveat in table.caveats)
    only_later = [contact(POLICE, "justice_policing", 4, stage="tried")]
    counted(counting, POLICE, "2026-Q3", only_later)
    assert contacts.totals(viewer, house, country="XBA")["2026-Q3"] == (None, Status.NOT_REPORTED)
    later = contacts.stages(viewer, house, country="XBA", period="2026-Q3")
    assert cells(later, "number")["tried"] == (4, VALUE) and "not_recorded" not in later.frame.index
    by = contacts.breakdown(viewer, house, country="XBA", period="2026-Q3", by="sector")
    assert by.frame.empty, "a category of later stages alone is none of contacts"


def test_a_zero_is_a_count_and_silence_is_none(counting: World) -> None:
    viewer, house = counting.viewer("trained secretariat"), counting.house
    counted(counting, UNION, Q1, [contact(UNION, "world_of_work", 0)])
    assert contacts.totals(viewer, house, country="XBA")[Q1] == (0, Status.ZERO)
    assert contacts.answer(viewer, house, country="XBA", period=Q1) == (
        "0 contacts were reported for Q1 2026, by 1 organisation."
    )


# --- versions ---


def test_a_correction_and_what_was_read_before_it(counting: World) -> None:
    viewer, house = counting.viewer("trained coordinator"), counting.house
    before = house.store.head().version
    counted(counting, HEALTH, Q2, [contact(HEALTH, "health", 70, channel="hotline")])
    assert contacts.totals(viewer, house, country="XAA")[Q2] == (70, VALUE)
    assert contacts.totals(viewer, house, country="XAA", version=before)[Q2] == (69, VALUE)
    as_of = contacts.breakdown(viewer, house, country="XAA", period=Q2, by="channel", version=before)
    assert cells(as_of) == {"walk_in": (24, VALUE), "hotline": (0, Status.ZERO), "not_recorded": (45, VALUE)}
    assert as_of.as_of.version <= before
    found = house.store.read(
        "select submission_id from accepted where dataset = $d and period = $p and organisation_code = $o"
        " and until is null", d=DATASET, p=Q2, o=HEALTH,
    )  # fmt: skip
    submissions.withdraw(viewer, house, found[0]["submission_id"], "counted wrongly")
    assert contacts.totals(viewer, house, country="XAA") == {Q1: (45, VALUE)}
    assert contacts.totals(viewer, house, country="XAA", version=0) == {}


def test_a_right_is_that_of_today_whatever_the_version(counting: World) -> None:
    version = counting.house.store.head().version
    expired = counting.viewer("expired agency")
    assert contacts.totals(expired, counting.house, country="XAA", version=version)[Q2] == NOT_RELEASED


# --- who reads what ---


def test_an_agency_reads_its_own_and_is_told_so(counting: World) -> None:
    viewer, house = counting.viewer("trained agency"), counting.house
    for country in ("", "XAA"):
        assert contacts.totals(viewer, house, country=country) == {Q1: (40, VALUE), Q2: (69, VALUE)}
        assert contacts.whose(viewer, house, country=country).startswith("These are the contacts of XAA-HEALTH office")
    assert contacts.totals(viewer, house, country="XBA") == {Q2: NOT_RELEASED}
    assert contacts.reach(viewer) == "You see the contacts of your own organisation."
    parts = contacts.breakdown(viewer, house, country="", period=Q1, by="organisation")
    assert cells(parts) == {HEALTH: (40, VALUE), COORD: NOT_RELEASED}


def test_a_coordinator_reads_her_country(counting: World) -> None:
    viewer, house = counting.viewer("trained coordinator"), counting.house
    assert contacts.totals(viewer, house, country="XAA") == {Q1: (45, VALUE), Q2: (69, VALUE)}
    assert contacts.whose(viewer, house, country="XAA") == ""
    assert contacts.totals(viewer, house, country="") == {Q1: (45, VALUE), Q2: (69, VALUE)}
    assert "Asterland alone" in contacts.whose(viewer, house, country="")
    assert contacts.totals(viewer, house, country="XBA") == {Q2: NOT_RELEASED}
    assert "outside what you see" in contacts.answer(viewer, house, country="XBA")


def test_an_enforcement_body_reads_its_own_and_knows_of_nobody_else(counting: World) -> None:
    viewer, house = counting.viewer("trained enforcement"), counting.house
    assert contacts.totals(viewer, house, country="") == {Q2: (16, VALUE)}
    assert contacts.totals(viewer, house, country="XAA") == {}
    for country in ("", "XAA", "XBA"):
        said = "".join(as_csv(table) for table in every_table(viewer, house, country))
        assert "XBA-UNION" not in said and "XAA-" not in said
    untrained = counting.viewer("enforcement")
    assert contacts.totals(untrained, house, country="") == {Q2: NOT_RELEASED}
    assert list(cells(contacts.breakdown(untrained, house, country="", period=Q2, by="organisation"))) == [POLICE]


def test_two_grants_add_up(counting: World) -> None:
    """A coordinator who is also of an organisation elsewhere reads both, once each."""
    both = replace(
        counting.viewer("trained coordinator"), grants=(Grant("coordinator", COORD, "XAA"), Grant("agency", UNION))
    )
    assert contacts.totals(both, counting.house, country="") == {Q1: (45, VALUE), Q2: (69, VALUE)}
    assert contacts.totals(both, counting.house, country="XBA") == {Q2: (0, Status.ZERO)}
    assert "Asterland and XBA-UNION office alone" in contacts.whose(both, counting.house, country="")


@pytest.mark.parametrize("name", WITHOUT)
def test_without_a_scope_there_is_no_number_in_any_cell(counting: World, name: str) -> None:
    viewer, house = counting.viewer(name), counting.house
    for country in ("", "XAA", "XBA"):
        assert {value for value in contacts.totals(viewer, house, country=country).values()} <= {NOT_RELEASED}
        for table in every_table(viewer, house, country):
            column = "number" if "number" in table.frame.columns else "contacts"
            assert set(cells(table, column).values()) <= {NOT_RELEASED}
            assert table.caveats[0].startswith("Reported contacts, not prevalence: most violence is never reported.")
            assert any("not released yet" in caveat.lower() for caveat in table.caveats)
        assert contacts.answer(viewer, house, country=country).startswith("Not released yet")
    assert contacts.reach(viewer).startswith("Not released yet")
    by = contacts.breakdown(viewer, house, country="", period=Q2, by="form_of_violence")
    assert list(by.frame.index) == ["all"], "not even which forms there were"


def test_nobody_without_a_role_asks(counting: World) -> None:
    for viewer in (counting.viewer("anonymous"), replace(counting.viewer("trained secretariat"), grants=())):
        asked: list[Callable[[], object]] = [
            lambda v=viewer: contacts.totals(v, counting.house, country=""),  # type: ignore[misc]
            lambda v=viewer: contacts.by_period(v, counting.house),  # type: ignore[misc]
            lambda v=viewer: contacts.answer(v, counting.house),  # type: ignore[misc]
        ]
        for ask in asked:
            with pytest.raises(Refused):
                ask()
        assert contacts.reach(viewer).startswith("Not released yet")


def test_every_viewer_sees_what_the_policy_says_and_no_less(counting: World) -> None:
    """Asked row by row of the record and of the policy table, apart from the code that is tested."""
    from dashboard.protection import policy

    rows = counting.house.store.read(
        "select reported_by, country, period, sum(contacts) as contacts from service_contacts_rows"
        " where until is null and coalesce(stage, 'reported') = 'reported' group by all"
    )
    for name in [*PEOPLE, *TRAINED, "expired agency"]:
        viewer = counting.viewer(name)
        for country in ("", "XAA", "XBA"):
            mine = pd.DataFrame(
                [
                    r for r in rows
                    if country in ("", r["country"])
                    and policy.scope(viewer, "view contacts").holds(r["reported_by"], r["country"])
                ], columns=["reported_by", "country", "period", "contacts"],
            )  # fmt: skip
            expected = mine.groupby("period")["contacts"].sum().to_dict()
            found = contacts.totals(viewer, counting.house, country=country)
            assert {p: v for p, (v, _mark) in found.items() if v is not None} == expected, (name, country)


# --- what is said beside ---


def test_caveats_go_first_the_one_of_the_list(counting: World) -> None:
    viewer, house = counting.viewer("trained agency"), counting.house
    for table in every_table(viewer, house, "XAA"):
        assert table.caveats[0] == house.library.title("caveats", "reported-not-prevalence")
        assert "A contact is not a woman" in table.caveats[1]
        assert any("XAA-HEALTH office alone" in caveat for caveat in table.caveats)
        said = as_csv(table)
        assert said.index("Reported contacts, not prevalence") < said.index("A contact is not a woman")
    for table in every_table(counting.viewer("trained secretariat"), house):
        assert not any("alone" in caveat for caveat in table.caveats)


def test_who_has_not_reported_is_named(counting: World) -> None:
    """Of her scope only: those that reported in the year before, and not for this quarter."""
    viewer, house = counting.viewer("trained coordinator"), counting.house
    assert contacts.missing(viewer, house, country="XAA", period=Q2) == ("XAA-COORD office",)
    assert contacts.missing(viewer, house, country="XAA", period=Q1) == ()
    assert contacts.missing(viewer, house, country="XBA", period="2026-Q3") == ()
    assert contacts.missing(viewer, house, country="", period="2027-Q2") == ("XAA-HEALTH office",), "Q1 is too old"
    assert contacts.missing(counting.viewer("trained agency"), house, country="XAA", period=Q2) == ()
    for table in every_table(viewer, house, "XAA"):
        assert "Not reported for Q2 2026 by: XAA-COORD office." in table.caveats


def test_the_answer_judges_nothing(counting: World) -> None:
    viewer, house = counting.viewer("trained coordinator"), counting.house
    assert contacts.answer(viewer, house, country="XAA") == (
        "69 contacts were reported for Q2 2026, by 1 organisation."
        " 45 contacts were reported for Q1 2026, by 2 organisations."
    )
    assert contacts.default_period(viewer, house, country="XAA") == Q2
    assert contacts.reported_periods(viewer, house) == [Q2, Q1]
    for name in [*TRAINED, *WITHOUT]:
        for country in ("", "XAA", "XBA"):
            said = [contacts.answer(counting.viewer(name), house, country=country)]
            said += [part for t in every_table(counting.viewer(name), house, country) for part in (t.title, *t.caveats)]
            for sentence in said:
                words = sentence.lower().replace("a rise may mean better access", "").replace("prevalence", "")
                words = words.replace("a contact is not a woman: one woman", "")
                for judging in (
                    "rise",
                    "rose",
                    "fell",
                    "better",
                    "worse",
                    "increase",
                    "decrease",
                    "victim",
                    "cases of",
                ):
                    assert judging not in words, sentence


def test_a_quarter_that_runs_is_not_the_newest_shown(counting: World) -> None:
    running = f"{TODAY.year}-Q{(TODAY.month + 2) // 3}"
    counted(counting, HEALTH, running, [contact(HEALTH, "health", 5)])
    viewer = counting.viewer("trained agency")
    assert contacts.default_period(viewer, counting.house) == Q2
    assert contacts.totals(viewer, counting.house, country="XAA")[running] == (5, VALUE), "but it is there"
    later = replace(viewer, today=date(TODAY.year + 1, 6, 30))
    assert contacts.default_period(replace(later, training_until=later.today), counting.house) == running


def test_a_breakdown_that_a_deployment_does_not_allow(counting: World) -> None:
    """Not asked for is said to be not collected, and what was sent before is in no breakdown any more."""
    from dashboard.record.house import open_house

    house = counting.house
    house.close()
    (house.settings.overlay / "codes" / "disaggregations.csv").write_text(
        "# replaces\ncode,title,source,verified,check_at,allowed\norigin,Country of origin,ours,yes,,yes\n",
        encoding="utf-8",
    )
    again = World(open_house(house.settings), counting.people, counting.sent)
    try:
        viewer = again.viewer("trained secretariat")
        for by in ("form_of_violence", "channel"):
            found = contacts.breakdown(viewer, again.house, country="", period=Q2, by=by)
            assert cells(found) == {"all": (None, Status.NOT_COLLECTED)}
        assert cells(contacts.breakdown(viewer, again.house, country="", period=Q2, by="origin")) == PARTS["origin"]
        stages = cells(contacts.stages(viewer, again.house, country="", period=Q2), "number")
        assert set(stages.values()) == {(None, Status.NOT_COLLECTED)}
        assert contacts.totals(viewer, again.house, country="")[Q2] == (85, VALUE)
    finally:
        again.house.close()


def test_an_organisation_that_no_register_names(counting: World) -> None:
    """It counts for its country, and is called by its code."""
    join(counting, "new agency", "agency", "XAA-NEW", "XAA")
    train(counting, "new agency")
    counted(counting, "XAA-NEW", Q2, [contact("XAA-NEW", "health", 6)])
    viewer, house = counting.viewer("new agency"), counting.house
    assert viewer.enforcement, "nobody has said that it is none"
    assert contacts.totals(viewer, house, country="XAA") == {Q2: (6, VALUE)}
    assert "XAA-NEW alone" in contacts.whose(viewer, house, country="XAA")
    assert contacts.totals(counting.viewer("trained coordinator"), house, country="XAA")[Q2] == (75, VALUE)


def test_the_end_of_a_training_in_the_middle_of_a_look(counting: World) -> None:
    viewer = counting.viewer("trained coordinator")
    until = viewer.training_until
    assert until and contacts.totals(replace(viewer, today=until), counting.house, country="XAA")[Q2] == (69, VALUE)
    after = replace(viewer, today=until + timedelta(days=1))
    assert contacts.totals(after, counting.house, country="XAA")[Q2] == NOT_RELEASED
    trainings = counting.house.store.read(
        "select training_id from training_now where account_id = $id", id=viewer.account_id
    )
    accounts.revoke_training(counting.operator, counting.house, trainings[0]["training_id"])
    now = counting.viewer("trained coordinator")
    assert contacts.totals(now, counting.house, country="XAA")[Q2] == NOT_RELEASED
