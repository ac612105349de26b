"""Check the cells of a row against each other: what must be filled, when, and with what. Never sees a single cell.

All that may not be so is asked in one go, for in most files none of it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.intake.different import Connection
from dashboard.intake.problems import PROBLEMS, Problem, problem
from dashboard.intake.screen import LISTED
from dashboard.reference.contracts import Contract, Field, Rule
from dashboard.reference.text import _, words


@dataclass(frozen=True)
class _Condition:
    """What may not be so in a row: SQL made here, from identifiers and parameters only, and what is said where it is.

    Parameters are named `p_...`, so that several conditions can be asked at once. Without a column it is of the row.
    """

    code: str
    column: Field | None
    where: str
    bound: Mapping[str, object] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)


def check(
    connection: Connection,
    contract: Contract,
    names: Mapping[str, str],
    present: Sequence[str],
    countries: Sequence[str] | None,
    full: Collection[str] = (),
) -> list[Problem]:
    """What is wrong with rows of view `cells`, of whose fields those `present` stand in the file.

    `names` says which column holds a field, `countries` which codes of countries are known (None: none is compared),
    `full` which columns have no empty cell.
    """
    unfilled = _unfilled(contract, names, present, full)
    asked = [
        _Condition("required-empty", column, f"{names[column.name]} IS NULL")
        for column in contract.fields
        if column.required and column.name in present and names[column.name] not in full
    ]
    asked += [_rule(rule, contract, names) for rule in contract.rules if rule.when in present and rule.field in present]
    asked += [
        _own_country(column, names, countries)
        for column in contract.fields
        if column.of_country and {column.name, "country"} <= set(present)
    ]
    met = _met(connection, [*unfilled, *asked])
    if not unfilled or unfilled[0] not in met:
        return [found for condition in met for found in _where(connection, condition, names)]
    # Of a row that nobody filled in, what all is missing in it need not be said.
    empty, *others = met
    others = [replace(other, where=f"({other.where}) AND NOT ({empty.where})") for other in others]
    return [found for condition in (empty, *others) for found in _where(connection, condition, names)]


def _unfilled(
    contract: Contract, names: Mapping[str, str], present: Sequence[str], full: Collection[str]
) -> list[_Condition]:
    """A row of a template as it was given, where more than that must be filled; nothing where a template gives none."""
    others = [column for column in contract.fields if column.name in present and column.name not in contract.given]
    if not contract.given or not any(c.required for c in others) or any(names[c.name] in full for c in others):
        return []
    return [_Condition("row-not-filled", None, " AND ".join(f"{names[column.name]} IS NULL" for column in others))]


def _met(connection: Connection, conditions: Sequence[_Condition]) -> list[_Condition]:
    """Those that hold in some row. All are asked in one go, for mostly none does."""
    if not conditions:
        return []
    asked, bound = [], dict[str, object]()
    for number, condition in enumerate(conditions):
        asked.append(f"coalesce(bool_or({condition.where.replace('$p_', f'$p{number}_')}), false)")
        bound |= {name.replace("p_", f"p{number}_", 1): value for name, value in condition.bound.items()}
    [answers] = connection.execute(f"SELECT {', '.join(asked)} FROM cells", bound).fetchall()
    return [condition for condition, met in zip(conditions, answers, strict=True) if met]


def _where(connection: Connection, condition: _Condition, names: Mapping[str, str]) -> list[Problem]:
    """A problem for each row in which the condition holds; beyond LISTED rows one for all, which quotes the first."""
    code, column, said = condition.code, condition.column, condition.said
    cell, name = (names[column.name], column.name) if column else ("NULL", None)
    found = connection.execute(
        f"SELECT row, {cell}, count(*) OVER () FROM cells WHERE {condition.where} ORDER BY row LIMIT {LISTED}",
        dict(condition.bound),
    ).fetchall()
    if found and found[0][2] > LISTED:
        rows = tuple(row for row, _value, _count in found)
        return [problem(code, row=rows[0], column=name, value=found[0][1], count=found[0][2], rows=rows, **said)]
    return [problem(code, row=row, column=name, value=value, **said) for row, value, _count in found]


def _own_country(column: Field, names: Mapping[str, str], countries: Sequence[str] | None) -> _Condition:
    """Whoever brings a code into being brings it for the country of its row, or one country could take over another's
    organisations. Where the country itself is wrong, that is said and no more."""
    name, country = names[column.name], names["country"]
    on_list, bound = (
        ("", {}) if countries is None else (f"list_contains($p_valid, {country}) AND ", {"p_valid": countries})
    )
    wrong = f"{on_list}{name} IS NOT NULL AND NOT starts_with({name}, {country} || '-')"
    return _Condition("other-country-code", column, wrong, bound)


_BY_EFFECT = {"required": "value-missing", "empty": "value-not-expected", "in": "value-not-allowed"}


def _rule(rule: Rule, contract: Contract, names: Mapping[str, str]) -> _Condition:
    """One conditional rule. A cell with several codes meets a rule when one of them does; and fits when all do."""
    when, column = contract.field(rule.when), contract.field(rule.field)
    cause, name = names[rule.when], names[rule.field]
    bound: dict[str, object] = {}
    if "*" in rule.values:
        meets = f"{cause} IS NOT NULL"
    else:
        bound["p_when"] = sorted(rule.values)
        meets = (
            f"list_has_any(string_split({cause}, '|'), $p_when)" if when.many else f"list_contains($p_when, {cause})"
        )
    if rule.then == "required":
        breaks = f"{name} IS NULL" if not column.required else "false"
    elif rule.then == "empty":
        breaks = f"{name} IS NOT NULL"
    else:
        bound["p_allowed"] = sorted(rule.allowed)
        fits = (
            f"list_has_all($p_allowed, string_split({name}, '|'))"
            if column.many
            else f"list_contains($p_allowed, {name})"
        )
        breaks = f"{name} IS NOT NULL AND NOT {fits}"
    return _Condition(
        rule.problem if rule.problem in PROBLEMS else _BY_EFFECT[rule.then],
        column,
        f"{meets} AND {breaks}",
        bound,
        {"words": _(rule.words), "when": rule.when, "allowed": words(sorted(rule.allowed), _("or"))},
    )
