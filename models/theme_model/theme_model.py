"""A model: scores passages, and says for each proposed theme why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from models.codebook.codebook import Codebook
from models.codebook.phrase_rules import PhraseHit, PhraseRules
from models.encoder.minilm import Vectors
from models.encoder.sentence_encoder import SentenceEncoder
from models.registry.model_card import Aim, ModelCard
from models.registry.model_id import coding_id
from models.suggestion import Reason, Suggestion
from models.theme_model.calibration import blend, hold_back
from models.theme_model.embedding_regression import EmbeddingRegression
from models.theme_model.linear import Classifier, logistic
from models.theme_model.reasons import classifier_reasons, meaning_reason, rule_reasons
from models.theme_model.rules_only import rule_scores
from models.theme_model.tfidf import Floats, Vectoriser

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
    encoded: Any  # flags (passages,): the sentence encoder read it too
    vectors: Vectors | None = None  # of the encoded passages, in their order


class Model:
    """Phrase rules and classifier under one codebook. Made by `train`, kept and found by `current_model`."""

    def __init__(
        self,
        card: ModelCard,
        codebook: Codebook,
        rules: PhraseRules,
        vectoriser: Vectoriser | None,
        classifier: Classifier | None,
        *,
        meaning: EmbeddingRegression | None = None,
        encoder: SentenceEncoder | None = None,
        aim: Aim = "f1",
    ) -> None:
        self.card = card
        self.codebook = codebook
        self.rules = rules
        self.vectoriser = vectoriser
        self.classifier = classifier
        self.meaning = meaning
        self.encoder = encoder
        self.aim = aim
        cards = [card.theme(code) for code in codebook.codes]
        self._thresholds = np.array([theme.proposing(aim).threshold for theme in cards])
        trained = [card.theme(theme) for theme in classifier.themes] if classifier else []
        self._columns = [codebook.codes.index(theme.code) for theme in trained]
        self._slopes = np.array([theme.slope for theme in trained])
        self._offsets = np.array([theme.offset for theme in trained])
        # A lower threshold needs a lower gate: no passage may miss a proposal that its words alone would have earned.
        self._gate = min([card.gate, *self._thresholds[self._columns]]) if aim == "recall95" else card.gate
        self._blends = np.array([astuple(theme.blend) for theme in trained if theme.blend])

    @property
    def model_id(self) -> str:
        """Names what the model was made from: codebook, lexicon, passages, code and library versions."""
        return self.card.model_id

    @property
    def coding_id(self) -> str:
        """Names what suggestions come from: the model and its aim."""
        return coding_id(self.model_id, self.aim)

    def aimed(self, aim: Aim) -> Model:
        """This model with the thresholds for `aim`."""
        return Model(
            self.card, self.codebook, self.rules, self.vectoriser, self.classifier,
            meaning=self.meaning, encoder=self.encoder, aim=aim,
        )  # fmt: skip

    def with_gate(self, gate: float) -> Model:
        """This model with another share of passages read twice; 0 for all of them."""
        return Model(
            replace(self.card, gate=gate), self.codebook, self.rules, self.vectoriser, self.classifier,
            meaning=self.meaning, encoder=self.encoder, aim=self.aim,
        )  # fmt: skip

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
                    model_id=self.coding_id,
                    codebook=self.card.codebook,
                )

    def batches(self, texts: Iterable[str]) -> Iterator[Scored]:
        """Score texts in batches."""
        remaining = iter(texts)
        while chunk := [text[:LONGEST] for text in islice(remaining, BATCH)]:
            hits = self.rules.find(chunk)
            scores = rule_scores(hits, self.codebook.codes)
            long_enough = np.array([len(text.split(maxsplit=FEWEST_WORDS)) >= FEWEST_WORDS for text in chunk])
            proposable = np.tile(long_enough[:, None], scores.shape[1])
            rows, vectors, encoded = None, None, np.zeros(len(chunk), dtype=np.bool_)
            if self.vectoriser and self.classifier:
                rows = self.vectoriser.rows(chunk, hits)
                log_odds = self.classifier.log_odds(rows)
                found = logistic(log_odds * self._slopes + self._offsets)
                if self.meaning and self.encoder:
                    encoded = (found.max(axis=1) >= self._gate) & long_enough
                    found = hold_back(found, self._thresholds[self._columns])
                    proposable[np.ix_(~encoded, self._columns)] = False
                    if encoded.any():
                        vectors = self.encoder.encode([chunk[at] for at in np.flatnonzero(encoded)])
                        found[encoded] = blend(log_odds[encoded], self.meaning.log_odds(vectors), self._blends)
                scores[:, self._columns] = found
            scores = np.round(scores, DIGITS)
            proposed = (scores >= self._thresholds) & proposable
            yield Scored(chunk, hits, rows, scores, proposed, encoded, vectors)

    def strong(self, batch: Scored) -> Any:
        """Whether each passage of `batch` supports what it says with evidence: flags (passages,)."""
        if batch.rows is None or self.classifier is None:
            return np.zeros(len(batch.texts), dtype=np.bool_)
        return self.classifier.is_strong(batch.rows)

    def reasons(self, batch: Scored, row: int, theme: str) -> tuple[Reason, ...]:
        """What moved the score of `theme` in passage `row` of `batch`, strongest first."""
        hits = [hit for hit in batch.hits[row] if hit.rule.theme == theme]
        if batch.rows is None or not self.vectoriser or not self.classifier or theme not in self.classifier.themes:
            return rule_reasons(batch.texts[row], hits)
        weights = self.classifier.weights[:, self.classifier.themes.index(theme)]
        card = self.card.theme(theme)
        meant: list[Reason] = []
        scale = card.slope
        if batch.vectors is not None and self.meaning and card.blend and batch.encoded[row]:
            vector = batch.vectors[int(batch.encoded[:row].sum())]
            meant, scale = [meaning_reason(self.meaning, vector, theme, card.blend.meaning)], card.blend.words
        return classifier_reasons(
            batch.texts[row], batch.rows[[row]], weights * scale, self.vectoriser, batch.hits[row], more=meant
        )
