"""The question that adds up the rows of each file of a dataset, as SQL text. Never runs it, never judges a sum."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dashboard.record.tables import quoted


def question(
    dataset: str,
    by: Sequence[str],
    measures: Sequence[tuple[str, str]],
    where: str,
    *,
    reads: Iterable[str] = (),
    there: Collection[str],
    some: bool,
) -> str:
    """`measures` (name, aggregate) of the rows that meet `where`, for each file and combination of the columns `by`.

    Columns of `by` and `reads` that the table does not have (`there` are those it has) count as empty. With `some` it
    asks for the files $these, of which $first and $last are the first and the last, so that the blocks of files before
    and after are not even looked at. Columns: `by`, the measures, submission_id, reported_by, period.
    `where` and the aggregates stand in our code; names are checked. Raises ValueError for a name that is none.
    """
    table = quoted(f"d_{dataset}")
    missing = "".join(f", null::varchar as {quoted(name)}" for name in sorted({*by, *reads} - set(there)))
    only = " where submission_id in (select unnest($these)) and submission_id between $first and $last" if some else ""
    named = [quoted(name) for name in by]
    sums = [f"{aggregate} as {quoted(name)}" for name, aggregate in measures]
    group = ", ".join(["submission_id", *named])
    shown = ", ".join([*named, *(quoted(name) for name, _aggregate in measures), "submission_id, reported_by, period"])
    return (
        f"select {shown} from (select {', '.join([group, *sums])} from (select *{missing} from {table}{only})"
        f" where {where} group by {group})"
        " join (select distinct submission_id, organisation_code as reported_by, period from submission)"
        f" using (submission_id) order by {group}"
    )
