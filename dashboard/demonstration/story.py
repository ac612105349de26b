"""Everything that happens in the demonstration, in the order in which it happens. Never opens the record.

`sending.csv` says what is sent and how soon, `story.csv` where it went otherwise; the rest is people, actions, meetings
and releases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dashboard.demonstration import sheets
from dashboard.demonstration.almanac import Almanac
from dashboard.demonstration.knowledge import Knowledge, Row, quarters
from dashboard.reference import periods
from dashboard.reference.library import Library

PAUSE = timedelta(minutes=10)
"""The least that lies between two steps of one file."""


@dataclass(frozen=True, eq=False)
class File:
    """One file that somebody sends: for which organisation and quarter, how many rows, and what makes its bytes."""

    dataset: str
    organisation_code: str
    period: str
    rows: int
    data: Callable[[], bytes]

    @property
    def name(self) -> str:
        return f"{self.dataset} of {self.organisation_code} for {self.period}"


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment. `what`: invite, train, send, refuse, accept, return, withdraw, change, meet,
    plan, follow or release; `row` is the line of the file that tells of it, `file` the file that it is about,
    `decisions` the lines of what a meeting decided."""

    at: datetime
    what: str
    row: Row = field(default_factory=dict)
    file: File | None = None
    comment: str = ""
    decisions: tuple[Row, ...] = ()


def steps(knowledge: Knowledge, almanac: Almanac, library: Library) -> list[Step]:
    """All steps in their order. Raises ValueError naming what a knowledge file says wrongly."""
    found = [
        *_people(knowledge, almanac),
        *_files(knowledge, almanac, library),
        *_coordination(knowledge, almanac),
        *_releases(knowledge, almanac),
    ]
    return in_order(found)


def in_order(steps: list[Step]) -> list[Step]:
    """By their moments; of two at one moment, the one that is named first."""
    return sorted(steps, key=lambda step: step.at)


def _people(knowledge: Knowledge, almanac: Almanac) -> Iterator[Step]:
    for number, row in enumerate(knowledge["people"]):
        # The secretariat first, since it invites the others.
        begin = almanac.period(int(row["since"])).start + timedelta(days=3 if row["role"] == "secretariat" else 4)
        invited = datetime.combine(begin, datetime.min.time(), almanac.last_moment.tzinfo) + timedelta(
            hours=9, minutes=number
        )
        yield Step(invited, "invite", row)
        for days in filter(None, row["trained"].split("|")):
            at = max(almanac.ago(days, row["email"]), invited + PAUSE)
            yield Step(at, "train", {**row, "day": str(min(almanac.day(days), at.date()))})


def _files(knowledge: Knowledge, almanac: Almanac, library: Library) -> Iterator[Step]:
    told = {(row["organisation_code"], row["dataset"], int(row["quarter"])): row for row in knowledge["story"]}
    for plan in knowledge["sending"]:
        sender = _Sender(knowledge, almanac, library, plan)
        for days in filter(None, plan["days"].split("|")):
            yield from sender.on_a_day(int(days))
        for quarter in quarters(plan["quarters"]):
            row = told.pop((plan["organisation_code"], plan["dataset"], quarter), {})
            yield from sender.for_a_quarter(quarter, row)
    if told:
        raise ValueError(f"story.csv tells of files that sending.csv does not name: {', '.join(map(str, told))}")


@dataclass(frozen=True)
class _Sender:
    """One line of `sending.csv`: an organisation and what it sends again and again."""

    knowledge: Knowledge
    almanac: Almanac
    library: Library
    plan: Row

    def file(self, period: str, when: int | date, change: str = "") -> File:
        dataset, organisation = self.plan["dataset"], self.plan["organisation_code"]
        rows = sheets.made(self.knowledge, self.almanac, dataset, organisation, when)
        if change:
            rows = sheets.changed(rows, change)
        data = sheets.written(self.library.contracts[dataset], rows)
        return File(dataset, organisation, period, len(rows), lambda: data)

    def moment(self, quarter: int, days: int, after: datetime | None = None) -> datetime:
        """So many days after a quarter's end, and later than the step before it."""
        name = f"{self.plan['organisation_code']} {self.plan['dataset']} {quarter} {days}"
        at = self.almanac.after(quarter, days, name)
        return max(at, after + PAUSE) if after else at

    def accepted(self, file: File, quarter: int, days: int, after: datetime | None = None) -> list[Step]:
        """Sent so many days after the quarter's end, and accepted when it was reviewed."""
        sent = self.moment(quarter, days, after)
        reviewed = self.moment(quarter, days + int(self.plan["reviewed_after"]), sent)
        return [Step(sent, "send", file=file), Step(reviewed, "accept", file=file)]

    def on_a_day(self, days: int) -> list[Step]:
        name = f"{self.plan['organisation_code']} {self.plan['dataset']} {days}"
        sent = self.almanac.ago(str(days), name)
        file = self.file(str(periods.of(sent.date())), sent.date())
        reviewed = self.almanac.ago(str(days + int(self.plan["reviewed_after"])), name)
        return [Step(sent, "send", file=file), Step(max(reviewed, sent + PAUSE), "accept", file=file)]

    def for_a_quarter(self, quarter: int, told: Row) -> list[Step]:
        """What became of the file of a quarter: accepted, unless the story tells something else of it."""
        what, days = told.get("what", ""), int(told.get("days") or 0)
        if what == "missing":
            return []
        period, usual = str(self.almanac.period(quarter)), int(self.plan["sent_after"])
        first = self.file(period, quarter, told.get("change", ""))
        steps = self.accepted(first, quarter, days if what == "late" else usual)
        sent = steps[0]
        again = usual
        if what in ("", "late"):
            return steps
        if what == "waiting":
            return [sent]
        if what == "refused":
            steps = [Step(sent.at, "refuse", file=first)]
        elif what == "returned":
            again += days
            steps = [sent, Step(self.moment(quarter, again, sent.at), "return", file=first, comment=told["comment"])]
        elif what == "withdrawn":
            again += days
            steps = steps if days > int(self.plan["reviewed_after"]) else [sent]  # before or after it was accepted
            gone = self.moment(quarter, again, steps[-1].at)
            steps = [*steps, Step(gone, "withdraw", file=first, comment=told["comment"])]
        elif what != "corrected":
            raise ValueError(f"story.csv: “{what}” is nothing that can happen to a file.")
        if not told["again"]:
            return steps
        return steps + self.accepted(self.file(period, quarter), quarter, again + int(told["again"]), steps[-1].at)


def _coordination(knowledge: Knowledge, almanac: Almanac) -> Iterator[Step]:
    for row in knowledge["action_changes"]:
        due = str(almanac.day(row["due"])) if row["due"] else ""
        yield Step(almanac.ago(row["day"], row["action_code"]), "change", {**row, "due": due})
    for row in knowledge["meetings"]:
        for days in row["days"].split("|"):
            if row["planned"]:
                day = str(almanac.day(row["planned"]))
                yield Step(almanac.ago(days, row["country"]), "plan", {**row, "planned": day})
            else:
                taken = [d for d in knowledge["decisions"] if (d["country"], d["days"]) == (row["country"], days)]
                yield Step(almanac.ago(days, row["country"]), "meet", row, decisions=tuple(taken))
    for row in knowledge["decisions"]:
        if row["named"]:
            yield Step(almanac.ago(row["named"], row["country"]), "follow", row)


def _releases(knowledge: Knowledge, almanac: Almanac) -> Iterator[Step]:
    for row in knowledge["releases"]:
        yield Step(almanac.ago(row["day"], "release"), "release", row)
