"""Several files reviewed in one go: each passes its door by itself, and the answer says of each what became of it.

Never accepts one that the reviewer has not seen as it is: each choice names the step and the newer file that she saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dashboard.intake import submissions
from dashboard.intake.senders import NotPossible
from dashboard.protection.policy import Refused, Viewer
from dashboard.record.errors import StoreError
from dashboard.record.house import House
from dashboard.reference.text import _

MOST = 50
"""So many files are reviewed at once, and so many the list of what waits shows."""


@dataclass(frozen=True)
class Choice:
    """A file as the reviewer saw it: the version of its last step, and the id of the newer file she was told of."""

    submission_id: str
    seen: int
    knowing: str = ""


@dataclass(frozen=True)
class Done:
    """What became of one choice: `why` says why it was not done; empty when it was."""

    submission_id: str
    why: str = ""


def accept(viewer: Viewer, house: House, choices: Iterable[Choice]) -> tuple[Done, ...]:
    """Accept each of these files. What one of them cannot, keeps none of the others."""

    def one(choice: Choice) -> None:
        submissions.accept(viewer, house, choice.submission_id, knowing=choice.knowing, seen=choice.seen)

    return tuple(_try(one, choice) for choice in _few(choices))


def send_back(viewer: Viewer, house: House, choices: Iterable[Choice], comment: str) -> tuple[Done, ...]:
    """Return each of these files with the same comment."""

    def one(choice: Choice) -> None:
        submissions.send_back(viewer, house, choice.submission_id, comment, seen=choice.seen)

    return tuple(_try(one, choice) for choice in _few(choices))


def _few(choices: Iterable[Choice]) -> list[Choice]:
    found = list(dict.fromkeys(choices))
    if not found:
        raise NotPossible(_("No file was chosen. Choose one or more, then press the button again."))
    if len(found) > MOST:
        raise NotPossible(_("Choose up to {most} files at once.", most=MOST))
    return found


def _try(step: Callable[[Choice], None], choice: Choice) -> Done:
    try:
        step(choice)
    except (NotPossible, Refused, StoreError) as error:  # whatever came before it was done, and is told
        return Done(choice.submission_id, str(error))
    return Done(choice.submission_id)
