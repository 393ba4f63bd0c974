"""A human judgement, as it is kept for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["published", "coder", "adjudicator"]
PUBLISHED = "published"  # coder name under which a published coding (the paper's ticks) is imported


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where in a document a passage decision belongs; enough to find it again after another extraction."""

    quote: str
    page: int | None = None  # 1-based
    passage_id: str = ""  # empty where the quote was not found in a passage: the decision is *orphaned*
    prefix: str = ""  # up to 40 characters before the quote
    suffix: str = ""  # up to 40 characters after it
    offset: int | None = None  # of the quote in Document.text
    sha256: str = ""  # of the PDF


@dataclass(frozen=True, slots=True)
class Decision:
    """One event of the log: a coder gives a theme a value in a study, or in one passage of it.

    `value` is 0 (not discussed), 1 (mentioned), 2 (supported with evidence or detailed analysis), or None, which
    takes the coder's earlier judgement of the same place back.
    """

    source_id: str
    theme: str  # a code of the codebook
    value: Literal[0, 1, 2] | None
    coder: str
    role: Role = "coder"
    anchor: Anchor | None = None  # None: a judgement on the study as a whole
    note: str = ""
    decided: str = ""  # when the coder decided, ISO 8601; empty where unknown
    codebook: str = ""  # revision under which it was decided
    origin: str = ""  # the file it came from
