"""How the records of a review are screened: the table [screening] of review.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from corpus.datafile import NO_UNKNOWN_KEYS

Level = Annotated[float, Field(gt=0, lt=1)]


@dataclass(frozen=True, slots=True)
class ScreeningSettings:
    """Who screens the records of a review, and by what. Each has a default that suits a review without screening."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    include: tuple[str, ...] = ()  # what belongs in the review, a criterion a line, shown beside every record
    # For which a record is left out: each has a key of its own while screening, in this order.
    reasons: tuple[str, ...] = (
        "another topic",
        "another population or setting",
        "another kind of study",
        "another kind of publication",
        "outside the years",
    )
    screeners: Annotated[int, Field(ge=1, le=5)] = 1  # people who screen each record, blind to each other
    first: bool = False  # is a record pulled, read and counted only after it was included?
    target: Level = 0.95  # share of the records that belong in the review which is to be found
    confidence: Level = 0.95  # with which that is to be shown before it is safe to stop
