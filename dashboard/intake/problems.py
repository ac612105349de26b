"""The catalogue of what can be wrong with a file, and one problem as a value. Never looks at a file itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.intake import tolerated
from dashboard.intake.kinds import Kind, Severity, kinds
from dashboard.reference.text import N_, _, n_

__all__ = ["PROBLEMS", "Kind", "Problem", "Severity", "from_json", "problem", "shown", "without_value"]

SHOWN = 60
"""How many characters of a cell a sentence quotes."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where (header = row 1), what and how. `count` and `rows` tell of a group with one cause.

    `words` are what fills the kind's sentences, so that another reader gets them in her language.
    """

    code: str
    severity: Severity
    row: int | None
    column: str | None
    value: str | None
    message: str
    fix: str
    count: int = 1
    rows: tuple[int, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def as_json(self) -> dict[str, Any]:
        """The problem as people's programs get it; `count` and the first `rows` only where there are several."""
        found: dict[str, Any] = {
            "code": self.code,
            "severity": str(self.severity),
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
            "fix": self.fix,
        }
        return found | ({"count": self.count, "rows": list(self.rows[:20])} if self.count > 1 or self.rows else {})


_NEAR_COLUMN = N_("Did you mean “{nearest}”?")
_NOT_KEPT = N_("The file was not kept. Take this out and send the file again; remove it from shared drives, too.")

# A kind reads as one entry: its code and title, what is wrong, what to do.
# fmt: off
_READ = kinds(
    "read",
    ("file-empty", N_("Nothing in the file"), N_("The file is empty."),
     N_("Open the template, fill it in, and save it as CSV before you send it.")),
    ("file-too-large", N_("File too large"), N_("The file has {size} MB; the limit is {limit} MB."),
     N_("Send one file for each quarter, or leave out rows that did not change.")),
    ("file-not-csv", N_("Not a CSV file"), N_("This is {what}, not a CSV file."), N_("{how}")),
    ("file-encoding", N_("Letters cannot be read"),
     N_("Row {row} holds bytes that are no letters in UTF-8 or in Windows-1252."),
     N_("In Excel, save the sheet as “CSV UTF-8 (Comma delimited)”.")),
    ("file-damaged", N_("File damaged"), N_("Row {row} holds a zero byte, which no CSV file has: the file is damaged."),
     N_("Open the sheet again and save it anew as “CSV UTF-8 (Comma delimited)”.")),
    ("line-too-long", N_("A line without end"),
     N_("Row {row} has {size} characters; a row may have {limit}."),
     N_("Look for a missing line break or quotation mark near this row.")),
    ("quote-unclosed", N_("Quotation mark not closed"),
     N_("Row {row}: a cell begins with a quotation mark (\") that is never closed, so all that follows is one cell."),
     N_("Close the quotation mark in this row, or delete it.")),
    ("quote-stray", N_("Quotation mark inside a cell"),
     N_("Row {row}: something stands after a closing quotation mark (\")."),
     N_("Write a quotation mark inside a cell twice (\"\"), or delete it.")),
    ("header-missing", N_("Header row not found"),
     N_("The first filled row does not hold the names of the columns."),
     N_("Begin the file with this row: {header}")),
    ("header-not-first", N_("Rows above the header"),
     N_("The header stands in row {row}; something else is written above it."),
     N_("Delete the rows above the header, so that the names of the columns are in row 1.")),
    ("column-missing", N_("Column missing"), N_("The column “{column}” is missing."),
     N_("Add the column with exactly this name; its cells may be empty only where the dictionary says so."),
     N_("Perhaps it is the column that you called “{nearest}”: then rename that one.")),
    ("column-unknown", N_("Column not in the template"), N_("“{column}” is not a column of this dataset."),
     N_("Delete the column, unless it only has another name."), N_("Is it “{nearest}”? Then rename it.")),
    ("column-duplicate", N_("Column stands twice"), N_("The column “{column}” stands in the header {times} times."),
     N_("Keep one of them and delete the others.")),
    ("column-unnamed", N_("Column without a name"), N_("Column {position} has filled cells but no name in the header."),
     N_("Delete the column, or give it a name of the template.")),
    ("column-of-problems", N_("Column of the marked copy"),
     N_("The column “{column}” comes from our marked copy."), N_("Delete this column before you send the file.")),
    ("too-many-columns", N_("Too many columns"), N_("The header has {cells} columns; a file may have {limit}."),
     N_("Begin again with the template, and copy your rows into it.")),
    ("row-too-short", N_("Row with too few cells"), N_("Row {row} has {cells} cells; the header has {expected}."),
     N_("Add the missing separators, or save the sheet as CSV again.")),
    ("row-too-long", N_("Row with too many cells"), N_("Row {row} has {cells} cells; the header has {expected}."),
     N_("If a cell holds the separator ({delimiter}), put the cell in quotation marks; or save the sheet as CSV "
        "again.")),
    ("no-rows", N_("No rows"), N_("Below the header there is no filled row."),
     N_("Fill in at least one row. If you have nothing to report, tell your coordinator instead.")),
)

