"""The list of what waits for review, as text that holds a plain form. Never takes a step itself."""

from __future__ import annotations

from typing import Any

from flask import render_template
from markupsafe import Markup

from dashboard.reference import periods
from dashboard.reports.review import Queue
from dashboard.web import differences, markup


def form(queue: Queue) -> Any:
    """The files with a box to choose each, and the buttons. `assets/dashboard.js` chooses several at once."""
    return markup.place(
        Markup(
            render_template(
                "review.html",
                files=queue.files,
                quarter=lambda period: periods.parse(period).label,
                changes=differences.sentence,
            )
        )
    )
