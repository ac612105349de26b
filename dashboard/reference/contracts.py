"""Contracts: what a dataset's file must look like, read from `datasets/schemas`. Never looks at a file of data."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TYPES = ("string", "integer", "number", "date", "period", "code")
SCREENS = ("counts", "register")
EFFECTS = ("required", "empty", "in")
RELATIONS = {"at_most": (2, 9), "sum": (3, 9), "share": (3, 3), "parts": (1, 1), "differ": (2, 2), "in_order": (2, 2)}
"""How fields may belong together, and how many such a relation names, at least and at most."""
ANY = "*"
"""In a rule's `values`: whatever the cell holds, as long as it holds something."""
IN_THE_RECORD = ("organisations", "own_actions")
"""Lists that are in no file: what the members are called, and what the actions are that the sender leads."""
KINDS = ("administrative", "process", "survey", "legal", "budget", "institutional")
QUARTERLY = "quarterly"
DUE_DAYS = 30
"""A quarterly file is on time until so many days after its quarter has ended, unless its schema says otherwise."""
EXPECTED_FROM = ("habit", "register")
"""Of whom a quarterly file is expected: who sent one lately, or whom the register marks as reporting every quarter."""


@dataclass(frozen=True)
class Field:
    """One column. `codes` names its code list; `many` allows several values in a cell, kept as a|b.

    `defines` marks the column that brings organisation codes into being; `own` the one that must hold the
    submitting organisation; `of_country` one whose codes begin with the row's country; `allows` what the screen lets
    pass here ("office_phone", "full_date", "near_unique"). `disaggregation` names what the column breaks a count down
    by: it is there only where that is allowed.
    """

    name: str
    title: str
    description: str
    type: str
    hxl: str
    example: str = ""
    codes: str = ""
    many: bool = False
    required: bool = False
    pattern: str = ""
    pattern_words: str = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    defines: bool = False
    own: bool = False
    of_country: bool = False
    allows: frozenset[str] = frozenset()
    disaggregation: str = ""
    requirements: tuple[str, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether its codes are those of a list that can be looked up, the same for every sender."""
        return bool(self.codes) and self.codes not in IN_THE_RECORD


@dataclass(frozen=True)
class Rule:
    """If field `when` holds one of `values`, then `field` must be filled ("required"), be empty ("empty"), or hold
    one of `allowed` ("in", which says nothing of an empty cell). `problem` is the catalogue's code, `words` the
    reason shown to people. `values` may be just ANY: then the rule holds whenever `when` is filled."""

    when: str
    values: frozenset[str]
    field: str
    then: str
    problem: str
    words: str
    allowed: frozenset[str] = frozenset()

    @property
    def any_value(self) -> bool:
        """Whether the rule holds for every filled cell of `when`."""
        return ANY in self.values


@dataclass(frozen=True)
class Relation:
    """What fits together, by its `kind`: each field at most the next one (`at_most`), all but the last add up to it
    (`sum`), the first is what the second is of the third in per cent (`share`), rows broken down by `split` add up to
    the row that is not (`parts`), two fields are not the same (`differ`), or the second day does not lie before the
    first (`in_order`). `words` is the reason shown to people.

    With `when`, only rows are meant in which that field holds one of `values`.
    """

    kind: str
    fields: tuple[str, ...]
    words: str
    split: tuple[str, ...] = ()
    when: str = ""
    values: frozenset[str] = frozenset()

    @property
    def names(self) -> set[str]:
        """All fields that it needs."""
        return {*self.fields, *self.split, self.when} - {""}


@dataclass(frozen=True)
class Contract:
    """One dataset: THE place from which template, checks, tables, dictionary and tests come."""

    name: str
    title: str
    description: str
    row: str
    kind: str
    screen: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    frequency: str
    submitters: tuple[str, ...]
    rules: tuple[Rule, ...]
    hash: str
    source: str = ""
    due_days: int = DUE_DAYS
    expected_from: str = EXPECTED_FROM[0]
    relations: tuple[Relation, ...] = ()

    @property
    def quarterly(self) -> bool:
        """Whether a file is expected for every quarter, and so can be late."""
        return self.frequency == QUARTERLY

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def main(self) -> Field | None:
        """The column of the key of whose codes a template has a row each: services, sectors, actions."""
        return next((f for f in self.fields if f.name in self.key and f.codes and f.name != "country"), None)

    @property
    def given(self) -> tuple[str, ...]:
        """The columns that a template fills in for an organisation; a row with nothing else in it tells nothing."""
        own = {f.name for f in self.fields if f.own}
        filled = own | {"country", "period"} | ({self.main.name} if self.main else set())
        return tuple(name for name in self.header if name in filled) if own else ()

    def field(self, name: str) -> Field:
        """The field of this name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def register(self) -> dict[str, Any]:
        """What the schema says of how its rows are shown (see `registers`); nothing where its fields do."""
        return self.to_json()["dashboard"].get("register", {})  # type: ignore[no-any-return]

    def to_json(self) -> dict[str, Any]:
        """The Table Schema as it stands in the file; `parse` reads it back."""
        return json.loads(self.source)  # type: ignore[no-any-return]


def _field(raw: Mapping[str, Any]) -> Field:
    limits, codes = raw.get("constraints", {}), raw.get("codes", "")
    kind = "code" if codes else "period" if raw.get("format") == "quarter" else raw.get("type", "string")
    return Field(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"],
        type=kind,
        hxl=raw["rdfType"] if "rdfType" in raw else raw["hxl"],
        example=str(raw.get("example", "")),
        codes=codes,
        many=bool(raw.get("many")),
        required=bool(limits.get("required")),
        pattern=limits.get("pattern", ""),
        pattern_words=raw.get("pattern_words", ""),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        max_length=limits.get("maxLength"),
        defines=bool(raw.get("defines")),
        own=bool(raw.get("own")),
        of_country=bool(raw.get("of_country") or raw.get("defines")),
        allows=frozenset(raw.get("allows", ())),
        disaggregation=raw.get("disaggregation", ""),
        requirements=tuple(raw.get("requirements", ())),
    )


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        when=raw["when"],
        values=frozenset(raw.get("values", ())),
        field=raw["field"],
        then=raw["then"],
        problem=raw["problem"],
        words=raw["words"],
        allowed=frozenset(raw.get("allowed", ())),
    )


