"""What the attack sees: naive ways to hide, by hand and by chance, beside releases that hide well."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from dashboard.protection.attack import NARROWED, NEAR, RECOVERED, SAFE, Siege, _split, attack, verdict
from dashboard.protection.attack_parts import Part
from dashboard.protection.cover import Cover
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import SECONDARY, protect
from protection_world import KEY, T, counted, cube, public, released, three

Q = "2026-Q1"
LEAKING = f"""
    XAA _T _T _T {Q} 90
    XAA health _T _T {Q} 90
    XAA health S1 _T {Q} *
    XAA health S2 _T {Q} 86
    XAA _T _T XBA {Q} 90"""
SILENT = LEAKING.replace("86", "*")


def cells(found: list[pd.DataFrame], **more: object) -> dict[str, object]:
    """Service or origin of each cell to its range and verdict, or that it is safe."""
    told = attack(found, T, **more).cells  # type: ignore[arg-type]
    return {
        f"{row.country} {row.service if row.service != '_T' else row.origin} {row.period}": (
            SAFE if row.verdict == SAFE else (row.low, row.high, row.verdict)
        )
        for row in told.itertuples()
    }


@pytest.mark.parametrize(
    ("low", "high", "own", "said"),
    [
        (4, 4, 0, RECOVERED),
        (4, 3, 0, RECOVERED),
        (3, 5, 0, NEAR),
        (0, 9, 0, NARROWED),
        (2, 10, 0, NARROWED),
        (1, 10, 0, SAFE),
        (0, np.inf, 0, SAFE),
        (7, 60, 0, NARROWED),
        (11, 30, 0, NARROWED),
        (11, 31, 0, SAFE),
        (5, 10, 5, SAFE),
        (6, 10, 5, NARROWED),
        (50, 59, 50, NARROWED),
        (50, 60, 50, SAFE),
    ],
)
def test_what_a_range_tells(low: float, high: float, own: float, said: str) -> None:
    assert verdict(low, high, T, own) == said


def test_a_difference_gives_a_count_away() -> None:
    assert cells([public(LEAKING)]) == {f"XAA S1 {Q}": (4, 4, RECOVERED)}
    assert cells([public(SILENT)]) == {f"XAA S1 {Q}": SAFE, f"XAA S2 {Q}": SAFE}


def test_two_hidden_ones_of_a_small_rest_are_narrowed() -> None:
    told = cells([public(SILENT.replace("90", "14"))])
    assert told[f"XAA S1 {Q}"] == SAFE
    assert cells([public(SILENT.replace("90", "7"))])[f"XAA S1 {Q}"] == (0, 7, NARROWED)


def test_who_did_not_report_counts_nothing() -> None:
    rows = public(LEAKING + f"\nXAB _T _T _T {Q} ?\n_T _T _T _T {Q} 90\n_T health S1 _T {Q} *")
    assert cells([rows])[f"_T S1 {Q}"] == (4, 4, RECOVERED)


def test_a_year_gives_a_quarter_away() -> None:
    quarters = [SILENT.replace(Q, "2026-Q2"), *(LEAKING.replace(Q, f"2026-Q{n}") for n in (1, 3, 4))]
    year = "XAA health S2 _T 2026 346"
    assert cells([public("".join(quarters))])["XAA S1 2026-Q2"] == SAFE
    assert cells([public("".join([*quarters, "\n", year]))])["XAA S1 2026-Q2"] == (2, 2, RECOVERED)


def test_what_was_shown_once_stays_known() -> None:
    assert cells([public(LEAKING), public(SILENT)])[f"XAA S1 {Q}"] == (4, 4, RECOVERED)
    assert cells([public(SILENT), public(LEAKING)])[f"XAA S2 {Q}"] == (86, 86, RECOVERED)


def test_a_revision_that_moves_what_is_beside_it_proves_nothing_of_before() -> None:
    revised = public(SILENT.replace("90", "120"))
    assert cells([public(SILENT), revised])[f"XAA S1 {Q}"] == SAFE


@pytest.mark.parametrize(("moved", "small"), [(0, False), (3, True), (10, True), (11, False)])
def test_a_small_difference_between_releases_is_seen(moved: int, small: bool) -> None:
    found = attack([public(SILENT), public(SILENT.replace("90", str(90 + moved)))], T)
    assert found.differences.empty is not small and found.safe is not small


def test_a_small_difference_to_an_older_release_is_seen_too() -> None:
    found = attack([public(SILENT.replace("90", said)) for said in ("90", "120", "95")], T)
    assert not found.differences.empty


def test_a_rest_that_moves_by_little_is_a_difference() -> None:
    rows = SILENT.replace("_T {Q}", "_T {Q}") + f"\nXAA health S3 _T {Q} 40"
    before, after = public(rows), public(rows.replace("90", "123").replace("S3 _T 2026-Q1 40", "S3 _T 2026-Q1 70"))
    assert (attack([before, after], T).differences["sector"] == "health").any()


def together(total: int, first: int, second: int) -> str:
    return f"\n_T _T _T _T {Q} {total}\n_T health S1 _T {Q} {first}\n_T health S2 _T {Q} {second}"


def test_a_total_that_takes_a_late_country_in_gives_it_away() -> None:
    shown = LEAKING.replace(f"S1 _T {Q} *", f"S1 _T {Q} 45").replace("86", "45")
    late = SILENT.replace("XAA", "XAB").replace("90", "60")
    before = public(shown + together(90, 45, 45))
    taken_in, left_out = (public(shown + late + together(*numbers)) for numbers in ((150, 50, 100), (150, 45, 45)))
    assert cells([before, taken_in])[f"XAB S1 {Q}"] == (5, 5, RECOVERED)
    assert cells([before, left_out])[f"XAB S1 {Q}"] == SAFE


def test_an_insider_knows_more() -> None:
    own = counted(f"XAA health S1 XBA {Q} XAA-ONE 0", f"XAA health S2 XBA {Q} XAA-ONE 82")
    assert cells([public(SILENT)], insider=own)[f"XAA S1 {Q}"] == (0, 8, NARROWED)


def test_many_who_know_their_own_rows_are_tried_as_each_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Together they are tried quickly; what each could work out is what it could work out alone."""
    monkeypatch.setattr(Cover, "insiders_of", staticmethod(lambda own: []))
    table = cube(6, services=4, origins=3)
    rows = protect(statistics(table)).rows
    own = dict(iter(table.groupby("organisation_code")))
    siege = Siege([rows], T)
    outside = siege.outside()
    together = siege.inside(own)
    unlike = 0
    for code, sent in own.items():
        alone = attack([rows], T, insider=sent)
        assert together[code].cells["verdict"].tolist() == alone.cells["verdict"].tolist()
        unlike += together[code].cells["verdict"].tolist() != outside.cells["verdict"].tolist()
    assert unlike, "some of them know more than a stranger"


