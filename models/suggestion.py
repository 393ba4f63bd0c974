"""What the machine proposes: a theme for a passage, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# Score of a theme for which nothing was learned, where 0, 1, 2, or 3 or more different rules assert it: only a rank.
RULE_SCORES = (0.0, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moved a score, computed from the model or the rules that gave it."""

    # A lexicon phrase found in the text ("denial": one that its sentence takes back), a term that was weighed, what a
    # sentence encoder made of the whole, the sentence that says the theme most, or what the codebook says most alike.
    kind: Literal["phrase", "denial", "term", "meaning", "sentence", "likeness"]
    # As found in the passage. Of a meaning the beginning of the labelled passage that is nearest to it, of a likeness
    # what the codebook says.
    text: str
    weight: float  # contribution to the log-odds, negative where it spoke against the theme; of a likeness the cosine
    rule_id: str = ""  # the lexicon entry, for example "TI.exclusion-error"; empty for a term


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme proposed for a passage. A suggestion is never a finding: a person decides."""

    passage_id: str
    theme: str
    score: float  # probability, 0 to 1
    strength: Literal[1, 2]  # 1 asserted, 2 supported with evidence or detailed analysis
    reasons: tuple[Reason, ...]
    model_id: str
    codebook: str  # revision of the codebook


@dataclass(frozen=True, slots=True)
class StudyProposal:
    """What the passages of one study add up to for one theme (theme codes, before COV folds into TI)."""

    theme: str
    value: Literal[0, 1, 2]
    passages: int  # how many passages the machine read
    hits: int  # how many it proposes the theme for
    chance: float  # probability of so many hits if the study said nothing on the theme
    decided_by: tuple[str, ...]  # passage ids, strongest first


@dataclass(frozen=True, slots=True)
class DocumentSuggestions:
    """Everything the machine proposes for one document: what the cache in `suggestions/` holds.

    There suggestions are kept from a low score on, for all aims; `models.suggest.document_suggestions.as_shown` gives
    those that are shown under an aim.
    """

    sha256: str  # of the PDF
    extractor: str  # version that made the passages
    model_id: str
    codebook: str
    suggestions: tuple[Suggestion, ...]
    studies: tuple[StudyProposal, ...]
    passages: int = 0  # that were read
    # By theme: how many of the passages that were read have which score, see `models.suggest.score_counts`.
    counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
