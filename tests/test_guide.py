"""The guide to each dataset: everything its contract says, in words, for everybody; and the file that goes with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from dashboard.factory import create_app
from dashboard.intake import explained
from dashboard.intake.problems import PROBLEMS
from dashboard.reference import contracts
from dashboard.reference.library import load
from dashboard.reports import guide
from reporting_world import changed
from test_actions_page import Desk
from world import PEOPLE, World, service, table

DATASETS = list(load().contracts)


@pytest.fixture(scope="module")
def reader(looked_at: World) -> Iterator[FlaskClient]:
    """Somebody who never signs in."""
    yield create_app(looked_at.house.settings, house=looked_at.house).server.test_client()


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_guide_says_all_that_the_contract_says(looked_at: World, reader: FlaskClient, dataset: str) -> None:
    contract = looked_at.house.library.contracts[dataset]
    answer = reader.get(f"/guide/{dataset}")
    page = unescape(answer.text)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert contract.title in page and contract.description in page and contract.row in page
    for field in contract.fields:
        assert f'id="column-{field.name}"' in page and field.description in page and field.hxl in page
    found = guide.guide(looked_at.viewer("anonymous"), looked_at.house, dataset)
    assert [line.needed == "required" for line in found.lines] == [field.required for field in contract.fields]
    assert len(found.rules) == len(contract.rules) + len(contract.relations)
    for rule in contract.rules:
        assert any(rule.words in said and contract.field(rule.field).title in said for said in found.rules)
    assert all(said in page for said in found.rules) and "{" not in "".join(found.rules)
    assert len(found.problems) == guide.MOST
    for problem, fix in found.problems:
        assert problem.title in page and fix in page and f"/dictionary#problem-{problem.code}" in page
        assert "{" not in fix and "…" not in fix, "words that only a file could fill in"
    assert "on time" not in page and all(said in page for said in found.due)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_code_that_may_stand_there_is_named_or_led_to(looked_at: World, dataset: str) -> None:
    house = looked_at.house
    for line in guide.guide(looked_at.viewer("anonymous"), house, dataset).lines:
        if explained.listed(line.field):
            assert set(line.example.split("|")) <= {"", *(c.code for c in house.library.codes[line.field.codes].codes)}
            known = [c.code for c in house.library.codes[line.field.codes].codes]
            assert list(line.codes) == known if len(known) <= guide.SHOWN else line.many
        else:
            assert line.allowed and not line.codes and not line.many


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_example_is_the_good_file(looked_at: World, reader: FlaskClient, dataset: str) -> None:
    answer = reader.get(f"/guide/{dataset}.csv")
    header, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
    assert header == list(looked_at.house.library.contracts[dataset].header) and rows
    assert answer.headers["Content-Disposition"] == f"attachment; filename={dataset}-example.csv"
    shown = guide.guide(looked_at.viewer("anonymous"), looked_at.house, dataset).example
    assert list(map(list, shown[1:])) == rows[: guide.EXAMPLES]


def test_only_problems_that_can_occur_are_named(looked_at: World) -> None:
    assert all(code in PROBLEMS for code, _can in guide._MET)
    for dataset in DATASETS:
        found = guide.guide(looked_at.viewer("anonymous"), looked_at.house, dataset)
        codes, types = {p.code for p, _fix in found.problems}, {field.type for field in found.contract.fields}
        assert ("not-whole" in codes) <= ("integer" in types) and ("decimal-comma" in codes) <= ("number" in types)
        assert ("one-row-per-person" in codes) is (found.contract.screen == "counts")
        assert ("value-missing" in codes) <= any(r.problem == "value-missing" for r in found.contract.rules)


def test_due_days_are_of_the_day_on_which_one_looks(looked_at: World) -> None:
    house, viewer = looked_at.house, replace(looked_at.viewer("agency"), today=date(2026, 10, 30))
    found = guide.guide(viewer, house, "service_coverage").due
    assert found == (
        "Every quarter, within 30 days after it has ended.",
        "Q3 2026 is due on 30 October 2026.",
        "Q4 2026 is due on 30 January 2027.",
    )
    later = replace(viewer, today=date(2026, 10, 31))
    assert guide.guide(later, house, "service_coverage").due[1] == "Q3 2026 was due on 30 October 2026."
    slower = changed(house, due_days=45)
    assert "within 45 days" in guide.guide(viewer, slower, "service_coverage").due[0]
    assert guide.guide(viewer, house, "milestones").due == ("Sent yearly.",)
    assert guide.due_words(house.library.contracts["milestones"], viewer, "2026-Q3") == ""


@pytest.mark.parametrize("kind", contracts.RELATIONS)
def test_every_relation_has_words(looked_at: World, kind: str) -> None:
    names = looked_at.house.library.contracts["service_contacts"].header[: contracts.RELATIONS[kind][0]]
    house = changed(looked_at.house, "service_contacts", relations=(contracts.Relation(kind, names, "Because."),))
    (said,) = guide.guide(looked_at.viewer("anonymous"), house, "service_contacts").rules[-1:]
    assert said.startswith("“Country”") and said.endswith("Because.") and "{" not in said


def test_a_dataset_without_an_example_takes_the_fields_own(looked_at: World) -> None:
    contract = looked_at.house.library.contracts["service_coverage"]
    house = changed(looked_at.house, name="office_visits")
    library = replace(house.library, contracts={"office_visits": house.library.contracts["service_coverage"]})
    found = guide.guide(looked_at.viewer("anonymous"), replace(house, library=library), "office_visits")
    assert found.example == (contract.header, tuple(field.example for field in contract.fields))


def test_what_there_is_not_is_said_to_be_not_there(reader: FlaskClient) -> None:
    for path in ("/guide/nothing", "/guide/nothing.csv", "/guide/..%2fmembers", "/guide/members.csv.csv"):
        assert reader.get(path).status_code == 404


# --- where it is linked ---


def test_the_form_and_the_dictionary_lead_there(world: World) -> None:
    desk = Desk(world)
    page = desk.client("agency").get("/submit?dataset=service_coverage&period=2026-Q3").text
    assert 'href="/guide/service_coverage"' in page and 'href="/templates/service_coverage-codes.csv"' in page
    due = unescape(page.split("data-due='")[1].split("'")[0])
    assert json.loads(due)["2026-Q3"].startswith("Q3 2026 ") and "30 October 2026" in json.loads(due)["2026-Q3"]
    dictionary = desk.client("anonymous").get("/dictionary").text
    assert all(f'href="/guide/{name}"' in dictionary for name in DATASETS)
    assert "Due 30 days after the quarter has ended." in dictionary


def test_a_problem_leads_to_its_column(world: World) -> None:
    desk = Desk(world)
    client = desk.client("agency")
    client.get("/submit")
    token = client.get("/submit").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "dataset": "service_coverage", "organisation": "XAA-HEALTH", "period": "2026-Q3"}
    header, row = table(world.house, "service_coverage", [service("XAA-HEALTH", "SEED-1", "availible")]).splitlines()
    form["file"] = (io.BytesIO(header + b",other\n" + row + b",x\n"), "c.csv")  # type: ignore[assignment]
    answer = client.post("/submissions", data=form)
    page = answer.text
    assert answer.status_code == 422, page[-1500:]
    assert 'href="/guide/service_coverage#column-availability"' in page and "#column-other" not in page


@pytest.mark.parametrize("name", ["anonymous", *PEOPLE])
def test_everybody_reads_the_same_guide(world: World, name: str) -> None:
    found = guide.guide(world.viewer(name), world.house, "service_contacts")
    assert found == guide.guide(world.viewer("anonymous"), world.house, "service_contacts")