def test_who_sent_what_releases_contradict_asks_the_newest() -> None:
    own = counted(f"XAA health S1 XBA {Q} XAA-ONE 100")
    assert cells([public(SILENT)], insider=own)[f"XAA S1 {Q}"] == (0, 0, RECOVERED)


def test_only_what_is_asked_for_is_judged() -> None:
    rows = public(SILENT)
    assert list(cells([rows], only=rows[rows["service"] == "S1"])) == [f"XAA S1 {Q}"]


def test_public_numbers_that_contradict_themselves_are_refused() -> None:
    assert not attack([public(LEAKING.replace("*", "5"))], T).safe
    assert not attack([public(SILENT.replace("S2 _T 2026-Q1 *", "S2 _T 2026-Q1 95"))], T).safe


def test_numbers_that_fit_only_in_halves_do_not_fit() -> None:
    """Three sums of two that are odd: each of the three is ten and a half, and no whole number."""
    pairs = {frozenset({(i, 1), (j, 1)}): 21.0 for i, j in ((0, 1), (1, 2), (0, 2))}
    [part] = _split(pairs, 3)
    assert part.solved() is not None and not any(part.holds_whole(0, value) for value in range(22))


def test_where_no_whole_numbers_fit_a_cell_is_narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert attack([public(SILENT)], T).safe
    monkeypatch.setattr(Part, "holds_whole", lambda self, name, value: value != T - 1)
    assert attack([public(SILENT)], T).count(NARROWED) == 2
    assert attack([public(SILENT)], T, whole=1).count(NARROWED) == 1


