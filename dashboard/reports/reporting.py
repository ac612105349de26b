"""Who has reported for a quarter, who is late and who is missing. Never shows a row of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import Any

from dashboard.intake.senders import may_send
from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Reach, Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.contracts import DUE_DAYS, Contract
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts
from dashboard.reports.action_names import names_at
from dashboard.reports.kept import kept

REMEMBERED = 4
"""Who sent a dataset in one of so many quarters before is expected to send it again."""

STATES = {
    "accepted": N_("Accepted"),
    "submitted": N_("Waiting for review"),
    "returned": N_("Returned to be mended"),
    "missing": N_("Not received"),
}
RECEIVED = ("on_time", "late", "review")
"""The standings of a file that is in: nobody waits for its organisation."""


@dataclass(frozen=True)
class Expected:
    """One file that the mechanism expects: of whom, what, for when, and how it stands (a key of STATES).

    `sent_on` is the day on which it was first handed in, None when it never was; `late` says whether that was after
    `due_on`. `submission_id` is there only for whoever may open the submission. `today` is the day of the question.
    """

    organisation_code: str
    organisation: str
    country: str
    dataset: str
    title: str
    period: str
    state: str
    due_on: date
    sent_on: date | None
    today: date
    submission_id: str = ""

    @property
    def late(self) -> bool:
        return self.sent_on is not None and self.sent_on > self.due_on

    @property
    def standing(self) -> str:
        """Where it stands to its due day: "on_time", "late" (accepted or in review, handed in after that day),
        "review", "returned", "missing", or "not_due" while it may still come in time."""
        if self.state == "missing":
            return "not_due" if self.today <= self.due_on else "missing"
        if self.state == "returned":
            return "returned"
        return "late" if self.late else "on_time" if self.state == "accepted" else "review"


@dataclass(frozen=True)
class Reporting:
    """What was expected for a quarter, by organisation and dataset, and the last day on which one of it is due."""

    period: str
    due_on: date
    files: tuple[Expected, ...]

    def in_state(self, *states: str) -> tuple[Expected, ...]:
        return tuple(f for f in self.files if f.state in states)

    def standing(self, *standings: str) -> tuple[Expected, ...]:
        """The files that stand so to their due day (see Expected.standing)."""
        return tuple(f for f in self.files if f.standing in standings)

    @property
    def due_words(self) -> str:
        """The days on which these files are due: the day of most of them, then what is due on another day."""
        titles: dict[date, list[str]] = {}
        for file in self.files:
            titles.setdefault(file.due_on, []).append(file.title)
        usual, *others = sorted(titles, key=lambda due: (-len(titles[due]), due)) or [self.due_on]
        return "; ".join(
            [
                text.day(usual),
                *(
                    _("{titles}: {day}", titles=text.words(sorted(set(titles[due]))), day=text.day(due))
                    for due in sorted(others)
                ),
            ]
        )

    @property
    def on_time(self) -> tuple[Expected, ...]:
        """Accepted, and handed in by the due day."""
        return self.standing("on_time")


def and_returned(count: int) -> str:
    """What follows the number of missing files: how many came and are to be mended; nothing for none."""
    return n_(", {count} was returned", ", {count} were returned", count) if count else ""


def due_on(contract: Contract, period: str) -> date:
    """The last day on which a file of this dataset for this quarter is on time."""
    return periods.parse(period).end + timedelta(days=contract.due_days)


def reporting(viewer: Viewer, house: House, *, period: str, country: str = "", version: int | None = None) -> Reporting:
    """Which files were expected for `period` from the organisations of `country` (or of all), and what became of them.

    A dataset is expected from whom its schema says: from whoever the register marks as reporting every quarter, or
    from whoever sent it in one of the REMEMBERED quarters before. Members see the whole mechanism, an enforcement body
    its own line (DESIGN section 5). Raises policy.Refused.
    """
    return over(viewer, house, quarters=[period], country=country, version=version)[0]


def over(
    viewer: Viewer, house: House, *, quarters: Sequence[str], country: str = "", version: int | None = None
) -> list[Reporting]:
    """The same for several quarters, in their order, reading the record once."""
    _known, scope, _told = marts.readable(viewer, house, version)
    asked = house.store.head().version if version is None else version
    opened, sent = policy.scope(viewer, "view submissions"), _sent(house, asked)
    register, names = organisations.register(house), names_at(house, asked)
    found = []
    for period in quarters:
        files = []
        for dataset, contract in house.library.contracts.items():
            for code in sent.expected(house, contract, period) if contract.quarterly else ():
                place = register[code].country if code in register else organisations.prefix(code)
                if country not in ("", place) or not (scope.everything or code in scope.organisations):
                    continue
                best, first = _stands(sent.steps.get((dataset, code, period), ()))
                files.append(
                    Expected(
                        organisation_code=code,
                        organisation=names.organisation(code),
                        country=place,
                        dataset=dataset,
                        title=_(contract.title),
                        period=period,
                        state=best["state"] if best else "missing",
                        due_on=due_on(contract, period),
                        sent_on=first,
                        today=viewer.today,
                        submission_id=best["submission_id"] if best and opened.holds(code, place) else "",
                    )
                )
        usual = periods.parse(period).end + timedelta(days=DUE_DAYS)
        found.append(Reporting(period, max((f.due_on for f in files), default=usual), tuple(files)))
    return found


def _stands(steps: Sequence[dict[str, Any]]) -> tuple[dict[str, Any] | None, date | None]:
    """The submission that counts among those handed in for one place, and the day on which the first was handed in."""
    sent = [s for s in steps if s["first_sent"] is not None]
    order = ("accepted", "submitted", "returned")
    best = min((s for s in sent if s["state"] in order), key=lambda s: order.index(s["state"]), default=None)
    return best, min((s["first_sent"].astimezone(UTC).date() for s in sent), default=None)


Steps = Mapping[tuple[str, str, str], list[dict[str, Any]]]


@dataclass(frozen=True)
class _Sent:
    """What was sent until a version, by what it is for, and who is expected to send. The same for whoever asks."""

    version: int
    steps: Steps
    found: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)

    def expected(self, house: House, contract: Contract, period: str) -> tuple[str, ...]:
        """The codes of the organisations that send this dataset for this quarter, in their order; found once."""
        key = (contract.name, contract.expected_from, period)
        if key not in self.found:
            self.found[key] = tuple(sorted(_expected(house, contract, period, self.version, self.steps)))
        return self.found[key]


def _sent(house: House, version: int) -> _Sent:
    return kept(house, "what was sent", version, lambda: _Sent(version, _steps(house, version)))


def _steps(house: House, version: int) -> Steps:
    """Each submission with its state at `version` and the moment it was first handed in, by what it is for."""
    rows = house.store.read(
        "select dataset, organisation_code, period, submission_id, arg_max(event, (e.version, event_id)) as state,"
        " min(e.recorded_at) filter (event = 'submitted') as first_sent"
        " from submission_event as e join submission as s using (submission_id) where e.version <= $version"
        " group by all order by all",
        version=version,
    )
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["dataset"], row["organisation_code"], row["period"]), []).append(row)
    return found


def _expected(house: House, contract: Contract, period: str, version: int, steps: Steps) -> set[str]:
    """The codes of the organisations that send this dataset for this quarter."""
    if contract.expected_from == "register" and "members" in house.library.contracts:
        register = marts.known_in(house, "members", period, version, keep=40)
        return set(register.loc[register["reports_quarterly"] == "yes", "organisation_code"])
    first = str(periods.parse(period).shifted(-REMEMBERED))
    former = {
        code
        for (name, code, quarter), sent in steps.items()
        if name == contract.name and first <= quarter < period and any(s["state"] == "accepted" for s in sent)
    }
    now = {code for (name, code, quarter) in steps if name == contract.name and quarter == period}
    return former | {code for code in now if any(s["first_sent"] for s in steps[(contract.name, code, period)])}


def mine(viewer: Viewer, house: House, *, period: str) -> tuple[Expected, ...]:
    """The files of `period` that her own organisation owes and she may send: not handed in, or returned."""
    if not viewer.organisation_code or policy.reach(viewer, "send submissions") < Reach.OWN_ORGANISATION:
        return ()
    return tuple(
        f
        for f in reporting(viewer, house, period=period).in_state("missing", "returned")
        if f.organisation_code == viewer.organisation_code
        and may_send(viewer, house, f.dataset, f.organisation_code, f.country).allowed
    )


def accepted_between(viewer: Viewer, house: House, after: int, until: int | None, country: str) -> int:
    """How many files of a country's organisations were accepted after one version and up to another (None: now).

    Of whoever reads only what was published, her own files count. Raises policy.Refused.
    """
    _known, scope, _told = marts.readable(viewer, house, until)
    rows = house.store.read(
        "select organisation_code from accepted where since > $after and since <= $until",
        after=after,
        until=house.store.head().version if until is None else until,
    )
    codes = [row["organisation_code"] for row in rows]
    return sum(
        organisations.country_of(house, code) == country and (scope.everything or code in scope.organisations)
        for code in codes
    )
