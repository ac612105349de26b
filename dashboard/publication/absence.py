"""Why a release has no row of a count of contacts. Never holds a count, and never says that one is 0."""

from __future__ import annotations

from dashboard.reference.table import Status
from dashboard.reference.text import N_

MEANS = {
    Status.NOT_REPORTED: N_("no report was received"),
    Status.NO_COUNT: N_("reports were received, and none has a count of this kind; it does not mean 0"),
    Status.NO_YEAR: N_("a year's total is given once all four quarters were reported"),
}
"""What it means where there is neither a number nor a hidden one."""


def status(period: str, whole: str | None) -> Status:
    """Why a release has no row of a count; `whole` is the status of all contacts of its place and period, if any.

    It rests on which rows there are, which everybody sees, and on no count: a row that is hidden is there.
    """
    if whole is not None and whole != Status.NOT_REPORTED:
        return Status.NO_COUNT
    return Status.NOT_REPORTED if "-Q" in period else Status.NO_YEAR
