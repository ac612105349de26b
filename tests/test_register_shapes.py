"""How a register is shown follows from its contract, and a contract that says more says nothing that is not there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.reference import contracts, registers
from dashboard.reference.contracts import Contract
from dashboard.reference.library import load

OURS = load()
REGISTERS = [contract for contract in OURS.contracts.values() if registers.is_register(contract)]


def made(register: dict[str, Any] | None = None, **dashboard: Any) -> Contract:
    """A contract of laws with these words about how it is shown."""
    fields = [
        {"name": "country", "codes": "countries", "constraints": {"required": True}},
        {"name": "organisation_code", "own": True, "constraints": {"required": True}},
        {"name": "law_code", "constraints": {"required": True}},
        {"name": "title", "constraints": {"required": True}},
        {"name": "law_status", "codes": "law_states"},
        {"name": "topics", "codes": "law_effects", "many": True},
        {"name": "adopted_on", "type": "date"},
        {"name": "checked", "codes": "yes_no"},
        {"name": "verified", "codes": "yes_no", "constraints": {"required": True}},
        {"name": "source", "allows": ["near_unique"], "constraints": {"required": True}},
        {"name": "remark"},
    ]
    raw = {
        "title": "Laws",
        "description": "Laws.",
        "primaryKey": ["country", "law_code"],
        "fields": [{"title": f["name"], "description": "-", "hxl": "#x", "type": "string"} | f for f in fields],
        "dashboard": {"row": "-", "kind": "legal", "screen": "register", "frequency": "yearly", "submitters": []}
        | dashboard
        | ({"register": register} if register is not None else {}),
    }
    return contracts.parse("laws", json.dumps(raw))


def test_without_a_word_all_follows_from_the_fields() -> None:
    found = registers.shape(made())
    assert found.question == "What does “Laws” hold?"
    assert (found.one, found.many, found.label, found.state) == (
        "{count} entry",
        "{count} entries",
        "title",
        "law_status",
    )
    assert found.columns[:3] == ("title", "country", "law_status") and len(found.columns) == registers.MOST
    assert not {"organisation_code", "verified", "source"} & set(found.columns)
    assert found.across[0] == "country" and not found.adds and found.newest == ""


def test_what_a_contract_says_is_taken() -> None:
    found = registers.shape(
        made(
            {"question": "Which laws?", "counted": ["{count} law", "{count} laws"], "label": "remark",
             "state": "checked", "columns": ["title", "country"], "newest": "adopted_on", "adds": True,
             "across": ["topics", "on {count} topic", "on {count} topics"]}
        )
    )  # fmt: skip
    assert (found.question, found.one, found.label, found.state) == ("Which laws?", "{count} law", "remark", "checked")
    assert found.columns == ("remark", "title", "country"), "what names a row comes first"
    assert (found.newest, found.adds, found.across[0]) == ("adopted_on", True, "topics")


@pytest.mark.parametrize(
    ("register", "fault"),
    [
        ({"columns": ["title", "nothing"]}, "names nothing"),
        ({"label": "nothing"}, "names nothing"),
        ({"state": "nothing"}, "names nothing"),
        ({"newest": "nothing"}, "names nothing"),
        ({"across": ["nothing", "a", "b"]}, "names nothing"),
        ({"columns": ["title"] * 8}, "more than 7"),
    ],
)
def test_what_is_not_there_is_a_fault(register: dict[str, Any], fault: str) -> None:
    assert any(fault in said for said in registers.faults(made(register)))
    assert registers.faults(made({})) == []


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ({}, True),
        ({"kind": "institutional"}, True),
        ({"kind": "survey"}, True),
        ({"kind": "administrative"}, False),
        ({"screen": "counts"}, False),
        ({"frequency": "quarterly"}, False),
    ],
)
def test_what_is_a_register(said: dict[str, str], is_one: bool) -> None:
    assert registers.is_register(made(**said)) is is_one


@pytest.mark.parametrize("contract", REGISTERS, ids=lambda contract: contract.name)
def test_each_register_is_fit_for_a_projector(contract: Contract) -> None:
    found = registers.shape(contract)
    assert registers.faults(contract) == []
    assert found.question.endswith("?") and found.question != f"What does “{contract.title}” hold?"
    assert "{count}" in found.one and "{count}" in found.many and found.one != "{count}"
    assert found.columns[0] == found.label and len(set(found.columns)) == len(found.columns) <= registers.MOST
    assert not set(registers.TAKEN) & set(contract.header)
    assert not any("office_phone" in contract.field(name).allows for name in found.columns)
