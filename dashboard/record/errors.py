"""What can be wrong with the store, each as a sentence for people. Never repairs anything."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked; str() is a sentence that can be shown to a person."""


class StoreBusy(StoreError):
    """Another process holds the store."""


class StoreDamaged(StoreError):
    """The database cannot be opened or read, or does not fit the journal. It is left as it is."""


class StoreUnwritable(StoreError):
    """The data folder cannot be written, or its disk is nearly full."""


class StoreStopped(StoreError):
    """DuckDB gave up (a full disk, say): only a new process can go on. What was confirmed is kept."""
