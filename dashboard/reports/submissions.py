"""What was sent, by whom, and what it would change: lists and history. Never changes a submission."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dashboard.intake import counts, remarks, restoring, versions
from dashboard.intake import submissions as door
from dashboard.intake.remarks import Remark
from dashboard.intake.versions import Version
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.cells import bare, safe
from dashboard.reference.text import _, n_, words
from dashboard.reports.preview import Preview, preview

MOST = 500
"""So many files a list shows; those that wait for review come first, so none of them is left out for an old one."""
_NAMED = 5


@dataclass(frozen=True)
class Totals:
    """How many files a list has, whether it shows them all or not, and how many of them wait for review."""

    files: int
    waiting: int


@dataclass(frozen=True)
class Detail:
    """One submission with its steps, its preview and what this viewer may do next.

    `counted`: the file counts contacts. Then `withheld` says why its counts are not shown to her, where they are not,
    and `cannot_accept` why she, who reviews, may not accept it. Where they are withheld, `row` has no hash, size and
    notes, for these would tell the counts to whoever guesses; the person who sent the file keeps them.
    `chain` has the versions of the same place, oldest first, and `counting` is the id of the one that counts now. What
    bringing this one back would change against that is `restoring`; `cannot_restore` says why a reviewer may not.
    """

    row: dict[str, Any]
    organisation: str
    steps: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    preview: Preview | None
    newer: dict[str, Any] | None
    may: frozenset[str]
    counted: bool = False
    withheld: str = ""
    cannot_accept: str = ""
    chain: tuple[Version, ...] = ()
    counting: str = ""
    restoring: Preview | None = None
    cannot_restore: str = ""
    remarks: tuple[Remark, ...] = ()


_MINE = (
    " from submission_now as s where ($everything or organisation_code in (select unnest($organisations)))"
    " and ($state = '' or state = $state) and ($dataset = '' or dataset = $dataset)"
    " and ($period = '' or period = $period) and ($anywhere or organisation_code in (select unnest($there)))"
)


# Of her own organisation, begun or to be mended, and no later file for the same place was handed in since.
_OWN = (
    "(s.state in ('staged', 'returned') and s.organisation_code = $own and not exists"
    " (select 1 from submission_now as o where o.dataset = s.dataset and o.period = s.period"
    " and o.organisation_code = s.organisation_code"
    " and o.submission_id <> s.submission_id and o.state in ('submitted', 'accepted')"
    " and o.state_version > s.state_version))"
)


@dataclass(frozen=True)
class Asked:
    """Which files a list shows; an empty part asks for all."""

    state: str = ""
    dataset: str = ""
    country: str = ""
    period: str = ""


def _asked(viewer: Viewer, house: House, asked: Asked) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """The organisations by code, and what _MINE is asked with. Raises policy.Refused."""
    policy.require(viewer, "view submissions")
    scope = policy.scope(viewer, "view submissions")
    known = {o["organisation_code"]: o for o in organisations.known(viewer, house)}
    mine = [code for code, o in known.items() if code in scope.organisations or o["country"] in scope.countries]
    there = [code for code, o in known.items() if o["country"] == asked.country]
    return known, {
        "everything": scope.everything,
        "organisations": mine or [""],
        "anywhere": not asked.country,
        "there": there or [""],
        "state": asked.state,
        "dataset": asked.dataset,
        "period": asked.period,
    }


def totals(viewer: Viewer, house: House, state: str = "", **more: str) -> Totals:
    """The size of the list of which `listing` shows the first ones, asked alike. Raises policy.Refused."""
    _known, asked = _asked(viewer, house, Asked(state, **more))
    row = house.store.read(
        "select count(*) as files, count(*) filter (state = 'submitted') as waiting" + _MINE, **asked
    )
    return Totals(**row[0])


def periods_of(viewer: Viewer, house: House) -> list[str]:
    """The quarters of which the viewer may see a file, newest first. Raises policy.Refused."""
    _known, asked = _asked(viewer, house, Asked())
    return [row["period"] for row in house.store.read("select distinct period" + _MINE + " order by 1 desc", **asked)]


def listing(
    viewer: Viewer, house: House, state: str = "", *, most: int | None = None, **more: str
) -> list[dict[str, Any]]:
    """The submissions that this viewer may see, as rows of `submission_now` with country and names.

    `more` narrows by the other parts of Asked: dataset, country, period. What her own organisation began or has to mend
    first (`own`), then those that wait for review, then the newest; never more than `most`. Raises policy.Refused.
    """
    known, asked = _asked(viewer, house, Asked(state, **more))
    rows = house.store.read(
        "select *, "
        + _OWN
        + " as own"
        + _MINE
        + " order by own desc, state = 'submitted' desc, state_at desc, submission_id limit $most",
        most=most or MOST,
        own=viewer.organisation_code,
        **asked,
    )
    return [
        row
        | {
            "country": known.get(row["organisation_code"], {}).get("country", ""),
            "organisation": known.get(row["organisation_code"], {}).get("name", row["organisation_code"]),
            "title": title(house, row["dataset"]),
        }
        for row in rows
    ]


def next_step(viewer: Viewer, house: House, row: dict[str, Any]) -> str:
    """What this viewer does next with a file of `listing`, in words; empty where she does nothing."""
    if (
        not row["own"]
        or not door.may_send(viewer, house, row["dataset"], row["organisation_code"], row["country"]).allowed
    ):
        return ""
    if row["state"] == "staged":
        return _("Submit it: it was checked and not handed in.")
    rows = sorted({r.row_number for r in remarks.of(viewer, house, row["submission_id"]) if r.row_number})
    if not rows:
        return _("Returned: read the comment, mend the file, send it again.")
    listed = words([str(n) for n in rows[:_NAMED]] + ([_("others")] if len(rows) > _NAMED else []))
    return n_(
        "Returned: mend row {rows}, send it again.",
        "Returned: mend rows {rows}, send it again.",
        len(rows),
        rows=listed,
    )


def title(house: House, dataset: str) -> str:
    """A dataset's title, or its name when its contract is no longer here."""
    contract = house.library.contracts.get(dataset)
    return _(contract.title) if contract else dataset


