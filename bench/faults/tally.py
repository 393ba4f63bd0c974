"""What a disturbance led to, as a row of one table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HEADER = "| disturbance | tried | lost | doubled | tracebacks | hangs | files outside |\n|---|---|---|---|---|---|---|"


@dataclass(slots=True)
class Tally:
    """Counts of one disturbance; all but `tried` should stay 0."""

    name: str
    tried: int = 0
    lost: int = 0  # what had been acknowledged or finished, and is not there
    doubled: int = 0  # what is there twice
    tracebacks: int = 0
    hangs: int = 0
    outside: int = 0  # files written or changed outside the workspace
    found: list[str] = field(default_factory=list)  # what went wrong, a line each

    @property
    def bad(self) -> int:
        """How much went wrong."""
        return self.lost + self.doubled + self.tracebacks + self.hangs + self.outside

    def row(self) -> str:
        """A row under HEADER."""
        numbers = (self.tried, self.lost, self.doubled, self.tracebacks, self.hangs, self.outside)
        return f"| {self.name} | " + " | ".join(f"{number:,}" for number in numbers) + " |"

    def note(self, kind: str, what: str) -> None:
        """Count something that went wrong, and remember it."""
        setattr(self, kind, getattr(self, kind) + 1)
        self.found.append(f"{self.name}: {kind}: {what}")


def files_under(folder: Path, *, but: Path | None = None) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file below `folder`, without those below `but`."""
    return dict(_files(folder, but))


def _files(folder: Path, but: Path | None) -> Iterator[tuple[str, tuple[int, int]]]:
    for place, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if Path(place, one) != but]
        for name in names:
            try:
                facts = Path(place, name).lstat()
            except OSError:
                continue
            yield str(Path(place, name)), (facts.st_size, facts.st_mtime_ns)
