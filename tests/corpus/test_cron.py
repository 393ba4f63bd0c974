"""When something runs next, across a change of clocks, and what is no time that comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.errors import JaizaError
from corpus.settings import cron
from corpus.settings.cron import check_cron, either_or, next_times


@pytest.mark.parametrize(
    ("cron", "timezone", "after", "expected"),
    [
        ("0 6 * * 1", "Europe/Berlin", "2026-10-24T10:00:00+00:00", ["2026-10-26T06:00:00+01:00"]),
        ("0 6 * * *", "Europe/Berlin", "2026-10-24T10:00:00+00:00",
         ["2026-10-25T06:00:00+01:00", "2026-10-26T06:00:00+01:00"]),
        ("0 6 * * 1", "America/New_York", "2026-03-06T12:00:00+00:00", ["2026-03-09T06:00:00-04:00"]),
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00+00:00",
         ["2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"]),  # 2:30 is left out that night
        ("0 6 * * 1", "Asia/Karachi", "2026-11-30T00:00:00+00:00", ["2026-11-30T06:00:00+05:00"]),
        ("0 6 * * 1", "Asia/Karachi", "2026-11-30T01:00:00+00:00", ["2026-12-07T06:00:00+05:00"]),
    ],
)  # fmt: skip
def test_the_next_time_is_that_of_the_clock_on_the_wall(
    cron: str, timezone: str, after: str, expected: list[str]
) -> None:
    found = next_times(cron, timezone, count=len(expected), after=datetime.fromisoformat(after))
    assert [one.isoformat() for one in found] == expected


def test_a_time_that_the_clocks_show_twice_comes_once() -> None:
    night = datetime(2026, 10, 24, 12, tzinfo=UTC)
    first, second = next_times("30 2 * * *", "Europe/Berlin", count=2, after=night)
    assert (first.day, second.day) == (25, 26)


@pytest.mark.parametrize(
    "cron",
    ["", "every Monday", "0 6 * *", "0 0 6 * * 1", "@daily", "61 6 * * 1", "0 6 * * 9", "0 6 32 * *", "a b c d e",
     "0 6 * * MON#9", "*/0 * * * *", "0 6 31 2 *", "0 6 * * 1 2026", "0 6 * * 1-", "0 6 * * ,"],
)  # fmt: skip
def test_what_is_no_cron_expression_of_five_fields_is_one_line(cron: str) -> None:
    with pytest.raises(JaizaError, match="is no cron expression") as told:
        check_cron(cron)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("cron", "told"), [("0 6 1-7 * 1", True), ("0 6 1-7 * *", False), ("0 6 * * 1", False), ("0 6 */2 * 1", False)]
)
def test_day_and_weekday_together_are_said_to_be_either_or(cron: str, told: bool) -> None:
    assert ("either, not both" in either_or(cron)) == told


@pytest.mark.parametrize(
    ("named", "zone"),
    [("Asia/Karachi", "Asia/Karachi"), (":Europe/London", "Europe/London"), ("../../etc/passwd", None)],
)
def test_the_time_zone_of_the_machine_is_asked_and_none_assumed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str, zone: str | None
) -> None:
    monkeypatch.setattr(cron, "_LOCAL_TIME", tmp_path / "none")
    monkeypatch.setenv("TZ", named)
    assert cron.machine_zone() == (zone or "UTC")


def test_the_system_s_own_setting_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "zoneinfo" / "America" / "Lima"
    place.parent.mkdir(parents=True)
    place.touch()
    (tmp_path / "localtime").symlink_to(place)
    monkeypatch.setattr(cron, "_LOCAL_TIME", tmp_path / "localtime")
    monkeypatch.delenv("TZ", raising=False)
    assert cron.machine_zone() == "America/Lima"
