"""Say a status by a shape and a word, in Dash and in plain HTML. Never by colour alone, and never decides one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.coordination.standing import STATES as ACTION_STATES
from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reference.text import N_, _
from dashboard.reports import assessment as assessment_report
from dashboard.reports import completeness as completeness_report
from dashboard.reports import corridor as corridor_report
from dashboard.reports import corridors as corridors_report
from dashboard.reports import coverage as coverage_report
from dashboard.reports import members as members_report
from dashboard.reports import norms as norms_report

# Each shape is a class `.mark.<shape>` of assets/dashboard.css; a test holds the two together.
SHAPES = {
    Status.SUPPRESSED: "hatched",
    Status.NOT_RELEASED: "clock",
    Status.NOT_SHOWN: "shut",
    Status.REVISION_PENDING: "pending",
    Status.NOT_REPORTED: "silent",
    Status.NO_COUNT: "without",
    Status.NO_YEAR: "unfinished",
    Status.NOT_COLLECTED: "dash",
    Status.NOT_VERIFIED: "question",
    Status.NOT_APPLICABLE: "blank",
}
SUBMISSION_SHAPES = {
    "staged": "silent",
    "submitted": "clock",
    "accepted": "tick",
    "returned": "back",
    "withdrawn": "none",
    "lapsed": "dash",
    "expunged": "dash",
}
CHANGE_SHAPES = {"added": "plus", "changed": "tilde", "removed": "minus"}
COVERAGE_SHAPES = {state: state for state in coverage_report.STATES}
CLAUSES = {"yes": N_("The text says so"), "partly": N_("In part"), "no": N_("The text does not say so")}
CLAUSE_SHAPES = {"yes": "open", "partly": "restricted", "no": "none"}
ANSWER_SHAPES = {
    "yes": "open",
    "partly": "restricted",
    "no": "none",
    "not_known": "not_known",
    "not_applicable": "blank",
}
NORM_SHAPES = {
    "ratified": "open",
    "territory": "restricted",
    "signed": "planned",
    "denounced": "dash",
    "not_ratified": "none",
    "not_applicable": "blank",
    "not_verified": "question",
}
SEAT_SHAPES = {"filled": "open", "observer": "restricted", "vacant": "planned", "none": "none"}
SEAT_MEANINGS = {
    "filled": N_("An organisation has the seat and takes it."),
    "observer": N_("Somebody follows the meetings without a seat."),
    "vacant": N_("The seat exists or was offered; nobody takes it yet."),
    "none": N_("The mechanism has no seat for this category here."),
}
ACTION_SHAPES = {
    "open": "silent",
    "in_progress": "restricted",
    "blocked": "none",
    "done": "tick",
    "dropped": "dash",
}
REPORTING_SHAPES = {
    "on_time": "tick",
    "late": "late",
    "review": "clock",
    "returned": "back",
    "missing": "none",
    "not_due": "silent",
    "not_expected": "blank",
}
STANDING_SHAPES = {"reached": "tick", "short": "restricted"}
SILENT_MEANING = N_("Nobody reported on it; it may still exist.")


@dataclass(frozen=True)
class Mark:
    """A shape (a class of the CSS) and the word that says the same."""

    shape: str
    words: str


def aria(**said: str) -> dict[str, Any]:
    """Attributes for assistive technology, as Dash takes them: `aria(label="x")` is aria-label="x"."""
    return {f"aria-{name}": value for name, value in said.items()}


def of(status: str) -> Mark | None:
    """The mark of a status that is no plain value; None for a value and for zero, which is written 0."""
    found = Status(status)
    return Mark(SHAPES[found], _(STATUS_WORDS[found])) if found in SHAPES else None


def coverage(value: str, status: str = Status.VALUE) -> Mark:
    """The mark of a state of coverage; where nobody reported, that."""
    if status != Status.VALUE or value not in COVERAGE_SHAPES:
        return of(status) or Mark("silent", _(STATUS_WORDS[Status.NOT_REPORTED]))
    return Mark(COVERAGE_SHAPES[value], _(coverage_report.STATES[value]))


def end_or_link(value: str, status: str = Status.VALUE) -> Mark:
    """The mark of a service at one end of a corridor, or of the link between both, whose value begins with LINK."""
    if not value.startswith(corridor_report.LINK):
        return coverage(value, status)
    found = value.removeprefix(corridor_report.LINK)
    return Mark(COVERAGE_SHAPES[found], _(corridors_report.LINKS[found]))


def clause(value: str, status: str = Status.VALUE) -> Mark:
    """The mark of what an agreement's text says on one matter."""
    if value in CLAUSE_SHAPES and status != Status.NOT_VERIFIED:
        return Mark(CLAUSE_SHAPES[value], _(CLAUSES[value]))
    return Mark(SHAPES[Status.NOT_VERIFIED], _(STATUS_WORDS[Status.NOT_VERIFIED]))


