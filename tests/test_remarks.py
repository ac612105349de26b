"""Comments on rows: who writes them, what they may say, who reads them. And what is given to keep: receipt and rows."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace

import pytest

from contacts_world import DATASET, FILES, HEALTH, Q2
from dashboard.intake import receipt, remarks, submissions
from dashboard.intake.submissions import NotPossible
from dashboard.protection.policy import Refused
from dashboard.reports import submissions as sent
from submission_world import brought_to, csv_of, stage, staged
from world import World, service, table

Q1 = "2026-Q1"


def waiting(world: World, *codes: str) -> str:
    found = staged(world, *(codes or ("SEED-1", "SEED-2")), period=Q1)
    submissions.submit(world.operator, world.house, found)
    return found


def test_several_comments_and_then_it_goes_back(world: World) -> None:
    found, house, coordinator = waiting(world), world.house, world.viewer("coordinator")
    remarks.remark(coordinator, house, found, 3, "availability", "  Closed in\nJune: is it planned? ")
    remarks.remark(coordinator, house, found, 2, "", "This line is for the capital only.")
    remarks.remark(coordinator, house, found, None, "", "Two services are missing.")
    told = remarks.of(world.viewer("agency"), house, found)
    assert [(r.row_number, r.column, r.text, r.by_name) for r in told] == [
        (None, "", "Two services are missing.", "Coordinator"),
        (2, "", "This line is for the capital only.", "Coordinator"),
        (3, "Availability", "Closed in June: is it planned?", "Coordinator"),
    ]
    assert told[0].key == () and told[2].key == ("Outreach clinics into migrant communities",)
    assert ("Availability", "Available") in told[2].cells
    submissions.send_back(coordinator, house, found, "")
    assert submissions.find(coordinator, house, found)["state"] == "returned"
    assert sent.detail(world.viewer("agency"), house, found).remarks == told


def test_without_any_comment_it_does_not_go_back(world: World) -> None:
    """Nor with those of the last round: they were answered by sending it again."""
    found, house, coordinator = waiting(world), world.house, world.viewer("coordinator")
    with pytest.raises(NotPossible, match="500 characters"):
        submissions.send_back(coordinator, house, found, " ")
    remarks.remark(coordinator, house, found, 2, "", "Look again, please.")
    submissions.send_back(coordinator, house, found, "")
    stage(world, csv_of(world, HEALTH, "SEED-1", "SEED-2"), period=Q1)
    submissions.submit(world.operator, house, found)
    with pytest.raises(NotPossible, match="500 characters"):
        submissions.send_back(coordinator, house, found, "")


def test_who_may_comment(world: World) -> None:
    found = waiting(world)
    for name in ("agency", "member", "foreign coordinator", "enforcement", "anonymous"):
        with pytest.raises(Refused):
            remarks.remark(world.viewer(name), world.house, found, 2, "", "Look again, please.")
    for name in ("foreign coordinator", "enforcement", "anonymous"):
        with pytest.raises(Refused):
            remarks.of(world.viewer(name), world.house, found)
    assert remarks.of(world.viewer("member"), world.house, found) == ()


@pytest.mark.parametrize(
    ("row", "column", "text", "match"),
    [
        (1, "", "Look again", "no row 1"),
        (4, "", "Look again", "no row 4"),
        (-2, "", "Look again", "no row -2"),
        (2, "contacts", "Look again", "no column “contacts”"),
        (2, "", " no ", "3 to 300"),
        (2, "", "x" * 301, "3 to 300"),
        (2, "", "Ask maria@example.org", "an e-mail address"),
        (2, "", "Ring +999 000 01 01 22", "a telephone number"),
        (2, "", "It was on 3 March 2026", "somebody's"),
    ],
)
def test_a_comment_that_cannot_be_kept_says_why(world: World, row: int, column: str, text: str, match: str) -> None:
    found = waiting(world)
    version = world.house.store.head().version
    with pytest.raises(NotPossible, match=match):
        remarks.remark(world.operator, world.house, found, row, column, text)
    assert world.house.store.head().version == version


@pytest.mark.parametrize("wanted", ["staged", "accepted", "returned", "withdrawn", "lapsed"])
def test_only_what_waits_for_review_takes_comments(world: World, wanted: str) -> None:
    found = brought_to(world, wanted, 0)
    with pytest.raises(NotPossible):
        remarks.remark(world.operator, world.house, found, None, "", "Look again, please.")


def test_the_rows_with_the_comments_beside_them(world: World) -> None:
    """Each row where the spreadsheet had it, and nothing that it would take for a formula."""
    data = table(world.house, "service_coverage", [service(HEALTH, "SEED-1"), service(HEALTH, "SEED-2")])
    lines = data.splitlines(keepends=True)
    found = stage(world, b"".join([*lines[:2], b"\r\n", lines[2]]), period=Q1).submission_id
    submissions.submit(world.operator, world.house, found)
    remarks.remark(world.operator, world.house, found, 4, "hours", "=which hours?")
    remarks.remark(world.operator, world.house, found, None, "", "Nearly there.")
    rows = list(csv.reader(io.StringIO(remarks.as_csv(world.viewer("agency"), world.house, found).lstrip("\ufeff"))))
    assert rows[0] == [*world.house.library.contracts["service_coverage"].header, "comments | Nearly there."]
    assert [row[-1] for row in rows[1:]] == ["", "", "Hours: =which hours?"]
    assert rows[1][1] == "SEED-1" and rows[2] == [""] * len(rows[0]) and rows[3][1] == "SEED-2"


# --- contacts ---


def counted(world: World, by: str = "trained secretariat") -> str:
    rows = [row | {"contacts": str(int(row["contacts"]) + 700)} for row in FILES[(HEALTH, Q2)]]
    found = stage(world, table(world.house, DATASET, rows), period=Q2, dataset=DATASET, by=world.viewer(by))
    submissions.submit(world.operator, world.house, found.submission_id)
    return found.submission_id


def test_a_comment_quotes_no_count_and_shows_none(counting: World) -> None:
    found, house = counted(counting), counting.house
    with pytest.raises(NotPossible, match="quotes a count of contacts"):
        remarks.remark(counting.viewer("trained coordinator"), house, found, 2, "contacts", "Is 724 right?")
    remarks.remark(counting.viewer("coordinator"), house, found, 2, "contacts", "Is this right?")
    for name, shown in (("agency", False), ("coordinator", False), ("trained agency", True)):
        (told,) = remarks.of(counting.viewer(name), house, found)
        assert told.text == "Is this right?" and bool(told.key) is bool(told.cells) is shown
        text = remarks.as_csv(counting.viewer(name), house, found)
        assert ("724" in text) is ("SEED-1" in text) is shown and "Is this right?" in text
        content = sent.rows(counting.viewer(name), house, found)
        assert (content.withheld, len(content.cells)) == ((0, 4) if shown else (4, 0))


# --- the receipt ---


def test_the_receipt_has_the_hash_of_the_bytes_that_were_sent(world: World) -> None:
    data = csv_of(world, HEALTH, "SEED-1", "SEED-2")
    found = stage(world, data, period=Q1, by=world.viewer("agency")).submission_id
    submissions.submit(world.viewer("agency"), world.house, found)
    remarks.remark(world.operator, world.house, found, 2, "", "Look again, please.")
    submissions.send_back(world.viewer("coordinator"), world.house, found, "Please mend row 2.")
    text = receipt.receipt(world.viewer("agency"), world.house, found)
    for said in (
        hashlib.sha256(data).hexdigest(), "XAA-HEALTH office (XAA-HEALTH)", "Q1 2026 (2026-Q1)", f"/submission/{found}",
        "sha256sum file.csv", "Returned to be mended, Coordinator · XAA-COORD", "“Please mend row 2.”",
        "Row 2, operator", "“Look again, please.”",
    ):  # fmt: skip
        assert said in text, said
    lines = [line.split() for line in text.splitlines()]
    assert ["Rows", "2"] in lines and ["Bytes", str(len(data))] in lines
    assert "Demonstration data" not in text
    demo = replace(world.house, settings=replace(world.house.settings, demo=True))
    assert receipt.receipt(world.viewer("agency"), demo, found).startswith("Demonstration data.")
    with pytest.raises(Refused):
        receipt.receipt(world.viewer("enforcement"), world.house, found)


def test_a_receipt_gives_sums_of_contacts_to_who_sees_them_and_the_hash_to_who_sent_them(counting: World) -> None:
    found, hers = counted(counting), counted(counting, by="agency")
    assert found != hers
    total = str(sum(int(row["contacts"]) + 700 for row in FILES[(HEALTH, Q2)]))
    for name, submission, known, seen in (
        ("trained agency", found, True, True),
        ("agency", found, False, False),
        ("coordinator", found, False, False),
        ("agency", hers, True, False),
        ("coordinator", hers, False, False),
    ):
        text = receipt.receipt(counting.viewer(name), counting.house, submission)
        row = submissions.find(counting.operator, counting.house, submission)
        assert (row["sha256"] in text) is ("sha256sum" in text) is known, name
        assert (total in text) is ("not released yet" not in text) is seen, name


def test_a_receipt_tells_what_became_of_it(world: World) -> None:
    first = waiting(world)
    submissions.accept(world.operator, world.house, first)
    assert "Accepted; it counts now" in receipt.receipt(world.operator, world.house, first)
    second = waiting(world, "SEED-3")
    submissions.accept(world.operator, world.house, second)
    assert "Accepted; replaced by another version" in receipt.receipt(world.operator, world.house, first)
    submissions.restore(world.operator, world.house, first, "The old one was right", knowing=second)
    told = receipt.receipt(world.operator, world.house, first)
    assert "Restored: it counts again" in told and "Accepted; it counts now" in told
    submissions.expunge(world.operator, world.house, first, "a name")
    told = receipt.receipt(world.operator, world.house, first)
    assert "The old one was right" not in told and "Sums of the columns" not in told
