"""Keep persons out: no column, cell or shape that tells of one gets in. Never repeats what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dashboard.intake import beside, personal, tongues
from dashboard.intake.different import Connection, Counted, Repeated, repeated
from dashboard.intake.header import Header
from dashboard.intake.problems import PROBLEMS, Problem, problem
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.text import _

MOST = 50_000
"""How many different suspicious cells of one column are looked at; with more the file is refused unseen."""
MUCH = 5_000_000
"""How many characters of them in a file, so that the longest cells take seconds and not minutes."""
BEGINNING = 20_000
"""How many characters of a cell that is too long for its column, and refused for that anyway."""
LISTED = 1000
"""How many rows of one cause are named one by one."""
LONG = 1000
"""Characters of a cell that is not looked at before a pattern, which takes long cells faster, has picked it."""

_PLAIN = {
    # With zeros before it a long number is a telephone's, which a spreadsheet took for text.
    "integer": r"-?(0|[1-9][0-9]{0,14})(\.0+)?",
    "number": r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?",
    "period": r"[0-9]{4}-[qQ][1-4]",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
}


@dataclass
class Screened:
    """What the screen found, and the cells (column, value) that nobody may repeat.

    `repeated`: which keys come again, as the cells were read; None where nobody asked. `looked`: characters so far.
    """

    problems: list[Problem] = field(default_factory=list)
    hidden: set[tuple[str, str]] = field(default_factory=set)
    repeated: Repeated | None = None
    looked: int = 0


def header(found: Header, connection: Connection | None = None, known: frozenset[str] = frozenset()) -> list[Problem]:
    """Every problem of the header: columns missing, unknown, about a person, twice, or without a name.

    With a `connection` an unnamed column counts only when one of its cells is filled, and cells that are `known` codes
    tell of no person.
    """
    row = found.row
    filled = found.unnamed if connection is None else beside.filled(found, connection)
    problems: list[Problem] = [] if connection is None else beside.columns(filled, connection, known)
    telling = {cell for cell in found.unknown if personal.in_a_cell(cell) not in (None, "cell-case")}
    for cell in found.unknown:
        if cell in telling:
            problems.append(problem("person-beside", row=row))
        elif personal.about_a_person(cell):
            problems.append(problem("column-personal", row=row, column=cell[:60]))
        elif cell.casefold() == "problems":
            problems.append(problem("column-of-problems", row=row, column=cell))
        else:
            problems.append(problem("column-unknown", row=row, column=cell[:60], nearest=found.nearest_column(cell)))
    for column in found.missing:
        nearest = found.nearest_cell(column)
        problems.append(
            problem("column-missing", row=row, column=column, nearest=None if nearest in telling else nearest)
        )
    problems += [
        problem("column-duplicate", row=row, column=column, times=times) for column, times in found.duplicates.items()
    ]
    problems += [problem("column-unnamed", row=row, position=place + 1) for place in found.unnamed if place in filled]
    return problems


def cells(
    connection: Connection,
    contract: Contract,
    codes: dict[str, list[str]],
    counted: Counted,
    titles: Callable[[], Iterable[str]] = tuple,
) -> Screened:
    """Look into every cell that is not plainly a code, number, quarter or date of its column.

    `counted` they have been by dashboard.intake.different. `codes` holds the codes of each list by its name;
    `titles` gives what they are called, so that a title is not taken for somebody's name.
    """
    screened = Screened()
    for number, column in enumerate(contract.fields):
        _column(connection, f"f{number}", column, codes.get(column.codes), screened, counted)
        if column.codes:
            _names(connection, f"f{number}", column, codes.get(column.codes, []), screened, counted, titles)
    if contract.screen == "counts":
        screened.problems += _near_unique(connection, contract, counted)
    screened.problems += _one_row_per_person(connection, contract, screened)
    return screened


def _names(
    connection: Connection,
    name: str,
    column: Field,
    codes: list[str],
    screened: Screened,
    counted: Counted,
    titles: Callable[[], Iterable[str]],
) -> None:
    """Where a code should stand, what is written like a name and is no word of any title or office is one.

    Words that differ in row after row are of persons, too, unless they are the titles of codes.
    """
    source, bound = f"different_{name}", dict[str, object]()
    if name in counted.few:
        known_codes = set(codes)
        suspects = [c for c in counted.few[name] if not _coded(c.text, column, known_codes)]
        if not suspects:
            return
        source = "(SELECT unnest($cells) AS cell, unnest($counts) AS n, unnest($firsts) AS first)"
        bound = {
            "cells": [c.text for c in suspects],
            "counts": [c.count for c in suspects],
            "firsts": [c.first for c in suspects],
        }
    written = connection.execute(
        f"SELECT cell, n, regexp_full_match(cell, $name) FROM {source} WHERE regexp_matches(cell, $words)"
        f" AND cell NOT IN (SELECT unnest($codes)) ORDER BY first LIMIT {LISTED}",
        {"name": tongues.WRITTEN_LIKE_A_NAME, "words": tongues.SEVERAL_WORDS, "codes": codes, **bound},
    ).fetchall()
    if not written:
        return
    known = tongues.words_in(titles())
    found = [
        c for c, _n, like in written if like and (column.name, c) not in screened.hidden and tongues.a_name(c, known)
    ]
    if found:
        screened.hidden |= {(column.name, cell) for cell in found}
        _count, rows = first_rows(connection, name, found)
        screened.problems += [problem("cell-name", row=row, column=column.name) for row in rows]
    strange = [(cell, n) for cell, n, _like in written if not tongues.a_title(cell[:LONG], known)]
    if len(strange) >= 5 and sum(n for _cell, n in strange) >= 10:
        screened.hidden |= {(column.name, cell) for cell, _n in strange}
        screened.problems.append(problem("text-near-unique", column=column.name))


def _coded(cell: str, column: Field, codes: set[str]) -> bool:
    """Whether a cell is a code, or several where they may be, or has nothing in it of what SEVERAL_WORDS looks for."""
    if cell in codes or column.many and codes.issuperset(part.strip() for part in cell.split("|")):
        return True
    return not any(sign.isspace() or sign == "." for sign in cell) and "19" not in cell and "20" not in cell


def _column(
    connection: Connection,
    name: str,
    column: Field,
    codes: list[str] | None,
    screened: Screened,
    counted: Counted,
) -> None:
    allows = column.allows | ({"full_date"} if column.type == "date" else set())
    values = _suspects(connection, name, column, codes, allows, counted)
    found: dict[str, list[str]] = {}
    most = None if column.type == "string" and column.max_length is None else BEGINNING
    seen = 0
    for value in values[:MOST]:
        if screened.looked > MUCH:
            break
        beginning, seen = value[:most], seen + 1
        screened.looked += len(beginning)
        if code := personal.in_a_cell(beginning, allows):
            screened.hidden.add((column.name, value))
            found.setdefault(code, []).append(value)
    for code, cells_found in found.items():
        count, rows = first_rows(connection, name, cells_found)
        if count <= LISTED:
            screened.problems += [problem(code, row=row, column=column.name) for row in rows]
        else:
            screened.problems.append(problem(code, row=rows[0], column=column.name, count=count, rows=rows))
    if len(values) > seen == MOST:
        screened.problems.append(problem("too-many-values", column=column.name, limit=MOST))
    elif len(values) > seen and (heavy := problem("file-too-heavy")) not in screened.problems:
        screened.problems.append(heavy)


def _suspects(
    connection: Connection,
    name: str,
    column: Field,
    codes: list[str] | None,
    allows: frozenset[str],
    counted: Counted,
) -> list[str]:
    """The cells to look at, in the order of the rows, and one more than MOST where they are too many.

    Where cells are few all are, plain ones aside: DuckDB takes longer to make the pattern ready than we to look.
    """
    shape = _PLAIN.get(column.type) if codes is None or column.many else None
    if name in counted.few:
        known, plain = set(codes or () if shape is None and not column.many else ()), shape and re.compile(shape)
        found = [c.text for c in counted.few[name] if c.text not in known and not (plain and plain.fullmatch(c.text))]
        if all(len(text) <= LONG for text in found):
            return found
        return [text for text in found if len(text) <= LONG or _sieved(connection, text, allows)]
    condition, bound = "false", dict[str, object]()
    if codes is not None and not column.many:
        condition, bound = "cell IN (SELECT unnest($codes))", {"codes": codes}
    elif shape is not None:
        condition, bound = "regexp_full_match(cell, $plain)", {"plain": shape}
    rows = connection.execute(
        f"SELECT cell FROM different_{name} WHERE NOT {condition} AND regexp_matches(cell, $suspect)"
        f" ORDER BY first LIMIT {MOST + 1}",
        {**bound, "suspect": personal.suspect(allows)},
    ).fetchall()
    return [text for (text,) in rows]


def _sieved(connection: Connection, text: str, allows: frozenset[str]) -> bool:
    bound = {"text": text, "suspect": personal.suspect(allows)}
    return bool(connection.execute("SELECT regexp_matches($text, $suspect)", bound).fetchall()[0][0])


def first_rows(connection: Connection, name: str, values: list[str]) -> tuple[int, tuple[int, ...]]:
    """How many rows hold one of these cells, and the first LISTED of them."""
    rows = connection.execute(
        f"SELECT row, count(*) OVER () FROM cells_read WHERE {name} IN (SELECT unnest($values)) ORDER BY row"
        f" LIMIT {LISTED}",
        {"values": values},
    ).fetchall()
    return rows[0][1], tuple(row for row, _count in rows)


def _near_unique(connection: Connection, contract: Contract, counted: Counted) -> list[Problem]:
    found = []
    for number, column in enumerate(contract.fields):
        if column.type != "string" or column.name in contract.key or column.own or "near_unique" in column.allows:
            continue
        if (few := counted.few.get(f"f{number}")) is not None:
            filled, different = sum(cell.count for cell in few), len(few)
        else:
            filled, different = connection.execute(
                f"SELECT coalesce(sum(n), 0), count(*) FROM different_f{number}"
            ).fetchall()[0]
        if filled >= 20 and different > 0.9 * filled:
            found.append(problem("text-near-unique", column=column.name))
    return found


def _one_row_per_person(connection: Connection, contract: Contract, screened: Screened) -> list[Problem]:
    """Keys that come again and again, in ten rows or more. (research: reliability, section 2)

    Counts that are all 1 are those of a small place as long as each row is about something else; where rows share a
    key, or each has words of its own, they are persons. In a register the rows must differ: a file that was pasted
    twice is none.
    """
    places = {column.name: f"f{number}" for number, column in enumerate(contract.fields)}
    counts = [
        places[c.name]
        for c in contract.fields
        if c.type == "integer" and (c.required or contract.kind == "administrative")
    ]
    ones = " AND ".join(f"coalesce({name}, '1') IN ('1', '1.0')" for name in counts) or "false"
    some = " OR ".join(f"{name} IS NOT NULL" for name in counts) or "false"
    total, single, filled = connection.execute(
        f"SELECT count(*), count(*) FILTER ({ones}), count(*) FILTER ({some}) FROM cells_read"
    ).fetchall()[0]
    if total < 10:
        return []
    key = [places[name] for name in contract.key]
    screened.repeated = repeated(connection, "cells_read", key, MOST)
    again, most = screened.repeated.rows, filled and single >= 0.9 * total
    if most and (again >= 0.1 * total or _own_words(connection, contract, places, total)):
        return [problem("one-row-per-person", reason=_("nearly every count is 1 or empty"))]
    if again >= 0.5 * total:
        different, keys = connection.execute(
            f"SELECT count(DISTINCT hash({', '.join(places.values())})), count(DISTINCT hash({', '.join(key)}))"
            " FROM cells_read"
        ).fetchall()[0]
        if contract.screen == "counts" or different > keys + 0.25 * total:
            return [problem("one-row-per-person", reason=_("the same place, service and quarter stand in many rows"))]
    return []


def _own_words(connection: Connection, contract: Contract, places: dict[str, str], total: int) -> bool:
    """Whether some column of words says something else in half of all rows."""
    names = [places[c.name] for c in contract.fields if c.type == "string" and c.name not in contract.key and not c.own]
    counted = [f"count(DISTINCT {name})" for name in names]
    return (
        bool(names)
        and max(connection.execute(f"SELECT {', '.join(counted)} FROM cells_read").fetchall()[0]) >= total / 2
    )


def persons(problems: list[Problem]) -> bool:
    """Whether one of these problems came from the screen: then nothing of the file is kept, shown or marked."""
    return any(PROBLEMS[found.code].phase == "screen" for found in problems)