def _relation(raw: Mapping[str, Any]) -> Relation:
    return Relation(
        kind=raw["kind"],
        fields=tuple(raw["fields"]),
        words=raw["words"],
        split=tuple(raw.get("split", ())),
        when=raw.get("when", ""),
        values=frozenset(raw.get("values", ())),
    )


def settled(source: str, allowed: Collection[str], by_kind: Mapping[str, Sequence[str]]) -> str:
    """A schema's text as this deployment means it; the same text when nothing in it depends on the deployment.

    A field that breaks counts down by what is not `allowed` is gone, from the key and the rules too, so that such a
    column is refused like any other that nobody asked for (R7). The `kinds` of a rule or a relation become the codes
    `by_kind` of the indicators of these kinds.
    """
    raw = json.loads(source)
    gone = {f["name"] for f in raw["fields"] if f.get("disaggregation", "") not in ("", *allowed)}
    rules, relations = (raw["dashboard"].get(name, []) for name in ("rules", "relations"))
    if not gone and not any("kinds" in one for one in [*rules, *relations]):
        return source
    raw["fields"] = [f for f in raw["fields"] if f["name"] not in gone]
    raw["primaryKey"] = [name for name in raw["primaryKey"] if name not in gone]
    for one in [*rules, *relations]:
        if "kinds" in one:
            one["values"] = sorted(code for kind in one.pop("kinds") for code in by_kind.get(kind, ()))
    raw["dashboard"]["rules"] = [r for r in rules if r["values"] and not {r["when"], r["field"]} & gone]
    raw["dashboard"]["relations"] = [
        r for r in relations if (r.get("values") or "when" not in r) and not _relation(r).names & gone
    ]
    return json.dumps(raw, ensure_ascii=False, indent=1)


