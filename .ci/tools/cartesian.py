"""Fetch Plotly's smaller bundle. Never fails a set-up: without it the full one is served."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "plotly.js-cartesian-dist-min"
MEMBER = "package/plotly-cartesian.min.js"
TARGET = Path(sys.prefix) / "share" / "dashboard" / "plotly-cartesian.min.js"
VERSION_NOTE = TARGET.with_suffix(".version")

# What npm publishes as `integrity` for the version in use; a new version of plotly needs its line here.
INTEGRITY = {
    "4.1.1": "sha512-o8GrFeusncwBIxbBynRJpY4pkgVB6caM+JLpwrLYbbsO7dZ8FJ+SVN2Fr+L7kiG/Z6w4P5O0Jus/Qr5EefHVeg==",
}


class NoBundle(Exception):
    """The smaller bundle cannot be had; the text says why."""


def version() -> str:
    """The version of plotly.js that the installed Python package brings: the two bundles must be the same."""
    plotly = find_spec("plotly")
    if plotly is None or plotly.origin is None:
        raise NoBundle("the package plotly is not installed")
    full = Path(plotly.origin).parent / "package_data" / "plotly.min.js"
    with full.open("rb") as bundle:
        found = re.search(rb"plotly\.js v(\d+\.\d+\.\d+)", bundle.read(2000))
    if not found:
        raise NoBundle("the installed plotly does not say which plotly.js it brings")
    return found[1].decode()


def integrity(archive: bytes) -> str:
    """The digest of an archive as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()


def fetch(wanted: str, folder: Path) -> bytes:
    """The archive of version `wanted`, through the npm client and its own settings."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoBundle("npm is not installed")
    command = [npm, "pack", f"{PACKAGE}@{wanted}", "--silent", "--pack-destination", str(folder)]
    command += ["--fetch-retries", "1", "--fetch-timeout", "60000"]
    try:
        subprocess.run(command, cwd=folder, check=True, timeout=120, capture_output=True, stdin=subprocess.DEVNULL)
        return next(folder.glob("*.tgz")).read_bytes()
    except (subprocess.SubprocessError, OSError, StopIteration):
        raise NoBundle("npm could not fetch it") from None


def install() -> None:
    """Put the bundle in place, whole or not at all. Raises NoBundle."""
    wanted = version()
    if TARGET.is_file() and VERSION_NOTE.is_file() and VERSION_NOTE.read_text() == wanted:
        return
    TARGET.unlink(missing_ok=True)
    if wanted not in INTEGRITY:
        raise NoBundle(f".ci/tools/cartesian.py has no integrity for version {wanted}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = fetch(wanted, folder)
        if integrity(archive) != INTEGRITY[wanted]:
            raise NoBundle("what npm fetched is not what we know it to be")
        with tarfile.open(next(folder.glob("*.tgz"))) as packed:
            member = packed.extractfile(MEMBER)
            if member is None:
                raise NoBundle(f"the archive has no {MEMBER}")
            script = member.read()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    half = TARGET.with_suffix(".half")
    half.write_bytes(script)
    half.replace(TARGET)
    VERSION_NOTE.write_text(wanted)


def main() -> None:
    try:
        install()
    except NoBundle as reason:
        print(f"Plotly's smaller bundle is left out: {reason}. Pages load a larger one and work the same.")


if __name__ == "__main__":
    main()
