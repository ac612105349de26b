"""/explore through every choice: each number on it is a cell of the release, and what is hidden stays so everywhere."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

import explored_pages
import released_folder
from dashboard.config import Settings
from dashboard.factory import create_app
from dashboard.record.house import open_house
from dashboard.reference.indicators import figure_words
from dashboard.reference.text import number
from explored_pages import Page
from released_folder import CAVEAT, NAME

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# What is no figure: quarters and years, the release's name and day, and addresses.
TIMES = re.compile(r"\bQ[1-4]\s\d{4}\b|\bAll of 20\d\d\b|\b2025(?=[:\s]|$)|20 November 2026|" + NAME)
ADDRESS = re.compile(r"https?://\S+")
SAID = {"suppressed": "hidden to protect people", "not reported": "not reported"}
TOPICS = ("contacts", "services", "indicators", "plan", "money", "seats")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> dash.Dash:
    """The app on a release, and its record gone: closed, and its file removed."""
    settings = Settings(data=tmp_path_factory.mktemp("explore") / "data", min_free_bytes=0, demo=True)
    house = open_house(settings)
    made = create_app(settings, house=house)
    released_folder.write(settings.releases)
    house.close()
    settings.database.unlink()
    return made


@pytest.fixture(scope="module")
def visitor(app: dash.Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture(scope="module")
def pages(visitor: FlaskClient) -> dict[str, Page]:
    return explored_pages.everything(visitor, *(f"?topic={topic}" for topic in TOPICS))


@pytest.fixture(scope="module")
def files(app: dash.Dash) -> dict[str, list[dict[str, str]]]:
    """The files of the release, read apart from the app."""
    folder = app.server.extensions["dashboard.house"].settings.releases / NAME / "data"
    return {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) for path in folder.glob("*.csv")
    }


@pytest.fixture(scope="module")
def held(visitor: FlaskClient, pages: dict[str, Page]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """What each page's downloads hold, by page and link."""
    return {
        address: {link: explored_pages.file(visitor, link) for link in page.saved} for address, page in pages.items()
    }


def of_topic(pages: dict[str, Page], topic: str) -> dict[str, Page]:
    found = {address: page for address, page in pages.items() if page.chosen["topic"] == topic}
    assert found, topic
    return found


def shown_as(cell: str) -> set[str]:
    """How a number of a file may be written for people."""
    value = float(cell)
    return {figure_words(value), number(value, 0 if value.is_integer() else 1)}


def allowed(page: Page, rows: list[dict[str, str]], files: dict[str, list[dict[str, str]]]) -> set[str]:
    """The numbers that may stand on a page: cells of the rows that it holds, and of its place in the summary."""
    place = page.chosen.get("country", "") or "_T"
    rows = rows + [row for row in files["summary"] if row["country"] == place]
    cells = [cell for row in rows for cell in row.values() if re.fullmatch(r"\d+(\.\d+)?", cell or "")]
    return {said for cell in cells for said in shown_as(cell)}


def without_names(text: str, files: dict[str, list[dict[str, str]]]) -> str:
    """A text without the names that hold a digit."""
    names = {row["title"] for row in files["codes"]} | {row["indicator_name"] for row in files["indicators"]}
    for name in sorted((n for n in names if re.search(r"\d", n)), key=len, reverse=True):
        text = text.replace(name, " ")
    return TIMES.sub(" ", ADDRESS.sub(" ", text))


def test_the_walk_went_everywhere(pages: dict[str, Page]) -> None:
    counts = {topic: len(of_topic(pages, topic)) for topic in TOPICS}
    print(counts)
    # by country 5 periods × 10 kinds of contacts, and so on for each way to compare
    assert counts["contacts"] == 5 * 10 + 3 * 5 + 3 * 5 * 3 + 3 * 5 + 3 * 10 + 3 * 10
    assert counts["services"] == 3 * 3 * 3 and counts["seats"] == 2 * 3 and counts["plan"] == 3
    assert counts["money"] == (5 + 2) + (5 + 1) and counts["indicators"] == (2 + 4) + (2 + 4) + (1 + 1)


def test_every_number_is_a_cell_of_the_release(
    pages: dict[str, Page], held: dict[str, Any], files: dict[str, list[dict[str, str]]]
) -> None:
    wrong, count = [], 0
    for address, page in pages.items():
        may = allowed(page, [row for rows in held[address].values() for row in rows], files)
        for text in page.texts:
            for found in NUMBER.findall(without_names(text, files)):
                count += 1
                if found.rstrip(",") not in may | {"0"}:
                    wrong.append(f"{address}: {found} in “{text[:120]}”")
    print(f"{len(pages)} pages, {count} numbers")
    assert not wrong, "\n".join(wrong[:20])
    assert count > 1500