def answered(value: str) -> Mark:
    """The mark of an answer of the self-assessment; of none, that of silence."""
    if value not in ANSWER_SHAPES:
        return Mark("silent", _("Not answered"))
    return Mark(ANSWER_SHAPES[value], _(assessment_report.ANSWERS[value]))


def norm(value: str, status: str = Status.VALUE) -> Mark:
    """The mark of how a country stands to an instrument."""
    if status == Status.NOT_SHOWN:
        return Mark(SHAPES[Status.NOT_SHOWN], _("Not shown to you"))
    return Mark(NORM_SHAPES[value], _(norms_report.STATES[value]))


def seat(value: str, status: str = Status.VALUE) -> Mark:
    """The mark of a seat."""
    if status != Status.VALUE or value not in SEAT_SHAPES:
        return of(status) or Mark("silent", _(STATUS_WORDS[Status.NOT_REPORTED]))
    return Mark(SEAT_SHAPES[value], _(members_report.SEATS[value]))


def reporting(value: str, status: str = Status.VALUE) -> Mark:
    """The mark of an expected file, by where it stands to its due day."""
    return Mark(REPORTING_SHAPES[value], _(completeness_report.STANDINGS[value]))


def action(value: str) -> Mark:
    """The mark of an action's state."""
    return Mark(ACTION_SHAPES[value], _(ACTION_STATES[value]))


def span(mark: Mark, quiet: bool = False) -> html.Span:
    """The mark with its word beside it; `quiet` leaves the word to screen readers and to the pointer."""
    return html.Span(
        [
            html.Span(className=f"mark {mark.shape}", **aria(hidden="true")),
            html.Span(mark.words, className="visually-hidden" if quiet else "mark-words"),
        ],
        className="marked",
        title=mark.words if quiet else None,
    )


def status(value: str, quiet: bool = False) -> html.Span | None:
    """The mark of a status, ready to show."""
    mark = of(value)
    return span(mark, quiet) if mark else None


def state(name: str, words: str) -> html.Span:
    """Where a submission stands."""
    return span(Mark(SUBMISSION_SHAPES.get(name, "silent"), words))


def change(kind: str, words: str) -> html.Span:
    """What happens to a row: added, changed or removed."""
    return span(Mark(CHANGE_SHAPES.get(kind, "tilde"), words))


def standing(name: str, words: str) -> html.Span:
    """How a value stands to its milestone or target: at or past it, or on the way."""
    return span(Mark(STANDING_SHAPES.get(name, "silent"), words))


def key(entries: Iterable[tuple[Mark, str]]) -> html.Dl:
    """What the marks of a table mean."""
    return html.Dl([html.Div([html.Dt(span(mark)), html.Dd(meaning)]) for mark, meaning in entries], className="key")


def coverage_key() -> html.Dl:
    """What the marks of coverage mean, with the mark for silence."""
    entries = [(coverage(name), _(meaning)) for name, meaning in coverage_report.STATE_MEANINGS.items()]
    return key([*entries, (coverage("", Status.NOT_REPORTED), _(SILENT_MEANING))])


def norm_key(part: str = "") -> html.Dl:
    """What the marks of ratifications mean; to whoever reads a `part`, also that of what she is not shown."""
    entries = [(norm(name), _(meaning)) for name, meaning in norms_report.MEANINGS.items()]
    return key([*entries, (norm("", Status.NOT_SHOWN), part)] if part else entries)


def seat_key() -> html.Dl:
    """What the marks of seats mean."""
    return key((seat(name), _(SEAT_MEANINGS[name])) for name in members_report.SEATS)


def reporting_key() -> html.Dl:
    """What the marks of expected files mean."""
    return key((reporting(name), _(meaning)) for name, meaning in completeness_report.MEANINGS.items())