def test_the_report_is_plain() -> None:
    found = attack([public(LEAKING)], T)
    told = json.loads(json.dumps(found.as_json()))
    assert (told["hidden"], told["recovered"], told["safe"], told["threshold"]) == (1, 1, False, T)
    assert told["cells"][0] | {} == dict(zip(KEY, ["XAA", "health", "S1", "_T", Q], strict=True)) | {
        "low": 4, "high": 4, "verdict": RECOVERED,
    }  # fmt: skip


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    attack([public(SILENT)], T, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2)]


# --- the naive ways, on tables by chance ---


def hide_only_small(table: pd.DataFrame) -> pd.DataFrame:
    stats = statistics(table)
    hidden = (stats.values > 0) & (stats.values < T)
    contacts = pd.array(stats.values.astype(int), "Int64")
    contacts[hidden] = pd.NA
    return stats.keys.assign(contacts=contacts, status=np.where(hidden, "suppressed", "value"))


def test_hiding_only_what_is_small_is_seen_as_leaking() -> None:
    found = attack([hide_only_small(cube(3, countries=4, services=4, quarters=4))], T, whole=0)
    assert found.count(RECOVERED) > 10 and not found.safe


def test_hiding_well_is_seen_as_safe_and_loses_it_with_any_cover_shown() -> None:
    table = cube(7, countries=4)
    done, stats = protect(statistics(table)), statistics(table)
    assert attack([done.rows], T).safe
    for i in np.flatnonzero(done.why == SECONDARY):
        shown = done.rows.copy()
        shown.loc[i, "contacts"] = int(stats.values[i])
        shown.loc[i, "status"] = "value"
        if not attack([shown], T, whole=0).safe:
            return
    pytest.fail("Every single cover could have been shown.")


def test_two_releases_protected_apart_leak_when_they_are_joined() -> None:
    for seed in range(10):
        table = cube(seed, countries=4, services=6, origins=3)
        changed = np.random.default_rng(seed).random(len(table)) < 0.02
        changed[0] = True
        later = table.assign(contacts=table["contacts"] + 15 * changed)
        apart = [protect(statistics(frame)).rows for frame in (table, later)]
        assert all(attack([rows], T, whole=0).safe for rows in apart)
        if attack(apart, T, whole=0).count(RECOVERED):
            return
    pytest.fail("No two releases leaked, so the test of a ledger could not fail.")


@pytest.mark.parametrize("seed", range(5))
def test_two_releases_with_a_ledger_do_not_though_corrections_show(seed: int) -> None:
    table = cube(seed, countries=4, services=4)
    changed = np.random.default_rng(seed).random(len(table)) < 0.1
    later = table.assign(contacts=table["contacts"] + 15 * changed)
    assert attack([each.rows for each in released(table, later)], T, whole=0).safe


def test_two_corrected_releases_that_say_what_they_know_differ_by_little() -> None:
    table = three(f"XAA health S1 XBA {Q} 40", f"XAA health S2 XBA {Q} 60")
    later = table.assign(contacts=table["contacts"] + [1, 0, 0, 0, 0, 0])
    apart = [protect(statistics(frame)).rows for frame in (table, later)]
    assert not attack(apart, T).differences.empty
    assert attack([each.rows for each in released(table, later)], T).differences.empty
