"""Who may send which file for whom, and what the check must know of it. Never looks at a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.coordination.standing import standings
from dashboard.intake import worker
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.contracts import Contract
from dashboard.reference.text import _

OWN_ACTIONS = "own_actions"


class NotPossible(ValueError):
    """The step cannot be taken; the text says why and what to do."""


def may_send(viewer: Viewer, house: House, dataset: str, organisation_code: str, country: str) -> policy.Decision:
    """Whether one of the viewer's roles that send this dataset reaches this organisation.

    A role for one organisation does not send what another role, for another organisation, may send.
    """
    contract = house.library.contracts.get(dataset)
    if contract is None:
        return policy.Decision(False, _no_dataset(dataset))
    if not viewer.roles & set(contract.submitters):
        roles = ", ".join(contract.submitters)
        return policy.Decision(
            False, _("The dataset “{title}” is sent by: {roles}.", title=_(contract.title), roles=roles)
        )
    sender = replace(viewer, grants=tuple(g for g in viewer.grants if g.role in contract.submitters))
    return policy.may(sender, "send submissions", organisation_code=organisation_code, country=country)


def require_sender(viewer: Viewer, house: House, row: Mapping[str, Any]) -> None:
    """Pass when the viewer may send this submission (`row` has its organisation's country). Raises policy.Refused."""
    decision = may_send(viewer, house, row["dataset"], row["organisation_code"], row["country"])
    if not decision.allowed:
        raise policy.Refused(decision.reason)


def _no_dataset(dataset: str) -> str:
    return _("There is no dataset “{dataset}”. Choose one from the list.", dataset=dataset[:60])


def sendable(viewer: Viewer, house: House) -> tuple[list[Contract], list[dict[str, Any]]]:
    """The contracts and the organisations that this viewer may send files for, both possibly empty."""
    contracts = [c for c in house.library.contracts.values() if viewer.roles & set(c.submitters)]
    known = organisations.known(viewer, house)
    mine = [
        o
        for o in known
        if policy.may(
            viewer, "send submissions", organisation_code=o["organisation_code"], country=o["country"]
        ).allowed
    ]
    return contracts, mine


def request_for(
    viewer: Viewer, house: House, *, dataset: str, organisation_code: str, period: str, marked: bool = False
) -> worker.Request:
    """What the worker must know to check a file. Raises NotPossible or policy.Refused, with a sentence."""
    contract = house.library.contracts.get(dataset)
    if contract is None:
        raise NotPossible(_no_dataset(dataset))
    try:
        quarter = periods.parse(period)
    except ValueError as error:
        raise NotPossible(str(error)) from error
    if quarter.start > viewer.today:
        raise NotPossible(
            _("{period} has not begun. Choose the quarter that the figures are about.", period=quarter.label)
        )
    known = {o["organisation_code"]: o for o in organisations.known(viewer, house)}
    country = known[organisation_code]["country"] if organisation_code in known else ""
    decision = may_send(viewer, house, dataset, organisation_code, country)
    if not decision.allowed:
        raise policy.Refused(decision.reason)
    if organisation_code not in known:
        _first(viewer, contract, organisation_code)
    elif not country and any(field.name == "country" for field in contract.fields):
        raise NotPossible(
            _(
                "Nobody has said of which country “{code}” is, so its rows cannot be checked. Ask the secretariat.",
                code=organisation_code[:40],
            )
        )
    return worker.Request(
        dataset=dataset,
        contract_source=contract.source,
        codes=lists_for(house, contract, quarter.end) | own_actions(house, contract, organisation_code, country),
        organisation_code=organisation_code,
        organisations=sorted(known),
        country=country or None,
        period=str(quarter),
        marked=marked,
        limit=house.settings.upload_limit,
    )


def _first(viewer: Viewer, contract: Contract, organisation_code: str) -> None:
    """Let the secretariat bring a country's first register, from an organisation that no register names yet."""
    defining = next((field for field in contract.fields if field.defines), None)
    if defining is None or not policy.scope(viewer, "send submissions").everything:
        raise NotPossible(
            _("The organisation “{code}” is not known. Choose one from the list.", code=organisation_code[:40])
        )
    if not re.fullmatch(defining.pattern, organisation_code):
        raise NotPossible(
            _(
                "“{code}” is no organisation code. Write {form}.",
                code=organisation_code[:40],
                form=_(defining.pattern_words),
            )
        )


def lists_for(house: House, contract: Contract, day: date) -> dict[str, list[dict[str, str]]]:
    """The code lists that a contract names, as plain rows; `expired` is yes for a code not valid on `day`."""
    return {
        name: [
            {"code": c.code, "title": c.title, "expired": "" if c.valid(day) else "yes", "successor": c.successor}
            for c in house.library.codes[name].codes
        ]
        for name in {field.codes for field in contract.fields if field.listed}
    }


def own_actions(
    house: House, contract: Contract, organisation_code: str, country: str
) -> dict[str, list[dict[str, str]]]:
    """The list of the actions that an organisation leads in its country, for a contract that names it; else nothing."""
    if not any(field.codes == OWN_ACTIONS for field in contract.fields):
        return {}
    led = [
        s
        for s in standings(house.store.read, house.store.head().version)
        if s.lead == organisation_code and s.country == country
    ]
    return {OWN_ACTIONS: [{"code": s.code, "title": s.agreed["title"], "expired": "", "successor": ""} for s in led]}
