"""The overview: what waits for one person, and where the plan stands in one country, at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import action_world
from action_world import ABROAD
from dashboard.coordination import actions, meetings
from dashboard.intake import submissions
from dashboard.protection import policy
from dashboard.reference import periods, text
from dashboard.reference.indicators import value_words
from dashboard.reference.table import Status
from dashboard.reports import indicators, moments, overview, since_figures, waiting
from dashboard.reports.overview import Overview
from dashboard.reports.since_ends import Ends
from test_indicator_pages import Browsers
from world import MEMBERS, Built, World, send, table

LAST = str(periods.last_ended(action_world.TODAY))


@pytest.fixture(scope="module")
def built_lived(built_indicators: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small world with contacts, indicators and actions; its ministry of health is asked for coverage."""
    made = built_indicators.opened(tmp_path_factory.mktemp("lived") / "world")
    action_world.agreed(made)
    rows = [row | {"reports_quarterly": "yes"} for row in MEMBERS["XAA-COORD"]]
    send(made, "members", "XAA-COORD", LAST, table(made.house, "members", rows))
    made.house.close()
    return Built(made.house.settings.data, made.people, made.sent)


@pytest.fixture
def lived(built_lived: Built, tmp_path: Path) -> Iterator[World]:
    """That world in a folder of this test's own, open."""
    made = built_lived.opened(tmp_path / "lived")
    yield made
    made.house.close()


def seen(world: World, name: str, country: str = "", key: str = "", period: str = "") -> Overview:
    viewer = world.viewer(name)
    then = moments.moment(viewer, world.house, key)
    return overview.overview(moments.seen_on(viewer, then), world.house, then, country=country, period=period)


def kinds(world: World, name: str) -> list[str]:
    return [item.kind for item in waiting.waiting(world.viewer(name), world.house)]


# What waits


def test_an_agency_is_told_what_it_owes_and_what_came_back(lived: World) -> None:
    found = waiting.waiting(lived.viewer("agency"), lived.house)
    assert any(i.kind == "action" and i.overdue and i.href == f"/actions?action={action_world.HEALTH}" for i in found)
    assert not any("Service coverage" in i.title for i in found if i.kind == "send"), "it waits for review"
    submissions.send_back(lived.operator, lived.house, lived.sent["Q3 XAA-HEALTH"], "Mend row 3, please.")
    mend = [i for i in waiting.waiting(lived.viewer("agency"), lived.house) if i.kind == "mend"]
    assert [i.href for i in mend] == [f"/submission/{lived.sent['Q3 XAA-HEALTH']}"]
    submissions.withdraw(lived.operator, lived.house, lived.sent["Q3 XAA-HEALTH"], "It will be sent anew.")
    assert "mend" not in kinds(lived, "agency")


def test_a_coordinator_is_told_what_to_review_in_her_country_only(lived: World) -> None:
    assert "review" in kinds(lived, "coordinator") and "review" in kinds(lived, "secretariat")
    assert "review" not in kinds(lived, "foreign coordinator") and "review" not in kinds(lived, "agency")


def test_what_is_overdue_comes_first_and_nothing_waits_for_nobody(lived: World) -> None:
    found = waiting.waiting(lived.viewer("coordinator"), lived.house)
    assert [i.overdue for i in found] == sorted((i.overdue for i in found), reverse=True)
    assert waiting.waiting(lived.viewer("anonymous"), lived.house) == ()


def test_what_may_take_a_right_away_waits_with_its_warning_and_is_not_late(lived: World) -> None:
    def ask() -> list[waiting.Item]:
        return [i for i in waiting.waiting(viewer, lived.house) if i.kind == "action"]

    viewer = lived.viewer("enforcement")
    assert [(i.until, i.overdue) for i in ask() if ABROAD in i.href] == [
        (f"due on {text.day(action_world.day(10))}", False)
    ]
    viewer = action_world.dated(viewer, action_world.day(12))
    late, ban = ask()
    assert action_world.POLICE in late.href and late.overdue and late.until.startswith("was due on ")
    assert ABROAD in ban.href and not ban.overdue
    assert ban.until == "to be looked at again: it may restrict women's work or migration"


def test_a_training_that_ran_out_is_told(lived: World) -> None:
    (item,) = [i for i in waiting.waiting(lived.viewer("expired agency"), lived.house) if i.kind == "training"]
    assert item.overdue and item.until.startswith("ended on ")
    assert "training" not in kinds(lived, "trained agency"), "it holds for months"


# Where the plan stands


