"""A run on a disk that is full: after the first page it writes, after the next, and so on over all it writes.

The workspace lies in a file system of its own in memory (tmpfs), whose size is set: every program that writes there,
SQLite and matplotlib too, meets the error that a full disk gives. Needs the right to mount (root, in a container say).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults import scene
from bench.faults.kills import _unread
from bench.faults.tally import Tally, files_under
from bench.machine import jaiza

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
ROOM = 512 << 20  # bytes of a disk with room
RUN = ("run", "--without-prefect")


def run(steps: int, folder: Path, seed: int) -> Tally:
    """So many runs, each with room for more pages than the one before, over all that a run writes."""
    tally = Tally("a full disk while `jaiza run` writes")
    template = scene.make_template(folder)
    with tempfile.TemporaryDirectory(prefix="jaiza-disk-", dir=folder) as place:
        disk = Path(place) / "disk"
        disk.mkdir()
        with _mounted(disk):
            workspace = disk / "review"
            needed = _fresh(template, workspace)
            scene.finish(workspace, *RUN)
            wanted, written = scene.results(workspace), _used(disk) - needed
            print(f"a run writes {written // PAGE} pages of {PAGE} bytes", flush=True)
            for number in range(steps):
                needed = _fresh(template, workspace)
                pages = (written // PAGE * number + seed % max(1, written // PAGE // steps)) // steps
                _one_run(disk, workspace, needed + pages * PAGE, wanted, tally)
                print(f"room for {pages} pages more: {tally.bad} bad so far", flush=True)
    return tally


def _one_run(disk: Path, workspace: Path, size: int, wanted: dict[str, bytes], tally: Tally) -> None:
    beside = files_under(disk.parent, but=workspace)
    _remount(disk, size)
    tally.tried += 1
    try:
        full = subprocess.run(
            jaiza(workspace, *RUN), capture_output=True, text=True, timeout=300, env=scene.environment(), check=False
        )
    except subprocess.TimeoutExpired:
        tally.note("hangs", f"with {size} bytes")
        return
    finally:
        _remount(disk, ROOM)
    lines = [line for line in full.stderr.strip().splitlines() if line and not line.startswith("warning:")]
    if full.returncode and (len(lines) != 1 or not lines[0].startswith("jaiza: ") or "unexpected" in lines[0]):
        tally.note("tracebacks", f"with {size} bytes: {full.stderr.strip()[-400:]}")
    if half := [path.name for path in workspace.rglob("*") if path.name.endswith(".part")]:
        tally.note("lost", f"half-written files stay: {half[:3]}")
    try:
        scene.finish(workspace, *RUN)
        if scene.results(workspace) != wanted:
            tally.note("lost", f"with {size} bytes: the results of the next run are others")
    except Exception as error:
        tally.note("lost", f"with {size} bytes: the next run fails: {error}")
    if files_under(disk.parent, but=workspace) != beside:
        tally.note("outside", "files beside the workspace")


def _fresh(template: Path, workspace: Path) -> int:
    """The review before its first run; how many bytes of the disk it takes."""
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(template, workspace)
    _unread(workspace)
    return _used(workspace.parent)


def _used(disk: Path) -> int:
    free = os.statvfs(disk)
    return (free.f_blocks - free.f_bfree) * free.f_frsize


@contextmanager
def _mounted(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "jaiza-full", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _remount(disk: Path, size: int) -> None:
    pages = -(-size // PAGE)
    subprocess.run(["mount", "-o", f"remount,size={pages * PAGE}", str(disk)], check=True)
