"""Headings: lines that stand out by size, weight, capitals or a number, and stand alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from extract.lines.body_style import BodyStyle
from extract.lines.lines import CELL_GAP, Line
from extract.text.section_kinds import is_known_heading, is_letter_spaced, section_wording
from extract.words import along

_LARGER = 1.12  # times the body
_LONGEST = 200  # characters of a heading of up to _MOST_LINES lines
_MOST_LINES = 4
_LONGEST_NUMBERED = 80  # characters of the title of a numbered heading in the type of the body
_LONGEST_WORDS = 25
NUMBER = re.compile(
    r"(?P<number>(?:chapter|section|part|annex|appendix)\s+(?:\d{1,2}|[ivxlc]{1,5}|[a-z])\b"
    r"|\d{1,2}(?:[.\-]\s?\d{1,2}){0,4}|[IVX]{1,5}(?=[.:)\s])|[A-Z](?=[.)]\s))[.:)]?\s*(?P<title>.*)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[IVX]{1,5}\. +[A-Z]")
_LETTERED = re.compile(r"\((?:[a-z]|\d{1,2}|[ivx]{1,4})\)\s+[A-Z]")  # "(e) Building confidence"
_QUOTE_MARKS = ('"', "“", "”", "„", "«", "»", "'", "‘", "’")
_QUOTED_WORDS = 6  # within quotation marks that are a sentence set large, not a heading
_MOSTLY_LETTERS = 0.6  # of the characters: less is a formula
_SENTENCE_WORDS = 20  # of a whole sentence in bold that stands as a heading
_ITALIC_WORDS = 12  # of a heading that only italics set apart
_ALONE_WORDS = 10  # of a line that is a heading by standing alone only
_FULL = 0.85  # of the width of the column: a heading's last line usually ends earlier


def heading_runs(lines: Sequence[Line], free: Sequence[bool], measure: BodyStyle) -> dict[int, int]:
    """Index -> level of every line that belongs to a heading. `free` tells which lines have no other role yet."""
    runs: list[list[int]] = []
    index = 0
    while index < len(lines):
        run = _run_from(lines, free, index, measure)
        if not run and free[index] and _stands_alone(lines, index, measure):
            runs.append([index])
        if run and _is_heading(lines, run, measure):
            runs.append(run)
        index = run[-1] + 1 if run else index + 1
    styles = sorted({_style(lines[run[0]], measure) for run in runs}, reverse=True)
    return {i: styles.index(_style(lines[run[0]], measure)) + 1 for run in runs for i in run}


def why_heading(text: str, line: Line, style: BodyStyle) -> str:
    """What sets a heading apart whose first line is `line`, of the words `text`, with the pattern where one tells.

    "larger type: 14.0 points, the body 10.0; its number: 3" names all that is so, the type first.
    """
    wording, number = section_wording(text), NUMBER.fullmatch(text)
    signs = {
        f"larger type: {line.size:.1f} points, the body {style.size:.1f}": line.size >= _LARGER * style.size,
        "bold type": line.bold and not style.bold,
        "its letters are set apart": is_letter_spaced(text),
        "capitals": _capitals(text),
        "italics above upright text": line.italic,
        f"its number: {number['number'] if number else ''}": number is not None,
        f"its words: {wording.pattern}": is_known_heading(text),
    }
    return "; ".join(sign for sign, found in signs.items() if found) or "a short line with a gap above and below"


def _run_from(lines: Sequence[Line], free: Sequence[bool], start: int, measure: BodyStyle) -> list[int]:
    """The lines of one style from `start` that follow one another; empty where `start` does not stand out."""
    first = lines[start]
    if not free[start] or not _stands_out(first, measure):
        return []
    run = [start]
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if not free[index] or not _same_style(first, line, measure) or not measure.follows(lines[index - 1], line):
            break
        if NUMBER.fullmatch(line.text) and NUMBER.fullmatch(first.text) and line.text[0].isdigit():
            break  # the next heading of a stack: "2 Methods", "2.1 Data"
        run.append(index)
    return run


def _same_style(first: Line, line: Line, measure: BodyStyle) -> bool:
    if line.turn != first.turn or not measure.same_size(line.size, first.size):
        return False
    capitals = _capitals(line.text) or not any(map(str.isalpha, line.text))
    return (line.bold, line.italic) == (first.bold, first.italic) and (
        capitals or not _only_capitals_stand_out(first, measure)
    )


def _stands_out(line: Line, measure: BodyStyle) -> bool:
    if line.turn or not any(map(str.isalpha, line.text)):
        return False
    if line.size >= _LARGER * measure.size or (line.bold and not measure.bold and line.size >= 0.9 * measure.size):
        return True
    if is_letter_spaced(line.text) and (is_known_heading(line.text) or _capitals(line.text)):
        return True
    if line.size < 0.9 * measure.size and not (line.words[0].size >= 0.9 * measure.size and _capitals(line.text)):
        return False  # small capitals but for the number or the first letter are as large as the body
    lettered = _LETTERED.match(line.text) is not None
    begins = line.text[0].isalnum() or lettered
    if line.italic and len(line.words) <= _ITALIC_WORDS + lettered and begins and line.text[-1] not in ".,;:":
        return True
    return _capitals(line.text) or is_known_heading(line.text) or _deep_number(line.text)


def _only_capitals_stand_out(line: Line, measure: BodyStyle) -> bool:
    return line.size < _LARGER * measure.size and (measure.bold or not line.bold)


def _capitals(text: str) -> bool:
    if text.islower():
        return False
    letters = list(filter(str.isalpha, text))
    return len(letters) >= 4 and sum(map(str.isupper, letters)) >= 0.9 * len(letters)


def _deep_number(text: str) -> bool:
    if not text[0].isdigit():
        return False
    match = NUMBER.fullmatch(text)
    return bool(
        match and re.search(r"\d[.\-]", match["number"]) and match["title"][:1].isupper() and len(match["title"]) <= 80
    )


def _is_heading(lines: Sequence[Line], run: Sequence[int], measure: BodyStyle) -> bool:
    first, last = lines[run[0]], lines[run[-1]]
    text = " ".join(lines[index].text for index in run)
    words = sum(len(lines[index].words) for index in run)
    if len(run) > _MOST_LINES or len(text) > _LONGEST or words > _LONGEST_WORDS or _scattered(first):
        return False
    lettered = _LETTERED.match(text)
    start = next(
        (character for character in (text[lettered.end() - 1 :] if lettered else text) if character.isalpha()), ""
    )
    if (start.islower() and not is_letter_spaced(text)) or text.endswith((",", ";")) or not _is_words(text):
        return False
    if text.startswith(_QUOTE_MARKS) and text.endswith(_QUOTE_MARKS) and words >= _QUOTED_WORDS:
        return False
    known, numbered = is_known_heading(text), NUMBER.fullmatch(text) is not None
    larger = first.size >= _LARGER * measure.size
    if text.endswith(".") and not (known or larger or (numbered and words <= 12)):
        return first.bold and last.bold and words <= _SENTENCE_WORDS and _apart(lines, run, measure)
    if larger or known:
        return not _flows_on(lines, run, measure)
    if not _begins(lines, run, measure) or _flows_on(lines, run, measure):
        return False
    if first.italic and not first.bold and not _capitals(text):
        return _apart(lines, run, measure) and _above_prose(lines, run[-1])
    return last.bold or _capitals(text) or _apart(lines, run, measure)


def _above_prose(lines: Sequence[Line], index: int) -> bool:
    """Is a line of upright running text next?"""
    after = lines[index + 1] if index + 1 < len(lines) else None
    if after is None or after.italic or len(after.words) < _ALONE_WORDS - 4:
        return False
    return after.cells == 1 or (after.cells == 2 and after.text[0].isdigit() and _gap_after_number(after))


def _stands_alone(lines: Sequence[Line], index: int, measure: BodyStyle) -> bool:
    """A short line in the type of the body, with a gap above and below: numbered, or with running text next."""
    if index + 1 >= len(lines):
        return False
    line, after = lines[index], lines[index + 1]
    numbered = line.text[0].isdigit() and NUMBER.fullmatch(line.text) is not None and _gap_after_number(line)
    if line.turn or line.cells > 1 + numbered or len(line.words) > _ALONE_WORDS or line.text[-1] in ".,;:?!":
        return False
    if not measure.same_size(line.size, measure.size) or not _is_words(line.text):
        return False
    above = index > 0 and measure.follows(lines[index - 1], line)
    below = not measure.follows(line, after) and (line.page == after.page and after.base > line.base)
    if above or not below:
        return False
    if numbered or (_ROMAN.match(line.text) and len(after.words) >= _ALONE_WORDS - 2):
        return True
    prose = (
        (after.text[0].isupper() or after.text[0].isdigit())
        and len(after.words) >= _ALONE_WORDS - 2
        and after.cells == 1
    )
    return line.text[0].isupper() and prose and abs(after.left - line.left) < 3 * line.size


def _gap_after_number(line: Line) -> bool:
    return len(line.words) > 1 and along(line.words[1])[0] - along(line.words[0])[1] > line.size


def _is_words(text: str) -> bool:
    letters = sum(map(str.isalpha, text)) + sum(map(str.isspace, text))
    return letters >= max(3, _MOSTLY_LETTERS * len(text)) and "=" not in text


def _scattered(line: Line) -> bool:
    """Wide gaps inside, other than the one after the number: cells, not a title."""
    gaps = sum(
        1
        for place, (before, after) in enumerate(itertools.pairwise(line.words))
        if along(after)[0] - along(before)[1] > CELL_GAP * after.size and place > 0
    )
    return gaps > 0 and line.cells > 1 + (NUMBER.fullmatch(line.text) is not None)


def _begins(lines: Sequence[Line], run: Sequence[int], measure: BodyStyle) -> bool:
    """Does the run not carry on the line before it?"""
    if run[0] == 0:
        return True
    before, first = lines[run[0] - 1], lines[run[0]]
    return not measure.follows(before, first) or before.text.endswith((".", ":", "?", "!", "”", '"')) or before.bold


def _flows_on(lines: Sequence[Line], run: Sequence[int], measure: BodyStyle) -> bool:
    """Is the run the emphasised beginning of a paragraph that goes on below it?"""
    if run[-1] + 1 >= len(lines):
        return False
    last, after = lines[run[-1]], lines[run[-1] + 1]
    if not measure.same_size(last.size, after.size) or not measure.follows(last, after):
        return False
    start = next((character for character in after.text if character.isalpha()), "A")
    width = max(after.right - after.left, last.right - last.left)
    bold_ends = last.words[-1].bold and not after.words[0].bold
    if bold_ends or (_capitals(last.text) and not _capitals(after.text)):
        return start.islower()  # the bold type, or the capitals, end with the line
    return start.islower() or (last.right - min(last.left, after.left) > _FULL * width and len(last.words) > 4)


def _apart(lines: Sequence[Line], run: Sequence[int], measure: BodyStyle) -> bool:
    """Is there a gap, or another kind of text, above and below the run?"""
    above = run[0] == 0 or not measure.follows(lines[run[0] - 1], lines[run[0]])
    end = run[-1]
    below = end + 1 >= len(lines) or not measure.follows(lines[end], lines[end + 1])
    return above and (
        below or lines[end].right < lines[end + 1].right - 0.15 * (lines[end + 1].right - lines[end].left)
    )


def _style(line: Line, measure: BodyStyle) -> tuple[float, bool, bool, bool, int]:
    """What ranks a heading, the highest first: size, bold, capitals, emphasis, then the depth of its number."""
    text = line.text
    told = (_stands_out(line, measure) and not line.italic) or text[0].isdigit()
    return round(line.size), line.bold, _capitals(text), told, -_depth(text)


def _depth(text: str) -> int:
    """0 for "Chapter 2", 1 for "2 Methods", "II. Methods" and "Methods", 2 for "2.1 Data" and "A. Data", and so on."""
    match = NUMBER.fullmatch(text)
    if not match:
        return 1
    number = match["number"]
    if number[0].isdigit():
        return 1 + len(re.findall(r"[.\-]", number))
    if " " in number:
        return 0
    return 1 if len(number) > 1 or number in "IVX" else 2
