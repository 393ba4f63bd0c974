"""What a tagged PDF itself says its pages read, taken through pdfplumber and pdfminer, never through pdfium.

The author's program wrote the order of reading into the structure tree. The text of a page in that order, artifacts
(running heads, page numbers, rules) left out, is the truth that tools are scored against. pdfplumber's own
`page.structure_tree` leaves out an element on its later pages and loses the order of text and links within a
paragraph, so the tree is walked here, over pdfminer's objects.

Where a footnote is read is a matter of taste: tags have it where it is referred to, a reader of the page comes to it
at the foot of the column. Both are right, so a page with notes is scored against both and the better one counts. That
holds for what is tagged as a note only, wherever the tool that is scored may put it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import literal_name
from rapidfuzz.distance import Levenshtein

Char = dict[str, Any]  # a character as pdfplumber gives it

_INLINE = frozenset({"Span", "Quote", "Reference", "Link", "Annot", "Code", "Em", "Strong", "Sub", "Ruby", "Warichu"})
_NOTES = frozenset({"Note", "FENote"})
_COVERED = 0.6  # of a page's characters: with fewer in the tree, the tree is no truth for the page
_FEWEST = 40  # characters of a page worth scoring
_GAP = 0.15  # of the font size: a wider gap is a space
_LINE = 0.5  # of the font size: a larger step up or down is another line
_BACK = 0.5  # of the font size: a longer step back is another line or cell
_DEEPEST = 200  # levels of a tree; real ones have a dozen

_SEGMENT_GAP = 1.0  # of the font size: a wider gap separates columns
_ROW = 2.0  # points: baselines this close are one row
_MIDDLE = (0.3, 0.7)  # of the page width: where a gutter is looked for
_STEP = 2.0  # points between two places tried
_CROSSING = 0.25  # of the characters: titles and wide tables may cross the gutter
_SIDE = 0.25  # of the characters: fewer is a margin, not a column
_PROSE = 20.0  # characters of a line of a column, on average; cells of a table are shorter

_SPACE = re.compile(r"\s+")
_HYPHENS = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\ufffe\x02", "-"))


@dataclass(frozen=True, slots=True)
class Truth:
    """One page that can be scored."""

    page: int  # 1-based
    text: str
    two_column: bool
    printed: str = ""  # the text with its notes where they stand on the page; "" where there are none


def truths(path: Path, *, most: int | None = None) -> tuple[list[Truth], int]:
    """The pages of the PDF at `path` (the first `most`) that can be scored, and how many tagged ones can not."""
    found: list[Truth] = []
    poor = 0
    with pdfplumber.open(path) as document:
        if "StructTreeRoot" not in document.doc.catalog:
            return [], 0
        order = reading_order(document.doc.catalog["StructTreeRoot"])
        for page in document.pages[:most]:
            chars = page.chars
            contents: list[tuple[int, int]] = order.get(page.page_obj.pageid, [])
            blocks = ordered(chars, contents)
            in_order = [char for block in blocks for char in block]
            body = sum(1 for char in chars if char["tag"] != "Artifact" and not char["text"].isspace())
            inked = sum(1 for char in in_order if not char["text"].isspace())
            if inked >= _FEWEST and inked >= _COVERED * body:
                text, columns = folded(" ".join(map(flowing, blocks))), two_columns(in_order, page.width)
                notes = [number < 0 for number, _ in itertools.groupby(dict(contents).values())]
                printed = as_printed(blocks, notes) if any(notes) else []
                found.append(Truth(page.page_number, text, columns, folded(" ".join(map(flowing, printed)))))
            else:
                poor += body >= _FEWEST
            page.close()
    return found, poor


def reading_order(root: Any) -> dict[int, list[tuple[int, int]]]:
    """Page object id -> the marked contents (MCID) of the page in the order of the structure tree, each with the
    number of the paragraph, cell or other block that it is part of; below 0 for those of a note."""
    root = resolve1(root)
    names = resolve1(root.get("RoleMap")) or {}
    order: dict[int, list[tuple[int, int]]] = {}
    for page, content, block in _contents(root.get("K"), names, None, itertools.count(1), 0, 0):
        if page is not None:
            order.setdefault(page, []).append((content, block))
    return order


def _contents(
    node: Any, names: dict[str, Any], page: int | None, numbers: Iterator[int], block: int, depth: int
) -> Iterator[tuple[int | None, int, int]]:
    node = resolve1(node)
    if depth > _DEEPEST:
        return
    if isinstance(node, int):
        yield page, node, block
    elif isinstance(node, list):
        for kid in node:
            yield from _contents(kid, names, page, numbers, block, depth + 1)
    elif isinstance(node, dict):
        if isinstance(node.get("Pg"), PDFObjRef):
            page = node["Pg"].objid
        if isinstance(resolve1(node.get("MCID")), int):
            # The ids inside a form of its own ("Stm") are counted apart from those of the page.
            if "Stm" not in node:
                yield page, resolve1(node["MCID"]), block
        elif "Obj" not in node:
            kind = literal_name(names.get(literal_name(node.get("S")), node.get("S")))
            inner = block if kind in _INLINE else next(numbers) * (-1 if block < 0 or kind in _NOTES else 1)
            yield from _contents(node.get("K"), names, page, numbers, inner, depth + 1)


def ordered(chars: Sequence[Char], order: Sequence[tuple[int, int]]) -> list[list[Char]]:
    """The characters of a page in tree order, those of one block together; those outside the tree left out."""
    groups: dict[int, list[Char]] = {content: [] for content, _ in order}
    for char in chars:
        if char["mcid"] in groups and char["tag"] != "Artifact":
            groups[char["mcid"]].append(char)
    runs = itertools.groupby(dict(order).items(), key=itemgetter(1))
    return [[char for content, _ in run for char in groups[content]] for _, run in runs]


def as_printed(blocks: Sequence[Sequence[Char]], notes: Sequence[bool]) -> list[list[Char]]:
    """The blocks of a page with each of its notes (told by `notes`) behind the last line above it in its column."""
    body = [char for block, note in zip(blocks, notes, strict=True) if not note for char in block]
    behind: dict[int, list[list[Char]]] = {}
    for block, note in zip(blocks, notes, strict=True):
        if note and block:
            left, right = min(char["x0"] for char in block), max(char["x1"] for char in block)
            top = min(char["top"] for char in block)
            above = [n for n, c in enumerate(body) if c["x0"] < right and c["x1"] > left and c["bottom"] <= top]
            behind.setdefault(_line_end(body, above[-1]) if above else -1, []).append(list(block))
    placed, piece = behind.get(-1, []), []
    position = 0
    for block, note in zip(blocks, notes, strict=True):
        for char in () if note else block:
            piece.append(char)
            if position in behind:
                placed += [piece, *behind[position]]
                piece = []
            position += 1
        if piece:
            placed.append(piece)
            piece = []
    return placed


def _line_end(chars: Sequence[Char], index: int) -> int:
    """The last of the characters that stand on a line with the one at `index` and follow it, wide gaps aside."""
    for before, char in itertools.pairwise(chars[index:]):
        level = abs(before["bottom"] - char["bottom"]) <= _LINE * before["size"]
        if not level or not -_BACK <= (char["x0"] - before["x1"]) / before["size"] <= _SEGMENT_GAP:
            break
        index += 1
    return index


def flowing(chars: Sequence[Char]) -> str:
    """Characters as text: a space where one is set, and where a gap or a new line stands between two."""
    pieces: list[str] = []
    before: Char | None = None
    for char in chars:
        if before is not None and _apart(before, char):
            pieces.append(" ")
        pieces.append(char["text"])
        before = char
    return "".join(pieces)


def folded(text: str) -> str:
    """Text as compared: compatible characters made one, hyphens alike, white space folded."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text.translate(_HYPHENS))).strip()


