"""`python -m bench.faults`: everything that can be done to Jaiza, and what it cost, in one table.

    python -m bench.faults                      all, small numbers: some ten minutes
    python -m bench.faults kills import 40      one command, killed 40 times
    python -m bench.faults disk 40              a disk with room for one page more each time, in 40 steps
    python -m bench.faults clocks 200           acts under clocks that jump
    python -m bench.faults database 10          a PostgreSQL server that is ended and started again
    python -m bench.faults machines 4           two workspaces on one PostgreSQL, so many rounds
    python -m bench.faults requests 10000       odd requests to a review that is served
    python -m bench.faults files 5000           changed files of every kind; those that hurt go to the --folder
    python -m bench.faults whole 200            a run with Prefect whose processes are killed (see `whole_run`)

Every number but the first of a row should be 0; the exit code is 1 where one is not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.faults.tally import HEADER, Tally

KILLS = {"run": 8, "review": 12, "import": 8, "recode": 8, "retrain": 2, "backup": 8, "serve": 2}


def main(arguments: Sequence[str]) -> int:
    """Print the table, and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "what", nargs="*", help="kills NAME, disk, clocks, database, machines, requests, files; a number"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "jaiza-bench-faults")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.what[:1] == ["whole"]:
        from bench.faults.whole_run import main as whole

        whole(given.what[1:])
        return 0
    rows = []
    for ask in _asked(given.what, given.folder, given.seed):
        rows.append(ask())
        print(f"\n{HEADER}\n{rows[-1].row()}", flush=True)
    print("\n" + "\n".join([HEADER, *(row.row() for row in rows), *(line for row in rows for line in row.found)]))
    return int(any(row.bad for row in rows))


def _asked(what: Sequence[str], folder: Path, seed: int) -> Iterator[Callable[[], Tally]]:
    from bench.faults import clocks, databases, disk, files, kills, requests

    number = int(what[-1]) if what and what[-1].isdigit() else 0
    name = what[0] if what else ""
    for command, small in KILLS.items():
        if not what or (name == "kills" and command in (what[1:2] or KILLS)):
            yield lambda command=command, small=small: kills.run(command, number or small, folder, seed)  # type: ignore[misc]
    others: dict[str, Callable[[], Tally]] = {
        "disk": lambda: disk.run(number or 6, folder, seed),
        "clocks": lambda: clocks.run(number or 50, seed),
        "database": lambda: databases.gone_and_back(number or 3),
        "machines": lambda: databases.two_machines(number or 2, folder),
        "requests": lambda: requests.run(number or 500, seed),
        "files": lambda: files.run(number or 300, seed, folder / "found"),
    }
    yield from (ask for kind, ask in others.items() if name in ("", kind))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
