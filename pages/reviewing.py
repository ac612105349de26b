"""POST /submissions/review: one step with several files that wait for review. Never accepts what was not chosen."""

from __future__ import annotations

from flask import request

from dashboard.intake import reviewing
from dashboard.intake import submissions as door
from dashboard.intake.reviewing import Choice, Done
from dashboard.intake.submissions import NotPossible
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.reference import periods
from dashboard.reference.text import _, n_, number
from dashboard.reports import submissions
from dashboard.web import plain
from dashboard.web.guard import current_viewer, house, route


@route("/submissions/review", permission="review submissions", methods=("POST",))
def review() -> tuple[str, int]:
    """Accept the chosen files, or return them with one comment; the answer says of each what became of it."""
    viewer, home, step = current_viewer(), house(), request.form.get("step", "")
    try:
        chosen = [_choice(sent) for sent in request.form.getlist("file")]
        if step == "accept":
            done = reviewing.accept(viewer, home, chosen)
        elif step == "return":
            done = reviewing.send_back(viewer, home, chosen, request.form.get("comment", ""))
        else:
            raise NotPossible(_("There is no such step."))
    except NotPossible as error:
        return _answer(str(error), (), step, 409)
    undone = release.follow(home) if step == "accept" and any(not one.why for one in done) else ""
    return _answer(_sentence(done, step), done, step, 200, undone)


def _choice(sent: str) -> Choice:
    submission_id, seen, knowing = ([*sent.split(":"), "", ""])[:3]
    if not seen.isascii() or not seen.isdigit() or len(seen) > 18:
        raise NotPossible(_("The list was not sent as it was shown. Load it again."))
    return Choice(submission_id, int(seen), knowing)


def _sentence(done: tuple[Done, ...], step: str) -> str:
    well = sum(not one.why for one in done)
    if step == "accept":
        return n_(
            "{well} of {count} file was accepted. The pages show the new figures now.",
            "{well} of {count} files were accepted. The pages show the new figures now.",
            len(done),
            well=number(well),
        )
    return n_(
        "{well} of {count} file was returned. The organisation sees your comment.",
        "{well} of {count} files were returned. The organisations see your comment.",
        len(done),
        well=number(well),
    )


def _answer(sentence: str, done: tuple[Done, ...], step: str, status: int, undone: str = "") -> tuple[str, int]:
    named = [(one, _name(one.submission_id)) for one in sorted(done, key=lambda one: not one.why)]
    return plain.render(
        "reviewed.html", title=_("Reviewed files"), answer=sentence, done=named, step=step, undone=undone
    ), status


def _name(submission_id: str) -> str:
    """What a file is called, where the viewer may know it."""
    home = house()
    try:
        row = door.find(current_viewer(), home, submission_id)
    except Refused:
        return _("A file that is not yours to see")
    organisation = submissions.named(home, row["organisation_code"])
    return f"{submissions.title(home, row['dataset'])}, {organisation}, {periods.parse(row['period']).label}"
