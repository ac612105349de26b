"""The screen: harmful columns in many spellings, cells that tell of a person, shapes; and what must not be caught."""

from __future__ import annotations

import json

import pytest

from dashboard.intake import personal
from intake_world import GOOD, HEADER, LISTS, ORGANISATIONS, csv_of, inspected, row, where


@pytest.mark.parametrize(
    "name",
    [
        "name",
        "Name of survivor",
        "full_name",
        "First Name",
        "SURNAME",
        "Family name",
        "nama lengkap",
        "apellidos",
        "passport",
        "Passport No.",
        "passport_number",
        "PassportNo",
        "travel document",
        "ID number",
        "national_id",
        "NIK",
        "date of birth",
        "DOB",
        "birth_date",
        "BirthDate",
        "d.o.b.",
        "year of birth",
        "age",
        "exact age",
        "phone",
        "Phone number",
        "Tel. no",
        "mobile",
        "whatsapp",
        "e-mail",
        "Email address",
        "contact person",
        "address",
        "Home address",
        "shelter_address",
        "shelter location",
        "GPS",
        "latitude",
        "Coordinates",
        "migration status",
        "migration_status",
        "MigrationStatus",
        "immigration-status",
        "visa status",
        "visa_type",
        "residency status",
        "undocumented",
        "nationality",
        "Nationality of client",
        "citizenship",
        "country of birth",
        "case id",
        "Case ID",
        "case_no",
        "case number 2",
        "client code",
        "survivor id",
        "file no",
        "incident id",
        "employer name",
        "employer",
        "Name of employer",
        "sponsor",
        "kafeel",
        "husband",
        "perpetrator relationship",
        "ethnicity",
        "religion",
        "marital_status",
        "HIV status",
        "narrative",
        "incident description",
        "iban",
    ],
)
def test_a_column_about_a_person_is_known_in_its_spellings(name: str) -> None:
    assert personal.about_a_person(name)
    found = inspected(csv_of(GOOD + ",Canary", header=HEADER + ',"' + name + '"'))
    [wrong] = found.problems
    assert (found.verdict, wrong.code) == ("screened", "column-personal")
    assert "It could put women at risk" in wrong.fix or "it could put women at risk" in wrong.fix


@pytest.mark.parametrize(
    "name",
    [
        "service_name",
        "remarks",
        "sector",
        "indicator_code",
        "organisation_type",
        "country_title",
        "contacts_total",
        "area_code",
        "quarter",
        "population",
        "budget",
        "languages_spoken",
        "opening hours",
        "service_id",
        "languages",
    ],
)
def test_a_column_about_a_service_is_only_unknown(name: str) -> None:
    assert not personal.about_a_person(name)