def _readable(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _faults(relation: Relation, names: Sequence[str]) -> list[str]:
    """What is wrong with a relation, each as a clause of a sentence."""
    if relation.kind not in RELATIONS:
        return [f"{relation.kind} is no relation"]
    least, most = RELATIONS[relation.kind]
    return [
        *(f"a relation names {name}, which is no field" for name in sorted(relation.names - set(names))),
        *(
            [f"a relation {relation.kind} names {len(relation.fields)} fields"]
            if not least <= len(relation.fields) <= most
            else []
        ),
        *(
            ["a relation parts needs a split, and no other has one"]
            if bool(relation.split) != (relation.kind == "parts")
            else []
        ),
        *(
            ["a relation needs values where it names a field of when, and only there"]
            if bool(relation.when) != bool(relation.values)
            else []
        ),
    ]


def parse(name: str, source: str) -> Contract:
    """Read one schema. Raises ValueError with a sentence that names dataset and fault."""
    raw = json.loads(source)
    extra = raw["dashboard"]
    contract = Contract(
        name=name,
        title=raw["title"],
        description=raw["description"],
        row=extra["row"],
        kind=extra["kind"],
        screen=extra["screen"],
        key=tuple(raw["primaryKey"]),
        fields=tuple(_field(field) for field in raw["fields"]),
        frequency=extra["frequency"],
        submitters=tuple(extra["submitters"]),
        rules=tuple(_rule(rule) for rule in extra.get("rules", ())),
        hash=hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest(),
        source=source,
        due_days=extra.get("due_days", DUE_DAYS),
        expected_from=extra.get("expected_from", EXPECTED_FROM[0]),
        relations=tuple(_relation(one) for one in extra.get("relations", ())),
    )
    names = contract.header
    faults = [
        *(f"the key names {key}, which is no field" for key in contract.key if key not in names),
        *(f"{f.name} has the unknown type {f.type}" for f in contract.fields if f.type not in TYPES),
        *(
            f"a rule names {r.field} or {r.when}, which is no field"
            for r in contract.rules
            if r.field not in names or r.when not in names
        ),
        *(f"a rule on {r.field} has the unknown effect {r.then}" for r in contract.rules if r.then not in EFFECTS),
        *(f"a rule on {r.field} allows nothing" for r in contract.rules if (r.then == "in") != bool(r.allowed)),
        *(fault for relation in contract.relations for fault in _faults(relation, names)),
        *(f"{f.name} has a pattern that cannot be read" for f in contract.fields if not _readable(f.pattern)),
        *(f"{f.name} has a pattern but no words for it" for f in contract.fields if f.pattern and not f.pattern_words),
        *(f"{f.name} holds several values but names no code list" for f in contract.fields if f.many and not f.codes),
        *([f"{contract.kind} is no kind"] if contract.kind not in KINDS else []),
        *([f"{contract.screen} is no screen"] if contract.screen not in SCREENS else []),
        *(
            [f"{contract.expected_from} says of nobody that a file is expected"]
            if contract.expected_from not in EXPECTED_FROM
            else []
        ),
        *(
            [f"{contract.due_days} is no number of days"]
            if type(contract.due_days) is not int or contract.due_days < 0
            else []
        ),
        *(["a field stands twice"] if len(set(names)) != len(names) else []),
        *(
            ["desired_direction must be none for administrative counts"]
            if contract.kind == "administrative" and extra.get("desired_direction", "none") != "none"
            else []
        ),
    ]
    if faults:
        raise ValueError(f"Dataset {name}: {'; '.join(faults)}.")
    return contract


def read(
    paths: list[Path], allowed: Collection[str] = (), by_kind: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Contract]:
    """Read `<dataset>.json` files, settled for this deployment; a later file of the same name replaces the former."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    return {name: parse(name, settled(text, allowed, by_kind or {})) for name, text in texts.items()}
