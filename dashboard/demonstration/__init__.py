"""The demonstration mechanism: invented files sent through the real intake. Never touches a folder that holds data."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from dashboard.config import DEMONSTRATION, Settings, from_environment
from dashboard.demonstration import knowledge, observations, story
from dashboard.demonstration.almanac import Almanac
from dashboard.demonstration.building import Clock, Mechanism
from dashboard.demonstration.knowledge import DEMO, Row
from dashboard.record.folder import waiting_once
from dashboard.record.house import House, open_house
from dashboard.reference.text import _, number

__all__ = ["NotADemonstration", "build", "main", "people", "prepare", "run"]


class NotADemonstration(Exception):
    """The data folder holds something else; the text says what to do."""


def people() -> tuple[Row, ...]:
    """The demonstration's accounts: role, name, email, organisation_code, country, sign_in (yes: gets a link)."""
    return knowledge.table(DEMO / "people.csv")


def _say(text: str) -> None:
    print(text, flush=True)


def build(
    house: House, clock: Clock, today: date, *, rows: int = 0, say: Callable[[str], None] = lambda _text: None
) -> int:
    """Fill an empty record with what happened in the twelve quarters before `today`, in the order of the story.

    `house` was opened with `clock`. With `rows`, further organisations send contact counts until so many rows of them
    are in the record. Returns how many files were accepted. Raises RuntimeError naming the file that was refused.
    """
    almanac, known = Almanac(today), knowledge.read(DEMO)
    steps = story.steps(known, almanac, house.library)
    steps = story.in_order(steps + observations.steps(known, almanac, house.library, steps, rows))
    told = ""

    def progress(step: story.Step) -> None:
        nonlocal told
        if step.what == "send" and step.file is not None and step.file.period > told:
            told = step.file.period
            there = house.store.read("select count(*) as count from d_service_contacts")[0]["count"]
            say(_("  {period}: {count} rows of contacts so far", period=told, count=number(there)))

    with Mechanism(house, clock).open() as mechanism:
        mechanism.live(steps, progress)
        return mechanism.accepted


def prepare(settings: Settings, *, rows: int = 0, today: date | None = None) -> None:
    """Lay the demonstration's code lists over ours and build it, when the folder is empty; else leave it as it is."""
    marker = settings.data / DEMONSTRATION
    if settings.database.exists() or (settings.data.is_dir() and any(settings.data.iterdir()) and not marker.exists()):
        if not marker.exists():
            raise NotADemonstration(
                f"The data folder {settings.data.name} does not hold a demonstration, so it is left as it is. "
                "Name another folder, for example DASHBOARD_DATA=demo-data make run."
            )
        if rows:
            _say("The data folder holds a demonstration already. Name an empty one to build it with more observations.")
        return
    # Built beside and renamed in whole, so that an interrupted start leaves no half mechanism behind.
    building = settings.data.with_name(settings.data.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700, parents=True)
    shutil.copytree(DEMO / "codes", building / "datasets" / "codes")
    today = today or datetime.now(UTC).date()
    clock = Clock(datetime.combine(Almanac(today).period(1).start, datetime.min.time(), UTC))
    with waiting_once():
        house = open_house(replace(settings, data=building), clock=clock)
        try:
            _say("Building the demonstration through the intake ...")
            _say(f"{build(house, clock, today, rows=rows, say=_say)} files accepted.")
        finally:
            house.close()
    (building / DEMONSTRATION).write_text(
        "Demonstration data: countries, organisations and figures are invented.\n", encoding="utf-8"
    )
    building.rename(settings.data)


def run(settings: Settings, *, rows: int = 0) -> int:
    """Serve the demonstration on loopback, printing one sign-in link a role; the links end with the process."""
    from dashboard.web import serving

    try:
        serving.prepare(settings)  # before the building, which takes a while
    except serving.NotServed as error:
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    # In a process of its own: a store that was open here must not be carried over a fork.
    made = subprocess.run([sys.executable, "-m", "dashboard.demonstration", "--observations", str(rows)], check=False)
    if made.returncode:
        return made.returncode
    tokens = {secrets.token_urlsafe(24): person["email"] for person in people() if person["sign_in"] == "yes"}
    roles = {person["email"]: person for person in people()}

    def ready() -> None:
        _say(f"\nDemonstration data at {settings.address}\n")
        for token, email in tokens.items():
            _say(
                f"sign in as {roles[email]['role']}: {settings.address}/demo-sign-in/{token}   ({roles[email]['name']})"
            )
        _say("\nStop with Ctrl+C.")

    return serving.serve(settings, demo_tokens=tokens, on_ready=ready)


def main(argv: list[str] | None = None) -> int:
    """Build the demonstration where the environment says."""
    parser = argparse.ArgumentParser(prog="python -m dashboard.demonstration")
    parser.add_argument("--observations", type=int, default=0)
    arguments = parser.parse_args(argv)
    try:
        prepare(from_environment(os.environ, demo=True), rows=arguments.observations)
    except Exception as error:  # the last wall: one sentence instead of a trace
        print(f"dashboard: {error}", file=sys.stderr)
        return 1
    return 0
