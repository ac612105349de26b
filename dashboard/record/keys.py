"""The question for every row that a dataset ever had of one natural key, as SQL text. Never runs it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.record.tables import quoted


def question(dataset: str, key: Sequence[str]) -> str:
    """All rows of <dataset>_rows up to $version whose key has the texts $key_0, $key_1 ... ("" where it is empty).

    Raises ValueError for a dataset or a field whose name is none.
    """
    same = [f"coalesce(cast({quoted(name)} as varchar), '') = $key_{n}" for n, name in enumerate(key)]
    wanted = " and ".join(["since <= $version", *same])
    return f"select * from {quoted(dataset + '_rows')} where {wanted} order by since, row_number"


def parameters(key: Sequence[str]) -> dict[str, str]:
    """The texts of a key by the names that `question` gives them."""
    return {f"key_{n}": said for n, said in enumerate(key)}
