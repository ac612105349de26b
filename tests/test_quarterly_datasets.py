"""What a quarter holds beside services, contacts and indicators: training, referrals, budget, progress on actions."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.coordination.standing import STATES
from dashboard.intake import counts, worker
from dashboard.intake.senders import lists_for
from dashboard.record.house import House
from dashboard.reference import library, periods
from dashboard.reference.library import DATASETS

OURS, SHOWN = library.load(), library.load(DATASETS / "demo")
NAMES = ("training_sessions", "referrals", "budget_execution", "action_updates")
ACTIONS = [{"code": f"XAA-2026-0{n}", "title": "", "expired": "", "successor": ""} for n in (1, 2)]


def checked(dataset: str, *changes: dict[str, str]) -> list[tuple[int | None, str | None, str]]:
    """The example of a dataset with its first rows changed, checked as an upload of XAA-HEALTH: row, column, code."""
    contract = SHOWN.contracts[dataset]
    with (DATASETS / "examples" / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, contract.header)
    writer.writeheader()
    writer.writerows(rows)
    house = House(None, SHOWN, None, None)  # type: ignore[arg-type]
    outcome = worker.check_file(
        out.getvalue().encode(),
        worker.Request(
            dataset=dataset,
            contract_source=contract.source,
            codes=lists_for(house, contract, periods.parse("2026-Q3").end) | {"own_actions": ACTIONS},
            organisation_code="XAA-HEALTH",
            organisations=["XAA-HEALTH"],
            country="XAA",
            period="2026-Q3",
        ),
    )
    return [(p.row, p.column, p.code) for p in outcome.problems]


@pytest.mark.parametrize(
    ("dataset", "numbers"),
    [
        ("training_sessions", ["R52", "R53", "R54", "R55", "R56", "R89"]),
        ("referrals", ["R63", "R83", "R90", "R91", "R95", "R109"]),
        ("budget_execution", ["R117"]),
        ("action_updates", ["R108", "R110"]),
    ],
)
def test_the_requirements_of_a_dataset_are_named_in_its_fields(dataset: str, numbers: list[str]) -> None:
    named = {r for f in OURS.contracts[dataset].fields for r in f.requirements}
    assert set(numbers) - named == set()


@pytest.mark.parametrize("dataset", NAMES)
def test_they_are_quarterly_sent_by_agencies_and_their_examples_pass(dataset: str) -> None:
    contract = OURS.contracts[dataset]
    assert contract.quarterly and "agency" in contract.submitters
    assert checked(dataset) == []


@pytest.mark.parametrize(
    ("dataset", "change", "spots"),
    [
        ("training_sessions", {"women_trained": "65"}, [(2, "women_trained", "more-than-whole")]),
        ("training_sessions", {"topics": "witchcraft"}, [(2, "topics", "unknown-code")]),
        ("referrals", {"accepted": "25"}, [(2, "accepted", "more-than-whole")]),
        ("referrals", {"accepted": "", "completed": "25"}, [(2, "completed", "more-than-whole")]),
        ("referrals", {"to_country": "XAA"}, [(2, "country", "same-place")]),
        ("budget_execution", {"spent": "6000.01"}, [(2, "spent", "more-than-whole")]),
        ("budget_execution", {"committed": ""}, [(2, "committed", "required-empty")]),
        ("budget_execution", {"currency": "usd"}, [(2, "currency", "wrong-form")]),
        ("budget_execution", {"action_code": "XBA-1"}, [(2, "action_code", "other-country-code")]),
        ("action_updates", {"state": "blocked"}, [(2, "obstacle", "value-missing")]),
        ("action_updates", {"action_code": "XAA-2026-03"}, [(2, "action_code", "not-your-action")]),
    ],
)
def test_what_does_not_fit(dataset: str, change: dict[str, str], spots: list[tuple[int, str, str]]) -> None:
    assert checked(dataset, change) == spots


def test_referrals_count_contacts_and_nothing_else_of_these_does() -> None:
    """So every door that protects counts of contacts protects them, without knowing their name."""
    assert {name for name in NAMES if counts.may_hold(OURS.contracts[name])} == {"referrals"}
    assert OURS.contracts["referrals"].screen == "counts"
    assert OURS.contracts["referrals"].field("to_country").disaggregation == "origin"


def test_a_list_of_persons_that_were_referred_is_refused() -> None:
    contract = SHOWN.contracts["referrals"]
    row = "XAA,XAA-HEALTH,health,SEED-1,social,{},,accompanied,yes,no,yes,1,1,1"
    rows = [row.format(f"SEED-{n % 3 + 1}") for n in range(12)]
    request = worker.Request("referrals", contract.source, {}, "XAA-HEALTH", None, "XAA", "2026-Q3")
    outcome = worker.check_file("\n".join([",".join(contract.header), *rows]).encode(), request)
    assert outcome.verdict == "screened" and "one-row-per-person" in {p.code for p in outcome.problems}


def test_the_gap_flag_can_be_told_from_the_subjects() -> None:
    """R56: a sector that was trained on nothing that is about women migrant workers."""
    listed = OURS.codes["training_topics"]
    assert {c.code for c in listed.codes} >= {
        "migration_cycle", "deportation", "employer", "eligibility", "documents", "fees", "needs_at_destination",
        "needs_on_return", "other",
    }  # fmt: skip
    assert {c.code for c in listed.codes if not c.source.startswith("UN Women")} == {"other"}


def test_a_file_says_the_states_that_the_page_says() -> None:
    assert {c.code: c.title for c in OURS.codes["action_states"].codes} == dict(STATES)
