"""The knowledge in `datasets/`: every list, contract, indicator, example and demonstration file as shipped."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

from dashboard.demonstration import knowledge, story
from dashboard.demonstration.almanac import Almanac
from dashboard.intake import personal
from dashboard.intake.problems import PROBLEMS
from dashboard.reference import library
from dashboard.reference.contracts import KINDS
from dashboard.reference.library import DATASETS

DEMO = DATASETS / "demo"
OURS, SHOWN = library.load(), library.load(DEMO)
EVERY_CODE = [(name, code) for lib in (OURS, SHOWN) for name, found in lib.codes.items() for code in found.codes]
COLUMNS = ["code", "title", "description", "valid_from", "valid_to", "successor", "source", "verified", "check_at"]
STORY = story.steps(knowledge.read(), Almanac(date(2026, 11, 23)), SHOWN)
SENT = [step.file for step in STORY if step.what == "send" and step.file]


def rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


# Code lists


@pytest.mark.parametrize(
    "path", sorted([*(DATASETS / "codes").glob("*.csv"), *(DEMO / "codes").glob("*.csv")]), ids=str
)
def test_a_list_begins_with_the_columns_that_all_lists_share(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert next(csv.reader([line for line in lines if not line.startswith("#")][:1]))[:9] == COLUMNS


def test_every_code_has_a_source_and_an_unverified_one_says_where_to_check():
    assert len(EVERY_CODE) > 400
    assert [(n, c.code) for n, c in EVERY_CODE if not c.source] == []
    assert [(n, c.code) for n, c in EVERY_CODE if not c.verified and not c.check_at] == []
    assert [(n, c.code) for n, c in EVERY_CODE if c.verified and c.check_at] == []


def test_working_notes_and_file_names_stay_out():
    told = [
        (n, c.code, text)
        for n, c in EVERY_CODE
        for text in (c.title, c.description, c.source, c.check_at, *c.attributes.values())
        if re.search(r"\.txt|from memory|pycountry|\b000_|TODO|\[[VMD]\]|do not show", text)
    ]
    assert told == []


def test_no_list_holds_a_telephone_number():
    assert not [n for n, found in OURS.codes.items() for c in found.codes if {"hotline", "phone"} & set(c.attributes)]
    digits = re.compile(r"[+]?\d[\d ()-]{6,}\d")
    found = [
        (n, c.code, c.description)
        for n, c in EVERY_CODE
        for text in (c.title, c.description, c.attributes.get("condition", ""))
        if any(not re.fullmatch(r"\d{4}-\d\d-\d\d", m) for m in digits.findall(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "attribute", "other"),
    [
        ("corridors", "origin", "countries"),
        ("corridors", "destination", "countries"),
        ("region_membership", "region", "regions"),
        ("region_membership", "country", "countries"),
        ("services", "framework", "service_frameworks"),
        ("services", "sector", "sectors"),
        ("services", "related", "services"),
        ("stakeholder_categories", "sector", "sectors"),
        ("stakeholder_categories", "group", "stakeholder_groups"),
    ],
)
@pytest.mark.parametrize("lib", [OURS, SHOWN], ids=["ours", "demonstration"])
def test_lists_refer_to_codes_that_exist(lib, name, attribute, other):
    named = {value for c in lib.codes[name].codes for value in c.attributes[attribute].split("|") if value}
    assert named and {value for value in named if lib.codes[other].get(value) is None} == set()


def test_a_successor_exists():
    assert [
        (n, c.code)
        for n, found in OURS.codes.items()
        for c in found.codes
        if c.successor and found.get(c.successor) is None
    ] == []


def test_the_default_axis_is_the_seventeen_services_of_the_guidance_note():
    (default,) = OURS.codes["service_frameworks"].where(default="yes")
    found = OURS.codes["services"].where(framework=default.code)
    assert [c.code for c in found] == [f"SEED-{n}" for n in range(1, 18)]
    assert all(c.verified and c.source.startswith("UN Women 2020, Guidance Note, section") for c in found)
    assert [int(c.attributes["sort"]) for c in found] == list(range(1, 18))


def test_the_sixteen_essentials_are_cited_and_empty():
    cited = OURS.codes["service_frameworks"].get("SF-16E-2019")
    assert cited and "2019" in cited.source
    assert OURS.codes["services"].where(framework="SF-16E-2019") == ()


def test_what_was_not_read_in_the_publication_says_so():
    esp = OURS.codes["services"].where(framework="ESP-2015")
    assert (len(esp), sum(c.verified for c in esp)) == (37, 2)
    assert all(c.check_at.startswith("https://www.unwomen.org/") for c in esp if not c.verified)


def test_twenty_eight_categories_and_their_enforcement_marks():
    found = OURS.codes["stakeholder_categories"].codes
    assert len(found) == 28
    assert {c.code: c.attributes["enforcement"] for c in found if c.attributes["enforcement"]} == {
        "GOV-BOR": "yes",
        "GOV-POL": "may",
    }


@pytest.mark.parametrize(
    ("day", "members"), [(date(2025, 10, 25), 10), (date(2025, 10, 26), 11), (date(1990, 1, 1), 6)]
)
def test_membership_of_asean_has_dates(day, members):
    valid = [c for c in OURS.codes["region_membership"].valid_on(day) if c.attributes["region"] == "ASEAN"]
    assert len(valid) == members


def test_a_corridor_has_a_figure_only_where_it_is_verified():
    found = OURS.codes["corridors"].codes
    assert all(c.code == f"{c.attributes['origin']}-{c.attributes['destination']}" for c in found)
    assert [c.code for c in found if not c.verified and c.attributes["figure"]] == []
    whole = ("figure_unit", "figure_sex", "figure_period")
    assert [c.code for c in found if any(bool(c.attributes[k]) != bool(c.attributes["figure"]) for k in whole)] == []


def test_countries_are_facts_and_nothing_else():
    assert {k for c in OURS.codes["countries"].codes for k in c.attributes} == {"iso2"}
    assert all(len(c.code) == 3 and len(c.attributes["iso2"]) == 2 for c in OURS.codes["countries"].codes)


# Contracts


@pytest.mark.parametrize("contract", OURS.contracts.values(), ids=lambda c: c.name)
class TestContract:
    def test_every_field_is_explained_and_tagged(self, contract):
        assert [f.name for f in contract.fields if not (f.title and f.description and f.hxl.startswith("#"))] == []
        assert len({f.hxl for f in contract.fields}) == len(contract.fields)

    def test_no_column_could_harm(self, contract):
        assert [f.name for f in contract.fields if personal.about_a_person(f.name)] == []

    def test_a_key_has_a_place_and_no_list(self, contract):
        """What breaks a count down may be empty in a key: "not recorded" stands once, like any other category."""
        assert [k for k in contract.key if contract.field(k).many] == []
        assert contract.field(contract.key[0]).required and contract.field(contract.key[1]).required

    def test_examples_fit_their_fields(self, contract):
        for field in contract.fields:
            if field.example and field.listed:
                known = OURS.codes[field.codes]
                assert [v for v in field.example.split("|") if known.get(v) is None] == [], field.name
            if field.example and field.pattern:
                assert re.fullmatch(field.pattern, field.example), field.name

    def test_rules_name_codes_and_problems_that_exist(self, contract):
        for rule in contract.rules:
            assert PROBLEMS[rule.problem].phase == "check" and rule.words
            for name, values in ((rule.when, rule.values), (rule.field, rule.allowed)):
                known = OURS.codes[contract.field(name).codes] if contract.field(name).listed else None
                assert [v for v in values - {"*"} if known is None or known.get(v) is None] == [], name

    def test_the_screen_lets_pass_only_what_a_field_asks_for(self, contract):
        assert {a for f in contract.fields for a in f.allows} <= {"office_phone", "full_date", "near_unique"}
        assert [f.name for f in contract.fields if f.type == "date" and "full_date" not in f.allows] == []

    def test_free_text_has_an_end(self, contract):
        assert [f.name for f in contract.fields if f.type == "string" and not f.max_length] == []

    def test_the_example_file_fits(self, contract):
        header, found = rows(DATASETS / "examples" / f"{contract.name}.csv")
        assert tuple(header) == contract.header
        assert found and faults(contract, found) == []


@pytest.mark.parametrize(
    ("dataset", "numbers"),
    [
        ("members", ["R37", "R38", "R39", "R42", "R44"]),
        ("service_contacts", ["R6", "R7", "R61", "R63", "R72", "R73", "R74", "R92", "R123"]),
        ("indicator_values", ["R57", "R58", "R116"]),
        ("milestones", ["R116"]),
        ("actions", ["R50", "R81", "R108", "R110", "R116"]),
        ("service_coverage", ["R16", "R17", "R18", "R20", *(f"R{n}" for n in range(82, 89)), "R104", "R105", "R106"]),
    ],
)
def test_the_requirements_of_a_dataset_are_named_in_its_fields(dataset, numbers):
    named = {r for f in OURS.contracts[dataset].fields for r in f.requirements}
    assert set(numbers) - named == set()


def test_a_shelter_is_never_on_the_map():
    areas, line = (OURS.contracts["service_coverage"].field(n) for n in ("areas", "contact_line"))
    for text in ("Mill Lane 12", "12.5657, 104.99", "shelter@example.org"):
        assert not re.fullmatch(areas.pattern, text)
    assert re.fullmatch(areas.pattern, "Coastal provinces; capital")
    for text in ("+999 000 0101", "1280", "(02) 555-1234"):
        assert re.fullmatch(line.pattern, text), text
    for text in ("Mrs X 555", "call 555", "+"):
        assert not re.fullmatch(line.pattern, text), text


# Indicators


def test_every_indicator_says_who_keeps_it_and_comes_up_for_review():
    assert len(OURS.indicators) >= 41
    assert all(i.definition and i.source and i.owner and i.number for i in OURS.indicators.values())
    assert all(i.next_review > date(2026, 11, 1) for i in OURS.indicators.values())
    assert {i.kind for i in OURS.indicators.values()} == set(KINDS)
    written = re.compile(r"[A-Z0-9][A-Z0-9.-]*")
    assert [code for code in OURS.indicators if not written.fullmatch(code)] == []
    assert [i.code for i in OURS.indicators.values() if i.code != re.sub(r"[^A-Z0-9.]+", "-", i.number.upper())] == [
        "C190-ART-7-9"
    ]


def test_working_notes_stay_out_of_indicators():
    told = [
        (i.code, text)
        for i in OURS.indicators.values()
        for text in (i.title, i.definition, i.numerator, i.denominator, i.population, i.note, i.source, i.owner)
        if re.search(r"\.txt|from memory|seed|\b000_|TODO|\[[VMD]\]|\bS\d+\b", text)
    ]
    assert told == []


def test_a_count_of_survivors_has_no_direction_and_keeps_its_caveat():
    counts = [i for i in OURS.indicators.values() if i.administrative]
    assert {i.code for i in counts} == {
        "SDG-16.2.2", "SPOT-4.1", "SPOT-4.2", "VNM-NAP", "P-SVC-1", "P-REF-1", "P-CON-1",
    }  # fmt: skip
    assert {(i.desired_direction, i.caveat, i.minimum_count) for i in counts} == {
        ("none", "reported-not-prevalence", 11)
    }
    assert [i.code for i in OURS.indicators.values() if i.unit_measure == "persons" and i.administrative] == []
    assert all(i.directed for i in OURS.indicators.values() if not i.administrative)


def test_a_survey_is_never_computed_and_says_what_it_is():
    surveys = [i for i in OURS.indicators.values() if i.kind == "survey"]
    assert len(surveys) == 8
    assert {(i.caveat, i.computed, i.combine) for i in surveys} == {("survey-estimate", "", "single")}


def test_what_is_computed_says_of_what():
    computed = [i for i in OURS.indicators.values() if i.computed]
    assert len(computed) == 9
    assert all(i.numerator and i.denominator for i in computed if i.share)
    assert all(i.frequency == "quarterly" for i in computed)


def test_the_overview_has_six_headlines_and_none_is_a_survey():
    places = {i.headline: i.code for i in OURS.indicators.values() if i.headline}
    assert places == {1: "P-SVC-3", 2: "P-COO-1", 3: "P-COO-2", 4: "P-REP-1", 5: "P-SVC-1", 6: "P-CAP-1"}
    assert "survey" not in {OURS.indicators[code].kind for code in places.values()}


# The demonstration


def faults(contract, found):
    """What is wrong with rows by the plain meaning of the contract: a second reading, apart from the intake's."""
    problems = []
    for number, row in enumerate(found, start=2):
        for field in contract.fields:
            cell = row[field.name]
            if field.required and not cell:
                problems.append((number, field.name, "required"))
            if cell and field.listed:
                values = cell.split("|") if field.many else [cell]
                problems += [(number, field.name, v) for v in values if SHOWN.codes[field.codes].get(v) is None]
            if cell and field.pattern and not re.fullmatch(field.pattern, cell):
                problems.append((number, field.name, cell))
            if cell and field.max_length and len(cell) > field.max_length:
                problems.append((number, field.name, "long"))
            if cell and field.type == "date":
                date.fromisoformat(cell)
        for rule in contract.rules:
            if row[rule.when] and (rule.any_value or row[rule.when] in rule.values):
                cell = row[rule.field]
                bad = {"required": not cell, "empty": bool(cell), "in": bool(cell) and cell not in rule.allowed}[
                    rule.then
                ]
                problems += [(number, rule.field, rule.problem)] if bad else []
    keys = [tuple(row[k] for k in contract.key) for row in found]
    return problems + [("key", key) for key in set(keys) if keys.count(key) > 1]


