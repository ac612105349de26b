"""Which files count contacts of survivors, who may read the counts and who may accept them. Never changes a file.

A file holds contacts when its dataset counts them, or when it brings figures of an indicator that does. What cannot be
told any more (an indicator or rows that have gone) counts as contacts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Decision, Viewer
from dashboard.record.house import House
from dashboard.reference.contracts import Contract
from dashboard.reference.text import N_, _

KIND = "administrative"
_LISTS = ("indicators", "indicators_reported")
_NUMBERS = ("integer", "number")
_NUMBER = re.compile(r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_BLANK_LINES = 10
"""A row that a spreadsheet shows may be so many further down than there are rows."""

NOT_YET = N_(
    "Contact counts are not released yet. They are shown to people with a valid training on contact counts, within"
    " their own reach, or once they are published."
)
_COUNTS = N_("This file counts contacts of survivors, so not everybody who reviews files may accept it.")


def indicator_column(contract: Contract) -> str:
    """The column that says of which indicator a row's figures are, in a dataset that has figures; else nothing."""
    if not any(field.type in _NUMBERS for field in contract.fields):
        return ""
    return next((field.name for field in contract.fields if field.codes in _LISTS), "")


def may_hold(contract: Contract) -> bool:
    """Whether files of this dataset can hold contacts at all."""
    return contract.kind == KIND or bool(indicator_column(contract))


def mask(house: House, contract: Contract, frame: pd.DataFrame) -> pd.Series:
    """Which rows of a frame of this dataset count contacts."""
    if contract.kind == KIND:
        return pd.Series(True, index=frame.index)
    column = indicator_column(contract)
    if not column or column not in frame.columns:
        return pd.Series(bool(column), index=frame.index)
    return ~frame[column].isin(_others(house))


def _others(house: House) -> list[str]:
    """The indicators that count no contacts."""
    return [code for code, indicator in house.library.indicators.items() if indicator.kind != KIND]


def holds(house: House, row: Mapping[str, Any]) -> bool:
    """Whether a submission (a row of `submission_now`) holds contacts."""
    contract = house.library.contracts.get(row["dataset"])
    if contract is None or contract.kind == KIND:
        return True
    return may_hold(contract) and bool((frame := _rows(house, row)) is None or mask(house, contract, frame).any())


def _rows(house: House, row: Mapping[str, Any]) -> pd.DataFrame | None:
    path = house.files.parquet(row["sha256"], row["contract_hash"])
    return house.store.frame("select * from read_parquet($path)", path=str(path)) if path.is_file() else None


def sees(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    """Whether the counts of a submission are within the viewer's reach; `row` has the organisation's country."""
    return policy.scope(viewer, "view contacts").holds(row["organisation_code"], row["country"])


def may_accept(viewer: Viewer, house: House, row: Mapping[str, Any]) -> Decision:
    """Whether the viewer may accept this file as far as it holds contacts, with a sentence that says why not."""
    decision = policy.may(viewer, "accept contacts", organisation_code=row["organisation_code"], country=row["country"])
    if decision.allowed or not holds(house, row):
        return Decision(True)
    return Decision(False, f"{_(_COUNTS)} {decision.reason}")


def quoted(viewer: Viewer, house: House, row: Mapping[str, Any], comment: str) -> str:
    """The number in a comment that is a count of this file and no row of it; else nothing.

    Asked only for whoever sees the counts: to anybody else the answer would tell them.
    """
    contract = house.library.contracts.get(row["dataset"])
    if contract is None or not may_hold(contract) or not sees(viewer, row) or (frame := _rows(house, row)) is None:
        return ""
    frame = frame[mask(house, contract, frame)]
    columns = [field.name for field in contract.fields if field.type in _NUMBERS and field.name in frame.columns]
    counts = {float(value) for name in columns for value in frame[name].dropna()}
    for said in _NUMBER.findall(comment):
        whole = re.sub(r"[ .,'’\u00a0\u202f](?=\d{3}(?!\d))", "", said)
        value = float(whole.replace(",", "."))
        if value in counts and value > int(row["row_count"]) + _BLANK_LINES:
            return str(said)
    return ""
