"""The parts of the page on releases: what stands, how far a draft is, what it would make public, the decision.

Never shows a count that is in no file of a release, and nothing but names of a draft that was refused.
"""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.publication.attacking import Report
from dashboard.publication.drafting import STAGES, Progress
from dashboard.publication.listing import Draft, One, Releases
from dashboard.reference.table import Status
from dashboard.reference.text import _, day, moment, n_, number
from dashboard.web import components, marks, tables
from dashboard.web.marks import Mark, aria
from dashboard.web.release_steps import button, confirm, note


def answer(found: Releases) -> str:
    """The sentence under the question."""
    if found.progress is not None:
        return _("A draft is being prepared. Nothing of it is public.")
    if found.draft is not None and found.draft.one.state == "drafted":
        return _(
            "The draft of {day} waits for your decision. Nobody outside sees it before you publish it.",
            day=day(found.draft.one.day),
        )
    if found.draft is not None:
        return _(
            "The draft of {day} cannot be published: what it hides could be worked out. {stands}",
            day=day(found.draft.one.day),
            stands=_stands(found),
        )
    return _stands(found)


def _stands(found: Releases) -> str:
    if found.standing is not None:
        one = found.standing
        if not one.visible and not one.hidden:
            return _("The public reads the release of {day}. It holds no count of contacts.", day=_published(one))
        return _(
            "The public reads the release of {day}, with figures up to {period}: {visible} counts of contacts are"
            " shown, {hidden} are hidden to protect people.",
            day=_published(one),
            period=one.period,
            visible=number(one.visible),
            hidden=number(one.hidden),
        )
    if found.former:
        return _("Nothing is public at the moment, because the last release was withdrawn.")
    return _("Nothing has been published yet.")


def _published(one: One) -> str:
    """The day of a release, and when it was published again."""
    if one.renewed is None:
        return day(one.day)
    if one.renewed_by:
        return _("{day} (published again on {renewed})", day=day(one.day), renewed=day(one.renewed))
    return _("{day} (published again by itself on {renewed})", day=day(one.day), renewed=day(one.renewed))


def how(found: Releases) -> html.Details:
    """What a release is and how it comes about, for somebody who has never made one."""
    steps = [
        _(
            "The dashboard takes everything that was accepted up to now and writes the public page and its tables. It"
            " hides each count from 1 to {most}, because so few contacts could lead to a woman; each count that fewer"
            " than {organisations} organisations made; and whatever would let somebody work these out by adding and"
            " subtracting.",
            most=number(found.threshold - 1),
            organisations=number(found.contributors),
        ),
        _(
            "Then it attacks its own draft: another program reads the finished files, as anybody could, with all former"
            " releases beside them, and tries to work out every hidden count. If it succeeds with one, the draft cannot"
            " be published."
        ),
        _("You look at the draft, and publish it or drop it. Until then nothing is public."),
        _(
            "What is published stays published: a later release corrects a count only where the correction gives nobody"
            " away. A release with a mistake can be withdrawn, with a note that everybody reads."
        ),
    ]
    return html.Details(
        [html.Summary(_("How a release is made")), html.Ol([html.Li(said) for said in steps])],
        className="as-table",
        open=not (found.former or found.draft or found.progress),
    )


def progress(now: Progress | None) -> Any:
    """How far the draft is; nothing when none is made."""
    if now is None or not now.running:
        return None
    percent = min(99, round(100 * now.share))
    label = _("How much of the draft is done")
    place = list(STAGES).index(now.stage) + 1
    return html.Div(
        [
            html.Progress(value=str(percent), max="100", **aria(label=label)),
            html.P(
                _("{percent} %. Step {place} of {count}: {words}.", percent=number(percent), place=number(place),
                  count=number(len(STAGES)), words=now.words)
            ),
            html.P(_("It goes on when you leave this page. Begun on {when}.", when=moment(now.started_at)),
                   className="hint"),
        ],
        className="progress-line",
    )  # fmt: skip


def next_one(found: Releases) -> html.Section:
    """What came since, and the button that begins a draft."""
    parts: list[Any] = [html.H2(_("The next release"))]
    if found.failed:
        parts.append(components.notice("warning", _("The last draft could not be made"), found.failed))
    if found.since:
        parts += [
            html.P(_("Since the figures that are public:") if found.standing else _("In the record so far:")),
            html.Ul([html.Li(said) for said in found.since]),
        ]
    elif found.standing:
        parts.append(html.P(_("Nothing was accepted since the figures that are public.")))
    parts += [
        html.P(_("Preparing a draft takes about a minute. Nothing becomes public before you say so.")),
        html.Div(button("start", "", _("Prepare a draft")), className="buttons"),
    ]
    return html.Section(parts, className="actions")


# --- a draft ---


def draft(found: Draft, threshold: int, first: bool) -> list[Any]:
    """A draft with the attack's report, and what is to be decided. `first`: nothing was public before."""
    if found.one.state != "drafted":
        return refused(found)
    return [
        html.H2(_("1. Could somebody work out what it hides?")),
        components.notice("success", _("It was tried, and nobody could"), _tried(found.report)),
        html.H2(_("2. What becomes public")),
        *_contents(found, threshold),
        html.H2(_("3. What changes against what is public now")),
        *_changes(found, first),
        _decision(found),
    ]


