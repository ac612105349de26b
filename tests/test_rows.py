"""Bars with a status for each row: what is hidden looks the same whatever it is, and each hover says the caveat."""

from __future__ import annotations

import json
import re
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.charts import rows, template
from dashboard.charts.rows import Row
from dashboard.reference.table import Status

CAVEAT = "Reported contacts, not prevalence. A rise may mean better access to help."
EVERY = [
    Row("Asterland", 1200, Status.VALUE, "1,200"),
    Row("Borovia", 0, Status.ZERO, "0"),
    Row("Corvania", None, Status.SUPPRESSED),
    Row("Dorvania with a name that is long", None, Status.NOT_REPORTED),
    Row("Estavia", 300, Status.REVISION_PENDING, "300"),
]


def drawn(*made: Row, **more: Any) -> dict[str, Any]:
    figure = rows.bars(made, words="contacts", **more)
    go.Figure(figure)
    return figure


def by_fill(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {trace["meta"]["fill"]: trace for trace in figure["data"]}


def test_each_status_has_its_own_shape() -> None:
    found = by_fill(drawn(*EVERY, fill="contacts"))
    assert set(found) == {"contacts", "hidden", "pending", "silent"}
    assert found["contacts"]["x"] == [1200, 0] and found["pending"]["x"] == [300]
    assert found["hidden"]["marker"]["pattern"]["shape"] == "/" and found["hidden"]["x"] == [1200 * rows.STUB]
    assert found["silent"]["marker"]["symbol"] == "circle-open"
    assert found["hidden"]["meta"]["title"] == "hidden to protect people"


def test_what_stands_beside_each_bar() -> None:
    said = [note["text"] for note in drawn(*EVERY)["layout"]["annotations"]]
    assert said == ["1,200", "0", "hidden", "not reported", "300, revision pending"]


def test_every_hover_says_the_whole_status_and_the_caveat() -> None:
    for trace in drawn(*EVERY, caveat=CAVEAT)["data"]:
        for hover in trace["customdata"]:
            assert CAVEAT in hover.replace("<br>", " ")
    hovers = [h for t in drawn(*EVERY)["data"] for h in t["customdata"]]
    assert "Corvania: hidden to protect people" in hovers and "Borovia: 0" in hovers
    assert "Estavia: 300 (revision pending)" in hovers


@pytest.mark.parametrize("most", [12, 4000])
def test_the_stub_depends_on_no_hidden_number(most: int) -> None:
    one = drawn(Row("A", most, Status.VALUE, str(most)), Row("B", None, Status.SUPPRESSED))
    assert by_fill(one)["hidden"]["x"] == [most * rows.STUB]
    alone = drawn(Row("B", None, Status.SUPPRESSED))
    assert by_fill(alone)["hidden"]["x"] == [rows.STUB]


def test_there_is_no_scale_to_measure_by_and_no_judging_colour() -> None:
    figure = drawn(*EVERY, fill="contacts")
    assert figure["layout"]["xaxis"]["visible"] is False
    colours = set(re.findall(r"#[0-9a-f]{6}", json.dumps(figure["data"])))
    for colour in colours:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        assert max(red, green, blue) - min(red, green, blue) < 24, f"{colour} is no neutral tone"


def test_rows_of_a_group_stand_under_its_heading() -> None:
    figure = drawn(
        Row("A", 1, Status.VALUE, "1", group="Origin"), Row("B", 2, Status.VALUE, "2", group="Destination"),
        colours={"Origin": template.COLOURS["origin"]},
    )  # fmt: skip
    heads = [note for note in figure["layout"]["annotations"] if note["text"].startswith("<b>")]
    assert [note["text"] for note in heads] == ["<b>Origin</b>", "<b>Destination</b>"]
    assert heads[0]["font"]["color"] == template.COLOURS["origin"]
    places = figure["layout"]["yaxis"]["tickvals"]
    assert heads[0]["y"] < places[0] < heads[1]["y"] < places[1] < figure["layout"]["height"]


def test_a_long_name_makes_its_row_higher() -> None:
    short, long = (drawn(Row(name, 1, Status.VALUE, "1"))["layout"] for name in ("A", "A " * 40))
    assert long["height"] > short["height"] + 3 * rows.LINE
    assert all(len(line) <= rows.LETTERS for line in long["yaxis"]["ticktext"][0].split("<br>"))


def test_a_goal_is_a_diamond_and_no_label_is_written_over_it() -> None:
    figure = drawn(
        Row("A", 50, Status.VALUE, "50 %", goal=60, agreed="Target 60 %, Q3 2028"),
        Row("B", 10, Status.VALUE, "10 %", goal=100, agreed="Target 100 %, Q3 2028"),
    )  # fmt: skip
    goals = by_fill(figure)["goal"]
    assert goals["x"] == [60, 100] and goals["customdata"][0] == "A: Target 60 %, Q3 2028"
    assert [note["x"] for note in figure["layout"]["annotations"]] == [60, 10]


def test_no_text_of_the_data_is_read_as_markup() -> None:
    figure = drawn(Row('<a href="x">$A$</a>', 1, Status.VALUE, "1", group="<i>G</i>"))
    assert "<a" not in json.dumps(figure) and "<i>" not in json.dumps(figure) and "$A" not in json.dumps(figure)


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn()["data"] == []
