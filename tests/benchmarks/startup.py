"""`python -m tests.benchmarks.startup`: starting the command, beside starting an interpreter that does nothing."""

import argparse
import subprocess
import sys
from functools import partial

from tests.benchmarks.timing import ROOT, examples, in_turn, middle, p95


def main(arguments: list[str] | None = None) -> None:
    """Print a line a command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.startup", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=9)
    options = parser.parse_args(arguments)
    smallest = min(examples(), key=lambda path: path.stat().st_size)
    commands = {
        "python -c pass": ["-c", "pass"],
        "nianbao --help": ["-m", "extraction.cli", "--help"],
        f"nianbao extract {smallest.name}": ["-m", "extraction.cli", "extract", str(smallest)],
    }
    bare, *others = in_turn(options.repetitions, *(partial(run, command) for command in commands.values()))
    print(f"{'milliseconds':44} {'median':>8} {'p95':>8} {'ratio':>7}")
    for name, times in zip(commands, (bare, *others), strict=True):
        print(f"{name:44} {middle(times):8.0f} {p95(times):8.0f} {middle(times) / middle(bare):7.1f}")


def run(command: list[str]) -> None:
    """Run the interpreter and wait for its end."""
    subprocess.run([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
