"""Level rules that may bound a table, as books set them: one above its head, one below that, one at its end."""

from __future__ import annotations

from collections.abc import Iterable

from extract.ruling.grid import merged

# Where rules that begin and end alike begin, where they end, and their heights from the top down.
Rules = tuple[float, float, tuple[float, ...]]

_SAME_END = 4.0  # points by which the rules of one table may end apart
_SHORTEST = 100.0  # points: shorter rules are underlines, or part the heads of columns
_DOUBLE = 5.0  # points: two rules so close are one
_TOP = 0.09  # of the page height: rules there are of a running head
_FEWEST, _MOST = 3, 200  # of a table; on a page: more are a grid or a drawing


def rules_alike(level: Iterable[tuple[float, float, float]], height: float) -> tuple[Rules, ...]:
    """The level edges, as (y, start, end), of a page so high, in groups of three or more that begin and end alike."""
    rules = [rule for rule in level if rule[2] - rule[1] >= _SHORTEST and rule[0] > _TOP * height]
    if len(rules) < _FEWEST:
        return ()
    rules = merged(rules)
    found: list[Rules] = []
    while _FEWEST <= len(rules) <= _MOST:
        _, left, right = rules[0]
        alike = [rule for rule in rules if abs(rule[1] - left) <= _SAME_END and abs(rule[2] - right) <= _SAME_END]
        rules = [rule for rule in rules if rule not in alike]
        heights: list[float] = []
        for y, _, _ in alike:
            if not heights or y - heights[-1] > _DOUBLE:
                heights.append(y)
        if len(heights) >= _FEWEST:
            found.append((left, right, tuple(heights)))
    return tuple(found)
