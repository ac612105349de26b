"""What a file would do to the headline figures, predicted before and read in the reports after it was accepted."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contacts_world import COORD, DATASET, HEALTH, POLICE, Q2
from dashboard.config import from_environment
from dashboard.intake import counts, submissions
from dashboard.protection.policy import Refused, Viewer
from dashboard.record.house import House, open_house
from dashboard.reference.indicators import value_words
from dashboard.reference.table import Status
from dashboard.reference.text import number
from dashboard.reports import actions, effects, indicators, members
from dashboard.reports.effects import Effects
from demonstration_world import viewer as operator
from indicator_world import GOAL_ROWS, dated, goal, value
from world import World, contact, member, service, table, train

Q3 = "2026-Q3"
ACTION = {
    "country": "XAA", "organisation_code": COORD, "changes_for_survivor": "She is heard in her language.",
    "agreed_on": "2026-02-01", "restricts_work_or_migration": "no",
}  # fmt: skip


def action(code: str, due: str) -> dict[str, str]:
    return ACTION | {"action_code": code, "title": f"Do {code}", "lead": HEALTH, "due_on": due}


FILES: list[tuple[str, str, str, list[dict[str, str]]]] = [
    ("service_coverage", HEALTH, Q3, [service(HEALTH, "SEED-1"), service(HEALTH, "SEED-9"), service(HEALTH, "SEED-4")]),
    ("service_coverage", POLICE, "2026-Q2", [service(POLICE, "SEED-7")]),
    ("members", COORD, Q3, [member(COORD, "GOV-WOM", "coordination"), member("XAA-SOCIAL", "GOV-SOC", "social"),
                            member(HEALTH, "GOV-HEA", "health")]),
    ("indicator_values", HEALTH, Q3, [value(HEALTH, "P-CAP-1", Q3, 400), value(HEALTH, "SDG-5.1.1", Q3, 52),
                                      value(HEALTH, "P-REF-1", Q3, 91)]),
    ("indicator_values", COORD, Q2, [value(COORD, "P-CAP-1", Q2, 8),
                                     value(COORD, "P-CAP-1", Q2, 3, corridor="XAA-XBA")]),
    (DATASET, HEALTH, Q2, [contact(HEALTH, "health", 31), contact(HEALTH, "social", 12)]),
    (DATASET, POLICE, Q3, [contact(POLICE, "justice_policing", 7, stage="charged"),
                           contact(POLICE, "justice_policing", 4, stage="reported")]),
    ("milestones", COORD, Q3, [*GOAL_ROWS[1:], goal(COORD, "P-SVC-2", "milestone", "2027-Q2", 30)]),
    ("actions", COORD, Q3, [action("XAA-2026-01", "2026-05-01"), action("XAA-2026-02", "2027-05-01")]),
]  # fmt: skip


@pytest.fixture
def full(measured: World) -> World:
    train(measured, "secretariat")
    return measured


def seen(world: World) -> Viewer:
    return dated(world.viewer("secretariat"))


def staged(world: World, dataset: str, organisation: str, period: str, rows: list[dict[str, str]]) -> str:
    data = table(world.house, dataset, rows)
    received = submissions.stage(
        world.viewer("secretariat"), world.house, data, dataset=dataset, organisation_code=organisation, period=period
    )
    assert received.submission_id, [p.message for p in received.outcome.problems]
    return received.submission_id


def asked(viewer: Viewer, house: House, found: str) -> Effects:
    said = effects.effects(viewer, house, submissions.find(viewer, house, found))
    assert said is not None
    return said


def reported(viewer: Viewer, house: House, row: dict[str, Any]) -> dict[str, str]:
    """The figures as pages tell them, by title, asked of the reports of each subject."""
    country, period = row["country"], row["period"]
    said = {}
    for indicator in house.library.indicators.values():
        cell = dict(indicators.series(viewer, house, indicator.code, country=country).points).get(period)
        if cell is None or cell.status is Status.NOT_REPORTED:
            continue
        words = value_words(indicator, cell.value or 0.0) if cell.shown else ""
        if cell.shown and cell.numerator is not None and cell.denominator is not None:
            words = f"{words} ({number(cell.numerator)} of {number(cell.denominator)})"
        said[indicator.title] = words
    held = actions.actions(viewer, house, country=country).counts
    said |= {"Actions agreed": str(held.total), "Actions to do": str(held.open), "Actions done": str(held.done),
             "Actions that are late": str(held.overdue),
             "Actions past their day that are to be looked at again": str(held.apart)}  # fmt: skip
    goals = [indicators.series(viewer, house, code, country=country).goals for code in house.library.indicators]
    said["Baselines"] = str(sum(g.baseline is not None for g in goals))
    said["Milestones"] = str(sum(len(g.milestones) for g in goals))
    said["Targets"] = str(sum(len(g.targets) for g in goals))
    return said


def holds(viewer: Viewer, house: House, found: str) -> Effects:
    """Predict, accept, and compare with what the reports say then. Returns what was predicted."""
    row = submissions.find(viewer, house, found)
    before, predicted = reported(viewer, house, row), asked(viewer, house, found)
    if row["state"] == "staged":
        submissions.submit(viewer, house, found)
    assert asked(viewer, house, found) == predicted, "handing it in moves nothing"
    submissions.accept(viewer, house, found)
    after = reported(viewer, house, row)
    for effect in predicted.rows:
        assert effect.now.words == before.get(effect.title, ""), effect.title
        assert effect.then.words == after.get(effect.title, ""), effect.title
    return predicted


@pytest.mark.parametrize(("dataset", "organisation", "period", "rows"), FILES)
def test_what_is_predicted_is_what_the_reports_say(
    full: World, dataset: str, organisation: str, period: str, rows: list[dict[str, str]]
) -> None:
    predicted = holds(seen(full), full.house, staged(full, dataset, organisation, period, rows))
    assert predicted.rows


def test_every_dataset_is_tried(full: World) -> None:
    tried = {dataset for dataset, _organisation, _period, _rows in FILES}
    assert {"service_coverage", "members", "indicator_values", "milestones", "actions", DATASET} <= tried


def test_the_figures_of_each_dataset(full: World) -> None:
    """Titles and numbers of one file each, so that what is compared above is not nothing."""
    found = {dataset: staged(full, dataset, o, p, rows) for dataset, o, p, rows in reversed(FILES)}
    told = {
        dataset: {
            e.title: (e.now.words, e.then.words)
            for e in asked(seen(full), full.house, one).rows
            if e.now.words != e.then.words
        }
        for dataset, one in found.items()
    }
    titles = {i.code: i.title for i in full.house.library.indicators.values()}
    assert told["service_coverage"][titles["P-SVC-3"]] == ("11.8\xa0% (2 of 17)", "17.6\xa0% (3 of 17)")
    assert told["members"][titles["P-COO-1"]][1].endswith("(3 of 28)")
    assert told["indicator_values"][titles["P-CAP-1"]] == ("410 persons", "720 persons")
    assert told["indicator_values"][titles["P-REF-1"]] == ("1,496 referrals", "1,500 referrals")
    assert list(told[DATASET].values()) == [("69 contacts", "43 contacts")]
    assert told["milestones"] == {"Baselines": ("2", "1"), "Milestones": ("3", "4")}
    assert told["actions"] == {
        "Actions agreed": ("0", "2"),
        "Actions to do": ("0", "2"),
        "Actions that are late": ("0", "1"),
    }


def test_a_list_that_marks_an_action_as_restricting_shows_where_the_late_one_went(full: World) -> None:
    late = action("XAA-2026-01", "2026-05-01")
    holds(seen(full), full.house, staged(full, "actions", COORD, Q2, [late]))
    marked = staged(full, "actions", COORD, Q3, [late | {"restricts_work_or_migration": "yes"}])
    told = {e.title: (e.now.words, e.then.words) for e in asked(seen(full), full.house, marked).rows if e.moves}
    assert told["Actions that are late"] == ("1", "0")
    assert told["Actions past their day that are to be looked at again"] == ("0", "1")


def test_nothing_is_written_and_nothing_stays(full: World) -> None:
    found = staged(full, *FILES[0])
    before, seats = full.house.store.head(), members.members(seen(full), full.house, country="XAA").seats.frame
    asked(seen(full), full.house, found)
    assert full.house.store.head() == before
    assert members.members(seen(full), full.house, country="XAA").seats.frame.equals(seats)
    names = full.house.store.read("select view_name from duckdb_views() where temporary and not internal")
    assert names == [], "the views were of the supposition's own connection"


def test_it_stands_beside_a_file_that_was_expunged_meanwhile(full: World) -> None:
    """The database file is swapped: a supposition that is asked on makes its views anew."""
    from dashboard.record.supposed import Supposed

    row = submissions.find(seen(full), full.house, staged(full, *FILES[0]))
    path = full.house.files.parquet(row["sha256"], row["contract_hash"])
    supposed = Supposed(full.house.store, full.house.library.contracts[row["dataset"]], row, path, "2025-Q4")
    sql = "select count(*) as n from service_coverage_rows where reported_by = $by and period = $period"
    assert supposed.read(sql, by=HEALTH, period=Q3) == [{"n": 3}]
    submissions.expunge(full.operator, full.house, full.sent["Q3 XAA-HEALTH"], "a name slipped in")
    assert supposed.read(sql, by=HEALTH, period=Q3) == [{"n": 3}]
    with pytest.raises(RuntimeError, match="only supposed"), supposed.write("intake", by="x"):
        pass
    with pytest.raises(RuntimeError, match="only supposed"):
        supposed.audit("x", by="x")
    supposed.let_go()


# --- who sees what ---


@pytest.mark.parametrize("name", ["agency", "member", "coordinator", "expired agency"])
def test_contacts_are_not_released_to_the_untrained(full: World, name: str) -> None:
    """Whatever the file holds, and whether anybody has reported before: the same line."""
    told = []
    for period, contacts_ in ((Q2, 31), (Q2, 69), ("2024-Q1", 0)):
        found = staged(full, DATASET, HEALTH, period, [contact(HEALTH, "health", contacts_)])
        told.append(asked(dated(full.viewer(name)), full.house, found))
    assert told[0] == told[1] == told[2]
    [only] = told[0].rows
    assert only.now == only.then == effects.Figure("", Status.NOT_RELEASED) and only.administrative


def test_what_counts_contacts_without_an_indicator_is_added_up_for_the_trained(full: World) -> None:
    """Referrals: the first file of a quarter, and one beside another's. To the untrained nothing, whatever it holds."""
    path = {
        "country": "XAA", "organisation_code": HEALTH, "from_sector": "health", "to_sector": "social",
        "referral_type": "arranged", "agreement": "yes", "migrant_organisation": "no",
    }  # fmt: skip
    first = staged(full, "referrals", HEALTH, Q2, [path | {"referrals": "31", "accepted": "20"}])
    told = {e.title: (e.now.words, e.then.words) for e in asked(seen(full), full.house, first).rows}
    assert told == {"Referrals made": ("", "31"), "Accepted": ("", "20")}, "nobody counted who completed"
    assert all(e.administrative for e in asked(seen(full), full.house, first).rows)
    submissions.submit(seen(full), full.house, first)
    submissions.accept(seen(full), full.house, first)
    beside = path | {"organisation_code": COORD, "referrals": "9"}
    second = staged(full, "referrals", COORD, Q2, [beside])
    assert asked(seen(full), full.house, second).rows[0].then.words == "40"
    hidden = [
        asked(dated(full.viewer("coordinator")), full.house, one)
        for one in (second, staged(full, "referrals", COORD, "2026-Q1", [beside | {"referrals": "0"}]))
    ]
    assert hidden[0] == hidden[1] and {e.then for e in hidden[0].rows} == {effects.Figure("", Status.NOT_RELEASED)}


