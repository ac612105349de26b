"""What is unusual in a clean file beside what its organisation reported before. Never keeps a file out, never asks why.

Compared is with the organisation's own accepted files of the REMEMBERED quarters before, by the key of each row. All
rows are compared at once, in the database; what comes back are the few that stand out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.intake import counts
from dashboard.record import former
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract

REMEMBERED = 8
"""So many quarters before are compared with."""
ALWAYS = 3
"""In so many files at least a row was, of which is said that it was always there."""
SMALL = 3
"""A count that was never smaller is missed when it is 0; of one or two contacts a quarter 0 is no news."""
ENOUGH = 4
"""So many quarters at least a median and a spread are taken of."""
TOGETHER = 20
"""More cells of one column with one cause are told as one."""
FEW_ROWS = 5
"""More rows that are gone are told as a number."""
CHANCE = 3 * 1.4826
"""So many median distances from the median are no chance: three standard deviations, were the numbers normal."""

_COVERAGE = "service_coverage"
_WORKING = ["available", "limited", "not_known"]
_NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Noticed:
    """One thing that stands out: a kind of the catalogue, where, and what fills its sentences.

    `counted`: it rests on rows that count contacts, so that it is told to nobody who may not see these.
    """

    code: str
    row: int | None
    column: str | None
    value: str | None
    words: Mapping[str, Any]
    counted: bool
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Asked:
    """One file and what it is compared with: the files of the quarters before, and the last one accepted."""

    house: House
    contract: Contract
    file: str
    before: list[str]
    former: Mapping[str, Any] | None
    period: str

    @property
    def keys(self) -> list[str]:
        return [name for name in self.contract.key if name != "period"]

    @property
    def numbers(self) -> list[str]:
        return [f.name for f in self.contract.fields if f.type in _NUMBERS and f.name not in self.contract.key]

    def frame(self, sql: str, **params: Any) -> pd.DataFrame:
        """The answer to a question of record.former, which takes what it names of these parameters."""
        known = {
            "file": self.file,
            "before": self.before,
            "first": min(self.before, default=""),
            "last": max(self.before, default=""),
            "former": self.former["submission_id"] if self.former else "",
        } | params
        return self.house.store.frame(sql, **{name: value for name, value in known.items() if f"${name}" in sql})

    def counted(self, frame: pd.DataFrame) -> pd.Series:
        """Which rows of an answer rest on rows that count contacts."""
        return counts.mask(self.house, self.contract, frame)


def found(house: House, contract: Contract, submission: Mapping[str, Any]) -> list[Noticed]:
    """What stands out in a file that is kept already: `submission` has organisation_code, period, sha256.

    One question for each of what can be unusual, whatever the number of rows; well under 50 ms for a small file.
    """
    quarter = periods.parse(submission["period"])
    files = house.store.read(
        "select accepted.submission_id, accepted.period, submission.sha256 from accepted join submission"
        " using (submission_id) where accepted.dataset = $dataset and accepted.organisation_code = $organisation"
        " and accepted.until is null and accepted.period between $oldest and $period"
        " order by accepted.period desc",
        dataset=contract.name,
        organisation=submission["organisation_code"],
        oldest=str(quarter.shifted(-REMEMBERED)),
        period=str(quarter),
    )
    asked = _Asked(
        house,
        contract,
        str(house.files.parquet(submission["sha256"], contract.hash)),
        [file["submission_id"] for file in files if file["period"] < str(quarter)],
        files[0] if files else None,
        str(quarter),
    )
    noticed = [*_not_offered(asked, submission["organisation_code"])]
    if asked.former and asked.keys:
        noticed += [*_numbers(asked), *_gone(asked), *_same(asked)]
    return sorted(noticed, key=lambda one: (one.row or 0, one.column or ""))


# --- numbers ---


def _numbers(asked: _Asked) -> Iterable[Noticed]:
    if not asked.before:
        return
    for number in asked.numbers:
        frame = asked.frame(former.usual(asked.contract.name, asked.keys, number), least=ALWAYS)
        if frame.empty:
            continue
        whole = asked.contract.field(number).type == "integer"
        frame = frame.assign(code=_judged(frame, whole), counted=asked.counted(frame))
        frame = frame[frame["code"] != ""]
        yield from _told(frame, number, _beside)


def _judged(frame: pd.DataFrame, whole: bool) -> np.ndarray[Any, Any]:
    """The kind of each row, "" for a number like those before it. `whole`: the numbers are counts."""
    v, mid, low, high, quarters = (frame[name].to_numpy(float) for name in ("v", "mid", "low", "high", "quarters"))
    usual = np.abs(mid)
    # Counts move by their square root, whatever happens; and nobody has to explain five more.
    floor = np.maximum(0.5 * usual, np.maximum(3 * np.sqrt(usual), 5) if whole else 0)
    far = np.abs(v - mid) > np.maximum(CHANCE * frame["spread"].to_numpy(float), floor)
    return np.select(
        [(v == 0) & (low >= SMALL if whole else low > 0), _factors(v, mid, low, high) > 0, far & (quarters >= ENOUGH)],
        ["zero-after-numbers", "factor-thousand", "outlier"],
        default="",
    )


def _factors(v: Any, mid: Any, low: Any, high: Any) -> np.ndarray[Any, Any]:
    """1000, 100 or 10 where a number is about so many times its median, or so small a part of it; else 0.

    Ten and a hundred times happen by themselves where numbers vary: they count where they hardly did.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        larger = np.maximum(v, mid)
        times = np.where((v > 0) & (mid > 0), larger / np.minimum(v, mid), 0)
    steady = (low > 0) & (high <= 2 * low) & (larger >= 100)
    near = [(times > factor / 1.5) & (times < factor * 1.5) for factor in (1000, 100, 10)]
    return np.select([near[0] & (larger >= 1000), near[1] & steady, near[2] & steady], [1000, 100, 10], default=0)


