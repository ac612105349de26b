"""/explore: what the latest release says, to look at by topic, country and time. Reads the release and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dash import html
from flask import Response, request
from werkzeug.exceptions import NotFound

from dashboard.publication import reading
from dashboard.publication.exploring import saved, topics
from dashboard.publication.reading import Release, Unreadable
from dashboard.reference.text import N_, _
from dashboard.web import explored, public
from dashboard.web.guard import EVERYBODY, house, page, route

_NAME = re.compile(r"[0-9A-Za-z-]{1,60}")
LONGEST = 200
"""Letters of a value in an address; whatever is longer is nothing that can be chosen."""


def layout(
    topic: str = "",
    by: str = "",
    country: str = "",
    period: str = "",
    only: str = "",
    sector: str = "",
    side: str = "",
    indicator: str = "",
    group: str = "",
    currency: str = "",
    amount: str = "",
    release: str = "",
) -> html.Div:
    """The view that the address asks for."""
    given = (topic, by, country, period, only, sector, side, indicator, group, currency, amount, release)
    asked = {name: value for name, value in zip(topics.NAMES, given, strict=True) if len(value) <= LONGEST}
    folder = _folder(release)
    if folder is None and release:
        return explored.nothing(_("The release that this address names is not public, or not any more."), latest=True)
    if folder is None:
        return explored.nothing(_("Nothing has been published yet. When there is a release, its figures stand here."))
    try:
        found = reading.read(folder)
    except Unreadable:
        return explored.nothing(_("The latest release has no tables that can be shown here."))
    former = folder != public.current(house().settings.releases)
    shown = topics.view(found, asked)
    missed = topics.not_there(shown, asked)
    return explored.page(found, shown, former=former, home=house().settings.address, missed=missed)


def _folder(wanted: str) -> Path | None:
    """The folder of the release that is asked for, without one of the latest; None where it is not public.

    What was cited is never answered with the numbers of another release.
    """
    releases = house().settings.releases
    if not wanted:
        return public.current(releases)
    there = _NAME.fullmatch(wanted) and (releases / wanted / reading.PACKAGE).is_file()
    return (releases / wanted).resolve() if there else None


@route(explored.SAVED, permission=EVERYBODY, public=True)
def save() -> Response:
    """What one figure shows, as a file."""
    asked = {name: request.args.get(name, "")[:LONGEST] for name in topics.NAMES}
    folder = _folder(asked["release"])
    try:
        found = reading.read(folder) if folder else None
    except Unreadable:
        found = None
    one = _figure(found, asked, request.args.get("figure", "")) if found else None
    if found is None or one is None:
        raise NotFound
    response = Response("\ufeff" + saved.as_csv(found, one), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{saved.file_name(found, one)}"'
    return response


def _figure(found: Release, asked: dict[str, str], name: str) -> Any:
    return next((one for one in topics.view(found, asked).figures if one.name == name), None)


page(
    __name__,
    path=explored.PATH,
    title=N_("Explore the figures"),
    permission=EVERYBODY,
    layout=layout,
    charts=True,
    public=True,
    requirements=("R67", "R70", "R128"),
)