_SCREEN = kinds(
    "screen",
    ("column-personal", N_("Column about a person"), N_("Remove the column “{column}”."),
     N_("We never collect it: it could put women at risk. The file was not kept; remove it from shared drives, too.")),
    ("cell-email", N_("E-mail address"), N_("Row {row}, {column}: this looks like an e-mail address."), _NOT_KEPT),
    ("cell-phone", N_("Telephone number"), N_("Row {row}, {column}: this looks like a telephone number."), _NOT_KEPT),
    ("cell-passport", N_("Passport or identity number"),
     N_("Row {row}, {column}: this looks like the number of a passport or identity paper."), _NOT_KEPT),
    ("cell-coordinates", N_("Place on the map"), N_("Row {row}, {column}: this looks like the coordinates of a place."),
     _NOT_KEPT),
    ("cell-profile", N_("Page on a social network"),
     N_("Row {row}, {column}: this looks like a page on a social network, which may be a person's."),
     N_("Write the address of the office's own site instead. The file was not kept; remove it from shared drives, "
        "too.")),
    ("cell-full-date", N_("Full date"), N_("Row {row}, {column}: this looks like a full date."),
     N_("Write the quarter only, such as 2026-Q3. The file was not kept; remove it from shared drives, too.")),
    ("cell-name", N_("Name of a person"), N_("Row {row}, {column}: this looks like the name of a person."), _NOT_KEPT),
    ("cell-age", N_("Age of a person"), N_("Row {row}, {column}: this looks like the age of one person."),
     N_("Write a band of ages at most, such as 15-49. The file was not kept; remove it from shared drives, too.")),
    ("cell-story", N_("Story of a person"), N_("Row {row}, {column}: this looks like the story of one person."),
     _NOT_KEPT),
    ("cell-address", N_("Where somebody lives"),
     N_("Row {row}, {column}: this looks like the place where somebody lives."), _NOT_KEPT),
    ("cell-case", N_("Number of a case"), N_("Row {row}, {column}: this looks like the number of one person's case."),
     _NOT_KEPT),
    ("person-beside", N_("Person beside the table"),
     N_("Row {row}: outside the columns of the template stands what looks like data about a person."),
     N_("Delete everything that is not in the template's columns. The file was not kept; remove it from shared drives, "
        "too.")),
    ("cell-iban", N_("Bank account"), N_("Row {row}, {column}: this looks like a bank account number."), _NOT_KEPT),
    ("text-near-unique", N_("A text for each person"),
     N_("The texts in {column} differ in almost every row, as they do when each row tells of one person."),
     N_("Send counts only, and leave this column empty. The file was not kept; remove it from shared drives, too.")),
    ("one-row-per-person", N_("One row per person"), N_("The file looks like a list of persons: {reason}."),
     N_("Add the rows up, so that one row tells of many contacts. The file was not kept; remove it from shared drives, "
        "too.")),
)

