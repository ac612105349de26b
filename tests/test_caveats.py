"""The caveat is with every count of contacts, in every file of a release; and the test that says so can fail."""

from __future__ import annotations

import json
import re

import pytest

from caveats import faults
from dashboard.publication.site import PAGES
from public_world import CAVEAT, Published


def test_the_caveat_says_what_it_must() -> None:
    assert "not prevalence" in CAVEAT and "A rise may mean better access" in CAVEAT


def test_no_count_of_contacts_stands_without_its_caveat(release: Published) -> None:
    assert faults(release.files) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("index.html", rf"<caption>([^<]*?)\. {CAVEAT}</caption>", r"<caption>\1</caption>"),
        ("index.html", rf"(were reported by services for [^<]*?) ?<strong>{CAVEAT}</strong>", r"\1"),
        ("index.html", rf"(<dd>[^<]*contacts were reported [^<]*?){CAVEAT}", r"\1"),
        ("index.html", rf"(<desc[^>]*>[^<]*?){CAVEAT}([^<]*A contact is not a woman)", r"\1\2"),
        ("index.html", r"(<h2 id=.contacts.>)[^<]*", r"\g<1>1,247 contacts"),
        ("index.html", r"</main>", "<p>The prevalence is high.</p></main>"),
        ("index.html", r"</main>", "<p>Violence rose.</p></main>".lower()),
        ("index.html", r"</main>", "<p>A decline in violence was reported.</p></main>"),
        ("index.html", r"\.stub \{", ".stub { color: #c0392b;"),
        ("charts/contacts.svg", rf">{CAVEAT}</text>", "></text>"),
        ("charts/contacts.svg", "#4a5260", "#2e8b57"),
        ("data/contacts.csv", rf',"{CAVEAT}"\r\n$', ",\r\n"),
        ("data/contacts-hxl.csv", r",caveat\r\n", ",note\r\n"),
        ("data/datapackage.json", rf'"caveat": "{CAVEAT}"', '"caveat": ""'),
    ],
)
def test_each_way_to_lose_it_is_found(release: Published, name: str, before: str, after: str) -> None:
    changed, times = re.subn(before, after, release.files[name])
    assert times, "nothing was changed"
    assert [said for said in faults(release.files | {name: changed}) if said.startswith(name)]


def test_a_resource_without_it_is_found(release: Published) -> None:
    package = json.loads(release.files["data/datapackage.json"])
    package["resources"][0]["caveats"] = []
    changed = release.files | {"data/datapackage.json": json.dumps(package)}
    assert faults(changed) == ["data/datapackage.json: contacts has no caveat"]


def test_a_colour_that_judges_is_told_from_a_tone_that_does_not() -> None:
    from caveats import _judging

    assert _judging("fill:#a11e1e; stroke:#17824f") == ["#a11e1e", "#17824f"]
    assert _judging("fill:#4a5260; stroke:#545d69; color: var(--muted); background: #fff") == []


def test_the_frame_and_whose_programme_it_is_stand_on_the_page(release: Published) -> None:
    """R128: attribution, and the objective that everything stands under; on every page the attribution."""
    assert "Safe and fair for all women in the region" in release.files["index.html"]
    for name in PAGES:
        assert "EU-UN Spotlight Initiative" in release.files[name], name


def test_what_counts_do_not_say_is_said(release: Published) -> None:
    """R70: documented cases are a small part of all; R68: a rise is explained, not judged."""
    assert "Services see a small part of it, and more reports may mean better access." in release.files["index.html"]
    methodology = release.files["data/methodology.html"]
    assert "Why a rise in reports is not a rise in violence" in methodology
    assert "Most of it is never reported to anybody" in methodology


def test_before_counts_are_released_none_is_said(release_without_contacts: Published) -> None:
    files = release_without_contacts.files
    assert faults(files) == []
    assert "No count of contacts has been released yet." in files["index.html"] and CAVEAT in files["index.html"]
    assert "charts/contacts.svg" not in files and "data-contacts" not in files["index.html"]
    assert files["data/contacts.csv"].count("\r\n") == 1, "the header alone, so that a program finds its columns"
