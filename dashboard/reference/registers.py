"""How a register is shown, made from its contract alone: what it asks, what names a row, which columns come first.

Never looks at a row. A contract says more under `register`; what it leaves out follows from its fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.reference.contracts import Contract, Field
from dashboard.reference.text import N_, _

MOST = 7
"""So many columns are shown unless somebody chooses others: more do not fit a projector."""
TAKEN = ("search", "sort", "columns", "page", "as_of", "key", "hxl")
"""What an address says besides filters, so that no field of a register can be called so."""
VERIFIED = "verified"
"""The field that says whether somebody read an entry in its source: yes or no."""
KINDS = ("institutional", "legal", "survey", "budget", "process")
_NAMES = ("title", "name")
_STATES = ("status", "state", "result")


@dataclass(frozen=True)
class Shape:
    """How one register is shown.

    `one` and `many` hold {count}; `label` is the field that names a row; `columns` are at most MOST fields, the label
    first. `state` is the field whose codes are counted in the answer, `newest` a date that says which entry is; both
    may be empty. `across` names a field with two forms that hold {count}. With `adds`, a later file of an organisation
    adds to its earlier ones, else it takes their place.
    """

    question: str
    one: str
    many: str
    label: str
    columns: tuple[str, ...]
    state: str
    newest: str
    across: tuple[str, str, str]
    adds: bool


def is_register(contract: Contract) -> bool:
    """Whether a dataset is a list of what there is, and not a count of what happened in a quarter."""
    return contract.screen == "register" and contract.kind in KINDS and not contract.quarterly


def shape(contract: Contract) -> Shape:
    """How this register is shown."""
    said = contract.register
    label = said.get("label") or _label(contract)
    state = said["state"] if "state" in said else _state(contract)
    given = tuple(said.get("columns", ()))
    one, many = said.get("counted", (N_("{count} entry"), N_("{count} entries")))
    return Shape(
        question=_(said["question"]) if "question" in said else _("What does “{title}” hold?", title=_(contract.title)),
        one=one,
        many=many,
        label=label,
        columns=(label, *(n for n in given if n != label))[:MOST] if given else _columns(contract, label, state),
        state=state,
        newest=said.get("newest", ""),
        across=tuple(said.get("across", ("country", N_("in {count} country"), N_("in {count} countries")))),
        adds=bool(said.get("adds")),
    )


def faults(contract: Contract) -> list[str]:
    """What is wrong with what a contract says of its register, each as a clause of a sentence."""
    said = contract.register
    named = [*said.get("columns", ()), *(said.get(n, "") for n in ("label", "state", "newest"))]
    named += said.get("across", ())[:1]
    unknown = sorted({name for name in named if name} - set(contract.header))
    return [
        *(f"its register names {name}, which is no field" for name in unknown),
        *([f"its register shows more than {MOST} columns"] if len(said.get("columns", ())) > MOST else []),
        *(f"a field of a register cannot be called {name}" for name in TAKEN if name in contract.header),
    ]


def _label(contract: Contract) -> str:
    """The field that is a name or title; else what the key tells besides country and sender."""
    words = [f for f in contract.fields if f.type == "string" and not f.own and f.required]
    named = [f.name for f in words if f.name in _NAMES or f.name.endswith(tuple(f"_{n}" for n in _NAMES))]
    own = [name for name in contract.key if name != "country" and not contract.field(name).own]
    return next(iter([*named, *own, *contract.key]))


def _state(contract: Contract) -> str:
    return next((f.name for f in contract.fields if _counted(contract, f) and _named_so(f.name)), "")


def _counted(contract: Contract, field: Field) -> bool:
    return field.listed and not field.many and field.name not in contract.key


def _named_so(name: str) -> bool:
    return any(name == word or name.endswith(f"_{word}") for word in _STATES)


def _columns(contract: Contract, label: str, state: str) -> tuple[str, ...]:
    """The label, the rest of the key, the state, then what every row must say, dates before other words."""
    left = [f for f in contract.fields if not (f.own or f.name in (label, VERIFIED) or "near_unique" in f.allows)]

    def some(fields: Iterable[Field]) -> list[str]:
        return [f.name for f in fields]

    key = some(f for f in left if f.name in contract.key and (f.codes or f.type != "string"))
    coded = some(f for f in left if f.required and f.codes and not f.many)
    dates = some(f for f in left if f.type in ("date", "period"))
    needed = some(f for f in left if f.required and f.name not in contract.key)
    wanted = dict.fromkeys([label, *key, *([state] if state else []), *coded, *dates, *needed, *some(left)])
    return tuple(wanted)[:MOST]