_CHECK = kinds(
    "check",
    ("required-empty", N_("Cell must be filled"), N_("Row {row}: {column} is empty."),
     N_("Fill the cell; the dictionary says what belongs there.")),
    ("row-not-filled", N_("Row that nobody filled in"), N_("Row {row} holds no more than the codes of the template."),
     N_("Fill the row in, or delete it: what is not in the file is not reported.")),
    ("unknown-code", N_("Code not on the list"), N_("Row {row}, {column}: “{value}” is not on the list."),
     N_("Copy a code from the list, for example “{example}”."), _NEAR_COLUMN),
    ("code-expired", N_("Code no longer used"),
     N_("Row {row}, {column}: “{value}” is not in use for this quarter."),
     N_("Copy a code from the list that is in use."), N_("Use “{nearest}” instead.")),
    ("not-a-number", N_("Not a number"), N_("Row {row}, {column}: “{value}” is not a number."),
     N_("Use digits only, for example {example}."), N_("Did you mean {nearest}?")),
    ("not-whole", N_("Not a whole number"), N_("Row {row}, {column}: “{value}” is not a whole number."),
     N_("Use digits only, for example {example}.")),
    ("decimal-comma", N_("Comma in a number"), N_("Row {row}, {column}: “{value}” has a comma for the decimals."),
     N_("Write a point instead, for example {example}.")),
    ("thousands-separator", N_("Thousands separated"),
     N_("Row {row}, {column}: “{value}” separates the thousands."), N_("Write it as {example}.")),
    ("number-became-date", N_("Number turned into a date"),
     N_("Row {row}, {column}: “{value}” looks like a number that the spreadsheet turned into a date."),
     N_("Format the column as number, and type the number again.")),
    ("number-scientific", N_("Number in short form"),
     N_("Row {row}, {column}: “{value}” is a number in short form, in which digits are lost."),
     N_("Format the column as number without decimals, and save again.")),
    ("negative", N_("Number below zero"), N_("Row {row}, {column}: “{value}” is below zero."),
     N_("Write how many there were; 0 if you counted none.")),
    ("out-of-range", N_("Number out of range"), N_("Row {row}, {column}: “{value}” is not {range}."),
     N_("Check the number; write it with digits only.")),
    ("placeholder", N_("Sign for nothing"), N_("Row {row}, {column}: “{value}” stands for no value."),
     N_("Leave the cell empty if you do not know; where it must be filled, write the value, or delete the row.")),
    ("not-a-date", N_("Not a date"), N_("Row {row}, {column}: “{value}” is not a date."),
     N_("Write year, month and day, for example 2026-06-30.")),
    ("not-a-period", N_("Not a quarter"), N_("Row {row}, {column}: “{value}” is not a quarter."),
     N_("Write year and quarter, for example 2026-Q3."), N_("Did you mean {nearest}?")),
    ("other-period", N_("Another quarter"),
     N_("Row {row}, {column}: “{value}” is not {period}, for which you send this."),
     N_("Correct the cell, or choose the other quarter when you send the file.")),
    ("too-long", N_("Text too long"), N_("Row {row}, {column}: the text has {length} characters; {limit} are allowed."),
     N_("Shorten the text.")),
    ("wrong-form", N_("Not in the right form"), N_("Row {row}, {column}: “{value}” does not have the right form."),
     N_("Write {form}.")),
    ("duplicate-key", N_("Row stands twice"), N_("Rows {first} and {row} are about the same thing: {value}."),
     N_("Keep one of the two rows, or correct what sets them apart ({key}).")),
    ("other-organisation", N_("Another organisation's row"),
     N_("Row {row}, {column}: “{value}” is not the organisation that this file is from."),
     N_("Write {own}, or take the row out: each organisation sends its own rows.")),
    ("unknown-organisation", N_("Organisation not known"),
     N_("Row {row}, {column}: “{value}” is no organisation of this mechanism."),
     N_("Copy the code from the register of members."), _NEAR_COLUMN),
    ("outside-country", N_("Another country"),
     N_("Row {row}, {column}: “{value}” is not the country of your organisation, {own}."),
     N_("Take the row out, or ask the coordinator of that country to send it.")),
    ("other-country-code", N_("Code of another country"),
     N_("Row {row}, {column}: “{value}” does not begin with the country of its row."),
     N_("Begin the code with the row's country, for example KHM-POLICE in Cambodia; or take the row out: each country "
        "names its own organisations and actions.")),
    ("total-row", N_("Row of totals"), N_("Row {row} is a row of totals (“{value}” in {column})."),
     N_("Delete the row: totals are added up here.")),
    ("formula-cell", N_("Formula"), N_("Row {row}, {column}: “{value}” begins like a formula."),
     N_("Copy the column and paste it as values, then save as CSV again.")),
    ("spreadsheet-error", N_("Spreadsheet error"), N_("Row {row}, {column}: “{value}” is an error of the spreadsheet."),
     N_("Mend the formula, or type the value.")),
    ("evidence-missing", N_("Evidence missing"), N_("Row {row}: {column} is empty. {words}"),
     N_("Say where this is written down, for example a law, a circular or a web address.")),
    ("enforcement-mark-missing", N_("Mark for enforcement bodies missing"), N_("Row {row}: {column} is empty. {words}"),
     N_("Write yes or no.")),
    ("value-missing", N_("Cell must be filled here"), N_("Row {row}: {column} is empty. {words}"),
     N_("Fill the cell, or correct {when}.")),
    ("value-not-expected", N_("Cell must be empty here"),
     N_("Row {row}, {column}: “{value}” should not be here. {words}"),
     N_("Empty the cell, or correct {when}.")),
    ("value-not-allowed", N_("Value does not fit here"), N_("Row {row}, {column}: “{value}” does not fit. {words}"),
     N_("Write one of these: {allowed}; or correct {when}.")),
    ("same-place", N_("Twice the same"), N_("Row {row}, {column}: “{value}” stands in {other}, too. {words}"),
     N_("Correct one of the two cells.")),
    ("day-before", N_("A day too early"),
     N_("Row {row}, {column}: “{value}” lies before {other}, {day}. {words}"),
     N_("Correct one of the two days.")),
    ("not-your-action", N_("Another organisation's action"),
     N_("Row {row}, {column}: “{value}” is no action that your organisation leads."),
     N_("Copy the code from the page of actions, or take the row out: each organisation tells of the actions that it "
        "leads."), _NEAR_COLUMN),
    ("too-many-values", N_("Too much to list"),
     N_("{column} holds more than {limit} different cells that need mending."),
     N_("Mend the ones that are listed first, and send the file again.")),
)

