"""The tables and views as text: the subset of SQL that DuckLake has, and no name that gets in the way."""

from __future__ import annotations

import re

import pytest

from dashboard.record import tables
from dashboard.reference.library import load
from durability.little_record import contract, library


def statements() -> list[str]:
    known = [*library().contracts.values(), *load().contracts.values()]
    made = [tables.create(name, described) for name, described in tables.fixed().items()]
    return [*made, *(tables.create(f"d_{c.name}", tables.columns_of(c)) for c in known), *tables.views(known)]


@pytest.mark.parametrize(
    "word",
    [
        "primary key",
        "references",
        "unique",
        "check",
        "sequence",
        "enum",
        "index",
        "returning",
        "at",
        "serial",
        "default",
    ],
)
def test_only_what_ducklake_has_too(word: str) -> None:
    for statement in statements():
        code = re.sub(r"--.*", "", statement)
        assert not re.search(rf"(?<!\w){word}(?!\w)", code, re.IGNORECASE), statement


def test_every_view_says_what_one_row_is() -> None:
    for view in tables.views(load().contracts.values()):
        assert view.startswith("-- One row per "), view
    assert {path.stem for path in tables.VIEWS.glob("*.sql")} == set(tables._ORDER)


def test_every_row_carries_its_version() -> None:
    for name, described in tables.fixed().items():
        if name not in ("audit", "head", *tables.EPHEMERAL):
            assert list(described)[-2:] == ["version", "recorded_at"], name


@pytest.mark.parametrize("name", ["version", "since", "until", "submission_id", "reported_by"])
def test_no_field_takes_a_name_of_ours(name: str) -> None:
    with pytest.raises(ValueError, match=f"no field can be called {name}"):
        tables.columns_of(contract("odd", {name: {}}))


@pytest.mark.parametrize("name", ['a"; drop table head; --', "Ä", "", "1st", "a b"])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(ValueError, match="no name for"):
        tables.quoted(name)


def test_a_period_in_the_rows_is_not_doubled() -> None:
    view = tables.dataset_view(contract("meetings", {"period": {"format": "quarter"}}))
    assert 'd."period"' in view and "a.period" not in view
