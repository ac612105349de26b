"""The registers: plans, agreements, laws and whatever else is a list of what there is, as contracts and as rules."""

from __future__ import annotations

import csv
import io
import re

import pytest

from dashboard.intake import counts, personal, worker
from dashboard.intake.senders import lists_for
from dashboard.record.house import House
from dashboard.reference import library, periods
from dashboard.reference.library import DATASETS
from test_senders import REGISTERS

OURS, SHOWN = library.load(), library.load(DATASETS / "demo")
MEMBERS = ["XAA-COORD", "XAA-HEALTH", "XAA-RETURN", "XAA-POLICE"]


def checked(dataset: str, *changes: dict[str, str]) -> list[tuple[int | None, str | None, str]]:
    """The example of a register with its first rows changed, checked as an upload of XAA-COORD: row, column, code."""
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
            codes=lists_for(house, contract, periods.parse("2026-Q3").end),
            organisation_code="XAA-COORD",
            organisations=MEMBERS,
            country="XAA",
            period="2026-Q3",
        ),
    )
    return [(p.row, p.column, p.code) for p in outcome.problems]


@pytest.mark.parametrize("dataset", REGISTERS)
class TestRegister:
    def test_it_is_sent_by_those_who_keep_it_and_its_example_passes(self, dataset: str) -> None:
        contract = OURS.contracts[dataset]
        assert contract.screen == "register" and not contract.quarterly and contract.kind != "administrative"
        assert contract.submitters == ("coordinator", "secretariat")
        assert checked(dataset) == []

    def test_every_field_but_place_and_sender_says_what_it_is_for(self, dataset: str) -> None:
        fields = [f for f in OURS.contracts[dataset].fields if f.name != "country" and not f.own]
        assert [f.name for f in fields if not f.requirements] == []
        assert all(re.fullmatch(r"R([1-9]|[1-9]\d|1[0-2]\d|130)", r) for f in fields for r in f.requirements)

    def test_words_are_short_and_differ_only_where_they_may(self, dataset: str) -> None:
        words = [f for f in OURS.contracts[dataset].fields if f.type == "string" and not f.pattern and not f.own]
        assert [f.name for f in words if (f.max_length or 999) > 240] == []

    def test_no_register_counts_contacts(self, dataset: str) -> None:
        """Else whoever may not see contacts could not read it, and not everybody who reviews could accept it."""
        assert not counts.may_hold(OURS.contracts[dataset])

    def test_nobody_is_named(self, dataset: str) -> None:
        """Whoever leads, signs or chairs is an organisation or an office."""
        fields = OURS.contracts[dataset].fields
        assert [f.name for f in fields if personal.about_a_person(f.name) or {"office_phone", "email"} & f.allows] == []

    def test_its_page_shows_what_it_has(self, dataset: str) -> None:
        contract = OURS.contracts[dataset]
        shown = contract.to_json()["dashboard"]["register"]
        named = [
            *shown["columns"],
            shown["label"],
            shown.get("state"),
            shown.get("newest"),
            *shown.get("across", ())[:1],
        ]
        assert {name for name in named if name} - set(contract.header) == set() and len(shown["columns"]) <= 7
        assert shown["question"].endswith("?") and all("{count} " in one for one in shown["counted"])


@pytest.mark.parametrize(
    ("dataset", "numbers"),
    [
        ("plans", ["R4", "R8", "R27", "R36", "R40", "R43", "R130"]),
        ("plan_actions", ["R2", "R4", "R5", "R27", "R28", "R29", "R35", "R50", "R81", "R108", "R119"]),
        ("agreements", ["R47", "R49", "R50", "R111", "R112", "R113"]),
        ("laws", ["R22", "R45", "R46", "R48", "R49", "R50", "R51", "R107"]),
        ("ratifications", ["R33", "R34"]),
        ("protocols", ["R109", "R114", "R115"]),
        ("pathways", ["R23", "R90", "R91", "R97"]),
        ("needs_and_gaps", ["R1", "R3", "R9", "R14", "R19", "R24", "R30", "R32", "R103"]),
        ("origin_profiles", ["R13"]),
        ("non_citizen_safeguards", ["R25", "R93", "R94", "R96", "R97", "R98", "R99", "R100", "R101"]),
        ("prevention_actions", ["R15", "R76", "R77", "R78", "R79", "R80", "R81"]),
        ("studies", ["R31", "R58", "R59", "R60", "R71", "R75", "R129"]),
        ("data_systems", ["R26", "R64", "R65", "R66", "R118", "R122", "R123"]),
        ("assessment_answers", ["R10", "R12"]),
        ("evaluations", ["R120", "R126", "R127"]),
        ("adjustments", ["R50", "R121"]),
        ("participation", ["R41", "R126", "R127"]),
    ],
)
def test_the_requirements_of_a_register_are_named_in_its_fields(dataset: str, numbers: list[str]) -> None:
    named = {r for f in OURS.contracts[dataset].fields for r in f.requirements}
    assert set(numbers) - named == set()


def test_what_is_about_figures_and_pages_alone_is_all_that_no_field_names() -> None:
    """Caveats, colours and few reports (R67 to R70), and the public page (R128), are no column of a file."""
    named = {r for contract in OURS.contracts.values() for f in contract.fields for r in f.requirements}
    assert {f"R{n}" for n in range(1, 131)} - named == {"R67", "R68", "R69", "R70", "R128"}


