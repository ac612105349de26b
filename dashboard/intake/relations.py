"""Check whether what belongs together fits: the cells of a row, and the rows of a file. Never asks the record.

The contract says what is compared; a cell that is empty, or no number, is compared with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.intake.different import Connection
from dashboard.intake.problems import Problem, problem
from dashboard.intake.screen import LISTED
from dashboard.reference.contracts import Contract, Relation
from dashboard.reference.text import _, words

Names = Mapping[str, str]
"""Which column of view `cells` holds a field."""


@dataclass(frozen=True)
class _Question:
    """One thing that may not fit: the problem, its field, and SQL for the rows in which it is so.

    `told` is SQL for what fills the problem's sentences, by the name it has there; `known` what fills them anyway.
    """

    code: str
    column: str
    value: str
    where: str
    told: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    source: str = "cells"


def check(connection: Connection, contract: Contract, names: Names, present: Sequence[str]) -> list[Problem]:
    """All that does not fit in view `cells`, of whose fields those `present` stand in the file."""
    found: list[Problem] = []
    for relation in contract.relations:
        if relation.names <= set(present):
            meets, bound = "true", dict[str, object]()
            if relation.when:
                meets, bound = f"list_contains($when, {names[relation.when]})", {"when": sorted(relation.values)}
            for question in _KINDS[relation.kind](contract, relation, names, meets):
                found += _answered(connection, question, relation, bound)
    return found


def _answered(
    connection: Connection, asked: _Question, relation: Relation, bound: Mapping[str, object]
) -> Iterable[Problem]:
    """A problem a row; beyond LISTED rows one for all, which quotes the first."""
    columns = ", ".join([asked.value, "count(*) OVER ()", *asked.told.values()])
    rows = connection.execute(
        f"SELECT row, {columns} FROM {asked.source} WHERE {asked.where} ORDER BY row LIMIT {LISTED}", dict(bound)
    ).fetchall()
    grouped: dict[str, Any] = {}
    if rows and rows[0][2] > LISTED:
        grouped = {"count": rows[0][2], "rows": tuple(row for row, *_rest in rows)}
    for row, value, _count, *told in rows[:1] if grouped else rows:
        said = {name: _plain(one) for name, one in zip(asked.told, told, strict=True)}
        filled: dict[str, Any] = {"words": _(relation.words), **said, **asked.known, **grouped}
        yield problem(asked.code, row=row, column=asked.column, value=value, **filled)


def _plain(value: Any) -> str:
    """A number as somebody would write it into the file; a text as it is."""
    if not isinstance(value, float):
        return str(value)
    return str(int(value)) if value.is_integer() else f"{value:.2f}".rstrip("0").rstrip(".")


def _number(name: str) -> str:
    return f"TRY_CAST({name} AS DOUBLE)"


def _step(name: str) -> str:
    """The last decimal that a cell is written with: 0.1 for 62.5."""
    return f"power(10.0, -length(split_part({name}, '.', 2)))"


def _at_most(contract: Contract, relation: Relation, names: Names, meets: str) -> Iterable[_Question]:
    """Each field is at most the next one that is filled."""
    for place, part in enumerate(relation.fields):
        for further in range(place + 1, len(relation.fields)):
            whole, between = relation.fields[further], relation.fields[place + 1 : further]
            empty = "".join(f" AND {names[name]} IS NULL" for name in between)
            yield _Question(
                "more-than-whole",
                part,
                names[part],
                f"{meets} AND {_number(names[part])} > {_number(names[whole])}{empty}",
                told={"most": names[whole]},
                known={"other": whole},
            )


def _sum(contract: Contract, relation: Relation, names: Names, meets: str) -> Iterable[_Question]:
    """The fields before the last add up to the last."""
    *parts, total = relation.fields
    added = " + ".join(_number(names[name]) for name in parts)
    yield _Question(
        "totals-differ",
        total,
        names[total],
        f"{meets} AND abs({added} - {_number(names[total])}) > 0.005 * {len(parts) + 1}",
        told={"sum": added},
        known={"parts": words(parts)},
    )


def _share(contract: Contract, relation: Relation, names: Names, meets: str) -> Iterable[_Question]:
    """The first field is what the second is of the third, in per cent, rounded or cut."""
    value, part, whole = relation.fields
    share = f"100 * {_number(names[part])} / nullif({_number(names[whole])}, 0)"
    yield _Question(
        "share-differs",
        value,
        names[value],
        f"{meets} AND abs({share} - {_number(names[value])}) >= {_step(names[value])}",
        told={"share": share, "part": names[part], "whole": names[whole]},
    )


def _parts(contract: Contract, relation: Relation, names: Names, meets: str) -> Iterable[_Question]:
    """Rows that are broken down add up, for each breakdown, to the row about the same thing that is not."""
    (value,), by = relation.fields, names[relation.split[0]]
    same = [names[name] for name in contract.key if name not in relation.split]
    listed, number = ", ".join(same), _number(names[value])
    alike = " AND ".join(f"whole.{name} IS NOT DISTINCT FROM broken.{name}" for name in same)
    # One row a key, or rows that stand there many times would each meet all the parts.
    whole = (
        f"SELECT min(row) AS row, arg_min({names[value]}, row) AS value, arg_min({number}, row) AS number, {listed}"
        f" FROM cells WHERE {meets} AND {by} IS NULL GROUP BY {listed}"
    )
    broken = (
        f"SELECT {listed}, {by} AS broken_by, sum({number}) AS added, count(*) AS parts,"
        f" max({_step(names[value])}) AS step FROM cells WHERE {meets} AND {by} IS NOT NULL GROUP BY {listed}, {by}"
    )
    yield _Question(
        "parts-differ",
        value,
        "value",
        "abs(added - number) > 0.5 * step * (parts + 1)",
        told={"by": "broken_by", "sum": "added"},
        source=f"(SELECT row, value, number, broken_by, added, parts, step FROM ({whole}) AS whole"
        f" JOIN ({broken}) AS broken ON {alike})",
    )


def _differ(contract: Contract, relation: Relation, names: Names, meets: str) -> Iterable[_Question]:
    """The first field is not the second."""
    first, second = relation.fields
    yield _Question(
        "same-place",
        first,
        names[first],
        f"{meets} AND {names[first]} = {names[second]}",
        known={"other": second},
    )


def _in_order(contract: Contract, relation: Relation, names: Names, meets: str) -> Iterable[_Question]:
    """The second day does not lie before the first."""
    first, second = relation.fields
    yield _Question(
        "day-before",
        second,
        names[second],
        f"{meets} AND TRY_CAST({names[second]} AS DATE) < TRY_CAST({names[first]} AS DATE)",
        told={"day": names[first]},
        known={"other": first},
    )


_KINDS: dict[str, Callable[[Contract, Relation, Names, str], Iterable[_Question]]] = {
    "at_most": _at_most,
    "sum": _sum,
    "share": _share,
    "parts": _parts,
    "differ": _differ,
    "in_order": _in_order,
}
