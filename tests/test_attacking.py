"""What the attack on a release's files reports: what one organisation could work out refuses it too."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboard.publication import read_back
from dashboard.publication.attacking import Report, attack
from dashboard.publication.contacts import Inside
from dashboard.publication.read_back import ReadBack
from protection_world import COLUMNS, KEY, counted, public
from world import World

Q = "2026-Q1"
ROWS = f"""
    XAA _T _T _T {Q} 90
    XAA health _T _T {Q} 90
    XAA health S1 _T {Q} *
    XAA health S2 _T {Q} *
    XAA _T _T XBA {Q} 90
    XAB _T _T _T {Q} 200
    XAB health _T _T {Q} 200
    XAB health S2 _T {Q} *
    XAB health S3 _T {Q} *
    XAB _T _T XBA {Q} 200
    _T health S2 _T {Q} 90"""
CELL = ("XAA", "health", "S1", "_T", Q)


def report(world: World, monkeypatch: pytest.MonkeyPatch, sent: pd.DataFrame) -> Report:
    """Of a release that says ROWS, where S1 of XAA counts 30, by whoever sent this; S1 is hidden of itself."""
    monkeypatch.setattr(read_back, "read", lambda _folder: ReadBack(public(ROWS)))
    inside = Inside(sent, pd.DataFrame([CELL], columns=KEY))
    return attack(world.operator, world.house, Path("none"), former=[], inside=inside)


def test_a_release_that_leaves_everything_open_is_safe(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = report(world, monkeypatch, pd.DataFrame(columns=COLUMNS))
    assert (found.safe, found.hidden, found.insiders, found.organisations) == (True, 4, 0, 0)
    own = counted(f"XAB health S3 XBA {Q} XAB-ONE 15")
    found = report(world, monkeypatch, own)
    assert (found.safe, found.insiders, found.organisations) == (True, 1, 1)


def test_what_one_organisation_learns_refuses_a_release_though_the_count_is_large(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows that S1 is 5 or more: less than T, and not as little as the mark leaves open. S1 is 30, far from both
    ends of what it may think; a release is refused all the same."""
    own = counted(f"XAB health S2 XBA {Q} XAB-ONE 5")
    found = report(world, monkeypatch, own)
    assert not found.safe and found.narrowed == ((CELL, "XAB-ONE"),)
    assert Report.read({**found.as_json(), "narrowed": [[list(CELL), "XAB-ONE"]]}) == found
