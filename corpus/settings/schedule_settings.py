"""What runs by itself, and when: the table [schedule] of review.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from corpus.datafile import NO_UNKNOWN_KEYS


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """When things run while `jaiza serve` is at work. Times are cron of five fields; an empty one means never."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    run: str = "0 6 * * 1"  # what is new is pulled, read and coded, and the results are written: Mondays at 6
    search: str = ""  # the saved searches of OpenAlex are repeated
    retrain: str = "0 5 1 * *"  # a model from the decisions so far: the first of the month at 5
    retrain_after: Annotated[int, Field(ge=0)] = 100  # new decisions since the last training; 0: never for that
