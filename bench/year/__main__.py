"""Years of a review (`python -m bench.year [SEED ...]`): each figure after each run beside that of hand-written rules.

On SQLite, and on PostgreSQL where its programs are installed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.year.postgres import databases
from bench.year.run import play_year


def main() -> None:
    """Print a row for each year."""
    seeds = [int(one) for one in sys.argv[1:]] or [1, 2, 3]
    print(f"{'seed':>4}  {'passages':10}  {'database':10}  {'CPU s':>6}  figures that differ")
    for seed in seeds:
        for team in (True, False):
            for name, opened in databases():
                with opened as (new, copy), tempfile.TemporaryDirectory() as folder:
                    begun = time.process_time()
                    wrong = play_year(Path(folder), seed, team=team, new_database=new, copy_database=copy)
                    spent = time.process_time() - begun
                kinds = Counter(" ".join(one.split()[:3]) for one in wrong)
                told = ", ".join(f"{kind} ({number})" for kind, number in kinds.items()) or "none"
                print(
                    f"{seed:>4}  {'given out' if team else 'all by all':10}  {name:10}  {spent:6.1f}  {told}",
                    flush=True,
                )
                for one in wrong[:3]:
                    print(f"      {one[:400]}")


main()
