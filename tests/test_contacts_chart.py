"""The chart of contacts: a hidden count has one look whatever it is, words say each status, the caveat is in it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import contacts, svg, template
from dashboard.publication import counts
from dashboard.reference import library
from dashboard.reference.table import AsOf, Status, Table
from public_world import CAVEAT, rows


def by_place(counted: pd.DataFrame | None = None) -> Table:
    return counts.by_place(rows() if counted is None else counted, library.load(), AsOf(1, None))


def labels(figure: dict[str, Any]) -> dict[str, str]:
    return {note["y"]: note["text"] for note in figure["layout"]["annotations"] if note.get("yref") != "paper"}


def test_a_value_has_its_number_and_a_hidden_one_its_words() -> None:
    figure = contacts.by_place(by_place())
    go.Figure(figure)
    assert labels(figure) == {"XAA": "1,247", "XBA": "hidden to protect people", "XCA": "not reported"}
    shown, pending, stubs, dots = figure["data"]
    assert shown["x"] == [1247.0, None, None] and pending["x"] == [None] * 3
    assert [x is not None for x in stubs["x"]] == [False, True, False] and dots["y"] == ["XCA"]
    assert stubs["marker"]["pattern"]["shape"], "hatched, not only a tone"


def test_nothing_drawn_depends_on_a_hidden_count() -> None:
    """Not even on one that is in the table by mistake."""
    table = by_place()
    table.frame.loc["XBA", "contacts"] = 7
    assert contacts.by_place(table) == contacts.by_place(by_place())


def test_a_revision_that_waits_shows_the_former_number_in_another_tone() -> None:
    counted = rows()
    counted.loc[(counted["country"] == "XAA") & (counted["sector"] == "_T"), "status"] = "revision pending"
    figure = contacts.by_place(by_place(counted))
    assert labels(figure)["XAA"] == "1,247 (revision pending)"
    assert figure["data"][0]["x"][0] is None and figure["data"][1]["x"][0] == 1247.0


def test_where_every_count_is_hidden_it_can_still_be_drawn() -> None:
    table = by_place()
    table.statuses.loc[:, "contacts"] = Status.SUPPRESSED
    figure = contacts.by_place(table)
    assert set(labels(figure).values()) == {"hidden to protect people"}
    drawn = svg.draw(figure, width=380, height=figure["layout"]["height"], title="t", description="d")
    assert drawn.count("hidden to protect people") == 3


def test_the_caveat_is_written_into_it_at_every_width() -> None:
    for line in (118, 46):
        figure = contacts.by_place(by_place(), line=line)
        note = next(n for n in figure["layout"]["annotations"] if n.get("yref") == "paper")
        assert note["text"].replace("<br>", " ") == CAVEAT
        assert max(len(part) for part in note["text"].split("<br>")) <= line


def test_one_neutral_tone() -> None:
    assert template.NEUTRAL.colour == template.COLOURS["fill-ink"]
    used = {trace["marker"]["color"] for trace in contacts.by_place(by_place())["data"]}
    assert used == {template.COLOURS[n] for n in ("fill-ink", "fill-not_known", "surface", "muted")}
