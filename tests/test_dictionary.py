"""The dictionary: everything that the house runs on, for everybody, and nothing that was reported."""

from __future__ import annotations

import re

from dashboard.intake.problems import PROBLEMS, Severity
from dashboard.reports import dictionary
from world import PEOPLE, World


def test_everybody_reads_all_of_it(world: World) -> None:
    library = world.house.library
    for name in ("anonymous", *PEOPLE):
        found = dictionary.dictionary(world.viewer(name), world.house)
        assert [c.name for c in found.contracts] == list(library.contracts)
        assert [c.name for c in found.codes] == list(library.codes)
        assert [i.code for i in found.indicators] == list(library.indicators)
        assert [p.code for p in found.problems] == list(PROBLEMS)


def test_each_word_says_what_it_means(world: World) -> None:
    found = dictionary.dictionary(world.viewer("anonymous"), world.house)
    for contract in found.contracts:
        assert contract.title and contract.description and contract.row
        assert all(field.title and field.description and field.hxl.startswith("#") for field in contract.fields)
    assert all(code.title and code.source for codes in found.codes for code in codes.codes)
    assert all(p.title and p.message and p.fix for p in found.problems)


def test_the_page_names_every_word_and_shows_no_row(world: World) -> None:
    """Drawn by the server for somebody who never signs in."""
    from dashboard.factory import create_app

    app = create_app(world.house.settings, house=world.house)
    page = app.server.test_client().get("/dictionary").text
    library = world.house.library
    for contract in library.contracts.values():
        assert all(f">{field.name}<" in page or field.name in page for field in contract.fields)
    assert all(code in page for code in PROBLEMS)
    assert all(name in page for name in library.indicators)
    for indicator in library.indicators.values():
        assert f'id="indicator-{indicator.code}"' in page
    for words in ("No direction: a rise may mean better access", "Computed by the dashboard", "Name and wording: not"):
        assert words in page
    for secret in ("XAA-HEALTH", "XBA-POLICE", "@example.org", "office</td>"):
        assert secret not in page


def test_each_kind_of_problem_stands_once_below_what_it_means_for_the_file(world: World) -> None:
    from dashboard.factory import create_app

    app = create_app(world.house.settings, house=world.house)
    page = app.server.test_client().get("/dictionary").text.split('id="problems"')[1]
    parts = re.split("<h3>(Errors|Warnings|Notes)</h3>", page)[1:]
    told = {parts[n].lower()[:-1]: set(re.findall('id="problem-([a-z0-9-]+)"', parts[n + 1])) for n in (0, 2, 4)}
    assert told == {
        str(severity): {code for code, kind in PROBLEMS.items() if kind.severity is severity} for severity in Severity
    }
    assert "Row …, …: “…” is not on the list. Copy a code from the list" in page


def test_an_indicator_is_described_without_gaps(world: World) -> None:
    found = dictionary.dictionary(world.viewer("anonymous"), world.house)
    for indicator in found.indicators:
        said = dict(found.described(indicator))
        assert {"Code", "Level", "Kind", "Unit", "Desired direction", "Where it comes from", "Source"} <= set(said)
        assert all(said.values()), indicator.code
        assert bool(said.get("Caveat")) == bool(indicator.caveat)
