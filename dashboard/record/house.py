"""The house: settings, words and record of one running process, in one value. Never asks who is looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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


def open_house(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> House:
    """Read the words, open the record. Raises StoreError, and ValueError naming the file of a faulty word.

    `clock` is for building a demonstration, whose quarters pass in a minute; without one the record keeps real time.
    """
    library = libraries.load(settings.overlay)
    store = Store.open(settings, library, clock) if clock else Store.open(settings, library)
    return House(settings, library, store, Files(settings.files))