def _tried(report: Report) -> html.Div:
    """What was tried, so that she knows what “nobody could” rests on."""
    if not report.hidden:
        return html.Div(html.P(_("This draft hides no count, so there is nothing to work out.")))
    tried = [_("from outside, as anybody could who has all the files")]
    if report.insiders == report.organisations:
        tried.append(
            n_(
                "as the {count} organisation that counted contacts and knows its own, on those that are small of"
                " themselves",
                "as each of the {count} organisations that counted contacts and know their own, on those that are small"
                " of themselves",
                report.insiders,
            )
        )
    else:
        tried.append(
            _(
                "as {some} of the {all} organisations that counted contacts and know their own (a sample, the largest"
                " ones), on those that are small of themselves",
                some=number(report.insiders),
                all=number(report.organisations),
            )
        )
    tried.append(
        _("for {count} of them (a sample) also knowing that people come in whole numbers", count=number(report.whole))
    )
    return html.Div(
        [
            html.P(
                " ".join(
                    [
                        _before(report),
                        _("It tried to work out each of the {hidden} hidden counts:", hidden=number(report.hidden)),
                    ]
                )
            ),
            html.Ul([html.Li(said) for said in tried]),
            html.P(
                _(
                    "It learned of none more than the mark says. Page, CSV and JSON say the same. It took {seconds}"
                    " seconds.",
                    seconds=number(round(report.seconds)),
                )
            ),
        ]
    )


def _before(report: Report) -> str:
    """What the attack was given."""
    if report.releases < 2:
        return _("Another program read the finished files.")
    return n_(
        "Another program read the finished files, with those of {count} former release beside them.",
        "Another program read the finished files, with those of {count} former releases beside them.",
        report.releases - 1,
    )


def _contents(found: Draft, threshold: int) -> list[Any]:
    one = found.one
    address = f"/releases/{one.release_id}/preview/"
    if found.totals is None or found.totals.frame.empty:
        counts: list[Any] = [
            html.P(_("No organisation has reported contacts yet, so the draft holds no count of them."))
        ]
    else:
        counts = [
            html.P(
                _(
                    "{visible} counts of contacts are shown and {hidden} are hidden. Here are the totals; the page has"
                    " sectors, services and countries of origin too.",
                    visible=number(one.visible),
                    hidden=number(one.hidden),
                )
            ),
            marks.key(_meanings(threshold)),
            tables.data_table(found.totals, figure_id="release-totals", caption=found.totals.title),
        ]
    return [
        html.P(
            [
                html.A(_("Look at the page as everybody will see it"), href=address, target="_blank"),
                " ",
                html.Span(_("(opens in a new tab)"), className="hint"),
            ]
        ),
        *counts,
    ]


def _meanings(threshold: int) -> list[tuple[Mark, str]]:
    said = {
        Status.SUPPRESSED: _(
            "From 1 to {most} contacts, or counted by too few organisations, or it would give such a count away."
            " Nobody can tell which of the three.",
            most=number(threshold - 1),
        ),
        Status.REVISION_PENDING: _("A later file corrects it, and the correction alone would give somebody away."),
        Status.NOT_REPORTED: _("No organisation of the country sent a report for the quarter."),
        Status.NO_YEAR: _("A year's total is given once all four quarters were reported."),
    }
    return [(mark, words) for status, words in said.items() if (mark := marks.of(status)) is not None]


def _changes(found: Draft, first: bool) -> list[Any]:
    if first:
        return [html.P(_("Nothing was public before: all of it is new."))]
    parts: list[Any] = []
    for heading, sentences in found.changes:
        if not sentences:
            parts.append(html.P(heading))
            continue
        parts += [html.H3(heading), html.Ul([html.Li(said) for said in sentences])]
    return parts


def _decision(found: Draft) -> html.Section:
    release_id = found.one.release_id
    return html.Section(
        [
            html.H2(_("4. Your decision")),
            note(release_id, _("What to say of this release in the public list of releases (not needed)"),
                 _("For example “Figures of Q3 2026”. No count, and nothing about a person.")),
            html.Div(
                [
                    confirm(
                        _("Publish this draft …"),
                        _(
                            "It takes the place of the public page at once. What people have read cannot be taken back;"
                            " a release can be withdrawn, but not unread."
                        ),
                        button("publish", release_id, _("Yes, publish it now")),
                    ),
                    confirm(
                        _("Drop this draft …"),
                        _("The draft is deleted. What is public stays as it is. You can prepare another at any time."),
                        button("drop", release_id, _("Yes, drop it"), quiet=True),
                        quiet=True,
                    ),
                ],
                className="buttons",
            ),
        ],
        className="actions",
    )  # fmt: skip


def refused(found: Draft) -> list[Any]:
    """A draft that cannot be published: what could be worked out, by name and never by number, and what to do."""
    listed = found.found[:20]
    more = len(found.found) - len(listed)
    return [
        components.notice(
            "danger",
            _("This draft cannot be published"),
            html.Div(
                [
                    html.P(
                        _(
                            "Another program read the finished files, with all former releases beside them. More could"
                            " be learned than that these counts are hidden:"
                        )
                    ),
                    html.Ul(
                        [
                            *(html.Li(said) for said in listed),
                            *([html.Li(n_("and {count} more", "and {count} more", more))] if more > 0 else []),
                        ]
                    ),
                    html.P(
                        _(
                            "Their numbers are shown to nobody, to you neither. What is public stays as it is; nothing"
                            " of this draft is."
                        )
                    ),
                ]
            ),
        ),
        html.Section(
            [
                html.H2(_("What to do")),
                html.Ol(
                    [
                        html.Li(_("Drop this draft, and prepare another: a file accepted since may have changed it.")),
                        html.Li(
                            _(
                                "If that is refused too, send the list above to whoever looks after the dashboard. It"
                                " is a fault of the program or of a former release’s files, and not of yours."
                            )
                        ),
                    ]
                ),
                html.Div(button("drop", found.one.release_id, _("Drop this draft")), className="buttons"),
            ],
            className="actions",
        ),
    ]
