"""The catalogue: every sentence can be filled, no screened problem holds a value, and JSON has the agreed names."""

from __future__ import annotations

import json
import re
import string

import pytest

from dashboard.intake.problems import PROBLEMS, Severity, problem, shown, without_value

FILLED = {
    name: "x"
    for name in (
        "size",
        "limit",
        "what",
        "how",
        "header",
        "times",
        "position",
        "cells",
        "expected",
        "delimiter",
        "reason",
        "example",
        "range",
        "period",
        "length",
        "form",
        "first",
        "key",
        "own",
        "words",
        "day",
        "when",
        "allowed",
        "quarters",
        "median",
        "low",
        "high",
        "among",
        "gone",
        "before",
        "many",
        "service",
        "other",
        "most",
        "parts",
        "sum",
        "by",
        "part",
        "whole",
        "share",
        "meant",
    )
}


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_sentence_can_be_filled_and_ends(code: str) -> None:
    found = problem(code, row=3, column="contacts", value="12o", nearest="near", **FILLED)  # type: ignore[arg-type]
    for text in (found.message, found.fix):
        assert "{" not in text and (text == "x" or text[-1] in ".?!x”" or text.endswith(")"))
    kind = PROBLEMS[code]
    assert kind.code == code and kind.title and kind.phase in ("read", "screen", "check", "worker", "record")


@pytest.mark.parametrize("code", [c for c, kind in PROBLEMS.items() if kind.phase == "screen"])
def test_what_the_screen_finds_never_carries_the_value(code: str) -> None:
    found = problem(code, row=3, column="note", value="Canary Alpha", **FILLED)  # type: ignore[arg-type]
    assert "Canary" not in json.dumps(found.as_json()) and found.value is None
    assert "{value}" not in PROBLEMS[code].message + PROBLEMS[code].fix


def test_a_problem_in_json_has_the_names_that_programs_rely_on() -> None:
    found = problem("unknown-code", row=14, column="service_code", value="HEALTHH", example="health").as_json()
    assert list(found) == ["code", "severity", "row", "column", "value", "message", "fix"]
    assert found["severity"] == "error" and found["row"] == 14 and found["value"] == "HEALTHH"
    grouped = problem("negative", row=2, column="x", value="-1", count=3000, rows=tuple(range(2, 1002))).as_json()
    assert grouped["count"] == 3000 and len(grouped["rows"]) == 20


def test_a_cell_is_quoted_on_one_line_and_cut() -> None:
    assert shown("a\nb\tc\x00d") == "a b c d"
    assert len(shown("x" * 10_000)) == 60


def test_a_value_can_be_taken_out_of_the_words() -> None:
    hidden = without_value(problem("unknown-code", row=2, column="service", value="Canary", example="health"))
    assert hidden.value is None and "Canary" not in hidden.message + hidden.fix
    assert hidden.message == "Row 2, service: the cell is not on the list."
    assert hidden.fix == "Copy a code from the list, for example “health”."


def test_what_was_made_from_the_value_goes_with_it() -> None:
    """The nearest code and the number as it would be written tell as much as the cell."""
    for found in (
        problem("unknown-code", row=2, column="service", value="Canari", nearest="Canary", example="health"),
        problem("thousands-separator", row=2, column="contacts", value="855,120", example="855120"),
        problem("not-a-number", row=2, column="contacts", value="85512o", nearest="855120", example="24"),
    ):
        hidden = without_value(found)
        assert not {"Canary", "Canari", "855"} & set(re.findall(r"Canar[iy]|855", hidden.message + hidden.fix))
        assert hidden.fix != found.fix and "{" not in hidden.fix


def test_braces_in_a_cell_are_only_letters() -> None:
    found = problem("unknown-code", row=2, column="service", value="{row}{0}{x.__class__}", example="a")
    assert found.message == "Row 2, service: “{row}{0}{x.__class__}” is not on the list."


def test_every_placeholder_is_one_that_is_known() -> None:
    known = {"row", "column", "value", "nearest", *FILLED}
    for kind in PROBLEMS.values():
        named = {name for _t, name, _f, _c in string.Formatter().parse(kind.message + kind.fix + kind.near) if name}
        assert named <= known and kind.severity in Severity
