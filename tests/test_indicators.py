"""Indicators as values: what a file says, and what an administrative count may never say."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.reference import indicators

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
        (GOOD.replace('"process"', '"figures"'), "unknown kind"),
        (GOOD.replace('"up"', '"better"'), "unknown kind or desired direction"),
        (GOOD.replace("owner", "keeper"), "keeper"),
        (GOOD.replace('title = "', "title = "), "Indicator services-open"),
    ],
)
def test_a_fault_names_the_indicator(read, body, says):
    with pytest.raises(ValueError, match=says) as raised:
        read(body)
    assert "services-open" in str(raised.value)
