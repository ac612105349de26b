"""The minutes of a meeting as a text document: who was there, what was decided, who does what by when. Never a picture
of a page: each part is text that can be worked on."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from dashboard.coordination.standing import STATES
from dashboard.publication.files import DEMO, DEMO_MEANS
from dashboard.reference.text import _, day, n_
from dashboard.reports import action_words, meetings
from dashboard.reports.actions import Action
from dashboard.reports.papers import Paper, writable
from dashboard.web.meeting_figures import Shown

WIDTH = 16.6
"""Centimetres between the edges of a page."""
MECHANISM = "Coordination on ending violence against women"


def minutes(paper: Paper, answers: Mapping[str, Shown]) -> bytes:
    """The document as bytes, with the answer of each line of the agenda by its id.

    Of a meeting that is not closed it says on its first page that it is a draft.
    """
    made = docx.Document()
    found = paper.detail.meeting
    _set_up(made, paper)
    made.add_heading(writable(found.title), 0)
    line = _("{country}, {day}", country=found.country_name, day=day(found.held_on))
    made.add_paragraph(writable(line), style="Subtitle")
    if not found.closed:
        _strong(made, _("Draft: the meeting is not closed, so everything here can still change."))
    if paper.demo:
        _strong(made, f"{_(DEMO)}. {_(DEMO_MEANS)}")
    _attendance(made, paper)
    _decisions(made, paper)
    _agenda(made, paper, answers)
    _figures(made, paper)
    made.add_heading(_("Open actions of the country"), 1)
    _actions(made, paper.open, _("No action is open."))
    if paper.detail.documents:
        made.add_heading(_("Documents"), 1)
        for document in paper.detail.documents:
            made.add_paragraph(writable(f"{document.title}: {document.address}"), style="List Bullet")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _set_up(made: Document, paper: Paper) -> None:
    """A4 with a foot that says what it is, as of when, and the page of how many; and whose it is in its properties."""
    found, core = paper.detail.meeting, made.core_properties
    core.author, core.title = _(MECHANISM), writable(found.title)
    core.comments, core.keywords = "", ""
    core.created = core.modified = datetime.now(UTC).replace(tzinfo=None)
    style: Any = made.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(10.5)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    foot = section.footer.paragraphs[0]
    label = f"{_(DEMO)}. " if paper.demo else ""
    foot.add_run(writable(f"{label}{found.title}, {found.country_name}. {paper.known} {_('Page')} "))
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    for run in foot.runs:
        run.font.size = Pt(8)
    foot.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _field(paragraph: Any, code: str) -> None:
    """A field that the word processor fills in when it opens the document."""
    run = paragraph.add_run()
    for kind, words in (("begin", None), (None, code), ("end", None)):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = words
        run._r.append(part)


def _strong(made: Document, words: str) -> None:
    made.add_paragraph().add_run(writable(words)).bold = True


def _attendance(made: Document, paper: Paper) -> None:
    made.add_heading(_("Who was there"), 1)
    made.add_paragraph(writable(meetings.attended(paper.detail)))
    marked = [place for place in paper.detail.places if place.state]
    if marked:
        _table(
            made,
            (_("Organisation"), _("Seat"), _("Attendance")),
            [(p.name, p.category, meetings.attendance_words(p.state)) for p in marked],
        )


def _decisions(made: Document, paper: Paper) -> None:
    made.add_heading(_("What was decided"), 1)
    if not paper.detail.decisions:
        made.add_paragraph(_("No decision was taken."))
        return
    unfollowed = sum(not (one.action_code or one.since) for one in paper.detail.decisions)
    made.add_paragraph(writable(meetings.counted(len(paper.detail.decisions), unfollowed)))
    _table(
        made,
        (_("Decision"), _("Who is bound"), _("Action that follows")),
        [
            (
                f"{number}. {one.text}",
                one.bound_words,
                one.action_title or one.action_code or one.since or _("None yet"),
            )
            for number, one in enumerate(paper.detail.decisions, start=1)
        ],
    )
    made.add_heading(_("Actions from this meeting"), 2)
    _actions(made, paper.followed, _("No action follows from this meeting yet."))


def _actions(made: Document, listed: Sequence[Action], none: str) -> None:
    if not listed:
        made.add_paragraph(writable(none))
        return
    _table(
        made,
        (_("Action"), _("Leads"), _("Due"), _("State")),
        [(f"{a.title} ({a.action_code})", a.lead_name, day(a.due_on), state_words(a)) for a in listed],
    )


def state_words(action: Action) -> str:
    """The state of an action, with how late it is, or with the warning of what may take a right away."""
    state = _(STATES[action.state])
    if action.restricts:
        return f"{state}. {_(action_words.RESTRICTS)}."
    if not action.days_overdue:
        return state
    return _("{state}, {late}", state=state, late=n_("{count} day late", "{count} days late", action.days_overdue))


def _agenda(made: Document, paper: Paper, answers: Mapping[str, Shown]) -> None:
    """Each line with what the meeting saw of it: the sentence, what it counts by name, and what must be known."""
    if not paper.detail.lines:
        return
    taken = paper.detail.decisions
    own = {
        "attendance": meetings.attended(paper.detail),
        "agreed": meetings.counted(len(taken), sum(not (one.action_code or one.since) for one in taken)),
    }
    made.add_heading(_("Agenda and notes"), 1)
    for line in paper.detail.lines:
        made.add_heading(writable(f"{line.number}. {line.title}"), 2)
        seen = answers[line.item_id]
        if said := seen.answer or own.get(line.subject):
            made.add_paragraph(writable(said))
        for said in seen.named:
            made.add_paragraph(writable(said), style="List Bullet")
        if beyond := unsaid(seen):
            made.add_paragraph().add_run(writable(" ".join(beyond))).italic = True
        if line.note:
            made.add_paragraph(writable(line.note))
        for one in line.decisions:
            made.add_paragraph(writable(_("Decided: {text}", text=one.text)), style="List Bullet")


def unsaid(seen: Shown) -> list[str]:
    """The caveats that the sentence does not say itself."""
    return [caveat for caveat in seen.caveats if caveat not in seen.answer]


def _figures(made: Document, paper: Paper) -> None:
    """What the figures said, each with its caveat and its source: no number leaves without them."""
    if not paper.figures:
        return
    made.add_heading(_("Where the plan stood"), 1)
    made.add_paragraph(writable(paper.overview.answer))
    for series in paper.figures:
        made.add_heading(writable(_(series.indicator.title)), 2)
        made.add_paragraph(writable(series.answer))
        for caveat in series.table.caveats:
            if caveat not in series.answer:
                made.add_paragraph(writable(caveat), style="List Bullet")
        made.add_paragraph(writable(_("Source: {source}.", source=series.table.source.rstrip("."))))


def _table(made: Document, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = made.add_table(rows=1, cols=len(titles), style="Table Grid")
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(writable(title)).bold = True
    # A table that goes on over the page says its titles again.
    head = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = writable(words)
    table.autofit = False
    first = Cm(WIDTH * 0.45)  # what it is about needs most room
    for line in table.rows:
        for number, cell in enumerate(line.cells):
            cell.width = first if number == 0 else Cm(WIDTH * 0.55 / (len(titles) - 1))
    made.add_paragraph()
