"""The folder that the public gets: whole on any host, readable without a script, light, and saying what it must."""

from __future__ import annotations

import posixpath
import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from dashboard.publication import site
from dashboard.publication.site import ELSEWHERE, PAGES
from dashboard.reference.text import day
from public_world import DAY, RELEASE, Published, Read, gathered, published, rows, served
from world import World

LIMIT = 150 * 1024
HTML = [*PAGES]


def pages(release: Published) -> dict[str, Read]:
    return {name: Read(text) for name, text in release.files.items() if name.endswith(".html")}


# --- the folder ---


def test_the_folder_holds_pages_charts_and_data(release: Published) -> None:
    names = set(release.files)
    assert set(HTML) <= names and {"leave.js", "coverage.csv", "seats.csv", "data/datapackage.json"} <= names
    assert {f"charts/{name}.svg" for name in ("services", "resourcing", "contacts")} <= names
    assert all(not name.startswith(("/", ".")) and ".." not in name for name in names)


def test_what_the_front_page_loads_is_light_even_where_nothing_compresses(release: Published) -> None:
    read = Read(release.files["index.html"])
    loaded = [name for name in read.loads if not name.startswith(("data:", "#"))]
    assert loaded == ["leave.js"]
    assert sum(len(release.files[name].encode()) for name in ("index.html", *loaded)) < LIMIT


def test_the_same_contents_give_the_same_files(release: Published) -> None:
    assert site.files(release.contents) == release.files


def test_it_works_on_any_static_host(release: Published) -> None:
    """Crawled from the front page on the plainest server: every link, picture and script is there."""
    with served(release.folder) as address:
        asked, waiting, broken = set[str](), [address], []
        while waiting:
            url = waiting.pop()
            if url in asked:
                continue
            asked.add(url)
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:
                    body = answer.read()
            except urllib.error.HTTPError as error:
                broken.append(f"{url}: {error.code}")
                continue
            if url.endswith((".html", "/")):
                read = Read(body.decode())
                links = [link for link in (*read.links, *read.loads) if not link.startswith(("data:", "#", "https:"))]
                waiting += [urldefrag(urljoin(url, link)).url for link in links]
        assert broken == []
        reached = {urlsplit(url).path.lstrip("/") or "index.html" for url in asked}
    hidden = {"coverage.csv", "seats.csv"}  # kept for whoever linked to them before there was open data
    assert set(release.files) - hidden <= reached


def test_it_works_from_a_disk(release: Published) -> None:
    """No link leads out of the folder or to a folder instead of a file, and each place in a page is there."""
    read = pages(release)
    for name, found in read.items():
        for link in found.links:
            if link.startswith("https:"):
                continue
            path, place = urldefrag(link)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in release.files, f"{name}: {link}"
            assert not place or place in read[target].ids, f"{name}: {link}"


def test_the_only_ways_out_are_to_leave_and_the_licence(release: Published) -> None:
    contents = release.contents
    for name, found in pages(release).items():
        away = {link for link in found.links if "//" in link}
        assert away <= {contents.leave_url, contents.library.programme.licence_url}, name
        assert contents.leave_url in found.links, f"{name} has no way to leave"
        assert 'class="leave"' in release.files[name] and 'rel="noreferrer noopener"' in release.files[name]


def test_nothing_is_loaded_from_anywhere(release: Published) -> None:
    for name, found in pages(release).items():
        text = release.files[name]
        assert not found.tags & {"iframe", "object", "embed", "form", "video", "audio", "base", "img"}, name
        up = "../" * name.count("/")
        assert [load for load in found.loads if not load.startswith(("data:", "#"))] == [f"{up}leave.js"], name
        assert "@import" not in text and not re.search(r"url\(\s*['\"]?(?!#|data:)", text), name
        assert not re.search(r"\son[a-z]+\s*=", text), f"{name} has a handler"


def test_names_in_a_page_are_its_own(release: Published) -> None:
    for name, found in pages(release).items():
        assert len(found.ids) == len(set(found.ids)), name


def test_where_the_dashboard_has_an_address_it_is_said(told: World, tmp_path: Path) -> None:
    there = published(gathered(told, rows(), home="https://dashboard.example.org"), tmp_path)
    index, log = (Read(there.files[name]) for name in ("index.html", "data/changelog.html"))
    assert f"https://dashboard.example.org/release/{RELEASE}/" in index.links, "the address to cite"
    assert "https://dashboard.example.org/release/20260731T110700Z-688011/" in log.links
    assert not [link for link in log.links if "688012" in link], "a withdrawn release is not led to"
    for name in ELSEWHERE:
        assert f"https://dashboard.example.org/{name}" in Read(there.files[f"{name}.html"]).links


# --- what it says ---


def test_help_stands_first_and_leaving_before_it(release: Published) -> None:
    text = release.files["index.html"]
    places = [text.index(mark) for mark in ('class="leave"', 'id="help"', "+999 000 0101", "<h1>", 'id="services"')]
    assert places == sorted(places)


def test_it_says_each_thing_that_a_reader_asks(release: Published) -> None:
    read = Read(release.files["index.html"])
    for place in ("help", "what", "services", "plan", "targets", "contacts", "seats", "unknown", "cite"):
        assert place in read.ids
    text = read.text
    assert "Of 5 actions agreed in 2 countries, 0 are done (0 of them by their date) and 5 are to be done, 2" in text
    assert "USD 100,000 is what the plan of 1 country costs; 60,000 (60 %) is committed, so 40,000 is missing." in text
    assert "EUR 1,000 is what the plan of 1 country costs; 1,000 (100 %) is committed, so 0 is missing." in text
    assert "1,275 contacts were reported by services for Q3 2026, in all countries together." in text
    assert "Of 3 countries, the number is shown for 1, hidden to protect people for 1 and not reported for 1." in text
    assert "The next summary is planned for 29 November 2026." in text, (
        "60 days after the quarter that follows has ended"
    )
    assert f"release {RELEASE}, {day(DAY)}" in text and "Safe and fair" in text


