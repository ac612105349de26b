"""Which reports came, were replaced or withdrawn, and which seats changed. Never shows a row of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.people import organisations
from dashboard.reference import periods
from dashboard.reference.text import _, n_, number
from dashboard.reports import marts, members, reporting, submissions
from dashboard.reports.action_names import names_at
from dashboard.reports.since_ends import Change, Ends

_COUNTED = (
    "select dataset, organisation_code, period, submission_id from accepted"
    " where since <= $version and (until is null or until > $version)"
)
Place = tuple[str, str, str]
"""A dataset, an organisation and a quarter: what one file is for."""


def reports(ends: Ends) -> Iterator[Change]:
    """How far the last quarter's reports are, then by organisation and quarter what came, was corrected or is gone."""
    yield from _received(ends)
    old, now = (_counted(ends, version) for version in ends.versions)
    names = names_at(ends.house, ends.versions[1])
    changed: dict[tuple[str, str, str], list[str]] = {}
    for dataset, organisation, period in sorted({*old, *now}):
        former, stands = (of.get((dataset, organisation, period)) for of in (old, now))
        if former != stands:
            what = "gone" if stands is None else "corrected" if former is not None else "accepted"
            group = (names.organisation(organisation), period, what)
            changed.setdefault(group, []).append(submissions.title(ends.house, dataset))
    for (organisation, period, what), titles in sorted(changed.items(), key=lambda one: one[0]):
        yield _files(organisation, _quarter(period), what, titles)


def _counted(ends: Ends, version: int) -> dict[Place, str]:
    """Which file counted for each place, of the country's organisations, as far as this viewer is told of them."""
    _known, scope, _told = marts.readable(ends.later, ends.house)
    rows: list[dict[str, Any]] = ends.house.store.read(_COUNTED, version=version)
    return {
        (row["dataset"], row["organisation_code"], row["period"]): row["submission_id"]
        for row in rows
        if row["dataset"] in ends.house.library.contracts
        and organisations.country_of(ends.house, row["organisation_code"]) == ends.country
        and (scope.everything or row["organisation_code"] in scope.organisations)
    }


def _files(organisation: str, quarter: str, what: str, titles: list[str]) -> Change:
    named = _(
        "{organisation}, {quarter}: {titles}", organisation=organisation, quarter=quarter, titles=", ".join(titles)
    )
    before, now, said = {
        "accepted": (_("not there"), _("accepted"), _("{what}: accepted.", what=named)),
        "corrected": (_("accepted"), _("corrected"), _("{what}: corrected since, and accepted again.", what=named)),
        "gone": (_("accepted"), _("does not count"), _("{what}: does not count any more.", what=named)),
    }[what]
    return Change("reports", named, before, now, said)


def _quarter(period: str) -> str:
    return periods.parse(period).label


def _received(ends: Ends) -> Iterator[Change]:
    """How many of the reports that were expected for the last quarter are in, at both ends."""
    period = str(periods.last_ended(ends.later.today))
    found = [
        reporting.reporting(viewer, ends.house, period=period, country=ends.country, version=moment.version)
        for viewer, moment in ((ends.earlier, ends.before), (ends.later, ends.then))
    ]
    counts = [(len(one.standing(*reporting.RECEIVED)), len(one.files)) for one in found]
    if counts[0] == counts[1] or not counts[1][1]:
        return
    stood, stands = (
        n_("{received} of {count} expected report", "{received} of {count} expected reports", of, received=number(got))
        for got, of in counts
    )
    what = _("Reports for {quarter}", quarter=_quarter(period))
    said = _("{what}: {now} received, before {former}.", what=what, now=stands, former=stood)
    yield Change("reports", what, stood, stands, said)


def seats(ends: Ends) -> Iterator[Change]:
    """Each category of stakeholders whose seat changed, and each organisation that joined or left the register.

    A first register is one change, and not one for each seat.
    """
    old, now = (
        members.members(viewer, ends.house, country=ends.country, version=moment.version)
        for viewer, moment in ((ends.earlier, ends.before), (ends.later, ends.then))
    )
    if ends.country not in now.countries:
        return
    if ends.country not in old.countries:
        filled = int((now.seats.frame[ends.country] == "filled").sum())
        stands = n_("{count} seat filled", "{count} seats filled", filled)
        what = _("Register of members")
        yield Change("seats", what, _("none"), stands, _("A first register of members: {stands}.", stands=stands))
        return
    for code in now.seats.frame.index:
        stood, stands = (str(one.seats.frame.loc[code, ends.country]) for one in (old, now))
        if stood != stands:
            title = str(now.seats.frame.loc[code, "category"])
            before, after = _(members.SEATS[stood]), _(members.SEATS[stands])
            said = _("{what}: {now}, before: {former}.", what=title, now=after.lower(), former=before.lower())
            yield Change("seats", title, before, after, said)
    yield from _joined(_listed(ends, old), _listed(ends, now))


def _listed(ends: Ends, found: members.Members) -> dict[str, str]:
    """The organisations of the country's register that this viewer may read one by one, by code."""
    frame = found.register.frame
    return {
        str(row["organisation_code"]): str(row["organisation_name"])
        for row in frame.to_dict("records")
        if organisations.prefix(str(row["organisation_code"])) == ends.country
    }


def _joined(old: dict[str, str], now: dict[str, str]) -> Iterator[Change]:
    for code in sorted({*old, *now}):
        if code not in old:
            yield Change(
                "seats",
                now[code],
                _("not in the register"),
                _("in the register"),
                _("{organisation} joined the register of members.", organisation=now[code]),
            )
        elif code not in now:
            yield Change(
                "seats",
                old[code],
                _("in the register"),
                _("not in the register"),
                _("{organisation} left the register of members.", organisation=old[code]),
            )