def test_every_length_that_is_drawn_is_a_cell(pages: dict[str, Page], held: dict[str, Any]) -> None:
    wrong, count = [], 0
    for address, page in pages.items():
        cells = {float(cell) for rows in held[address].values() for row in rows for cell in row.values()
                 if re.fullmatch(r"\d+(\.\d+)?", cell or "")}  # fmt: skip
        for chart in page.charts:
            for trace in chart["data"]:
                if (trace.get("meta") or {}).get("fill") in ("hidden", "silent"):
                    assert len(set(trace["x"])) == 1, "what has no number looks the same, whatever it is"
                    continue
                along = trace["y"] if page.chosen["topic"] == "indicators" and trace["type"] != "bar" and (
                    "goal" not in str(trace.get("meta"))) else trace["x"]  # fmt: skip
                for value in along:
                    count += value is not None
                    if value is not None and float(value) not in cells:
                        wrong.append(f"{address}: {value}")
    assert not wrong, wrong[:20]
    assert count > 400


def test_every_cell_of_a_table_of_contacts_says_what_the_file_says(
    pages: dict[str, Page], files: dict[str, list[dict[str, str]]]
) -> None:
    key = ("country", "sector", "service", "origin", "period")
    known = {"|".join(row[name] for name in key): row for row in files["contacts"]}
    seen = set()
    for address, page in of_topic(pages, "contacts").items():
        shown = {k: said for table in page.tables for k, said in explored_pages.cells(table).items()}
        for name, said in shown.items():
            row = known[name]
            seen.add(name)
            number_said = number(int(row["contacts"])) if row["contacts"] else ""
            expected = {"revision pending": f"{number_said} revision pending"}.get(
                row["status"], SAID.get(row["status"], number_said)
            )
            assert re.sub(r"\s+", " ", said) == expected, (address, name)
    assert seen == set(known), "each row of the file is shown somewhere"


def test_what_is_hidden_has_no_number_anywhere(pages: dict[str, Page], held: dict[str, Any]) -> None:
    found = 0
    for address, page in of_topic(pages, "contacts").items():
        rows = [row for rows in held[address].values() for row in rows]
        hidden = sum(row["status"] == "suppressed" for row in rows)
        bars = [trace for chart in page.charts for trace in chart["data"] if trace["meta"]["fill"] == "hidden"]
        drawn = sum(len(trace["y"]) for trace in bars)
        assert drawn == hidden, address
        for trace in bars:
            assert trace["marker"]["pattern"]["shape"] == "/"
            assert all("hidden to protect people" in explored_pages.words(said) for said in trace["customdata"])
        assert all(row["contacts"] == "" for row in rows if row["status"] in SAID)
        if hidden:
            found += 1
            assert "hidden to protect people" in page.text
    assert found > 20


def test_the_caveat_stands_wherever_a_count_of_contacts_does(
    pages: dict[str, Page], held: dict[str, Any], visitor: FlaskClient
) -> None:
    for address, page in of_topic(pages, "contacts").items():
        # Beside the sentence, and under the figure where there is one: nothing is told apart where nobody reported.
        assert page.texts.count(CAVEAT) == 1 + len(page.charts), address
        assert len(page.alternatives) == len(page.charts) and all(CAVEAT in said for said in page.alternatives), address
        for chart in page.charts:
            for trace in chart["data"]:
                assert all(CAVEAT in re.sub(r"\s+", " ", explored_pages.words(s)) for s in trace["customdata"]), address
        assert all(
            row["caveat"] == CAVEAT and row["release"] == NAME for rows in held[address].values() for row in rows
        )
        first = visitor.get(address).text
        assert first.count(CAVEAT) == 1 + 2 * len(page.charts), "and in the first answer, before any script"


def test_nothing_judges_a_count_of_contacts(pages: dict[str, Page]) -> None:
    for address, page in of_topic(pages, "contacts").items():
        text = page.text.replace(CAVEAT, "").replace("not prevalence", "").casefold()
        for word in ("prevalence", "incidence", "violence rose", "violence fell", "higher", "lower", "worse", "target"):
            assert word not in text, f"{address}: {word}"
        for chart in page.charts:
            colours = {c.lower() for c in re.findall(r"#[0-9a-fA-F]{6}", json.dumps(chart["data"]))}
            assert colours <= {"#4a5260", "#cfcac0", "#ffffff", "#545d69", "#1d232b"}, address
            assert chart["layout"]["xaxis"]["visible"] is False, "no scale to measure a stub against"


def test_a_download_holds_lines_of_the_release(held: dict[str, Any], files: dict[str, list[dict[str, str]]]) -> None:
    lines: dict[tuple[str, ...], set[tuple[str, ...]]] = {}  # by header: surveys have that of the other indicators
    for listed in files.values():
        lines.setdefault(tuple(listed[0]), set()).update(tuple(row.values()) for row in listed)
    count = 0
    for address, links in held.items():
        for link, rows in links.items():
            assert rows, f"{address}: {link} holds nothing"
            own = next(header for header in lines if header == tuple(rows[0])[: len(header)])
            for row in rows:
                count += 1
                assert tuple(row[name] for name in own) in lines[own], link
                assert row["release"] == NAME and row["note"].startswith("Demonstration data")
                assert "caveat" in row
    assert count > 700


