"""More counts of contacts, for a demonstration of any size: further files in the same story. Never sends one.

Organisations that count no contacts in the story begin to, each with a file a quarter, sent like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.demonstration import sheets
from dashboard.demonstration.almanac import QUARTERS, Almanac, luck
from dashboard.demonstration.knowledge import Knowledge
from dashboard.demonstration.story import File, Step
from dashboard.reference.library import Library

DATASET = "service_contacts"
LARGEST, SMALLEST = 25_000, 500
"""Rows of one file."""
USUAL = 10 * QUARTERS
"""So many files share the rows, as long as none has fewer than SMALLEST or more than LARGEST."""
_SERVING = ("health", "social", "justice_policing", "civil_society")


@dataclass(frozen=True)
class Slot:
    """An organisation that may send a file, and for which quarter."""

    organisation_code: str
    sector: str
    quarter: int


def steps(knowledge: Knowledge, almanac: Almanac, library: Library, story: list[Step], wanted: int) -> list[Step]:
    """The steps that bring the record to `wanted` rows of contact counts. Raises ValueError for too many."""
    missing = wanted - sum(
        step.file.rows for step in story if step.what == "accept" and step.file and step.file.dataset == DATASET
    )
    if missing <= 0:
        return []
    places, kinds = _slots(knowledge), _kinds(almanac, library)
    if missing > len(places) * LARGEST:
        raise ValueError(f"The demonstration holds at most {wanted - missing + len(places) * LARGEST} observations.")
    files = max(math.ceil(missing / LARGEST), min(USUAL, math.ceil(missing / SMALLEST)))
    found: list[Step] = []
    for number, slot in enumerate(places[:files]):
        rows = missing // files + (number < missing % files)
        found += _sent(almanac, library, slot, rows, kinds, 8 + number % 20)
    return found


def _slots(knowledge: Knowledge) -> list[Slot]:
    """Where files may come from: whole organisations one after the other, those that give services first."""
    counting = {row["organisation_code"] for row in knowledge["sending"] if row["dataset"] == DATASET}
    seats = {
        row["organisation_code"]: row
        for row in knowledge["members"]
        if row["organisation_code"] not in counting and row["enforcement_body"] == "no" and not row["last"]
    }
    order = sorted(
        seats.values(),
        key=lambda row: (
            row["sector"] not in _SERVING,
            int(row["first"] or 1),
            luck(row["organisation_code"]).random(),
        ),
    )
    return [
        Slot(row["organisation_code"], row["sector"], quarter)
        for row in order
        for quarter in range(int(row["first"] or 1), QUARTERS + 1)
    ]


Kinds = tuple[list[str], list[str], list[str], list[str]]


def _kinds(almanac: Almanac, library: Library) -> Kinds:
    """What contacts are broken down by: services, countries of origin, forms of violence, channels; and not at all."""
    day = almanac.period(1).start
    services, origins, forms, channels = (
        [*(code.code for code in library.codes[name].valid_on(day)), ""]
        for name in ("services", "countries", "forms_of_violence", "contact_channels")
    )
    return services, origins, forms, channels


def _rows(slot: Slot, count: int, kinds: Kinds) -> sheets.Sheet:
    """So many rows, each of another combination, spread over all that there are."""
    services, origins, forms, channels = kinds
    every = len(services) * len(origins) * len(forms) * len(channels)
    if count > every:
        raise ValueError(f"There are only {every} combinations for {count} rows.")
    chance, found = luck(slot, "observations"), []
    for number in range(count):
        place = number * every // count
        place, service = divmod(place, len(services))
        place, origin = divmod(place, len(origins))
        channel, form = divmod(place, len(forms))
        found.append(
            {
                "country": slot.organisation_code[:3],
                "organisation_code": slot.organisation_code,
                "sector": slot.sector,
                "service_code": services[service],
                "origin": origins[origin],
                "form_of_violence": forms[form],
                "channel": channels[channel],
                "contacts": chance.randrange(40),
            }
        )
    return found


def _sent(almanac: Almanac, library: Library, slot: Slot, count: int, kinds: Kinds, sent_after: int) -> Iterator[Step]:
    period, contract = str(almanac.period(slot.quarter)), library.contracts[DATASET]
    file = File(
        DATASET, slot.organisation_code, period, count, lambda: sheets.written(contract, _rows(slot, count, kinds))
    )
    name = f"{slot.organisation_code} {slot.quarter}"
    sent = almanac.after(slot.quarter, sent_after, name)
    yield Step(sent, "send", file=file)
    yield Step(max(almanac.after(slot.quarter, sent_after + 3, name), sent), "accept", file=file)
