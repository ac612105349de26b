"""Who reads which number of an indicator: contacts by training and reach, an enforcement body what was published."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts_world import EXPIRED, TRAINED
from dashboard.intake import submissions
from dashboard.protection.policy import Refused, Viewer
from dashboard.publication.files import as_csv
from dashboard.record.house import House
from dashboard.reference.table import Status, Table
from dashboard.reports import indicator_tables, indicators
from dashboard.reports.indicator_goals import SHORT
from indicator_world import (
    ABROAD,
    COORD,
    HEALTH,
    POLICE,
    card,
    column,
    dated,
    goal,
    listing,
    sent,
    series,
    value,
)
from world import PEOPLE, World, send, table

VALUE = Status.VALUE
CAVEAT = "Reported contacts, not prevalence: most violence is never reported. A rise may mean better access to help."
EVERYBODY = (*PEOPLE, *TRAINED, *EXPIRED)
# Whose contacts each of the trained reads; nobody else reads any.
SEES = {
    "trained agency": {HEALTH},
    "trained coordinator": {HEALTH, COORD},
    "trained secretariat": {HEALTH, COORD, POLICE, ABROAD},
    "trained enforcement": {POLICE},
}
# Numbers that stand nowhere else, and who reads them. Two offices counted referrals: who sees both reads their sum.
COUNTED = ("P-SVC-1", "P-REF-1", "SPOT-4.1", "P-CAP-1")
_XAA = {"trained agency", "trained coordinator", "trained secretariat"}
PLANTED = {
    **dict.fromkeys((611, 733, 419), _XAA),
    87: {"trained agency"},
    1409: set[str](),
    1496: {"trained coordinator", "trained secretariat"},
    947: {"trained enforcement", "trained secretariat"},
    77: {"trained coordinator", "trained secretariat"},
}


def everything(viewer: Viewer, house: House) -> str:
    """All that the reports hand this viewer, as text."""
    said: list[Any] = []

    def add(found: Table) -> None:
        said.extend(
            [as_csv(found), found.title, found.caveats, found.frame.to_dict("list"), found.statuses.to_dict("list")]
        )

    for country in ("XAA", "XBA"):
        found = indicators.listing(viewer, house, country=country)
        said += [
            found.answer,
            [(c.sentence, c.value, c.change, c.notes, c.points) for c in (*found.cards, *found.silent)],
        ]
        for group in (*([found.headline] if found.headline else []), *found.groups):
            add(group.table)
        for code in house.library.indicators:
            one = indicators.series(viewer, house, code, country=country)
            add(one.table)
            add(indicator_tables.goals(one))
            add(indicator_tables.revisions(one))
            said += [one.answer, one.finding, one.points, one.goals, one.revisions]
            for by in ("sector", "corridor", "organisation"):
                for period in ("2026-Q1", "2026-Q3") if code in COUNTED else ():
                    if code != "P-SVC-1" or by != "corridor":
                        add(indicators.breakdown(viewer, house, code, country=country, period=period, by=by))
            said += indicators.breakdowns(viewer, house, code, country=country)
            if compared := indicators.comparison(viewer, house, code):
                add(compared.table)
                said.append(compared.panels)
    return json.dumps(said, default=str)


def numbers(text: str) -> set[int]:

    return {int(n) for n in re.findall(r"(?<![\d.:-])\d+(?![\d:-])", text.replace(",", ""))}


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_reads_a_count_of_contacts_beyond_her_scope(looked_at: World, name: str) -> None:
    seen = numbers(everything(dated(looked_at.viewer(name)), looked_at.house)) & set(PLANTED)
    assert seen == {number for number, readers in PLANTED.items() if name in readers}


@pytest.mark.parametrize("name", EVERYBODY)
def test_where_there_is_no_number_it_is_said_why(looked_at: World, name: str) -> None:
    found = series(looked_at, "SPOT-4.1", name=name)
    states = {period: status for period, (_value, status) in column(found.table).items()}
    reads = HEALTH in SEES.get(name, ())
    knows = "enforcement" not in name
    assert found.open == reads
    if reads:
        assert states["2026-Q3"] == VALUE
    elif knows:
        assert states["2026-Q3"] == Status.NOT_RELEASED == states["2026-Q1"]
        assert card(listing(looked_at, name, country="XAA"), "SPOT-4.1").status == Status.NOT_RELEASED
    else:
        assert states == {}, "to an enforcement body, who reported is not told"
    if not reads:
        assert found.answer.startswith("Not released yet") and found.finding == "Not released yet"
        assert found.table.caveats[0] == CAVEAT and found.revisions == ()
        assert not found.table.frame["source"].any() and not found.table.frame["reported_by"].any()
    hidden = indicators.breakdown(
        dated(looked_at.viewer(name)), looked_at.house, "SPOT-4.1", country="XAA", period="2026-Q3", by="sector"
    )
    assert column(hidden) == ({"health": (419.0, VALUE)} if reads else {"all": (None, Status.NOT_RELEASED)})


def test_a_part_says_whose_it_is(looked_at: World) -> None:
    hers = series(looked_at, "SPOT-4.1", name="trained agency")
    assert any("XAA-HEALTH office alone" in said for said in hers.table.caveats)
    whole = series(looked_at, "SPOT-4.1", name="trained coordinator")
    assert not any("alone" in said for said in whole.table.caveats)


def test_an_enforcement_body_reads_what_was_published_and_its_own(looked_at: World) -> None:
    own = series(looked_at, "P-SVC-2", "XBA", "enforcement")
    assert column(own.table) == {"2026-Q3": (25.0, VALUE)}
    others = series(looked_at, "P-CAP-1", "XAA", "enforcement")
    assert others.table.frame.empty and others.answer == "Not released yet.", "no values were published yet"
    assert others.goals.all == ()
    assert any("what was published" in said for said in others.table.caveats)
    cards = listing(looked_at, "enforcement", country="XAA").cards
    assert card(listing(looked_at, "enforcement", country="XAA"), "P-CAP-1").status == Status.NOT_RELEASED
    assert {c.indicator.code for c in cards if c.value} == {"P-SVC-3", "P-COO-1", "P-COO-3", "P-COR-1", "P-SVC-4"}
    silent = listing(looked_at, "enforcement", country="XAA").silent
    assert {c.reason for c in silent} == {"Not released yet"}, "nothing is said of what she may not know"
    assert "no figure was released" in listing(looked_at, "enforcement", country="XAA").answer


def test_whoever_has_no_account_is_refused(looked_at: World) -> None:
    viewer, house = looked_at.viewer("anonymous"), looked_at.house
    for question in (
        lambda: indicators.listing(viewer, house),
        lambda: indicators.series(viewer, house, "P-CAP-1", country="XAA"),
        lambda: indicators.breakdown(viewer, house, "P-CAP-1", country="XAA", period="2026-Q3", by="sector"),
        lambda: indicators.breakdowns(viewer, house, "P-CAP-1", country="XAA"),
        lambda: indicators.comparison(viewer, house, "P-CAP-1"),
        lambda: indicators.countries(viewer, house),
        lambda: indicators.headlines(viewer, house, country="XAA"),
    ):
        with pytest.raises(Refused):
            question()


def test_what_was_expunged_is_in_no_memory(measured: World) -> None:
    viewer = dated(measured.viewer("trained secretariat"))
    rows = [value(HEALTH, "P-REF-1", "2026-Q2", 555)]
    wrong = sent(measured, HEALTH, "2026-Q2", rows)
    assert column(indicators.series(viewer, measured.house, "P-REF-1", country="XAA").table)["2026-Q2"] == (
        555.0,
        VALUE,
    )
    listing(measured, "trained secretariat", country="XAA")
    version = measured.house.store.head().version
    submissions.expunge(measured.operator, measured.house, wrong, "A name stood in it.")
    for asked in (None, version):
        found = indicators.series(viewer, measured.house, "P-REF-1", country="XAA", version=asked)
        assert 555.0 not in found.table.frame["value"].tolist()


def test_a_part_of_the_actions_is_not_measured_by_the_goal_of_all(measured: World) -> None:
    due = (datetime.now(UTC).date() + timedelta(days=10)).isoformat()
    action = {
        "country": "XBA", "action_code": "XBA-1", "organisation_code": ABROAD, "title": "Sign the protocol",
        "changes_for_survivor": "She is asked once.", "lead": POLICE, "agreed_on": "2026-03-01", "due_on": due,
        "restricts_work_or_migration": "no",
    }  # fmt: skip
    send(measured, "actions", ABROAD, "2026-Q3", table(measured.house, "actions", [action]))
    aim = [goal(ABROAD, "P-COO-2", "milestone", "2028-Q4", 75)]
    send(measured, "milestones", ABROAD, "2026-Q3", table(measured.house, "milestones", aim))
    later = datetime.now(UTC).date() + timedelta(days=150)
    whole, part = (
        card(indicators.listing(dated(measured.viewer(name), later), measured.house, country="XBA"), "P-COO-2")
        for name in ("member", "enforcement")
    )
    assert (whole.value, whole.standing, whole.notes) == ("0\u00a0%", SHORT, ())
    assert (part.value, part.standing, part.goal) == ("0\u00a0%", "", None)
    assert part.notes == ("Of the actions that your own organisation leads or supports.",)
    viewer = dated(measured.viewer("enforcement"), later)
    assert indicators.series(viewer, measured.house, "P-COO-2", country="XBA").goals.all == ()