def named(house: House, organisation_code: str) -> str:
    """An organisation's name as the register has it, or its code."""
    found = organisations.register(house).get(organisation_code)
    return found.name if found else organisation_code


def detail(viewer: Viewer, house: House, submission_id: str) -> Detail:
    """One submission. Raises policy.Refused for what is not there and for what is not the viewer's, alike."""
    row = door.find(viewer, house, submission_id)
    steps = house.store.read(
        "select event, submission_event.recorded_at, by_account, comment,"
        " coalesce(account_now.name, by_account) as by_name,"
        " coalesce(lag(event) over (order by submission_event.version, event_id), '') as before"
        " from submission_event left join account_now on account_now.account_id = by_account"
        " where submission_id = $id order by submission_event.version, event_id",
        id=submission_id,
    )
    code = row["organisation_code"]
    live = row["state"] not in ("lapsed", "expunged", "withdrawn")
    counted = counts.holds(house, row)
    shut = counted and not counts.sees(viewer, row)
    may = _open_steps(viewer, house, row)
    refused = row["state"] == "submitted" and "accept" not in may and "return" in may
    hers = row["staged_by"] == viewer.account_id
    way = restoring.way(house, row)
    return Detail(
        row=row | ({"sha256": "", "size": None, "notes": ""} if shut and not hers else {}),
        organisation=named(house, code),
        steps=tuple(steps),
        notes=tuple(json.loads(row.get("notes") or "[]")) if hers or not shut else (),
        preview=preview(viewer, house, row) if live else None,
        newer=door.newer(house, row) if row["state"] in ("staged", "submitted") else None,
        may=may,
        counted=counted,
        withheld=_(counts.NOT_YET) if shut else "",
        cannot_accept=counts.may_accept(viewer, house, row).reason if refused else "",
        chain=versions.chain(viewer, house, row),
        counting=versions.counting(house.store.read, row),
        restoring=preview(viewer, house, row | {"state": "staged"})
        if "restore" in may and way.event == "accepted"
        else None,
        cannot_restore=_not_hers_to_restore(viewer, house, row) if way.event and "restore" not in may else "",
        remarks=remarks.of(viewer, house, submission_id),
    )


