"""What is to be mended, as a page lists it: one line a cause with all its rows. Never leaves a problem out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.intake.problems import PROBLEMS, Problem
from dashboard.reference.contracts import Contract
from dashboard.reference.text import _, number

FEW = 5
"""Up to so many problems of one cause stand each in a line of its own."""
SPANS = 12
"""So many spans of rows are named in a line; the list that it opens names all."""


@dataclass(frozen=True)
class Line:
    """One problem, or all of one cause: `first` is the one that is quoted, `count` how many rows it is in.

    `rows` names the rows, `every` each of the problems in words of its own, where they differ in more than the row.
    """

    first: Problem
    count: int
    rows: str
    every: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """What the kind of problem is called."""
        return PROBLEMS[self.first.code].title


@dataclass(frozen=True)
class Mending:
    """What has to be read first, and what else there is: of a file that was refused for what it holds, why it was."""

    first: tuple[Line, ...]
    other: tuple[Line, ...] = ()

    @property
    def others(self) -> int:
        """How many problems the other lines tell of."""
        return sum(line.count for line in self.other)


def mending(problems: Iterable[Problem]) -> Mending:
    """The lines of these problems, in the order of the rows; what the screen found before all else."""
    found = list(problems)
    screened = [p for p in found if PROBLEMS[p.code].phase == "screen"]
    if not screened:
        return Mending(lines(found))
    return Mending(lines(screened), lines(p for p in found if PROBLEMS[p.code].phase != "screen"))


def meant(
    contracts: Mapping[str, Contract], dataset: str, problems: Iterable[Problem], mine: Iterable[str]
) -> Contract | None:
    """The dataset whose columns a file has that was sent as another one; None where no other of `mine` fits better.

    A file fits when all columns that this dataset needs are there and more of its columns are known than in the other.
    """
    if dataset not in contracts:
        return None
    found = list(problems)
    missing = {p.column for p in found if p.code == "column-missing"}
    strange = {p.column for p in found if p.code == "column-unknown"}
    header = ({field.name for field in contracts[dataset].fields} - missing) | strange
    best, most = None, len(header - strange)
    for name in mine:
        contract = contracts[name]
        needed = {field.name for field in contract.fields if field.required}
        fits = len(header & {field.name for field in contract.fields})
        if name != dataset and needed <= header and fits > most:
            best, most = contract, fits
    return best


def lines(problems: Iterable[Problem]) -> tuple[Line, ...]:
    """A line for each problem; for more than FEW of one cause, the same kind in the same column, one for all."""
    causes: dict[tuple[str, str | None], list[Problem]] = {}
    for problem in problems:
        causes.setdefault((problem.code, problem.column), []).append(problem)
    made = [line for of in causes.values() for line in _of_cause(of)]
    return tuple(sorted(made, key=lambda line: (line.first.row or 0, line.first.column or "")))


def _of_cause(of: Sequence[Problem]) -> Iterable[Line]:
    total = sum(problem.count for problem in of)
    if total <= FEW:
        return [Line(p, p.count, "" if p.row is None else str(p.row)) for p in of]
    named = sorted({row for p in of for row in (p.rows if p.count > 1 else (p.row,)) if row is not None})
    alike = len(of) == 1 or all(p.value is None and not p.rows for p in of)
    return [Line(of[0], total, _spans(named, total), () if alike else tuple(of))]


def _spans(rows: Sequence[int], total: int) -> str:
    """Row numbers in words, those that follow each other as a span: "4 to 15, 20"; and that there are more."""
    spans: list[tuple[int, int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], row)
        else:
            spans.append((row, row))
    shown = spans[:SPANS]
    said = ", ".join(str(a) if a == b else _("{first} to {last}", first=a, last=b) for a, b in shown)
    left = total - sum(b - a + 1 for a, b in shown)
    return said if left <= 0 else _("{rows} and {more} more", rows=said, more=number(left))
