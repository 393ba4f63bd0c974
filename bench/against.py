"""What people wait for, in this tree against an earlier revision: `python -m bench.against REV [ROUNDS] [--quick]`.

The revision is checked out into a temporary folder beside this tree and run with the same interpreter and libraries.
Every side gets a sample review of its own, made before anything is timed. Then each command runs on both sides in turn,
ROUNDS times (5), and a row gives CPU seconds (user and system, children counted) and elapsed seconds of each side as
minimum, median and maximum, and the ratio of the minima, earlier to now: above 1 this tree is faster. "fails (2)"
behind a name is an exit code above 0 of either side: then the row times an error.

With --quick only the commands are timed that need no sample review, and none is made.
"""

from __future__ import annotations

import os
import signal
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
_ROUNDS = 5
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

QUICK = frozenset({"--help", "sources list", "models list", "extract FILE"})  # need no sample review


@dataclass(frozen=True, slots=True)
class Timing:
    """One command, run once."""

    cpu: float  # seconds, user and system, children counted
    elapsed: float  # seconds
    code: int  # its exit code


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two programs."""

    folder: Path  # of the checkout
    workspace: Path  # of its sample review

    def run(self, words: Sequence[str]) -> Timing:
        """Time one command; "{w}" and "{pdf}" in its words are filled in."""
        entry = "cli.main" if (self.folder / "cli" / "main.py").exists() else "flows.cli"
        filled = [word.format(w=self.workspace / "sample", pdf=_PDF) for word in words]
        command = [sys.executable, "-m", entry, *filled]
        settings = {**os.environ, "PYTHONPATH": str(self.folder), "JAIZA_OCR": "off", "JAIZA_LARGE_ENCODER": "off"}
        began, before = time.perf_counter(), os.times()
        done = subprocess.run(command, cwd=self.folder, env=settings, capture_output=True, check=False)
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return Timing(cpu, time.perf_counter() - began, done.returncode)


def main(revision: str, rounds: int = _ROUNDS, *, quick: bool = False) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="jaiza-against-") as made:
        earlier = Path(made) / "earlier"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(earlier), revision], cwd=ROOT, check=True)
        try:
            sides = (Side(earlier, Path(made) / "a"), Side(ROOT, Path(made) / "b"))
            for side in sides:
                prepare(side, quick=quick)
            heads = ("CPU s, earlier", "CPU s, now", "ratio", "s, earlier", "s, now", "ratio")
            print(f"{'':18}", *(f"{head:>{6 if head == 'ratio' else 22}}" for head in heads), flush=True)
            for name, words in COMMANDS:
                if not quick or name in QUICK:
                    print_row(name, [(sides[0].run(words), sides[1].run(words)) for _ in range(rounds)])
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(earlier)], cwd=ROOT, check=True)


def prepare(side: Side, *, quick: bool) -> None:
    """Make the sample review, so that nothing is trained and no result made while it is timed; if quick, its folder."""
    if quick:
        (side.workspace / "sample").mkdir(parents=True)
        return
    for words in (("-w", str(side.workspace), *_SAMPLE), ("-w", "{w}", "run")):
        if code := side.run(words).code:
            sys.exit(f"`jaiza {' '.join(words)}` in {side.folder} ends with {code}: there is nothing to time")


def print_row(name: str, pairs: Sequence[tuple[Timing, Timing]]) -> None:
    """One command: minimum, median and maximum of each side, and the ratio of the minima, for CPU and elapsed time."""
    failed = max(abs(timing.code) for pair in pairs for timing in pair)
    cells = [f"{name} fails ({failed})" if failed else f"{name:18}"]
    for of in (_cpu, _elapsed):
        earlier, now = [of(pair[0]) for pair in pairs], [of(pair[1]) for pair in pairs]
        cells += [f"{format_spread(earlier):>22}", f"{format_spread(now):>22}", f"{min(earlier) / min(now):6.2f}"]
    print(" ".join(cells), flush=True)


def _cpu(timing: Timing) -> float:
    return timing.cpu


def _elapsed(timing: Timing) -> float:
    return timing.elapsed


def format_spread(values: Sequence[float]) -> str:
    """ "0.31 0.33 0.40": minimum, median, maximum."""
    return f"{min(values):.2f} {median(values):.2f} {max(values):.2f}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the earlier tree is taken away all the same
    words = [word for word in sys.argv[1:] if word != "--quick"]
    if not words:
        sys.exit("name a revision: python -m bench.against 14bd598")
    main(words[0], int(words[1]) if len(words) > 1 else _ROUNDS, quick="--quick" in sys.argv)
