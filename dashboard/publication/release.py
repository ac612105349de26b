"""Write the public folder: one summary without a count of people, frozen and swapped in whole. Never queried live."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from datetime import UTC, date, datetime
from pathlib import Path

from uuid_utils import uuid7

from dashboard.charts import svg
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import contents, site, sources
from dashboard.publication.help_lines import LASTING_DAYS, HelpLine, help_lines
from dashboard.record.errors import StoreError, StoreUnwritable
from dashboard.record.folder import replace_file, sync
from dashboard.record.house import House
from dashboard.reference.text import _
from dashboard.reports import marts

WITHDRAWN = "a help line was withdrawn"
_one_at_a_time = threading.Lock()


def publish(viewer: Viewer, house: House, *, note: str = "") -> Path:
    """Write a new release, swap it in as `current`, and record it. Former releases stay addressable.

    The folder can be copied to any static host as it is. Raises policy.Refused and StoreUnwritable.
    """
    policy.require(viewer, "release")
    with _one_at_a_time:
        version = house.store.head().figures
        lines = help_lines(house, viewer.today, version, days=LASTING_DAYS)
        return _publish(viewer, house, note, version, viewer.today, lines)


def follow(house: House) -> str:
    """Bring what is public in line with the record: call it after every step that may end a file's being current.

    `current` leads to the newest release that stands. When that shows a help line which no current file would bring
    any more, the same figures are published anew without it: a wrong number can hurt a woman, and waits for nobody.
    Returns what could not be done, as a sentence; empty when all is well.
    """
    with _one_at_a_time:
        try:
            return _follow(house)
        except (OSError, StoreError, svg.NotDrawn) as error:
            return _("The public summary could not be renewed: {reason}", reason=str(error))


def _follow(house: House) -> str:
    releases = house.settings.releases
    rows = house.store.read("select * from release_now where not withdrawn order by version desc limit 1")
    if not rows:
        if house.store.read("select 1 from release limit 1"):  # every one was withdrawn
            (releases / "current").unlink(missing_ok=True)
        return ""
    newest = rows[0]
    folder = releases / newest["folder"]
    if not (folder / "index.html").is_file():
        return _("The folder of the release {name} is missing. Publish a new one.", name=newest["folder"])
    if not _leads(releases, newest["folder"]):
        _swap(releases, newest["folder"])
    day, shown = sources.shown(folder)
    today = datetime.now(UTC).date()
    now = help_lines(house, today, house.store.head().figures)
    kept = [line for line in now if sources.key(line) in shown]
    if len(kept) == len(shown):
        return ""
    operator = policy.operator(today)
    figures_on = day or marts.published_on(house, newest["as_of_version"]) or today
    _publish(operator, house, WITHDRAWN, newest["as_of_version"], figures_on, kept)
    return ""


def _publish(viewer: Viewer, house: House, note: str, version: int, figures_on: date, lines: list[HelpLine]) -> Path:
    release_id = house.store.clock().strftime("%Y%m%dT%H%M%SZ-") + str(uuid7())[-6:]
    found = contents.gather(viewer, house, release_id=release_id, version=version, figures_on=figures_on, lines=lines)
    texts = site.files(found)
    digest = hashlib.sha256()
    for name, content in sorted(texts.items()):
        digest.update(name.encode() + b"\0" + content.encode())
    try:
        tidy(house)
        house.settings.releases.mkdir(mode=0o700, parents=True, exist_ok=True)
        sources.keep(house.settings.releases / release_id, figures_on, lines)
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
        (writing / name).parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(writing / name, content.encode())
    writing.rename(folder)
    sync(folder.parent)
    return folder


def _leads(releases: Path, folder: str) -> bool:
    """Whether `current` is the release of this name: as a link, or as a file that holds its name."""
    current = releases / "current"
    if current.is_file():
        return current.read_text(encoding="utf-8").strip() == folder
    return current.is_symlink() and current.resolve() == (releases / folder).resolve()


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
