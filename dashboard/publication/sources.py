"""What a release was made from, kept beside its folder: its day and its help lines. Never in it, so never served."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from dashboard.publication.help_lines import HelpLine
from dashboard.record.folder import replace_file

Key = tuple[str, str, str]
UNKNOWN: Key = ("", "", "")
"""Stands for lines of which nobody knows the source; no current file brings it, so they go."""


def key(line: HelpLine) -> Key:
    """What must not change while a line is shown: the country, whose line it is, and the number."""
    return (line.country, line.organisation_code, line.line)


SUFFIX = ".sources.json"


def beside(folder: Path) -> Path:
    """Where the sources of a release lie: next to its folder, wherever that lies."""
    return folder.with_name(folder.name + SUFFIX)


def keep(folder: Path, figures_on: date, lines: list[HelpLine]) -> None:
    """Write the sources of a release whose folder is still to come."""
    told = [{"key": key(line), "submission_id": line.submission_id} for line in lines]
    said = {"figures_on": figures_on.isoformat(), "lines": told}
    replace_file(beside(folder), json.dumps(said).encode())


def shown(folder: Path) -> tuple[date | None, set[Key]]:
    """The day and the lines of a release. Where sources cannot be read but the page shows a line, that is UNKNOWN."""
    try:
        said = json.loads(beside(folder).read_text(encoding="utf-8"))
        return date.fromisoformat(said["figures_on"]), {tuple(line["key"]) for line in said["lines"]}
    except (OSError, ValueError, KeyError, TypeError):
        page = (folder / "index.html").read_text(encoding="utf-8")
        return None, {UNKNOWN} if 'class="line"' in page else set()
