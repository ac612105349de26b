"""The public tables as data: one row a fact, codes and names, a status for each value. Never a line that is no row.

What must be known of a count of contacts stands in each of its rows, so that it is not left behind with the page.
"""

from __future__ import annotations

from dashboard.publication import counts, open_plan, summary
from dashboard.publication.contents import Contents
from dashboard.publication.resource import COUNTRY, Field, Resource, status
from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reference.text import N_, _
from dashboard.reports import coverage, members, places

VALUE = N_("value")
ZERO = N_("zero: counted, and none")


_STATUSES = {Status.VALUE: VALUE, Status.ZERO: ZERO} | STATUS_WORDS


def resources(contents: Contents) -> tuple[Resource, ...]:
    """Every public table of a release, in the order in which they are listed."""
    series = contents.indicators
    surveys = [s for s in series if s.indicator.kind == "survey"]
    return (
        _contacts(contents),
        _coverage(contents),
        _seats(contents),
        open_plan.totals(contents),
        open_plan.plan(contents),
        open_plan.money(contents),
        open_plan.measured(
            "indicators",
            _("Indicators of the plan, with milestones and targets"),
            _("One row per indicator, country and quarter. No survey and no count of contacts is among them."),
            [s for s in series if s not in surveys],
        ),
        open_plan.measured(
            "surveys",
            _("Indicators from surveys"),
            _("One row per indicator, country and quarter: estimates from surveys of a sample, and from nothing else."),
            surveys,
        ),
        _codes(contents),
    )


def _contacts(contents: Contents) -> Resource:
    library = contents.library
    said = (
        Field("sector", N_("The sector that counted, by its code; _T is all sectors."), "#sector+code"),
        Field("sector_name", N_("Its name."), "#sector+name"),
        Field("service", N_("The essential service, by its code; _T all services, _U not recorded."), "#service+code"),
        Field("service_name", N_("Its name."), "#service+name"),
        Field(
            "origin",
            N_("Where the women came from, by its code; _T everywhere, _U not recorded."),
            "#country+origin+code",
        ),
        Field("origin_name", N_("Its name."), "#country+origin+name"),
        Field("period", N_("A quarter (2026-Q3), or a year with all its quarters (2026)."), "#period"),
        Field("contacts", N_("How many contacts were reported."), "#reached+contacts+num", "integer", required=False),
        status(*counts.WITH_NUMBER, Status.SUPPRESSED, Status.NOT_REPORTED),
        Field("caveat", N_("What must stand beside the number wherever it goes."), "#meta+caveat"),
    )
    rows = []
    for row in contents.contacts.to_dict("records"):
        shown = row["status"] in counts.WITH_NUMBER
        named = {n: counts.named(library, listed, row[n]) for n, listed in _LISTS.items()}
        if row["origin"] == counts.TOTAL:
            named["origin"] = _("All countries of origin")
        codes = [part for n in _LISTS for part in (row[n], named[n])]
        number = int(row["contacts"]) if shown else None
        rows.append((*codes, row["period"], number, str(row["status"]), contents.caveat))
    return Resource(
        name="contacts",
        title=_(counts.TITLE),
        description=_(
            "One row per statistic that is published: country, sector, service or country of origin, and quarter or"
            " year. A contact is not a woman. What is hidden to protect people has no number."
        ),
        fields=(*COUNTRY, *said),
        rows=tuple(rows),
        key=("country", "sector", "service", "origin", "period"),
        caveats=summary.contact_caveats(contents),
        source=_(counts.SOURCE),
    )


_LISTS = {"country": "countries", "sector": "sectors", "service": "services", "origin": "countries"}


