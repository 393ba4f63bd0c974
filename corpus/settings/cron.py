"""Times that come back, as five fields of cron, and when they are next in a time zone whose clocks change."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from corpus.errors import JaizaError

_LOCAL_TIME = Path("/etc/localtime")  # on Unix a link into the database of time zones
_FIELDS = 5  # minute, hour, day of the month, month, weekday; of six the first would be seconds
_FIELD = re.compile(r"[0-9A-Za-z*/,\-]+")
_EXAMPLE = "'0 6 * * 1' for Mondays at 6"


def next_times(cron: str, timezone: str, *, count: int = 1, after: datetime | None = None) -> list[datetime]:
    """The next times of a cron expression, in `timezone`; JaizaError where it is none.

    A time that the clocks leave out when they are put forward comes as much later; one that they show twice comes once.
    """
    check_cron(cron)
    zone = ZoneInfo(timezone)
    now = (after or datetime.now(UTC)).astimezone(zone)
    times = CronSim(cron, now.replace(tzinfo=None))
    found: list[datetime] = []
    while len(found) < count:
        # On the clock on the wall, which is put right across a change of clocks here.
        wall = next(times, None)
        if wall is None:  # the 30th of February
            return found
        at = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        if at > now and at not in found:
            found.append(at)
    return found


def machine_zone() -> str:
    """Name of this machine's time zone, as TZ or the system's settings have it; "UTC" where they name none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    link = _LOCAL_TIME.resolve().as_posix() if _LOCAL_TIME.is_symlink() else ""
    for name in (named, link.rpartition("/zoneinfo/")[2]):
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"


def check_cron(cron: str) -> None:
    """JaizaError where it is no cron expression of five fields."""
    fields = cron.split()
    if len(fields) != _FIELDS or not all(_FIELD.fullmatch(field) for field in fields):
        raise JaizaError(
            f"{cron!r} is no cron expression: it has five fields, minute hour day month weekday, for example {_EXAMPLE}"
        )
    try:
        CronSim(cron, datetime(2026, 1, 1))
    except CronSimError as error:
        raise JaizaError(f"{cron!r} is no cron expression ({error}): write it as {_EXAMPLE}") from None


def either_or(cron: str) -> str:
    """A word where day of the month and weekday are both named: cron takes a day that is one or the other."""
    _, _, day, _, weekday = cron.split()
    if "*" in (day[:1], weekday[:1]):
        return ""
    return f"{cron!r} runs on days that are {day} of the month and on weekdays {weekday}: either, not both together"
