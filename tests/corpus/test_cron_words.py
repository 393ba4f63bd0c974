"""Times that come back are said in words and written as cron, and read back the same."""

from __future__ import annotations

import pytest

from corpus.errors import JaizaError
from corpus.settings.cron_words import Recurrence, recurrence_of


@pytest.mark.parametrize(
    ("when", "cron"),
    [
        (Recurrence("never"), ""),
        (Recurrence("day", "23:05"), "5 23 * * *"),
        (Recurrence("week", "6:00", weekday=7), "0 6 * * 7"),
        (Recurrence("month", "05:30", day=28), "30 5 28 * *"),
        (Recurrence("cron", cron="0  6 1-7 * 1"), "0 6 1-7 * 1"),
    ],
)
def test_what_is_said_in_words_is_written_as_cron_and_read_back(when: Recurrence, cron: str) -> None:
    assert when.as_cron == cron
    again = recurrence_of(cron)
    assert (again.every, again.as_cron) == (when.every, cron)


@pytest.mark.parametrize("cron", ["0 6 31 * *", "*/5 * * * *", "0 6 * 1 *", "61 6 * * *", "0 6 1 * 1"])
def test_what_has_no_words_stays_cron(cron: str) -> None:
    assert recurrence_of(cron) == Recurrence("cron", cron=cron)


@pytest.mark.parametrize(
    "when",
    [
        Recurrence("day", "25:00"),
        Recurrence("day", "six"),
        Recurrence("week", weekday=8),
        Recurrence("month", day=31),
        Recurrence("cron", cron="0 6 * *"),
    ],
)
def test_what_is_no_time_is_told(when: Recurrence) -> None:
    with pytest.raises(JaizaError, match=r"is no"):
        _ = when.as_cron
