"""The notes of the catalogue: what stands otherwise in a file than was asked for, and was taken. Keep no file out."""

from __future__ import annotations

from dashboard.intake.kinds import Severity, kinds
from dashboard.reference.text import N_

NOTHING = N_("There is nothing to mend.")
_OTHER = N_("If something else was meant, correct the cell.")

# fmt: off
READ = tuple(kinds(
    "read",
    ("as-utf-16", N_("Written in UTF-16"), N_("The file is written in UTF-16; it was read as such."), NOTHING),
    ("as-windows-1252", N_("Written in Windows-1252"),
     N_("The file is not written in UTF-8; it was read as Windows-1252."),
     N_("Look at the letters with accents: if they are wrong, save the sheet as “CSV UTF-8”.")),
    ("mixed-line-ends", N_("Line ends of several kinds"),
     N_("The lines end in different ways; they were read as usual."), NOTHING),
    ("hard-spaces", N_("Non-breaking spaces"), N_("Non-breaking spaces were read as spaces."), NOTHING),
    ("unseen-signs", N_("Characters that cannot be seen"), N_("Characters that cannot be seen were left out."),
     NOTHING),
    ("other-separator", N_("Another separator"),
     N_("The cells are separated by {what}; they were read as such."), NOTHING),
    ("header-spelt", N_("Names of columns spelt otherwise"),
     N_("Row {row}: names of columns were read without regard to capitals and spaces."), NOTHING),
    ("blank-above", N_("Blank rows above the header"), N_("Blank rows above the header were left out."), NOTHING),
    ("blank-rows", N_("Blank rows"), N_("Blank rows were left out."), NOTHING),
    ("tags-row", N_("Row of hashtags"), N_("Row {row}: the row of HXL hashtags was left out."), NOTHING),
    ("explained-row", N_("Row of explanations"), N_("Row {row}: the row that explains the columns was left out."),
     NOTHING),
    severity=Severity.NOTE,
))
CELLS = tuple(kinds(
    "check",
    ("apostrophe", N_("Apostrophe before a sign"),
     N_("Row {row}, {column}: the apostrophe at the beginning was left out."), NOTHING),
    ("code-spelt", N_("Code spelt otherwise"), N_("Row {row}, {column}: “{value}” was read as “{meant}”."), _OTHER),
    ("other-digits", N_("Digits of another script"), N_("Row {row}, {column}: “{value}” was read as {meant}."), _OTHER),
    ("round-number", N_("Whole number with a point"), N_("Row {row}, {column}: “{value}” was read as {meant}."),
     _OTHER),
    ("midnight", N_("Day with an hour"), N_("Row {row}, {column}: “{value}” was read as the day {meant}."), NOTHING),
    ("list-sorted", N_("Several codes in a cell"), N_("Row {row}, {column}: “{value}” was read as {meant}."), _OTHER),
    ("quarter-spelt", N_("Quarter spelt otherwise"), N_("Row {row}, {column}: “{value}” was read as {meant}."),
     NOTHING),
    severity=Severity.NOTE,
))
# fmt: on