_WORKER = kinds(
    "worker",
    ("file-too-heavy", N_("File too heavy to check"),
     N_("Checking this file took more memory or time than one file may take."),
     N_("Split the file, for example by country, and send the parts. If it is small, tell the secretariat.")),
    ("check-failed", N_("The check stopped"),
     N_("The check of this file stopped before it was finished. This is our fault."),
     N_("Nothing was kept. Send the file again; if it happens twice, tell the secretariat.")),
    ("check-busy", N_("Many files at once"), N_("Many files are being checked, and yours did not get its turn."),
     N_("Nothing was kept. Send the file again in a few minutes.")),
)

_ONE_OF_THEM = N_("Correct the number that is wrong. If both are right, say why, for whoever reviews the file.")
_FIT = kinds(
    "check",
    ("more-than-whole", N_("More than the whole"),
     N_("Row {row}, {column}: {value} is more than {most} in {other}. {words}"), _ONE_OF_THEM),
    ("totals-differ", N_("Total that does not add up"),
     N_("Row {row}, {column}: {value}, but {parts} add up to {sum}. {words}"), _ONE_OF_THEM),
    ("parts-differ", N_("Parts that do not add up"),
     N_("Row {row}, {column}: {value}, but the rows broken down by “{by}” add up to {sum}. {words}"), _ONE_OF_THEM),
    ("share-differs", N_("Share that does not fit"),
     N_("Row {row}, {column}: {value}, but {part} of {whole} is {share} %. {words}"), _ONE_OF_THEM),
    severity=Severity.WARNING,
)