def test_the_answer_names_what_is_reached_late_and_silent(lived: World) -> None:
    found = seen(lived, "member")
    assert (found.country, found.country_name) == ("XAA", "Asterland")
    assert found.answer.startswith(f"Asterland, {periods.parse(LAST).label}: ")
    assert "1 action is late" in found.answer and "expected report" in found.answer
    assert [a.action_code for a in found.overdue] == [action_world.HEALTH]
    assert 1 <= len(found.headlines) <= overview.HEADLINES
    assert {f.organisation_code for f in found.reporting.in_state("missing")} >= {"XAA-COORD"}


def test_contacts_are_a_headline_for_the_trained_and_a_mark_for_others(lived: World) -> None:
    def contacts(name: str) -> str:
        return next(c.value for c in seen(lived, name, "XAA", period="2026-Q2").headlines if c.indicator.administrative)

    assert "69" in contacts("trained coordinator") and "69" in contacts("trained agency")
    assert {contacts(name) for name in ("member", "agency", "coordinator", "enforcement", "expired agency")} == {""}


def test_it_tells_what_moved_since_the_last_meeting(lived: World) -> None:
    coordinator = lived.viewer("coordinator")
    meetings.hold(coordinator, lived.house, country="XAA", title="Autumn meeting", held_on=coordinator.today)
    key = moments.options(coordinator, lived.house)[1][0]
    tomorrow = moments.Moment("", "Now", None, action_world.day(1))
    then = seen(lived, "coordinator", key=key)
    actions.change(coordinator, lived.house, action_world.HEALTH, state="done")
    submissions.accept(lived.operator, lived.house, lived.sent["Q3 XAA-HEALTH"])
    now = overview.overview(coordinator, lived.house, tomorrow, country="XAA", period="")
    assert now.since.startswith("Since the meeting of ") and "1 action was done." in now.moved
    assert "1 file was accepted." in now.moved
    again = seen(lived, "coordinator", key=key)
    assert (again.answer, again.headlines, again.moved) == (then.answer, then.headlines, then.moved)
    assert then.waiting == () and "0 actions are late" in now.answer


def test_another_country_and_a_quarter_that_is_none(lived: World) -> None:
    assert seen(lived, "member", "XBA").country_name == "Bravonia"
    assert seen(lived, "member", "XYZ", period="2031-Q9").period == LAST
    assert seen(lived, "member", "XYZ").country == "XAA", "her own"
    with pytest.raises(policy.Refused):
        seen(lived, "anonymous")


def test_an_enforcement_body_reads_what_was_published_and_its_own(lived: World) -> None:
    found = seen(lived, "enforcement", "XAA")
    assert {a.lead for a in found.overdue} <= {"XBA-POLICE"} and found.reporting.files == ()
    assert not any(c.value and c.indicator.code == "P-CAP-1" for c in found.headlines)


def test_what_came_again_did_not_move_and_contacts_stand_on_their_card(lived: World) -> None:
    """What is the same in the next quarter is no move; a count of contacts goes nowhere without its caveat."""
    secretariat = lived.viewer("trained secretariat")
    before = moments.Moment("2026-01-01", "then", 1, action_world.day(-120))
    told = overview._moved(secretariat, lived.house, before, moments.moment(secretariat, lived.house, ""), "XAA")
    assert told and not any("contacts" in said.casefold() or "69" in said for said in told)
    head = moments.Moment("", "", lived.house.store.head().version, action_world.day(-1))
    again = overview._moved(secretariat, lived.house, head, moments.moment(secretariat, lived.house, ""), "XAA")
    assert again == ()


def test_before_the_due_day_nobody_is_missing(lived: World) -> None:
    viewer = lived.viewer("member")
    day = periods.parse(LAST).end + timedelta(days=5)
    then = moments.Moment("", "", None, day)
    found = overview.overview(replace(viewer, today=day), lived.house, then, country="XAA", period=LAST)
    assert "have not come yet, due on" in found.answer and "missing" not in found.answer


def test_what_was_returned_is_not_missing(lived: World) -> None:
    """The page of who has reported counts it apart, and so does the answer."""
    before = seen(lived, "member")
    missing = len(before.reporting.in_state("missing"))
    submissions.send_back(lived.operator, lived.house, lived.sent["Q3 XAA-HEALTH"], comment="Look at row 3 again.")
    found = seen(lived, "member")
    assert len(found.reporting.in_state("missing")) == missing and len(found.reporting.in_state("returned")) == 1
    assert f"{missing} of {len(found.reporting.files)} expected reports" in found.answer
    assert "missing, 1 was returned" in found.answer and "returned" not in before.answer