def _beside(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What the sentences say of one number."""
    said = {name: round(float(row[name]), 6) for name in ("mid", "low", "high")}
    words: dict[str, Any] = {"median": said["mid"], "low": said["low"], "high": said["high"]}
    words["quarters"] = int(row["quarters"])
    if row["code"] == "factor-thousand":
        factor = int(_factors(*(np.array([row[name]], float) for name in ("v", "mid", "low", "high")))[0])
        words["how"] = f"{factor} {'times' if row['v'] > row['mid'] else 'part'}"
    return words


def _told(frame: pd.DataFrame, column: str, words: Callable[[Mapping[Any, Any]], dict[str, Any]]) -> Iterable[Noticed]:
    """A notice for each row, or one for all of a cause where they are too many to read."""
    for (code, counted), of in frame.groupby(["code", "counted"], sort=False):
        shown = of.head(1 if len(of) > TOGETHER else TOGETHER)
        rows = tuple(int(row) for row in of["row_number"].head(TOGETHER)) if len(of) > TOGETHER else ()
        for record in shown.to_dict("records"):
            said = words(record) | ({"count": len(of)} if rows else {})
            value = _cell(record["v"]) if "v" in record else str(record[column])
            yield Noticed(str(code), int(record["row_number"]), column, value, said, bool(counted), rows)


def _cell(value: float) -> str:
    """A number as it stands in the file."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


# --- rows ---


def _gone(asked: _Asked) -> Iterable[Noticed]:
    """Rows that were there and are not: each one where it was always there, or how many of all."""
    name, keys = asked.contract.name, asked.keys
    frame = asked.frame(former.gone(name, keys))
    if frame.empty or asked.former is None:
        return
    split = counts.indicator_column(asked.contract)
    sizes = asked.frame(former.size(name, split)).rename(columns={"split": split or "split"})
    if len(asked.before) >= ALWAYS:  # what comes once a year, or in a survey, is not gone in the quarters between
        frame = frame[frame["files"] * 2 >= len(asked.before)]
    frame, sizes = frame.assign(counted=asked.counted(frame)), sizes.assign(counted=asked.counted(sizes))
    for counted, of in frame.groupby("counted"):
        before = int(sizes.loc[sizes["counted"] == counted, "rows"].sum())
        always = of[of["files"] == len(asked.before)] if len(asked.before) >= ALWAYS else of.head(0)
        if (len(of) * 4 >= before and before >= ALWAYS) or len(always) > FEW_ROWS:
            said = {
                "gone": len(of),
                "before": before,
                "period": asked.former["period"],
                "among": _keyed(of.head(3), keys),
            }
            yield Noticed("rows-gone", None, None, None, said, bool(counted))
            continue
        for among in _keyed(always, keys):
            yield Noticed(
                "row-gone", None, None, None, {"among": [among], "quarters": len(asked.before)}, bool(counted)
            )


def _keyed(frame: pd.DataFrame, keys: list[str]) -> list[dict[str, str]]:
    """What names each row, without what is empty."""
    return [
        {str(name): str(value) for name, value in record.items() if not pd.isna(value)}
        for record in frame[keys].to_dict("records")
    ]


def _same(asked: _Asked) -> Iterable[Noticed]:
    """Whether the numbers are those of the quarter before, row by row: of figures that are counted anew that is odd."""
    last = asked.former
    if last is None or last["period"] >= asked.period or not asked.numbers or not asked.contract.quarterly:
        return
    split = counts.indicator_column(asked.contract)
    columns = [name for name in asked.contract.header if name != "period"]
    frame = asked.frame(former.same(asked.contract.name, columns, asked.numbers, split))
    frame = frame.rename(columns={"split": split or "split"})
    frame = frame.assign(counted=asked.counted(frame))
    for counted, of in frame.groupby("counted"):
        new, old, alike, some = (int(of[name].sum()) for name in ("new", "old", "alike", "some"))
        if new == old == alike and new >= 2 and some:
            yield Noticed("same-as-last", None, None, None, {"period": last["period"], "many": new}, bool(counted))


def _not_offered(asked: _Asked, organisation_code: str) -> Iterable[Noticed]:
    """Rows that count something at a service that the organisation itself says it does not offer."""
    contract, coverage = asked.contract, asked.house.library.contracts.get(_COVERAGE)
    service = next((f.name for f in contract.fields if f.codes == "services" and not f.many), "")
    if coverage is None or contract.name == _COVERAGE or not service or not asked.numbers:
        return
    known = asked.house.store.read(
        "select submission_id, period from accepted where dataset = $dataset and organisation_code = $organisation"
        " and until is null and period between $oldest and $period order by period desc limit 1",
        dataset=coverage.name,
        organisation=organisation_code,
        oldest=str(periods.parse(asked.period).shifted(1 - ENOUGH)),
        period=asked.period,
    )
    if not known or "country" not in contract.header:
        return
    sql = former.not_offered(coverage.name, asked.keys, service, asked.numbers, coverage_service="service_code")
    frame = asked.frame(sql, former=known[0]["submission_id"], working=_WORKING)
    if frame.empty:
        return
    frame = frame.assign(code="service-not-covered", counted=asked.counted(frame))
    yield from _told(frame, service, lambda row: {"service": row["service"], "period": known[0]["period"]})
