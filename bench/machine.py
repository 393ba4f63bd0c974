"""What a command and everything it starts takes: seconds, CPU seconds, and the memory of each kind of process."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen

# What in its command line tells the kind of a process; the first that fits.
_KINDS = (("flows.server_process", "server"), ("extract.isolation.child_main", "reader"), ("spawn_main", "worker"))


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one command."""

    code: int
    seconds: float
    cpu: float  # seconds, of the command and all it started
    memory: dict[str, float]  # kind of process -> largest resident size of one of them, bytes (Linux)
    cpu_of: dict[str, list[float]]  # kind of process -> CPU seconds of each of them (Linux)
    out: str
    err: str


def cost_of(
    command: Sequence[str],
    *,
    environment: dict[str, str] | None = None,
    meanwhile: Callable[[Popen[str]], None] | None = None,
) -> Cost:
    """Run `command` to its end; `meanwhile` gets its process as soon as it is started."""
    before, started = _cpu(), time.monotonic()
    process = Popen(command, stdout=PIPE, stderr=PIPE, text=True, env={**os.environ, **(environment or {})})
    memory: defaultdict[str, float] = defaultdict(float)
    spent: dict[int, tuple[str, float]] = {}
    watcher = threading.Thread(target=_watch, args=(process, memory, spent), daemon=True)
    watcher.start()
    if meanwhile:
        threading.Thread(target=meanwhile, args=(process,), daemon=True).start()
    out, err = process.communicate()
    seconds = time.monotonic() - started
    watcher.join()
    cpu_of: defaultdict[str, list[float]] = defaultdict(list)
    for kind, own in spent.values():
        cpu_of[kind].append(own)
    return Cost(process.returncode, seconds, _cpu() - before, dict(memory), dict(cpu_of), out, err)


def jaiza(workspace: Path, *arguments: str) -> list[str]:
    """The command on a workspace."""
    return [sys.executable, "-m", "cli.main", "--workspace", str(workspace), *arguments]


def family(pid: int) -> dict[int, str]:
    """The process `pid` and all below it: id -> command line (Linux; elsewhere nothing)."""
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            found[one] = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, ValueError):
            continue
    return found


def kind_of(command_line: str) -> str:
    """Client, server, reader or worker."""
    return next((kind for mark, kind in _KINDS if mark in command_line), "client")


def _watch(process: Popen[str], memory: defaultdict[str, float], spent: dict[int, tuple[str, float]]) -> None:
    while process.poll() is None:
        for pid, line in family(process.pid).items():
            kind = kind_of(line)
            memory[kind] = max(memory[kind], _resident(pid))
            if (own := _cpu_of(pid)) is not None:
                spent[pid] = kind, own
        time.sleep(0.25)


def _cpu_of(pid: int) -> float | None:
    """CPU seconds of one process without its children; they are read again and again until it ends."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        return 1024.0 * int(status.split("VmRSS:")[1].split()[0])
    except (OSError, IndexError, ValueError):
        return 0.0


def _cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system
