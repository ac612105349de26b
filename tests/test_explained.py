"""The row of a template that explains each column: safe, left out again, and no place to hide anything."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.intake import explained, submissions, templates
from dashboard.intake.worker import Outcome
from dashboard.protection.policy import Refused
from dashboard.reference import text
from dashboard.reference.cells import safe
from dashboard.reference.contracts import Contract
from dashboard.reference.library import Library, load
from world import World, contact, service, table

HEALTH, COVERAGE = "XAA-HEALTH", "service_coverage"
LIBRARY = load()
CONTRACTS = list(LIBRARY.contracts.values())


def codes(library: Library, contract: Contract) -> dict[str, list[str]]:
    return {f.codes: [c.code for c in library.codes[f.codes].codes] for f in contract.fields if explained.listed(f)}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
def test_every_column_is_explained_safely_and_the_row_is_known_again(contract: Contract) -> None:
    known = codes(LIBRARY, contract)
    row = explained.row(contract, known)
    assert len(row) == len(contract.header) and all(cell.startswith("# ") for cell in row)
    assert all(safe(cell) == cell and "{" not in cell and len(cell) < 260 for cell in row)
    told = explained.left_out(contract, known)
    assert told(contract.header, row)
    for number, field in enumerate(contract.fields):
        assert ("# required" in row[number]) is field.required
        if explained.listed(field) and len(known[field.codes]) <= explained.FEW:
            assert row[number].split(": ")[-1].split(", ") == known[field.codes]
        alone = ["" for _ in row]
        alone[number] = f" {row[number]} "
        assert told(contract.header, alone), "the other columns may have been deleted"


@pytest.mark.parametrize(
    "cell",
    [
        "# ",
        "# Her name is Amira",
        "# required, one of these codes: available, Amira",
        "# required, one of these codes: available, limited and Amira",
        "# required, one of these codes: ",
        "#required, one of these codes: available",
        "required, one of these codes: available",
        "# optional, one of these codes: available",
    ],
)
def test_whatever_no_template_holds_is_no_explanation(cell: str) -> None:
    contract = LIBRARY.contracts[COVERAGE]
    known = codes(LIBRARY, contract)
    row = explained.row(contract, known)
    place = contract.header.index("availability")
    told = explained.left_out(contract, known)
    assert told(
        contract.header, [*row[:place], "# required, one of these codes: limited, available", *row[place + 1 :]]
    )
    assert not told(contract.header, [*row[:place], cell, *row[place + 1 :]])
    assert not told([*contract.header, None], [*row, "# Amira"]) and not told(contract.header, [*row, "# Amira"])
    assert not told(contract.header, ["" for _ in row])


def test_the_explanation_is_in_the_language_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = LIBRARY.contracts[COVERAGE]
    known = codes(LIBRARY, contract)
    english = explained.row(contract, known)

    class French:
        def gettext(self, message: str) -> str:
            return {"required": "obligatoire"}.get(message, message)

    usual = text._catalogue
    monkeypatch.setattr(text, "_catalogue", lambda language: French() if language == "fr" else usual(language))
    monkeypatch.setattr(explained, "_LANGUAGES", ("en", "fr"))
    explained._heads.cache_clear()
    text.use_language("fr")
    try:
        french = explained.row(contract, known)
        assert french[0].startswith("# obligatoire") and text.language() == "fr"
        told = explained.left_out(contract, known)
        assert told(contract.header, french) and told(contract.header, english), "it may come back to another reader"
        assert text.language() == "fr"
    finally:
        text.use_language("en")
        explained._heads.cache_clear()


# --- through the whole intake ---


def staged(world: World, content: str | bytes, dataset: str = COVERAGE, *, marked: bool = False) -> Outcome:
    data = content.encode() if isinstance(content, str) else content
    return submissions.stage(
        world.operator, world.house, data, dataset=dataset, organisation_code=HEALTH, period="2026-Q1", marked=marked
    ).outcome


def filled(world: World, *rows: dict[str, str], dataset: str = COVERAGE, explain: bool = True) -> list[list[str]]:
    text = templates.template(world.viewer("member"), world.house, dataset, explain=explain)
    return [
        *csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")),
        *csv.reader(io.StringIO(table(world.house, dataset, list(rows)).decode().split("\n", 1)[1], newline="")),
    ]


def written(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("without", ["nothing", "tags", "explanations", "both"])
def test_a_filled_template_is_clean_with_and_without_its_rows(world: World, without: str, delimiter: str) -> None:
    header, tags, told, *rows = filled(world, service(HEALTH, "SEED-1"))
    above = {"nothing": [tags, told], "tags": [told], "explanations": [tags], "both": []}[without]
    outcome = staged(world, written([header, *above, *rows], delimiter))
    assert (outcome.verdict, outcome.row_count, outcome.problems) == ("clean", 1, [])
    noted = {note.code: note.row for note in outcome.tolerated}
    places = {
        "nothing": {"tags-row": 2, "explained-row": 3},
        "tags": {"explained-row": 2},
        "explanations": {"tags-row": 2},
    }
    assert {code: row for code, row in noted.items() if code != "other-separator"} == places.get(without, {})


def test_row_numbers_and_the_marked_copy_count_the_row(world: World) -> None:
    rows = filled(world, service(HEALTH, "SEED-1"), service(HEALTH, "SEED-2", "availible"))
    outcome = staged(world, written([*rows[:2], [""] * len(rows[0]), *rows[2:]]), marked=True)
    assert [(p.row, p.column, p.code) for p in outcome.problems] == [(6, "availability", "unknown-code")]
    assert outcome.marked is not None
    lines = list(csv.reader(io.StringIO(outcome.marked.decode("utf-8-sig"), newline="")))
    assert lines[3][:-1] == rows[2] and lines[3][-1] == "" and "availible" in lines[5][-1]


@pytest.mark.parametrize("dataset", [COVERAGE, "service_contacts"])
def test_nothing_is_hidden_in_a_row_that_only_looks_like_it(world: World, dataset: str) -> None:
    """A story in such a row is read as any other row: it is refused, and so nothing of it is kept."""
    good = service(HEALTH, "SEED-1") if dataset == COVERAGE else contact(HEALTH, "health", 24)
    header, tags, told, *rows = filled(world, good, dataset=dataset)
    assert staged(world, written([header, tags, told, *rows]), dataset).verdict == "clean"
    for story in (["# Amira fled at night"] * len(header), [*told[:-1], "# Amira fled at night"]):
        outcome = staged(world, written([header, tags, story, *rows]), dataset)
        if story[0].startswith("# required"):
            assert outcome.verdict != "clean"
        else:
            assert outcome.verdict == "problems" and {p.row for p in outcome.problems} == {3}


def test_a_second_such_row_and_one_below_are_rows(world: World) -> None:
    header, tags, told, *rows = filled(world, service(HEALTH, "SEED-1"))
    assert staged(world, written([header, tags, told, told, *rows])).verdict == "problems"
    assert staged(world, written([header, tags, *rows, told])).verdict == "problems"


# --- the codes beside it ---


def test_the_codes_of_a_dataset_as_a_file(world: World) -> None:
    found = templates.codes(world.viewer("agency"), world.house, COVERAGE)
    header, *rows = csv.reader(io.StringIO(found.removeprefix("\ufeff"), newline=""))
    assert header == ["list", "code", "title"] and found.startswith("\ufeff")
    contract = world.house.library.contracts[COVERAGE]
    assert {name for name, _code, _title in rows} == {f.codes for f in contract.fields if explained.listed(f)}
    assert ["countries", "XAA", "Asterland"] in rows
    assert all(safe(cell) == cell for row in rows for cell in row)
    with pytest.raises(Refused, match="no such template"):
        templates.codes(world.viewer("agency"), world.house, "../members")
    with pytest.raises(Refused):
        templates.codes(world.viewer("anonymous"), world.house, COVERAGE)


def test_the_addresses_of_template_and_codes(world: World) -> None:
    from test_actions_page import Desk

    client = Desk(world).client("agency")
    template = client.get(f"/templates/{COVERAGE}.csv")
    assert template.text.splitlines()[2].startswith('"# required') and "# required" in template.text
    assert "# required" not in client.get(f"/templates/{COVERAGE}.csv?explained=0").text
    found = client.get(f"/templates/{COVERAGE}-codes.csv?period=2026-Q2")
    assert found.headers["Content-Disposition"].endswith(f"demo-{COVERAGE}-codes.csv")
    assert found.text.splitlines()[0].endswith("list,code,title")
    assert client.get("/templates/nothing-codes.csv").status_code == 403
