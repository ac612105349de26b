"""The small line of a card: where its points stand, what a gap looks like, and that nothing in it is markup."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

from dashboard.charts import spark, template
from dashboard.reference.table import Status
from dashboard.reports.indicator_cells import NOT_RELEASED, NOT_REPORTED, Cell

SVG = "{http://www.w3.org/2000/svg}"


def cell(value: float, status: Status = Status.VALUE) -> Cell:
    return Cell(value, status)


def drawn(points: list[tuple[str, Cell]], **more: object) -> ElementTree.Element:
    return ElementTree.fromstring(spark.svg(points, title="Line", **more))  # type: ignore[arg-type]


def dots(root: ElementTree.Element) -> list[tuple[float, float, str]]:
    return [(float(c.attrib["cx"]), float(c.attrib["cy"]), c.attrib["fill"]) for c in root.iter(f"{SVG}circle")]


RISING = [("2025-Q4", cell(0)), ("2026-Q1", cell(50)), ("2026-Q2", cell(100))]


def test_points_stand_at_even_steps_from_zero_to_the_highest() -> None:
    root = drawn(RISING)
    assert [(x, y) for x, y, _fill in dots(root)] == [(6, 54), (120, 30), (234, 6)]
    (line,) = root.iter(f"{SVG}polyline")
    assert line.attrib["points"] == "6.0,54.0 120.0,30.0 234.0,6.0"


def test_time_runs_evenly_where_quarters_are_left_out() -> None:
    xs = [x for x, _y, _fill in dots(drawn([("2024-Q1", cell(1)), ("2024-Q2", cell(1)), ("2025-Q1", cell(1))]))]
    assert xs == [6, 63, 234]


def test_a_gap_breaks_the_line_and_leaves_an_open_dot_at_the_foot() -> None:
    root = drawn([*RISING[:2], ("2026-Q2", NOT_REPORTED), ("2026-Q3", cell(50)), ("2026-Q4", cell(100))])
    assert len(list(root.iter(f"{SVG}polyline"))) == 2
    surface = template.COLOURS["surface"]
    assert [(y, fill) for _x, y, fill in dots(root)][2] == (54, surface)
    alone = drawn([("2026-Q1", cell(5)), ("2026-Q2", NOT_REPORTED), ("2026-Q3", cell(5))])
    assert not list(alone.iter(f"{SVG}polyline")) and len(dots(alone)) == 3


def test_what_is_not_final_is_open_and_what_may_not_be_read_is_not_there() -> None:
    surface = template.COLOURS["surface"]
    open_dots = [
        fill for _x, _y, fill in dots(drawn([("2026-Q1", cell(1)), ("2026-Q2", cell(2, Status.NOT_VERIFIED))]))
    ]
    assert open_dots == [template.COLOURS["accent"], surface]
    hidden = [("2026-Q1", NOT_RELEASED), ("2026-Q2", NOT_RELEASED)]
    assert dots(drawn(hidden)) == []
    assert spark.svg(hidden, title="") == spark.svg([(p, Cell(99, Status.NOT_RELEASED)) for p, _c in hidden], title="")


def test_a_goal_is_a_dashed_line_within_the_scale() -> None:
    root = drawn(RISING, goal=200.0)
    (dashed,) = [path for path in root.iter(f"{SVG}path") if "stroke-dasharray" in path.attrib]
    assert dashed.attrib["d"] == "M6 6.0H234" and dots(root)[-1][:2] == (234, 30)


def test_the_scale_can_be_given_so_that_several_share_it() -> None:
    root = drawn(RISING[1:], low=0.0, high=200.0, first="2025-Q3", last="2026-Q3")
    assert [(x, y) for x, y, _fill in dots(root)] == [(120, 42), (177, 30)]


def test_below_zero_the_foot_moves_down() -> None:
    root = drawn([("2026-Q1", cell(-50)), ("2026-Q2", cell(50))])
    assert [y for _x, y, _fill in dots(root)] == [54, 6]
    assert next(root.iter(f"{SVG}path")).attrib["d"] == "M6 30.0H234", "the line of zero"


def test_neutral_ink_for_what_nobody_is_judged_by() -> None:
    assert template.COLOURS["accent"] not in spark.svg(RISING, title="", neutral=True)
    assert template.COLOURS["fill-ink"] in spark.svg(RISING, title="", neutral=True)


def test_nothing_and_a_single_value_can_be_drawn() -> None:
    assert dots(drawn([])) == []
    assert len(dots(drawn([("2026-Q1", cell(0))]))) == 1


def test_words_are_no_markup_and_the_address_holds_it_all() -> None:
    title = '</title><script>alert(1)</script> & "#'
    made = spark.svg(RISING, title=title)
    assert "<script" not in made
    root = ElementTree.fromstring(made)
    assert root.findtext(f"{SVG}title") == title
    assert {e.tag.removeprefix(SVG) for e in root.iter()} == {"svg", "title", "path", "polyline", "circle"}
    address = spark.address(made)
    assert address.startswith("data:image/svg+xml,") and unquote(address.removeprefix("data:image/svg+xml,")) == made
    assert not re.search(r'["#%](?![0-9A-F]{2})', address.removeprefix("data:image/svg+xml,"))
    assert len(address) < 2000, "thirty of them must cost less than a chart"
