"""The house: settings, words and record of one running process, in one value. Never asks who is looking."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.config import Settings
from dashboard.record.files import Files
from dashboard.record.store import Store
from dashboard.reference import library as libraries
from dashboard.reference.library import Library


@dataclass(frozen=True)
class House:
    """What every door function gets after its viewer."""

    settings: Settings
    library: Library
    store: Store
    files: Files

    def close(self) -> None:
        """Put everything down; the folder is free for another process."""
        self.store.close()


def open_house(settings: Settings) -> House:
    """Read the words, open the record. Raises StoreError, and ValueError naming the file of a faulty word."""
    library = libraries.load(settings.overlay)
    return House(settings, library, Store.open(settings, library), Files(settings.files))
