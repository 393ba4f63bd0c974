"""What the machine read of a PDF, for people to look at: as readable text, or over pictures of the pages."""

from __future__ import annotations

import base64
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from extract.document import Block, Box, Document, Passage, Role
from extract.text.dehyphenation import mend, vocabulary

TEMPLATES = Path(__file__).with_name("templates")
# Okabe and Ito's colours, which people with any kind of colour blindness can tell apart. There are eight of them for
# twelve roles, so the line is drawn in two ways as well, and the role is written at every block.
COLOURS: Mapping[Role, tuple[str, str]] = {  # role -> colour, dashes of its outline
    "body": ("#0072b2", ""),
    "heading": ("#d55e00", ""),
    "list item": ("#56b4e9", ""),
    "table": ("#009e73", ""),
    "caption": ("#009e73", "4 2"),
    "footnote": ("#cc79a7", ""),
    "sidebar": ("#e69f00", ""),
    "furniture": ("#777777", "2 2"),
    "contents": ("#777777", "6 2"),
    "references": ("#cc79a7", "4 2"),
    "boilerplate": ("#777777", ""),
    "hidden": ("#777777", "1 3"),
}
_KEPT_LINES: tuple[Role, ...] = ("table", "contents")  # whose line breaks say something
_LABEL_WIDTH = 0.62  # of the size of its letters, for each of them
_LETTER = 0.011  # of the page height: size of the role written at a block


def readable_text(document: Document, pages: Iterable[int] | None = None) -> str:
    """The text in reading order without furniture, one block a paragraph; of `pages` only, where they are given."""
    known, shown = vocabulary(document.text), None if pages is None else set(pages)
    blocks = [
        block
        for block in document.blocks
        if block.role not in ("furniture", "hidden") and (shown is None or block.box.page in shown)
    ]
    return "".join(f"{_readable(document, block, known)}\n\n" for block in blocks)


def render_view(
    document: Document, pictures: Mapping[int, bytes | None], *, title: str, left_out: Sequence[int] = ()
) -> bytes:
    """A self-contained HTML page as UTF-8: the pages of `pictures` (WebP by number, None: could not be drawn).

    `left_out` are the pages that are not shown and said to be missing.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(label=_label, label_place=_label_place)
    environment.filters["data_uri"] = lambda data: "data:image/webp;base64," + base64.b64encode(data).decode()
    numbered = list(enumerate(document.blocks, 1))
    starting: dict[int, list[tuple[int, Passage]]] = defaultdict(list)
    lines: dict[int, list[tuple[int, Box]]] = defaultdict(list)
    for index, passage in enumerate(document.passages):
        starting[passage.page].append((index, passage))
        for box in passage.boxes:
            lines[box.page].append((index, box))
    counts = Counter(block.role for block in document.blocks)
    page = environment.get_template("view.html").render(
        title=title,
        document=document,
        pages=[
            {
                "page": page,
                "picture": pictures[page.number],
                "blocks": [(order, block) for order, block in numbered if block.box.page == page.number],
                "lines": lines[page.number],
                "passages": starting[page.number],
                "cells": _cells(document, page.number),
                "grids": [grid for grid in document.grids if grid.box.page == page.number and grid.kind != "table"],
                "letter": round(_LETTER * max(page.height, page.width), 3),
            }
            for page in document.pages
            if page.number in pictures
        ],
        legend=[(role, *COLOURS[role], counts[role]) for role in get_args(Role) if counts[role]],
        untabled=sum(1 for grid in document.grids if grid.kind != "table"),
        classes={role: role.replace(" ", "-") for role in get_args(Role)},
        left_out=ranges(left_out),
    )
    return page.encode()


def ranges(numbers: Sequence[int]) -> str:
    """Numbers in words: [3, 4, 5, 9] is "3-5, 9"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _readable(document: Document, block: Block, known: frozenset[str]) -> str:
    text = document.text[slice(*block.span)]
    if block.role in _KEPT_LINES:
        return text
    lines = [line.split() for line in text.split("\n")]
    words = [(word, place == len(line)) for line in lines for place, word in enumerate(line, 1)]
    return mend(words, known).text


def _label(order: int, block: Block) -> str:
    return f"{order} {block.role}{f' {block.level}' if block.level else ''}"


def _label_place(box: Box, label: str, letter: float) -> Markup:
    """To the left of a block, or above it where there is no room: attributes of an SVG text."""
    if box.x0 - 3 >= _LABEL_WIDTH * letter * len(label):
        return Markup(f'text-anchor="end" x="{box.x0 - 3:.2f}" y="{box.top + letter:.2f}"')
    return Markup(f'x="{max(1, box.x0 - 2):.2f}" y="{max(letter, box.top - 2):.2f}"')


def _cells(document: Document, number: int) -> list[Box]:
    rows = (table.cells for table in document.tables if table.box.page == number)
    return [cell for cells in rows for cell in itertools.chain.from_iterable(cells) if cell is not None]
