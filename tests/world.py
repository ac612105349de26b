"""The small named world that tests live in, built only through the write doors. Never holds anything impossible.

XAA (origin)  ── corridor XAA-XBA ──▶  XBA (destination)

XAA-COORD   coordinating body, sends the register of XAA        coordinator
XAA-HEALTH  ministry of health of XAA, reports its services     agency, and a member without the right to send
XBA-POLICE  police of XBA, an enforcement body                  agency
XBA-COORD   coordinating body of XBA                            coordinator
nobody's    the secretariat

2026-Q2     registers of both countries accepted, services of XAA-HEALTH and XBA-POLICE accepted; a release
2026-Q3     services of XAA-HEALTH submitted and waiting for review
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.people import accounts, links
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import release
from dashboard.record.house import House, open_house

# Who signs in, by the name that tests use: role, organisation, country.
PEOPLE = {
    "member": ("member", "XAA-HEALTH", "XAA"),
    "agency": ("agency", "XAA-HEALTH", "XAA"),
    "coordinator": ("coordinator", "XAA-COORD", "XAA"),
    "foreign coordinator": ("coordinator", "XBA-COORD", "XBA"),
    "enforcement": ("agency", "XBA-POLICE", "XBA"),
    "secretariat": ("secretariat", "", ""),
}
OVERLAY = {
    "countries": "# replaces\ncode,title,source,verified,check_at\nXAA,Asterland,invented,no,nowhere\n"
    "XBA,Bravonia,invented,no,nowhere\n",
    "corridors": "# replaces\ncode,title,source,verified,check_at,origin,destination,main_sectors,figure,figure_unit,"
    "figure_sex,figure_period\nXAA-XBA,Asterland to Bravonia,invented,no,nowhere,XAA,XBA,,,,,\n",
}


@dataclass
class World:
    """The house with its people (account ids by name) and its submissions (ids by name)."""

    house: House
    people: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)

    @property
    def operator(self) -> Viewer:
        return policy.operator(datetime.now(UTC).date())

    def viewer(self, name: str) -> Viewer:
        """Who is looking, as the record knows her now; "anonymous" is nobody."""
        from dashboard.people import roster

        today = datetime.now(UTC).date()
        if name == "anonymous":
            return policy.public(today)
        account = roster.account(self.house, self.people[name])
        assert account
        return roster.viewer(self.house, account, today)

    def email(self, name: str) -> str:
        return f"{name.replace(' ', '.')}@example.org"


def lay_overlay(settings: Settings) -> None:
    """The two countries and their corridor, as a deployment lays its own lists over ours."""
    folder = settings.overlay / "codes"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in OVERLAY.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def table(house: House, dataset: str, rows: list[dict[str, str]]) -> bytes:
    """Rows as a CSV of the dataset's template; cells left out are empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, house.library.contracts[dataset].header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def member(
    organisation: str, category: str, sector: str, *, enforcement: str = "no", seat: str = "filled"
) -> dict[str, str]:
    return {
        "country": organisation[:3],
        "organisation_code": organisation,
        "organisation_name": f"{organisation} office",
        "stakeholder_category": category,
        "sector": sector,
        "seat_status": seat,
        "responds_to_women_migrant_workers": "responds",
        "enforcement_body": enforcement,
    }


def service(organisation: str, code: str, availability: str = "available", **more: str) -> dict[str, str]:
    row = {
        "country": organisation[:3],
        "service_code": code,
        "organisation_code": organisation,
        "availability": availability,
    }
    if availability in ("available", "limited"):
        row["open_to_migrant_women"] = "whatever_status"
    return row | more


