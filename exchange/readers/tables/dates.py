"""Dates as other programs write them, as ISO 8601; what could be one of two days is no date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})[,T ]*(.*)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


def iso_dates(texts: Sequence[str]) -> list[str]:
    """Each date of a column as ISO 8601, "" where it can't be told. All of a column are written alike, so that one
    "13/02/2024" tells what "05/02/2024" is; a full stop between the numbers puts the day first."""
    parts = [_NUMBERS.fullmatch(text) for text in texts]
    day_first = _day_first([found for found in parts if found])
    return [_iso(text, found, day_first) for text, found in zip(texts, parts, strict=True)]


def _day_first(parts: Sequence[re.Match[str]]) -> bool | None:
    """Does the day stand before the month? None where nothing tells."""
    short = [found for found in parts if len(found[1]) <= 2]
    if any(int(found[1]) > 12 for found in short) or any("." in found[0][: found.end(2)] for found in short):
        return True
    return False if any(int(found[2]) > 12 for found in short) else None


def _iso(text: str, found: re.Match[str] | None, day_first: bool | None) -> str:
    if _ISO.fullmatch(text):
        return text.replace(" ", "T", 1)
    if found is None:
        return ""
    first, second, third = int(found[1]), int(found[2]), int(found[3])
    if len(found[1]) == 4:
        year, month, day = first, second, third
    elif day_first is not None and len(found[3]) == 4:
        year, month, day = (third, second, first) if day_first else (third, first, second)
    elif first == second and len(found[3]) == 4:
        year, month, day = third, first, second
    else:
        return ""
    try:
        return _with_time(datetime(year, month, day), found[4])
    except ValueError:
        return ""


def _with_time(day: datetime, text: str) -> str:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return day.date().isoformat()
    hour, half = int(found[1]), (found[4] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return day.replace(hour=hour, minute=int(found[2]), second=int(found[3] or 0)).isoformat()
