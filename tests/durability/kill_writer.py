"""Kill a process that stages and accepts, again and again, and count what was lost, partly there or doubled.

    python tests/durability/kill_writer.py kills DATA --kills 40 --seed 1     (prints the count as JSON)
    python tests/durability/kill_writer.py write DATA --rows 200              (the process that is killed)

A kill is no power cut: what the kernel has taken from the process survives it. Never run on a record that matters.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from dashboard.record import rebuild  # noqa: E402
from dashboard.record.store import Store  # noqa: E402
from durability import little_record  # noqa: E402


@dataclass
class Count:
    """What the kills did. Steps that were done but never answered are no fault: asking again changes nothing."""

    kills: int = 0
    answered: int = 0
    unanswered: int = 0
    lost: int = 0
    partial: int = 0
    doubled: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def say(*words: object) -> None:
    """One line, out at once: whoever reads it may count on what it says."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write(data: Path, rows: int) -> None:
    """Stage and accept until killed; a line for each step once it was answered."""
    store = little_record.open_store(data)
    say("ready", 0)
    turn = 0
    while True:
        turn += 1
        submission_id = little_record.stage(store, little_record.service_rows(rows), period=f"2026-Q{turn % 4 + 1}")
        say("staged", submission_id)
        little_record.accept(store, submission_id)
        say("accepted", submission_id)
        store.audit("accepted", by="tester", subject=submission_id)
        say("audited", submission_id)


def check(store: Store, answered: set[tuple[str, str]], rows: int, count: Count) -> None:
    """Compare what was answered with what is there, and what is there with itself."""
    there = {
        (row["event"], row["submission_id"]): row["times"]
        for row in store.read("select event, submission_id, count(*) as times from submission_event group by all")
    }
    audited = {
        ("audited", row["subject"]): row["times"]
        for row in store.read("select subject, count(*) as times from audit group by all")
    }
    submissions = {
        row["submission_id"]: row["times"]
        for row in store.read("select submission_id, count(*) as times from submission group by all")
    }
    loaded = {
        row["submission_id"]: row["times"]
        for row in store.read("select submission_id, count(*) as times from d_services group by all")
    }
    all_there = {**there, **audited}
    count.lost = len(answered - set(all_there))
    count.unanswered = len(set(all_there) - answered)
    count.doubled = sum(times > 1 for times in (*all_there.values(), *submissions.values()))
    count.doubled += sum(times > rows for times in loaded.values())
    accepted = {submission for event, submission in there if event == "accepted"}
    staged = {submission for event, submission in there if event == "staged"}
    count.partial = sum(times < rows for times in loaded.values()) + len(accepted ^ set(loaded))
    count.partial += len(staged ^ set(submissions))
    versions = [row["version"] for row in store.read("select version from step order by version")]
    if versions != list(range(1, store.head().version + 1)):
        count.faults.append(f"{len(versions)} steps, head is at {store.head().version}")
    problems: list[str] = []
    written = [entry["version"] for entry in store.journal.entries(problems) if "version" in entry]
    if problems or written != versions:
        count.faults.append(f"journal: {problems or 'other versions than the database'}")
    count.faults += store.verify_audit()


def kills(data: Path, number: int, seed: int, rows: int) -> Count:
    """Start the writer, kill it at a random moment, open the record and check; at last rebuild and compare."""
    chance, count, answered, started = random.Random(seed), Count(), set[tuple[str, str]](), time.monotonic()
    for turn in range(number):
        child = subprocess.Popen(
            [sys.executable, __file__, "write", str(data), "--rows", str(rows)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        if turn % 5:  # four in five while it writes, the fifth whenever it comes, perhaps while it opens
            select.select([child.stdout], [], [], 60)
            time.sleep(chance.uniform(0.0, 0.25))
        else:
            time.sleep(chance.uniform(0.2, 1.5))
        child.send_signal(signal.SIGKILL)
        said, _nothing = child.communicate()
        whole = said.decode().split("\n")[:-1]
        answered |= {(line.split()[0], line.split()[1]) for line in whole if not line.startswith("ready")}
        count.kills += 1
        store = little_record.open_store(data)
        check(store, answered, rows, count)
        store.close()
        if count.lost or count.partial or count.doubled or count.faults:
            break
    count.answered = len(answered)
    copy = data.with_name(data.name + "-rebuilt")
    shutil.copytree(data, copy)
    report = rebuild.rebuild(little_record.settings(copy), little_record.library())
    old, new = little_record.open_store(data), little_record.open_store(copy)
    count.faults += [*report.problems, *rebuild.equal(old, new)]
    old.close()
    new.close()
    count.seconds = round(time.monotonic() - started, 1)
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["kills", "write"])
    parser.add_argument("data", type=Path)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=200)
    given = parser.parse_args()
    if given.what == "write":
        write(given.data, given.rows)
    count = kills(given.data, given.kills, given.seed, given.rows)
    print(json.dumps(asdict(count)))
    return bool(count.lost or count.partial or count.doubled or count.faults)


if __name__ == "__main__":
    sys.exit(main())
