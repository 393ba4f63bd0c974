"""What people wait for, in this tree against an earlier revision: `python -m bench.against REVISION [ROUNDS]`.

The revision is checked out into a temporary folder beside this tree and run with the same interpreter and libraries.
Every side gets a sample review of its own, made before anything is timed. Then each command runs on both sides in turn,
ROUNDS times (5), and a row gives CPU seconds (user and system, children counted) and elapsed seconds of each side as
minimum, median and maximum, and the ratio of the minima, earlier to now: above 1 this tree is faster.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
_PDF = ROOT / "corpus" / "sample" / "site" / "audits" / "public-alms-fund.pdf"
_SAMPLE = ("run", "--sample")
# What is timed: its name, and the words of the command; "{w}" is the folder of the side's sample review.
COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("--help", ("--help",)),
    ("sources list", ("-w", "{w}", "sources", "list")),
    ("models list", ("-w", "{w}", "models", "list")),
    ("progress", ("-w", "{w}", "progress")),
    ("matrix", ("-w", "{w}", "matrix")),
    ("agreement", ("-w", "{w}", "agreement")),
    ("log", ("-w", "{w}", "log")),
    ("patterns", ("-w", "{w}", "patterns")),
    ("run without news", ("-w", "{w}", "run")),
    ("extract FILE", ("extract", "{pdf}", "--format", "json", "--out", "{w}/extracted.json")),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two programs."""

    folder: Path  # of the checkout
    workspace: Path  # of its sample review

    def run(self, words: Sequence[str]) -> tuple[float, float]:
        """CPU seconds and elapsed seconds of one command. Its exit code is not asked for: some have nothing to show."""
        entry = "cli.main" if (self.folder / "cli" / "main.py").exists() else "flows.cli"
        filled = [word.format(w=self.workspace / "sample", pdf=_PDF) for word in words]
        command = [sys.executable, "-m", entry, *filled]
        settings = {**os.environ, "PYTHONPATH": str(self.folder), "JAIZA_OCR": "off", "JAIZA_LARGE_ENCODER": "off"}
        began, before = time.perf_counter(), os.times()
        subprocess.run(command, cwd=self.folder, env=settings, capture_output=True, check=False)
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return cpu, time.perf_counter() - began


def main(revision: str, rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="jaiza-against-") as made:
        earlier = Path(made) / "earlier"
        subprocess.run(["git", "worktree", "add", "--detach", str(earlier), revision], cwd=ROOT, check=True)
        try:
            sides = (Side(earlier, Path(made) / "a"), Side(ROOT, Path(made) / "b"))
            for side in sides:  # the model is trained and the results are made before anything is timed
                side.run(("-w", str(side.workspace), *_SAMPLE))
                side.run(("-w", "{w}", "run"))
            heads = ("CPU s, earlier", "CPU s, now", "ratio", "s, earlier", "s, now", "ratio")
            print(f"{'':18}", *(f"{head:>{6 if head == 'ratio' else 22}}" for head in heads))
            for name, words in COMMANDS:
                print_row(name, [(sides[0].run(words), sides[1].run(words)) for _ in range(rounds)])
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(earlier)], cwd=ROOT, check=True)


def print_row(name: str, pairs: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    """One command: minimum, median and maximum of each side, and the ratio of the minima, for CPU and elapsed time."""
    cells = [f"{name:18}"]
    for at in (0, 1):
        earlier, now = [pair[0][at] for pair in pairs], [pair[1][at] for pair in pairs]
        cells += [f"{format_spread(earlier):>22}", f"{format_spread(now):>22}", f"{min(earlier) / min(now):6.2f}"]
    print(" ".join(cells), flush=True)


def format_spread(values: Sequence[float]) -> str:
    """ "0.31 0.33 0.40": minimum, median, maximum."""
    return f"{min(values):.2f} {median(values):.2f} {max(values):.2f}"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("name a revision: python -m bench.against 14bd598")
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