MEMBERS = {
    "XAA-COORD": [member("XAA-COORD", "GOV-WOM", "coordination"), member("XAA-HEALTH", "GOV-HEA", "health")],
    "XBA-COORD": [
        member("XBA-COORD", "GOV-WOM", "coordination"),
        member("XBA-POLICE", "GOV-POL", "justice_policing", enforcement="yes"),
        member("XBA-UNION", "SOC-WRK", "world_of_work", seat="vacant"),
    ],
}
SERVICES = {
    "XAA-HEALTH": [
        service("XAA-HEALTH", "SEED-1", languages="eng", hours="office_hours"),
        service("XAA-HEALTH", "SEED-2", "not_available"),
        service(
            "XAA-HEALTH",
            "SEED-9",
            firewall="yes",
            firewall_evidence="Instruction on confidentiality",
            hours="all_hours",
            contact_line="+999 000 0101",
            contact_line_checked_on=datetime.now(UTC).date().isoformat(),
        ),
    ],
    "XBA-POLICE": [
        service("XBA-POLICE", "SEED-7", "limited", open_to_migrant_women="nationals_only"),
        service("XBA-POLICE", "SEED-9", "planned", open_to_migrant_women=""),
    ],
}


def contact(organisation: str, sector: str, contacts: int, **more: str) -> dict[str, str]:
    """A row of contact counts."""
    return {
        "country": organisation[:3],
        "organisation_code": organisation,
        "sector": sector,
        "contacts": str(contacts),
    } | more


def join(world: World, name: str, role: str, organisation: str, country: str) -> None:
    """One more person of the world, under a name of her own."""
    links.invite(
        world.operator,
        world.house,
        email=world.email(name),
        name=name.title(),
        role=role,
        organisation_code=organisation,
        country=country,
        now=datetime.now(UTC),
    )
    found = world.house.store.read("select account_id from account_now where email = $email", email=world.email(name))
    world.people[name] = found[0]["account_id"]


def train(world: World, name: str, completed_on: date | None = None) -> str:
    """Record that somebody was trained on contact counts and signed the undertaking, today unless told otherwise."""
    day = completed_on or datetime.now(UTC).date()
    return accounts.record_training(
        world.operator, world.house, world.people[name], completed_on=day, undertaking_on=day
    )


def send(
    world: World,
    dataset: str,
    organisation: str,
    period: str,
    data: bytes,
    *,
    accept: bool = True,
    by: str = "",
) -> str:
    """Stage, submit and (unless told otherwise) accept a file as the secretariat. Returns its id.

    `by` names who accepts in its place: a file with contact counts needs somebody with a training.
    """
    received = submissions.stage(
        world.operator, world.house, data, dataset=dataset, organisation_code=organisation, period=period
    )
    assert received.submission_id, [problem.message for problem in received.outcome.problems]
    submissions.submit(world.operator, world.house, received.submission_id)
    if accept:
        submissions.accept(world.viewer(by) if by else world.operator, world.house, received.submission_id)
    return received.submission_id


def build(house: House) -> World:
    """The world described above."""
    world = World(house)
    for name, (role, organisation, country) in PEOPLE.items():
        join(world, name, role, organisation, country)
    for organisation, rows in MEMBERS.items():
        world.sent[f"members {organisation}"] = send(
            world, "members", organisation, "2026-Q2", table(house, "members", rows)
        )
    for organisation, rows in SERVICES.items():
        world.sent[f"Q2 {organisation}"] = send(
            world, "service_coverage", organisation, "2026-Q2", table(house, "service_coverage", rows)
        )
    release.publish(world.operator, house, note="first")
    changed = [
        dict(SERVICES["XAA-HEALTH"][0], languages="eng|vie"),
        *SERVICES["XAA-HEALTH"][1:],
        service("XAA-HEALTH", "SEED-3", "planned", open_to_migrant_women=""),
    ]
    world.sent["Q3 XAA-HEALTH"] = send(
        world, "service_coverage", "XAA-HEALTH", "2026-Q3", table(house, "service_coverage", changed), accept=False
    )
    return world


def copied(folder: Path, to: Path) -> None:
    """A closed world's data folder, copied: building one takes seconds, copying it takes none."""
    import shutil

    shutil.copytree(folder, to, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))


@dataclass(frozen=True)
class Built:
    """A world that was built and closed: its data folder, and its people and submissions by their names."""

    folder: Path
    people: dict[str, str]
    sent: dict[str, str]

    def opened(self, to: Path) -> World:
        """The same world in a folder of its own; whoever opens it closes its house."""
        copied(self.folder, to)
        made = open_house(Settings(data=to, min_free_bytes=0))
        return World(made, dict(self.people), dict(self.sent))
