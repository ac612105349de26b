"""What stands from one release to the next: frozen, revised, late, torn. Small tables by hand, and some by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.protection.attack import attack
from dashboard.protection.ledger import Ledger
from dashboard.protection.statistics import Statistics, statistics
from dashboard.protection.suppress import protect
from protection_world import KEY, T, cube, released, said, three

Q = "2026-Q1"
BASE = (f"XAA health S1 XBA {Q} 60", f"XAA health S2 XBA {Q} 80", f"XAB health S1 XBA {Q} 70")


def corrected(table: pd.DataFrame, service: str, by: int, country: str = "XAA") -> pd.DataFrame:
    """The same with one organisation's count of a service changed."""
    row = table.index[(table["service"] == service) & (table["country"] == country)][0]
    later = table.copy()
    later.loc[row, "contacts"] += by
    return later


@pytest.mark.parametrize(
    ("by", "value", "status"),
    [
        (0, 60, "value"),
        (1, 60, "revision pending"),
        (10, 60, "revision pending"),
        (-10, 60, "revision pending"),
        (11, 71, "value"),
        (40, 100, "value"),
        (-15, 45, "value"),
    ],
)
def test_a_correction_shows_when_it_moves_by_the_threshold_or_more(by: int, value: int, status: str) -> None:
    table = three(*BASE)
    rows = released(table, corrected(table, "S1", by))[1].rows
    assert said(rows, f"XAA health S1 _T {Q}") == (value, status)
    assert said(rows, f"_T _T _T _T {Q}") == (150 + value, status)
    assert said(rows, f"XAA health S2 _T {Q}") == (80, "value")


def test_a_correction_shows_as_a_whole_or_not_at_all() -> None:
    table = three(*BASE)
    later = corrected(corrected(table, "S1", 30), "S2", 3)
    rows = released(table, later)[1].rows
    assert said(rows, f"XAA health S1 _T {Q}") == (60, "revision pending")
    assert said(rows, f"XAA _T _T _T {Q}") == (140, "revision pending")


def test_another_country_does_not_wait_for_it() -> None:
    table = three(*BASE)
    rows = released(table, corrected(corrected(table, "S2", 3), "S1", 30, "XAB"))[1].rows
    assert said(rows, f"XAB _T _T _T {Q}") == (100, "value")
    assert said(rows, f"_T health S1 _T {Q}") == (160, "value")
    assert said(rows, f"_T _T _T _T {Q}") == (240, "revision pending"), "what shows of it, and something still waits"


def test_two_corrections_that_nearly_cancel_out_wait() -> None:
    table = three(*BASE)
    rows = released(table, corrected(corrected(table, "S1", 20), "S1", -15, "XAB"))[1].rows
    assert said(rows, f"XAA health S1 _T {Q}") == (60, "revision pending")


def test_a_correction_waits_until_it_is_large_enough() -> None:
    table = three(*BASE)
    steps = [table, corrected(table, "S1", 6), corrected(table, "S1", 16)]
    told = [said(each.rows, f"XAA health S1 _T {Q}") for each in released(*steps)]
    assert told == [(60, "value"), (60, "revision pending"), (76, "value")]


def test_a_revision_keeps_its_distance_to_every_value_that_was_public() -> None:
    table = three(*BASE)
    steps = [table, corrected(table, "S1", 30), corrected(table, "S1", 4)]
    told = [said(each.rows, f"XAA health S1 _T {Q}") for each in released(*steps)]
    assert told == [(60, "value"), (90, "value"), (90, "revision pending")]


def test_what_was_shown_does_not_become_small() -> None:
    table = three(*BASE)
    rows = released(
        table, corrected(table, "S1", -20).assign(contacts=lambda f: f["contacts"].where(f["service"] != "S1", 1))
    )
    assert said(rows[1].rows, f"XAA health S1 _T {Q}") == (60, "revision pending")


def test_a_late_organisation_with_a_figure_of_its_own_waits() -> None:
    table = three(*BASE)
    late = pd.concat([table, three(f"XAA social S3 XBA {Q} 90")])
    rows = released(table, late)[1].rows
    assert said(rows, f"XAA _T _T _T {Q}") == (140, "revision pending")
    assert not (rows["service"] == "S3").any()


def test_hidden_parts_move_by_nothing_or_enough() -> None:
    """All that is public moves by much, and so by little what is left of it for what is hidden."""
    base = (
        f"XAA health S1 XBA {Q} 4",
        f"XAA health S2 XBA {Q} 20",
        f"XAA health S3 XBA {Q} 90",
        f"XAA social S4 XBA {Q} 90",
    )
    table = three(*base)
    first = released(table)[0].rows
    hidden = first[(first["status"] == "suppressed") & (first["country"] == "XAA") & (first["service"] != "_T")]
    assert set(hidden["service"]) == {"S1", "S2"}
    ledger = Ledger([first], [table])
    assert statistics(corrected(corrected(table, "S3", 40), "S2", -5), ledger).unrevised is None
    enough = corrected(table, "S3", 40)
    enough.loc[enough["service"] == "S2", "contacts"] -= 4
    assert statistics(enough, ledger).unrevised is not None, "it may show, if what is hidden stays protected"


def test_a_late_country_is_shown_and_joins_the_total_where_it_is_public_itself() -> None:
    table = three(*BASE)
    late = pd.concat(
        [table, three(f"XAC health S1 XBA {Q} 4", f"XAC health S2 XBA {Q} 50", f"XAC health S3 XBA {Q} 40")]
    )
    done = released(table, late, late)
    for rows in (done[1].rows, done[2].rows):
        assert said(rows, f"XAC _T _T _T {Q}") == (94, "value")
        assert said(rows, f"XAC health S1 _T {Q}") == (None, "suppressed")
        assert said(rows, f"_T _T _T _T {Q}") == (304, "value")
        assert said(rows, f"_T health S1 _T {Q}") == (130, "revision pending")
    assert attack([each.rows for each in done], T).safe


