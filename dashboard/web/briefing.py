"""The briefing of a meeting as slides with charts that can be edited. Never a picture, no number without its caveat."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.util import Inches, Pt

from dashboard.charts.template import COLOURS
from dashboard.publication.files import DEMO, DEMO_MEANS
from dashboard.reference import periods
from dashboard.reference.cells import safe
from dashboard.reference.text import _, day, n_
from dashboard.reports import action_words, meetings, reporting
from dashboard.reports.indicators import Series
from dashboard.reports.meetings import Line
from dashboard.reports.papers import Paper, writable
from dashboard.web.meeting_figures import Shown
from dashboard.web.minutes import MECHANISM, state_words, unsaid

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE = Inches(0.6)
LONG, LONGER = 60, 100
"""A title of more letters is set smaller, so that it keeps to two lines, and of many more smaller still."""
COLUMN = 7
"""So many lines of an agenda stand below each other in large type."""
MANY = 5
"""Of more caveats than these the words are set smaller."""
ANSWERED = ("coverage", "decisions", "seats")
"""What a line may be about that has a slide of its sentences; the other subjects have a chart, a table or none."""
ROWS = 9
"""So many rows of a table fit a slide that is read at three metres; what is left out is counted."""
LEAST = 2
"""So many rows of late actions are left to what is told apart from them, however many are late."""


def briefing(paper: Paper, answers: Mapping[str, Shown]) -> bytes:
    """The slides as bytes, with the answer of each line of the agenda by its id."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDE, HIGH
    core = made.core_properties
    core.author, core.title = _(MECHANISM), writable(paper.detail.meeting.title)
    core.last_modified_by, core.keywords = "", ""
    core.created = core.modified = datetime.now(UTC).replace(tzinfo=None)
    slides = _Slides(made, paper)
    slides.first()
    slides.agenda()
    slides.standing()
    for series in paper.figures:
        slides.figure(series)
    slides.silent()
    slides.late()
    for line in paper.detail.lines:
        if line.subject in ANSWERED:
            slides.answer(line, answers[line.item_id])
    slides.decided()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class _Slides:
    """The slides of one paper, each with its foot: what it is, as of when, its number."""

    def __init__(self, made: Any, paper: Paper) -> None:
        self.made, self.paper = made, paper

    def _slide(self, title: str) -> Any:
        slide = self.made.slides.add_slide(self.made.slide_layouts[5])  # only a title
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Inches(0.35), WIDE - 2 * EDGE, Inches(1.1)
        shape.text_frame.word_wrap = True
        shape.text_frame.text = writable(title)
        _style(shape.text_frame, 28 if len(title) <= LONG else 22 if len(title) <= LONGER else 18, bold=True)
        found, number = self.paper.detail.meeting, len(self.made.slides)
        label = f"{_(DEMO)}. " if self.paper.demo else ""
        foot = f"{label}{found.title}, {found.country_name}. {self.paper.known}"
        self._words(slide, [foot], Inches(7.02), Inches(0.4), 11, colour="muted", wide=WIDE - 2 * EDGE - Inches(0.8))
        box = self._words(slide, [str(number)], Inches(7.02), Inches(0.4), 11, colour="muted", left=WIDE - Inches(1.2))
        box.width = Inches(0.8)
        return slide

    def _words(
        self,
        slide: Any,
        said: Sequence[str],
        top: Any,
        high: Any,
        size: int,
        *,
        colour: str = "text",
        wide: Any = None,
        left: Any = EDGE,
        apart: int = 6,
    ) -> Any:
        box = slide.shapes.add_textbox(left, top, wide or WIDE - 2 * EDGE, high)
        frame = box.text_frame
        frame.word_wrap = True
        for n, words in enumerate(said):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.text = writable(words)
            paragraph.space_after = Pt(apart)
        _style(frame, size, colour=colour)
        return box

    def _table(
        self,
        slide: Any,
        titles: Sequence[str],
        rows: Sequence[Sequence[str]],
        top: Any,
        shares: Sequence[int] = (),
        size: int = 14,
        last: int = 14,
    ) -> None:
        """`size` is that of the words, `last` that of those in the last column."""
        shown, rest = rows[:ROWS], len(rows) - ROWS
        made = slide.shapes.add_table(len(shown) + 1, len(titles), EDGE, top, WIDE - 2 * EDGE, Inches(0.4)).table
        rest_of = (100 - 45) // (len(titles) - 1)  # what it is about needs most room
        for column, share in zip(made.columns, shares or [45] + [rest_of] * (len(titles) - 1), strict=True):
            column.width = (WIDE - 2 * EDGE) * share // 100
        for row, cells in enumerate([titles, *shown]):
            for column, words in enumerate(cells):
                cell = made.cell(row, column)
                cell.text_frame.text = writable(words)
                points = last if row and column == len(titles) - 1 else size
                _style(cell.text_frame, points, bold=row == 0, colour="surface" if row == 0 else "text")
                cell.fill.solid()
                cell.fill.fore_color.rgb = _rgb("accent" if row == 0 else "surface")
        if rest > 0:
            more = n_("and {count} more", "and {count} more", rest)
            self._words(slide, [more], Inches(6.6), Inches(0.4), 14, colour="muted")

    def first(self) -> None:
        found = self.paper.detail.meeting
        slide = self._slide(found.title)
        said = [_("{country}, {day}", country=found.country_name, day=day(found.held_on)), self.paper.overview.answer]
        if self.paper.demo:
            said.append(f"{_(DEMO)}. {_(DEMO_MEANS)}")
        self._words(slide, said, Inches(1.7), Inches(4), 24)

    def standing(self) -> None:
        cards = [card for card in self.paper.overview.headlines]
        slide = self._slide(_("Where does the plan stand?"))
        self._table(
            slide,
            (_("Figure"), _("Newest value"), _("Quarter"), _("Against what was agreed"), _("Good to know")),
            [
                (
                    _(card.indicator.title),
                    card.counted or card.reason,
                    card.quarter,
                    card.standing_words,
                    " ".join(filter(None, (card.caveat, *card.notes))),
                )
                for card in cards
            ],
            Inches(1.35),
            (25, 11, 8, 21, 35),
            size=12,
            last=10,
        )

    def figure(self, series: Series) -> None:
        """A figure as a native chart: what is hidden or not there is a gap, in the chart and in the sheet behind it."""
        slide = self._slide(_("{what}: {finding}", what=_(series.indicator.title), finding=series.finding))
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        agreed = {goal.period for goal in series.goals.all}
        points = [point for point in series.points if point in series.asked or point[0] in agreed]
        data.categories = [periods.parse(quarter).label for quarter, _cell in points]
        values = [cell.value if cell.shown else None for _quarter, cell in points]
        data.add_series(str(safe(writable(_(series.indicator.title)))), values)
        counts = series.indicator.administrative
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED if counts else XL_CHART_TYPE.LINE_MARKERS
        if not counts and any(_goal(series, quarter) is not None for quarter, _cell in points):
            data.add_series(_("Milestone or target"), [_goal(series, quarter) for quarter, _cell in points])
        frame = slide.shapes.add_chart(kind, EDGE, Inches(1.9), WIDE - 2 * EDGE, Inches(3.7), data)
        chart = frame.chart
        chart.has_title = False
        chart.has_legend = len(chart.plots[0].series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
            chart.legend.font.size = Pt(14)
        chart.font.size = Pt(14)
        chart.value_axis.minimum_scale = 0
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb("line")
        _draw(chart, "fill-ink" if counts else "accent", counts)
        said = _("{title}. {answer}", title=_(series.indicator.title), answer=series.answer)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", writable(said))
        unit = _(series.indicator.unit_measure)
        self._words(slide, [unit], Inches(1.4), Inches(0.4), 16, colour="muted")
        source = _("Source: {source}.", source=series.table.source.rstrip("."))
        said_below = [*series.table.caveats, source]
        size = 12 if len(said_below) <= MANY else 9  # none is left out: a value may be unsure for the last of them
        self._words(slide, said_below, Inches(5.65), Inches(1.3), size, apart=6 if size == 12 else 1)

    def silent(self) -> None:
        due = self.paper.overview.reporting
        waited = due.in_state("missing", "returned")
        quarter = periods.parse(due.period).label
        if not waited:
            title = _("Everybody has reported for {period}", period=quarter)
            self._slide(title)
            return
        title = (
            _("Who has not reported for {period}?", period=quarter)
            if due.in_state("missing")
            else _("What was returned for {period}, and is to be mended?", period=quarter)
        )
        slide = self._slide(title)
        rows = [(one.organisation, one.title, day(one.due_on), _(reporting.STATES[one.state])) for one in waited]
        titles = (_("Organisation"), _("Report"), _("Due"), _("How it stands"))
        self._table(slide, titles, rows, Inches(1.6))

    def late(self) -> None:
        """What takes a right away comes last, with its warning; of both kinds a part stays where not all have room."""
        late, apart = self.paper.overview.overdue, self.paper.overview.apart
        slide = self._slide(
            n_("{count} action is late", "{count} actions are late", len(late)) if late else _("No action is late")
        )
        if not (late or apart):
            return
        kept = min(len(apart), max(ROWS - len(late), LEAST))
        listed = (*late[: ROWS - kept], *apart[:kept])
        rows = [(a.title, a.lead_name, day(a.due_on), state_words(a)) for a in listed]
        self._table(slide, (_("Action"), _("Leads"), _("Due"), _("State")), rows, Inches(1.6), (40, 20, 13, 27))
        rest, beside = len(late) - (len(listed) - kept), len(apart) - kept
        said = [
            action_words.apart(len(apart)),
            n_("And {count} more late action.", "And {count} more late actions.", rest) if rest else "",
            n_(
                "And {count} more that is to be looked at again.",
                "And {count} more that are to be looked at again.",
                beside,
            )
            if beside
            else "",
        ]
        if told := " ".join(filter(None, said)):
            self._words(slide, [told], Inches(6.45), Inches(0.5), 12, colour="muted")

    def agenda(self) -> None:
        """The lines in two columns, where one has no room for all of them."""
        lines = self.paper.detail.lines
        if not lines:
            return
        slide = self._slide(_("What do we speak about?"))
        half = len(lines) if len(lines) <= COLUMN else (len(lines) + 1) // 2
        size = 20 if half <= COLUMN else 12
        for place, some in enumerate((lines[:half], lines[half:])):
            said = [
                f"{line.number}. {line.title} ({n_('{count} minute', '{count} minutes', line.minutes)})"
                for line in some
            ]
            wide = WIDE - 2 * EDGE if half == len(lines) else (WIDE - 3 * EDGE) // 2
            self._words(slide, said, Inches(1.5), Inches(4.8), size, wide=wide, left=EDGE + place * (wide + EDGE))
        self._words(slide, [meetings.lasts(self.paper.detail)], Inches(6.45), Inches(0.4), 16, colour="muted")

    def answer(self, line: Line, seen: Shown) -> None:
        """A line that no chart answers: its sentence, what it counts by name, and what must be known."""
        slide = self._slide(line.title)
        size = 18 if len(seen.named) <= MANY else 12
        named, rest = [f"• {said}" for said in seen.named[:ROWS]], len(seen.named) - ROWS
        if rest > 0:
            named.append(n_("and {count} more", "and {count} more", rest))
        self._words(slide, [seen.answer], Inches(1.6), Inches(0.9), 24)
        self._words(slide, named, Inches(2.6), Inches(3.2), size)
        self._words(slide, unsaid(seen), Inches(5.9), Inches(1), 12, colour="muted", apart=2)

    def decided(self) -> None:
        taken = self.paper.detail.decisions
        if not taken:
            return
        unfollowed = sum(not (one.action_code or one.since) for one in taken)
        slide = self._slide(meetings.counted(len(taken), unfollowed))
        rows = [(one.text, one.bound_words, one.action_title or one.since or _("None yet")) for one in taken]
        self._table(slide, (_("Decision"), _("Who is bound"), _("Action that follows")), rows, Inches(1.6))


def _goal(series: Series, quarter: str) -> float | None:
    """What was agreed for a quarter, where it was agreed for that one."""
    found = [goal.value for goal in series.goals.all if goal.period == quarter]
    return found[-1] if found else None


def _draw(chart: Any, colour: str, counts: bool) -> None:
    """One colour that judges nothing; what was agreed is a mark without a line."""
    for number, series in enumerate(chart.plots[0].series):
        if counts:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = _rgb(colour)
            continue
        series.smooth = False
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(colour if number == 0 else "muted")
        series.marker.format.line.fill.background()
        if number:
            series.format.line.fill.background()
        else:
            series.format.line.color.rgb = _rgb(colour)
            series.format.line.width = Pt(2.5)
        series.marker.size = 7 if number == 0 else 11


def _style(frame: Any, size: int, *, bold: bool = False, colour: str = "text") -> None:
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
        paragraph.font.name = "Arial"
        paragraph.font.color.rgb = _rgb(colour)
        paragraph.alignment = 1  # left


def _rgb(role: str) -> RGBColor:
    made: Any = RGBColor
    found: RGBColor = made.from_string(COLOURS[role].removeprefix("#").upper())
    return found
