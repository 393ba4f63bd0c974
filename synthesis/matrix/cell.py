"""A cell of the matrix: a value, whose judgement it is, and the evidence under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extract.document import Box, SectionKind

View = str  # one of VIEWS, or "coder:Amina Khan": one coder's own values
VIEWS: tuple[View, ...] = ("published", "human", "machine", "merged")
BY_CODER = "coder:"  # begins the view of one coder
Basis = Literal["adjudicated", "agreed", "published", "proposed", "unknown"]
Value = Literal[0, 1, 2] | None  # None: not yet known, never counted as 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage that speaks to a cell."""

    by: str  # a coder's name, or "machine"
    theme: str  # the code given, before folding: "COV" evidence lies in the "TI" cell
    value: int  # 0, 1 or 2; for the machine its proposed strength
    quote: str
    page: int | None
    page_label: str
    boxes: tuple[Box, ...]
    passage_id: str
    sha256: str
    heading: str = ""
    section: SectionKind | None = None  # of its passage; None for a note on the study and a quote that is in no passage
    score: float | None = None  # the machine's probability
    why: tuple[str, ...] = ()  # phrases, terms and rule ids behind a suggestion; a note behind a decision
    orphaned: bool = False  # a human quote that is not in the text as now extracted
    marks: tuple[str, ...] = ()  # phrases in the quote that spoke for the theme, as found there


@dataclass(frozen=True, slots=True)
class Cell:
    """One study x theme column. The four values are the four views."""

    source_id: str
    theme: str  # a column of the matrix
    published: Value
    human: Value  # adjudicated, else agreed by all reviewers who judged it
    machine: Value
    merged: Value
    basis: Basis  # what `merged` rests on
    coders: tuple[tuple[str, Value], ...]  # each reviewer's own value, adjudicator included
    disputed: bool  # reviewers differ and nobody has adjudicated
    conflict: bool  # human (or, failing that, published) and machine differ on presence: a cell to look at
    evidence: Sequence[Evidence]  # human first, then the machine's strongest
    machine_hits: int = 0  # how many suggestions the machine makes here; `evidence` carries only the strongest
    machine_best: float | None = None  # the highest probability among them; None without any
    # Probability of so many hits if the study said nothing on the theme; None where the machine read nothing for it,
    # because there is no text or because nothing was trained.
    machine_chance: float | None = None

    def value(self, view: View) -> Value:
        """The value under `view`; None where a coder has not judged the cell. KeyError: there is no such view."""
        if view.startswith(BY_CODER):
            return next((value for name, value in self.coders if name == view.removeprefix(BY_CODER)), None)
        return {
            "published": self.published,
            "human": self.human,
            "machine": self.machine,
            "merged": self.merged,
        }[view]
