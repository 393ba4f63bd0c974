"""What people say about the studies, as it is kept for ever: verdicts of screening, judgements, marks, memos, codes of
their own, and acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["published", "coder", "adjudicator"]
ScreeningStage = Literal["abstract", "full text"]
ScreeningVerdict = Literal["include", "maybe", "exclude"]
MarkKind = Literal["seen", "passed over", "unsure", "skipped", "done", "look again", "revealed"]
PUBLISHED = "published"  # coder name under which a published coding (the paper's ticks) is imported
DONE = "review page, study done"  # origin of the judgement "not discussed" that follows from finishing a study
BY_LOT = "the whole passage, by lot"  # note of the mark "seen" on a passage that was asked about as a whole
OWN_CODE = "+"  # begins the id of a code of one's own, which stands where a decision names its theme


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

    @property
    def orphaned(self) -> bool:
        """Whether its words are nowhere in the text, of an anchor that was looked for in it (`anchored`)."""
        return not self.passage_id and self.offset is None


@dataclass(frozen=True, slots=True)
class Decision:
    """One event of the log: a coder gives a theme a value in a study, or in one passage of it.

    `value` is 0 (not discussed), 1 (mentioned), 2 (supported with evidence or detailed analysis), or None, which
    takes the coder's earlier judgement of the same place back; with `not_known` it says that the coder looked and
    can't tell, for the reason in `note`, and counts.
    """

    source_id: str
    theme: str  # a code of the codebook, or the id of a code of one's own
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
    not_known: bool = False  # "can't be told": the value is None, and it counts
    act: str = ""  # id of the act on the page that it belongs to; empty where it came otherwise
    follows: str = ""  # id of the event in whose place it stands, where that is another place in the text
    number: int = field(default=0, compare=False)  # place in the order of the log; 0: not recorded yet
    event_id: str = field(default="", compare=False)  # as the log knows it; empty: not recorded yet

    @property
    def counts(self) -> bool:
        """Whether it says something, and does not take back what was said."""
        return self.value is not None or self.not_known

    @property
    def of_passage(self) -> bool:
        """Whether a person said with it of a passage of the text that the theme is there, or that it is not."""
        placed = self.anchor is not None and bool(self.anchor.passage_id)
        return placed and self.role != "published" and self.value is not None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a coder noted that is no judgement.

    "seen": the passage was before the coder to be judged. "passed over": it was on the screen while the coder went
    through the document, and nobody asked about it. "done": the coder finished the study, so that the passages in
    `covers` they were shown and left uncoded are a human no. "unsure" and "skipped": to be settled later. "look
    again": a decision to be made anew, for example after a change of the codebook. "revealed": from here on the coder
    knows what others or the machine said of the study.
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
    covers: tuple[str, ...] | None = None  # of "done": ids of the passages there were; None: not known (an old mark)
    not_shown: tuple[str, ...] = ()  # of "done": those of them that had never been before the coder
    themes: tuple[str, ...] | None = None  # of "done": codes of the codebook at that time; None: not known
    act: str = ""  # as in Decision
    number: int = field(default=0, compare=False)
    event_id: str = field(default="", compare=False)

    def judged(self, passages: Iterable[str]) -> list[str]:
        """Of "done": those of `passages` that it says no to where nothing was coded. They were there, and shown."""
        if self.covers is None:
            return list(passages)
        known = set(self.covers) - set(self.not_shown)
        return [passage for passage in passages if passage in known]

    def judged_all(self, passages: Iterable[str]) -> bool:
        """Of "done": whether all of `passages` were in the study then, and none had not been shown: only then does it
        say of the study that what was left out is not there. Of an old mark nobody knows what had been shown."""
        return not self.not_shown and (self.covers is None or set(self.covers).issuperset(passages))


@dataclass(frozen=True, slots=True)
class Memo:
    """A note of its own, on a passage (`anchor`), a study, a theme, or, where it names none of these, the review.

    A later memo with the same id stands in its place; one without text takes it away.
    """

    memo_id: str  # whoever writes the first makes it up; unique
    coder: str
    text: str
    source_id: str = ""
    theme: str = ""
    anchor: Anchor | None = None
    decided: str = ""  # when it was written, ISO 8601
    codebook: str = ""  # revision
    act: str = ""  # as in Decision
    number: int = field(default=0, compare=False)
    event_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of one's own, as it is from here on: a later one with the same id stands in its place."""

    code_id: str  # OWN_CODE and 12 hex digits: the `theme` of decisions made with it
    name: str  # for example the words of the text themselves (in vivo)
    coder: str  # who made or changed it
    under: str = ""  # a theme of the codebook, or another code's id; empty: a free code, which counts nowhere
    colour: str = ""
    definition: str = ""
    include: tuple[str, ...] = ()  # rules: what is coded with it
    exclude: tuple[str, ...] = ()
    merged_into: str = ""  # the code or theme that its decisions count as now
    on: bool = True  # False: taken away; its decisions stay on record and count nowhere
    note: str = ""  # why it was changed
    decided: str = ""  # ISO 8601
    codebook: str = ""  # revision
    act: str = ""  # as in Decision
    number: int = field(default=0, compare=False)
    event_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Screened:
    """What somebody said of whether a record belongs in the review, by its title and abstract or by its full text."""

    source_id: str
    verdict: ScreeningVerdict | Literal[""]  # "" takes an earlier one back
    coder: str
    stage: ScreeningStage = "abstract"
    role: Literal["coder", "adjudicator"] = "coder"  # an adjudicator's stands in the place of all others
    reason: str = ""  # of an exclusion: one of the review's, in its words
    note: str = ""
    informed: bool = False  # they knew what others had said of it
    score: float | None = None  # how likely it seemed to belong in the review when it was shown; None: not known
    seconds: float | None = None  # from showing to deciding
    decided: str = ""  # ISO 8601; empty where unknown
    act: str = ""  # as in Decision
    number: int = field(default=0, compare=False)
    event_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody did on the page: the events that bear its id belong together and are undone together."""

    act_id: str  # made by the browser; unique
    coder: str
    kind: str  # for example "value", "batch", "done", "undo"
    undoes: str = ""  # id of the act that this one undid
    seconds: float | None = None  # that the coder was active for it, idle time cut off
    note: str = ""
    decided: str = ""  # ISO 8601
    number: int = field(default=0, compare=False)
    event_id: str = field(default="", compare=False)


Event = Decision | Mark | Memo | Code | Screened | Act


def place(what: Event) -> tuple[str, ...]:
    """What a later event replaces: of decisions and marks coder, role or kind, study, theme and passage, if any; of
    memos, codes and acts their id; of verdicts of screening stage, coder, role and record."""
    if isinstance(what, Memo):
        return ("memo", what.memo_id)
    if isinstance(what, Code):
        return ("code", what.code_id)
    if isinstance(what, Act):
        return ("act", what.act_id)
    if isinstance(what, Screened):
        return ("screened", what.stage, what.coder, what.role, what.source_id)
    kind = what.role if isinstance(what, Decision) else what.kind
    quote = " ".join(what.anchor.quote.split()).casefold() if what.anchor else ""
    page = str(what.anchor.page or "") if what.anchor else ""
    return (what.coder, kind, what.source_id, what.theme, quote, page)
