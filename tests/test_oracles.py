"""A guess that is right and a guess that is wrong are answered alike: so nobody without a training finds a count."""

from __future__ import annotations

import json
import re

import pytest

import contacts_world
from contacts_world import DATASET, FILES, HEALTH, Q2
from dashboard.intake import submissions
from dashboard.reports import submissions as sent
from world import World, table

TRUTH = FILES[(HEALTH, Q2)]
GUESSERS = ("agency", "coordinator", "expired agency", "secretariat")


@pytest.fixture
def counting(world: World) -> World:
    contacts_world.fill(world)
    return world


def guessed(world: World, name: str, rows: list[dict[str, str]]) -> submissions.Received:
    data = table(world.house, DATASET, rows)
    return submissions.stage(
        world.viewer(name), world.house, data, dataset=DATASET, organisation_code=HEALTH, period=Q2
    )


def page(world: World, name: str, submission_id: str) -> str:
    """All that is known of a submission, without what differs between any two: ids, moments, hash and size."""
    detail = sent.detail(world.viewer(name), world.house, submission_id)
    said = json.dumps([detail.preview, detail.notes, sorted(detail.may), detail.withheld], default=vars)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", said)


@pytest.mark.parametrize("name", GUESSERS)
def test_a_right_guess_reads_like_a_wrong_one(counting: World, name: str) -> None:
    wrong = [row | {"contacts": str(int(row["contacts"]) + 1)} for row in TRUTH]
    part = [TRUTH[0], *wrong[1:]]
    pages = {}
    for what, rows in (("right", TRUTH), ("part", part), ("wrong", wrong)):
        received = guessed(counting, name, rows)
        assert received.submission_id and received.notes == ()
        pages[what] = page(counting, name, received.submission_id)
    assert pages["right"] == pages["part"] == pages["wrong"]
    assert "health" not in pages["right"] and "hotline" not in pages["right"], "not even which combinations are there"


def test_the_trained_see_what_changes_and_that_bytes_are_here(counting: World) -> None:
    received = guessed(counting, "trained agency", TRUTH)
    assert received.submission_id == counting.sent[f"contacts {HEALTH} {Q2}"] and "same bytes" in received.notes[0]
    changed = guessed(counting, "trained agency", [TRUTH[0] | {"contacts": "25"}, *TRUTH[1:]])
    preview = sent.detail(counting.viewer("trained agency"), counting.house, changed.submission_id).preview
    assert preview and (preview.changed, preview.unchanged) == (1, 3)
    assert preview.rows[0].cells == (("Contacts", "24", "25"),)


def test_one_who_sent_it_hears_that_it_is_here(counting: World) -> None:
    """Her own file she knows, so the same bytes of hers are one submission, as ever."""
    rows = [row | {"contacts": "901"} for row in TRUTH]
    first = guessed(counting, "agency", rows)
    again = guessed(counting, "agency", rows)
    assert again.submission_id == first.submission_id and again.notes


def test_bytes_that_two_sent_stay_for_the_other(counting: World) -> None:
    """A guess that lapses or is expunged takes nothing from the accepted file of the same bytes."""
    received = guessed(counting, "agency", TRUTH)
    kept = counting.sent[f"contacts {HEALTH} {Q2}"]
    assert received.submission_id != kept
    submissions.expunge(counting.operator, counting.house, received.submission_id, "A guess that nobody asked for.")
    row = submissions.find(counting.operator, counting.house, kept)
    assert counting.house.files.parquet(row["sha256"], row["contract_hash"]).is_file()
    assert sent.detail(counting.viewer("trained secretariat"), counting.house, kept).preview
