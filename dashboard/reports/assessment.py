"""How sensitive a plan is to migration, by the answers of a country to the self-assessment. Never a score (R12).

A share of “yes” is no grade: each answer stands with its evidence, and a question that nobody answered says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.people import organisations
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.codes import Code
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts, register_rows
from dashboard.reports.entry import Entry, own_only

DATASET = "assessment_answers"
ANSWERS = {
    "yes": N_("Yes"),
    "partly": N_("Partly"),
    "no": N_("No"),
    "not_known": N_("Not known"),
    "not_applicable": N_("Does not apply"),
}
SILENT = "not_reported"
"""As what a question counts that nobody answered."""
RANKS = {"no": 0, "not_known": 0, "partly": 1, "yes": 2}
CAVEAT = N_("Answered by the country's own bodies about their own plan; an answer is worth what its evidence is worth.")
SOURCE = N_("Self-assessments of the coordinating bodies")


@dataclass(frozen=True)
class Item(Entry):
    """One question: key question or consideration, its part of the plan, and the answer of the year, if any.

    `before` is the answer of the year that it is compared with.
    """

    code: str
    title: str
    part: str
    key: bool
    answer: str
    before: str
    owner: str

    @property
    def moved(self) -> int:
        """Above 0 when the answer is nearer to yes than in the year before, below when further from it."""
        if self.answer not in RANKS or self.before not in RANKS:
            return 0
        return RANKS[self.answer] - RANKS[self.before]


@dataclass(frozen=True)
class Assessment:
    """One answer: the items by plan part, how many of each part have which answer, countries beside one another.

    `part` is what must be known by whoever does not read every answer; then `items` are those that she reads.
    """

    country: str
    year: int
    years: tuple[int, ...]
    compared: int | None
    items: tuple[Item, ...]
    profile: Table
    countries: Table
    answer: str
    finding: str
    part: str

    @property
    def next(self) -> list[Item]:
        """What is to be done, the soonest first: answers short of yes that name a next step."""
        open_ = [i for i in self.items if i.answer in ("partly", "no", "not_known") and i.said("next_step")]
        return sorted(open_, key=lambda i: (i.said("due_on") or "9", i.code))

    @property
    def by_part(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.part, []).append(item)
        return found


KEY_PART = "key_questions"


def countries(viewer: Viewer, house: House, version: int | None = None) -> list[tuple[str, str]]:
    """Countries with at least one answer, as (code, name). Raises policy.Refused."""
    found = sorted(set(_answers(viewer, house, version)["country"]))
    return [(c, house.library.title("countries", c)) for c in found]


def years(viewer: Viewer, house: House, country: str, version: int | None = None) -> tuple[int, ...]:
    """The years for which a country has answered, newest first. Raises policy.Refused."""
    frame = _answers(viewer, house, version)
    return tuple(sorted({int(y) for y in frame.loc[frame["country"] == country, "year"]}, reverse=True))


def assessment(
    viewer: Viewer, house: House, *, country: str, year: int | None = None, version: int | None = None
) -> Assessment:
    """The answers of a country in a year (the newest without one), beside those of the year before it.

    Raises policy.Refused.
    """
    known, _scope, _told = marts.readable(viewer, house, version)
    frame, hers = _answers(viewer, house, version), own_only(viewer)
    held = years(viewer, house, country, version)
    year = year or (held[0] if held else viewer.today.year)
    earlier = [y for y in held if y < year]
    compared = earlier[0] if earlier else None
    of = frame[frame["country"] == country]
    now = {str(r["item"]): r for r in of[of["year"] == year].to_dict("records")}
    earlier_rows = of[of["year"] == compared] if compared else of.iloc[:0]
    before = {str(i): str(a) for i, a in zip(earlier_rows["item"], earlier_rows["answer"], strict=True)}
    names = organisations.register(house)
    items = []
    for code, of_plan, key in _asked(house):
        if hers and code.code not in now:
            continue  # it may be answered, and she is not told
        row = {str(k): v for k, v in now.get(code.code, {}).items()}
        owner = str(row["owner"]) if isinstance(row.get("owner"), str) else ""
        items.append(
            Item(
                code=code.code,
                title=_(code.title),
                part=of_plan,
                key=key,
                answer=str(row["answer"]) if row else "",
                before=before.get(code.code, ""),
                row=row,
                owner=names[owner].name if owner in names else owner,
            )
        )
    caveats = tuple(filter(None, (_(CAVEAT), hers)))
    return Assessment(
        country=country,
        year=year,
        years=held,
        compared=compared,
        items=tuple(items),
        profile=_profile(house, known, items, caveats),
        countries=_beside(house, known, frame, caveats),
        answer=hers or _answer(house, country, year, items, compared),
        finding=_("Answers by part of the plan") if hers else _finding(house, items),
        part=hers,
    )


def _answers(viewer: Viewer, house: House, version: int | None) -> pd.DataFrame:
    """The newest answer to each question of each country and year, of those that this viewer reads; a file adds to
    those before it."""
    return register_rows.rows(viewer, house, DATASET, version).raw


def _asked(house: House) -> list[tuple[Code, str, bool]]:
    """Every question in its order: the key questions first, then the considerations by part of the plan."""
    parts = [c.code for c in house.library.codes["plan_parts"].codes]
    questions = [(c, KEY_PART, True) for c in house.library.codes["key_questions"].codes]
    others = [(c, str(c.attributes.get("plan_part", "")), False) for c in house.library.codes["considerations"].codes]
    others.sort(key=lambda one: parts.index(one[1]) if one[1] in parts else len(parts))
    return questions + others


def part_title(house: House, part: str) -> str:
    """A part of the plan in words, or what the key questions are called."""
    return _("Key questions") if part == KEY_PART else house.library.title("plan_parts", part)


_COUNTED = {"open": "yes", "restricted": "partly", "none": "no", "not_known": "not_known"}
"""The name of a part of a bar (its fill), and which answer it counts."""


def _profile(house: House, known: Any, items: Sequence[Item], caveats: tuple[str, ...]) -> Table:
    columns = (
        Column("group", _("What")),
        Column("part", _("Part of the plan")),
        *(Column(name, _(ANSWERS[answer]), unit=_("questions"), numeric=True) for name, answer in _COUNTED.items()),
        Column(SILENT, _("Not answered"), unit=_("questions"), numeric=True),
    )
    rows = []
    for part in dict.fromkeys(item.part for item in items):
        found = [item.answer for item in items if item.part == part and item.answer != "not_applicable"]
        rows.append(
            {"group": _("Answers by part of the plan"), "part": part_title(house, part)}
            | {name: found.count(answer) for name, answer in _COUNTED.items()}
            | {SILENT: found.count("")}
        )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns], dtype=object)
    return Table(
        title=_("Answers by part of the plan"),
        columns=columns,
        frame=frame,
        statuses=frame.map(lambda value: Status.ZERO if value == 0 else Status.VALUE),
        as_of=known,
        caveats=caveats,
        source=_(SOURCE),
    )


def _beside(house: House, known: Any, frame: pd.DataFrame, caveats: tuple[str, ...]) -> Table:
    """Each country's newest year beside the others: how many answers of each kind, in no order of merit."""
    columns = (
        Column("country", _("Country")),
        Column("year", _("Year")),
        *(Column(answer, _(words), unit=_("questions"), numeric=True) for answer, words in ANSWERS.items()),
        Column(SILENT, _("Not answered"), unit=_("questions"), numeric=True),
    )
    total = len(_asked(house))
    rows = []
    named = {str(code): house.library.title("countries", str(code)) for code in set(frame["country"])}
    for country in sorted(named, key=lambda code: named[code]):
        of = frame[frame["country"] == country]
        year = int(of["year"].max())
        found = [str(answer) for answer in of.loc[of["year"] == year, "answer"]]
        rows.append(
            {"country": named[country], "year": str(year)}
            | {answer: found.count(answer) for answer in ANSWERS}
            | {SILENT: total - len(found)}
        )
    made = pd.DataFrame(rows, columns=[c.name for c in columns], dtype=object)
    return Table(
        title=_("Countries side by side"),
        columns=columns,
        frame=made,
        statuses=made.map(lambda value: Status.ZERO if value == 0 else Status.VALUE),
        as_of=known,
        caveats=(*caveats, _("Countries stand in the order of their names: the answers are no ranking.")),
        source=_(SOURCE),
    )


