"""Times that come back, as people say them: every day, week or month at an hour; and as cron writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.errors import JaizaError
from corpus.settings.cron import check_cron

Every = Literal["never", "day", "week", "month", "cron"]
EVERY: tuple[Every, ...] = ("never", "day", "week", "month", "cron")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SIMPLE = re.compile(r"(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|[0-7])")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something comes back. Recurrence("week", "06:00", weekday=1) is Mondays at 6."""

    every: Every
    time: str = "06:00"
    weekday: int = 1  # 1 Monday to 7 Sunday
    day: int = 1  # of the month; 1 to 28, which every month has
    cron: str = ""  # of "cron", for who knows it

    @property
    def as_cron(self) -> str:
        """Five fields; "" for never. JaizaError: it is no time, or no cron expression."""
        if self.every == "never":
            return ""
        if self.every == "cron":
            cron = " ".join(self.cron.split())
            check_cron(cron)
            return cron
        read = _TIME.fullmatch(self.time.strip())
        if read is None:
            raise JaizaError(f"{self.time[:20]!r} is no time of day: write it as 06:00")
        at = f"{int(read[2])} {int(read[1])}"
        if self.every == "day":
            return f"{at} * * *"
        if self.every == "week":
            return f"{at} * * {_within(self.weekday, 1, 7, 'weekday')}"
        return f"{at} {_within(self.day, 1, 28, 'day of the month')} * *"


def recurrence_of(cron: str) -> Recurrence:
    """What five fields of cron say, in words where there are words for it."""
    if not cron.strip():
        return Recurrence("never")
    read = _SIMPLE.fullmatch(" ".join(cron.split()))
    if read is None or int(read[1]) > 59 or int(read[2]) > 23:
        return Recurrence("cron", cron=cron)
    time, day, weekday = f"{int(read[2]):02}:{int(read[1]):02}", read[3], read[4]
    if day == "*" and weekday == "*":
        return Recurrence("day", time, cron=cron)
    if day == "*":
        return Recurrence("week", time, weekday=int(weekday) or 7, cron=cron)
    if weekday == "*" and 1 <= int(day) <= 28:
        return Recurrence("month", time, day=int(day), cron=cron)
    return Recurrence("cron", cron=cron)


def _within(number: int, least: int, most: int, what: str) -> int:
    if not least <= number <= most:
        raise JaizaError(f"{number} is no {what}: {least} to {most}")
    return number
