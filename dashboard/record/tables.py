"""The tables and views of the record, as SQL text. Never runs any of it.

Only what DuckLake has too: no keys, no CHECK, no sequence, no index. Checks live in the write doors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from dashboard.reference.contracts import Contract

SCHEMA_VERSION = 1
SUBJECTS = ("intake", "figures", "coordination", "people", "published")

_TEXT, _WHOLE, _YES, _DAY, _TIME = "VARCHAR", "BIGINT", "BOOLEAN", "DATE", "TIMESTAMPTZ"
STAMP = {"version": _WHOLE, "recorded_at": _TIME}

# Rows are only added; `version` and `recorded_at` follow in each. `step` has one row per version: what moved, by whom.
VERSIONED: Mapping[str, Mapping[str, str]] = {
    "step": {"subjects": _TEXT, "by_account": _TEXT},
    "submission": {
        "submission_id": _TEXT,
        "dataset": _TEXT,
        "organisation_code": _TEXT,
        "period": _TEXT,
        "sha256": _TEXT,
        "size": _WHOLE,
        "row_count": _WHOLE,
        "contract_hash": _TEXT,
        "staged_by": _TEXT,
        "notes": _TEXT,
    },
    "submission_event": {
        "event_id": _TEXT,
        "submission_id": _TEXT,
        "event": _TEXT,
        "by_account": _TEXT,
        "comment": _TEXT,
    },
    "submission_warning": {
        "warning_id": _TEXT,
        "submission_id": _TEXT,
        "code": _TEXT,
        "row_number": _WHOLE,
        "column_name": _TEXT,
        "value": _TEXT,
        "words": _TEXT,
        "counted": _YES,
    },
    "submission_remark": {
        "remark_id": _TEXT,
        "submission_id": _TEXT,
        "warning_id": _TEXT,
        "row_number": _WHOLE,
        "column_name": _TEXT,
        "text": _TEXT,
        "by_account": _TEXT,
    },
    "account": {
        "account_id": _TEXT,
        "email": _TEXT,
        "name": _TEXT,
        "organisation_code": _TEXT,
        "disabled": _YES,
    },
    "credential": {"account_id": _TEXT, "password_hash": _TEXT},
    "grants": {
        "grant_id": _TEXT,
        "account_id": _TEXT,
        "role": _TEXT,
        "organisation_code": _TEXT,
        "country": _TEXT,
        "valid_from": _DAY,
        "valid_to": _DAY,
        "revoked": _YES,
    },
    "training": {
        "training_id": _TEXT,
        "account_id": _TEXT,
        "completed_on": _DAY,
        "undertaking_on": _DAY,
        "revoked": _YES,
    },
    "link": {
        "link_id": _TEXT,
        "token_hash": _TEXT,
        "kind": _TEXT,
        "account_id": _TEXT,
        "expires_at": _TIME,
        "used": _YES,
    },
    "release": {
        "release_id": _TEXT,
        "folder": _TEXT,
        "sha256": _TEXT,
        "as_of_version": _WHOLE,
        "by_account": _TEXT,
        "note": _TEXT,
        "withdrawn": _YES,
        "state": _TEXT,
        "figures_on": _DAY,
        "told": _TEXT,
        "withdrawn_note": _TEXT,
    },
    "action_event": {
        "event_id": _TEXT,
        "action_code": _TEXT,
        "country": _TEXT,
        "event": _TEXT,
        "state": _TEXT,
        "due_on": _DAY,
        "note": _TEXT,
        "by_account": _TEXT,
        "undoes": _TEXT,
    },
    "action_agreed": {
        "action_code": _TEXT,
        "country": _TEXT,
        "title": _TEXT,
        "changes_for_survivor": _TEXT,
        "lead": _TEXT,
        "support": _TEXT,
        "corridor": _TEXT,
        "indicator_code": _TEXT,
        "agreed_on": _DAY,
        "agreed_at": _TEXT,
        "due_on": _DAY,
        "restricts_work_or_migration": _TEXT,
        "meeting_id": _TEXT,
        "decision_id": _TEXT,
        "by_account": _TEXT,
    },
    "meeting": {
        "meeting_id": _TEXT,
        "country": _TEXT,
        "title": _TEXT,
        "held_on": _DAY,
        "as_of_version": _WHOLE,
        "by_account": _TEXT,
        "withdrawn": _YES,
        "state": _TEXT,
    },
    "agenda_item": {
        "item_id": _TEXT,
        "meeting_id": _TEXT,
        "place": _WHOLE,
        "title": _TEXT,
        "subject": _TEXT,
        "minutes": _WHOLE,
        "note": _TEXT,
        "removed": _YES,
        "by_account": _TEXT,
    },
    "attendance": {
        "meeting_id": _TEXT,
        "organisation_code": _TEXT,
        "state": _TEXT,
        "by_account": _TEXT,
    },
    "meeting_document": {
        "document_id": _TEXT,
        "meeting_id": _TEXT,
        "title": _TEXT,
        "address": _TEXT,
        "removed": _YES,
        "by_account": _TEXT,
    },
    "decision": {
        "decision_id": _TEXT,
        "meeting_id": _TEXT,
        "item_id": _TEXT,
        "country": _TEXT,
        "text": _TEXT,
        "bound": _TEXT,
        "action_code": _TEXT,
        "withdrawn": _YES,
        "by_account": _TEXT,
    },
    "tombstone": {
        "submission_id": _TEXT,
        "dataset": _TEXT,
        "organisation_code": _TEXT,
        "period": _TEXT,
        "reason": _TEXT,
        "by_account": _TEXT,
    },
}

# The latest row of each of these keys is the one that counts, so one version may hold a key only once.
LATEST = {
    "account": "account_id",
    "credential": "account_id",
    "grants": "grant_id",
    "training": "training_id",
    "link": "link_id",
    "release": "release_id",
    "submission": "submission_id",
    "action_agreed": "action_code",
    "meeting": "meeting_id",
    "agenda_item": "item_id",
    "meeting_document": "document_id",
    "decision": "decision_id",
}

AUDIT = {
    "seq": _WHOLE,
    "happened_at": _TIME,
    "by_account": _TEXT,
    "action": _TEXT,
    "subject": _TEXT,
    "detail": _TEXT,
    "chain": _TEXT,
}
HEAD = {"version": _WHOLE, **dict.fromkeys(SUBJECTS, _WHOLE), "recorded_at": _TIME, "schema_version": _WHOLE}
EPHEMERAL: Mapping[str, Mapping[str, str]] = {
    "sessions": {
        "session_hash": _TEXT,
        "account_id": _TEXT,
        "started_at": _TIME,
        "last_seen": _TIME,
        "stamp": _TEXT,
    },
    "throttle": {"key": _TEXT, "failures": "INTEGER", "last_failure": _TIME},
}

VIEWS = Path(__file__).parent / "views"
_ORDER = (
    "submission_step",
    "submission_now",
    "accepted",
    "account_now",
    "credential_now",
    "grant_now",
    "training_now",
    "link_now",
    "release_now",
    "meeting_now",
    "decision_now",
)

_TYPES = {"integer": _WHOLE, "number": "DOUBLE", "date": _DAY}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_TAKEN = {"submission_id", "row_number", "version", "recorded_at", "since", "until", "reported_by", "accepted_at"}


def quoted(name: str) -> str:
    """A table's or column's name as SQL takes it. Raises ValueError for what is no plain name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"“{name}” is no name for a dataset or a field: small letters, digits and _ only.")
    return f'"{name}"'


