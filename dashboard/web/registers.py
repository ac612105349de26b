"""A register in the browser: its filters, its table, its pages. Every choice stands in the address. Reads no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from markupsafe import Markup

from dashboard.reference.contracts import Contract
from dashboard.reference.table import Status, Table
from dashboard.reference.text import _, n_, number
from dashboard.reports import registers
from dashboard.reports.register_rows import BETWEEN
from dashboard.reports.registers import Asked, Choice, Register
from dashboard.web import components, filters, marks, markup, tables
from dashboard.web.marks import aria

FIRST = 3
"""So many filters stand in the row beside the search and the moment, the country before others; the rest is opened."""
OWN = ("search", "sort", "columns", "page")
"""What stands in the address besides filters and the moment."""


def asked(query: Mapping[str, str]) -> Asked:
    """What an address asks of a register; whatever is too long to be meant counts as not asked."""
    said = {name: filters.chosen(value) for name, value in query.items()}
    rest = {name: value for name, value in said.items() if name not in (*OWN, "as_of", "key", "hxl")}
    columns = query.get("columns", "")
    return Asked(
        filters=rest,
        search=said.get("search", ""),
        sort=said.get("sort", ""),
        columns=columns if isinstance(columns, str) and len(columns) <= 4000 else "",
        page=said.get("page", ""),
    )


def address(path: str, what: Asked, as_of: str, **changed: str) -> str:
    """An address that asks the same, but for what is `changed`."""
    said = {**what.filters, **{name: getattr(what, name) for name in OWN}, "as_of": as_of} | changed
    query = urlencode({name: value for name, value in said.items() if value})
    return path + (f"?{query}" if query else "")


def entry_address(dataset: str, key: Sequence[str], as_of: str) -> str:
    """Where one entry is read, by its natural key."""
    return f"/register/{dataset}/entry?" + urlencode(
        [*(("key", part) for part in key), *([("as_of", as_of)] * bool(as_of))]
    )


# --- what can be chosen ---


def search(value: str) -> html.Div:
    """The field that searches all words of a register."""
    return html.Div(
        [
            html.Label(_("Search"), htmlFor=filters.dom("search")),
            dbc.Input(
                id=filters.identity("search"),
                type="search",
                value=value,
                debounce=True,
                maxLength=200,
                autocomplete="off",
                placeholder=_("Words of any column"),
            ),
        ],
        className="filter search",
    )


def choice(
    found: Sequence[Choice],
    columns: Sequence[tuple[str, str]],
    usual: Sequence[str],
    what: Asked,
    chooser: html.Div,
) -> html.Div:
    """The filters of a register: the country and a few others, all others to open, and the columns to choose."""
    first = [one for one in found if one.name == "country" or one.name in usual][:FIRST]
    rest = [one for one in found if one not in first]
    hidden = [
        dbc.Input(id=filters.identity(name), type="hidden", value=getattr(what, name))
        for name in ("sort", "columns", "page")
    ]
    parts = [search(what.search), *map(_select(what), first), chooser]
    more = (
        [
            html.Details(
                [
                    html.Summary(_("More filters ({count})", count=number(len(rest)))),
                    html.Div(list(map(_select(what), rest))),
                ],
                className="more-filters",
                open=any(what.filters.get(one.name) for one in rest),
            )
        ]
        if rest
        else []
    )
    return filters.row([*parts, *hidden, *more, *([_columns(columns, usual, what)] if columns else [])])


def _select(what: Asked) -> Any:
    def made(one: Choice) -> html.Div:
        options = [("", _("All")), *one.options]
        return filters.select(one.name, one.title, options, what.filters.get(one.name, ""))

    return made


def _columns(columns: Sequence[tuple[str, str]], usual: Sequence[str], what: Asked) -> html.Details:
    """A box a column; `assets/dashboard.js` writes those that are ticked into the hidden filter `columns`."""
    shown = set(what.columns.split(",")) if what.columns else set(usual)
    boxes = Markup("").join(
        Markup('<label><input type="checkbox" value="{}"{}{}> {}</label>').format(
            name,
            Markup(" checked") if name in shown or n == 0 else "",
            Markup(" disabled") if n == 0 else "",
            title,
        )
        for n, (name, title) in enumerate(columns)
    )
    fieldset = Markup(
        '<fieldset data-boxes="columns" data-usual="{}"><legend class="visually-hidden">{}</legend>'
        '<div class="boxes">{}</div></fieldset>'
    ).format(",".join(usual), _("Columns to show"), boxes)
    return html.Details(
        [
            html.Summary(_("Choose columns ({count} in all)", count=number(len(columns)))),
            markup.place(fieldset),
        ],
        className="choose-columns",
    )


# --- the table ---


def body(found: Register, what: Asked, as_of: str) -> list[Any]:
    """The rows of one page with what stands around them."""
    path = f"/register/{found.contract.name}"
    notices = [
        components.notice(
            "warning", _("Not everything in this address is known"), html.Ul(list(map(html.Li, found.unknown)))
        )
    ]
    return [
        *(notices if found.unknown else []),
        html.Div(
            [
                html.Div([_count(found), _order(found)], className="register-line"),
                tables.scrolling(_table(found, what, as_of), found.table.title) if found.found else _none(path, as_of),
                _pages(found, what, as_of),
                tables.foot(found.table, "register", saving=_files(found, what, as_of)),
            ],
            className="table-figure",
            id="register-table",
        ),
    ]


def _count(found: Register) -> html.P:
    if found.found == found.total:
        said = n_(found.shape.one, found.shape.many, found.total)
    else:
        said = _(
            "{found} of {total}", found=number(found.found), total=n_(found.shape.one, found.shape.many, found.total)
        )
    if found.pages > 1:
        last = found.first + len(found.keys) - 1
        said = _("{entries}; rows {first} to {last}", entries=said, first=number(found.first), last=number(last))
    return html.P(said, className="shown", role="status")


def _order(found: Register) -> html.P | None:
    """How the rows are ordered where somebody chose it, in words: an arrow alone says little on a phone."""
    if not found.sort:
        return None
    title = dict(found.columns)[found.sort.removeprefix("-")]
    said = _("Ordered by {column}, from the last to the first") if found.sort[0] == "-" else _("Ordered by {column}")
    return html.P(said.format(column=title), className="hint")


def _none(path: str, as_of: str) -> html.Div:
    return components.empty(_("No entry fits this choice."), _("Show all entries."), address(path, Asked(), as_of))


def _table(found: Register, what: Asked, as_of: str) -> html.Table:
    titles = {column.name: column.title for column in found.table.columns}
    head = [_heading(found, what, as_of, column.name, column.title) for column in found.table.columns]
    return html.Table(
        [
            html.Caption(found.table.title, className="visually-hidden"),
            # Roles are written out: as blocks on a phone the rows would else be no table for a screen reader.
            html.Thead(html.Tr(head, role="row"), role="rowgroup"),
            html.Tbody([_row(found, n, as_of, titles) for n in range(len(found.keys))], role="rowgroup"),
        ],
        className="register",
        role="table",
    )


def _heading(found: Register, what: Asked, as_of: str, name: str, title: str) -> html.Th:
    path, up, down = f"/register/{found.contract.name}", name, f"-{name}"
    order = {up: "ascending", down: "descending"}.get(found.sort)
    href = address(path, what, as_of, sort=down if found.sort == up else up, page="")
    column = found.table.column(name)
    return html.Th(
        html.A(title, href=href),
        scope="col",
        role="columnheader",
        className="number" if column.numeric else None,
        **(aria(sort=order) if order else {}),
    )


def _row(found: Register, n: int, as_of: str, titles: Mapping[str, str]) -> html.Tr:
    first, *others = found.table.columns
    name = found.table.frame[first.name].iloc[n]
    label = name.replace(BETWEEN, "; ") or _("Without a name")
    status = str(found.table.statuses[first.name].iloc[n])
    return html.Tr(
        [
            html.Th(
                [
                    html.A(label, href=entry_address(found.contract.name, found.keys[n], as_of)),
                    html.Small(found.codes[n]) if found.codes[n] else None,
                    marks.status(status) if status == Status.NOT_VERIFIED else None,
                ],
                scope="row",
                role="rowheader",
            ),
            *(_cell(found.table, n, column.name, column.numeric, titles[column.name]) for column in others),
        ],
        role="row",
    )


def _cell(table: Table, n: int, name: str, numeric: bool, title: str) -> html.Td:
    words, status = str(table.frame[name].iloc[n]), str(table.statuses[name].iloc[n])
    kind = "number" if numeric else "nothing" if not words and status != Status.NOT_VERIFIED else None
    labelled: dict[str, Any] = {"data-label": title}
    return html.Td(value(words, status), className=kind, role="cell", **labelled)


def value(words: str, status: str, quiet: bool = True) -> Any:
    """One value: several as a list, an address as a link, nothing as the mark of why, with its word unless `quiet`."""
    if not words:
        return marks.status(status, quiet=quiet and status != Status.NOT_VERIFIED)
    if BETWEEN in words:
        return html.Ul([html.Li(part) for part in words.split(BETWEEN)])
    if words.startswith("https://") and " " not in words:
        return html.A(words, href=words, rel="noopener noreferrer", target="_blank")
    return words


def _pages(found: Register, what: Asked, as_of: str) -> html.Nav | None:
    """The pages before and after, and all on one, to print."""
    path = f"/register/{found.contract.name}"
    whole = found.pages == 1 and len(found.keys) > registers.PAGE
    if found.pages == 1 and not whole:
        return None
    here = _("Page {page} of {pages}", page=number(found.page), pages=number(found.pages))
    steps: list[Any] = [html.Li(here, **aria(current="page"))] if not whole else []
    if found.page > 1:
        steps.insert(0, html.Li(html.A(_("Previous page"), href=address(path, what, as_of, page=str(found.page - 1)))))
    if found.page < found.pages:
        steps.append(html.Li(html.A(_("Next page"), href=address(path, what, as_of, page=str(found.page + 1)))))
    if whole:
        steps.append(html.Li(html.A(_("Page by page"), href=address(path, what, as_of, page=""))))
    elif found.found <= registers.LARGEST:
        steps.append(html.Li(html.A(_("All on one page, to print"), href=address(path, what, as_of, page="all"))))
    return html.Nav(html.Ul(steps), className="pages", **aria(label=_("Pages of this register")))


def _files(found: Register, what: Asked, as_of: str) -> html.Span | None:
    if not found.found:
        return None
    path = f"/register/{found.contract.name}.csv"
    plain = address(path, what, as_of, columns="", page="")
    tagged = address(path, what, as_of, columns="", page="", hxl="1")
    said = n_("Download this entry (CSV)", "Download these {count} entries (CSV)", found.found)
    return html.Span(
        [
            html.A(said, href=plain, download=""),
            " ",
            html.A(_("The same with codes and an HXL row (CSV)"), href=tagged, download=""),
        ],
        className="figure-actions",
    )


# --- where there is nothing, and where one is ---


def nothing(contract: Contract, sends: bool, told: Sequence[str] = ()) -> html.Div:
    """What stands where nothing was accepted: that it is so, and how an entry comes here."""
    guide = html.A(_("How to fill it in"), href=f"/guide/{contract.name}")
    steps: list[Any] = [guide]
    if sends:
        steps = [
            html.A(_("Fetch the template"), href=f"/templates/{contract.name}.csv", download=""),
            guide,
            html.A(_("Send the file"), href="/submit?" + urlencode({"dataset": contract.name})),
        ]
    return html.Div(
        [
            html.P(html.Strong(_("Nothing to show here yet."))),
            html.P(_(contract.row)),
            *(html.P(sentence) for sentence in told),
            html.Ul([html.Li(step) for step in steps]),
        ],
        className="empty",
    )


def trail(*steps: tuple[str, str]) -> html.Nav:
    """Where one is, as (title, address) from the list of registers down."""
    items = [html.Li(html.A(title, href=href) if href else title) for title, href in steps]
    return html.Nav(html.Ol(items), className="breadcrumbs", **aria(label=_("Where you are")))
