"""Write the public folder: one summary without a count of people, frozen and swapped in whole. Never queried live."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import threading
from dataclasses import dataclass, replace
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
from dashboard.record.errors import StoreUnwritable
from dashboard.record.folder import replace_file, sync
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.cells import safe
from dashboard.reference.table import STATUS_WORDS, Status, Table
from dashboard.reference.text import _
from dashboard.reports import coverage, marts, members, places

HELP_SERVICE = "SEED-9"
_one_at_a_time = threading.Lock()
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


def help_lines(house: House, today: date, version: int) -> list[HelpLine]:
    """Hotlines that exist, are open whatever the status, and whose line was confirmed within the set time (C4)."""
    frame = marts.known_in(house, "service_coverage", str(periods.of(today)), version)
    titles = house.library.title
    lines = []
    for row in frame[frame["service_code"] == HELP_SERVICE].to_dict("records"):
        checked, line = row["contact_line_checked_on"], _filled(row["contact_line"])
        works = coverage.state(row["availability"], row["open_to_migrant_women"]) == "open"
        if line and works and coverage.confirmed(checked, today):
            spoken = [_(titles("languages", c)) for c in _filled(row["languages"]).split("|") if c]
            lines.append(
                HelpLine(
                    titles("countries", row["country"]),
                    _name(house, row["reported_by"]),
                    line,
                    text.words(spoken),
                    _(titles("hours", _filled(row["hours"]))),
                    _day(checked),
                )
            )
    return sorted(lines, key=lambda h: h.country)


def _filled(value: Any) -> str:
    """A cell of a frame as text; a gap is nothing, and never a word."""
    return "" if value is None or value != value else str(value)


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


def _page(house: House, viewer: Viewer, release_id: str, version: int) -> dict[str, str]:
    """The files of a release, all of one version of the record: name to text."""
    covered = coverage.coverage(viewer, house, version=version)
    seated = members.members(viewer, house, version=version)
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
        "lines": help_lines(house, viewer.today, version),
        "period": periods.parse(covered.period).label,
        "next_release": periods.of(viewer.today).end,
        "corridors": [places.corridor_title(house, c) for c in places.corridors(house, viewer.today)],
        "style": STYLE.read_text(encoding="utf-8"),
        "coverage_svg": _drawn(bars, covered.counts, covered.answer),
        "seats_svg": _drawn(seats, seated.groups, seated.answer),
    }
    return {
        "index.html": environment.get_template("summary.html").render(values),
        "coverage.csv": as_csv(_sided(covered.matrix), coverage.STATES),
        "seats.csv": as_csv(seated.seats, members.SEATS),
    }


def _sided(matrix: Table) -> Table:
    """The matrix with the side in the title of each country's column: in a file no heading stands above it."""
    columns = []
    for column in matrix.columns:
        side = places.SIDES.get(column.name.partition(":")[0], "")
        columns.append(replace(column, title=f"{column.title} ({_(side)})") if side else column)
    return replace(matrix, columns=tuple(columns))


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

    The folder can be copied to any static host as it is. Raises policy.Refused and StoreUnwritable.
    """
    policy.require(viewer, "release")
    with _one_at_a_time:
        return _publish(viewer, house, note)


def _publish(viewer: Viewer, house: House, note: str) -> Path:
    release_id = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ-") + str(uuid7())[-6:]
    version = house.store.head().figures
    texts = _page(house, viewer, release_id, version)
    digest = hashlib.sha256()
    for name, content in sorted(texts.items()):
        digest.update(name.encode() + b"\0" + content.encode())
    try:
        tidy(house)
        folder = _write(house.settings.releases / release_id, texts)
    except OSError as error:
        raise StoreUnwritable(
            _("The release could not be written ({reason}). The former one stands.", reason=error.strerror)
        ) from error
    with house.store.write("published", by=viewer.account_id) as write:
        write.add(
            "release",
            {
                "release_id": release_id,
                "folder": release_id,
                "sha256": digest.hexdigest(),
                "as_of_version": version,
                "by_account": viewer.account_id,
                "note": note,
                "withdrawn": False,
            },
        )
    _swap(house.settings.releases, release_id)
    house.store.audit("released", by=viewer.account_id, subject=release_id, detail={"sha256": digest.hexdigest()})
    return folder


def _write(folder: Path, texts: dict[str, str]) -> Path:
    """The folder, whole and lasting or not there at all."""
    writing = folder.with_suffix(".tmp")
    writing.mkdir(mode=0o700, parents=True)
    for name, content in texts.items():
        replace_file(writing / name, content.encode())
    writing.rename(folder)
    sync(folder.parent)
    return folder


def _swap(releases: Path, release_id: str) -> None:
    pointer, current = releases / "current.tmp", releases / "current"
    pointer.unlink(missing_ok=True)
    os.symlink(release_id, pointer)
    if current.is_dir() and not current.is_symlink():  # a copy of the data folder that followed the link
        current.rename(releases / f"former-{release_id}")
    pointer.replace(current)
    sync(releases)


def tidy(house: House) -> None:
    """Remove what an interrupted release left half written."""
    for half in house.settings.releases.glob("*.tmp"):
        shutil.rmtree(half, ignore_errors=True) if half.is_dir() and not half.is_symlink() else half.unlink()
