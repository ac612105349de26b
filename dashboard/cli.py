"""The `dashboard` command: check, submit, release, rebuild, expunge, invite, train, demo, serve. Never skips a door."""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.config import SettingError, Settings, from_environment
from dashboard.reference.text import _


class Failed(Exception):
    """A command that could not be done; the text says why and what to do."""


class _Connection(http.client.HTTPConnection):
    """HTTP over the socket in the data folder, which only the operator's account can open."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=600)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _running(settings: Settings) -> bool:
    connection = _Connection(settings.socket)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def ask(settings: Settings, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Run a command in the process that holds the record, or, when none runs, open the record and run it here."""
    if _running(settings):
        return _asked(settings, name, payload)
    from dashboard.commands import COMMANDS
    from dashboard.intake.submissions import NotPossible
    from dashboard.protection.policy import Refused, operator
    from dashboard.record.house import open_house
    from dashboard.record.store import StoreError

    try:
        house = open_house(settings)
    except StoreError as error:
        raise Failed(str(error)) from error
    try:
        return COMMANDS[name](operator(datetime.now(UTC).date()), house, payload)
    except (NotPossible, Refused, ValueError, StoreError) as error:
        raise Failed(str(error)) from error
    finally:
        house.close()


def _asked(settings: Settings, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    connection = _Connection(settings.socket)
    try:
        connection.request(
            "POST", f"/_command/{name.replace(' ', '-')}", json.dumps(payload), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        answer = json.loads(response.read() or b"{}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Failed(
            _("The running process gave no answer. Look whether the command was done before you send it again.")
        ) from error
    finally:
        connection.close()
    if response.status != 200:
        raise Failed(answer.get("error") or _("The running process answered {status}.", status=response.status))
    return dict(answer)


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Failed(_("“{path}” cannot be read: {reason}.", path=path, reason=error.strerror)) from error


def _print_problems(problems: list[dict[str, Any]]) -> None:
    for problem in problems:
        print(f"{problem['severity']}: {problem['message']} {problem['fix']}".strip())


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check a file as the upload would, keeping nothing. 0 clean, 1 problems or screened out, 2 unreadable."""
    from dashboard.intake import worker
    from dashboard.intake.senders import lists_for
    from dashboard.record.house import House
    from dashboard.reference import library, periods

    books = library.load(*([settings.overlay] if settings.overlay.is_dir() else []))
    contract = books.contracts.get(arguments.dataset)
    if contract is None:
        raise Failed(
            _(
                "There is no dataset “{dataset}”. Known: {known}.",
                dataset=arguments.dataset,
                known=", ".join(sorted(books.contracts)),
            )
        )
    data = _bytes(arguments.file)
    organisations = ask(settings, "organisations", {})["organisations"] if _running(settings) else None
    now = datetime.now(UTC).date()
    period = str(periods.parse(arguments.period)) if arguments.period else str(periods.last_ended(now))
    outcome = worker.check_file(
        data,
        worker.Request(
            dataset=contract.name,
            contract_source=contract.source,
            marked=False,
            codes=lists_for(House(settings, books, None, None), contract, periods.parse(period).end),  # type: ignore[arg-type]
            organisation_code=arguments.organisation or "",
            organisations=organisations,
            country=None,
            period=period,
            limit=settings.upload_limit,
        ),
    )
    notes = [note.message for note in outcome.tolerated]
    if organisations is None:
        notes.append(_("Organisation codes were not checked: no dashboard is running on this data folder."))
    problems = [p.as_json() for p in outcome.problems]
    if arguments.json:
        print(
            json.dumps(
                {"verdict": outcome.verdict, "rows": outcome.row_count, "notes": notes, "problems": problems},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        _print_problems(problems)
        for note in notes:
            print(f"note: {note}")
        print(f"{outcome.verdict}: {outcome.row_count} rows, {len(problems)} problems")
    return {"clean": 0, "unreadable": 2}.get(outcome.verdict, 1)


def submit(arguments: argparse.Namespace, settings: Settings) -> int:
    answer = ask(
        settings,
        "submit",
        {
            "file": base64.b64encode(_bytes(arguments.file)).decode(),
            "dataset": arguments.dataset,
            "organisation": arguments.organisation,
            "period": arguments.period,
            "accept": arguments.accept,
        },
    )
    _print_problems(answer["problems"])
    for note in answer["notes"]:
        print(f"note: {note}")
    if not answer["submission"]:
        print(f"{answer['verdict']}: nothing was kept")
        return 1
    print(f"{answer['state']}: submission {answer['submission']}, {answer['rows']} rows")
    if answer.get("waits"):
        raise Failed(answer["waits"])
    return 0


def release(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.list:
        for found in ask(settings, "releases", {})["releases"]:
            print(f"{found['release']}  {found['state']}, {found['day']}")
        return 0
    steps = {name: getattr(arguments, name) for name in ("publish", "drop", "withdraw")}
    step, name = next(((step, name) for step, name in steps.items() if name), ("draft" if arguments.draft else "", ""))
    answer = ask(settings, "release", {"step": step, "release": name, "note": arguments.note})
    if step == "draft":
        print(f"{answer['state']}: {answer['release']}")
        return _told(answer)
    print(f"published: {answer['folder']}" if "folder" in answer else f"{step}: {name}")
    if answer.get("undone"):
        raise Failed(answer["undone"])
    return 0


def attack(arguments: argparse.Namespace, settings: Settings) -> int:
    """0: nothing could be worked out; 1: something could, and is named."""
    answer = ask(settings, "attack", {"release": arguments.release})
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0 if answer["safe"] else 1
    return _told(answer)


def _told(answer: dict[str, Any]) -> int:
    print(
        f"hidden counts tried: {answer['hidden']}, with {answer['releases']} releases,"
        f" as {answer['insiders']} of {answer['organisations']} organisations, {answer['whole']} in whole numbers,"
        f" {answer['seconds']} seconds"
    )
    for found in answer["found"]:
        print(found)
    print(_("None could be worked out.") if answer["safe"] else _("This gives somebody away."))
    return 0 if answer["safe"] else 1


def expunge(arguments: argparse.Namespace, settings: Settings) -> int:
    answer = ask(settings, "expunge", {"submission": arguments.submission, "reason": arguments.reason})
    print(f"expunged: {answer['dataset']} {answer['organisation_code']} {answer['period']}")
    for other in answer["shared_with"]:
        print(f"the same bytes are held by another submission: {other}")
    for backup in answer["backups"]:
        print(f"still holds it: {backup}")
    if answer["released"]:
        print(f"counted in these releases: {', '.join(answer['released'])}")
        print(
            _(
                "What was published stays published: these releases and their counts are as they were, and later ones"
                " keep those counts. If something in a release must go, withdraw it (dashboard release --withdraw)."
            )
        )
    return 0


def invite(arguments: argparse.Namespace, settings: Settings) -> int:
    print(
        ask(
            settings,
            "invite",
            {
                "email": arguments.email,
                "name": arguments.name,
                "role": arguments.role,
                "organisation": arguments.organisation,
                "country": arguments.country,
            },
        )["link"]
    )
    return 0


def train(arguments: argparse.Namespace, settings: Settings) -> int:
    told = {"email": arguments.email, "completed": arguments.completed, "undertaking": arguments.undertaking}
    if not arguments.list and not all(told.values()):
        raise Failed(
            _("Name the address and both days, --completed and --undertaking; or --list, to see who is trained.")
        )
    today = datetime.now(UTC).date().isoformat()
    for person in ask(settings, "train", {} if arguments.list else told)["people"]:
        state = "trained" if person["until"] >= today else "out of date"
        print(f"{state}: {person['email']} ({person['name']}), last valid day {person['until']}")
    return 0


def sweep(arguments: argparse.Namespace, settings: Settings) -> int:
    print(f"lapsed: {ask(settings, 'sweep', {})['lapsed']}")
    return 0


def audit(arguments: argparse.Namespace, settings: Settings) -> int:
    faults = ask(settings, "audit verify", {})["faults"]
    print("\n".join(faults) or _("The audit log is as it was written."))
    return 1 if faults else 0


def rebuild(arguments: argparse.Namespace, settings: Settings) -> int:
    from dashboard.record import rebuild as room
    from dashboard.record.store import StoreError

    if _running(settings):
        raise Failed(_("A dashboard is running on this data folder. Stop it, then rebuild."))
    try:
        report = room.rebuild(settings)
    except StoreError as error:
        raise Failed(str(error)) from error
    print(
        f"rebuilt: version {report.version}, {report.loads} files with {report.loaded_rows} rows,"
        f" {report.audit} entries of the audit log, {report.seconds:.1f} seconds"
    )
    for path in report.moved:
        print(f"set aside: {path.name}")
    for problem in report.problems:
        print(f"not brought back: {problem}", file=sys.stderr)
    return 1 if report.problems else 0


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    from dashboard.web import serving

    return serving.serve(settings)


def demo(arguments: argparse.Namespace, settings: Settings) -> int:
    from dashboard import demonstration

    return demonstration.run(settings, rows=arguments.observations)


def parser() -> argparse.ArgumentParser:
    """The command line, whole; the README and the tests read it."""
    top = argparse.ArgumentParser(prog="dashboard", description=_("The coordination dashboard's command line."))
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, function: Any, words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(run=function)
        return made

    one = add("check", check, _("Check a CSV as the upload would; keeps nothing."))
    one.add_argument("file")
    one.add_argument("--dataset", required=True)
    one.add_argument("--organisation", help=_("the organisation that would send it"))
    one.add_argument("--period", help=_("the quarter, for example 2026-Q3; default: the last that ended"))
    one.add_argument("--json", action="store_true")
    one = add("submit", submit, _("Check, stage and submit a CSV on behalf of an organisation."))
    one.add_argument("file")
    one.add_argument("--dataset", required=True)
    one.add_argument("--organisation", required=True)
    one.add_argument("--period", required=True)
    one.add_argument("--accept", action="store_true", help=_("accept it at once, as the secretariat"))
    one = add("release", release, _("Draft a release, attack it, and publish it when it gives nobody away."))
    one.add_argument("--note", default="", help=_("what everybody reads of it, or why it is withdrawn"))
    steps = one.add_mutually_exclusive_group()
    steps.add_argument("--draft", action="store_true", help=_("stop before publishing; decide later, or on the page"))
    steps.add_argument("--publish", metavar="RELEASE", default="", help=_("publish a draft"))
    steps.add_argument("--drop", metavar="RELEASE", default="", help=_("remove a draft"))
    steps.add_argument("--withdraw", metavar="RELEASE", default="", help=_("take a release back; needs a note"))
    steps.add_argument("--list", action="store_true", help=_("say which releases there are"))
    one = add("attack", attack, _("Try to work out what a release hides, from its files and all former ones."))
    one.add_argument("release")
    one.add_argument("--json", action="store_true")
    add("rebuild", rebuild, _("Build the database anew from the accepted files and the journal."))
    one = add("expunge", expunge, _("Remove one submission for ever, leaving a tombstone."))
    one.add_argument("submission")
    one.add_argument("--reason", required=True)
    one = add("invite", invite, _("Make an account and print its one-time link."))
    one.add_argument("email")
    one.add_argument("--name", required=True)
    one.add_argument("--role", required=True, choices=("member", "agency", "coordinator", "secretariat"))
    one.add_argument("--organisation", default="")
    one.add_argument("--country", default="")
    one = add("train", train, _("Record a training on contact counts with its undertaking, or list who has one."))
    one.add_argument("email", nargs="?", default="")
    one.add_argument("--completed", default="", help=_("the day on which the training ended, for example 2026-05-01"))
    one.add_argument("--undertaking", default="", help=_("the day on which the undertaking was signed"))
    one.add_argument(
        "--list", action="store_true", help=_("say whose training is recorded, and until when it is valid")
    )
    add("sweep", sweep, _("Let files lapse that were checked long ago and never submitted."))
    one = add("audit", audit, _("Verify that the audit log is as it was written."))
    one.add_argument("what", choices=("verify",))
    add("serve", serve, _("Serve the dashboard on HOST and PORT."))
    one = add("demo", demo, _("Serve the demonstration, building it first on an empty data folder."))
    one.add_argument(
        "--observations",
        type=int,
        default=0,
        metavar="N",
        help=_("build it with N rows of contact counts, for example 1000000; without it, with a few thousand"),
    )
    return top


def main(argv: list[str] | None = None) -> int:
    """Run the command line; what cannot be done is one sentence on the error stream and exit code 1.

    For `check` that code is 2: there, 1 says that the file has problems.
    """
    arguments = parser().parse_args(argv)
    try:
        settings = from_environment(os.environ, demo=arguments.command == "demo")
        return int(arguments.run(arguments, settings))
    except (Failed, SettingError, ValueError) as error:
        print(f"dashboard: {error}", file=sys.stderr)
    except OSError as error:
        print(f"dashboard: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 2 if arguments.command == "check" else 1


if __name__ == "__main__":
    raise SystemExit(main())
