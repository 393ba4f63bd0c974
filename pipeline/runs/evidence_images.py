"""Pictures of the evidence as it stands on the page, for the report; made once and kept."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.store.pdf_store import pdf_path
from corpus.workspace import Workspace, write_atomic
from extract.document import Box
from extract.views.evidence_image import pictures_isolated
from synthesis.matrix.cell import Cell, Evidence

# Per cell, of each kind (human, machine): enough to judge a cell by, few enough for a report one can mail.
PER_CELL = 2
# In all, the strongest of every cell first: at some 20 kB each they would make the report of a thousand studies one of
# a quarter of a gigabyte.
MOST = 2_000


class EvidenceImages(Mapping[tuple[str, str], str]):
    """(sha256, passage id) -> data: URI, read from its file when it is asked for: 2,000 of them take 40 MB."""

    def __init__(self, paths: Mapping[tuple[str, str], Path]) -> None:
        self._paths = paths

    def __getitem__(self, key: tuple[str, str]) -> str:
        return f"data:image/webp;base64,{b64encode(self._paths[key].read_bytes()).decode()}"

    def __contains__(self, key: object) -> bool:
        return key in self._paths

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def evidence_pictures(workspace: Workspace, cells: Sequence[Cell]) -> EvidenceImages:
    """Of the strongest evidence of every cell. What can't be drawn is left out."""
    ranks: list[list[Evidence]] = [[] for _ in range(2 * PER_CELL)]
    for cell in cells:
        shown = [one for one in cell.evidence if one.boxes and one.passage_id]
        by_machine = [one for one in shown if one.by == "machine"]
        by_people = [one for one in shown if one.by != "machine"]
        for rank, one in zip(ranks, (*by_people[:PER_CELL], *by_machine[:PER_CELL]), strict=False):
            rank += [one] if len(rank) < MOST else []
    wanted: dict[tuple[str, str], tuple[Box, ...]] = {}
    for one in [one for rank in ranks for one in rank][:MOST]:
        wanted[one.sha256, one.passage_id] = tuple(box for box in one.boxes if box.page == one.boxes[0].page)
    missing: dict[str, list[tuple[str, tuple[Box, ...]]]] = defaultdict(list)
    for (sha256, passage_id), boxes in wanted.items():
        if not _path(workspace, sha256, passage_id, boxes).exists():
            missing[sha256].append((passage_id, boxes))
    for sha256, jobs in missing.items():
        drawn = pictures_isolated(pdf_path(workspace, sha256), [boxes for _, boxes in jobs])
        for (passage_id, boxes), picture in zip(jobs, drawn, strict=True):
            if picture:
                write_atomic(_path(workspace, sha256, passage_id, boxes), picture)
    paths = {key: _path(workspace, *key, boxes) for key, boxes in wanted.items()}
    return EvidenceImages({key: path for key, path in paths.items() if path.exists()})


def _path(workspace: Workspace, sha256: str, passage_id: str, boxes: Sequence[Box]) -> Path:
    """A name by file and place: the same words stand in other files, and elsewhere after another extraction."""
    place = hashlib.sha256(repr(boxes).encode()).hexdigest()[:8]
    return workspace.root / "pictures" / f"{sha256[:12]}-{passage_id}-{place}.webp"
