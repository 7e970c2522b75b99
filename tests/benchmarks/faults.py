"""`python -m tests.benchmarks.faults`: a batch that is killed again and again, and hostile files among good ones.

The whole or one of its processes is killed at a random moment, then the batch goes on; at the end the records must be
those of an undisturbed run. Of hostile files every one must be a failure or a record, and no good one may be lost.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import psutil

from extraction.batch import Item, Settings, run_batch
from extraction.batch.engines import engine_named
from tests.benchmarks.batch import generate
from tests.hostile import REFUSED


def main(arguments: list[str] | None = None) -> None:
    """Print what became of the records after all kills, and of the hostile files."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--seed", default="faults")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        killed(Path(folder), options.kills, options.reports, Random(options.seed))
    with TemporaryDirectory() as folder:
        hostile(Path(folder), options.reports)


def killed(folder: Path, kills: int, count: int, random: Random) -> None:
    """Kill a batch or one of its processes at random moments, and let it go on each time."""
    (folder / "in").mkdir()
    items = generate(folder / "in", count)
    whole, out = folder / "whole.jsonl", folder / "out.jsonl"
    run_batch(items, whole, engine_named("local", workers=2), Settings(model=None))
    seen = Counter[str]()
    for number in range(kills):
        process = subprocess.Popen(_command(folder, out, resume=out.exists()), stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(1.5, 5))
        of_worker = number % 2 == 0
        try:
            below = psutil.Process(process.pid).children(recursive=True)
            victims = [random.choice(below)] if of_worker and below else [psutil.Process(process.pid), *below]
            for victim in victims:
                os.kill(victim.pid, signal.SIGKILL)
        except (psutil.NoSuchProcess, ProcessLookupError):
            seen["was done already"] += 1
        seen["one process killed" if of_worker else "all killed"] += 1
        if of_worker:
            time.sleep(random.uniform(0.5, 2))
            if process.poll() is None:
                process.kill()
        process.wait()
    subprocess.run(_command(folder, out, resume=True), stderr=subprocess.DEVNULL, check=False)
    # A file whose process was killed is a failure of its own, read again when asked.
    subprocess.run([*_command(folder, out, resume=True), "--retry"], stderr=subprocess.DEVNULL, check=False)
    ours, theirs = (sorted(path.read_bytes().splitlines()) for path in (out, whole))
    print(", ".join(f"{count} times {name}" for name, count in seen.items()))
    print(f"{len(theirs)} records undisturbed, {len(ours)} after it, {'equal' if ours == theirs else 'NOT EQUAL'}")


def hostile(folder: Path, count: int) -> None:
    """Hostile files of all kinds in turn among as many good ones."""
    (folder / "in").mkdir()
    generate(folder / "in", count)
    random = Random("hostile")
    kinds = [(each.name, each.make) for each in REFUSED]
    kinds.append(("line.txt", lambda: b"1" * 100_000_000))
    kinds += [(f"random{ending}", lambda: random.randbytes(100_000)) for ending in (".html", ".pdf")]
    for number in range(count):
        name, make = kinds[number % len(kinds)]
        (folder / "in" / f"{number:05}-hostile-{name}").write_bytes(make())
    items = [Item(str(path)) for path in sorted((folder / "in").iterdir())]
    batch = run_batch(items, folder / "out.jsonl", engine_named("local", workers=2), Settings(model=None, seconds=60))
    lost = batch.total - batch.read - sum(batch.failed.values())
    print(f"{count} good and {count} hostile files: {batch.read} records, {dict(batch.failed)}, {lost} lost")


def _command(folder: Path, out: Path, *, resume: bool) -> list[str]:
    options = ["--resume"] if resume else []
    return [
        sys.executable, "-m", "extraction.cli", "batch", str(folder / "in"), "-o", str(out), "--no-model",
        "--workers", "2", *options,
    ]  # fmt: skip


if __name__ == "__main__":
    main()
