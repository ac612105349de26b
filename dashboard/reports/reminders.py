"""A list to copy into an e-mail: what each organisation still owes, and where it sends it. Never names a person."""

from __future__ import annotations

from dashboard.protection import policy
from dashboard.protection.policy import Reach, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.text import _, day, words
from dashboard.reports.completeness import Completeness, submit_address
from dashboard.reports.reporting import Expected


def reminder(viewer: Viewer, house: House, found: Completeness) -> str:
    """The files that are missing or returned, by organisation, as plain text for whoever reviews them.

    Of a quarter that has ended, what is not due yet stands there too; what came late has come. Empty for whoever
    reviews none of these organisations' files, of a past moment, and where nothing is owed.
    """
    if found.past or policy.reach(viewer, "review submissions") < Reach.OWN_ORGANISATION:
        return ""
    scope = policy.scope(viewer, "review submissions")
    owed: dict[tuple[str, str, str], list[list[str]]] = {}
    files = [f for f in found.files if scope.holds(f.organisation_code, f.country)]
    for f in files:
        if said := _line(house, f):
            owed.setdefault((f.country, f.organisation, f.organisation_code), []).append(said)
    if not owed:
        return ""
    # The page may count more countries than those whose files she reviews, so the list says of which it tells.
    covered = words(sorted({house.library.title("countries", f.country) for f in files}))
    parts = [
        _(
            "{countries}: files on the national action plan that are still to come, as of {day}",
            countries=covered,
            day=day(viewer.today),
        ),
        *([_("Demonstration data. Countries, organisations and figures are invented.")] if house.settings.demo else []),
        *(
            "\n".join([f"{name} ({code})", *(line for lines in said for line in lines)])
            for (_country, name, code), said in sorted(owed.items())
        ),
        _("Templates, with your own codes: {address}", address=f"{house.settings.address}/submit"),
    ]
    return "\n\n".join(parts) + "\n"


def _line(house: House, file: Expected) -> list[str]:
    """What to say of one file: what it is and how it stands, and where to send it; nothing where all is well."""
    quarter = periods.parse(file.period)
    said = {
        "missing": _("not received; was due on {due}", due=day(file.due_on)),
        "returned": _(
            "returned with a comment; send it again when it is mended (was due on {due})", due=day(file.due_on)
        )
        if file.today > file.due_on
        else _("returned with a comment; send it again when it is mended (due on {due})", due=day(file.due_on)),
        "not_due": _("not received yet; due on {due}", due=day(file.due_on)) if quarter.end < file.today else "",
    }.get(file.standing, "")
    if not said:
        return []
    return [f"- {file.title}, {quarter.label}: {said}", f"  {house.settings.address}{submit_address(file)}"]


def filename(house: House, found: Completeness) -> str:
    """What the list is called when it is saved; of a demonstration, so that nobody takes it for a real one."""
    return f"{'demo-' if house.settings.demo else ''}still-to-come-{found.period}.txt"
