"""What the doors to people answer when something cannot be done. Each is a sentence for a person, never a trace."""

from __future__ import annotations


class NotPossible(ValueError):
    """This cannot be done as asked; str() says why and what to do."""


class PasswordRefused(NotPossible):
    """The password is too short, too long or too easy to guess."""


class LinkRefused(NotPossible):
    """The link was used, is out of date, or was never made: the same sentence for all three."""


class SignInRefused(Exception):
    """Nobody was signed in. `wait` is 0 for a wrong pair, else the seconds until the next attempt is looked at."""

    def __init__(self, sentence: str, wait: float = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.wait = wait
