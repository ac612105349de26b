"""Code lists as values: validity, nearest, overlay, and the faults that stop a start."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.reference import codes

HEADER = "code,title,description,valid_from,valid_to,successor,source,verified,check_at,sector\n"


@pytest.fixture
def write(tmp_path):
    def write(folder, body, name="services"):
        (tmp_path / folder).mkdir(exist_ok=True)
        path = tmp_path / folder / f"{name}.csv"
        path.write_text(body, encoding="utf-8")
        return path

    return write


@pytest.fixture
def services(write):
    return codes.read(
        [
            write(
                "ours",
                HEADER
                + "HOT,24-hour hotlines,,,,,Note,yes,,social\n"
                + "OLD,Old line,,2019-01-01,2025-12-31,HOT,Note,yes,,social\n"
                + 'MED,"Medical care, and treatment","two\nlines",2026-01-01,,,Note,no,the book,health\n',
            )
        ]
    )["services"]


def test_reads_what_a_row_says(services):
    code = services.get("MED")
    assert (code.title, code.description, code.verified, code.check_at) == (
        "Medical care, and treatment",
        "two\nlines",
        False,
        "the book",
    )
    assert code.attributes == {"sector": "health"}


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2018, 12, 31), ["HOT"]),
        (date(2019, 1, 1), ["HOT", "OLD"]),
        (date(2025, 12, 31), ["HOT", "OLD"]),
        (date(2026, 1, 1), ["HOT", "MED"]),
    ],
)
def test_both_ends_of_validity_count(services, day, valid):
    assert [c.code for c in services.valid_on(day)] == valid


def test_finds_by_attribute_and_gives_an_unknown_code_back(services):
    assert [c.code for c in services.where(sector="social")] == ["HOT", "OLD"]
    assert (services.title("HOT"), services.title("NEW")) == ("24-hour hotlines", "NEW")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hot", "HOT"),
        ("MEDD", "MED"),
        ("24 hour hotline", "HOT"),
        ("old line", "OLD"),
        ("qqqqqq", None),
        ("", None),
        ("?!", None),
    ],
)
def test_nearest_by_spelling_or_title(services, text, code):
    assert services.nearest(text) == code


def test_an_overlay_replaces_a_row_and_adds_at_the_end(write):
    ours = write("ours", HEADER + "A,First,,,,,S,yes,,x\nB,Second,,,,,S,yes,,x\n")
    theirs = write("theirs", "code,title,source,verified\nA,Renamed,Theirs,yes\nC,Third,Theirs,yes\n")
    found = codes.read([ours, theirs])["services"]
    assert [(c.code, c.title, c.source) for c in found.codes] == [
        ("A", "Renamed", "Theirs"),
        ("B", "Second", "S"),
        ("C", "Third", "Theirs"),
    ]


def test_an_overlay_that_replaces_leaves_nothing_of_ours(write):
    ours = write("ours", HEADER + "A,First,,,,,S,yes,,x\n")
    theirs = write("theirs", "# replaces\r\n" + HEADER + "Z,Only,,,,,S,yes,,x\n")
    assert [c.code for c in codes.read([ours, theirs])["services"].codes] == ["Z"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("code,title\nA,First\n", "line 1: the header lacks source, verified"),
        ("", "line 1: the header lacks code"),
        (HEADER + ",First,,,,,S,yes,,x\n", "line 2: a code needs at least code and title"),
        (HEADER + "A,First,,,,,S,yes,,x\nA,Again,,,,,S,yes,,x\n", "line 3: the code A stands twice"),
        (HEADER + "A,First,,2026-13-01,,,S,yes,,x\n", "line 2"),
        (HEADER + "A,First,,2026-01-02,2026-01-01,,S,yes,,x\n", "line 2: A ends before it begins"),
        (HEADER + "A,First, with a comma,,,,,S,yes,,x\n", "line 2: the row has more or fewer cells"),
        (HEADER + "A,First,,\n", "line 2: the row has more or fewer cells"),
        ("# replaces\n" + HEADER + "A,First,,soon,,,S,yes,,x\n", "line 3"),
    ],
)
def test_a_fault_names_file_and_line(write, body, says):
    with pytest.raises(ValueError, match=f"services.csv, {says}"):
        codes.read([write("ours", body)])
