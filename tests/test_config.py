"""Settings: what they are when nobody says anything, and a sentence for every one that makes no sense."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from dashboard.config import DEMONSTRATION, SettingError, Settings, from_environment


def read(tmp_path: Path, **environ: str) -> Settings:
    return from_environment({"DASHBOARD_DATA": str(tmp_path / "data"), **environ})


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = from_environment({})
    assert found.data == tmp_path / "data", "beside where it was started"
    assert (found.host, found.port, found.url, found.production, found.demo) == ("127.0.0.1", 8050, "", False, False)
    assert found.upload_limit == 100 * 2**20 and found.staged_days == 14 and found.training_months == 12
    assert (found.idle_minutes, found.absolute_hours) == (30, 12)
    assert found.leave_url.startswith("https://")
    assert not found.data.exists(), "reading settings makes nothing"


def test_empty_is_as_if_it_was_not_set(tmp_path: Path) -> None:
    names = ("DASHBOARD_URL", "DASHBOARD_STORE", "HOST", "PORT", "DASHBOARD_UPLOAD_LIMIT_MB")
    assert read(tmp_path, **dict.fromkeys(names, "")) == read(tmp_path)
    assert read(tmp_path, HOST="").host == "127.0.0.1", "an empty HOST must not open every door"


def test_everything_that_lasts_is_in_the_data_folder(tmp_path: Path) -> None:
    found = read(tmp_path)
    for path in (
        found.overlay,
        found.files,
        found.journal,
        found.exchange,
        found.releases,
        found.socket,
        found.database,
    ):
        assert path.parent == found.data
    assert len({found.overlay, found.files, found.journal, found.exchange, found.releases}) == 5


def test_a_path_from_home_or_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert from_environment({"DASHBOARD_DATA": "~/board"}).data == tmp_path / "home" / "board"
    assert from_environment({"DASHBOARD_DATA": "a/../b"}).data == tmp_path / "b"


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://dashboard.example.org", True),
        ("https://dashboard.example.org/", True),
        ("https://dashboard.example.org:8443", True),
        ("https://192.0.2.7", True),
        ("http://localhost:8050", False),
        ("http://127.0.0.1:8050", False),
        ("http://[::1]:8050", False),
    ],
)
def test_public_addresses(tmp_path: Path, url: str, secure: bool) -> None:
    found = read(tmp_path, DASHBOARD_URL=url)
    assert found.secure is secure and found.address == found.url == url.rstrip("/")


def test_the_address_of_links_without_a_public_one(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="9000").address == "http://localhost:9000"
    assert read(tmp_path, HOST="192.0.2.7").address == "http://192.0.2.7:8050"


NONSENSE = [
    *(("PORT", port) for port in ("0", "65536", "-1", "80.5", "eighty", " 8050", "8050 ", "٨٠٥٠", "1e3", "0x50")),
    *(("DASHBOARD_UPLOAD_LIMIT_MB", limit) for limit in ("0", "1001", "ten", "-5", "1.5")),
    *(("HOST", host) for host in ("not a host", "http://localhost", "127.0.0.1:80", "-x", "a" * 300, "ü", "/run/x")),
    *(
        ("DASHBOARD_URL", url)
        for url in (
            "dashboard.example.org", "http://dashboard.example.org", "ftp://example.org", "https://", "https:///path",
            "https://example.org/board", "https://example.org?x=1", "https://example.org#top", "https://example.org:port",
            "https://example.org:99999", "https://exa mple.org", " https://example.org", "https://user:word@example.org",
            "https://[::1", "javascript:alert(1)", "http://localhost.example.org", "https://example.org\n",
        )
    ),
    *(("DASHBOARD_LEAVE_URL", url) for url in ("", "http://example.org", "https://", "javascript:alert(1)", "x",
                                               "https://exa mple.org", "https://[")),
    ("DASHBOARD_STORE", "ducklake:postgres:host=db"),
    ("DASHBOARD_STORE", "x"),
    ("DASHBOARD_DATA", "/"),
    ("DASHBOARD_DATA", "~"),
    ("DASHBOARD_DATA", "~nobody-of-this-name/data"),
    ("DASHBOARD_DATA", "/tmp/" + "x" * 300),
    ("DASHBOARD_DATA", "a\0b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), NONSENSE, ids=lambda value: repr(value)[:40])
def test_nonsense_is_a_sentence_that_names_the_setting(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError) as told:
        read(tmp_path, **{name: value})
    said = str(told.value)
    assert said.startswith(name) and said.endswith((".", ").")) and len(said.split()) > 6
    assert "Error" not in said and "Traceback" not in said


def test_every_setting_that_is_read_is_tried_with_nonsense() -> None:
    import re

    import dashboard.config

    source = Path(dashboard.config.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'environ(?:\.get\(|, )"([A-Z_]+)"', source))
    assert names == {name for name, _value in NONSENSE}


def test_production_asks_for_a_folder(tmp_path: Path) -> None:
    for environ in ({}, {"DASHBOARD_DATA": ""}):
        with pytest.raises(SettingError, match="DASHBOARD_DATA is not set"):
            from_environment(environ, production=True)
    found = from_environment({"DASHBOARD_DATA": str(tmp_path)}, production=True)
    assert found.production and found.host == "0.0.0.0"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingError, match="which is a file"):
        read(tmp_path)


def test_a_demonstration_keeps_its_label_and_is_no_production(tmp_path: Path) -> None:
    environ = {"DASHBOARD_DATA": str(tmp_path)}
    assert not from_environment(environ).demo and from_environment(environ, demo=True).demo
    (tmp_path / DEMONSTRATION).touch()
    assert from_environment(environ).demo, "whoever serves it, by whatever command"
    with pytest.raises(SettingError, match="holds the demonstration"):
        from_environment(environ, production=True)


def test_settings_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        read(tmp_path).port = 1  # type: ignore[misc]