@pytest.mark.parametrize(
    ("dataset", "change", "spots"),
    [
        ("plans", {"level": "sector"}, [(2, "parent_plan", "value-missing")]),
        ("plans", {"successor": "XBA-PLAN-1"}, [(2, "successor", "other-country-code")]),
        ("plan_actions", {"restricts_work_or_migration": "yes"}, [(2, "note", "value-missing")]),
        ("plan_actions", {"lead": "XAA-NOBODY"}, [(2, "lead", "unknown-organisation")]),
        ("plan_actions", {"indicators": "P-SVC-2|NONE-1"}, [(2, "indicators", "unknown-code")]),
        ("agreements", {"status": "expired", "in_force_until": ""}, [(2, "in_force_until", "value-missing")]),
        ("agreements", {"status": "negotiating"}, [(2, "in_force_from", "value-not-expected")]),
        ("agreements", {"clause_violence": "maybe"}, [(2, "clause_violence", "unknown-code")]),
        ("laws", {"restricts_work_or_migration": "yes", "effect": "protects"}, [(2, "effect", "value-not-allowed")]),
        ("laws", {"checked_on": ""}, [(2, "checked_on", "value-missing")]),
        ("ratifications", {"status": "not_ratified"}, [(2, "status_date", "value-not-expected")]),
        ("ratifications", {"status_date": "April 1985"}, [(2, "status_date", "wrong-form")]),
        ("pathways", {"protocol_code": ""}, [(2, "protocol_code", "value-missing")]),
        ("needs_and_gaps", {"fit_evidence": ""}, [(2, "fit_evidence", "value-missing")]),
        (
            "non_citizen_safeguards",
            {"in_place": "partly"},
            [(2, "applies_to", "value-missing"), (2, "legal_source", "value-missing")],
        ),
        ("studies", {"ethics_approved": "no"}, [(2, "ethics_approved", "value-not-allowed")]),
        ("studies", {"kind": "prevalence"}, [(2, "sampling", "value-missing")]),
        ("data_systems", {"holds_risky_details": "yes", "next_step": ""}, [(2, "next_step", "value-missing")]),
        ("assessment_answers", {"evidence": ""}, [(2, "evidence", "evidence-missing")]),
        ("assessment_answers", {"answer": "not_known", "next_step": ""}, [(2, "next_step", "value-missing")]),
        ("evaluations", {"lesson": ""}, [(2, "lesson", "value-missing")]),
        ("participation", {"risks_explained": ""}, [(2, "risks_explained", "value-missing")]),
    ],
)  # fmt: skip
def test_what_does_not_fit(dataset: str, change: dict[str, str], spots: list[tuple[int, str, str]]) -> None:
    assert checked(dataset, change) == spots


@pytest.mark.parametrize(
    "change",
    [
        {"verified": "no", "checked_on": ""},
        {"verified": "no", "status": "not_verified"},
    ],
)
def test_what_nobody_verified_has_no_date_and_no_status(change: dict[str, str]) -> None:
    """Risk: an unverified ratification that is read as a fact."""
    assert {column for _row, column, _code in checked("ratifications", change)} <= {"status", "status_date"} != set()
    assert checked("ratifications", change)


@pytest.mark.parametrize(
    ("dataset", "column", "words"),
    [
        ("studies", "finding", "She was beaten by her employer and ran away."),
        ("participation", "finding", "Mrs Amira Okafor said so."),
        ("needs_and_gaps", "known", "Survivor, 24 years old, case no. A-123"),
        ("agreements", "parties", "Signed by Mr Ono Takahashi"),
        ("pathways", "barrier", "Call +62 812 3456 7890"),
    ],
)
def test_a_story_or_a_name_is_refused(dataset: str, column: str, words: str) -> None:
    assert [(row, name) for row, name, _code in checked(dataset, {column: words})] == [(2, column)]


def test_the_self_assessment_asks_thirteen_questions_and_seventy_considerations() -> None:
    questions, considerations = OURS.codes["key_questions"].codes, OURS.codes["considerations"].codes
    assert [c.code for c in questions] == [f"KQ{n}" for n in range(1, 14)] and len(considerations) == 70
    assert OURS.codes["assessment_items"].codes == (*questions, *considerations)
    assert all(c.verified for c in OURS.codes["assessment_items"].codes)
    assert {c.attributes["kind"] for c in considerations} == {"assessment", "safeguard"}
    assert OURS.contracts["assessment_answers"].main == OURS.contracts["assessment_answers"].field("item")


@pytest.mark.parametrize(
    ("name", "attribute", "other"),
    [
        ("instruments", "type", "instrument_types"),
        ("considerations", "key_question", "key_questions"),
        ("considerations", "plan_part", "plan_parts"),
    ],
)
def test_lists_refer_to_codes_that_exist(name: str, attribute: str, other: str) -> None:
    assert {c.attributes[attribute] for c in OURS.codes[name].codes} <= {c.code for c in OURS.codes[other].codes}


def test_a_recommendation_is_not_open_to_ratification() -> None:
    found = {c.code: c.attributes for c in OURS.codes["instruments"].codes}
    assert len(found) == 21
    assert {code for code, a in found.items() if a["open_to_ratification"] == "yes"} == {
        code for code, a in found.items() if a["type"] in ("convention", "ilo_convention")
    }
    assert sum(a["type"] == "ilo_convention" for a in found.values()) == 13
    assert all(a["look_up"] for a in found.values() if a["open_to_ratification"] == "yes")


def test_a_clause_that_nobody_read_can_say_so() -> None:
    clauses = [f for f in OURS.contracts["agreements"].fields if f.name.startswith("clause_")]
    assert len(clauses) == 13 and {f.codes for f in clauses} == {"clause_states"}
    assert OURS.codes["clause_states"].get("not_verified")
