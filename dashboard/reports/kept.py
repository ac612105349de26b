"""What is made of the rows of a version, kept in memory for a few versions. Never shared between viewers who differ.

As a mart, but of any shape: whoever puts something here makes sure that it does not depend on who asks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from dashboard.record.house import House
from dashboard.record.store import Store

_KEPT = 64
Made = TypeVar("Made")


class _Kept:
    def __init__(self) -> None:
        self.swaps = 0
        self.made: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self.lock = threading.Lock()
        self.turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


_stores: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()
_stores_lock = threading.Lock()


def kept(house: House, name: str, version: int, build: Callable[[], Made]) -> Made:
    """What `build` makes under this name for a version, made once; whoever asks meanwhile waits for that one.

    Nobody may change it. All goes when the record's file was swapped: what was expunged is in nothing that is kept.
    """
    with _stores_lock:
        held = _stores.setdefault(house.store, _Kept())
    with held.lock:
        turn = held.turns[name]
    with turn:
        key, swaps = (name, version), house.store.swaps
        with held.lock:
            if held.swaps != swaps:
                held.made.clear()
                held.swaps = swaps
            if key in held.made:
                held.made.move_to_end(key)
                return cast(Made, held.made[key])
        made = build()
        with held.lock:
            if house.store.swaps == held.swaps == swaps:
                held.made[key] = made
            while len(held.made) > _KEPT:
                held.made.popitem(last=False)
    return made
