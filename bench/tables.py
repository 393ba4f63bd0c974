"""Ruled tables beside pdfplumber's `find_tables()`: `python -m bench.tables FOLDER` (default: the sample review).

A table counts as found where one of ours overlaps it by more than 0.9 (area of what both cover by area of what either
covers). pdfplumber's are counted four ways, for many are no tables: frames of one row or column, plot areas of charts
with hardly any text in their cells, frames of slides and of text boxes. The last count asks of its tables, by its own
text, what extract.tables.ruled_tables asks of ours. "Grids" are all that a Document tells of, "tables" those that it
keeps as tables. A page is one of prose where pdfplumber finds nothing with two rows and columns and text in half of
the cells. Ours is the time of the whole reading, words and passages included.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import pdfplumber

from extract.document import Box, Document
from extract.read import read_document

_OVERLAP = 0.9
_KINDS = ("all", "2 x 2 cells or more", "and half of them filled", "and no frame")

_Found = tuple[Box, int]  # with the number of cells
_Theirs = tuple[Box, int, tuple[str, ...]]  # and the kinds it counts under


def main(folder: Path) -> None:
    """Print how many of pdfplumber's tables are found, how many of ours it does not have, and the time of both."""
    pdfs = sorted(folder.rglob("*.pdf"))
    if not pdfs:
        sys.exit(f"{folder} holds no PDF")
    print(comparison(pdfs))


def comparison(pdfs: Sequence[Path]) -> str:
    """A table of what both find in `pdfs`. A file that pdfplumber can't read is left out."""
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    seconds = [0.0, 0.0]
    for pdf in pdfs:
        started = time.process_time()
        document = read_document(pdf, "0" * 64)
        between = time.process_time()
        try:
            pages = list(_theirs(pdf))
        except Exception as error:  # pdfminer raises what its parser stumbles over
            print(f"left out, pdfplumber fails: {pdf.name}: {error}"[:120], file=sys.stderr)
            continue
        seconds[0] += between - started
        seconds[1] += sum(spent for _, _, spent in pages)
        tables, grids = _by_page(document)
        kinds.update(grid.kind for grid in document.grids)
        for number, theirs, _ in pages:
            counts["pages"] += 1
            counts.update(f"they {kind}" for _, _, which in theirs for kind in which)
            _compare("grids", grids[number], theirs, counts)
            _compare("tables", tables[number], theirs, counts)
            if not any(_KINDS[2] in which for _, _, which in theirs):
                counts["prose"] += 1
                counts["on prose"] += len(tables[number])
    lines = [f"{len(pdfs)} PDFs, {counts['pages']} pages"]
    heads = "".join(f"{head:>12}" for head in ("our grids", "same cells", "our tables", "same cells"))
    lines.append(f"{'tables of pdfplumber':<26}{'they':>6}{heads}")
    for kind in _KINDS:
        total = counts[f"they {kind}"]
        shares = [
            f"{_share(counts[f'{what} {ours} {kind}'], total):>12}"
            for ours in ("grids", "tables")
            for what in ("found", "same")
        ]
        lines.append(f"{kind:<26}{total:>6}{''.join(shares)}")
    lines.append(f"our grids: {counts['grids']}, of which {counts['new grids']} match none of theirs: {_told(kinds)}")
    lines.append(
        f"our tables: {counts['tables']}, of which {counts['new tables']} match none of theirs; "
        f"{counts['on prose']} on the {counts['prose']} pages of prose"
    )
    times = f", {seconds[1] / seconds[0]:.0f} times as long" if seconds[0] else ""
    lines.append(f"CPU s: {seconds[0]:.1f} for our whole reading, {seconds[1]:.1f} for their find_tables{times}")
    return "\n".join(lines)


def _by_page(document: Document) -> tuple[dict[int, list[_Found]], dict[int, list[_Found]]]:
    """Tables and grids by the number of their page, each as its box and the number of its cells."""
    tables: dict[int, list[_Found]] = defaultdict(list)
    grids: dict[int, list[_Found]] = defaultdict(list)
    for table in document.tables:
        tables[table.box.page].append((table.box, sum(1 for row in table.cells for cell in row if cell)))
    for grid in document.grids:
        grids[grid.box.page].append((grid.box, grid.cells))
    return tables, grids


def _theirs(pdf: Path) -> Iterator[tuple[int, list[_Theirs], float]]:
    """Per page: its number, box, cells and kinds of each of pdfplumber's tables, and the CPU seconds it took."""
    started = time.process_time()
    with pdfplumber.open(pdf) as document:
        for page in document.pages:
            found = page.find_tables()
            spent = time.process_time() - started
            left, top = page.cropbox[0] - page.bbox[0], page.cropbox[1] - page.bbox[1]
            tables = []
            for table in found:
                x0, y0, x1, y1 = table.bbox
                box = Box(page.page_number, x0 - left, y0 - top, x1 - left, y1 - top)
                tables.append((box, len(table.cells), _kinds(table)))
            yield page.page_number, tables, spent
            page.close()
            started = time.process_time()


def _kinds(table: pdfplumber.table.Table) -> tuple[str, ...]:
    if min(len({cell[0] for cell in table.cells}), len({cell[1] for cell in table.cells})) < 2:
        return _KINDS[:1]
    rows = [[bool(text and text.strip()) for text in row] for row in table.extract()]
    filled = sum(map(sum, rows))
    if filled < len(table.cells) / 2:
        return _KINDS[:2]
    x0, top, x1, bottom = table.bbox
    page = table.page.width * table.page.height
    spread = min(sum(map(any, rows)), sum(map(any, zip(*rows, strict=True)))) >= 2
    return _KINDS if filled >= 4 and spread and (x1 - x0) * (bottom - top) < 0.9 * page else _KINDS[:3]


def _compare(name: str, ours: Sequence[_Found], theirs: Sequence[_Theirs], counts: Counter[str]) -> None:
    matched = set()
    for box, cells, kinds in theirs:
        best, index = max(((_overlap(one, box), index) for index, (one, _) in enumerate(ours)), default=(0.0, 0))
        found = best > _OVERLAP
        same = found and ours[index][1] == cells
        if found:
            matched.add(index)
        for kind in kinds:
            counts.update({f"found {name} {kind}": found, f"same {name} {kind}": same})
    new = len(ours) - len(matched)
    counts.update({name: len(ours), f"new {name}": new})


def _overlap(one: Box, other: Box) -> float:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    tall = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or tall <= 0:
        return 0.0
    both = wide * tall
    areas = [(box.x1 - box.x0) * (box.bottom - box.top) for box in (one, other)]
    return both / (sum(areas) - both)


def _told(kinds: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(str(files("corpus.sample").joinpath("site"))))
