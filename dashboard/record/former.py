"""The questions that compare a file with what its sender reported before, as SQL text. Never runs one, never judges.

Every name in them is a contract's and is checked; what is looked for comes as parameters. $file is the Parquet of the
new file's checked rows, $before are the files of former quarters, of which $first and $last are the first and the last,
so that the blocks of other files are not even looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.record.tables import quoted

_BEFORE = "submission_id in (select unnest($before)) and submission_id between $first and $last"


def _table(dataset: str) -> str:
    return quoted(f"d_{dataset}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _alike(names: Sequence[str], a: str, b: str) -> str:
    return " and ".join(f"{a}.{quoted(name)} is not distinct from {b}.{quoted(name)}" for name in names)


def usual(dataset: str, keys: Sequence[str], number: str) -> str:
    """Rows of the new file beside what was usual for them: row_number, the keys, v, quarters, mid, low, high, spread.

    `mid` is the median and `spread` the median distance from it, over the files $before in which the key had a number.
    """
    v, listed = quoted(number), _listed(keys)
    return (
        f"with usual as (select {listed}, count(*) as quarters, median(v)::double as mid, min(v)::double as low,"
        f" max(v)::double as high, mad(v)::double as spread from (select {listed}, {v}::double as v"
        f" from {_table(dataset)} where {_BEFORE} and {v} is not null) group by {listed})"
        f" select new.row_number, {', '.join(f'new.{quoted(k)}' for k in keys)}, new.{v}::double as v,"
        " quarters, mid, low, high, spread"
        f" from read_parquet($file) as new join usual on {_alike(keys, 'new', 'usual')}"
        f" where new.{v} is not null and quarters >= $least and new.{v} <> mid order by new.row_number"
    )


def gone(dataset: str, keys: Sequence[str]) -> str:
    """Rows of the file $former that the new one has not: the keys, and in how many of the files $before they were."""
    listed = _listed(keys)
    return (
        f"with former as (select row_number, {listed} from {_table(dataset)} where submission_id = $former),"
        f" often as (select {listed}, count(*) as files from {_table(dataset)} where {_BEFORE} group by {listed})"
        f" select {', '.join(f'former.{quoted(k)}' for k in keys)}, coalesce(files, 0) as files from former"
        f" left join often on {_alike(keys, 'former', 'often')}"
        f" where not exists (select 1 from read_parquet($file) as new where {_alike(keys, 'new', 'former')})"
        " order by former.row_number"
    )


def size(dataset: str, split: str) -> str:
    """How many rows the file $former has by the column `split` ("" for all together): split, rows."""
    name = quoted(split) if split else "''"
    return f"select {name} as split, count(*) as rows from {_table(dataset)} where submission_id = $former group by 1"


def same(dataset: str, columns: Sequence[str], numbers: Sequence[str], split: str) -> str:
    """How many different rows the new file, the file $former and both have, by `split`: split, new, old, alike, some.

    `some` counts the rows of the new file in which one of `numbers` is not zero.
    """
    listed, name = _listed(columns), quoted(split) if split else "''"
    some = " or ".join(f"coalesce({quoted(number)}, 0) <> 0" for number in numbers)
    return (
        f"select {name} as split, count(*) filter (here) as new, count(*) filter (there) as old,"
        f" count(*) filter (here and there) as alike, count(*) filter (here and ({some})) as some"
        f" from (select {listed}, bool_or(mine) as here, bool_or(not mine) as there from"
        f" (select {listed}, true as mine from read_parquet($file)"
        f" union all select {listed}, false from {_table(dataset)} where submission_id = $former) group by {listed})"
        " group by 1"
    )


def not_offered(
    coverage: str, keys: Sequence[str], service: str, numbers: Sequence[str], *, coverage_service: str
) -> str:
    """Rows of the new file that count something for a service that is in none of the states $working, as the file
    $former of the dataset `coverage` says: row_number, the keys, service."""
    some = " or ".join(f"coalesce(new.{quoted(number)}, 0) > 0" for number in numbers)
    return (
        f"with offered as (select country, {quoted(coverage_service)} as service,"
        " bool_or(availability in (select unnest($working))) as works"
        f" from {_table(coverage)} where submission_id = $former group by 1, 2)"
        f" select new.row_number, {', '.join(f'new.{quoted(k)}' for k in keys)}, offered.service"
        f" from read_parquet($file) as new join offered on new.country = offered.country"
        f" and new.{quoted(service)} = offered.service where not works and ({some}) order by new.row_number"
    )