def score(truth: str, text: str) -> float:
    """Levenshtein ratio of two folded texts: 1 where they are the same."""
    return float(Levenshtein.normalized_similarity(truth, folded(text)))


def page_score(truth: Truth, text: str) -> float:
    """`score` of a page, its notes where the tags have them or where they are printed."""
    return max(score(truth.text, text), score(truth.printed, text) if truth.printed else 0.0)


def two_columns(chars: Sequence[Char], width: float) -> bool:
    """Does most of the text stand in two columns of prose? Told from the places of the characters alone."""
    segments = _segments(chars)
    total = sum(count for _, _, count in segments)
    x = _MIDDLE[0] * width
    while total and x < _MIDDLE[1] * width:
        left = [count for _, x1, count in segments if x1 <= x]
        right = [count for x0, _, count in segments if x0 >= x]
        sides = min(sum(left), sum(right)) >= _SIDE * total and sum(left) + sum(right) >= (1 - _CROSSING) * total
        if sides and min(sum(left) / len(left), sum(right) / len(right)) >= _PROSE:
            return True
        x += _STEP
    return False


def _segments(chars: Sequence[Char]) -> list[tuple[float, float, int]]:
    """Runs of characters on one row without a wide gap: left, right, how many."""
    rows: dict[int, list[Char]] = {}
    for char in chars:
        if not char["text"].isspace():
            rows.setdefault(round(char["bottom"] / _ROW), []).append(char)
    segments: list[tuple[float, float, int]] = []
    for row in rows.values():
        row.sort(key=lambda char: char["x0"])
        x0, x1, count = row[0]["x0"], row[0]["x1"], 0
        for char in row:
            if char["x0"] - x1 > _SEGMENT_GAP * char["size"]:
                segments.append((x0, x1, count))
                x0, count = char["x0"], 0
            x1, count = max(x1, char["x1"]) if count else char["x1"], count + 1
        segments.append((x0, x1, count))
    return segments


def _apart(before: Char, char: Char) -> bool:
    size = max(before["size"], char["size"])
    if min(before["bottom"], char["bottom"]) <= max(before["top"], char["top"]):
        return True  # not side by side at all
    if abs(before["bottom"] - char["bottom"]) > _LINE * size:
        return True
    return bool(char["x0"] - before["x1"] > _GAP * size or char["x0"] < before["x0"] - _BACK * size)
