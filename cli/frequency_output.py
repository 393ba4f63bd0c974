"""Frequencies of the themes on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.output import print_table

if TYPE_CHECKING:
    from synthesis.statistics.frequency import Frequency


def print_frequencies(frequencies: Sequence[Frequency]) -> None:
    """One row a theme: studies that have it of those known, per cent with its interval, and how many are not known."""
    print_table(
        ("theme", "studies", "%", "95 % interval", "not known"),
        [
            (
                one.theme,
                f"{one.present} of {one.known}",
                "" if one.percent is None else f"{one.percent:.0f}",
                "" if one.low is None or one.high is None else f"{100 * one.low:.0f} to {100 * one.high:.0f}",
                str(one.unknown),
            )
            for one in frequencies
        ],
    )
