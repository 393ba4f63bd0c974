"""What people say about the studies, as it is kept for ever: judgements and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["published", "coder", "adjudicator"]
MarkKind = Literal["seen", "unsure", "skipped", "done", "look again"]
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
    model_id: str = ""  # the model whose suggestion was judged; empty where there was none
    score: float | None = None  # the suggestion's probability
    shown: bool | None = None  # whether the coder saw the suggestion when deciding; None where that is not known
    seconds: float | None = None  # from showing to deciding


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a coder noted that is no judgement.

    "seen": the coder looked at the passage. "done": the coder finished the study, so that a passage left uncoded is
    a human no. "unsure" and "skipped": to be settled later. "look again": a decision to be made anew, for example
    after a change of the codebook.
    """

    source_id: str
    kind: MarkKind
    coder: str
    theme: str = ""
    anchor: Anchor | None = None  # the passage it is about; None: the study
    on: bool = True  # False takes the mark back
    note: str = ""
    decided: str = ""  # ISO 8601; empty where unknown
    codebook: str = ""  # revision


def place(what: Decision | Mark) -> tuple[str, ...]:
    """What a later event of the same coder replaces: coder, role or kind, study, theme and the passage, if any."""
    kind = what.role if isinstance(what, Decision) else what.kind
    quote = " ".join(what.anchor.quote.split()).casefold() if what.anchor else ""
    page = str(what.anchor.page or "") if what.anchor else ""
    return (what.coder, kind, what.source_id, what.theme, quote, page)
