"""The marks: each status has its own shape and word, in Dash and in plain HTML, and the CSS draws all of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dashboard.intake.submissions import STATES as SUBMISSION_STATES
from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reports.coverage import STATE_MEANINGS, STATES
from dashboard.reports.members import SEATS
from dashboard.web import marks

ASSETS = Path(__file__).resolve().parent.parent / "assets"


def shapes(name: str) -> dict[str, str]:
    """What a style sheet says of each `.mark.<shape>` on a screen, without blanks."""
    text = re.sub(r"/\*.*?\*/", "", (ASSETS / name).read_text(encoding="utf-8"), flags=re.S)
    text = text.partition("@media print {")[0] if name == "public.css" else text  # thinner on paper, the same shape
    found: dict[str, str] = {}
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        for shape in re.findall(r"(?:^|[\s,])\.mark\.([\w-]+)(?![\w-]*::after)", selectors):
            found[shape] = found.get(shape, "") + re.sub(r"\s+", "", rules)
    return found


def test_every_status_but_a_number_has_a_shape_and_a_word() -> None:
    assert set(marks.SHAPES) == set(STATUS_WORDS) == set(Status) - {Status.VALUE, Status.ZERO}
    assert len(set(marks.SHAPES.values())) == len(marks.SHAPES)


@pytest.mark.parametrize("status", [Status.VALUE, Status.ZERO])
def test_a_value_and_a_zero_are_no_status_to_mark(status: Status) -> None:
    assert marks.of(status) is None


def test_an_unknown_status_is_not_passed_over() -> None:
    with pytest.raises(ValueError):
        marks.of("secret")


def test_coverage_states_differ_in_shape_and_in_word() -> None:
    drawn = [marks.coverage(state) for state in STATES] + [marks.coverage("", Status.NOT_REPORTED)]
    assert len({m.shape for m in drawn}) == len({m.words for m in drawn}) == len(STATES) + 1


def test_what_nobody_said_is_not_reported_and_not_absent() -> None:
    for mark in (marks.coverage("", Status.NOT_REPORTED), marks.coverage(""), marks.seat("", Status.NOT_REPORTED)):
        assert mark == marks.Mark("silent", "not reported")
    assert marks.coverage("open", Status.SUPPRESSED).shape == "hatched"


def test_the_keys_explain_every_mark() -> None:
    said = json.dumps(
        [marks.coverage_key().to_plotly_json(), marks.seat_key().to_plotly_json()], default=lambda c: c.to_plotly_json()
    )
    for words in [*STATES.values(), *STATE_MEANINGS.values(), *SEATS.values()]:
        assert words in said
    assert set(marks.SEAT_MEANINGS) == set(SEATS)


def test_the_key_of_norms_explains_what_is_not_shown_to_whom_it_concerns() -> None:
    def said(part: str) -> str:
        return json.dumps(marks.norm_key(part).to_plotly_json(), default=lambda c: c.to_plotly_json())

    assert "Not shown to you" in said("You see a part.") and "You see a part." in said("You see a part.")
    assert "Not shown to you" not in said("")


def test_the_css_draws_every_shape_and_each_differently() -> None:
    used = {
        *marks.SHAPES.values(),
        *marks.SUBMISSION_SHAPES.values(),
        *marks.CHANGE_SHAPES.values(),
        *marks.COVERAGE_SHAPES.values(),
        *marks.SEAT_SHAPES.values(),
    }
    drawn = shapes("dashboard.css")
    assert used <= set(drawn)
    assert len(set(drawn.values())) == len(drawn)


def test_the_summary_draws_the_same_shapes() -> None:
    house, summary = shapes("dashboard.css"), shapes("public.css")
    assert set(summary) == {*STATES, "silent"}
    assert {shape: house[shape] for shape in summary} == summary


def test_every_state_of_a_submission_has_a_mark() -> None:
    assert set(marks.SUBMISSION_SHAPES) == set(SUBMISSION_STATES)


def test_quiet_marks_keep_their_word_for_those_who_cannot_see() -> None:
    mark = marks.Mark("open", "Open <b> & free")
    quiet = marks.span(mark, quiet=True)
    assert quiet.title == "Open <b> & free"
    assert [child.className for child in quiet.children] == ["mark open", "visually-hidden"]
    shown = marks.span(mark)
    assert [child.className for child in shown.children] == ["mark open", "mark-words"]
