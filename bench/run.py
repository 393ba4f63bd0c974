"""The main job on a folder of PDFs: `python -m bench.run FOLDER` (default: the sample review's PDFs).

Every PDF becomes a source of a fresh review with no title to check, so any folder will do. The run is done twice: the
second shows what a repeated run costs.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from importlib.resources import files
from pathlib import Path
from subprocess import PIPE, Popen

import tomli_w

COMMAND = [sys.executable, "-m", "cli.main"]


def main(folder: Path) -> None:
    """Print pages, passages, suggestions, seconds and peak memory of a first and a second run."""
    pdfs = sorted(folder.glob("*.pdf"))
    if not pdfs:
        sys.exit(f"{folder} holds no PDF")
    with tempfile.TemporaryDirectory() as place:
        workspace = Path(place)
        _prepare(workspace, pdfs)
        print(f"{len(pdfs)} PDFs from {folder}, {os.cpu_count()} cores")
        print(f"{'run':<12}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'pages':>7}{'passages':>10}{'suggestions':>13}")
        model = workspace / "model"
        _timed(["suggest", "--passages", os.devnull, "--out", str(model)], workspace)  # trains the model
        for name in ("first", "second"):
            seconds, cpu, peak, out = _timed(["run", "--json"], workspace)
            counts = json.loads(out)["counts"]
            print(
                f"{name:<12}{seconds:>9.1f}{cpu:>8.1f}{peak / 1e6:>9.0f}"
                f"{counts['pages']:>7}{counts['passages']:>10}{counts['suggestions']:>13}"
            )


def _prepare(workspace: Path, pdfs: list[Path]) -> None:
    rows = [{"id": f"bench-{n:03}", "label": pdf.stem[:80]} for n, pdf in enumerate(pdfs, start=1)]
    (workspace / "sources.toml").write_text(tomli_w.dumps({"source": rows}), encoding="utf-8")
    (workspace / "review.toml").write_text('title = "Benchmark"\nshipped_sources = false\n', encoding="utf-8")
    (workspace / "inbox").mkdir()
    for row, pdf in zip(rows, pdfs, strict=True):
        (workspace / "inbox" / f"{row['id']}.pdf").write_bytes(pdf.read_bytes())


def _timed(arguments: list[str], workspace: Path) -> tuple[float, float, float, str]:
    """Wall seconds, CPU seconds of all processes, peak memory of all processes together in bytes, and output."""
    cpu_before, started = _cpu(), time.monotonic()
    process = Popen([*COMMAND, "--workspace", str(workspace), *arguments], stdout=PIPE, text=True)
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    out, _ = process.communicate()
    seconds = time.monotonic() - started
    watcher.join()
    if process.returncode:
        sys.exit(f"jaiza {' '.join(arguments)} ended with {process.returncode}")
    return seconds, _cpu() - cpu_before, peak[0], out


def _watch(process: Popen[str], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], _family_memory(process.pid))
        time.sleep(0.1)


def _family_memory(pid: int) -> float:
    """Bytes used by a process and all below it, shared pages counted once each (Linux: PSS; 0 elsewhere)."""
    total = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += float(line.split()[1]) * 1024
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, ValueError):
            continue
    return total


def _cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(str(files("corpus.sample").joinpath("site"))) / "reports")
