"""The measure of a document: the type its body is set in, and how far its lines stand apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extract.lines.lines import Line, weigh_sizes

_LEADING = 1.2  # of the font size, where there are too few lines to measure it
_LOOSE = 1.3  # times the usual distance: more is a gap between paragraphs
_PROSE_WORDS = 6  # a shorter line says nothing about the body
_SAME_SIZE = 0.08  # of the font size: scans and hand-set pages waver


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """What the lines of running text have in common."""

    size: float  # font size of the body, points
    bold: bool  # the body itself is set in bold
    leading: float  # distance of two baselines as a multiple of the font size

    def is_body(self, line: Line) -> bool:
        """Is `line` set in the body's type?"""
        return self.same_size(line.size, self.size) and line.bold == self.bold

    def same_size(self, one: float, other: float) -> bool:
        """Are two font sizes the same to the eye?"""
        return abs(one - other) <= _SAME_SIZE * max(one, other)

    def follows(self, before: Line, after: Line) -> bool:
        """Does `after` stand right below `before`, with no more than the usual distance?"""
        if before.page != after.page or before.turn != after.turn:
            return False
        distance = after.base - before.base
        beside = min(before.right, after.right) - max(before.left, after.left) > 0
        return beside and 0 < distance <= _LOOSE * self.leading * max(before.size, after.size)

    def page_body(self, lines: Sequence[Line], indices: Iterable[int]) -> float:
        """The body size of one page: the document's, or smaller where the whole page is set smaller."""
        weights = weigh_sizes(lines[index] for index in indices if len(lines[index].words) >= _PROSE_WORDS)
        return min(self.size, weights.most_common(1)[0][0]) if weights else self.size


def measured(lines: Sequence[Line]) -> BodyStyle:
    """The measure of a document's `lines`, furniture left out."""
    prose = [line for line in lines if len(line.words) >= _PROSE_WORDS and line.cells == 1 and line.turn == 0]
    weights = weigh_sizes(prose or lines)
    if not weights:
        return BodyStyle(size=10.0, bold=False, leading=_LEADING)
    size = weights.most_common(1)[0][0]
    body = [line for line in prose if line.size == size]
    letters = sum(len(line.text) for line in body)
    steps = [
        (after.base - before.base) / size
        for before, after in itertools.pairwise(prose)
        if before.page == after.page and before.size == after.size == size and 0 < after.base - before.base < 3 * size
    ]
    return BodyStyle(
        size=size,
        bold=sum(len(line.text) for line in body if line.bold) > letters / 2,
        leading=median(steps) if len(steps) >= 3 else _LEADING,
    )