def test_money_is_added_up_by_its_currency(full: World) -> None:
    """A line that is gone takes its figure along; euros and dollars make no sum."""
    line = {"country": "XAA", "organisation_code": HEALTH, "cost": "1000.5", "committed": "400", "disbursed": ""}
    rows = [line | {"budget_line": name, "currency": of} for name, of in (("a", "USD"), ("b", "USD"), ("c", "EUR"))]
    first = staged(full, "budget_execution", HEALTH, Q2, rows)
    told = {e.title: (e.now.words, e.then.words) for e in asked(seen(full), full.house, first).rows}
    assert told == {
        "Cost, EUR": ("", "1,000"), "Resources identified, EUR": ("", "400"), "Cost, USD": ("", "2,001"),
        "Resources identified, USD": ("", "800"),
    }  # fmt: skip
    submissions.submit(seen(full), full.house, first)
    submissions.accept(seen(full), full.house, first)
    second = staged(full, "budget_execution", HEALTH, Q2, rows[:2])
    told = {e.title: (e.now.words, e.then.words) for e in asked(seen(full), full.house, second).rows}
    assert told["Cost, EUR"] == ("1,000", "") and told["Cost, USD"] == ("2,001", "2,001")


def test_that_an_indicator_of_contacts_is_in_a_file_is_not_told(full: World) -> None:
    rows = [value(HEALTH, "P-CAP-1", Q3, 400)]
    both = [*rows, value(HEALTH, "P-REF-1", Q3, 91)]
    plain, mixed = (staged(full, "indicator_values", HEALTH, Q3, each) for each in (rows, both))
    for name, more in (("agency", 0), ("coordinator", 0), ("trained agency", 1)):
        one, two = (asked(dated(full.viewer(name)), full.house, found) for found in (plain, mixed))
        assert len(two.rows) - len(one.rows) == more, name


