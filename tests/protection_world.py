"""Small tables of contacts by hand and by chance, and a reader who works ranges out in the plainest way."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from dashboard.protection.ledger import Ledger
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import Protected, protect
from dashboard.reference.thresholds import Rules

COLUMNS = ["country", "sector", "service", "origin", "period", "organisation_code", "contacts"]
KEY = COLUMNS[:5]
T = 11


def counted(*rows: str) -> pd.DataFrame:
    """Rows such as "XAA health S1 XBA 2026-Q1 ONE 12"."""
    frame = pd.DataFrame([row.split() for row in rows], columns=COLUMNS)
    return frame.astype({"contacts": int})


def three(*rows: str) -> pd.DataFrame:
    """Rows without an organisation; three of them count each, a third or one more."""
    parts = []
    for row in rows:
        *key, contacts = row.split()
        share, rest = divmod(int(contacts), 3)
        parts += [[*key, f"{key[0]}-{n}", share + (n < rest)] for n in range(3)]
    return pd.DataFrame(parts, columns=COLUMNS)


def public(rows: str) -> pd.DataFrame:
    """Public rows by hand, a line each: "XAA _T _T _T 2026-Q1 31"; a star where the count is hidden."""
    frame = pd.DataFrame([line.split() for line in rows.strip().splitlines()], columns=[*KEY, "said"])
    contacts = pd.to_numeric(frame["said"].replace({"*": None, "?": None})).astype("Int64")
    status = frame["said"].map({"*": "suppressed", "?": "not reported", "0": "zero"}).fillna("value")
    return frame[KEY].assign(contacts=contacts, status=status)


def cube(seed: int, countries: int = 3, quarters: int = 1, services: int = 3, origins: int = 2) -> pd.DataFrame:
    """A small table by chance: one to four organisations a figure, small counts and zeros."""
    rng = np.random.default_rng(seed)
    rows = []
    for c in range(countries):
        for q in range(quarters):
            for s in range(services):
                for o in range(origins):
                    mean = rng.choice([0.3, 2.0, 8.0, 30.0])
                    for office in range(int(rng.integers(1, 5))):
                        key = [f"XA{chr(65 + c)}", "health" if s < 2 else "social", f"S{s}", f"XB{chr(65 + o)}"]
                        rows.append([*key, f"2026-Q{q + 1}", f"XA{chr(65 + c)}-{office}", int(rng.poisson(mean))])
    return pd.DataFrame(rows, columns=COLUMNS)


def released(*known: pd.DataFrame, rules: Rules | None = None) -> list[Protected]:
    """One release after the other of what was known then."""
    done: list[Protected] = []
    for number, contributions in enumerate(known):
        ledger = Ledger([each.rows for each in done], known[:number])
        done.append(protect(statistics(contributions, ledger, rules)))
    return done


def said(rows: pd.DataFrame, key: str) -> tuple[object, str]:
    """Value (None for none) and status of the figure with this key, such as "XAA health S1 _T 2026-Q1"."""
    row = rows[(rows[KEY] == key.split()).all(axis=1)].iloc[0]
    return (None if pd.isna(row["contacts"]) else int(row["contacts"])), str(row["status"])


class Reader:
    """What one release, alone, leaves open: the least and the most of each row, over all counts that fit it.

    The counts are those of each service and each origin in each country and quarter, and every row is a sum of these
    picked by its key, so that nothing is shared with what hides or attacks. `own`: one organisation's contributions,
    if it is who reads.
    """

    def __init__(self, rows: pd.DataFrame, own: pd.DataFrame | None = None) -> None:
        quarterly = (rows["country"] != "_T") & (rows["period"].str.len() > 4)
        self.services = rows[quarterly & (rows["service"] != "_T")][KEY].reset_index(drop=True)
        self.origins = rows[quarterly & (rows["origin"] != "_T")][KEY].reset_index(drop=True)
        self.count = len(self.services) + len(self.origins)
        left, right = [], []
        for *key, contacts in rows[[*KEY, "contacts"]].itertuples(index=False, name=None):
            ways = self.ways(key)
            left += [ways[0] - way for way in ways[1:]]
            right += [0.0] * (len(ways) - 1)
            if not pd.isna(contacts):
                left.append(ways[0])
                right.append(float(contacts))
        self.left, self.right = np.array(left), np.array(right)
        self.least = np.zeros(self.count)
        if own is not None:
            for listed, dims, start in (
                (self.services, ["sector", "service"], 0),
                (self.origins, ["origin"], len(self.services)),
            ):
                mine = own.groupby(["country", "period", *dims])["contacts"].sum().to_dict()
                for i, row in enumerate(listed[["country", "period", *dims]].itertuples(index=False, name=None)):
                    self.least[start + i] = mine.get(row, 0)

    def ways(self, key: list[str]) -> list[np.ndarray]:
        """The ways to add the figure up from counts: one, or two for a total."""
        country, sector, service, origin, period = key
        picked = []
        for listed in (self.services, self.origins):
            here = listed["period"].str.startswith(period)
            if country != "_T":
                here &= listed["country"] == country
            picked.append((listed, here))
        services = picked[0][1]
        if sector != "_T":
            services &= self.services["sector"] == sector
        if service != "_T":
            services &= self.services["service"] == service
        origins = picked[1][1]
        if origin != "_T":
            origins &= self.origins["origin"] == origin
        by_service = np.r_[services.to_numpy(float), np.zeros(len(self.origins))]
        by_origin = np.r_[np.zeros(len(self.services)), origins.to_numpy(float)]
        if origin != "_T":
            return [by_origin]
        return [by_service, by_origin] if sector == "_T" else [by_service]

    def range(self, key: list[str]) -> tuple[float, float]:
        """The least and the most that the figure can be."""
        aim, ends = self.ways(key)[0], []
        for sign in (1, -1):
            found = linprog(
                sign * aim, A_eq=self.left, b_eq=self.right, bounds=np.c_[self.least, np.full(self.count, np.inf)]
            )
            ends.append(float(found.fun) * sign if found.status == 0 else np.inf)
            assert found.status in (0, 3), found.message
        return round(ends[0], 4), round(ends[1], 4)


def narrowed(done: Protected, contributions: pd.DataFrame, own: pd.DataFrame | None = None) -> list[str]:
    """The figures hidden of themselves that a reader of this release alone learns more of than that they are hidden.

    A small one must be able to be all of 1 to T - 1, another one all from T - 1 less to T - 1 more; for one who counted
    a of it, from a.
    """
    reader, found = Reader(done.rows, own), []
    stats = statistics(contributions)
    mine = (
        {}
        if own is None
        else dict(zip(map(tuple, statistics(own).keys.to_numpy()), statistics(own).values, strict=True))
    )
    for i in np.flatnonzero((done.why != "") & (done.why != "secondary")):
        key = done.rows.loc[i, KEY].tolist()
        value, floor = stats.values[i], mine.get(tuple(key), 0)
        low, high = (1, T - 1) if value < T else (max(value - T + 1, 0), value + T - 1)
        least, most = reader.range(key)
        if least > max(low, floor) + 1e-3 or most < high - 1e-3:
            found.append(f"{' '.join(key)}: {value}, read as {least} to {most}")
    return found
