"""Words that tell of one person, names of columns in other languages, and what stands beside the template's columns."""

from __future__ import annotations

import duckdb
import pytest

from dashboard.intake import personal, tongues
from intake_world import GOOD, HEADER, csv_of, inspected, row, where

TELLING = [
    ("Interview with Ms Canary Alpha", "cell-name"),
    ("นางสาวธนพร", "cell-name"),
    ("Phỏng vấn bà Nguyễn Thị", "cell-name"),
    ("Alpha binti Canary", "cell-name"),
    ("canary (at) example (dot) org", "cell-email"),
    ("canary＠example．org", "cell-email"),
    ("IG @canary_alpha", "cell-profile"),
    ("a woman, 24 years old", "cell-age"),
    ("aged 31", "cell-age"),
    ("A.B., 24, F", "cell-age"),
    ("24F", "cell-age"),
    ("อายุ ๒๔", "cell-age"),
    ("24 tuổi", "cell-age"),
    ("the employer locked her in", "cell-story"),
    ("Raped by the agent", "cell-story"),
    ("Client says that she is afraid", "cell-story"),
    ("escaped from her employer", "cell-story"),
    ("Mother of 3", "cell-story"),
    ("House 14, Street 999", "cell-address"),
    ("Jalan Tiada, RT 04/RW 09", "cell-address"),
    ("see case file no. CM/2026/0042", "cell-case"),
    ("fabc1a2b-ab0c-4d0e-8f0a-ab2cd3ef4a5b", "cell-case"),
]
GENERAL = [
    "Women aged 15-49",
    "18 years and above",
    "Said by the ministry in the last meeting",
    "Agreed. Stated in the minutes of June",
    "Girls under 18 are counted apart",
    "trên 18 tuổi",
    "Survivors of rape receive care within 72 hours",
    "She is brought to a safe place without telling her story again",
    "Her husband is not told that she called",
    "A victim may be accompanied by her mother",
    "MS Excel file of the ministry",
    "Supreme Court, case no. 14/2023",
    "Safe house 24/7",
    "Ministerial Regulation No. 4 B.E. 2563 (2020)",
    "Population 16 946 000 in 2024",
    "Rp 2.500.000.000 in the budget",
    "XAA-2022-1114",
]


@pytest.mark.parametrize(("text", "code"), TELLING)
def test_words_of_one_person_are_caught_where_they_stand_and_not_repeated(text: str, code: str) -> None:
    found = inspected(csv_of(row(note=text)))
    assert (where(found.problems), found.verdict) == ([(2, "note", code)], "screened")
    assert all(text not in p.message for p in found.problems)


@pytest.mark.parametrize("text", GENERAL)
def test_what_is_said_of_all_passes(text: str) -> None:
    assert personal.in_a_cell(text) is None


def test_what_sql_asks_first_is_wider() -> None:
    texts = [text for text, _code in TELLING]
    missed = duckdb.execute(
        "SELECT cell FROM (SELECT unnest($texts) AS cell) WHERE NOT regexp_matches(cell, $sieve)",
        {"texts": texts, "sieve": personal.suspect(frozenset())},
    ).fetchall()
    assert missed == []


@pytest.mark.parametrize("name", ["ឈ្មោះ", "ชื่อ-สกุล", "Họ và tên", "Nachname", "الاسم", "নাম", "ФИО", "姓名", "Patient"])
def test_columns_about_persons_are_known_in_other_languages(name: str) -> None:
    assert personal.about_a_person(name)
    assert not personal.about_a_person(f"{name} xx yy")


def test_what_is_written_like_a_name_in_the_place_of_a_code_is_one() -> None:
    found = inspected(csv_of(row(service="Canary Alpha")))
    assert where(found.problems) == [(2, "service", "cell-name")] and "Canary" not in str(found.problems)
    assert inspected(csv_of(row(service="Legal Help"))).verdict == "problems"
    assert tongues.a_name("Canary Alpha", frozenset()) and not tongues.a_name("Canary Office", frozenset())


def test_persons_beside_the_columns_are_screened_and_not_quoted() -> None:
    for data, at in (
        (csv_of(GOOD, header=f"Prepared by Ms Canary Alpha\n{HEADER}"), 1),
        (csv_of(GOOD + ",Her husband beat her", header=HEADER + ",remark"), 2),
        (csv_of(GOOD + ",x", header=HEADER + ",canary@example.org"), 1),
        (csv_of("1,Canary Alpha,24", header="Sr,Full name,Years"), 1),
        (csv_of("1,Canary aged 24,b", header="a,b,c"), 2),
    ):
        found = inspected(data)
        assert found.verdict == "screened" and (at, None, "person-beside") in where(found.problems)
        assert "anary" not in str(found.problems)


def test_other_columns_and_headers_are_only_unknown() -> None:
    assert inspected(csv_of(GOOD + ",x", header=HEADER + ",remark")).verdict == "problems"
    assert inspected(b"a,b,c\n1,2,3\n").verdict == "unreadable"


def test_ones_of_a_small_place_pass_and_a_register_that_names_many_in_one_place_does_not() -> None:
    places = [row(service=s, contacts="1", period="2026-Q3", note="") for s in ("health", "shelter", "helpline")]
    assert inspected(csv_of(*places)).verdict == "clean"
    several = [row(contacts="1", note=f"n{n}") for n in range(12)]
    assert "one-row-per-person" in {p.code for p in inspected(csv_of(*several)).problems}


def test_a_long_number_with_a_zero_before_it_is_no_figure() -> None:
    assert where(inspected(csv_of(row(contacts="07700900123"))).problems) == [(2, "contacts", "cell-phone")]
