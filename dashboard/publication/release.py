"""Write the public folder: one summary without a count of people, frozen and swapped in whole. Never queried live."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jinja2
from uuid_utils import uuid7

from dashboard.charts import coverage as coverage_chart
from dashboard.charts import members as members_chart
from dashboard.charts import svg
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.cells import safe
from dashboard.reference.table import STATUS_WORDS, Status, Table
from dashboard.reference.text import _
from dashboard.reports import coverage, marts, members, places

HELP_SERVICE = "SEED-9"
STYLE = Path(__file__).resolve().parents[2] / "assets" / "public.css"


@dataclass(frozen=True)
class HelpLine:
    """A line that an organisation confirmed; shown only while the confirmation is younger than CONFIRMED_DAYS."""

    country: str
    organisation: str
    line: str
    languages: str
    hours: str
    confirmed: date


def help_lines(house: House, today: date) -> list[HelpLine]:
    """Hotlines that exist, are open whatever the status, and whose line was confirmed within the set time (C4)."""
    version = marts.as_of(house).version
    frame = marts.known_in(house, "service_coverage", str(periods.of(today)), version)
    titles = house.library.title
    lines = []
    for row in frame[frame["service_code"] == HELP_SERVICE].to_dict("records"):
        checked, line = row["contact_line_checked_on"], row["contact_line"]
        if not line or line != line:
            continue
        if coverage.state(row["availability"], row["open_to_migrant_women"]) == "open" and coverage.confirmed(
            checked, today
        ):
            spoken = [_(titles("languages", c)) for c in str(row["languages"] or "").split("|") if c and c == c]
            lines.append(
                HelpLine(
                    titles("countries", row["country"]),
                    _name(house, row["reported_by"]),
                    str(line),
                    text.words(spoken),
                    _(titles("hours", str(row["hours"] or ""))),
                    _day(checked),
                )
            )
    return sorted(lines, key=lambda h: h.country)


def _name(house: House, code: str) -> str:
    found = organisations.register(house).get(code)
    return found.name if found else code


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def as_csv(table: Table, words: dict[str, str] | None = None) -> str:
    """A table as CSV: one column a column, a status in words where there is no value, caveats below each other last."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.title for column in table.columns])
    for (__, row), (___, marks) in zip(table.frame.iterrows(), table.statuses.iterrows(), strict=True):
        writer.writerow(
            [
                safe(_((words or {}).get(str(row[c.name]), "")) or row[c.name])
                if marks[c.name] in (Status.VALUE, Status.ZERO, Status.NOT_VERIFIED)
                else _(STATUS_WORDS[Status(marks[c.name])])
                for c in table.columns
            ]
        )
    writer.writerow([])
    for caveat in table.caveats:
        writer.writerow([_("Caveat"), safe(caveat)])
    return out.getvalue()


def _page(house: House, viewer: Viewer, release_id: str) -> dict[str, str]:
    """The files of a release: name to text."""
    covered = coverage.coverage(viewer, house)
    seated = members.members(viewer, house)
    bars = coverage_chart.services_by_country(covered.counts)
    seats = members_chart.seats_by_group(seated.groups)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals |= {"_": _, "day": text.day, "moment": text.moment}
    values: dict[str, Any] = {
        "demo": house.settings.demo,
        "home": house.settings.url,
        "release_id": release_id,
        "today": viewer.today,
        "covered": covered,
        "seated": seated,
        "leave_url": house.settings.leave_url,
        "language": text.language(),
        "states": coverage.STATES,
        "meanings": coverage.STATE_MEANINGS,
        "sides": places.SIDES,
        "seats": members.SEATS,
        "lines": help_lines(house, viewer.today),
        "period": periods.parse(covered.period).label,
        "next_release": periods.of(viewer.today).end,
        "corridors": [places.corridor_title(house, c) for c in places.corridors(house, viewer.today)],
        "style": STYLE.read_text(encoding="utf-8"),
        "coverage_svg": _drawn(bars, covered.counts, covered.answer),
        "seats_svg": _drawn(seats, seated.groups, seated.answer),
    }
    return {
        "index.html": environment.get_template("summary.html").render(values),
        "coverage.csv": as_csv(covered.matrix, coverage.STATES),
        "seats.csv": as_csv(seated.seats, members.SEATS),
    }


# Width in pixels by the class that the style shows on wide screens and paper, and on phones.
_WIDTHS = {"wide": 960, "narrow": 380}


def _drawn(figure: dict[str, Any], table: Table, reading: str) -> dict[str, str]:
    """One chart at each of _WIDTHS; the narrow one has room for a legend that wraps."""
    height = int(figure.get("layout", {}).get("height") or 420)
    said = {"title": table.title, "description": f"{reading} {table.caveats[0]}"}
    return {
        name: svg.draw(figure, width=width, height=height + (80 if width < 500 else 0), **said)
        for name, width in _WIDTHS.items()
    }


def publish(viewer: Viewer, house: House, *, note: str = "") -> Path:
    """Write a new release, swap it in as `current`, and record it. Former releases stay addressable.

    The folder can be copied to any static host as it is. Raises policy.Refused.
    """
    policy.require(viewer, "release")
    release_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ-") + str(uuid7())[-6:]
    texts = _page(house, viewer, release_id)
    folder = house.settings.releases / release_id
    writing = folder.with_suffix(".tmp")
    writing.mkdir(mode=0o700, parents=True)
    digest = hashlib.sha256()
    for name, content in sorted(texts.items()):
        (writing / name).write_text(content, encoding="utf-8", newline="")
        digest.update(name.encode() + b"\0" + content.encode())
    writing.rename(folder)
    with house.store.write("published", by=viewer.account_id) as write:
        write.add(
            "release",
            {
                "release_id": release_id,
                "folder": release_id,
                "sha256": digest.hexdigest(),
                "as_of_version": house.store.head().figures,
                "by_account": viewer.account_id,
                "note": note,
                "withdrawn": False,
            },
        )
    _swap(house.settings.releases, release_id)
    house.store.audit("released", by=viewer.account_id, subject=release_id, detail={"sha256": digest.hexdigest()})
    return folder


def _swap(releases: Path, release_id: str) -> None:
    pointer = releases / "current.tmp"
    pointer.unlink(missing_ok=True)
    os.symlink(release_id, pointer)
    pointer.replace(releases / "current")


def tidy(house: House) -> None:
    """Remove what an interrupted release left half written."""
    for half in house.settings.releases.glob("*.tmp"):
        shutil.rmtree(half, ignore_errors=True) if half.is_dir() and not half.is_symlink() else half.unlink()