def test_a_survey_stands_apart(release: Published) -> None:
    text = release.files["index.html"]
    goals, surveys = text.index('class="goals"'), text.index('class="surveys"')
    title = release.contents.library.indicators["SDG-5.2.1"].title
    assert text.count(title) == 1 and text.index(title) > surveys > goals
    assert "Asterland 28.4\N{NO-BREAK SPACE}% (Q3 2026; target 20\N{NO-BREAK SPACE}% by Q4 2028)" in text


def test_each_cell_of_contacts_is_a_cell_of_the_release(release: Published) -> None:
    """By its key: the number as in the data, or the words of its status and no number."""
    of = {"|".join(str(row[n]) for n in ("country", "sector", "service", "origin", "period")): row
          for row in release.contents.contacts.to_dict("records")}  # fmt: skip
    cells = re.findall(r'<td class="n" data-contacts="([^"]+)">(.*?)</td>', release.files["index.html"], re.DOTALL)
    assert len(cells) == 11 and {key for key, _cell in cells} <= set(of)
    words = {
        "suppressed": "hidden to protect people",
        "not reported": "not reported",
        "revision pending": "revision pending",
    }
    for key, cell in cells:
        said, row = " ".join(re.sub(r"<[^>]+>", "", cell).split()), of[key]
        number = "" if row["status"] in ("suppressed", "not reported") else f"{row['contacts']:,}"
        assert said == " ".join(part for part in (number, words.get(row["status"], "")) if part), key


def test_what_nobody_counted_there_has_words_and_no_key(release: Published) -> None:
    table = release.files["index.html"].split('id="contacts"')[1]
    row = re.search(r'<tr><th scope="row">Bravonia</th>(.*?)</tr>', table, re.DOTALL)
    assert row and row[1].count('data-contacts="XBA') == 2 and "not reported" not in row[1]
    assert row[1].count("no count") == 2 and row[1].count("no total") == 1
    legend = re.search(r'<p class="legend">(.*?)</p>', table, re.DOTALL)
    assert legend and all(f"{words}: " in legend[1] for words in ("not reported", "no count", "no total"))


def test_demonstration_data_says_so_everywhere_and_real_data_does_not(
    release: Published, told: World, tmp_path: Path
) -> None:
    for name, text in release.files.items():
        if name.endswith(".html"):
            assert text.index("Demonstration data.") < text.index("<main")
            assert re.search(r"<title>[^<]*Demonstration data", text), name
        elif name.endswith((".svg", ".json")) or name in ("coverage.csv", "seats.csv"):
            assert "Demonstration data" in text, name
    for tag in ("title", "desc"):
        drawn = re.findall(rf"<svg.*?<{tag}[^>]*>(.*?)</{tag}>", release.files["index.html"], re.DOTALL)
        assert len(drawn) == 6 and all("Demonstration data" in said for said in drawn)
    real = published(gathered(told, rows(), demo=False), tmp_path)
    assert not [name for name, text in real.files.items() if "Demonstration" in text]


def test_a_chart_that_leaves_takes_its_words_along(release: Published) -> None:
    for name, said in (
        ("contacts", "not prevalence"),
        ("services", "may still exist"),
        ("resourcing", "is what the plan"),
    ):
        drawn = release.files[f"charts/{name}.svg"]
        written = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))
        assert said in written and f"Release {RELEASE}" in written and "Demonstration data" in written
        assert "<title" in drawn and "<desc" in drawn


def test_the_changelog_names_every_release_and_why_one_was_withdrawn(release: Published) -> None:
    text = Read(release.files["data/changelog.html"]).text
    for said in (RELEASE, "20260731T110700Z-688011", "Before the August meeting", "20260430T110700Z-688012"):
        assert said in text
    assert "Withdrawn. A file had counted the same contacts twice." in text


def test_the_methodology_names_the_rules_that_held(release: Published) -> None:
    text = Read(release.files["data/methodology.html"]).text
    for said in (
        "every number from 1 to 10; the threshold is 11",
        "every number to which fewer than 3 organisations contributed",
        "every number of which one organisation counted more than 90%",
        "revision pending",
        "hidden to protect people suppressed",
        "once its fourth quarter is there",
        "a second program that shares nothing with the first attacks it",
        "it could be any from 1 to 10, or it is seen to be 11 or more and could lie anywhere in a range of 20",
    ):
        assert said in text, said


def test_nothing_of_a_register_and_nothing_that_waits_is_in_it(release: Published, told: World) -> None:
    own_words = "Records of XBA-POLICE"  # the source that it names for a value of its own
    whole = "".join(release.files.values()).replace(own_words, "")
    for secret in ("@example.org", "XBA-POLICE", "XBA-UNION", "Secretariat", "Do what XAA", "Interpreters"):
        assert secret not in whole, secret
    for secret in (*told.people.values(), *told.sent.values()):
        assert secret not in whole, secret


@pytest.mark.parametrize("name", HTML)
def test_each_page_is_told_apart_and_says_its_language(release: Published, name: str) -> None:
    text = release.files[name]
    assert text.startswith("<!doctype html>") and '<html lang="en">' in text
    assert text.count("<h1>") == 1 and text.count("<main") == 1 and 'class="skip"' in text
    assert text.count(f"<title>{re.search(r'<title>([^<]*)', text)[1]}") == 1  # type: ignore[index]


def test_the_day_of_the_release_is_said(release: Published) -> None:
    assert DAY == release.contents.day and f"Published {day(DAY)}" in release.files["index.html"]
