"""Turn a file's bytes into clean UTF-8 with one line end, saying what was tolerated. Never keeps them on a disk."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from dashboard.intake.problems import Problem, problem

CHUNK = 1 << 22
_LOOK = 1 << 18
"""Bytes that are searched for one sign after the other: as many as the processor keeps close by."""
_SPACES = re.compile(b"\xc2\xa0|\xe2\x80\xaf")
# Marks that turn the direction of a line round: they can make one text look like another.
_UNSEEN = re.compile(b"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa0\xa6-\xa9]|\xef\xbb\xbf")
_CONTROL = bytes({*range(32), 127} - {0, 9, 10, 13})
_UNCLEAN = bytes({*range(32), 127} - {9, 10})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAID = ("as-utf-16", "as-windows-1252", "mixed-line-ends", "hard-spaces", "unseen-signs")


@dataclass
class Text:
    """Clean bytes in memory (a file without a name), and what was tolerated on the way."""

    file: BinaryIO
    tolerated: list[Problem] = field(default_factory=list)


def memory_file(name: str) -> BinaryIO:
    """A file that lives in memory only and is gone when it is closed."""
    return os.fdopen(os.memfd_create(name, os.MFD_CLOEXEC), "w+b")


def reopened(file: BinaryIO) -> BinaryIO:
    """The same file for reading, from a place of its own."""
    return open(f"/proc/self/fd/{file.fileno()}", "rb")


def _chunks(source: BinaryIO, start: int) -> Iterator[bytes]:
    source.seek(start)
    while block := source.read(CHUNK):
        yield block


def _encoding(source: BinaryIO) -> tuple[str, int]:
    """The encoding and the bytes that its mark takes. Without a mark: UTF-16 shows in its zeros, else try UTF-8."""
    source.seek(0)
    head = source.read(4096)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) > 3 and max(even, odd) * 2 > len(head) * 0.6 and min(even, odd) == 0:
        return ("utf-16-le" if odd else "utf-16-be"), 0
    return "utf-8", 0


def decode(source: BinaryIO) -> Text | Problem:
    """Read `source` from its beginning. A problem when its letters cannot be read or it holds zero bytes.

    Where nothing has to be changed the text is `source` itself, opened anew: a copy would only take time.
    """
    if _is_clean(source):
        return Text(reopened(source))
    encoding, start = _encoding(source)
    try:
        return _write(source, encoding, start)
    except UnicodeDecodeError as error:
        row, seen_letters = int(error.reason.split()[0]), "letters" in error.reason
        # Valid UTF-8 letters before the fault: the file is UTF-8 and damaged, and must not turn into nonsense.
        if encoding != "utf-8" or start or seen_letters:
            return problem("file-encoding", row=row)
    try:
        return _write(source, "cp1252", 0)
    except UnicodeDecodeError as error:
        return problem("file-encoding", row=int(error.reason.split()[0]))


def _is_clean(source: BinaryIO) -> bool:
    """Whether it is ASCII as it shall be, up to the end of its last line. Reads it once and copies nothing."""
    ended = True
    source.seek(0)
    while block := source.read(_LOOK):
        if not block.isascii() or any(sign in block for sign in _UNCLEAN):
            return False
        ended = block.endswith(b"\n")
    return ended


def _write(source: BinaryIO, encoding: str, start: int) -> Text | Problem:
    """Raises UnicodeDecodeError whose reason is the row, and "letters" when letters beyond ASCII came before."""
    file = memory_file("clean")
    found: Text | Problem | None = None
    try:
        found = _copy(source, encoding, start, file)
    finally:
        if not isinstance(found, Text):
            file.close()
    return found


def _copy(source: BinaryIO, encoding: str, start: int, file: BinaryIO) -> Text | Problem:
    text = Text(file)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    said: set[str] = set()
    ends: set[bytes] = set()
    rows, letters, held = 1, False, b""
    blocks = _chunks(source, start)
    ended = False
    while not ended:
        block = next(blocks, b"")
        ended = not block
        plain = encoding in ("utf-8", "cp1252") and block.isascii() and not decoder.getstate()[0]
        try:
            # Most blocks of most files are plain ASCII, which needs no decoding.
            coded = block if plain else decoder.decode(block, final=ended).encode()
        except UnicodeDecodeError as error:
            good = error.object[: error.start]
            letters = letters or (encoding == "utf-8" and not good.isascii())
            reason = f"{rows + good.count(10)}{' letters' if letters else ''}"
            raise UnicodeDecodeError(error.encoding, b"", 0, 0, reason) from None
        letters = letters or not coded.isascii()
        clean = held + coded
        # What may go on in the next block waits: a line end of two characters.
        held = b"" if ended else clean[len(clean.rstrip(b"\r")) :]
        clean = clean[: len(clean) - len(held)]
        if 0 in clean:
            return problem("file-damaged", row=rows + clean[: clean.index(0)].count(10))
        clean = _one_line_end(clean, ends)
        clean = _seen(clean, said)
        rows += clean.count(10)
        text.file.write(clean)
    text.file.flush()
    if encoding.startswith(("utf-16", "utf-32")):
        said.add("as-utf-16")
    if encoding == "cp1252":
        said.add("as-windows-1252")
    if len(ends) > 1:
        said.add("mixed-line-ends")
    text.tolerated = [problem(code) for code in _SAID if code in said]
    return text


def _one_line_end(block: bytes, ends: set[bytes]) -> bytes:
    if b"\r" not in block:
        if 10 in block:
            ends.add(b"\n")
        return block
    pairs, returns, feeds = block.count(b"\r\n"), block.count(b"\r"), block.count(b"\n")
    if pairs:
        ends.add(b"\r\n")
    if feeds > pairs:
        ends.add(b"\n")
    if b"\r\r\n" in block:
        block = block.replace(b"\r\r\n", b"\n")
    elif returns > pairs:
        ends.add(b"\r")
    return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _seen(block: bytes, said: set[str]) -> bytes:
    plain = block.translate(None, _CONTROL)
    if len(plain) < len(block):
        said.add("unseen-signs")
    if plain.isascii():
        return plain
    spaced = _SPACES.sub(b" ", plain) if b"\xc2\xa0" in plain or b"\xe2\x80\xaf" in plain else plain
    if spaced is not plain and spaced != plain:
        said.add("hard-spaces")
    if not any(mark in spaced for mark in (b"\xe2\x80", b"\xe2\x81", b"\xef\xbb")):
        return spaced
    cleared = _UNSEEN.sub(b"", spaced)
    if len(cleared) < len(spaced):
        said.add("unseen-signs")
    return cleared
