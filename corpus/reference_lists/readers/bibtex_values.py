"""The values of BibTeX fields: where they end, and what is in them without braces, quotation marks and "#"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_FIELD = re.compile(r"([a-zA-Z][\w:.+-]*)\s*=\s*")
_SIGN = re.compile(r'\\.|[{}"]', re.DOTALL)
_AFTER = re.compile(r"\s*(?:[,#})]|$)")  # what follows a quotation mark that ends a value
_JOINED = re.compile(r"\s*#\s*")
_BARE_WORD = re.compile(r"[^\s,#{}\"=]*")


def loose_fields(text: str, strings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every "name = value" in `text`, whatever stands between them."""
    place = 0
    while found := _FIELD.search(text, place):
        rest = text[found.end() :]
        after = after_value(rest)
        place = len(text) - len(after)
        yield found[1].lower(), plain_value(rest[: len(rest) - len(after)], strings)
        place = max(place, found.end())


def after_value(text: str) -> str:
    """What follows the value at the beginning of `text`; pieces that "#" joins are one value."""
    place = 0
    while True:
        place += len(text[place:]) - len(text[place:].lstrip())
        place = piece_end(text, place)
        joined = _JOINED.match(text, place)
        if not joined:
            return text[place:]
        place = joined.end()


def piece_end(text: str, place: int) -> int:
    """Where the piece of a value that begins at `place` ends: in braces, in quotation marks, or a bare word."""
    opening = text[place : place + 1]
    if opening not in ("{", '"') or not opening:
        bare = _BARE_WORD.match(text, place)
        return bare.end() if bare else place
    depth = 0
    for found in _SIGN.finditer(text, place):
        sign = found[0]
        depth += (sign == "{") - (sign == "}")
        closed = (
            sign == "}" if opening == "{" else sign == '"' and found.start() > place and _AFTER.match(text, found.end())
        )
        if depth <= 0 and closed:
            return found.end()
    return len(text)


def plain_value(text: str, strings: Mapping[str, str]) -> str:
    """A value without its delimiters: braces, quotation marks, names of strings, and "#" between pieces."""
    pieces, place = [], 0
    text = text.strip()
    while place < len(text):
        end = piece_end(text, place)
        piece = text[place:end]
        if piece[:1] in ("{", '"'):
            pieces.append(piece[1:].removesuffix("}" if piece[0] == "{" else '"'))
        else:
            pieces.append(strings.get(piece.lower(), piece))
        joined = _JOINED.match(text, end)
        if not joined:
            break
        place = joined.end()
    return "".join(pieces)