def test_an_enforcement_body_is_told_that_it_sees_what_was_published(full: World) -> None:
    found = staged(full, "service_coverage", POLICE, Q3, [service(POLICE, "SEED-7")])
    said = asked(dated(full.viewer("enforcement")), full.house, found)
    assert said.rows == () and "after the next release" in said.told[0]


def test_who_may_not_see_the_file_is_refused_and_what_is_over_has_none(full: World) -> None:
    row = submissions.find(full.operator, full.house, staged(full, *FILES[0]))
    with pytest.raises(Refused):
        effects.effects(full.viewer("foreign coordinator"), full.house, row)
    for state in ("accepted", "returned", "withdrawn", "expunged"):
        assert effects.effects(full.operator, full.house, row | {"state": state}) is None


def test_a_quarter_that_runs_says_so(full: World) -> None:
    found = staged(full, "service_coverage", HEALTH, "2026-Q4", [service(HEALTH, "SEED-1")])
    said = asked(dated(full.viewer("secretariat")), full.house, found)
    assert said.rows == () and "has not ended" in said.told[0]


# --- the property, on the demonstration ---


@pytest.fixture(scope="module")
def lived(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    copy = tmp_path_factory.mktemp("effects") / "d"
    shutil.copytree(demonstration_folder, copy, symlinks=True)
    house = open_house(replace(from_environment({"DASHBOARD_DATA": str(copy)}), min_free_bytes=0))
    yield house
    house.close()


def corrections(house: House, dataset: str, chance: random.Random, count: int) -> Iterator[str]:
    """Files that count, each sent again with some rows left out and some numbers moved; their ids."""
    files = house.store.read(
        "select s.submission_id, a.organisation_code, a.period, s.sha256 from accepted as a join submission as s"
        " using (submission_id) where a.dataset = $dataset and a.until is null order by s.submission_id",
        dataset=dataset,
    )
    for file in chance.sample(files, min(count, len(files))):
        head, *lines = house.files.bytes(file["sha256"]).decode("utf-8-sig").splitlines()
        kept = [line for line in lines if line.startswith("#") or chance.random() < 0.7] or lines
        data = ("\n".join([head, *kept]) + "\n").encode()
        received = submissions.stage(
            operator(), house, data, dataset=dataset, organisation_code=file["organisation_code"], period=file["period"]
        )
        if received.submission_id and not received.notes:
            yield received.submission_id


@pytest.mark.parametrize("dataset", ["service_coverage", "members", "indicator_values", "milestones", "actions"])
def test_the_demonstration_says_afterwards_what_was_predicted(lived: House, dataset: str) -> None:
    tried = 0
    for found in corrections(lived, dataset, random.Random(f"effects {dataset}"), 3):
        if counts.holds(lived, submissions.find(operator(), lived, found)):  # the operator has no training
            continue
        holds(operator(), lived, found)
        tried += 1
    assert tried