_RIGHT = N_("Check the number. If it is right, say why it is so, for whoever reviews the file.")
_RECORD = kinds(
    "record",
    ("outlier", N_("Number far from the usual"),
     N_("Row {row}, {column}: {value} is far from what was reported before. The median of {quarters} quarters is "
        "{median}, and they lie between {low} and {high}."), _RIGHT),
    ("factor-thousand", N_("Thousands, or a digit too many"),
     N_("Row {row}, {column}: {value} is about {how} what was reported before: the median of {quarters} quarters is "
        "{median}."),
     N_("Were thousands meant, or is a digit too many or too few? If the number is right, say why it is so.")),
    ("zero-after-numbers", N_("Zero where there was always a number"),
     N_("Row {row}, {column}: 0, where the {quarters} quarters before had {low} to {high}."),
     N_("Write the number if there is one; if you did not count, leave the row out. Else say why it is so.")),
    ("row-gone", N_("A row that was always there"),
     N_("“{among}” was in each of the {quarters} files before, and is not in this one."),
     N_("Add the row, with 0 if you counted and there was none. If it is no longer counted, say why it is so.")),
    ("rows-gone", N_("Many rows are gone"),
     N_("{gone} of {before} rows of the file for {period} are not in this one, among them: {among}."),
     N_("Look whether a part of your sheet is missing. If they are meant to be gone, say why it is so.")),
    ("same-as-last", N_("The same as last time"),
     N_("All {many} rows are those of the file for {period}, to the last number."),
     N_("Look whether you chose the right file. If the numbers are the same again, say why it is so.")),
    ("service-not-covered", N_("Counted where no service is"),
     N_("Row {row}, {column}: the organisation's own coverage report for {period} says that “{service}” "
        "does not work."),
     N_("Correct the service, or send a new coverage report. If both are right, say why it is so.")),
    severity=Severity.WARNING,
)
# fmt: on

PROBLEMS: dict[str, Kind] = {
    kind.code: kind
    for some in (_READ, _SCREEN, _CHECK, _FIT, _WORKER, _RECORD, tolerated.READ, tolerated.CELLS)
    for kind in some
}


def shown(value: str) -> str:
    """A cell as a sentence quotes it: one line, no control characters, cut with an ellipsis."""
    text = "".join(c if c.isprintable() else " " for c in value[: SHOWN * 4])
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def problem(
    code: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    count: int = 1,
    rows: tuple[int, ...] = (),
    nearest: str | None = None,
    **words: object,
) -> Problem:
    """A problem of the catalogue, put into words. What the screen finds loses its value here, whoever hands it in."""
    kind = PROBLEMS[code]
    kept = None if kind.phase == "screen" or value is None else shown(value)
    column, nearest = column and shown(column), nearest and shown(nearest)
    # A rule may name a kind that was written for another case; what it does not fill stays readable.
    known: dict[str, object] = {
        "row": row,
        "column": column,
        "value": kept or "",
        "nearest": nearest or "",
        "example": "",
        "words": "",
        "when": "",
        "allowed": "",
        "period": "",
        "own": "",
        "form": "",
    }
    message = _(kind.message, **known | words)
    fix = _(kind.fix, **known | words)
    if nearest and kind.near:
        fix = f"{fix} {_(kind.near, **known | words)}"
    if count > 1:
        listed = ", ".join(str(r) for r in rows[:10])
        message += " " + n_(
            "In {count} row in all.", "In {count} rows in all; the first are {rows}.", count, rows=listed
        )
    filled = dict(words) | ({"nearest": nearest} if nearest else {})
    return Problem(code, kind.severity, row, column, kept, message.strip(), fix, count, rows, filled)


def from_json(told: Mapping[str, Any]) -> Problem:
    """A problem as the child process hands it over: its fields, of which JSON knows two by other types."""
    return Problem(**{**told, "severity": Severity(told["severity"]), "rows": tuple(told["rows"])})


def without_value(found: Problem) -> Problem:
    """The same problem, telling where but not what: for a file in which the screen found persons.

    What was made from the cell goes too: the nearest code, and how a number would be written. The code that is given as
    an example stays, for it comes from the list.
    """
    if found.value is None:
        return found
    hidden = found.message.replace(f"“{found.value}”", _("the cell")).replace(found.value, "…")
    words = {name: word for name, word in found.words.items() if name != "nearest"}
    if found.code != "unknown-code":
        words["example"] = "…"
    fix = problem(found.code, row=found.row, column=found.column, **words).fix
    return replace(found, value=None, message=hidden, fix=fix, words={})
