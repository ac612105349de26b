"""Indicators as values: what a file says, and what an administrative count may never say."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.reference import indicators, library

GOOD = """
title = "Services open whatever the status"
kind = "process"
unit_measure = "%"
desired_direction = "up"
definition = "Share of services"
owner = "Secretariat"
next_review = 2027-06-30
"""
CONTACTS = (
    GOOD.replace('"process"', '"administrative"').replace('"up"', '"none"') + 'caveat = "reported-not-prevalence"\n'
)


@pytest.fixture
def read(tmp_path):
    def read(body, code="services-open"):
        path = tmp_path / f"{code}.toml"
        path.write_text(body, encoding="utf-8")
        return indicators.read([path])[code]

    return read


def test_reads_a_definition(read):
    found = read(GOOD)
    assert (found.code, found.kind, found.desired_direction) == ("services-open", "process", "up")
    assert (found.next_review, found.verified, found.minimum_count) == (date(2027, 6, 30), False, None)


def test_an_administrative_count_without_direction_and_with_its_caveat_is_read(read):
    assert read(CONTACTS).caveat == "reported-not-prevalence"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (CONTACTS.replace('"none"', '"down"'), "no desired direction"),
        (CONTACTS.replace('"none"', '"up"'), "no desired direction"),
        (CONTACTS.replace("reported-not-prevalence", "as-reported"), "carries the caveat reported-not-prevalence"),
        (GOOD.replace('"process"', '"figures"'), "kind is “figures”, and must be one of administrative"),
        (GOOD.replace('"up"', '"better"'), "desired_direction is “better”, and must be one of up, down, none"),
        (GOOD + 'level = "goal"', "level is “goal”"),
        (GOOD + 'combine = "mean"', "combine is “mean”, and must be one of single, sum, ratio"),
        (GOOD + 'frequency = "often"', "frequency is “often”"),
        (GOOD + "number = 5.1", "number must be a text"),
        (GOOD + 'headline = "first"', "headline must be a whole number"),
        (GOOD + 'disaggregation = "age"', "disaggregation must be a list of names"),
        (GOOD + 'read_beside = "P-SVC-3"', "read_beside must be a list of codes"),
        (GOOD.replace("2027-06-30", '"soon"'), "next_review must be a date"),
        (GOOD.replace('"%"', '"persons"') + 'combine = "ratio"', "the unit must be in %"),
        (GOOD.replace("owner", "keeper"), "keeper"),
        (GOOD.replace('title = "', "title = "), "Indicator services-open"),
    ],
)
def test_a_fault_names_the_indicator(read, body, says):
    with pytest.raises(ValueError, match=says) as raised:
        read(body)
    assert "services-open" in str(raised.value)


def test_what_is_left_out_has_a_plain_meaning(read):
    found = read(GOOD)
    assert (found.combine, found.frequency, found.computed, found.headline) == ("single", "quarterly", "", 0)
    assert read(GOOD + 'disaggregation = ["sector", "country"]').disaggregation == ("sector", "country")


@pytest.mark.parametrize(
    ("direction", "value", "goal", "reached"),
    [("up", 60, 60, True), ("up", 59.9, 60, False), ("down", 60, 60, True), ("down", 60.1, 60, False)],
)
def test_a_milestone_is_reached_in_the_desired_direction(read, direction, value, goal, reached):
    assert read(GOOD.replace('"up"', f'"{direction}"')).reached(value, goal) is reached


def test_nothing_is_reached_by_a_count_of_contacts(read):
    assert not read(CONTACTS).directed
    with pytest.raises(ValueError, match="has no direction"):
        read(CONTACTS).reached(5, 5)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("%", 52.0, "52\u00a0%"),
        ("% of services", 52.25, "52.2\u00a0%"),
        ("contacts", 1204, "1,204 contacts"),
        ("contacts", 1, "1 contact"),
        ("persons", 0, "0 persons"),
        ("yes/no", 1, "yes"),
        ("yes/partly/no", 0.5, "partly"),
        ("yes/no", 3, "3"),
        ("number", 66, "66"),
        ("score 0-10, 10 = worst", 2.5, "2.5"),
        ("per 100 000 workers", 0.25, "0.25 per 100 000 workers"),
    ],
)
def test_a_value_is_said_with_its_unit(read, unit, value, said):
    assert indicators.value_words(read(GOOD.replace('"%"', f'"{unit}"')), value) == said


def test_every_kind_level_direction_and_way_has_words():
    found = library.load().indicators.values()
    assert {i.kind for i in found} <= set(indicators.KIND_WORDS) == set(indicators.KIND_MEANINGS)
    assert {i.level for i in found} <= set(indicators.LEVELS)
