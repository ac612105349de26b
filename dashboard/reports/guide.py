"""How to fill in one dataset, on a page: made from its contract and its example. Never holds a figure of the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dashboard.intake import explained, templates
from dashboard.intake.problems import PROBLEMS, Kind
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract, Field, Relation, Rule
from dashboard.reference.library import DATASETS
from dashboard.reference.text import N_, _, day, n_, words
from dashboard.reports import reporting
from dashboard.reports.dictionary import Dictionary

MOST = 10
EXAMPLES = 3
"""So many rows of the example stand on the page; the file to download has all of them."""
SHOWN = 24
"""So many codes of a list stand on the page; of a longer one, how many there are and where."""


class NoSuchDataset(LookupError):
    """There is no dataset of this name."""


@dataclass(frozen=True)
class Line:
    """One column: its field, whether it must be filled, what may stand in it, and an example; `codes` of a list that
    is short, `many` says how many a longer one has."""

    field: Field
    needed: str
    allowed: str
    example: str
    codes: tuple[str, ...] = ()
    many: int = 0


@dataclass(frozen=True)
class Guide:
    """Everything on the page of one dataset. `due` are sentences; `problems` are kinds, each with how to mend it here;
    `example` are a header and rows of cells."""

    contract: Contract
    senders: str
    due: tuple[str, ...]
    lines: tuple[Line, ...]
    rules: tuple[str, ...]
    problems: tuple[tuple[Kind, str], ...]
    example: tuple[tuple[str, ...], ...]


def contract_of(viewer: Viewer, house: House, dataset: str) -> Contract:
    """The contract; everybody may read it. Raises NoSuchDataset, and policy.Refused when that changes."""
    policy.require(viewer, "read dictionary")
    if dataset not in house.library.contracts:
        raise NoSuchDataset(dataset)
    return house.library.contracts[dataset]


def guide(viewer: Viewer, house: House, dataset: str) -> Guide:
    """The guide to one dataset as of today. Raises NoSuchDataset and policy.Refused."""
    contract = contract_of(viewer, house, dataset)
    if not viewer.signed_in:  # the public has no day of its own
        viewer = replace(viewer, today=house.store.clock().date())
    listed = templates.lists(house, contract, periods.last_ended(viewer.today).end)
    known = {name: [c.code for c in found] for name, found in listed.items()}
    rows = _example(house, contract)
    lines = tuple(_line(contract, field, known.get(field.codes, [])) for field in contract.fields)
    return Guide(
        contract=contract,
        senders=words([_(policy.ROLES.get(role, role)) for role in contract.submitters]),
        due=_due(viewer, contract),
        lines=lines,
        rules=(
            *(_rule_words(contract, rule) for rule in contract.rules),
            *(_relation_words(contract, relation) for relation in contract.relations),
        ),
        problems=tuple((PROBLEMS[code], _fix(contract, lines, code)) for code in islice(_met(contract), MOST)),
        example=tuple(map(tuple, rows[: EXAMPLES + 1])),
    )


def example(viewer: Viewer, house: House, dataset: str) -> str:
    """The example file as CSV text: a good file about countries that are invented. Raises as `guide`."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(_example(house, contract_of(viewer, house, dataset)))
    return "\ufeff" + out.getvalue()


def _example(house: House, contract: Contract) -> list[list[str]]:
    """Header and rows of the example that lies beside the schema; where there is none, a row of the fields' own."""
    for folder in (house.settings.overlay, DATASETS):
        path = folder / "examples" / f"{contract.name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                found = list(csv.DictReader(file))
            header = list(contract.header)
            return [header, *([row.get(name) or "" for name in header] for row in found)]
    return [list(contract.header), [field.example for field in contract.fields]]


def _due(viewer: Viewer, contract: Contract) -> tuple[str, ...]:
    """When it is sent, and the two due days that are nearest, as sentences."""
    if not contract.quarterly:
        return (_("Sent {frequency}.", frequency=_(contract.frequency)),)
    this = periods.of(viewer.today)
    return (
        n_(
            "Every quarter, within {count} day after it has ended.",
            "Every quarter, within {count} days after it has ended.",
            contract.due_days,
        ),
        *(due_words(contract, viewer, str(period)) for period in (this.shifted(-1), this)),
    )


def due_words(contract: Contract, viewer: Viewer, period: str) -> str:
    """Until when a file for this quarter is on time, as a sentence; nothing for a dataset that cannot be late."""
    if not contract.quarterly:
        return ""
    due, label = reporting.due_on(contract, period), periods.parse(period).label
    if due < viewer.today:
        return _("{period} was due on {day}.", period=label, day=day(due))
    return _("{period} is due on {day}.", period=label, day=day(due))


