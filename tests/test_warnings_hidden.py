"""Warnings that rest on contact counts are nowhere for whoever may not see these: not their words, not that one is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import former_world
from contacts_world import DATASET, HEALTH, Q2
from dashboard.intake import counts, submissions, warnings
from dashboard.intake.senders import NotPossible
from dashboard.protection.policy import Refused
from dashboard.record import rebuild
from dashboard.record.house import open_house
from former_world import NOW, example, staged
from indicator_world import value
from test_oracles import GUESSERS, alike, browser, drawn, posted
from world import Built, World, send, table

COUNTED, OTHER = "P-REF-1", "P-CAP-1"
SECRETS = ("outlier", "far from", "usual", "median", "factor", "thousand", "gone", "explained", "look at again")


@pytest.fixture(scope="session")
def built_warned(built_contacts: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    made = built_contacts.opened(tmp_path_factory.mktemp("warned") / "world")
    try:
        for quarter in (Q2, "2026-Q1"):
            one = made.sent[f"contacts {HEALTH} {quarter}"]
            submissions.withdraw(made.viewer("trained secretariat"), made.house, one, "Only for this test.")
        former_world.fill(made)
    finally:
        made.house.close()
    return Built(made.house.settings.data, made.people, made.sent)


@pytest.fixture
def warned(built_warned: Built, tmp_path: Path) -> Iterator[World]:
    made = built_warned.opened(tmp_path / "warned")
    yield made
    made.house.close()


@pytest.mark.parametrize("name", GUESSERS)
def test_a_file_with_warnings_reads_like_one_without(warned: World, name: str) -> None:
    """At the door and on the page: whoever guesses learns nothing of what was usual."""
    client = browser(warned, name)
    answers, pages = [], []
    for which in ("usual", "outlier", "factor-thousand", "zero-after-numbers", "rows-gone", "service-not-covered"):
        said, found = _posted(warned, client, _six(which))
        answers.append(alike(said))
        assert warnings.of(warned.viewer(name), warned.house, found) == ()
        page = drawn(warned, client, name, found)
        pages.append(alike(page))
        about = page.split("Warnings", 1)[1].split("What happens next", 1)[0]
        assert "if there are any, are shown to people with a valid training" in about
        assert not [secret for secret in SECRETS if secret in about]
    assert len(set(answers)) == 1 and '"warnings":[]' in answers[0].replace(" ", "")
    assert len({page.split("Receipt")[0] for page in pages}) == 1


def _six(which: str) -> list[dict[str, str]]:
    """An example of a kind of warning in six rows, as the others have: the number of rows is no secret."""
    rows = example(which)
    new = [dict(row, channel="outreach") for row in rows[1:3]]
    return rows + new if which == "rows-gone" else rows[:5] + rows[-1:]


def _posted(world: World, client: FlaskClient, rows: list[dict[str, str]]) -> tuple[str, str]:
    return posted(world, client, DATASET, rows, "application/json")


def test_the_trained_read_them_and_others_do_not_learn_that_they_do(warned: World) -> None:
    """The file of somebody trained, as each of her colleagues sees it."""
    found = staged(warned, example("outlier")).submission_id
    quiet = staged(warned, example("usual")).submission_id
    for name in GUESSERS:
        viewer = warned.viewer(name)
        assert warnings.of(viewer, warned.house, found) == warnings.of(viewer, warned.house, quiet) == ()
        assert warnings.withheld(viewer, warned.house, _row(warned, found))
    for name in ("trained agency", "trained coordinator", "trained secretariat"):
        viewer = warned.viewer(name)
        assert len(warnings.of(viewer, warned.house, found)) == 1
        assert warnings.withheld(viewer, warned.house, _row(warned, found)) == ""
    with pytest.raises(Refused):
        warnings.of(warned.viewer("foreign coordinator"), warned.house, found)


def _row(world: World, found: str) -> dict[str, object]:
    return submissions.find(world.operator, world.house, found)


@pytest.mark.parametrize("name", ["agency", "coordinator"])
def test_an_unseen_warning_cannot_be_explained_by_its_id(warned: World, name: str) -> None:
    """The answer for a true id and for an invented one are the same words."""
    received = staged(warned, example("outlier"))
    [one] = received.warnings
    said = []
    for warning_id in (one.warning_id, "01a20bca-0000-7000-8000-000000000000"):
        with pytest.raises(NotPossible) as told:
            warnings.explain(warned.viewer(name), warned.house, received.submission_id, warning_id, "Because.")
        said.append(str(told.value))
    assert said[0] == said[1]


def test_of_a_mixed_file_each_sees_her_rows(measured: World) -> None:
    """Figures that count no survivor are warned of to everybody who sees the file, with their row; others are not."""
    for period, offset in (("2025-Q1", 0), ("2025-Q2", 1), ("2025-Q3", 2), ("2025-Q4", 3)):
        rows = [value(HEALTH, OTHER, period, 40 + offset), value(HEALTH, COUNTED, period, 60 + offset)]
        data = table(measured.house, "indicator_values", rows)
        send(measured, "indicator_values", HEALTH, period, data, by="trained secretariat")
    rows = [value(HEALTH, OTHER, NOW, 4100), value(HEALTH, COUNTED, NOW, 6200)]
    received = staged(measured, rows, dataset="indicator_values")
    assert {(w.problem.row, w.counted) for w in received.warnings if w.problem.row} == {(2, False), (3, True)}
    seen = {
        name: [w.problem.row for w in warnings.of(measured.viewer(name), measured.house, received.submission_id)]
        for name in ("agency", "coordinator", "trained coordinator")
    }
    assert seen["agency"] == seen["coordinator"] == [2] and seen["trained coordinator"][-2:] == [2, 3]


def test_of_datasets_that_hold_no_contacts_nothing_is_said_of_training(warned: World) -> None:
    row = _row(warned, warned.sent["Q3 XAA-HEALTH"])
    assert not counts.may_hold(warned.house.library.contracts["service_coverage"])
    assert warnings.withheld(warned.viewer("agency"), warned.house, row) == ""


# --- what was expunged ---

CANARY = "Zqxwvu Kestrelmoor"


def test_expunging_takes_warnings_and_explanations_along(warned: World, tmp_path: Path) -> None:
    """From the tables, the journal, the database's blocks, and from a rebuilt record."""
    house, agency = warned.house, warned.viewer("trained agency")
    found, kept = (staged(warned, example(which)) for which in ("outlier", "factor-thousand"))
    for received in (found, kept):
        warnings.explain(agency, house, received.submission_id, received.warnings[0].warning_id, f"As {CANARY} says.")
    assert _held(warned)
    submissions.expunge(warned.operator, house, found.submission_id, "A name stood in an explanation.")
    for table_name in ("submission_warning", "submission_remark"):
        ids = {row["submission_id"] for row in house.store.read(f"select submission_id from {table_name}")}
        assert ids == {kept.submission_id}, "of the other file they stay"
    submissions.expunge(warned.operator, house, kept.submission_id, "There, too.")
    assert _held(warned) == []
    assert all(warnings.of(agency, house, one.submission_id) == () for one in (found, kept))
    journal = house.settings.journal
    lines = [json.loads(line) for path in journal.rglob("*.jsonl") for line in path.read_text().splitlines()]
    entries = [entry for entry in lines if found.submission_id in json.dumps(entry)]
    assert entries and not any(entry.get("rows", {}).get("submission_warning") for entry in entries)
    house.close()
    rebuild.rebuild(house.settings, house.library)
    again = open_house(house.settings)
    try:
        assert again.store.read("select * from submission_remark") == []
        ids = {r["submission_id"] for r in again.store.read("select submission_id from submission_warning")}
        assert not ids & {found.submission_id, kept.submission_id}
    finally:
        again.close()
        warned.house = open_house(house.settings)


def _held(world: World) -> list[str]:
    """The files of the data folder in which the canary stands."""
    world.house.store.checkpoint()
    folder = world.house.settings.data
    return [str(p) for p in folder.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
