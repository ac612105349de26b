"""Warnings that rest on former files: each kind with its example, as (row, column, code); few, quick, and explained."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import former_world
from contacts_world import DATASET, HEALTH, Q2, counted
from dashboard.intake import submissions, unusual, warnings
from dashboard.intake.problems import PROBLEMS, Severity
from dashboard.intake.senders import NotPossible
from dashboard.protection.policy import Refused
from dashboard.reference.text import use_language
from former_world import NOW, example, staged, where
from indicator_world import COORD, GOAL_ROWS, GOALS, value
from world import Built, World, contact, send, table

SPOTS = {
    "outlier": (2, "contacts"),
    "factor-thousand": (2, "contacts"),
    "zero-after-numbers": (4, "contacts"),
    "row-gone": (None, None),
    "rows-gone": (None, None),
    "same-as-last": (None, None),
    "service-not-covered": (8, "service_code"),
}


@pytest.fixture(scope="session")
def built_former(built_contacts: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    made = built_contacts.opened(tmp_path_factory.mktemp("former") / "world")
    try:
        gone = made.sent[f"contacts {HEALTH} {Q2}"], made.sent[f"contacts {HEALTH} 2026-Q1"]
        for one in gone:
            submissions.withdraw(made.viewer("trained secretariat"), made.house, one, "Only for this test.")
        former_world.fill(made)
    finally:
        made.house.close()
    return Built(made.house.settings.data, made.people, made.sent)


@pytest.fixture
def former(built_former: Built, tmp_path: Path) -> Iterator[World]:
    made = built_former.opened(tmp_path / "former")
    yield made
    made.house.close()


# --- each kind ---


def test_every_kind_of_warning_has_its_example_and_its_spot() -> None:
    kinds = {code for code, kind in PROBLEMS.items() if kind.phase == "record"}
    assert kinds == set(SPOTS) and len(kinds) >= 6
    assert all(PROBLEMS[code].severity is Severity.WARNING for code in kinds)


@pytest.mark.parametrize("code", SPOTS)
def test_each_kind_is_found_where_it_is(former: World, code: str) -> None:
    found = staged(former, example(code)).warnings
    assert where(found) == [(*SPOTS[code], code)], [one.problem.message for one in found]


def test_a_usual_file_has_none(former: World) -> None:
    assert staged(former, example("usual")).warnings == ()
    assert staged(former, example("before"), period="2020-Q1").warnings == (), "with nothing before it"


def test_the_sentences_say_what_was_usual_and_what_to_do(former: World) -> None:
    [far] = staged(former, example("outlier")).warnings
    assert far.problem.message == (
        "Row 2, contacts: 118 is far from what was reported before. The median of 5 quarters is 43, and they lie"
        " between 40 and 46."
    )
    assert "say why it is so" in far.problem.fix and far.problem.value == "118"
    [times] = staged(former, example("factor-thousand")).warnings
    assert "is about 1,000 times what was reported before: the median of 5 quarters is 43." in times.problem.message
    assert "Were thousands meant" in times.problem.fix
    [gone] = staged(former, example("row-gone")).warnings
    assert "“Coordination and referral · Walk-in" in gone.problem.message or "·" in gone.problem.message
    assert "each of the 5 files before" in gone.problem.message and "XAA" not in gone.problem.message
    [many] = staged(former, example("rows-gone")).warnings
    assert "2 of 6 rows of the file for Q1 2026" in many.problem.message
    [closed] = staged(former, example("service-not-covered")).warnings
    assert "Outreach clinics into migrant communities" in closed.problem.message and "Q2 2026" in closed.problem.message


FACTORS = [(43_000, "1,000 times"), (4_300, "100 times"), (430, "ten times"), (700_000, ""), (86, ""), (44, "")]


@pytest.mark.parametrize(("contacts", "said"), FACTORS)
def test_a_factor_is_said_where_it_fits(former: World, contacts: int, said: str) -> None:
    rows = [dict(row, contacts=str(contacts)) if n == 0 else row for n, row in enumerate(example("usual"))]
    found = staged(former, rows).warnings
    factors = [one for one in found if one.problem.code == "factor-thousand"]
    assert [said in one.problem.message for one in factors] == ([True] if said else [])


@pytest.mark.parametrize(
    ("usual", "contacts", "said"), [(52_000, 51, "a thousandth of"), (5_200, 53, "a hundredth of")]
)
def test_a_part_is_said_too(counting: World, usual: int, contacts: int, said: str) -> None:
    for period in ("2025-Q2", "2025-Q3", "2025-Q4"):
        counted(counting, HEALTH, period, [contact(HEALTH, "social", usual)])
    found = staged(counting, [contact(HEALTH, "social", contacts)], period="2026-Q1").warnings
    assert any(said in one.problem.message for one in found)


def test_what_swings_by_itself_is_no_outlier(counting: World) -> None:
    for period, contacts in zip(("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"), (20, 90, 35, 140), strict=True):
        counted(counting, HEALTH, period, [contact(HEALTH, "social", contacts), contact(HEALTH, "health", 3)])
    rows = [contact(HEALTH, "social", 210), contact(HEALTH, "health", 7)]
    assert "outlier" not in {one.problem.code for one in staged(counting, rows, period="2026-Q1").warnings}


def test_former_quarters_are_few_and_of_the_organisation_itself(former: World) -> None:
    """What another one reported, what was withdrawn and what lies long back is no measure."""
    rows = [dict(row, organisation_code="XAA-COORD") for row in example("factor-thousand")]
    assert staged(former, rows, organisation="XAA-COORD", by="trained secretariat").warnings == ()
    late = staged(former, example("factor-thousand"), period="2026-Q3")
    assert "factor-thousand" in {one.problem.code for one in late.warnings}


def test_three_quarters_make_no_median_but_an_always(counting: World) -> None:
    for period in ("2025-Q2", "2025-Q3", "2025-Q4"):
        counted(counting, HEALTH, period, [contact(HEALTH, "social", 41), contact(HEALTH, "health", 12)])
    rows = [contact(HEALTH, "social", 100), contact(HEALTH, "health", 0)]
    found = staged(counting, rows, period="2026-Q1").warnings
    assert {(3, "contacts", "zero-after-numbers")} == {w for w in where(found) if w[2] != "rows-gone"}


def test_plans_that_stand_are_not_the_same_as_last_time(measured: World) -> None:
    """A yearly plan may be sent again as it is; figures that are counted anew every quarter may not go unasked."""
    again = staged(measured, GOAL_ROWS, dataset=GOALS, organisation=COORD, by="trained secretariat", period="2026-Q4")
    assert again.warnings == ()


# --- many, and quickly ---


def test_a_thousand_of_one_cause_are_one_warning(counting: World) -> None:
    forms = [c.code for c in counting.house.library.codes["forms_of_violence"].codes]
    origins = ["XAA", "XBA", ""]
    rows = [contact(HEALTH, "health", 40, origin=o, form_of_violence=f) for o in origins for f in [*forms, ""]]
    assert len(rows) > unusual.TOGETHER
    for period in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"):
        counted(counting, HEALTH, period, rows)
    many = [dict(row, contacts="0") for row in rows]
    [one] = [w for w in staged(counting, many, period="2026-Q1").warnings if w.problem.row]
    assert one.problem.count == len(rows) and one.problem.rows[:3] == (2, 3, 4)
    assert f"In {len(rows)} rows in all; the first are 2, 3, 4" in one.problem.message


def test_a_small_file_costs_little(former: World) -> None:
    """Under 50 ms by itself (measured by tests/measure_intake.py); here with room for a busy machine."""
    received = staged(former, example("outlier"))
    row = submissions.find(former.operator, former.house, received.submission_id)
    contract, took = former.house.library.contracts[DATASET], []
    for _ in range(5):
        begun = time.perf_counter()
        unusual.found(former.house, contract, row)
        took.append(time.perf_counter() - begun)
    print(f"warnings of a small file: {min(took) * 1000:.0f} ms")
    assert min(took) < 0.25


# --- kept, and read in one's language ---


def test_warnings_are_kept_once_with_the_file(former: World) -> None:
    first = staged(former, example("outlier"))
    again = staged(former, example("outlier"))
    assert again.submission_id == first.submission_id and again.warnings == first.warnings
    kept = former.house.store.read("select * from submission_warning where submission_id = $id", id=first.submission_id)
    [step] = former.house.store.read(
        "select version from submission_event where submission_id = $id", id=first.submission_id
    )
    assert len(kept) == 1 and kept[0]["version"] == step["version"] and kept[0]["counted"]


def test_a_warning_is_put_into_words_when_it_is_read(former: World) -> None:
    received = staged(former, example("factor-thousand"))
    use_language("de")
    try:
        [one] = warnings.of(former.viewer("trained agency"), former.house, received.submission_id)
    finally:
        use_language("en")
    assert "43" in one.problem.message and "1.000" not in one.problem.message.split("43", 1)[1]


# --- why it is so ---


def test_a_warning_blocks_nothing_and_is_explained(former: World) -> None:
    house, agency = former.house, former.viewer("trained agency")
    received = staged(former, example("outlier"))
    found, [one] = received.submission_id, received.warnings
    assert one.explanation is None
    warnings.explain(agency, house, found, one.warning_id, "  A campaign on the radio\n brought more calls. ")
    [one] = warnings.of(agency, house, found)
    assert one.explanation and one.explanation.text == "A campaign on the radio brought more calls."
    assert one.explanation.by == "Trained Agency"
    submissions.submit(agency, house, found)
    coordinator = former.viewer("trained coordinator")
    warnings.explain(coordinator, house, found, one.warning_id, "They told us so by telephone.")
    [one] = warnings.of(agency, house, found)
    assert one.explanation and one.explanation.by == "Trained Coordinator", "what was said last"
    submissions.accept(former.viewer("trained secretariat"), house, found)
    with pytest.raises(NotPossible, match="no longer under way"):
        warnings.explain(agency, house, found, one.warning_id, "Too late.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "one or two sentences"),
        ("no", "one or two sentences"),
        ("x" * 301, "one or two sentences"),
        ("Ask Mary at mary@example.org", "lead to a person"),
        ("She came on 12 March 2026", "lead to a person"),
        ("It was 118 contacts, really", "quotes a count"),
    ],
)
def test_an_explanation_is_screened(former: World, text: str, why: str) -> None:
    received = staged(former, example("outlier"))
    [one] = received.warnings
    with pytest.raises(NotPossible, match=why):
        warnings.explain(former.viewer("trained agency"), former.house, received.submission_id, one.warning_id, text)
    assert former.house.store.read("select * from submission_remark") == []


def test_who_may_explain(measured: World) -> None:
    """Who sends the file or reviews it; a member who only reads, and whoever may not see the file, may not."""
    house = measured.house
    for period in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"):
        rows = [value(HEALTH, "P-CAP-1", period, 40)]
        send(measured, "indicator_values", HEALTH, period, table(house, "indicator_values", rows))
    received = staged(
        measured, [value(HEALTH, "P-CAP-1", "2026-Q2", 400)], dataset="indicator_values", period="2026-Q2"
    )
    [one] = [w for w in received.warnings if w.problem.row]
    assert not one.counted and one.problem.code == "factor-thousand"
    for name, refused in (("member", True), ("foreign coordinator", True), ("agency", False), ("coordinator", False)):
        viewer = measured.viewer(name)
        if refused:
            with pytest.raises(Refused):
                warnings.explain(viewer, house, received.submission_id, one.warning_id, "Because.")
        else:
            warnings.explain(viewer, house, received.submission_id, one.warning_id, f"Because of {name}.")
    with pytest.raises(NotPossible, match="no such warning"):
        warnings.explain(measured.viewer("agency"), house, received.submission_id, "nothing", "Because.")
    assert NOW == "2026-Q2"
