"""What a release says: gathered once, of one version, by whoever may release; no row that contradicts itself is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.protection.policy import Refused
from dashboard.publication import contents, open_plan, summary
from dashboard.reference.programme import Programme
from dashboard.reference.table import Column, Status
from dashboard.reports import action_words, reporting
from dashboard.reports.contacts import DATASET
from public_world import DAY, RELEASE, Published, gathered, rows
from release_world import file
from world import PEOPLE, World


def test_only_who_may_release_gathers(told: World) -> None:
    for name in PEOPLE:
        if name != "secretariat":
            with pytest.raises(Refused):
                contents.gather(told.viewer(name), told.house, release_id=RELEASE, version=1, figures_on=DAY, lines=[])


def test_rows_with_other_columns_are_refused(told: World) -> None:
    with pytest.raises(ValueError, match="have the columns country, sector"):
        gathered(told, rows().assign(why="small"))


@pytest.mark.parametrize("status", ["suppressed", "not reported"])
def test_a_number_beside_a_status_that_has_none_is_refused(told: World, status: str) -> None:
    """Whatever wrote it: a hidden count with its number would be in every file."""
    counted = rows()
    counted.loc[0, "status"] = status
    with pytest.raises(ValueError, match="a number where its status says that there is none"):
        gathered(told, counted)
    counted = rows()
    counted.loc[0, "contacts"] = pd.NA
    with pytest.raises(ValueError, match="its status says"):
        gathered(told, counted)


def test_figures_are_of_the_version_that_was_asked_for(told: World) -> None:
    first = contents.gather(
        replace(told.operator, today=DAY), told.house, release_id=RELEASE, version=1, figures_on=DAY, lines=[]
    )
    assert first.plan.frame.empty and first.money.table.frame.empty and not first.seated.countries
    assert summary.services(first) == "No coverage has been reported yet."
    assert summary.seats(first) == "No member register has been accepted yet."
    assert summary.plan(first) == "No action has been agreed yet."
    assert summary.targets(first) == "No value has a milestone or a target to be measured against yet."


def test_corridors_are_told_by_origin(release: Published) -> None:
    assert release.contents.corridors == (("Asterland", ("Bravonia",)),)
    assert summary.corridors(release.contents).startswith("1 corridor is tracked: Asterland to Bravonia.")


def test_the_next_summary_is_never_announced_for_a_day_gone_by(release: Published) -> None:
    assert release.contents.next_on == date(2026, 11, 29), "of Q3, after the figures of Q2"
    assert replace(release.contents, day=date(2026, 12, 1)).next_on == date(2027, 3, 1)
    silent = replace(release.contents, library=replace(release.contents.library, programme=Programme()))
    assert silent.next_on is None
    assert summary.next_release(silent) == "The next summary comes when the secretariat releases one."


def test_each_country_is_counted_once_whatever_its_sides(release: Published) -> None:
    found = {one.code: one for one in summary.by_country(release.contents)}
    assert list(found) == ["XAA", "XBA"]
    assert (found["XAA"].open, found["XAA"].actions, found["XAA"].overdue) == (2, 3, 1)
    assert (found["XBA"].filled, found["XBA"].done) == (2, 0)


def test_the_plan_says_what_is_never_counted_as_overdue(release: Published) -> None:
    """In the table, and in both files of it that leave the house."""
    contents, said = release.contents, action_words.NEVER_LATE
    assert "restrict" in said
    for caveats in (contents.plan.caveats, open_plan.plan(contents).caveats, open_plan.totals(contents).caveats):
        assert caveats[0] == said


def test_indicators_stand_where_they_are_at_or_short_of_what_was_agreed(release: Published) -> None:
    found = {one.indicator.code: one for one in summary.measured(release.contents)}
    assert found["P-CAP-1"].short == ("Asterland 410 persons (500 by Q4 2026)",) and found["P-CAP-1"].reached == ()
    assert "SDG-5.2.1" not in found, "a survey stands apart"


def test_what_is_not_due_yet_is_not_counted_with_what_was_missed(release: Published) -> None:
    """Due is what the calendar says: the quarter has ended, whatever was accepted for it."""
    found = replace(release.contents, figures_on=date(2026, 12, 31))
    assert summary.targets(found).endswith(" 0 are short of one that is due and 2 of one that is due later.")
    ended = replace(found, figures_on=date(2027, 1, 15))
    assert ended.covered.period < "2026-Q4", "nothing of the quarter that ended is accepted yet"
    assert summary.targets(ended).endswith(" 2 are short of one that is due and 0 of one that is due later.")
    assert {one.indicator.code: one.short for one in summary.measured(ended)}["P-CAP-1"] == (
        "Asterland 410 persons (500)",
    )


def test_seats_name_every_country_that_has_as_many(release: Published) -> None:
    found = release.contents
    seats = found.seated.seats
    columns = (*seats.columns, *(Column(code, code) for code in ("XDA", "XEA")))
    filled = ["filled", "filled", *["none"] * (len(seats.frame) - 2)]
    frame = seats.frame.assign(XAA="filled", XBA=filled, XDA=filled, XEA="filled")
    statuses = seats.statuses.assign(XDA=Status.VALUE, XEA=Status.VALUE)
    wide = replace(seats, columns=columns, frame=frame, statuses=statuses)
    tied = replace(found, seated=replace(found.seated, seats=wide, countries=("XAA", "XBA", "XDA", "XEA")))
    assert summary.seats(tied).endswith(
        " The most are filled in Asterland and XEA (28), the fewest in Bravonia and XDA (2)."
    )
    equal = replace(tied, seated=replace(tied.seated, countries=("XBA", "XDA")))
    assert summary.seats(equal).endswith(" In each of them 2 are filled.")


def test_where_the_newest_counts_leave_a_report_out_is_said(release: Published) -> None:
    awaited = replace(release.contents, awaited=("Asterland", "Bravonia"))
    assert summary.awaited(awaited) == (
        "For Q3 2026 not every expected report was accepted yet in: Asterland, Bravonia. Fewer contacts there than"
        " before may mean no more than that."
    )
    assert summary.awaited(replace(release.contents, awaited=())) == ""
    assert summary.awaited(release.contents) in release.files["index.html"]


def test_a_report_of_contacts_is_awaited_until_it_is_accepted(releasing: World) -> None:
    def told() -> tuple[str, ...]:
        row = [("XAA", "_T", "_T", "_T", "2026-Q3", 40, "value")]
        counted = pd.DataFrame(row, columns=list(contents.CONTACTS)).astype({"contacts": "Int64"})
        version = releasing.house.store.head().figures
        found = contents.gather(
            replace(releasing.operator, today=DAY), releasing.house, release_id=RELEASE, version=version,
            figures_on=DAY, lines=[], contacts=counted,
        )  # fmt: skip
        return found.awaited

    assert told() == ("Asterland", "Bravonia"), "they sent the quarters before"
    expected = reporting.reporting(releasing.operator, releasing.house, period="2026-Q3").in_state("missing")
    for code in {f.organisation_code for f in expected if f.dataset == DATASET and f.country == "XAA"}:
        file(releasing, code, "2026-Q3")
    assert told() == ("Bravonia",)


def test_the_actions_of_the_plan_add_up(release: Published) -> None:
    plan = release.contents.plan
    frame = plan.frame.assign(dropped=[0] * (len(plan.frame) - 1) + [1])
    assert "dropped" not in summary.plan(release.contents)
    dropped = replace(release.contents, plan=replace(plan, frame=frame))
    assert summary.plan(dropped) == f"{summary.plan(release.contents)} 1 was dropped."


def test_the_counts_speak_of_every_country_of_the_page(release: Published) -> None:
    assert " other countr" not in summary.contacts_said(release.contents)
    rows_of = release.contents.contacts
    one = replace(release.contents, contacts=rows_of[rows_of["country"] != "XBA"])
    assert summary.contacts_said(one).endswith(" Of 1 other country no report was ever accepted.")
