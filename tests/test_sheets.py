"""The files that the demonstration's organisations send: made from its knowledge files, with the figures in them."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.demonstration import knowledge, registers, sheets
from dashboard.demonstration.almanac import Almanac
from dashboard.reference import library

SHOWN = library.load(knowledge.DEMO)
KNOWN, NOW = knowledge.read(), Almanac(date(2026, 11, 23))


def sheet(dataset: str, organisation: str, when: int | date) -> sheets.Sheet:
    return sheets.made(KNOWN, NOW, dataset, organisation, when)


def contacts(organisation: str, quarter: int, **only: str) -> int:
    rows = sheet("service_contacts", organisation, quarter)
    return sum(row["contacts"] for row in rows if all(row[name] == value for name, value in only.items()))


def test_contacts_add_up_to_the_level_that_the_file_says() -> None:
    for quarter in range(1, 13):
        level = knowledge.path("1:138|12:152", quarter)
        assert abs(contacts("XAA-HEALTH", quarter) - level) <= 0.04 * level + 1


def test_a_hotline_opened_and_nothing_else_rose() -> None:
    """The rise that a count alone would show as violence."""
    shelter = [contacts("XBA-SHELTER", quarter) for quarter in range(1, 13)]
    assert max(shelter[:6]) < 95 and min(shelter[7:]) > 2.5 * max(shelter[:6]) and shelter[6] > 1.5 * shelter[5]
    assert contacts("XBA-SHELTER", 6, channel="hotline", service_code="SEED-9") == 0
    for organisation in ("XBA-HEALTH", "XBA-SOCIAL"):
        found = [contacts(organisation, quarter) for quarter in range(1, 13)]
        assert max(found) - min(found) <= 0.12 * min(found), organisation


def test_there_are_small_cells_and_zeros_and_a_stage_only_where_it_may_be() -> None:
    senders = ("XBA-SHELTER", "XBB-HAVEN", "XBD-LANTERN", "XBC-CENTRE")
    counts = [row["contacts"] for sender in senders for row in sheet("service_contacts", sender, 12)]
    assert 0 in counts and max(counts) > 20 and 0.5 < sum(0 < count < 11 for count in counts) / len(counts) < 0.95
    police = sheet("service_contacts", "XAA-POLICE", 12)
    assert {row["stage"] for row in police} == {"reported", "investigated", "charged", "tried", "concluded"}
    assert {row["sector"] for row in police if row["stage"]} == {"justice_policing"}


def test_a_share_is_what_its_parts_give_and_a_headline_what_its_parts_add_up_to() -> None:
    rows = sheet("indicator_values", "XAA-STAT", 12)
    shares = [row for row in rows if row["numerator"]]
    assert shares and all(
        float(r["value"]) == round(100 * int(r["numerator"]) / int(r["denominator"]), int(r["decimals"]))
        for r in shares
    )
    trained = [row for row in rows if row["indicator_code"] == "P-CAP-1"]
    whole = [row for row in trained if not row["category"]]
    assert len(whole) == 1 and int(whole[0]["value"]) == sum(int(r["value"]) for r in trained if r["category"]) > 400
    assert {row["period"] for row in rows} == {"2026-Q3"}


def test_a_survey_speaks_when_there_was_a_survey() -> None:
    said = {
        q for q in range(1, 13) for r in sheet("indicator_values", "XAA-STAT", q) if r["indicator_code"] == "SDG-5.2.1"
    }
    assert said == {2, 10}
    assert all(r["study"] for r in sheet("indicator_values", "XAA-STAT", 10) if r["indicator_code"].startswith("SDG"))


def test_a_register_says_who_sits_then() -> None:
    def seat(quarter: int, code: str) -> set[str]:
        return {r["seat_status"] for r in sheet("members", "XAA-COORD", quarter) if r["organisation_code"] == code}

    assert (seat(6, "XAA-INSPECT"), seat(8, "XAA-INSPECT")) == ({"filled"}, {"vacant"})
    assert (seat(8, "XAA-GARMENT"), seat(10, "XAA-GARMENT")) == ({"filled"}, set())
    expected = {r["organisation_code"]: r["reports_quarterly"] for r in sheet("members", "XAA-COORD", 4)}
    assert expected["XAA-SOCIAL"] == "yes" and expected["XAA-CONSUL"] == expected["XAA-PLAN"] == "no"


def test_a_line_was_called_before_the_quarter_ended_or_long_ago() -> None:
    def called(organisation: str, quarter: int) -> list[date]:
        rows = sheet("service_coverage", organisation, quarter)
        return [date.fromisoformat(r["contact_line_checked_on"]) for r in rows if r["contact_line"]]

    assert called("XBA-SHELTER", 12) == [date(2026, 9, 10)] and called("XBA-SHELTER", 6) == []
    assert called("XAA-SOCIAL", 12) == called("XAA-SOCIAL", 11) == [date(2025, 11, 12)]
    assert called("XAA-SOCIAL", 5) == [date(2024, 12, 11)]


def test_actions_are_those_that_had_been_agreed() -> None:
    count = [len(sheet("actions", "XAA-COORD", NOW.day(day))) for day in ("-955", "-730", "-105")]
    assert count == [3, 7, 15]
    with pytest.raises(ValueError, match="nothing to say"):
        sheet("actions", "XAA-COORD", NOW.day("-1200"))


def test_a_mistake_is_put_into_a_file() -> None:
    rows = [{"a": "x", "n": 4}, {"a": "y", "n": 5}, {"a": "y", "n": ""}]
    assert sheets.changed(rows, "n*2") == [{"a": "x", "n": "8"}, {"a": "y", "n": "10"}, {"a": "y", "n": ""}]
    assert [row["a"] for row in sheets.changed(rows, "a=z where a=y")] == ["x", "z", "z"]
    assert sheets.changed([{"n": "2.50"}], "n*1.5") == [{"n": "3.75"}]
    for slip in ("a=z where a=q", "n**2", "n*2 if a=x"):
        with pytest.raises(ValueError, match="change"):
            sheets.changed(rows, slip)
    assert rows[0] == {"a": "x", "n": 4}


def test_a_sheet_is_written_in_the_contracts_columns() -> None:
    contract = SHOWN.contracts["service_contacts"]
    text = sheets.written(contract, [{"contacts": 0, "country": "XAA", "level": "9", "origin": None}]).decode()
    assert text.splitlines() == [",".join(contract.header), "XAA,,,,,,,,0"] and "age_band" not in contract.header


# Registers


def test_a_register_is_that_of_its_country_and_quarter() -> None:
    then, now = (sheet("agreements", "XAA-COORD", quarter) for quarter in (8, 12))
    assert {row["agreement_code"] for row in now} == {row["agreement_code"] for row in then}
    assert {row["country"] for row in now} == {"XAA"} and {row["organisation_code"] for row in now} == {"XAA-COORD"}
    state = {row["agreement_code"]: (a["status"], row["status"]) for a, row in zip(then, now, strict=True)}
    assert state["XAA-AGR-3"] == ("in_force", "expired") and state["XAA-AGR-4"] == ("negotiating", "in_force")


def test_moments_in_braces_are_told_as_people_write_them() -> None:
    assert registers.told("{-30} {+1} {9+20}", NOW) == "2026-10-24 2026-11-24 2025-10-21"
    assert registers.told("From {Q9} on, {Y9-2} and {Y12+1}", NOW) == "From 2025-Q4 on, 2023 and 2027"
    assert registers.told("no moment", NOW) == "no moment"
    for slip in ("{soon}", "{Q}", "{Y}"):
        with pytest.raises(ValueError):
            registers.told(slip, NOW)
