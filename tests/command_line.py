"""A command line on one data folder, for the tests of what an operator types. Never used by the app."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard import cli
from dashboard.config import Settings
from dashboard.record.house import House
from dashboard.reference import library
from world import service, table

ROOT = Path(__file__).resolve().parents[1]
HEALTH = "XAA-HEALTH"


@dataclass
class Line:
    """A command line on one data folder; runs in this process, so that its words are caught."""

    data: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        with self.monkeypatch.context() as patch:
            patch.setenv("DASHBOARD_DATA", str(self.data))
            for name in ("HOST", "PORT", "DASHBOARD_URL", "DASHBOARD_STORE"):
                patch.delenv(name, raising=False)
            for name, value in environ.items():
                patch.setenv(name, value)
            self.capsys.readouterr()
            try:
                code = cli.main(list(arguments))
            except SystemExit as end:  # argparse's own way to end
                code = int(end.code or 0)
        said = self.capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err


def full(tmp_path: Path, *codes: str, name: str = "file.csv") -> str:
    """A file with all columns of the contract."""
    books = library.load()
    rows = [service(HEALTH, code) for code in codes]
    path = tmp_path / name
    path.write_bytes(table(House(Settings(data=tmp_path), books, None, None), "service_coverage", rows))  # type: ignore[arg-type]
    return str(path)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