def table(file) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.data().decode())))


@pytest.mark.parametrize("dataset", sorted({file.dataset for file in SENT}))
def test_a_file_that_was_sent_fits_its_contract(dataset):
    contract = SHOWN.contracts[dataset]
    for file in (file for file in SENT if file.dataset == dataset):
        found = table(file)
        assert found and tuple(found[0]) == contract.header
        assert faults(contract, found) == [], file.name
        assert {row["country"] for row in found} == {file.organisation_code[:3]}
        for field in contract.fields:
            assert not field.own or {row[field.name] for row in found} == {file.organisation_code}


def registered(country: str) -> list[dict[str, str]]:
    """The last register that a country sent."""
    return table([f for f in SENT if f.dataset == "members" and f.organisation_code.startswith(country)][-1])


def test_the_demonstration_is_invented_from_end_to_end():
    real = {c.code for c in OURS.codes["countries"].codes} | {c.title for c in OURS.codes["countries"].codes}
    for name in ("countries", "corridors", "regions", "region_membership"):
        assert not {c.code for c in SHOWN.codes[name].codes} & {c.code for c in OURS.codes[name].codes}
        assert all(c.source == "Invented for the demonstration" for c in SHOWN.codes[name].codes)
    assert all(re.fullmatch(r"X[A-Z]{2}", c.code) for c in SHOWN.codes["countries"].codes)
    assert not {c.title for c in SHOWN.codes["countries"].codes} & real
    lines = {row["contact_line"] for f in SENT if f.dataset == "service_coverage" for row in table(f)} - {""}
    assert len(lines) == 5 and all(line.startswith("+999 ") for line in lines)


