"""What a release hides: small tables by hand for every rule, and by chance with a reader of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.protection import suppress
from dashboard.protection.attack import Siege
from dashboard.protection.ledger import Ledger
from dashboard.protection.rules import CONTRIBUTORS, DOMINANCE, REMAINDER, SMALL, primary
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import SECONDARY, NotProtectable, inherit, protect
from dashboard.reference.table import Status
from dashboard.reference.thresholds import Rules
from protection_world import COLUMNS, KEY, T, cube, narrowed, public, released, said, three

Q = "2026-Q1"
HERE = Path(__file__).parent
PATHS = os.pathsep.join([str(HERE.parent), str(HERE)])


@pytest.mark.parametrize(
    ("values", "contributors", "largest", "reason"),
    [
        (0, 0, 0, ""),
        (1, 1, 1, SMALL),
        (10, 5, 2, SMALL),
        (11, 3, 5, ""),
        (11, 2, 6, CONTRIBUTORS),
        (300, 1, 300, CONTRIBUTORS),
        (100, 3, 91, DOMINANCE),
        (100, 3, 90, ""),
        (30, 3, 25, ""),
    ],
)
def test_what_is_hidden_of_itself(values: int, contributors: int, largest: int, reason: str) -> None:
    found = primary(Rules(), np.array([values]), np.array([contributors]), np.array([largest]))
    assert found.tolist() == [reason]


@pytest.mark.parametrize(("values", "largest", "reason"), [(30, 25, REMAINDER), (30, 30, ""), (40, 25, "")])
def test_two_who_know_each_other_may_not_be_left_with_a_small_rest(values: int, largest: int, reason: str) -> None:
    rules = Rules(contributors=1, dominance=1)
    assert primary(rules, np.array([values]), np.array([2]), np.array([largest])).tolist() == [reason]
    assert primary(rules, np.array([values]), np.array([3]), np.array([largest])).tolist() == [""]


def test_nothing_small_hides_nothing() -> None:
    done = protect(
        statistics(three(f"XAA health S1 XBA {Q} 30", f"XAA health S2 XBB {Q} 40", f"XAB health S1 XBA {Q} 0"))
    )
    assert done.hidden == 0 and done.visible == len(done.rows)
    assert said(done.rows, f"XAA health S2 _T {Q}") == (40, "value")
    assert said(done.rows, f"XAB health S1 _T {Q}") == (0, "zero")
    assert said(done.rows, f"_T _T _T _T {Q}") == (70, "value")


def test_a_small_count_takes_another_with_it_and_both_look_alike() -> None:
    done = protect(
        statistics(three(f"XAA health S1 XBA {Q} 4", f"XAA health S2 XBA {Q} 40", f"XAA social S3 XBA {Q} 50"))
    )
    hidden = done.rows[done.rows["status"] == Status.SUPPRESSED]
    assert hidden["contacts"].isna().all() and set(done.why[hidden.index]) == {SMALL, "secondary"}
    assert list(done.rows.columns) == [*KEY, "contacts", "status"], "nothing beside the mark says why"
    assert said(done.rows, f"XAA health S1 _T {Q}") == (None, "suppressed")


def test_a_zero_is_hidden_where_it_covers() -> None:
    """And stays so, though others could cover without it: nobody may take it that what is hidden is none."""
    rows = [f"XAA health S1 XBA {Q} 4", f"XAA health S2 XBA {Q} 0", f"XAA health S3 XBA {Q} 900"]
    done = protect(statistics(three(*rows, *(row.replace("XAA", "XAB") for row in rows))))
    zeros = done.rows[done.rows["service"] == "S2"].index
    assert "secondary" in set(done.why[zeros])


@pytest.mark.parametrize("seed", range(6))
def test_what_is_hidden_cannot_be_narrowed(seed: int) -> None:
    table = cube(seed, quarters=4 if seed == 5 else 1)
    done = protect(statistics(table))
    assert done.hidden and narrowed(done, table) == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_no_small_cube_lets_anything_be_narrowed(seed: int, countries: int, services: int, origins: int) -> None:
    table = cube(seed, countries, 1, services, origins)
    assert narrowed(protect(statistics(table)), table) == []


@pytest.mark.parametrize("seed", range(10, 13))
def test_nor_by_an_organisation_that_knows_its_own_rows(seed: int) -> None:
    table = cube(seed)
    done = protect(statistics(table))
    for _name, own in table.groupby("organisation_code"):
        assert narrowed(done, table, own) == []


@pytest.mark.parametrize("seed", [3, 9, 11])
def test_nor_does_one_learn_of_a_large_count_that_it_is_no_smaller_than_so_much(seed: int) -> None:
    """What seems to an organisation to be less than T may seem to it to be as little as what it sent itself.

    In each of these tables one would learn more if only strangers were looked at.
    """
    table = cube(seed, services=4, origins=3)
    done = protect(statistics(table))
    guarded = done.rows[(done.why != "") & (done.why != SECONDARY)]
    siege = Siege([done.rows], T)
    assert siege.outside().safe
    found = siege.inside(dict(iter(table.groupby("organisation_code"))), only=guarded)
    assert len(found) > 5 and all(each.narrowed.empty for each in found.values())


def test_without_what_covers_them_small_counts_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests above can fail: hiding what is small alone lets a reader work it out."""
    table = cube(1)
    monkeypatch.setattr(suppress, "complete", lambda cover, progress: None)
    assert narrowed(protect(statistics(table)), table)


