"""A small review to be disturbed, and looking at what is left of it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from importlib.resources import files
from pathlib import Path
from subprocess import run as run_process

from annotations.decision import Decision, place
from annotations.log.open_log import open_log
from bench.machine import jaiza
from bench.scale import make_review
from corpus.workspace import open_workspace

STUDIES = ("one-2020", "two-2021", "three-2022")
RESULTS = ("cells.csv", "matrix.csv", "frequencies.csv")
ROWS = 60  # of decisions in the file that is brought in


def make_template(folder: Path) -> Path:
    """A review of three small reports, read once, with a trained model and a file of decisions; made once."""
    template = folder / "template"
    if (template / "ready").exists():
        return template
    shutil.rmtree(template, ignore_errors=True)
    site = Path(str(files("corpus.sample").joinpath("site")))
    found = sorted(site.rglob("*.pdf"), key=lambda path: path.stat().st_size)[: len(STUDIES)]
    (folder / "pdfs").mkdir(parents=True, exist_ok=True)
    pdfs = [Path(shutil.copy(path, folder / "pdfs" / f"{name}.pdf")) for path, name in zip(found, STUDIES, strict=True)]
    make_review(template, pdfs)
    finish(template, "run", "--without-prefect")
    (template / "brought.csv").write_text(_decisions(), encoding="utf-8")
    (template / "ready").touch()
    return template


def _decisions() -> str:
    rows = [
        f"{STUDIES[number % 3]},{('GW', 'FS', 'TI')[number // 3 % 3]},{number % 3},coder-{number // 9},note {number}"
        for number in range(ROWS)
    ]
    return "\n".join(["source,theme,value,coder,note", *rows]) + "\n"


def finish(workspace: Path, *arguments: str, seconds: float = 300.0) -> str:
    """Run a command to its end; what it wrote to standard error. RuntimeError where it fails."""
    done = run_process(
        jaiza(workspace, *arguments), capture_output=True, text=True, timeout=seconds, env=environment(), check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: exit code {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stderr


def environment() -> dict[str, str]:
    """For commands on a made review: nothing is fetched, and the code is this one."""
    here = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": here, "JAIZA_LARGE_ENCODER": "off", "JAIZA_OCR": "off"}


def said(workspace: Path) -> list[tuple[object, ...]]:
    """Every decision in the log of a review: place, value and note, each as often as it stands there."""
    with open_log(open_workspace(workspace)) as log:
        history = log.history()
    return sorted((*place(one), str(one.value), one.note) for one in history if isinstance(one, Decision))


def results(workspace: Path) -> dict[str, bytes]:
    """The tables of the last run."""
    return {name: (workspace / "out" / "latest" / name).read_bytes() for name in RESULTS}


def alive(workspace: Path) -> list[int]:
    """Processes that were started for a review: it stands in their command lines or environments (Linux)."""
    mark, own, found = str(workspace).encode(), os.getpid(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != own:
            try:
                if mark in (entry / "cmdline").read_bytes() or mark in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def left_alone(workspace: Path, seconds: float = 20.0) -> bool:
    """Have all processes of a review ended, at the latest after some seconds?"""
    give_up = time.monotonic() + seconds
    while alive(workspace):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


if sys.platform == "win32":
    raise SystemExit("kills processes and mounts disks: Linux only")
