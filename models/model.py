"""A model: scores passages, and says for each proposed theme why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from models.card import ModelCard
from models.classifier import Classifier, logistic
from models.codebook import Codebook
from models.fallback import rule_scores
from models.features import Floats, Vectoriser
from models.reasons import classifier_reasons, rule_reasons
from models.rules import PhraseHit, PhraseRules
from models.suggestion import Suggestion

BATCH = 512  # passages turned into numbers together; more gains nothing and costs memory
LONGEST = 60_000  # characters of a passage that are read: ten thousand words, far beyond any paragraph
FEWEST_WORDS = 4  # a passage of fewer asserts nothing: it gets its scores, but no theme is proposed
DIGITS = 4  # of a stored probability or weight: beyond, machines differ


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A batch of passages with everything needed to explain their scores."""

    texts: Sequence[str]
    hits: Sequence[Sequence[PhraseHit]]
    rows: Any | None  # sparse (passages, columns); None where nothing was trained
    scores: Floats  # (passages, themes)
    proposed: Any  # flags (passages, themes)


class Model:
    """Phrase rules and classifier under one codebook. Made by `train`, kept and found by `current_model`."""

    def __init__(
        self,
        card: ModelCard,
        codebook: Codebook,
        rules: PhraseRules,
        vectoriser: Vectoriser | None,
        classifier: Classifier | None,
    ) -> None:
        self.card = card
        self.codebook = codebook
        self.rules = rules
        self.vectoriser = vectoriser
        self.classifier = classifier
        cards = [card.theme(code) for code in codebook.codes]
        self._thresholds = np.array([theme.proposed.threshold for theme in cards])

    @property
    def model_id(self) -> str:
        """Names what the model was made from: codebook, lexicon, passages, code and library versions."""
        return self.card.model_id

    def scores(self, texts: Sequence[str]) -> Floats:
        """Probability of each theme in each text: (texts, themes in the order of the codebook)."""
        batches = [batch.scores for batch in self.batches(texts)]
        return np.concatenate(batches) if batches else np.zeros((0, len(self.codebook.codes)))

    def suggest(self, passages: Iterable[tuple[str, str]]) -> Iterator[Suggestion]:
        """What is proposed for (id, text) passages, with reasons: in the order given, themes as in the codebook."""
        remaining = iter(passages)
        while chunk := list(islice(remaining, BATCH)):
            (batch,) = self.batches([text for _, text in chunk])
            strong = self.strong(batch)
            for row, column in np.argwhere(batch.proposed):
                theme = self.codebook.codes[column]
                yield Suggestion(
                    passage_id=chunk[row][0],
                    theme=theme,
                    score=round(float(batch.scores[row, column]), DIGITS),
                    strength=2 if strong[row] else 1,
                    reasons=self.reasons(batch, row, theme),
                    model_id=self.model_id,
                    codebook=self.card.codebook,
                )

    def batches(self, texts: Iterable[str]) -> Iterator[Scored]:
        """Score texts in batches."""
        remaining = iter(texts)
        while chunk := [text[:LONGEST] for text in islice(remaining, BATCH)]:
            hits = self.rules.find(chunk)
            scores = rule_scores(hits, self.codebook.codes)
            rows = None
            if self.vectoriser and self.classifier:
                rows = self.vectoriser.rows(chunk, hits)
                log_odds = self.classifier.log_odds(rows)
                for at, theme in enumerate(self.classifier.themes):
                    line = self.card.theme(theme)
                    column = self.codebook.codes.index(theme)
                    scores[:, column] = logistic(log_odds[:, at] * line.slope + line.offset)
            scores = np.round(scores, DIGITS)
            long_enough = np.array([len(text.split(maxsplit=FEWEST_WORDS)) >= FEWEST_WORDS for text in chunk])
            yield Scored(chunk, hits, rows, scores, (scores >= self._thresholds) & long_enough[:, None])

    def strong(self, batch: Scored) -> Any:
        """Whether each passage of `batch` supports what it says with evidence: flags (passages,)."""
        if batch.rows is None or self.classifier is None:
            return np.zeros(len(batch.texts), dtype=np.bool_)
        return self.classifier.is_strong(batch.rows)

    def reasons(self, batch: Scored, row: int, theme: str) -> Any:
        """What moved the score of `theme` in passage `row` of `batch`, strongest first."""
        hits = [hit for hit in batch.hits[row] if hit.rule.theme == theme]
        if batch.rows is None or not self.vectoriser or not self.classifier or theme not in self.classifier.themes:
            return rule_reasons(batch.texts[row], hits)
        weights = self.classifier.weights[:, self.classifier.themes.index(theme)]
        slope = self.card.theme(theme).slope
        return classifier_reasons(
            batch.texts[row], batch.rows[[row]], weights * slope, self.vectoriser, batch.hits[row]
        )