def test_a_value_that_is_not_final_did_not_move_and_is_compared_with_nothing(lived: World) -> None:
    """Before the due day the share of those who reported is low for a while: nothing fell to it or rose from it."""
    viewer, title = lived.viewer("member"), lived.house.library.indicators["P-REP-2"].title
    version, due = lived.house.store.head().version, periods.parse(LAST).end + timedelta(days=5)
    early = replace(viewer, today=due)
    card = next(c for c in indicators.listing(early, lived.house, country="XAA").cards if c.indicator.code == "P-REP-2")
    assert (card.status, card.change) == (Status.REVISION_PENDING, "")
    first, then = moments.Moment("x", "", 1, due), moments.Moment("y", "", version, due)
    assert not any(title in said for said in overview._moved(early, lived.house, first, then, "XAA"))
    submissions.accept(lived.operator, lived.house, lived.sent["Q3 XAA-HEALTH"])
    now = moments.Moment("", "", None, viewer.today)
    later = replace(viewer, today=due + timedelta(days=60))
    (said,) = [said for said in overview._moved(later, lived.house, then, now, "XAA") if title in said]
    assert said.endswith("; before there was no value.")


def test_the_open_actions_of_her_organisation_are_counted(lived: World) -> None:
    counts = {name: seen(lived, name).hers for name in ("agency", "coordinator", "secretariat")}
    assert counts["agency"] == 1 and counts["secretariat"] == 0
    key = moments.options(lived.viewer("agency"), lived.house)[-1][0]
    assert not key or seen(lived, "agency", key=key).hers == 0


def test_who_has_no_country_opens_with_the_largest_mechanism_and_a_part_is_called_one(lived: World) -> None:
    """XBA has three organisations in its register, XAA two."""
    assert (seen(lived, "secretariat").country, seen(lived, "coordinator").country) == ("XBA", "XAA")
    part = "You see what was published, and your own organisation's reports and actions."
    assert seen(lived, "enforcement").answer.endswith(part) and part not in seen(lived, "member").answer


def test_what_is_of_today_says_so_beside_the_quarter(lived: World) -> None:
    """Late actions, and what moved, are of the day on which one looks, whatever the quarter; a past day is named."""
    before = str(periods.parse(LAST).shifted(-2))
    found = seen(lived, "member", "XAA", period=before)
    quarter, today = found.answer.split(" Today, ")
    assert quarter.startswith(f"Asterland, {periods.parse(before).label}: ") and "late" not in quarter
    assert today == f"{text.day(lived.viewer('member').today)}: 1 action is late."
    assert found.since.endswith(", until today")
    coordinator = lived.viewer("coordinator")
    meetings.hold(coordinator, lived.house, country="XAA", title="A meeting", held_on=coordinator.today)
    key = moments.options(coordinator, lived.house)[1][0]
    then = seen(lived, "coordinator", key=key)
    assert f" On {text.day(coordinator.today)}: 1 action is late." in then.answer and "today" not in then.since


def test_whoever_sees_her_own_alone_is_told_that_it_is_her_own(lived: World) -> None:
    said = seen(lived, "enforcement", "XAA").answer
    assert "0 actions of your own organisation are late" in said and "0 actions are late" not in said
    assert "no report was expected of your own organisation" in said
    assert "your own organisation are late" not in seen(lived, "agency", "XAA").answer


def test_a_move_is_told_from_the_last_value_that_was_final(lived: World) -> None:
    """On the day of the meeting the newest value may still have moved; the one before it had not."""
    card = next(
        c for c in seen(lived, "member", "XAA").headlines if len([1 for _p, cell in c.points if cell.shown]) > 1
    )
    (older, old), (newest, new) = [(p, cell) for p, cell in card.points if cell.shown][-2:]
    pending = replace(new, status=Status.REVISION_PENDING)
    unsure = replace(card, status=Status.REVISION_PENDING, points=((older, old), (newest, pending)))
    assert since_figures.settled(unsure) == (value_words(card.indicator, old.value or 0), periods.parse(older).label)
    assert since_figures.settled(replace(card, points=((newest, pending),))) is None


def test_the_overview_and_the_page_of_changes_say_the_same(lived: World) -> None:
    viewer = lived.viewer("secretariat")
    before, now = moments.Moment("x", "", 1, viewer.today), moments.moment(viewer, lived.house, "")
    moved = overview._moved(viewer, lived.house, before, now, "XAA")
    ends = Ends(lived.house, "XAA", viewer, before, viewer, now)
    said = {change.said for change in since_figures.figures(ends)}
    figures = [one for one in moved if any(i.title in one for i in lived.house.library.indicators.values())]
    assert figures and set(figures) <= said


def test_the_page_says_that_none_is_late_beside_what_is_told_apart(lived: World) -> None:
    """Not that none is past its due date, where the sentence below counts one that is."""
    rows = [action_world.row(ABROAD, "XBA-POLICE", action_world.day(-9), restricts_work_or_migration="yes")]
    action_world.agree(lived, "XAA-COORD", rows)
    page = Browsers(lived).page("member", "/overview", "?country=XAA")
    assert "No action is late." in page and "No open action is past its due date" not in page
    assert "1 action past its due date may restrict women" in page