def _answer(house: House, country: str, year: int, items: Sequence[Item], compared: int | None) -> str:
    said = [item.answer for item in items if item.answer]
    name = house.library.title("countries", country) if country else ""
    if not said:
        return (
            _("{country} has not answered for {year} yet.", country=name, year=year) if name else _("No answers yet.")
        )
    first = n_(
        "{country} {year}: {count} of {total} question is answered, {yes} with yes and {partly} with partly.",
        "{country} {year}: {count} of {total} questions are answered, {yes} with yes and {partly} with partly.",
        len(said),
        country=name,
        year=year,
        total=len(items),
        yes=text.number(said.count("yes")),
        partly=text.number(said.count("partly")),
    )
    if compared is None:
        return first
    return _(
        "{first} Since {year}, {better} moved nearer to yes and {worse} away from it.",
        first=first,
        year=compared,
        better=text.number(sum(item.moved > 0 for item in items)),
        worse=text.number(sum(item.moved < 0 for item in items)),
    )


def _finding(house: House, items: Sequence[Item]) -> str:
    """The part of the plan in which most answers are short of yes."""
    short: dict[str, int] = {}
    for item in items:
        if item.answer in ("partly", "no", "not_known"):
            short[item.part] = short.get(item.part, 0) + 1
    if not short:
        return _("Which part of the plan has which answers")
    most = max(short, key=lambda part: short[part])
    total = sum(item.part == most for item in items)
    return _(
        "Most is to be done under “{part}”: {count} of {total} questions are short of yes",
        part=part_title(house, most),
        count=short[most],
        total=total,
    )
