"""A run that is disturbed in every way, against one that is not: `python -m bench.faults 200 --pages 4`.

One document in twenty is hostile. The run is started with `--runner processes` and, while it reads, the run itself is
killed; started again, while it reads, one of its workers is, then Prefect's server. Then it is started once more and
left alone, and again to see what a run without news takes. Every document must be done or set aside exactly once, and
the results be the same bytes as without all that.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen

from bench.machine import cost_of, family, jaiza, kind_of
from bench.scale import make_review
from bench.synthetic_reports import make_reports

HOSTILE = (b"", b"%PDF-1.7\n" + bytes(range(256)) * 40, b"<html>log in first</html>", b"%PDF-1.4\n1 0 obj <<")
SAME = ("cells.csv", "matrix.csv", "frequencies.csv")


def main(arguments: Sequence[str]) -> None:
    """Print what was killed when, and whether the results are the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jaiza-bench-reports")
    given = parser.parse_args(arguments)
    pdfs = [*make_reports(given.folder, given.count, pages=given.pages), *_hostile(given.folder, given.count // 20)]
    with tempfile.TemporaryDirectory() as place:
        calm, troubled = Path(place) / "calm", Path(place) / "troubled"
        for workspace in (calm, troubled):
            make_review(workspace, pdfs)
        _must_succeed(calm, "--without-prefect")
        quarter = given.count // 4
        _disturbed(troubled, ("client", quarter))
        _disturbed(troubled, ("worker", 2 * quarter), ("server", 3 * quarter))  # neither ends the reading
        for _ in range(2):
            _must_succeed(troubled, "--runner", "processes")
        _compare(calm, troubled, len(pdfs))


def _hostile(folder: Path, count: int) -> list[Path]:
    paths = []
    for number in range(count):
        path = folder / f"hostile-{number:05}.pdf"
        path.write_bytes(HOSTILE[number % len(HOSTILE)] + (b"%% %d" % number if number % len(HOSTILE) else b""))
        paths.append(path)
    return paths


def _must_succeed(workspace: Path, *how: str) -> None:
    cost = cost_of(jaiza(workspace, "run", *how))
    taken = f"{cost.seconds:.0f} s, {cost.cpu:.0f} CPU s"
    print(f"{workspace.name:<10} left alone: {taken}, exit code {cost.code}", flush=True)
    if cost.code:
        sys.exit(cost.err)


def _disturbed(workspace: Path, *kills: tuple[str, int]) -> None:
    """A run of which processes are killed: each a kind, and after how many documents."""
    told: list[str] = []

    def disturb(process: Popen[str]) -> None:
        for kind, after in kills:
            while process.poll() is None:
                read = len(list((workspace / "readings").glob("*.json")))
                if read >= after and _kill_one(process.pid, kind):
                    told.append(f"{kind} killed with {read} read")
                    break
                time.sleep(0.05)

    cost = cost_of(jaiza(workspace, "run", "--runner", "processes"), meanwhile=disturb)
    done = len(list((workspace / "readings").glob("*.json")))
    said = cost.err.strip().splitlines()[-1:] or [""]
    what = ", ".join(told) or "NOTHING KILLED"
    print(
        f"{workspace.name:<10} {what}: {cost.seconds:.0f} s, exit code {cost.code}, {done} read. {said[0]}", flush=True
    )


def _kill_one(run: int, kind: str) -> bool:
    """End a process of this kind among those of the run `run`; False where there is none yet."""
    for pid, line in family(run).items():
        if kind_of(line) == kind and (kind != "client" or pid == run):
            os.kill(pid, signal.SIGKILL)
            return True
    return False


def _compare(calm: Path, troubled: Path, count: int) -> None:
    for name in SAME:
        same = (calm / "out/latest" / name).read_bytes() == (troubled / "out/latest" / name).read_bytes()
        print(f"{name:<18} {'the same bytes' if same else 'NOT THE SAME'}")
    for folder in ("text", "suggestions", "readings", "quarantine"):
        files = [
            {path.name: path.read_bytes() for path in (place / folder).glob("*.json")} for place in (calm, troubled)
        ]
        print(f"{folder + '/':<18} {len(files[1])} files, {'the same' if files[0] == files[1] else 'NOT THE SAME'}")
    lines = (troubled / "out/latest/run.json").read_text(encoding="utf-8")
    states = Counter(_states(lines))
    print(f"{sum(states.values())} of {count} documents: {dict(states)}")


def _states(record: str) -> list[str]:
    return [source["state"] for source in json.loads(record)["sources"]]


if __name__ == "__main__":
    main(sys.argv[1:])
