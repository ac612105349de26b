"""Where a figure's reach ends: at the published quarter, at a part of a country, the names of then, its caveat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from contacts_world import COORD, HEALTH, POLICE, Q1, Q2, counted
from dashboard.charts import trend
from dashboard.protection.policy import Viewer
from dashboard.publication import release
from dashboard.publication.files import as_csv
from dashboard.reference import indicators as definitions
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reports import contacts, indicator_tables, indicators
from dashboard.web import cards
from indicator_world import ABROAD, card, column, dated, listing, sent, series, survey, value
from test_indicator_pages import Browsers
from world import World, contact, member, send, table

TODAY = datetime.now(UTC).date()
RUNNING = str(periods.of(TODAY))
LATER = TODAY + timedelta(days=100)
NOT_RELEASED, VALUE = (None, Status.NOT_RELEASED), Status.VALUE
CAVEAT = "Reported contacts, not prevalence: most violence is never reported. A rise may mean better access to help."


# --- an enforcement body reads of others what a release covered ---


def persons(organisation: str, number: int) -> list[dict[str, str]]:
    rows = [value(organisation, "P-CAP-1", RUNNING, number)]
    return [*rows, value(organisation, "P-CAP-1", RUNNING, number, disaggregation="sector", category="health")]


def said(world: World, name: str, country: str) -> tuple[str, indicators.Series]:
    viewer = dated(world.viewer(name), LATER)
    found = indicators.series(viewer, world.house, "P-CAP-1", country=country)
    asked = {"country": country, "period": RUNNING, "by": "sector"}
    tables = [found.table, indicators.breakdown(viewer, world.house, "P-CAP-1", **asked)]
    ways = indicators.breakdowns(viewer, world.house, "P-CAP-1", country=country)
    return str([*map(as_csv, [*tables, indicator_tables.revisions(found)]), found.answer, ways]), found


def test_a_quarter_that_no_release_covered_is_read_by_members_alone(measured: World) -> None:
    sent(measured, HEALTH, RUNNING, persons(HEALTH, 111))
    sent(measured, HEALTH, RUNNING, persons(HEALTH, 222))
    release.publish(measured.operator, measured.house)
    hers, found = said(measured, "enforcement", "XAA")
    assert "111" not in hers and "222" not in hers and RUNNING not in found.table.frame["value"].dropna().index
    assert column(found.table)["2026-Q3"] == (410.0, VALUE), "what was published stays"
    theirs, of_all = said(measured, "secretariat", "XAA")
    assert "222" in theirs and [r.old for r in of_all.revisions if r.period == RUNNING] == [111.0]


def test_what_others_said_before_was_never_published(measured: World) -> None:
    release.publish(measured.operator, measured.house)
    assert series(measured, "P-CAP-1", name="secretariat").revisions, "70 became 90"
    assert series(measured, "P-CAP-1", name="enforcement").revisions == ()
    for number in (31, 32):
        sent(measured, POLICE, RUNNING, persons(POLICE, number))
    _text, own = said(measured, "enforcement", "XBA")
    assert [(r.old, r.new, r.reported_by) for r in own.revisions] == [(31.0, 32.0, "XBA-POLICE office")]


def test_nobody_is_said_to_be_silent_of_whom_nothing_was_published(measured: World) -> None:
    sent(measured, POLICE, "2026-Q3", [value(POLICE, "P-CAP-1", "2026-Q3", 30)])
    sent(measured, POLICE, RUNNING, persons(POLICE, 32))
    sent(measured, ABROAD, RUNNING, persons(ABROAD, 7))
    release.publish(measured.operator, measured.house)
    text, own = said(measured, "enforcement", "XBA")
    assert column(own.table)[RUNNING] == (32.0, VALUE) and "Not reported for" not in text
    assert own.goals.all == (), "a part is measured against no goal"


# --- the trained with a part of a country ---


def test_what_others_alone_sent_is_not_released_to_the_trained(measured: World) -> None:
    sent(measured, COORD, "2026-Q2", [value(COORD, "P-REF-1", "2026-Q2", 31), value(COORD, "SPOT-4.2", "2026-Q2", 9)])
    part = series(measured, "P-REF-1", name="trained agency")
    assert column(part.table) == {"2026-Q2": NOT_RELEASED, "2026-Q3": (87.0, VALUE)}
    none = series(measured, "SPOT-4.2", name="trained agency")
    assert column(none.table)["2026-Q2"] == NOT_RELEASED and none.finding == "Not released yet"
    assert none.answer.startswith("Not released yet: this is outside what you see.")
    shown = card(listing(measured, "trained agency", country="XAA"), "SPOT-4.2")
    assert (shown.status, shown.reason) == (Status.NOT_RELEASED, "")
    assert not any("alone" in note for note in shown.notes), "there is nothing that could be hers alone"
    silent = card(listing(measured, "trained agency", country="XAA"), "SDG-16.2.2")
    assert silent.status == Status.NOT_REPORTED, "where nobody sent any, that is what is said"
    whole = series(measured, "P-REF-1", name="trained coordinator")
    assert column(whole.table)["2026-Q2"] == (31.0, VALUE)


def test_contacts_that_others_alone_reported_are_not_released(measured: World) -> None:
    house, asked = measured.house, "2025-Q4"
    counted(measured, COORD, asked, [contact(COORD, "coordination", 5)])
    viewer = measured.viewer("trained agency")
    assert contacts.totals(viewer, house, country="XAA")[asked] == NOT_RELEASED
    by_period = contacts.by_period(viewer, house, country="XAA")
    assert column(by_period, "organisations")[asked] == (1, VALUE)
    by = contacts.breakdown(viewer, house, country="XAA", period=asked, by="sector")
    assert column(by, "contacts") == {"all": NOT_RELEASED}
    stages = contacts.stages(viewer, house, country="XAA", period=asked)
    assert set(column(stages, "number").values()) == {NOT_RELEASED}
    assert contacts.answer(viewer, house, country="XAA", period=asked) == (
        "Your organisation has not reported contacts for Q4 2025. What others reported is not released yet."
    )
    assert column(series(measured, "P-SVC-1", name="trained agency").table)[asked] == NOT_RELEASED
    coordinator = measured.viewer("trained coordinator")
    assert contacts.totals(coordinator, house, country="XAA")[asked] == (5, VALUE)
    counted(measured, POLICE, asked, [contact(POLICE, "justice_policing", 4, stage="tried")])
    assert contacts.totals(measured.viewer("trained secretariat"), house, country="XBA")[asked] == (
        None,
        Status.NOT_REPORTED,
    ), "whoever reads everything knows that there is none"
    police = contacts.answer(measured.viewer("trained enforcement"), house, country="XBA", period=Q1)
    assert "Nobody" not in police, "she may not know who reported"


# --- as of a version, the names of then ---


def test_an_answer_as_of_a_version_says_the_names_of_then(measured: World) -> None:
    counted(measured, HEALTH, "2025-Q4", [contact(HEALTH, "health", 5)])
    counted(measured, COORD, "2025-Q4", [contact(COORD, "coordination", 5)])
    house, version = measured.house, measured.house.store.head().version
    rows = [member(COORD, "GOV-WOM", "coordination"), member(HEALTH, "GOV-HEA", "health")]
    for row in rows:
        row["organisation_name"] = f"Renamed {row['organisation_code']}"
    send(measured, "members", COORD, "2026-Q3", table(house, "members", rows))

    def everything(at: int | None) -> str:
        coordinator, agency = (dated(measured.viewer(name)) for name in ("trained coordinator", "trained agency"))
        asked: dict[str, Any] = {"country": "XAA", "version": at}
        found = [
            indicators.series(v, house, code, **asked)
            for v in (coordinator, agency)
            for code in ("P-CAP-1", "P-REF-1", "P-SVC-1")
        ]
        tables = [one.table for one in found] + [indicator_tables.revisions(one) for one in found]
        tables += [contacts.breakdown(v, house, period=Q2, by="organisation", **asked) for v in (coordinator, agency)]
        tables += [indicators.breakdown(agency, house, "SPOT-4.1", period="2026-Q3", by="sector", **asked)]
        missing = contacts.missing(coordinator, house, period=Q2, **asked)
        return "".join(map(as_csv, tables)) + str(missing)

    then, now = everything(version), everything(None)
    assert "Renamed" not in then and "XAA-HEALTH office" in then and "XAA-COORD office" in then
    assert "XAA-HEALTH office" not in now and "XAA-COORD office" not in now
    assert "contacts of Renamed XAA-HEALTH alone" in now


# --- caveats go with every part of a figure that is read alone ---


def test_the_picture_of_a_card_says_its_caveat(measured: World) -> None:
    found = card(listing(measured, "trained secretariat", country="XAA"), "P-SVC-1")
    shown = str(cards.line(found))
    title = unquote(shown).split("<title>")[1].split("</title>")[0]
    assert title.startswith("Line: ") and title.endswith(CAVEAT)
    assert f"{CAVEAT}'" in shown.split("alt=")[1]


def test_each_country_of_a_comparison_says_that_it_is_a_survey(measured: World) -> None:
    for period, number in (("2025-Q3", 18.5), ("2026-Q3", 17.25)):
        sent(measured, ABROAD, period, [survey(ABROAD, period, number)])
    caveat = measured.house.library.title("caveats", "survey-estimate")
    viewer = dated(measured.viewer("secretariat"))
    found = indicators.comparison(viewer, measured.house, "SDG-5.2.1")
    assert found and found.caveat == caveat
    assert all(caveat in unquote(address) for _country, address in trend.multiples(found))
    text = Browsers(measured).page("secretariat", "/indicator/SDG-5.2.1")
    panels = [part for part in text.split('"alt": "')[1:] if part.startswith("From ")]
    assert len(panels) == 2 and all(caveat in part.split('"')[0] for part in panels)


def test_a_breakdown_names_who_sent_none_this_time(measured: World) -> None:
    of_coord = {"disaggregation": "sector", "category": "social"}
    sent(measured, COORD, "2026-Q2", [value(COORD, "SPOT-4.1", "2026-Q2", 5, **of_coord)])
    gone = "Not reported for Q3 2026 by: XAA-COORD office."
    for name, told in (("trained coordinator", True), ("trained agency", False), ("member", False)):
        found = indicators.breakdown(
            dated(measured.viewer(name)), measured.house, "SPOT-4.1", country="XAA", period="2026-Q3", by="sector"
        )
        assert (gone in found.caveats) == told, name


# --- a survey is no headline ---


def test_a_survey_has_no_place_among_the_headlines(tmp_path: Path) -> None:
    text = Path("datasets/indicators/SDG-5.2.1.toml").read_text(encoding="utf-8")
    file = tmp_path / "SDG-5.2.1.toml"
    file.write_text(text, encoding="utf-8")
    assert definitions.read([file])["SDG-5.2.1"].headline == 0
    file.write_text(text + "\nheadline = 7\n", encoding="utf-8")
    with pytest.raises(ValueError, match="a survey has no headline"):
        definitions.read([file])


# --- stages of cases stand apart from the total ---


def stages(viewer: Viewer, world: World, code: str = "P-SVC-1", country: str = "XBA") -> object:
    return indicators.stages(viewer, world.house, code, country=country, period=Q2)


def test_stages_of_cases_are_there_for_who_may_see_them(looked_at: World) -> None:
    for name in ("trained secretariat", "trained enforcement"):
        assert stages(looked_at.viewer(name), looked_at) is not None
    for name in ("trained agency", "trained coordinator", "secretariat", "member", "enforcement"):
        assert stages(looked_at.viewer(name), looked_at) is None
    assert stages(looked_at.viewer("trained secretariat"), looked_at, country="XAA") is None, "no police, no stages"
    assert stages(looked_at.viewer("trained secretariat"), looked_at, code="P-CAP-1") is None


def test_the_page_of_contacts_shows_stages_apart(measured: World) -> None:
    browsers, search = Browsers(measured), f"?country=XBA&period={Q2}"
    heading = "Stages of cases at police and justice, Q2 2026"
    text = browsers.page("trained secretariat", "/indicator/P-SVC-1", search)
    assert text.count(heading) == 1 and text.index("Broken down") < text.index(heading)
    after = text[text.index(heading) :]
    assert CAVEAT in after and "in no total of contacts" in after
    assert "indicator-stages" in after and ">9</td>" in after
    for name in ("secretariat", "member", "trained agency"):
        assert heading not in browsers.page(name, "/indicator/P-SVC-1", search)
