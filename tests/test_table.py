"""The table that travels between rooms: values and statuses that cannot come apart."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.reference.table import STATUS_WORDS, AsOf, Column, Status, Table

COLUMNS = (Column("country", "Country"), Column("seats", "Seats", unit="seats", numeric=True))


def of_values(frame):
    return frame.map(lambda _cell: Status.VALUE)


def table(frame, statuses=None, **more):
    return Table(
        title="Seats",
        columns=COLUMNS,
        frame=frame,
        statuses=of_values(frame) if statuses is None else statuses,
        as_of=AsOf(3, None),
        **more,
    )


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"country": ["XAA"]}),
        pd.DataFrame({"seats": [1], "country": ["XAA"]}),
    ],
)
def test_columns_must_be_those_of_the_frame_in_order(frame):
    with pytest.raises(ValueError, match="do not fit together"):
        table(frame)


def test_a_value_without_status_is_refused():
    frame = pd.DataFrame({"country": ["XAA", "XAB"], "seats": [1, 2]})
    with pytest.raises(ValueError, match="do not fit together"):
        table(frame, of_values(frame).head(1))


def test_statuses_carry_the_labels_of_the_frame():
    frame = pd.DataFrame({"country": ["XAA", "XAB"], "seats": [1, 2]}, index=["a", "b"])
    for other in (of_values(frame).rename(index={"b": "c"}), of_values(frame)[["seats", "country"]]):
        with pytest.raises(ValueError, match="do not fit together"):
            table(frame, other)


def test_caveats_are_added_once_and_the_table_stays_as_it_was():
    first = table(pd.DataFrame({"country": ["XAA"], "seats": [1]}), caveats=("As reported.",))
    second = first.with_caveats("As reported.", "Of the corridors tracked here.")
    assert first.caveats == ("As reported.",)
    assert second.caveats == ("As reported.", "Of the corridors tracked here.")


def test_every_status_that_hides_a_value_has_words():
    assert set(Status) - set(STATUS_WORDS) == {Status.VALUE, Status.ZERO}
    assert all(STATUS_WORDS.values())


def test_a_column_is_found_by_name():
    found = table(pd.DataFrame({"country": ["XAA"], "seats": [1]}))
    assert found.column("seats").unit == "seats"
    with pytest.raises(KeyError):
        found.column("name")
