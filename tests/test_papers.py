"""The papers of a meeting, read back: text and native charts, with caveats, as known when it closed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from pptx import Presentation
from pptx.util import Inches

from action_world import ABROAD, LISTS, agree, agreed, change, day, row
from dashboard.charts import trend
from dashboard.coordination import attendance, meetings
from dashboard.coordination.together import Topic
from dashboard.protection.policy import Refused
from dashboard.reference.table import Status
from dashboard.reports import moments, papers
from dashboard.reports.indicator_cells import Cell
from dashboard.reports.papers import Paper, writable
from dashboard.reports.reporting import Expected
from dashboard.web import briefing, meeting_figures, minutes
from dashboard.web.meeting_figures import Shown
from everywhere import unpacked
from meeting_world import TOPICS, decide, prepare, running
from world import Built, World


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    made = built.opened(tmp_path / "world")
    made.house = replace(made.house, settings=replace(made.house.settings, demo=True))
    yield agreed(made)
    made.house.close()


def held(world: World, close: bool = True) -> str:
    meeting_id = running(world)
    decide(world, meeting_id)
    if close:
        meetings.close(world.viewer("coordinator"), world.house, meeting_id)
    return meeting_id


def paper(world: World, meeting_id: str, name: str = "member") -> Paper:
    return papers.paper(world.viewer(name), world.house, meeting_id)


def written(world: World, found: Paper, name: str = "member") -> bytes:
    """The minutes of a paper, with what the screens of its meeting answered."""
    return minutes.minutes(found, answers(world, found, name))


def slid(world: World, found: Paper, name: str = "member") -> bytes:
    """The slides of a paper, with what the screens of its meeting answered."""
    return briefing.briefing(found, answers(world, found, name))


def answers(world: World, found: Paper, name: str = "member") -> dict[str, Shown]:
    seen = moments.seen_on(world.viewer(name), found.then)
    return meeting_figures.answers(seen, world.house, found.then, found.detail)


def words(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def slides(body: bytes) -> list[str]:
    found = []
    for slide in Presentation(io.BytesIO(body)).slides:
        said = []
        for shape in slide.shapes:
            if shape.has_text_frame:
                said.append(shape.text_frame.text)
            if shape.has_table:
                said += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
        found.append("\n".join(said))
    return found


def test_the_minutes_hold_what_was_decided_and_who_is_bound(world: World) -> None:
    made = docx.Document(io.BytesIO(written(world, paper(world, held(world)))))
    said = words(made)
    for expected in ("Fourth meeting", "The shelter opens.", "The whole mechanism", "None yet", "Agenda and notes"):
        assert expected in said, expected
    assert "Draft" not in said
    assert "Demonstration data" in said and "Demonstration data" in made.sections[0].footer.paragraphs[0].text
    assert "version" in made.sections[0].footer.paragraphs[0].text
    assert made.core_properties.author == minutes.MECHANISM


def test_the_minutes_say_under_each_line_what_the_meeting_saw(world: World) -> None:
    """Decisions that no action follows by their words, vacant seats by name, each count with its caveat."""
    earlier = running(world)
    decide(world, earlier, "The council writes to the minister.")
    meetings.close(world.viewer("coordinator"), world.house, earlier)
    topics = (Topic("What became of it?", "decisions", 5), Topic("Who is missing?", "seats", 5), *TOPICS)
    meeting_id = prepare(world, topics=topics)
    meetings.start(world.viewer("coordinator"), world.house, meeting_id)
    attendance.attend(world.viewer("coordinator"), world.house, meeting_id, {"XAA-HEALTH": "present"})
    found = paper(world, meeting_id)
    made, seen = docx.Document(io.BytesIO(written(world, found))), answers(world, found)
    said = "\n".join(paragraph.text for paragraph in made.paragraphs)
    for line in found.detail.lines:
        under = said.partition(f"{line.number}. {line.title}\n")[2]
        assert under.startswith(seen[line.item_id].answer), line.title
    assert "1. What became of it?\nNo action" in said and "Who is here today?\n1 of " in said
    decided, seats = (seen[line.item_id] for line in found.detail.lines[:2])
    assert decided.answer in said
    assert "The council writes to the minister. (The whole mechanism" in said
    assert seats.named and seats.caveats and all(words in said for words in (*seats.named, *seats.caveats))
    assert "GOV-HEA" not in words(made)
    assert world.house.library.title("stakeholder_categories", "GOV-HEA") in words(made)


def test_while_it_runs_the_minutes_are_a_draft(world: World) -> None:
    assert "Draft: the meeting is not closed" in words(
        docx.Document(io.BytesIO(written(world, paper(world, held(world, close=False)))))
    )


def test_what_came_after_the_close_is_not_in_its_papers(world: World) -> None:
    meeting_id = held(world)
    before = paper(world, meeting_id)
    assert before.open
    change(world, "coordinator", before.open[0].action_code, state="done", note="It is there")
    after = paper(world, meeting_id)
    assert [a.action_code for a in after.open] == [a.action_code for a in before.open]
    assert after.known == before.known
    now = paper(world, running(world))
    assert before.open[0].action_code not in [a.action_code for a in now.open], "a later meeting knows"


def test_the_papers_print_a_measure_that_restricts_with_its_warning(world: World) -> None:
    warning = "May restrict women's work or migration: not rights-based"
    changed = [*LISTS["XAA-COORD"][:2], row(ABROAD, "XBA-POLICE", day(-150), restricts_work_or_migration="yes")]
    agree(world, "XAA-COORD", changed)
    made = paper(world, held(world))
    (ban,) = made.overview.apart
    assert ban.action_code == ABROAD and ban not in made.overview.overdue
    (late,) = [said for said in slides(slid(world, made)) if said.startswith("1 action is late")]
    assert ban.title in late and warning in late
    read = words(docx.Document(io.BytesIO(minutes.minutes(replace(made, followed=(ban,)), answers(world, made)))))
    assert f"Open. {warning}." in read


def test_the_slide_of_late_actions_keeps_both_kinds_where_not_all_have_room(world: World) -> None:
    late = [row(f"XAA-L{n:02}", "XAA-HEALTH", day(-n)) for n in range(1, 13)]
    bans = [row(f"XAA-B{n}", "XAA-HEALTH", day(-n), restricts_work_or_migration="yes") for n in range(1, 4)]
    agree(world, "XAA-COORD", [*late, *bans])
    [said] = [one for one in slides(slid(world, paper(world, held(world)))) if one.startswith("12 actions are late")]
    assert said.count("Do what XAA-L") == 7 and said.count("Do what XAA-B") == 2
    assert "3 actions past their due date may restrict women's work or migration" in said
    assert "And 5 more late actions. And 1 more that is to be looked at again." in said


def test_the_slide_of_reports_says_what_came_and_was_returned(world: World) -> None:
    found = paper(world, held(world))
    due, one = found.overview.reporting, expected("missing")

    def read(*files: Expected) -> str:
        made = replace(found, overview=replace(found.overview, reporting=replace(due, files=files)))
        [said] = [s for s in slides(slid(world, made)) if s.startswith(("Who has not", "What was returned"))]
        return said

    both = read(one, replace(one, state="returned"))
    assert both.startswith("Who has not") and "Not received" in both and "Returned to be mended" in both
    assert read(replace(one, state="returned")).startswith("What was returned for ")


def expected(state: str) -> Expected:
    return Expected("XAA-HEALTH", "XAA-HEALTH office", "XAA", "service_coverage", "Services", "2026-Q3", state, day(-9),
                    None, day(0))  # fmt: skip


def test_the_slides_say_where_the_plan_stands_what_is_late_and_what_was_decided(world: World) -> None:
    made = slides(slid(world, paper(world, held(world))))
    whole = "\n".join(made)
    for expected in ("Where does the plan stand?", "late", "What do we speak about?", "The shelter opens."):
        assert expected in whole, expected
    assert all("Demonstration data" in slide and "version" in slide for slide in made), "each has its foot"


def test_the_slides_begin_with_the_agenda_and_answer_each_line_of_it(world: World) -> None:
    topics = (Topic("What became of it?", "decisions", 5), Topic("Who is missing?", "seats", 5), *TOPICS)
    found = paper(world, prepare(world, topics=topics))
    made, seen = slides(slid(world, found)), answers(world, found)
    assert "What do we speak about?" in made[1]
    assert all(f"{line.number}. {line.title} ({line.minutes} minutes)" in made[1] for line in found.detail.lines)
    assert "55 minutes in all" in made[1]
    for line in found.detail.lines[:2]:
        [slide] = [said for said in made if said.startswith(line.title)]
        shown_of = seen[line.item_id]
        assert all(words in slide for words in (shown_of.answer, *shown_of.named, *shown_of.caveats))


@pytest.mark.parametrize("count", [3, 8, 12, 20])
def test_an_agenda_of_any_length_stays_on_its_slide(world: World, count: int) -> None:
    topics = tuple(Topic(f"Line {number}", "", 5) for number in range(count))
    body = slid(world, paper(world, prepare(world, topics=topics)))
    slide = Presentation(io.BytesIO(body)).slides[1]
    boxes = [shape for shape in slide.shapes if shape.has_text_frame and "Line " in shape.text_frame.text]
    assert sum(len(box.text_frame.paragraphs) for box in boxes) == count
    for box in boxes:
        size = box.text_frame.paragraphs[0].font.size
        high = sum(size * 1.2 * 2 + paragraph.space_after for paragraph in box.text_frame.paragraphs)  # two lines each
        assert box.top + high < Inches(6.45) or count == 3
        assert box.left + box.width <= briefing.WIDE - briefing.EDGE


def test_each_headline_has_what_must_be_known_beside_it(world: World) -> None:
    found = paper(world, held(world))
    noted = replace(found.overview.headlines[0], notes=("The ministry did not report.",))
    found = replace(found, overview=replace(found.overview, headlines=(noted, *found.overview.headlines[1:])))
    [slide] = [one for one in Presentation(io.BytesIO(slid(world, found))).slides
               if one.shapes.title.text_frame.text == "Where does the plan stand?"]  # fmt: skip
    [table] = [shape.table for shape in slide.shapes if shape.has_table]
    rows = [[cell.text_frame.text for cell in line.cells] for line in table.rows][1:]
    for cells, card in zip(rows, found.overview.headlines, strict=True):
        assert cells[0] == card.indicator.title and card.caveat in cells[-1]
        assert all(note in cells[-1] for note in card.notes)


def test_what_is_told_once_a_year_is_a_line_as_on_the_page(world: World) -> None:
    found = paper(world, held(world))
    series = found.figures[0]
    value, none = series.points[-1][1], Cell(None, Status.NOT_APPLICABLE)
    points = tuple((f"{2022 + n // 4}-Q{n % 4 + 1}", value if n % 4 == 3 else none) for n in range(12))
    once = replace(series, points=points, indicator=replace(series.indicator, frequency="yearly"))
    drawn = trend.line(once)["data"]
    assert any([*trace["x"]] and None not in trace["y"] and len(trace["y"]) == 3 for trace in drawn)
    body = slid(world, replace(found, figures=(once,)))
    [chart] = [s.chart for slide in Presentation(io.BytesIO(body)).slides for s in slide.shapes if s.has_chart]
    assert [*chart.plots[0].categories] == ["Q4 2022", "Q4 2023", "Q4 2024"]
    assert None not in chart.plots[0].series[0].values


def test_a_chart_is_native_and_holds_no_number_that_is_not_shown(world: World) -> None:
    found = paper(world, held(world))
    body = slid(world, found)
    charts = [s.chart for slide in Presentation(io.BytesIO(body)).slides for s in slide.shapes if s.has_chart]
    assert len(charts) == len(found.figures)
    for chart, series in zip(charts, found.figures, strict=True):
        shown = {cell.value for _quarter, cell in series.points if cell.shown}
        assert {*chart.plots[0].series[0].values} - {None} <= shown
        agreed_on = {goal.value for goal in series.goals.all}
        with ZipFile(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)) as book:  # the sheet behind the chart
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        numbers = {float(n) for n in re.findall(r'<c r="[B-Z]\d+"><v>([^<]+)</v>', sheet)}
        assert numbers <= shown | agreed_on


def test_each_figure_carries_its_caveat_and_its_source(world: World) -> None:
    found = paper(world, held(world))
    whole = "\n".join(slides(slid(world, found)))
    text = words(docx.Document(io.BytesIO(written(world, found))))
    for series in found.figures:
        for caveat in series.table.caveats:
            assert caveat in whole
            assert caveat in text


@pytest.mark.parametrize("name", ["enforcement"])
def test_nobody_else_takes_them_home(world: World, name: str) -> None:
    with pytest.raises(Refused):
        paper(world, held(world), name)


def test_a_sign_that_no_office_file_can_hold_is_left_out() -> None:
    assert writable("a\x0bb\x00c\nd\te") == "abc\nd\te"


def test_a_walk_for_numbers_reads_into_the_papers_and_the_sheets_behind_their_charts(world: World) -> None:
    found = paper(world, held(world))
    assert "The shelter opens." in unpacked(written(world, found))
    read = unpacked(slid(world, found))
    value = next(cell.value for series in found.figures for _quarter, cell in series.points if cell.shown)
    assert "Fourth meeting" in read and re.search(rf"\b{value:g}\b", read)