def columns_of(contract: Contract) -> dict[str, str]:
    """The columns of d_<dataset> without the stamp. Raises ValueError when a field takes one of our own names."""
    for field in contract.fields:
        if field.name in _TAKEN:
            raise ValueError(f"Dataset {contract.name}: no field can be called {field.name}; the record uses the name.")
    fields = {field.name: _TYPES.get(field.type, _TEXT) if not field.many else _TEXT for field in contract.fields}
    return {"submission_id": _TEXT, "row_number": _WHOLE, **fields}


def create(name: str, columns: Mapping[str, str]) -> str:
    """CREATE TABLE IF NOT EXISTS for `columns` as they stand."""
    return f"create table if not exists {quoted(name)} ({', '.join(f'{quoted(c)} {t}' for c, t in columns.items())})"


def fixed() -> dict[str, dict[str, str]]:
    """Every table that is no dataset's, with all its columns."""
    return {
        **{name: {**columns, **STAMP} for name, columns in VERSIONED.items()},
        "audit": dict(AUDIT),
        "head": dict(HEAD),
        **{name: dict(columns) for name, columns in EPHEMERAL.items()},
    }


def dataset_view(contract: Contract) -> str:
    """The view <dataset>_rows, one row per accepted row and for how long it was what we knew."""
    columns = ["submission_id", "row_number", *contract.header, "version", "recorded_at"]
    joined = [f"d.{quoted(column)}" for column in columns]
    period = [] if "period" in contract.header else ["a.period"]
    selected = ", ".join([*joined, "a.organisation_code as reported_by", *period, "a.since", "a.until"])
    return (
        f"-- One row per accepted row of {contract.name}, and for how long (since, until) it was what we knew.\n"
        f"create or replace view {quoted(contract.name + '_rows')} as\n"
        f"select {selected}\n"
        f"from {quoted('d_' + contract.name)} as d join accepted as a on a.submission_id = d.submission_id"
    )


def views(contracts: Iterable[Contract]) -> list[str]:
    """The statements that make all views, in an order in which each finds what it reads."""
    texts = [(VIEWS / f"{name}.sql").read_text(encoding="utf-8") for name in _ORDER]
    return [*texts, *(dataset_view(contract) for contract in contracts)]