def _line(contract: Contract, field: Field, codes: Sequence[str]) -> Line:
    needed = explained.needed(contract, field)
    if not explained.listed(field):
        return Line(field, needed, explained.allowed(field), field.example)
    # The schema's example may be of a list that this deployment has replaced.
    shown = field.example if set(field.example.split("|")) <= {"", *codes} else codes[0] if codes else ""
    if len(codes) <= SHOWN:
        said = _("one or several of these codes, with | between them") if field.many else _("one of these codes")
        return Line(field, needed, said, shown, tuple(codes))
    said = _("one or several codes, with | between them, of the list") if field.many else _("a code of the list")
    return Line(field, needed, said, shown, many=len(codes))


# --- rules between columns ---


def _title(contract: Contract, name: str) -> str:
    return f"“{_(contract.field(name).title)}”"


def _values(values: Sequence[str]) -> str:
    shown = sorted(values)
    if len(shown) > MOST:
        return _("one of {count} codes, such as {example}", count=len(shown), example=shown[0])
    return words(shown, _("or"))


def _rule_words(contract: Contract, rule: Rule) -> str:
    """A rule as sentences: when it holds, what it asks for, and why."""
    when, field = _title(contract, rule.when), _title(contract, rule.field)
    condition = (
        _("If {when} is filled", when=when)
        if rule.any_value
        else _("If {when} is {values}", when=when, values=_values(tuple(rule.values)))
    )
    asked = {
        "required": _("{field} must be filled", field=field),
        "empty": _("{field} must be empty", field=field),
        "in": _("{field} may only be {allowed}", field=field, allowed=_values(tuple(rule.allowed))),
    }[rule.then]
    return f"{condition}, {asked}. {_(rule.words)}"


_RELATED = {
    "at_most": N_("{fields}: none is more than the next one."),
    "sum": N_("{fields}: all but the last add up to it."),
    "share": N_("{fields}: the first is what the second is of the third, in per cent."),
    "parts": N_("{fields}: rows that are broken down add up to the row that is not."),
    "differ": N_("{fields}: they are not the same."),
    "in_order": N_("{fields}: the second day does not lie before the first."),
}


def _relation_words(contract: Contract, relation: Relation) -> str:
    named = ", ".join(_title(contract, name) for name in relation.fields)
    return f"{_(_RELATED[relation.kind], fields=named)} {_(relation.words)}"


# --- the problems that are met most, of those that can occur in files of this contract ---


def _has(*types: str) -> Callable[[Contract], bool]:
    return lambda contract: any(field.type in types for field in contract.fields)


def _asks(problem: str) -> Callable[[Contract], bool]:
    return lambda contract: any(rule.problem == problem for rule in contract.rules)


def _always(contract: Contract) -> bool:
    return True


_MET: tuple[tuple[str, Callable[[Contract], bool]], ...] = (
    ("required-empty", lambda c: any(field.required for field in c.fields)),
    ("unknown-code", _has("code")),
    ("value-missing", _asks("value-missing")),
    ("thousands-separator", _has("integer", "number")),
    ("one-row-per-person", lambda c: c.screen == "counts"),
    ("column-unknown", _always),
    ("duplicate-key", _always),
    ("decimal-comma", _has("number")),
    ("not-whole", _has("integer")),
    ("total-row", _has("integer", "number")),
    ("evidence-missing", _asks("evidence-missing")),
    ("not-a-date", _has("date")),
    ("not-a-period", _has("period")),
    ("outside-country", lambda c: "country" in c.header),
    ("wrong-form", lambda c: any(field.pattern for field in c.fields)),
    ("other-organisation", lambda c: any(field.own for field in c.fields)),
    ("too-long", lambda c: any(field.max_length for field in c.fields)),
    ("cell-email", _always),
    ("cell-phone", lambda c: not any("office_phone" in field.allows for field in c.fields)),
    ("column-personal", _always),
    ("formula-cell", _always),
    ("header-missing", _always),
    ("no-rows", _always),
)


def _met(contract: Contract) -> Iterator[str]:
    """The codes of the problems that can occur in files of this contract, what is met most first."""
    return (code for code, can in _MET if can(contract))


_NUMBERS = {"thousands-separator": "1200", "decimal-comma": "12.5", "not-whole": "120"}


def _fix(contract: Contract, lines: Sequence[Line], code: str) -> str:
    """How to mend a problem, with this dataset's own words in place of those that only a file can fill in."""
    rule = next((rule for rule in contract.rules if rule.problem == code), None)
    pattern = next((field for field in contract.fields if field.pattern), None)
    said: dict[str, str] = {
        "example": _NUMBERS.get(code) or next((line.example for line in lines if line.field.codes), ""),
        "key": ", ".join(contract.key),
        "own": next((_("your own code") for field in contract.fields if field.own), ""),
        "when": _title(contract, rule.when) if rule else "",
        "form": _(pattern.pattern_words) if pattern else "",
        "header": ",".join(contract.header),
    }
    fix = _(PROBLEMS[code].fix)
    for name, value in said.items():
        fix = fix.replace(f"{{{name}}}", value) if value else fix
    return Dictionary.in_general(fix)
