"""Contacts inside once a release stands: what was published, to the digit, and everything else as hidden as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from contacts_world import HEALTH, TRAINED
from dashboard.publication import release
from dashboard.reference import periods, text
from dashboard.reference.table import Status
from dashboard.reports import contacts, indicators, released
from dashboard.reports.released import TOTAL, Release
from release_world import LAST, QUARTERS, file, truth
from test_contacts import WITHOUT, cells
from world import Built, World

NOT_RELEASED = (None, Status.NOT_RELEASED)
TODAY = text.day(datetime.now(UTC).date())
CODE = "P-SVC-1"


def published(world: World) -> Release:
    release.publish(world.operator, world.house)
    return standing(world)


def standing(world: World) -> Release:
    found = released.release(world.house)
    assert found and found.cells
    return found


@pytest.fixture(scope="module")
def public(built_releases: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """That world with a release, open, for all tests that only read it."""
    made = built_releases.opened(tmp_path_factory.mktemp("public") / "world")
    published(made)
    yield made
    made.house.close()


def test_before_the_first_release_nothing_is_said(releasing: World) -> None:
    for name in WITHOUT:
        viewer = releasing.viewer(name)
        if name != "enforcement":
            assert contacts.totals(viewer, releasing.house, country="XAA")[LAST] == NOT_RELEASED
        assert contacts.answer(viewer, releasing.house, country="XAA").startswith("Not released yet")


@pytest.mark.parametrize("name", WITHOUT)
def test_everybody_reads_the_release_to_the_digit(public: World, name: str) -> None:
    stood, viewer, house = standing(public), public.viewer(name), public.house
    counted = truth(public)
    for country in ("", "XAA", "XBA"):
        totals = contacts.totals(viewer, house, country=country)
        for period in QUARTERS:
            assert totals[period] == stood.cell(country, period) != NOT_RELEASED
            count, status = totals[period]
            assert count is None or (count == counted[(country or TOTAL, TOTAL, TOTAL, TOTAL, period)])
            assert (count is None) == (status is Status.SUPPRESSED)
        table = contacts.by_period(viewer, house, country=country)
        assert {p: c for p, c in cells(table).items() if p in QUARTERS} == {p: totals[p] for p in QUARTERS}
        assert table.as_of == stood.as_of and any("release of" in said for said in table.caveats)
        assert table.caveats[0] == house.library.title("caveats", "reported-not-prevalence")
    assert any(cell[0] is not None for cell in contacts.totals(viewer, house, country="").values())


@pytest.mark.parametrize("by", contacts.PUBLISHED_BY)
def test_a_breakdown_is_made_of_cells(public: World, by: str) -> None:
    stood, viewer, house = standing(public), public.viewer("member"), public.house
    hidden = shown = 0
    for country in ("", "XAA", "XBA"):
        table = contacts.breakdown(viewer, house, country=country, period=LAST, by=by)
        for key, cell in cells(table).items():
            code, _blank, sector = "_U" if key.startswith("not_recorded") else key.partition(" ")[0], "", ""
            there = [
                found for (place, s, v, o, p), found in stood.cells.items()
                if (place, p) == (country or TOTAL, LAST) and {"sector": s, "service": v, "origin": o}[by] == code
                and (by != "sector" or (v, o) == (TOTAL, TOTAL)) and (by != "origin" or (s, v) == (TOTAL, TOTAL))
            ]  # fmt: skip
            assert cell in there, (key, sector)
            hidden, shown = hidden + (cell[0] is None), shown + (cell[0] is not None)
    assert shown and (hidden or by == "origin"), "of sectors and services some are hidden"


def test_what_is_never_published_stays_hidden(public: World) -> None:
    for name in WITHOUT:
        viewer, house = public.viewer(name), public.house
        for by in ("form_of_violence", "channel", "organisation"):
            table = contacts.breakdown(viewer, house, country="XAA", period=LAST, by=by)
            assert set(cells(table).values()) <= {NOT_RELEASED}
        stages = contacts.stages(viewer, house, country="XAA", period=LAST)
        assert set(cells(stages, "number").values()) == {NOT_RELEASED}


def test_what_came_later_waits_for_the_next_release(releasing: World) -> None:
    """A correction and a new quarter are seen by the trained alone, until they are published."""
    stood, house = published(releasing), releasing.house
    before = stood.cell("XAA", LAST)
    file(releasing, "XAA-ONE", LAST, SEED_9=999)
    file(releasing, "XAA-ONE", "2026-Q3")
    member = releasing.viewer("member")
    assert contacts.totals(member, house, country="XAA")[LAST] == before
    assert contacts.totals(member, house, country="XAA")["2026-Q3"] == NOT_RELEASED
    assert contacts.totals(member, house, country="XBA").get("2026-Q3", NOT_RELEASED) == NOT_RELEASED
    assert contacts.default_period(member, house, country="XAA") == LAST, "the newest of which something is said"
    trained = contacts.totals(releasing.viewer("trained secretariat"), house, country="XAA")
    assert trained[LAST] == (truth(releasing)["XAA", TOTAL, TOTAL, TOTAL, LAST], Status.VALUE) != before
    again = published(releasing)
    assert contacts.totals(member, house, country="XAA")["2026-Q3"] == again.cell("XAA", "2026-Q3") != NOT_RELEASED


def test_as_it_stood_is_the_release_that_stood_then(releasing: World) -> None:
    house, member = releasing.house, releasing.viewer("member")
    version = house.store.head().version
    first = published(releasing)
    between = house.store.head().version
    file(releasing, "XAA-ONE", LAST, SEED_9=999)
    second = published(releasing)
    old, new = first.cell("XAA", LAST), second.cell("XAA", LAST)
    for at, cell in ((version, NOT_RELEASED), (between, old), (None, new)):
        assert contacts.totals(member, house, country="XAA", version=at)[LAST] == cell
    release.withdraw(releasing.operator, house, second.release_id, "A mistake.")
    assert contacts.totals(member, house, country="XAA")[LAST] == old
    assert contacts.totals(member, house, country="XAA", version=between)[LAST] == old


def test_what_was_withdrawn_is_read_nowhere(releasing: World) -> None:
    stood, house, member = published(releasing), releasing.house, releasing.viewer("member")
    version = house.store.head().version
    release.withdraw(releasing.operator, house, stood.release_id, "A mistake.")
    for at in (None, version):
        assert contacts.totals(member, house, country="XAA", version=at)[LAST] == NOT_RELEASED


def test_a_folder_that_was_changed_is_not_read(releasing: World) -> None:
    stood, member = published(releasing), releasing.viewer("member")
    path = releasing.house.settings.releases / stood.release_id / released.CONTACTS
    path.write_text(path.read_text().replace(",value", ",zero"))
    released._folders.clear()
    assert contacts.totals(member, releasing.house, country="XAA")[LAST] == NOT_RELEASED


def test_the_trained_read_their_own_and_are_told_what_is_public(public: World) -> None:
    stood, house = standing(public), public.house
    viewer = public.viewer("trained agency")
    assert contacts.totals(viewer, house, country="XAA")[LAST] == (69, Status.VALUE), "hers alone, unsuppressed"
    count, _status = stood.cell("XAA", LAST) or (None, None)
    assert count is not None
    told = " ".join(contacts.by_period(viewer, house, country="XAA").caveats)
    assert f"{count:,} contacts were reported for Q2 2026" in told and "XAA-HEALTH office alone" in told
    assert contacts.totals(viewer, house, country="XBA")[LAST] == stood.cell("XBA", LAST)
    quarter = "2025-Q3"
    assert contacts.totals(viewer, house, country="XAA")[quarter] == (None, Status.NOT_REPORTED), "hers is missing"
    said = contacts.answer(viewer, house, country="XAA", period=quarter)
    assert said.startswith("Your organisation has not reported contacts for Q3 2025.")
    count, _status = stood.cell("XAA", quarter) or (None, None)
    assert ("As published on" in said) is (count is not None)
    assert ("is hidden to protect people" in said) is (count is None), "what is public is told, or why it is not"
    for name in TRAINED:
        everything = contacts.by_period(public.viewer(name), house, country="XAA")
        assert NOT_RELEASED not in cells(everything).values(), name


def test_the_answer_names_the_release_and_judges_nothing(public: World) -> None:
    stood, house, member = standing(public), public.house, public.viewer("member")
    count, _status = stood.cell("", LAST) or (None, None)
    assert count is not None
    said = contacts.answer(member, house)
    assert said.startswith(f"As published on {TODAY}, {count:,} contacts were reported for Q2 2026.")
    assert contacts.published_periods(member, house, country="XAA") == sorted(QUARTERS, reverse=True)
    enforcement = contacts.answer(public.viewer("enforcement"), house)
    assert enforcement == said, "an enforcement body reads what was published, and no less"


def test_pages_of_indicators_say_the_same(public: World) -> None:
    stood, house, member = standing(public), public.house, public.viewer("member")
    for country in ("XAA", "XBA"):
        series = indicators.series(member, house, CODE, country=country)
        shown = {
            p: (int(c.value) if c.value is not None else None, c.status) for p, c in series.points if p in QUARTERS
        }
        assert shown == {p: stood.cell(country, p) for p in QUARTERS}
        ways = indicators.breakdowns(member, house, CODE, country=country)
        assert [by for by, _title, _quarters in ways] == list(contacts.PUBLISHED_BY)
        card = next(c for c in indicators.headlines(member, house, country=country) if c.indicator.code == CODE)
        cell = stood.cell(country, card.period) if card.period else None
        assert (card.value == "" and card.status is Status.SUPPRESSED) or (
            cell and card.value == f"{cell[0]:,} contacts"
        )


def test_an_own_file_is_still_read_by_whoever_sent_it(public: World) -> None:
    viewer = public.viewer("trained agency")
    by = contacts.breakdown(viewer, public.house, country="XAA", period=LAST, by="organisation")
    assert cells(by)[HEALTH] == (69, Status.VALUE)
    assert {cell for code, cell in cells(by).items() if code != HEALTH} == {NOT_RELEASED}


def test_of_a_release_everybody_reads_one_sentence(public: World) -> None:
    """The former number as it was published, and no difference: the release does not say who reported."""
    stood, house = standing(public), public.house
    answers = set()
    for name in ("member", "agency", "enforcement"):
        found = indicators.series(public.viewer(name), house, CODE, country="XAA")
        answers.add(found.answer)
        assert found.latest == LAST
    count, _status = stood.cell("XAA", QUARTERS[-2]) or (None, None)
    (answer,) = answers
    assert f"before: {text.number(count or 0)} contacts ({periods.parse(QUARTERS[-2]).label})" in answer
    assert "more than" not in answer and "not comparable" not in answer


def test_who_was_silent_is_said_of_the_day_of_the_release(releasing: World) -> None:
    """XAA-LATE's former file is there and its file for the last quarter came after the release."""
    file(releasing, "XAA-LATE", QUARTERS[-2])
    published(releasing)
    file(releasing, "XAA-LATE", LAST)
    found = indicators.series(releasing.viewer("member"), releasing.house, CODE, country="XAA")
    assert any(
        said.startswith(f"When the release of {TODAY} was made, not reported for Q2 2026 by:") and "XAA-LATE" in said
        for said in found.table.caveats
    )
    assert not any(said.startswith("Not reported for") for said in found.table.caveats)


def test_not_released_yet_stands_only_where_something_is_not(public: World) -> None:
    viewer, house = public.viewer("member"), public.house

    def told(by: str) -> bool:
        table = contacts.breakdown(viewer, house, country="XAA", period=LAST, by=by)
        return any(said.startswith("Not released yet") for said in table.caveats)

    assert told("channel") and not told("sector")