CAUGHT = [
    ("write to a.b@example.org", "cell-email"),
    ("a.b (at) example.org", "cell-email"),
    ("+60 12-345 6789", "cell-phone"),
    ("0812345678", "cell-phone"),
    ("(02) 555-1234 5", "cell-phone"),
    ("call 012 345 6789 at night", "cell-phone"),
    ("9 8 7 6 5 4 3 2 1", "cell-phone"),
    ("A1234567", "cell-passport"),
    ("passport ab 1234567", "cell-passport"),
    ("no. E12345678.", "cell-passport"),
    ("13.7563, 100.5018", "cell-coordinates"),
    ("13.75631", "cell-coordinates"),
    ("13°45'N", "cell-coordinates"),
    ("born 1990-05-12", "cell-full-date"),
    ("12/05/1990", "cell-full-date"),
    ("12.5.90", "cell-full-date"),
    ("12 May 1990", "cell-full-date"),
    ("May 12, 1990", "cell-full-date"),
    ("3rd June 2026", "cell-full-date"),
    ("GB82WEST12345698765432", "cell-iban"),
    ("DE89 3704 0044 0532 0130 00", "cell-iban"),
    ("Tel.0812345678", "cell-phone"),
    ("phone0812345678", "cell-phone"),
    ("0812345678home", "cell-phone"),
    ("tel:021234567", "cell-phone"),
    ("https://wa.me/66812345678", "cell-phone"),
    ("wa.me/message/ABC1", "cell-phone"),
    ("https://t.me/somebody", "cell-phone"),
    ("https://example.org/?p=%2B66812345678", "cell-phone"),
    ("https://example.org/call-081-234-5678", "cell-phone"),
    ("https://example.org/0812345678", "cell-phone"),
    ("https://example.org/66812345678/home", "cell-phone"),
    ("081\u00a0234\u20115678", "cell-phone"),
    ("https://www.google.com/maps?q=13.7,100.5", "cell-coordinates"),
    ("https://maps.app.goo.gl/a1B2", "cell-coordinates"),
    ("https://example.org/where?at=13.75%2C100.51", "cell-coordinates"),
    ("goo.gl/maps/xyz", "cell-coordinates"),
    ("https://example.org/place/!3d13!4d100", "cell-coordinates"),
    ("https://what3words.com/a.b.c", "cell-coordinates"),
    ("https://www.facebook.com/maria.santos", "cell-profile"),
    ("fb.com/maria", "cell-profile"),
    ("see https://m.facebook.com/profile.php?id=1", "cell-profile"),
    ("instagram.com/maria", "cell-profile"),
    ("https://example.org/?to=maria%40example.org", "cell-email"),
    ("maria＠example.org", "cell-email"),
]
# The same digits as Thai, Lao, Myanmar, Khmer, Arabic, Persian, Bengali and full-width type write them.
ZEROS = "๐໐၀០٠۰০０"
IN_SCRIPTS = [
    (text.translate({ord(str(n)): chr(ord(zero) + n) for n in range(10)}), code)
    for zero in ZEROS
    for text, code in (
        ("0812345678", "cell-phone"),
        ("081-234-5678", "cell-phone"),
        ("+66 81 234 5678", "cell-phone"),
        ("A1234567", "cell-passport"),
        ("13.7563, 100.5018", "cell-coordinates"),
        ("13°45'", "cell-coordinates"),
        ("12/05/1990", "cell-full-date"),
        ("1990-05-12", "cell-full-date"),
        ("https://wa.me/668", "cell-phone"),
    )
]


@pytest.mark.parametrize(("text", "code"), CAUGHT + IN_SCRIPTS)
def test_a_cell_that_tells_of_a_person_is_caught_without_being_repeated(text: str, code: str) -> None:
    found = inspected(csv_of(row(note=text)))
    assert where(found.problems) == [(2, "note", code)] and found.verdict == "screened"
    assert text not in json.dumps([p.as_json() for p in found.problems], ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        "Plan 2019-2023",
        "2024/2025",
        "08:00-17:00",
        "0800-1700",
        "08.00 - 17.00",
        "24/7",
        "Act No. 10361 of 2013",
        "https://example.org/files/2024/05/12/report-123456789.pdf",
        "https://example.org/files/20240512093000/a.html",
        "https://doi.org/10.1016/j.wsif.2020.102345",
        "https://www.ilo.org/p=1000:12100:0::NO:12100:P12100_ILO_CODE:C190",
        "https://example.org/node/123456",
        "https://netflix.com/x",
        "Tel: see the site",
        "https://example.org/a/1.2/b-3.4",
        "www.example.org",
        "C190 and R206",
        "budget 1,200,000",
        "2026-Q3",
        "in 3 of 12 districts",
        "Section 4.12",
        "since May",
        "50 % of 1200",
        "Room 12345",
        "1 234 567",
        "ISO 3166-1",
    ],
)
def test_plain_notes_pass(text: str) -> None:
    assert personal.in_a_cell(text) is None
    assert inspected(csv_of(row(note=text))).verdict == "clean"


def test_what_sql_asks_first_is_wider_than_what_is_caught() -> None:
    """Else a cell could pass the sieve unseen: each text that is caught goes through `suspect`, whatever is allowed."""
    import duckdb

    exceptions = ["office_phone", "full_date", "coordinates", "reference", "email"]
    for allows in (frozenset[str](), *(frozenset({name}) for name in exceptions), frozenset(exceptions)):
        caught = [text for text, _code in CAUGHT + IN_SCRIPTS if personal.in_a_cell(text, allows)]
        missed = duckdb.execute(
            "SELECT cell FROM (SELECT unnest($texts) AS cell) WHERE NOT regexp_matches(cell, $sieve)",
            {"texts": caught, "sieve": personal.suspect(allows)},
        ).fetchall()
        assert missed == [] and (caught or len(allows) > 1), allows