def test_it_has_both_sides_and_countries_on_both():
    corridors = SHOWN.codes["corridors"].codes
    origins, destinations = ({c.attributes[k] for c in corridors} for k in ("origin", "destination"))
    countries = {c.code for c in SHOWN.codes["countries"].codes}
    assert (len(countries), len(corridors)) == (12, 16) and origins | destinations == countries
    assert origins & destinations == {"XBC", "XCA"}
    assert any("territory" in c.description.lower() for c in SHOWN.codes["countries"].codes)


def test_fifty_members_in_two_countries_and_every_category_thought_of():
    members = {c.code: registered(c.code) for c in SHOWN.codes["countries"].codes}
    count = {country: len({row["organisation_code"] for row in found}) for country, found in members.items()}
    assert count.pop("XAA") == count.pop("XBA") == 50 and all(8 <= number <= 16 for number in count.values()), count
    categories = {c.code for c in SHOWN.codes["stakeholder_categories"].codes}
    for country in ("XAA", "XBA"):
        assert {row["stakeholder_category"] for row in members[country]} == categories
    for found in members.values():
        assert {"vacant", "invited"} & {row["seat_status"] for row in found}
        assert "yes" in {row["enforcement_body"] for row in found}
    assert {"XBA-POLICE", "XBA-BORDER"} <= {
        r["organisation_code"] for r in members["XBA"] if r["enforcement_body"] == "yes"
    }