def test_a_year_comes_with_its_fourth_quarter() -> None:
    quarters = [three(*(row.replace(Q, f"2026-Q{n}") for row in BASE)) for n in range(1, 5)]
    done = released(pd.concat(quarters[:3]), pd.concat(quarters))
    assert not (done[0].rows["period"] == "2026").any()
    assert said(done[1].rows, "XAA health S1 _T 2026") == (240, "value")
    assert said(done[1].rows, "_T _T _T _T 2026") == (840, "value")


def test_a_year_rests_on_the_quarters_that_stand() -> None:
    quarters = [three(*(row.replace(Q, f"2026-Q{n}") for row in BASE)) for n in range(1, 5)]
    before = pd.concat(quarters[:3], ignore_index=True)
    later = pd.concat([corrected(before, "S1", 2), quarters[3]], ignore_index=True)
    rows = released(before, later)[1].rows
    assert said(rows, "XAA health S1 _T 2026") == (240, "revision pending")
    parts = [said(rows, f"XAA health S1 _T 2026-Q{n}")[0] for n in range(1, 5)]
    assert sum(int(str(part)) for part in parts) == 240


def test_a_year_of_which_three_quarters_are_public_is_hidden_with_its_fourth() -> None:
    """It can be no less than the three, so it is known to be T or more, and how much more stays open."""
    quarters = [three(*(row.replace(Q, f"2026-Q{n}") for row in BASE)) for n in range(1, 4)]
    small = (
        f"XAA health S1 XBA {Q} 4",
        f"XAA health S2 XBA {Q} 80",
        f"XAB health S1 XBA {Q} 70",
        f"XAB health S2 XBA {Q} 30",
    )
    last = three(*(row.replace(Q, "2026-Q4") for row in small))
    done = released(pd.concat(quarters), pd.concat([*quarters, last]))
    assert said(done[1].rows, "XAA health S1 _T 2026-Q4") == (None, "suppressed")
    assert said(done[1].rows, "XAA health S1 _T 2026") == (None, "suppressed")
    assert attack([each.rows for each in done], T).safe


def test_a_country_without_one_of_its_quarters_has_no_year() -> None:
    quarters = [three(*(row.replace(Q, f"2026-Q{n}") for row in BASE[: 3 if n != 2 else 2])) for n in range(1, 5)]
    rows = released(pd.concat(quarters))[0].rows
    assert set(rows.loc[rows["period"] == "2026", "country"]) == {"XAA", "_T"}
    assert said(rows, "_T _T _T _T 2026") == (770, "value")


@pytest.mark.parametrize("seed", range(4))
def test_public_stays_public_and_hidden_stays_hidden(seed: int) -> None:
    first, second = cube(seed, quarters=3), cube(seed, quarters=4)
    rng = np.random.default_rng(seed)
    kept = second["period"] == "2026-Q4"
    later = pd.concat([first.assign(contacts=first["contacts"] + rng.poisson(1, len(first))), second[kept]])
    one, two = (each.rows.set_index(KEY) for each in released(first, later))
    both = two.loc[one.index]
    assert (both["contacts"].isna() == one["contacts"].isna()).all()
    assert attack([one.reset_index(), two.reset_index()], T, whole=0).safe


def test_without_what_releases_were_made_of_nothing_corrected_is_shown_and_no_year_begins() -> None:
    quarters = [three(*(row.replace(Q, f"2026-Q{n}") for row in BASE)) for n in range(1, 5)]
    before = pd.concat(quarters[:3], ignore_index=True)
    rows = released(before)[0].rows
    same = protect(statistics(pd.concat([before, quarters[3]]), Ledger([rows]))).rows
    assert said(same, "XAA health S1 _T 2026") == (240, "value"), "what nobody touched is known as it was"
    later = pd.concat([corrected(before, "S1", 40), quarters[3]])
    stands = protect(statistics(later, Ledger([rows]))).rows
    assert said(stands, "XAA health S1 _T 2026-Q1") == (60, "revision pending")
    assert set(stands.loc[stands["period"] == "2026", "country"]) == {"XAB"}


def test_what_was_hidden_in_a_torn_quarter_is_taken_to_be_near_what_is_known() -> None:
    table = cube(1)
    rows = released(table)[0].rows
    gone = table[table["organisation_code"] != table["organisation_code"].iloc[0]]
    stats: Statistics = statistics(gone, Ledger([rows]))
    assert np.abs(stats.relations @ stats.values).max() < 1e-6
    assert attack([rows, protect(stats).rows], T).safe


def test_a_ledger_whose_figures_do_not_add_up_is_refused() -> None:
    table = three(*BASE)
    rows = released(table)[0].rows
    wrong = rows.assign(contacts=rows["contacts"].where(rows["country"] != "_T", 999))
    with pytest.raises(ValueError, match="contradict"):
        statistics(corrected(table, "S1", 3), Ledger([wrong]))


def test_a_ledger_needs_all_that_its_releases_were_made_of_or_nothing() -> None:
    table = three(*BASE)
    rows = released(table)[0].rows
    with pytest.raises(ValueError, match="every former release"):
        Ledger([rows, rows], [table])


def test_what_every_figure_adds_up_to_is_nothing() -> None:
    stats = statistics(cube(2, quarters=4))
    assert np.abs(stats.relations @ stats.values).max() == 0
    assert (stats.own.sum(axis=0) == stats.values).all()
