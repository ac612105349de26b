"""Check what the cells mean, every rule of the contract and its code lists at once. Never changes or keeps a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.intake import conditions, relations
from dashboard.intake.cells import Codes, Fault, judge
from dashboard.intake.different import Connection, Counted, Repeated, repeated
from dashboard.intake.problems import Problem, problem
from dashboard.intake.screen import LISTED, MOST, first_rows
from dashboard.reference.contracts import Contract, Field

GROUPS = 200
"""How many groups of one cause are named when single rows would be too many."""


_UNKNOWN = {"organisations": "unknown-organisation", "own_actions": "not-your-action"}


@dataclass(frozen=True)
class Context:
    """What a file is checked against besides its contract. `organisations` None: their codes are not checked."""

    codes: Mapping[str, Codes]
    organisation_code: str = ""
    organisations: Sequence[str] | None = None
    country: str | None = None
    period: str = ""


@dataclass
class Checked:
    """The problems found and the tolerances taken. View `cells` then holds the cells as they are kept, of which those
    of the columns `changed` differ from what was read."""

    problems: list[Problem] = field(default_factory=list)
    tolerated: list[Problem] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    changed: frozenset[str] = frozenset()


def check(
    connection: Connection,
    contract: Contract,
    context: Context,
    present: Sequence[str],
    counted: Counted,
    hidden: set[tuple[str, str]],
    again: Repeated | None = None,
) -> Checked:
    """Check view `cells_read` (see dashboard.record.scratch), of which the columns `present` stand in the file.

    Its cells have been `counted` by dashboard.intake.different. Cells in `hidden` were screened out: nothing more is
    said of them. `again`: the keys that come more than once, where the screen has looked. Leaves the view `cells`:
    row, f0, f1 ...
    """
    checked = Checked()
    names = {column.name: f"f{number}" for number, column in enumerate(contract.fields)}
    changed: dict[str, dict[str, str]] = {}
    for column in contract.fields:
        if column.name in present:
            changed[names[column.name]] = _column(
                connection, column, names[column.name], context, checked, hidden, counted
            )
    _keep(connection, list(names.values()), changed)
    countries = context.codes["countries"].valid if "countries" in context.codes else None
    checked.problems += conditions.check(connection, contract, names, present, countries, counted.full)
    if all(name in present for name in contract.key):
        as_read = not any(changed.get(names[name]) for name in contract.key)
        _duplicates(connection, contract, names, checked, again if as_read else None)
    checked.problems += relations.check(connection, contract, names, present)
    checked.changed = frozenset(name for name, kept in changed.items() if kept)
    if checked.totals:
        # What else is wrong with a row of totals goes when the row goes.
        checked.problems = [
            p for p in checked.problems if p.row not in checked.totals or p.code == "total-row" or p.count > 1
        ]
    checked.problems.sort(key=lambda p: (p.row or 0, p.column or ""))
    return checked


def _list_for(connection: Connection, column: Field, name: str, context: Context) -> Codes | None:
    if column.codes != "organisations":
        return context.codes.get(column.codes)
    if column.own or column.defines or context.organisations is None:
        return None
    return Codes("organisations", [{"code": code, "title": ""} for code in context.organisations])


def _plain(column: Field, codes: Codes | None) -> tuple[str, dict[str, object]]:
    """SQL that is true for cells which are right beyond doubt, so that Python sees only the others.

    Only identifiers made here and parameters stand in it; numbers are cast where a pattern has let them through.
    """
    if codes is not None:
        return "cell IN (SELECT unnest($codes))", {"codes": codes.valid}
    if column.type in ("integer", "number"):
        shape = "-?(0|[1-9][0-9]{0,14})" + ("" if column.type == "integer" else r"(\.[0-9]{1,9})?")
        value = "TRY_CAST(cell AS DOUBLE)"
        low = "" if column.minimum is None else f" AND {value} >= $low"
        high = "" if column.maximum is None else f" AND {value} <= $high"
        bound = {"low": column.minimum, "high": column.maximum}
        return (
            f"(regexp_full_match(cell, $shape){low}{high})",
            {"shape": shape, **{k: v for k, v in bound.items() if v is not None}},
        )
    if column.type == "date":
        return (
            "(regexp_full_match(cell, '[0-9]{4}-[0-9]{2}-[0-9]{2}')"
            " AND TRY_CAST(cell AS DATE) BETWEEN DATE '1900-01-01' AND DATE '2100-12-31')",
            {},
        )
    if column.type == "period":
        return "false", {}
    # Letters first, then letters and the signs of plain prose: neither formula, error, total nor sign for nothing.
    plain = "length(cell) > 4 AND regexp_matches(cell, '^([\\pL0-9]|[+(-] ?[0-9])') AND NOT regexp_matches(cell, $odd)"
    bound_text: dict[str, object] = {
        "odd": r"(?i)^((grand|sub|over)?[ -]?(all )?totals?( sum)?:?|sum:?|err:\d+|null|jumlah|tổng|รวม|សរុប|kabuuan)$"
    }
    if column.max_length is not None:
        plain += " AND length(cell) <= $most"
        bound_text["most"] = column.max_length
    if column.pattern:
        plain += " AND regexp_matches(cell, $pattern)"
        bound_text["pattern"] = column.pattern
    return f"({plain})", bound_text


def _column(
    connection: Connection,
    column: Field,
    name: str,
    context: Context,
    checked: Checked,
    hidden: set[tuple[str, str]],
    counted: Counted,
) -> dict[str, str]:
    """Judge the different cells of one column; returns how those that were tolerated are kept."""
    codes = _list_for(connection, column, name, context)
    compared = _compared(column, context)
    values = [(cell.text, cell.count) for cell in counted.few.get(name, ())]
    if name not in counted.few:
        plain, bound = _plain(column, codes)
        if compared is not None:
            plain, bound = f"({plain} AND cell = $own)", {**bound, "own": compared[1]}
        values = connection.execute(
            f"SELECT cell, n FROM different_{name} WHERE NOT coalesce({plain}, false) ORDER BY first LIMIT {MOST + 1}",
            bound,
        ).fetchall()
    if len(values) > MOST:
        checked.problems.append(problem("too-many-values", column=column.name, limit=MOST))
    kept: dict[str, str] = {}
    tolerated: dict[str, list[str]] = {}
    faults: dict[str, list[tuple[str, int, Fault]]] = {}
    for value, count in values[:MOST]:
        if (column.name, value) in hidden:
            continue
        found = judge(value, column, codes, context.period)
        if not isinstance(found, Fault) and compared is not None and found.value != compared[1]:
            if column.own and found.value.casefold() == compared[1].casefold():
                kept[value] = compared[1]
                tolerated.setdefault("code-spelt", []).append(value)
                continue
            found = Fault(compared[0], {"own": compared[1]})
        if isinstance(found, Fault):
            code = _UNKNOWN.get(column.codes, found.code) if found.code == "unknown-code" else found.code
            faults.setdefault(code, []).append((value, count, found))
        elif found.value != value:
            kept[value] = found.value
            if found.why:
                tolerated.setdefault(found.why, []).append(value)
    for code, group in faults.items():
        _report(connection, column, name, code, group, checked)
    for why, cells in tolerated.items():
        count, rows = first_rows(connection, name, cells)
        note = {"column": column.name, "value": cells[0], "meant": kept[cells[0]]}
        checked.tolerated.append(problem(why, row=rows[0], count=count, rows=rows if count > 1 else (), **note))
    return kept


def _compared(column: Field, context: Context) -> tuple[str, str] | None:
    """What all cells of this column must be: the sending organisation, or its country."""
    if column.own and context.organisation_code:
        return "other-organisation", context.organisation_code
    if column.name == "country" and context.country:
        return "outside-country", context.country
    return None


def _report(
    connection: Connection,
    column: Field,
    name: str,
    code: str,
    group: list[tuple[str, int, Fault]],
    checked: Checked,
) -> None:
    """One problem a row; beyond LISTED rows of one cause, one problem for each different cell, with its first rows."""
    faults = {value: fault for value, _count, fault in group}
    total = sum(count for _value, count, _fault in group)
    if code == "total-row" or total <= LISTED:
        rows = connection.execute(
            f"SELECT row, {name} FROM cells_read WHERE {name} IN (SELECT unnest($values)) ORDER BY row LIMIT {LISTED}",
            {"values": list(faults)},
        ).fetchall()
        checked.totals.update(row for row, _value in rows if code == "total-row")
        checked.problems += [_named(code, row, column, value, faults[value]) for row, value in rows]
        return
    named = [value for value, _count, _fault in group[:GROUPS]]
    for value, count, rows in connection.execute(
        f"SELECT {name}, count(*), min(row, {LISTED}) FROM cells_read WHERE {name} IN (SELECT unnest($values))"
        " GROUP BY 1 ORDER BY min(row)",
        {"values": named},
    ).fetchall():
        checked.problems.append(_named(code, rows[0], column, value, faults[value], count, tuple(rows)))
    if rest := group[GROUPS:]:
        count, listed = first_rows(connection, name, [value for value, _count, _fault in rest])
        checked.problems.append(_named(code, listed[0], column, rest[0][0], rest[0][2], count, listed))


def _named(
    code: str,
    row: int,
    column: Field,
    value: str,
    fault: Fault,
    count: int = 1,
    rows: tuple[int, ...] = (),
) -> Problem:
    """The problem of one cell, or of all alike; of several codes in a cell it quotes the one that is wrong."""
    said: dict[str, Any] = {key: word for key, word in fault.words.items() if key != "part"}
    return problem(
        code, row=row, column=column.name, value=str(fault.words.get("part", value)), count=count, rows=rows, **said
    )


def _keep(connection: Connection, names: list[str], changed: Mapping[str, Mapping[str, str]]) -> None:
    """View `cells`: as read, with the cells that were tolerated as they are kept."""
    columns, joins = [], ""
    for name in names:
        if not (kept := changed.get(name)):
            columns.append(f"r.{name}")
            continue
        connection.execute(
            f"CREATE OR REPLACE TABLE kept_{name} AS SELECT unnest($was) AS was, unnest($now) AS now_is",
            {"was": list(kept), "now": list(kept.values())},
        )
        columns.append(f"coalesce(k_{name}.now_is, r.{name}) AS {name}")
        joins += f" LEFT JOIN kept_{name} AS k_{name} ON k_{name}.was = r.{name}"
    listed = ", ".join(columns)
    connection.execute(f"CREATE OR REPLACE VIEW cells AS SELECT r.row, {listed} FROM cells_read AS r{joins}")


def _duplicates(
    connection: Connection, contract: Contract, names: Mapping[str, str], checked: Checked, again: Repeated | None
) -> None:
    """Rows with the same key: each later row is named together with the first. Hashes first, so that a million rows
    need little memory; then the few that share one are compared as they are."""
    key = [names[name] for name in contract.key]
    listed = ", ".join(key)
    hashes = (again or repeated(connection, "cells", key, MOST)).hashes
    if not hashes:
        return
    # An empty cell that may be empty is a part of the key like any other: "not recorded" stands once.
    filled = [f"{names[c.name]} IS NOT NULL" for c in contract.fields if c.name in contract.key and c.required]
    fitting = f" WHERE {' AND '.join(['hash(' + listed + ') IN (SELECT unnest($hashes))', *filled])}"
    found = connection.execute(
        f"SELECT row, min(row) OVER same, {listed} FROM cells{fitting}"
        f" WINDOW same AS (PARTITION BY {listed}) QUALIFY row > min(row) OVER same ORDER BY row",
        {"hashes": hashes},
    ).fetchmany(2 * LISTED)
    said = ", ".join(contract.key)
    for row, first, *values in found[:LISTED]:
        checked.problems.append(
            problem("duplicate-key", row=row, value=_key_words(values), first=first, key=said, rows=(first, row))
        )
    if rest := found[LISTED:]:
        more = (
            connection.execute(
                f"SELECT count(*) - count(DISTINCT ({listed})) FROM cells{fitting}",
                {"hashes": hashes},
            ).fetchall()[0][0]
            - LISTED
        )
        row, first, *values = rest[0]
        checked.problems.append(
            problem(
                "duplicate-key",
                row=row,
                value=_key_words(values),
                first=first,
                key=said,
                count=more,
                rows=tuple(r[0] for r in rest),
            )
        )


def _key_words(values: Sequence[str | None]) -> str:
    return "; ".join(value for value in values if value)