def test_the_accounts_are_roles_and_no_persons():
    header, people = rows(DEMO / "people.csv")
    assert header[:6] == ["role", "name", "email", "organisation_code", "country", "sign_in"]
    linked = [(p["role"], p["organisation_code"]) for p in people if p["sign_in"] == "yes"]
    assert linked == [
        ("member", "XAA-RETURN"),
        ("agency", "XAA-HEALTH"),
        ("coordinator", "XAA-COORD"),
        ("secretariat", ""),
        ("agency", "XBA-POLICE"),
        ("coordinator", "XBA-COORD"),
        ("agency", "XAA-SOCIAL"),
    ]
    assert all(p["email"].endswith("@example.org") for p in people) and len({p["email"] for p in people}) == len(people)
    members = {row["organisation_code"] for c in SHOWN.codes["countries"].codes for row in registered(c.code)}
    assert {p["organisation_code"] for p in people} - {""} <= members
    assert {f.organisation_code for f in SENT} <= members


def test_forty_actions_say_what_they_change_for_the_survivor():
    found = {(f.organisation_code, r["action_code"]): r for f in SENT if f.dataset == "actions" for r in table(f)}
    assert len(found) == 40 and all(row["changes_for_survivor"].endswith(".") for row in found.values())
    assert {code for _sender, code in found} == {r["action_code"] for r in knowledge.read()["actions"]}
    assert [code for (_s, code), row in found.items() if row["restricts_work_or_migration"] == "yes"] == ["XAA-BAN-1"]
    assert sum(bool(row["corridor"]) for row in found.values()) >= 6


def test_the_guides_name_what_is_there():
    guide = (DATASETS / "README.md").read_text(encoding="utf-8")
    assert all(word in guide for word in (*COLUMNS, "# replaces", "SF-16E-2019", "$DASHBOARD_DATA/datasets/"))
    assert "invented" in (DEMO / "README.md").read_text(encoding="utf-8").splitlines()[0].lower()
