"""What a release answers: the sentence of each status, what a choice leaves open, and what was never released."""

from __future__ import annotations

import csv
from pathlib import Path

import plotly.graph_objects as go
import pytest

import released_folder
from dashboard.charts import published
from dashboard.publication import reading
from dashboard.publication.exploring import saved, topics
from dashboard.publication.exploring.view import View
from dashboard.publication.reading import Release
from dashboard.reference.table import Status


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return reading.read(released_folder.write(tmp_path_factory.mktemp("exploring") / "releases"))


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The same with a country of origin and a year that only Asterland has a row of, and a service in two sectors."""
    folder = released_folder.write(tmp_path_factory.mktemp("partly") / "releases")
    place, kinds = ("XAA", "Asterland"), ("_T", "All sectors", "_T", "All services")
    with (folder / "data" / "contacts.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            (*place, *kinds, *origin, period, count, "value", released_folder.CAVEAT)
            for origin, period, count in ((("XCA", "Cardovia"), "2025", 41), (("_T", "Everywhere"), "2024", 43))
        )
        in_health = ("health", "Health", "S-2", "Hotlines <24 h>", "_T", "Everywhere", "2026-Q2", 47, "value")
        csv.writer(file).writerow((*place, *in_health, released_folder.CAVEAT))
    return reading.read(folder)


def asked(release: Release, topic: str, **choices: str) -> View:
    return topics.view(release, {"topic": topic} | choices)


@pytest.mark.parametrize(("choices", "said"), [
    ({"by": "sector", "country": "XAA", "period": "2025-Q3"}, "Asterland, Q3 2025: 1,007 contacts were reported."),
    ({"by": "service", "country": "XBA", "period": "2026-Q2"},
     "Borovia, Q2 2026: no report was received, which does not mean 0."),
    ({"by": "quarter", "country": "XAA", "only": "service:social/S-3"},
     "Asterland, Service: Shelter, Q2 2026: how many contacts were reported is hidden to protect people."),
    ({"by": "quarter", "country": "XAA", "only": "origin:_U"},
     "Asterland, Women from: Not recorded, Q2 2026: 0 contacts were reported."),
    ({"by": "year"}, "All countries, All of 2025: 1,987 contacts were reported."),
])  # fmt: skip
def test_the_sentence_says_the_number_or_why_there_is_none(
    release: Release, choices: dict[str, str], said: str
) -> None:
    assert asked(release, "contacts", **choices).answer == said


def test_a_revision_that_waits_is_told(release: Release) -> None:
    found = asked(release, "contacts", by="country", period="2026-Q1", only="sector:health").figures[0].table
    place = list(found.frame["row"]).index("Asterland")
    assert found.statuses["contacts"].iloc[place] == Status.REVISION_PENDING
    assert found.frame["contacts"].iloc[place] is not None


@pytest.mark.parametrize(("by", "names"), [
    ("country", ["by", "period", "only"]),
    ("sector", ["by", "country", "period"]),
    ("service", ["by", "country", "period", "sector"]),
    ("origin", ["by", "country", "period"]),
    ("quarter", ["by", "country", "only"]),
    ("year", ["by", "country", "only"]),
])  # fmt: skip
def test_what_is_compared_decides_what_can_be_chosen(release: Release, by: str, names: list[str]) -> None:
    assert [one.name for one in asked(release, "contacts", by=by).filters] == names


def test_the_newest_quarter_comes_first_and_years_behind(release: Release) -> None:
    period = next(one for one in asked(release, "contacts").filters if one.name == "period")
    assert [code for code, _words in period.options] == [*reversed(released_folder.QUARTERS), "2025"]


def test_what_is_not_on_offer_counts_as_not_chosen(release: Release) -> None:
    assert asked(release, "people", by="woman", country="XZZ", period="1999-Q1").chosen == {"topic": "contacts"}
    assert asked(release, "contacts", by="sector", country="XAA", only="origin:XAA").chosen == {
        "topic": "contacts", "by": "sector", "country": "XAA",
    }  # fmt: skip


def test_a_row_that_the_release_does_not_have_was_not_reported(release: Release) -> None:
    table = asked(release, "contacts", by="sector", country="XBA", period="2026-Q2").figures[0].table
    assert list(table.statuses["contacts"]) == [Status.NOT_REPORTED] * 3
    assert table.frame["contacts"].isna().all()


@pytest.mark.parametrize(("choices", "said"), [
    ({"topic": "people"}, ["There is no such topic. Shown is: Contacts."]),
    ({"topic": "contacts", "by": "woman"}, ["Compare: what the address asks for is not here. Shown is: Countries."]),
    ({"topic": "contacts", "period": "1999-Q1"},
     ["Period: what the address asks for is not here. Shown is: Q2 2026."]),
    ({"topic": "seats", "country": "XBA"},
     ["Country: what the address asks for is not here. Shown is: All countries."]),
    ({"topic": "contacts", "by": "sector", "country": "XAA", "only": "origin:XAA"}, []),
    ({"topic": "contacts", "by": "year", "country": "XBA"}, []),
    ({}, []),
])  # fmt: skip
def test_what_is_not_on_offer_is_said_with_what_stands_in_its_place(
    release: Release, choices: dict[str, str], said: list[str]
) -> None:
    assert topics.not_there(topics.view(release, choices), choices) == said


def test_who_reported_nothing_of_a_kind_is_told_apart_from_who_did_not_report(partly: Release) -> None:
    found = asked(partly, "contacts", by="country", period="2025", only="origin:XCA")
    assert list(found.figures[0].table.statuses["contacts"]) == [Status.VALUE, Status.NO_COUNT, Status.NO_COUNT]
    assert "“No count”" in found.figures[0].reading and "Not reported" not in found.figures[0].reading
    assert found.answer.endswith("reports were received, but none has such a count, which does not mean 0.")


def test_a_service_in_two_sectors_is_named_with_each_everywhere(partly: Release) -> None:
    figure = asked(partly, "contacts", by="service", country="XAA").figures[0]
    both = ["Hotlines <24 h> (Health)", "Hotlines <24 h> (Social services)"]
    assert [name for name in figure.table.frame["row"] if name.startswith("Hotlines")] == both
    listed = {one.name: one.options for one in asked(partly, "contacts", by="quarter").filters}["only"]
    words = [name for _value, name in listed]
    assert len(words) == len(set(words)) and {f"Service: {name}" for name in both} <= set(words)
    assert "Shelter" in list(figure.table.frame["row"]), "where a name comes once it stands alone"
    found = asked(partly, "contacts", by="quarter", country="XAA", only="service:health/S-2")
    assert "Hotlines <24 h> (Health)" in found.answer


def test_a_year_without_a_total_is_not_said_to_be_unreported(partly: Release) -> None:
    found = asked(partly, "contacts", by="country", period="2024")
    assert list(found.figures[0].table.statuses["contacts"]) == [Status.VALUE, Status.NO_YEAR, Status.NO_YEAR]
    assert found.answer.endswith("no total of the year is given; it is once all four quarters were reported.")


def test_the_whole_stands_below_its_parts_and_is_not_drawn(release: Release) -> None:
    figure = asked(release, "contacts", by="sector", country="XAA").figures[0]
    assert list(figure.table.frame["row"]) == ["Health", "Social services", "All sectors"] and figure.drawn == 2


def test_a_survey_is_told_apart_and_never_stands_with_another(release: Release) -> None:
    found = asked(release, "indicators", indicator="S-9")
    assert found.caveat == "An estimate from a survey." and found.figures[0].held[0] == "surveys"
    assert dict(found.filters[0].options)["S-9"].endswith("(surveys)")


def test_a_value_is_told_with_its_target(release: Release) -> None:
    found = asked(release, "indicators", indicator="P-1", country="XAA")
    assert (
        found.answer == "Asterland, Q2 2026: 14.5\N{NO-BREAK SPACE}%. The target is 65\N{NO-BREAK SPACE}% by Q3 2028."
    )
    law = asked(release, "indicators", indicator="L-1", country="XBA")
    assert law.answer == "Borovia, Q2 2026: partly. The target is yes by Q1 2027."


def test_the_course_of_an_indicator_is_broken_where_nothing_was_reported(release: Release) -> None:
    figure = asked(release, "indicators", indicator="P-1", country="XBA").figures[0]
    chart = published.course(figure.table, figure.more["indicator"], figure.more["rows"])
    go.Figure(chart)
    line = next(trace for trace in chart["data"] if trace.get("mode") == "lines+markers+text")
    assert line["y"] == [16.5, None, 18.5, 19.5] and line["connectgaps"] is False
    assert "As reported by the agencies." in line["customdata"][0].replace("<br>", " ")
    goals = next(trace for trace in chart["data"] if trace.get("marker", {}).get("symbol") == "diamond-open")
    assert set(goals["y"]) <= {12.25, 65} and "65" in str(chart)


def test_what_was_dropped_is_said_with_the_rest_of_the_plan(release: Release) -> None:
    assert asked(release, "plan", country="XAA").answer.endswith(" 67 were dropped.")


def test_two_currencies_never_share_a_scale(release: Release) -> None:
    for currency in ("XTS", "XXB"):
        figure = asked(release, "money", currency=currency).figures[0]
        assert currency in figure.subtitle and {c.unit for c in figure.table.columns[1:-1]} == {currency}
    assert asked(release, "money", currency="XTS", country="XAA").answer == (
        "Asterland (XTS): cost 1,260,000; committed 706,000; gap 554,000."
    )


def test_a_download_says_release_and_caveat_in_each_line(release: Release) -> None:
    figure = asked(release, "seats").figures[-1]
    lines = saved.as_csv(release, figure).split("\r\n")
    assert lines[0].endswith(",status,release,caveat,note") and len(lines) == 5
    assert all(released_folder.NAME in line and "A seat says who belongs" in line for line in lines[1:4])
    assert saved.file_name(release, figure) == f"demo-seats-{released_folder.NAME}.csv"


def test_a_formula_stays_text_in_a_download(tmp_path: Path) -> None:
    folder = released_folder.write(tmp_path / "releases")
    path = folder / "data" / "seats.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Unions", "'=1+1"), encoding="utf-8", newline="")
    found = reading.read(folder)
    figure = asked(found, "seats").figures[-1]
    assert "=1+1" in list(figure.table.frame["category"]), "people read it as it is"
    assert ",'=1+1," in saved.as_csv(found, figure), "a spreadsheet does not run it"