def test_an_insider_is_seen_where_nobody_guards_against_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so can that one: protected against strangers alone, some organisation reads another's small count."""
    monkeypatch.setattr(suppress.Cover, "insiders_of", staticmethod(lambda own: []))
    found = []
    for seed in range(30):
        table = cube(seed)
        done = protect(statistics(table))
        found += [each for _name, own in table.groupby("organisation_code") for each in narrowed(done, table, own)]
        if found:
            return
    pytest.fail("No insider learned anything, so the test of insiders could not fail.")


def test_showing_again_hides_less_and_as_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    table = cube(5, countries=5, services=6, origins=4)
    spared = protect(statistics(table))
    monkeypatch.setattr(suppress, "spare", lambda *_given: 0)
    plain = protect(statistics(table))
    assert spared.hidden < plain.hidden and narrowed(spared, table) == []


def test_solvers_say_nothing() -> None:
    """What the command line prints is read by programs, so no library may write before it, however it writes."""
    asked = """
from protection_world import T, cube
from dashboard.protection.attack import Siege
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import protect
table = cube(3, services=4, origins=3)
siege = Siege([protect(statistics(table)).rows], T)
siege.outside()
siege.inside(dict(iter(table.groupby("organisation_code"))))
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, env={**os.environ, "PYTHONPATH": PATHS})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_same_figures_are_hidden_each_time() -> None:
    table = cube(4)
    once, again = (protect(statistics(frame)) for frame in (table, table.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(once.rows, again.rows)


def test_progress_is_told_and_never_goes_back() -> None:
    told: list[tuple[int, int]] = []
    protect(statistics(cube(1, quarters=2)), progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told) and all(0 <= done <= total for done, total in told) and len(told) > 2


def test_what_a_former_release_gave_away_cannot_be_protected() -> None:
    table = three(f"XAA health S1 XBA {Q} 4", f"XAA health S2 XBA {Q} 40")
    rows = protect(statistics(table)).rows
    naive = rows.assign(contacts=statistics(table).values.astype(int), status=Status.VALUE).astype(
        {"contacts": "Int64"}
    )
    small = (naive[["service"]] == "S1").all(axis=1) & (naive["country"] == "XAA")
    naive.loc[small, ["contacts", "status"]] = [pd.NA, Status.SUPPRESSED]
    with pytest.raises(NotProtectable) as refused:
        protect(statistics(table, Ledger([naive], [table])))
    assert ("XAA", "health", "S1", "_T", Q) in refused.value.keys


def test_another_ledger_than_the_statistics_were_made_with_is_refused() -> None:
    with pytest.raises(ValueError, match="another ledger"):
        protect(statistics(three(f"XAA health S1 XBA {Q} 40")), ledger=Ledger())


def test_no_contacts_at_all_make_an_empty_release() -> None:
    done = protect(statistics(pd.DataFrame(columns=COLUMNS)))
    assert len(done.rows) == 0 and list(done.rows.columns) == [*KEY, "contacts", "status"]


def test_a_lower_threshold_hides_less() -> None:
    table = cube(2)
    assert released(table, rules=Rules(threshold=5))[0].hidden < released(table)[0].hidden


def test_a_former_release_by_hand_keeps_what_it_hid() -> None:
    table = three(f"XAA health S1 XBA {Q} 40", f"XAA health S2 XBA {Q} 50")
    before = public(f"""
        XAA _T _T _T {Q} 90
        XAA health _T _T {Q} 90
        XAA health S1 _T {Q} *
        XAA health S2 _T {Q} *
        XAA _T _T XBA {Q} 90
        _T _T _T _T {Q} 90
        _T health _T _T {Q} 90
        _T health S1 _T {Q} *
        _T health S2 _T {Q} *
        _T _T _T XBA {Q} 90""")
    rows = protect(statistics(table, Ledger([before], [table]))).rows
    assert said(rows, f"XAA health S1 _T {Q}") == (None, "suppressed")


@pytest.mark.parametrize(
    ("numerator", "denominator", "share"),
    [
        (Status.VALUE, Status.VALUE, Status.VALUE),
        (Status.ZERO, Status.VALUE, Status.ZERO),
        (Status.ZERO, Status.ZERO, Status.NOT_APPLICABLE),
        (Status.VALUE, Status.SUPPRESSED, Status.SUPPRESSED),
        (Status.SUPPRESSED, Status.VALUE, Status.SUPPRESSED),
        (Status.NOT_REPORTED, Status.SUPPRESSED, Status.SUPPRESSED),
        (Status.VALUE, Status.NOT_REPORTED, Status.NOT_REPORTED),
        (Status.REVISION_PENDING, Status.VALUE, Status.REVISION_PENDING),
        (Status.REVISION_PENDING, Status.NOT_REPORTED, Status.NOT_REPORTED),
    ],
)
def test_a_share_says_no_more_than_its_parts(numerator: Status, denominator: Status, share: Status) -> None:
    assert inherit(numerator, denominator) is share
