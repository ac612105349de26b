"""Tell from its first bytes what a file is when it is no CSV, and how to make one of it. Never opens or unpacks it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.intake.problems import Problem, problem
from dashboard.reference.text import N_, _

EXCEL = N_(
    "Open it in Excel, choose File, Save As, and the file type “CSV UTF-8 (Comma delimited)”. "
    "Send the file that ends in .csv."
)
CALC = N_(
    "Open it in LibreOffice Calc, choose File, Save As, and the file type “Text CSV” with Unicode (UTF-8). "
    "Send the file that ends in .csv."
)
NUMBERS = N_("Open it in Numbers, choose File, Export To, CSV, and send the file that ends in .csv.")
UNPACK = N_("Unpack it first, and send the CSV file that is inside.")
COPY = N_("Copy the figures into the template in a spreadsheet, then save that as “CSV UTF-8 (Comma delimited)”.")
EXPORT = N_("Export the table as CSV from the program that made the file, and send that.")


@dataclass(frozen=True)
class Format:
    """A format that is not taken: what to call it, and how to save it as CSV."""

    what: str
    how: str


_ZIPPED = (
    (b"xl/", Format(N_("an Excel workbook"), EXCEL)),
    (b"opendocument.spreadsheet", Format(N_("an OpenDocument sheet"), CALC)),
    (b"opendocument", Format(N_("an OpenDocument file"), COPY)),
    (b"word/", Format(N_("a Word document"), COPY)),
    (b"ppt/", Format(N_("a PowerPoint presentation"), COPY)),
    (b"Index/", Format(N_("a Numbers sheet"), NUMBERS)),
)
_IMAGE = Format(N_("an image"), COPY)
_PACKED = Format(N_("a packed file"), UNPACK)
_DATABASE = Format(N_("a database"), EXPORT)
_PROGRAM = Format(N_("a program"), COPY)
_STATISTICS = Format(N_("a file of a statistics program"), EXPORT)
_COLUMNS = Format(N_("a file for data programs (Parquet, Arrow or the like)"), EXPORT)
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format(N_("an old Excel workbook or another old Office file"), EXCEL)),
    (b"\x09\x08\x10\x00", Format(N_("a very old Excel workbook"), EXCEL)),
    (b"%PDF", Format(N_("a PDF document"), COPY)),
    (b"{\\rtf", Format(N_("a text document (RTF)"), COPY)),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"RIFF", _IMAGE),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"\x00\x00\x00\x18ftyp", _IMAGE),
    (b"\x00\x00\x00\x20ftyp", _IMAGE),
    (b"\x1f\x8b", _PACKED),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ\x00", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"Rar!", _PACKED),
    (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"PK\x05\x06", _PACKED),
    (b"PAR1", _COLUMNS),
    (b"ARROW1", _COLUMNS),
    (b"FEA1", _COLUMNS),
    (b"Obj\x01", _COLUMNS),
    (b"ORC", _COLUMNS),
    (b"\x89HDF", _COLUMNS),
    (b"SQLite format 3\x00", _DATABASE),
    (b"\x00\x01\x00\x00Standard", _DATABASE),
    (b"\x7fELF", _PROGRAM),
    (b"MZ\x90", _PROGRAM),
    (b"#!/", _PROGRAM),
    (b"$FL2", _STATISTICS),
    (b"$FL3", _STATISTICS),
    (b"<stata_dta>", _STATISTICS),
    (b"HEADER RECORD*******", _STATISTICS),
)
_MARKUP = (
    (
        (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta"),
        Format(N_("a web page (HTML), though its name may end in .csv or .xls"), EXCEL),
    ),
    ((b"<?xml", b"<workbook", b"<ss:"), Format(N_("an XML file"), EXCEL)),
    ((b'{"', b"{'", b"[{", b"[[", b"{\n", b"{ ", b"[\n", b"{}", b"[]"), Format(N_("a JSON file"), EXPORT)),
)


def recognise(head: bytes) -> Problem | None:
    """The problem `file-not-csv` when the first bytes (some thousands of them) are of another format, else None."""
    found = _of(head)
    return problem("file-not-csv", what=_(found.what), how=_(found.how)) if found else None


def _of(head: bytes) -> Format | None:
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _ZIPPED if mark in head), _PACKED)
    for mark, kind in _MAGIC:
        if head.startswith(mark):
            return kind
    if head[8:12] == b"DUCK":
        return _DATABASE
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").removeprefix(b"\xff\xfe").lstrip()[:200].lower()
    return next((kind for marks, kind in _MARKUP if text.startswith(marks)), None)