def test_every_page_says_the_same_before_a_script_runs(visitor: FlaskClient, pages: dict[str, Page]) -> None:
    for address, page in list(pages.items())[::7]:
        first = visitor.get(address)
        said = explored_pages.words(first.text)
        heading = next(iter(explored_pages.headings(page.root)))
        assert heading in said, address
        for name, select in page.selects.items():
            assert f'name="{name}"' in first.text and select["value"] in first.text
        for table in page.tables:
            assert table in first.text, f"{address}: the table is there at once"


def test_nobody_gets_a_cookie_and_nothing_is_kept(visitor: FlaskClient) -> None:
    for path in (
        "/explore",
        "/explore?topic=seats",
        "/explore.csv?topic=contacts&figure=contacts",
        "/open/_dash-layout",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers, path
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Referrer-Policy"] == "no-referrer"
    assert "data-leave" in visitor.get("/explore").text


@pytest.mark.parametrize("search", [
    "", "?", "?topic=", "?topic=people", "?topic=contacts&by=woman&country=XZZ&period=1999-Q9&only=x:y",
    "?topic=contacts&country=" + "X" * 5000, "?topic=contacts&by=quarter&only=service:health/S-3", "?country[]=1",
    "?topic=indicators&indicator=<script>", "?release=current",
    "?topic=services&side=both&sector=nothing&country=XBA",
])  # fmt: skip
def test_whatever_is_asked_for_gets_a_page(visitor: FlaskClient, search: str) -> None:
    page = explored_pages.ask(visitor, search)
    assert page.address.startswith("/explore?topic=") and (page.charts or page.tables)
    assert visitor.get("/explore" + search).status_code == 200


@pytest.mark.parametrize("name", ["../../secret", "drafts", "20200101T000000Z-withdrawn", "%00", "x" * 300])
def test_what_was_cited_is_never_answered_with_another_release(visitor: FlaskClient, name: str) -> None:
    page = explored_pages.ask(visitor, f"?topic=contacts&release={name}")
    assert "is not public" in page.text and not page.charts and not page.tables
    assert visitor.get(f"/explore.csv?topic=contacts&figure=contacts&release={name}").status_code == 404


def test_an_address_that_asks_for_what_is_not_there_is_told_so(visitor: FlaskClient) -> None:
    page = explored_pages.ask(visitor, "?topic=contacts&period=1999-Q1&by=wombat")
    assert "Something else is shown" in page.text and "Period: what the address asks for is not here." in page.text
    assert "1999" not in page.text and "wombat" not in page.text, "and what was asked is not written into the page"
    assert "Something else is shown" not in explored_pages.ask(visitor, "?topic=contacts&by=sector").text


@pytest.mark.parametrize("link", [
    "/explore.csv", "/explore.csv?topic=contacts&figure=other", "/explore.csv?figure=../index.html",
])  # fmt: skip
def test_a_file_of_nothing_is_not_there(visitor: FlaskClient, link: str) -> None:
    assert visitor.get(link).status_code == 404


def test_a_view_can_be_cited(visitor: FlaskClient, pages: dict[str, Page], app: dash.Dash) -> None:
    releases: Path = app.server.extensions["dashboard.house"].settings.releases
    page = explored_pages.ask(visitor, "?topic=contacts&by=sector&country=XAA")
    cited = next(link for link in page.links if f"release={NAME}" in link and link.startswith("/explore?"))
    released_folder.write(releases, "20270220T101500Z-d4e5f6")
    try:
        then = explored_pages.ask(visitor, cited.partition("?")[2].join(["?", ""]))
        assert "is not the latest one" in then.text and then.tables == page.tables
        assert all(NAME in link for link in then.saved)
        assert "is not the latest one" not in explored_pages.ask(visitor, "?topic=contacts").text
    finally:
        (releases / "current").unlink()
        (releases / "current").symlink_to(NAME)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[tuple[FlaskClient, Settings]]:
    settings = Settings(data=tmp_path / "data", min_free_bytes=0)
    house = open_house(settings)
    yield create_app(settings, house=house).server.test_client(), settings
    house.close()


def test_before_the_first_release(bare: tuple[FlaskClient, Settings]) -> None:
    client, settings = bare
    assert "Nothing has been published yet" in client.get("/explore").text
    assert "Nothing has been published yet" in explored_pages.ask(client, "?topic=contacts").text
    assert client.get("/explore.csv?topic=contacts&figure=contacts").status_code == 404
    (settings.releases / "old").mkdir(parents=True)
    (settings.releases / "current").symlink_to("old")
    assert "no tables" in client.get("/explore").text, "a release from before there were open data"


def test_a_release_without_counts_says_so(bare: tuple[FlaskClient, Settings]) -> None:
    client, settings = bare
    released_folder.write(settings.releases, without=tuple(released_folder.tables()))
    for topic in TOPICS:
        page = explored_pages.ask(client, f"?topic={topic}")
        assert not page.charts and not page.saved and "yet" in page.text
    assert "demo" not in client.get("/explore").text.split("<main", 1)[1]