def test_an_exception_of_the_field_holds_for_that_field_only() -> None:
    assert inspected(csv_of(row(line="+999 2 555 0123"))).verdict == "clean"
    assert inspected(csv_of(row(note="+999 2 555 0123"))).verdict == "screened"
    assert personal.in_a_cell("12 May 1990", frozenset({"full_date"})) is None


def test_a_person_in_a_column_of_codes_or_numbers_is_not_repeated_either() -> None:
    found = inspected(csv_of(row(service="maria.santos@example.org"), row(contacts="081-234-5678", service="shelter")))
    assert found.verdict == "screened"
    assert where(found.problems) == [(2, "service", "cell-email"), (3, "contacts", "cell-phone")]
    assert "santos" not in json.dumps([p.as_json() for p in found.problems])


def test_once_a_cell_gave_a_person_away_no_other_cell_is_quoted() -> None:
    found = inspected(csv_of(row(service="Heath Centre"), row(note="A1234567", service="shelter")))
    assert {p.code for p in found.problems} == {"unknown-code", "cell-passport"}
    assert "Heath" not in json.dumps([p.as_json() for p in found.problems])


def test_a_forbidden_column_leaves_the_rest_of_the_list_whole() -> None:
    found = inspected(csv_of(row(contacts="12o") + ",irregular", header=HEADER + ",migration_status"))
    assert {(p.code, p.value) for p in found.problems} == {("column-personal", None), ("not-a-number", "12o")}


def test_ones_in_every_row_are_a_list_of_persons_and_counts_are_not() -> None:
    services = ("health", "shelter", "helpline")
    persons = [row(service=services[i % 3], contacts="1") for i in range(12)]
    assert "one-row-per-person" in {p.code for p in inspected(csv_of(*persons)).problems}
    few = [row(service=s, contacts="1") for s in services]
    assert inspected(csv_of(*few)).verdict == "clean"


@pytest.mark.parametrize("before", [0, 3580, 3990, 4000, 7190, 20_000])
def test_a_long_cell_is_looked_at_to_its_end(before: int) -> None:
    """In pieces, of which each repeats the end of the one before: nothing is cut in two."""
    for told, code in (
        ("ann@example.org", "cell-email"),
        ("0812 345 6789", "cell-phone"),
        ("12 May 1990", "cell-full-date"),
    ):
        assert personal.in_a_cell(f"{'word ' * (before // 5)}{told} word") == code
    assert personal.in_a_cell("word " * (before // 5) + "under 20 years old and over 15 years old") is None


def test_where_looking_would_take_too_long_a_column_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.intake.screen.MUCH", 3000)
    notes = [row(note=f"ask Mrs Tan or call {n} " + "she said " * 150, service="shelter") for n in range(20)]
    found = inspected(csv_of(*notes))
    assert (None, "file-too-heavy") in {(p.column, p.code) for p in found.problems} and found.verdict != "clean"
    assert not any(p.value for p in found.problems)


def test_our_own_codes_under_another_header_are_of_no_person() -> None:
    """A header that was mistyped is a mistake, and nobody is told that she sent data about a person."""
    codes = [code["code"] for code in LISTS["services"]] + list(ORGANISATIONS)
    told = inspected(csv_of(*(f"{row()},{code}" for code in codes), header=f"{HEADER},servize")).problems
    assert {p.code for p in told} >= {"column-unknown"} and "person-beside" not in {p.code for p in told}
    names = ["Maria Santos", "Ana Reyes", "Joy Cruz", "Rosa Lim", "Mai Tran", "Lina Haddad"]
    told = inspected(csv_of(*(f"{row()},{name}" for name in names), header=f"{HEADER},servize")).problems
    assert "person-beside" in {p.code for p in told}, "what differs in each row and is no code still is"