def _not_hers_to_restore(viewer: Viewer, house: House, row: dict[str, Any]) -> str:
    """Why somebody who reviews this file may not bring it back; nothing for whoever reviews none."""
    where = {"organisation_code": row["organisation_code"], "country": row["country"]}
    if not policy.may(viewer, "review submissions", **where).allowed:
        return ""
    return restoring.may_restore(viewer, house, row).reason


def _open_steps(viewer: Viewer, house: House, row: dict[str, Any]) -> frozenset[str]:
    def may(action: str) -> bool:
        return policy.may(viewer, action, organisation_code=row["organisation_code"], country=row["country"]).allowed

    sends = door.may_send(viewer, house, row["dataset"], row["organisation_code"], row["country"]).allowed
    reviews, state = may("review submissions"), row["state"]
    steps = set()
    if sends and state == "staged":
        steps.add("submit")
    if (
        sends
        and state in ("staged", "submitted", "returned")
        or reviews
        and state == "accepted"
        and _counts(house, row)
    ):
        steps.add("withdraw")
    if reviews and state == "submitted":
        steps |= {"accept", "return"} if counts.may_accept(viewer, house, row).allowed else {"return"}
        steps.add("remark")
    if restoring.may_restore(viewer, house, row).allowed:
        steps.add("restore")
    return frozenset(steps)


def _counts(house: House, row: dict[str, Any]) -> bool:
    """Whether an accepted file is still the one that counts; one that was replaced cannot be withdrawn."""
    return bool(
        house.store.read(
            "select 1 as yes from accepted where submission_id = $id and until is null", id=row["submission_id"]
        )
    )


@dataclass(frozen=True)
class Content:
    """What stands in one version: its rows by the number that the spreadsheet shows, each cell as the file writes it.

    `numbers` are the places of the columns that hold numbers.
    `withheld` rows count contacts that the viewer may not see, and `why` says so; `cannot` is why there are no rows.
    """

    row: dict[str, Any]
    organisation: str
    header: tuple[str, ...]
    titles: tuple[str, ...]
    numbers: tuple[int, ...]
    cells: tuple[tuple[int, tuple[str, ...]], ...]
    withheld: int = 0
    why: str = ""
    cannot: str = ""


def rows(viewer: Viewer, house: House, submission_id: str) -> Content:
    """The rows of a file that this viewer may see. Raises policy.Refused as `detail` does."""
    row = door.find(viewer, house, submission_id)
    organisation = named(house, row["organisation_code"])
    contract, held = house.library.contracts.get(row["dataset"]), versions.rows(viewer, house, row)
    if contract is None or held is None:
        return Content(row, organisation, (), (), (), (), cannot=_("The rows of this file are no longer here."))
    fields = [f for f in contract.fields if f.name in held.frame.columns]
    columns = [[bare(safe(v)) for v in held.frame[f.name]] for f in fields]
    numbers = [int(n) for n in held.frame["row_number"]]
    return Content(
        row,
        organisation,
        tuple(f.name for f in fields),
        tuple(_(f.title) for f in fields),
        tuple(place for place, f in enumerate(fields) if f.type in ("integer", "number")),
        tuple(zip(numbers, zip(*columns, strict=True), strict=True)),
        held.withheld,
        _(counts.NOT_YET) if held.withheld else "",
    )
