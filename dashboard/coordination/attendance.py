"""The write door for who sat at a meeting, by seat, and which documents lay on the table. Never a person's name."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from uuid_utils import uuid7

from dashboard.coordination import together
from dashboard.coordination.notes import fitting
from dashboard.coordination.seats import seats
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import N_, _

STATES = {
    "present": N_("Present"),
    "online": N_("Present online"),
    "excused": N_("Sent apologies"),
    "absent": N_("Absent"),
}
HERE = ("present", "online")
TITLE, LONGEST = (3, 120), 500


def attend(viewer: Viewer, house: House, meeting_id: str, states: Mapping[str, str]) -> None:
    """Keep who is here, by the code of the seat's organisation; a seat that is left out stays as it is.

    Of two people who keep it at once the later word on a seat holds, and the other seats stay. Raises policy.Refused
    and NotPossible.
    """
    with house.store.write("coordination", by=viewer.account_id) as write:
        meeting = together.open_meeting(viewer, write, meeting_id)
        listed = seats(write.read, write.version, meeting["country"])
        for code, state in states.items():
            if code not in listed:
                raise NotPossible(_("“{code}” has no seat in this country's latest register.", code=code[:40]))
            if state not in STATES:
                raise NotPossible(_("“{state}” is no way to attend.", state=state[:40]))
        known = {
            row["organisation_code"]: row["state"]
            for row in write.read(
                "select organisation_code, arg_max(state, version) as state from attendance where meeting_id = $id"
                " group by organisation_code",
                id=meeting_id,
            )
        }
        new = {code: state for code, state in states.items() if known.get(code) != state}
        if not new:
            raise NotPossible(_("Nothing was changed."))
        write.add(
            "attendance",
            *(
                {
                    "meeting_id": meeting_id,
                    "organisation_code": code,
                    "state": state,
                    "by_account": viewer.account_id,
                }
                for code, state in new.items()
            ),
        )
        house.store.audit("attendance kept", by=viewer.account_id, subject=meeting_id, detail={"seats": len(new)})


def add_document(viewer: Viewer, house: House, meeting_id: str, *, title: str, address: str) -> str:
    """Name a document of the meeting by a link to where it lies; returns its id. Raises policy.Refused, NotPossible."""
    title = fitting(title, *TITLE, name=N_("the title of the document"))
    address = _address(address)
    with house.store.write("coordination", by=viewer.account_id) as write:
        together.open_meeting(viewer, write, meeting_id)
        document_id = str(uuid7())
        write.add(
            "meeting_document",
            {
                "document_id": document_id,
                "meeting_id": meeting_id,
                "title": title,
                "address": address,
                "by_account": viewer.account_id,
            },
        )
        house.store.audit("document named", by=viewer.account_id, subject=meeting_id)
        return document_id


def remove_document(viewer: Viewer, house: House, document_id: str) -> None:
    """Take a link off the meeting's documents; its row stays. Raises policy.Refused and NotPossible."""
    with house.store.write("coordination", by=viewer.account_id) as write:
        row = together.line(
            write,
            "select * from meeting_document where document_id = $id order by version desc limit 1",
            document_id,
            _("This document is not there. Load the page again."),
        )
        together.open_meeting(viewer, write, row["meeting_id"])
        if row["removed"]:
            raise NotPossible(_("This document is not there. Load the page again."))
        write.add("meeting_document", together.bare(row) | {"removed": True, "by_account": viewer.account_id})
        house.store.audit("document removed", by=viewer.account_id, subject=row["meeting_id"])


def _address(address: str) -> str:
    """A web address without an account in it, as it was sent."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or len(address) > LONGEST or not address.isprintable() or " " in address:
        raise NotPossible(
            _("Write the address of the document as it stands in the browser, beginning with https://, without blanks.")
        )
    return address
