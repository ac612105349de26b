"""What was decided, who is bound and which action follows, at any version. Never decides: that is the door's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _, words
from dashboard.reports.action_names import Names, names_at


@dataclass(frozen=True)
class Decision:
    """One decision at one version. `bound` are (code, name) of who is bound, empty for the whole mechanism.

    `action_code` is the action that followed then, `action_title` its name; `since` names the action that was named
    only after that version. `version` is what a change is compared with.
    """

    decision_id: str
    meeting_id: str
    item_id: str
    country: str
    meeting: str
    day: date
    text: str
    bound: tuple[tuple[str, str], ...]
    action_code: str
    action_title: str
    since: str
    version: int

    @property
    def bound_words(self) -> str:
        """Who is bound, in words."""
        return words([name for _code, name in self.bound]) if self.bound else _("The whole mechanism")


def decisions(
    viewer: Viewer,
    house: House,
    *,
    country: str = "",
    meeting_id: str = "",
    unfollowed: bool = False,
    version: int | None = None,
) -> tuple[Decision, ...]:
    """The decisions that stand and that this viewer may see, the newest meeting first, in the order in which they were
    taken. `unfollowed` keeps those that no action follows now. Raises policy.Refused.

    Whoever sees her own organisation alone sees what binds it. Of a withdrawn meeting there are none.
    """
    policy.require(viewer, "view actions")
    scope = policy.scope(viewer, "view actions")
    head = house.store.head().version
    at = head if version is None else min(version, head)
    names = names_at(house, at)
    rows = house.store.read(
        "with said as (select * from decision where version <= $version qualify row_number() over"
        " (partition by decision_id order by version desc) = 1),"
        " taken as (select decision_id, min(version) as taken from decision group by decision_id),"
        " last as (select decision_id, action_code as last_code from decision_now)"
        " select said.*, taken, last_code, m.title as meeting, m.held_on as day from said"
        " join taken using (decision_id) join last using (decision_id)"
        " join meeting_now as m on m.meeting_id = said.meeting_id"
        " where not said.withdrawn and not m.withdrawn and ($country = '' or said.country = $country)"
        " and ($meeting = '' or said.meeting_id = $meeting)"
        " order by day desc, said.meeting_id desc, taken, decision_id",
        version=at,
        country=country,
        meeting=meeting_id,
    )
    titles = _titles(house, at)
    return tuple(
        _decision(row, names, titles)
        for row in rows
        if (scope.holds(country=row["country"]) or scope.organisations & {*row["bound"].split("|")} - {""})
        and not (unfollowed and row["last_code"])
    )


def _decision(row: dict[str, object], names: Names, titles: dict[str, str]) -> Decision:
    code, last = str(row["action_code"]), str(row["last_code"])
    kept = {name: row[name] for name in ("decision_id", "meeting_id", "item_id", "country", "meeting", "day", "text")}
    return Decision(
        **kept,  # type: ignore[arg-type]
        bound=tuple((part, names.organisation(part)) for part in str(row["bound"]).split("|") if part),
        action_code=code,
        action_title=titles.get(code, code),
        since=last if last != code else "",
        version=int(str(row["version"])),
    )


def _titles(house: House, version: int) -> dict[str, str]:
    """What each action was called at a version, of those that a decision names."""
    rows = house.store.read(
        "select a.action_code, arg_max(a.title, a.since) as title from (select action_code, title, since from"
        " actions_rows where since <= $version and (until is null or until > $version) union all select action_code,"
        " title, version as since from action_agreed where version <= $version) as a"
        " where a.action_code in (select action_code from decision) group by a.action_code",
        version=version,
    )
    return {row["action_code"]: row["title"] for row in rows}
