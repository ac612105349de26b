"""Find the Chromium that the tests drive, or install Debian's where allowed. Never downloads a browser itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "The tests need Chromium, and none was found. Install it (on Debian: apt-get install chromium), "
    "or name one that is there: DASHBOARD_CHROMIUM=/path/to/chromium make test"
)


def find() -> str | None:
    """The path of a Chromium, or None. DASHBOARD_CHROMIUM goes before what is on the path."""
    named = os.environ.get("DASHBOARD_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _as_root() -> list[str] | None:
    """What to put before a command so that it runs as root without asking anybody; None when nothing does."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0:
        return [sudo, "-n"]
    return None


def install() -> bool:
    """Install Debian's package `chromium`; whether that worked."""
    apt, before = shutil.which("apt-get"), _as_root()
    if apt is None or before is None:
        return False
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
    wanted = [*quiet, "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    print("Installing Debian's package chromium for the tests.", flush=True)
    for command in (wanted, [*quiet, "update"], wanted):
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if command is wanted and done.returncode == 0:
            return True
    print(done.stderr.strip(), file=sys.stderr)
    return False


def main() -> int:
    """0 when there is a browser at the end."""
    if find() is None and not os.environ.get("DASHBOARD_CHROMIUM") and "--install" in sys.argv:
        install()
    if find() is None:
        print(ADVICE, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