def _coverage(contents: Contents) -> Resource:
    covered, library = contents.covered, contents.library
    services = library.codes["services"]
    on = {c: [side for side, listed in covered.sides.items() if c in listed] for c in _countries(covered.sides)}
    rows = []
    for country, sides in on.items():
        column = f"{sides[0]}:{country}"
        for code, state in covered.matrix.frame[column].items():
            service = services.get(str(code))
            sector = service.attributes["sector"] if service else ""
            rows.append(
                (
                    country,
                    library.title("countries", country),
                    "|".join(sides),
                    code,
                    _(library.title("services", str(code))),
                    sector,
                    _(library.title("sectors", sector)),
                    state,
                    _(coverage.STATES[state]) if state else "",
                    covered.period,
                    str(covered.matrix.statuses.loc[str(code), column]),
                )
            )
    return Resource(
        name="coverage",
        title=covered.matrix.title,
        description=_(
            "One row per country and service: what the best provider that reported offers. A country may be of origin"
            " in one corridor and of destination in another."
        ),
        fields=(
            *COUNTRY,
            Field("sides", N_("origin, destination, or both with | between them."), "#meta+side"),
            Field("service", N_("The essential service, by its code."), "#service+code"),
            Field("service_name", N_("Its name."), "#service+name"),
            Field("sector", N_("Its sector, by its code."), "#sector+code"),
            Field("sector_name", N_("Its name."), "#sector+name"),
            Field(
                "state",
                N_("What was reported, by its code; empty where nobody reported."),
                "#status+availability",
                required=False,
                values=tuple(coverage.STATES),
            ),
            Field("state_name", N_("The same in words."), "#status+availability+name", required=False),
            Field("period", N_("The quarter."), "#period+quarter"),
            status(Status.VALUE, Status.NOT_REPORTED),
        ),
        rows=tuple(rows),
        key=("country", "service"),
        caveats=covered.matrix.caveats,
        source=covered.matrix.source,
    )


def _countries(sides: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(country for listed in sides.values() for country in listed))


def _seats(contents: Contents) -> Resource:
    seats, library = contents.seated.seats, contents.library
    categories = library.codes["stakeholder_categories"]
    rows = []
    for country in contents.seated.countries:
        for code, seat in seats.frame[country].items():
            category = categories.get(str(code))
            group = category.attributes["group"] if category else ""
            rows.append(
                (
                    country,
                    library.title("countries", country),
                    code,
                    seats.frame.loc[str(code), "category"],
                    group,
                    _(library.title("stakeholder_groups", group)),
                    seat,
                    _(members.SEATS[seat]),
                    str(seats.statuses.loc[str(code), country]),
                )
            )
    return Resource(
        name="seats",
        title=seats.title,
        description=_("One row per country and category of stakeholders: the best seat that it holds there."),
        fields=(
            *COUNTRY,
            Field("category", N_("The category of stakeholders, by its code."), "#org+type+code"),
            Field("category_name", N_("Its name."), "#org+type+name"),
            Field("group", N_("Its group, by its code."), "#org+type+group+code"),
            Field("group_name", N_("Its name."), "#org+type+group+name"),
            Field("seat", N_("The state of the seat, by its code."), "#status+seat", values=tuple(members.SEATS)),
            Field("seat_name", N_("The same in words."), "#status+seat+name"),
            status(Status.VALUE),
        ),
        rows=tuple(rows),
        key=("country", "category"),
        caveats=seats.caveats,
        source=seats.source,
    )


def _codes(contents: Contents) -> Resource:
    """What each code of the other tables means, and what each status says."""
    library = contents.library
    rows = [
        (listed, code.code, _(code.title), _(code.description), "yes" if code.verified else "no")
        for listed in ("countries", "sectors", "services", "stakeholder_categories", "stakeholder_groups")
        for code in library.codes[listed].codes
    ]
    rows += [("statuses", str(status), _(words), "", "yes") for status, words in _STATUSES.items()]
    rows += [("sides", side, _(words), "", "yes") for side, words in places.SIDES.items()]
    rows += [
        ("states", state, _(words), _(coverage.STATE_MEANINGS[state]), "yes")
        for state, words in coverage.STATES.items()
    ]
    return Resource(
        name="codes",
        title=_("What the codes mean"),
        description=_("One row per code of the other tables."),
        fields=(
            Field("list", N_("The list that the code is of."), "#meta+list"),
            Field("code", N_("The code."), "#meta+code"),
            Field("title", N_("Its name."), "#meta+name"),
            Field("description", N_("What it means."), "#description", required=False),
            Field("verified", N_("Whether somebody read it in its source: yes or no."), "#meta+verified"),
        ),
        rows=tuple(rows),
        key=("list", "code"),
        source=_("Code lists of the dashboard"),
    )
