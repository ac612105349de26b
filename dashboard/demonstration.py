"""The demonstration mechanism: invented files sent through the real intake. Never touches a folder that holds data."""

from __future__ import annotations

import csv
import secrets
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.config import DEMONSTRATION, Settings, from_environment
from dashboard.intake import submissions
from dashboard.people import links
from dashboard.protection import policy
from dashboard.publication import release
from dashboard.record.house import House, open_house
from dashboard.reference.library import DATASETS

DEMO = DATASETS / "demo"


class NotADemonstration(Exception):
    """The data folder holds something else; the text says what to do."""


def people() -> list[dict[str, str]]:
    """The demonstration's accounts: role, name, email, organisation_code, country, sign_in (yes: gets a link)."""
    with (DEMO / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files() -> list[tuple[str, str, str, Path]]:
    """The files that were sent, in their order: (period, dataset, organisation_code, path)."""
    found = [(p.parts[-3], p.parts[-2], p.stem, p) for p in DEMO.glob("files/*/*/*.csv")]
    return sorted(found, key=lambda f: (f[0], f[1] != "members", f[1], f[2]))


def build(house: House) -> int:
    """Fill an empty record: people first, then every file staged, submitted and accepted, then a release.

    Returns how many files were accepted. Raises RuntimeError naming the file that the intake refused.
    """
    operator = policy.operator(datetime.now(UTC).date())
    for person in people():
        links.invite(
            operator,
            house,
            email=person["email"],
            name=person["name"],
            role=person["role"],
            organisation_code=person["organisation_code"],
            country=person["country"],
            now=datetime.now(UTC),
        )
    accepted = 0
    for period, dataset, organisation, path in files():
        received = submissions.stage(
            operator, house, path.read_bytes(), dataset=dataset, organisation_code=organisation, period=period
        )
        if not received.submission_id:
            said = "; ".join(f"{p.message} {p.fix}" for p in received.outcome.problems[:5])
            raise RuntimeError(f"{path.name} for {period} was refused: {said}")
        submissions.submit(operator, house, received.submission_id)
        submissions.accept(operator, house, received.submission_id)
        accepted += 1
    release.publish(operator, house, note="Demonstration")
    return accepted


def prepare(settings: Settings) -> None:
    """Lay the demonstration's code lists over ours and build it, when the folder is empty; else leave it as it is."""
    marker = settings.data / DEMONSTRATION
    if settings.database.exists() or (settings.data.is_dir() and any(settings.data.iterdir()) and not marker.exists()):
        if not marker.exists():
            raise NotADemonstration(
                f"The data folder {settings.data.name} does not hold a demonstration, so it is left as it is. "
                "Name another folder, for example DASHBOARD_DATA=demo-data make run."
            )
        return
    # Built beside and renamed in whole, so that an interrupted start leaves no half mechanism behind.
    building = settings.data.with_name(settings.data.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700, parents=True)
    shutil.copytree(DEMO / "codes", building / "datasets" / "codes")
    house = open_house(replace(settings, data=building))
    try:
        print("Building the demonstration through the intake ...", flush=True)
        print(f"{build(house)} files accepted.", flush=True)
    finally:
        house.close()
    (building / DEMONSTRATION).write_text(
        "Demonstration data: countries, organisations and figures are invented.\n", encoding="utf-8"
    )
    building.rename(settings.data)


def run(settings: Settings) -> int:
    """Serve the demonstration on loopback, printing one sign-in link a role; the links end with the process."""
    from dashboard.web import serving

    try:
        serving.prepare(settings)  # before the building, which takes a while
    except serving.NotServed as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    # In a process of its own: a store that was open here must not be carried over a fork.
    made = subprocess.run([sys.executable, "-m", "dashboard.demonstration"], check=False)
    if made.returncode:
        return made.returncode
    tokens = {secrets.token_urlsafe(24): person["email"] for person in people() if person["sign_in"] == "yes"}
    roles = {person["email"]: person for person in people()}

    def ready() -> None:
        print(f"\nDemonstration data at {settings.address}\n", flush=True)
        for token, email in tokens.items():
            print(
                f"sign in as {roles[email]['role']}: {settings.address}/demo-sign-in/{token}"
                f"   ({roles[email]['name']})",
                flush=True,
            )
        print("\nStop with Ctrl+C.", flush=True)

    return serving.serve(settings, demo_tokens=tokens, on_ready=ready)


def main() -> int:
    """Build the demonstration where the environment says."""
    import os

    try:
        prepare(from_environment(os.environ, demo=True))
    except Exception as error:  # the last wall: one sentence instead of a trace
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
