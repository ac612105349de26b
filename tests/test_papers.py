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

from action_world import ABROAD, LISTS, agree, agreed, change, day, row
from dashboard.coordination import attendance, meetings
from dashboard.coordination.together import Topic
from dashboard.protection.policy import Refused
from dashboard.reports import moments, papers
from dashboard.reports.papers import Paper, writable
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
    (late,) = [said for said in slides(briefing.briefing(made)) if said.startswith("1 action is late")]
    assert ban.title in late and warning in late
    read = words(docx.Document(io.BytesIO(minutes.minutes(replace(made, followed=(ban,))))))
    assert f"Open. {warning}." in read


def test_the_slides_say_where_the_plan_stands_what_is_late_and_what_was_decided(world: World) -> None:
    made = slides(briefing.briefing(paper(world, held(world))))
    whole = "\n".join(made)
    for expected in ("Where does the plan stand?", "late", "What do we speak about?", "The shelter opens."):
        assert expected in whole, expected
    assert all("Demonstration data" in slide and "version" in slide for slide in made), "each has its foot"


def test_a_chart_is_native_and_holds_no_number_that_is_not_shown(world: World) -> None:
    found = paper(world, held(world))
    body = briefing.briefing(found)
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
    whole = "\n".join(slides(briefing.briefing(found)))
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
    read = unpacked(briefing.briefing(found))
    value = next(cell.value for series in found.figures for _quarter, cell in series.points if cell.shown)
    assert "Fourth meeting" in read and re.search(rf"\b{value:g}\b", read)
