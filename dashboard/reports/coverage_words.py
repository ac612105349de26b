"""The sentences that sum coverage up, from the states that were found. Never takes silence for no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.reference import text
from dashboard.reference.text import _, n_

BestBy = Mapping[tuple[str, str], str]


def countries(by_side: Mapping[str, Sequence[str]]) -> list[str]:
    """Every country once, also the one that stands on both sides."""
    return list(dict.fromkeys(country for shown in by_side.values() for country in shown))


def finding(names: Mapping[str, str], services: Sequence[str], best_by: BestBy) -> str:
    """What the counts by country say, in one sentence that names the most and the least of those that reported.

    `names` are the countries shown, code to name. A country of which nothing was reported is named as silent.
    """
    spoke = [c for c in names if any((s, c) in best_by for s in services)]
    silent = [names[c] for c in names if c not in spoke]
    if not spoke:
        return _("How many services are open, limited or missing")
    opened = {c: sum(best_by.get((s, c)) == "open" for s in services) for c in spoke}
    said = _compared(names, opened)
    if not silent:
        return said
    return n_(
        "{said}; {names} has not reported", "{said}; {names} have not reported", len(silent), said=said,
        names=text.words(silent),
    )  # fmt: skip


def _compared(names: Mapping[str, str], opened: Mapping[str, int]) -> str:
    most, least = max(opened, key=lambda c: opened[c]), min(opened, key=lambda c: opened[c])
    if len(opened) == 1:
        return n_(
            "{country} reports {count} service open whatever the status",
            "{country} reports {count} services open whatever the status",
            opened[most],
            country=names[most],
        )
    if opened[most] == opened[least]:
        return n_(
            "Every country that reported has {count} service that is open whatever the status",
            "Every country that reported has {count} services that are open whatever the status",
            opened[most],
        )
    return n_(
        "{most} reports {count} service open whatever the status, {least} {low}",
        "{most} reports {count} services open whatever the status, {least} {low}",
        opened[most],
        most=names[most],
        least=names[least],
        low=text.number(opened[least]),
    )


def answer(shown: Sequence[str], services: Sequence[str], best_by: BestBy) -> str:
    """The sentence under the question, with the figures in it; `shown` are the codes of the countries."""
    if not shown or not services or not best_by:
        return _("No coverage has been reported yet.")
    count = sum(all(best_by.get((s, c)) == "open" for c in shown) for s in services)
    said = {
        "missing": text.number(sum(any(best_by.get((s, c)) == "none" for c in shown) for s in services)),
        "silent": text.number(sum(any((s, c) not in best_by for c in shown) for s in services)),
        "total": text.number(len(services)),
    }
    if len(shown) == 1:
        return n_(
            "{count} of {total} services is reported as open to women migrant workers whatever their status;"
            " not offered by those who reported: {missing}; not reported on: {silent}.",
            "{count} of {total} services are reported as open to women migrant workers whatever their status;"
            " not offered by those who reported: {missing}; not reported on: {silent}.",
            count,
            **said,
        )
    return n_(
        "{count} of {total} services is reported as open to women migrant workers whatever their status in every"
        " country shown; not offered somewhere: {missing}; not reported on somewhere: {silent}.",
        "{count} of {total} services are reported as open to women migrant workers whatever their status in every"
        " country shown; not offered somewhere: {missing}; not reported on somewhere: {silent}.",
        count,
        **said,
    )


def firewall(shown: Sequence[str], services: Sequence[str], best_by: BestBy, safe: set[tuple[str, str]]) -> str:
    """How many of the open ones are reported to pass nothing on (`safe`); nothing where none is open."""
    opened = [(s, c) for s in services for c in shown if best_by.get((s, c)) == "open"]
    if not opened:
        return ""
    return n_(
        "Of {count} service-and-country pair reported as open whatever the status, it is reported for {safe} that"
        " nothing is passed on to authorities.",
        "Of {count} service-and-country pairs reported as open whatever the status, it is reported for {safe} that"
        " nothing is passed on to authorities.",
        len(opened),
        safe=text.number(sum(pair in safe for pair in opened)),
    )
