"""Templates that agencies fill in, made from the contract. Never holds a column that the contract does not name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from dashboard.intake import counts, explained
from dashboard.intake.senders import own_actions
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.cells import safe
from dashboard.reference.codes import Code
from dashboard.reference.contracts import Contract
from dashboard.reference.text import _


def default_codes(house: House, name: str, day: date) -> list[Code]:
    """The codes of a list that are valid on `day`; of a list with frameworks, those of the default framework."""
    codes = house.library.codes[name].valid_on(day)
    frameworks = {
        c.code for c in house.library.codes["service_frameworks"].codes if c.attributes.get("default") == "yes"
    }
    return [c for c in codes if c.attributes.get("framework", "") in frameworks | {""}]


def _blank_rows(house: House, contract: Contract, organisation: dict[str, Any], day: date) -> list[dict[str, Any]]:
    """One row for each code of the key's main list, or one where it has none, with the organisation's own codes."""
    own, main = next((f for f in contract.fields if f.own), None), contract.main
    if own is None:
        return []
    code, country = organisation["organisation_code"], organisation["country"]
    if main is None:
        return [{own.name: code, "country": country}]
    if main.listed:
        codes = [one.code for one in default_codes(house, main.codes, day)]
    else:
        codes = [one["code"] for one in own_actions(house, contract, code, country).get(main.codes, ())]
    return [{own.name: code, "country": country, main.name: one} for one in codes]


def _last_rows(house: House, contract: Contract, organisation_code: str, trained: bool) -> list[dict[str, Any]]:
    """The rows of the last quarter that counts; those that count contacts only for whoever may see them."""
    rows = house.store.read(
        f"select rows.* from {contract.name}_rows as rows where reported_by = $code and until is null"  # noqa: S608
        f" and period = (select max(period) from {contract.name}_rows where reported_by = $code and until is null)"
        " order by row_number",
        code=organisation_code,
    )
    if trained or not counts.may_hold(contract):
        return rows
    hidden = counts.mask(house, contract, pd.DataFrame(rows, columns=list(contract.header)))
    return [row for row, hide in zip(rows, hidden, strict=True) if not hide]


def withheld(viewer: Viewer, house: House, dataset: str, *, organisation_code: str = "") -> str:
    """Why a prefilled template leaves out rows for this viewer, as a sentence; nothing where it does not."""
    contract, code = house.library.contracts.get(dataset), organisation_code or viewer.organisation_code
    if contract is None or not counts.may_hold(contract) or _sees(viewer, house, code):
        return ""
    if contract.kind == counts.KIND:
        return _("Your last accepted rows are not filled in here.") + " " + _(counts.NOT_YET)
    return _("Rows of indicators that count contacts are left out.") + " " + _(counts.NOT_YET)


def _sees(viewer: Viewer, house: House, code: str) -> bool:
    return counts.sees(viewer, {"organisation_code": code, "country": organisations.country_of(house, code)})


def filename(house: House, dataset: str, what: str = "template") -> str:
    """What a file is called when it is saved; of a demonstration, so that nobody takes it for a real one."""
    return f"{'demo-' if house.settings.demo else ''}{dataset}-{what}.csv"


def _contract(viewer: Viewer, house: House, dataset: str) -> Contract:
    contract = house.library.contracts.get(dataset)
    if contract is None or not viewer.signed_in:
        raise policy.Refused(_("There is no such template."))
    return contract


def lists(house: House, contract: Contract, day: date) -> dict[str, list[Code]]:
    """The codes that may be used on `day`, of each list that the contract names, in its order of columns."""
    names = dict.fromkeys(field.codes for field in contract.fields if explained.listed(field))
    return {name: list(house.library.codes[name].valid_on(day)) for name in names}


def codes(viewer: Viewer, house: House, dataset: str, *, period: str = "") -> str:
    """Every code that a file of this dataset may hold for a quarter (or the last that ended), as CSV text: list, code,
    title. Raises policy.Refused for a dataset that there is not."""
    contract = _contract(viewer, house, dataset)
    try:
        day = periods.parse(period).end
    except ValueError:
        day = periods.last_ended(viewer.today).end
    found = lists(house, contract, day)
    return _csv([["list", "code", "title"], *([name, c.code, _(c.title)] for name in found for c in found[name])])


def template(
    viewer: Viewer,
    house: House,
    dataset: str,
    *,
    organisation_code: str = "",
    prefill: bool = False,
    explain: bool = True,
) -> str:
    """The template as CSV text: header, HXL row, a row that explains the columns (unless told not to), then a row a
    code (or, with `prefill`, the last accepted rows).

    Without `organisation_code` it is the viewer's own; whoever may not send for it gets a template without rows, and
    whoever may not see contact counts gets none of the rows that hold them (`withheld` says so).
    Raises policy.Refused for an organisation that is named and not hers to send for.
    """
    contract, ended = _contract(viewer, house, dataset), periods.last_ended(viewer.today)
    code = organisation_code or viewer.organisation_code
    known = {o["organisation_code"]: o for o in organisations.known(viewer, house)}
    organisation = known.get(code, {"organisation_code": code, "country": viewer.country})
    rows: list[dict[str, Any]] = []
    may = policy.may(viewer, "send submissions", organisation_code=code, country=organisation["country"])
    if organisation_code and not may.allowed:
        raise policy.Refused(may.reason)
    if code and may.allowed:
        rows = _last_rows(house, contract, code, _sees(viewer, house, code)) if prefill else []
        rows = rows or _blank_rows(house, contract, organisation, ended.end)
        if "period" in contract.header:  # the quarter that is reported on now, not the one that was
            rows = [row | {"period": max(row.get("period") or "", str(ended))} for row in rows]
    valid = {name: [c.code for c in found] for name, found in lists(house, contract, ended.end).items()}
    return _csv(
        [
            contract.header,
            [field.hxl for field in contract.fields],
            *([explained.row(contract, valid)] if explain else []),
            *([safe(row.get(name)) for name in contract.header] for row in rows),
        ]
    )


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return "\ufeff" + out.getvalue()
