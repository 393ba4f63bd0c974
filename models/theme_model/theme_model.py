"""A model: scores passages, and says for each proposed theme why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from models.codebook.codebook import Codebook
from models.codebook.phrase_rules import PhraseHit, PhraseRules
from models.encoder.sentence_encoder import SentenceEncoder
from models.metrics import Flags, Floats, Integers
from models.registry.model_card import Aim, ModelCard, StageCard
from models.registry.model_id import USUAL_AIM, coding_id
from models.suggestion import Reason, Suggestion
from models.theme_model.cascade import hold_back
from models.theme_model.likeness import Likeness
from models.theme_model.linear import StrengthRegression
from models.theme_model.passage_inputs import PassageInputs, encode_passages
from models.theme_model.reasons import WORTH_TELLING, choose_reasons, rule_reasons
from models.theme_model.rules_only import rule_scores, take_back
from models.theme_model.stacking import stack_of
from models.theme_model.tfidf import Vectoriser
from models.theme_model.theme_scorer import ThemeScorer

BATCH = 512  # passages turned into numbers together; more gains nothing and costs memory
LONGEST = 60_000  # characters of a passage that are read: ten thousand words, far beyond any paragraph
FEWEST_WORDS = 4  # a passage of fewer asserts nothing: it gets its scores, but no theme is proposed
DIGITS = 4  # of a stored probability or weight: beyond, machines differ


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Everything that training fitted."""

    vectoriser: Vectoriser
    scorers: Mapping[str, ThemeScorer]  # by the name of their voice
    strength: StrengthRegression | None  # None: too few examples, every suggestion has strength 1


@dataclass(frozen=True, slots=True, eq=False)
class StageScored:
    """What one stage of the cascade did."""

    card: StageCard
    at: Integers  # rows of the batch that it scored
    inputs: PassageInputs  # these passages, as the scorers saw them
    log_odds: Mapping[str, Floats]  # by voice: (len(at), trained themes)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A batch of passages with everything needed to explain their scores."""

    texts: Sequence[str]
    hits: Sequence[Sequence[PhraseHit]]
    scores: Floats  # (passages, themes)
    proposed: Flags  # (passages, themes)
    strong: Flags  # (passages,): supports what it says with evidence
    stages: Sequence[StageScored] = ()
    likeness: Sequence[Mapping[str, Reason]] = ()  # of each passage, for themes that nothing was trained for


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Phrase rules, scorers and their weights under one codebook. `train` makes it, `current_model` finds it."""

    card: ModelCard
    codebook: Codebook
    rules: PhraseRules
    learned: Learned | None = None
    likeness: Likeness | None = None  # ranks passages for themes that nothing was trained for
    encoders: Mapping[str, SentenceEncoder] = field(default_factory=dict)
    aim: Aim = USUAL_AIM
    own: Mapping[str, float] = field(default_factory=dict)  # thresholds that take the place of the card's, by theme

    @property
    def model_id(self) -> str:
        """Names what the model was made from: codebook, lexicon, passages, code and library versions."""
        return self.card.model_id

    @property
    def coding_id(self) -> str:
        """Names what suggestions come from: the model and its aim."""
        return coding_id(self.model_id, self.aim)

    @property
    def thresholds(self) -> Floats:
        """From which probability on each theme is proposed: (themes,)"""
        return np.array([self._threshold(code) for code in self.codebook.codes])

    def _threshold(self, code: str) -> float:
        return self.own[code] if code in self.own else self.card.theme(code).proposing(self.aim).threshold

    def aimed(self, aim: Aim) -> Model:
        """This model with the thresholds for `aim`."""
        return replace(self, aim=aim)

    def proposing_from(self, thresholds: Mapping[str, float]) -> Model:
        """This model with other `thresholds`, by theme."""
        return replace(self, own=thresholds)

    def with_gate(self, gate: float) -> Model:
        """This model with another share of passages read by the encoders; 0 for all of them."""
        stages = tuple(replace(stage, gate=gate) for stage in self.card.stages)
        return replace(self, card=replace(self.card, stages=stages))

    def scores(self, texts: Sequence[str]) -> Floats:
        """Probability of each theme in each text: (texts, themes in the order of the codebook)."""
        batches = [batch.scores for batch in self.batches(texts)]
        return np.concatenate(batches) if batches else np.zeros((0, len(self.codebook.codes)))

    def suggest(self, passages: Iterable[tuple[str, str]]) -> Iterator[Suggestion]:
        """What is proposed for (id, text) passages, with reasons: in the order given, themes as in the codebook."""
        remaining = iter(passages)
        while chunk := list(islice(remaining, BATCH)):
            (batch,) = self.batches([text for _, text in chunk])
            yield from self.suggestions(batch, [passage_id for passage_id, _ in chunk])

    def suggestions(self, batch: Scored, ids: Sequence[str]) -> Iterator[Suggestion]:
        """What is proposed for the passages of a batch, which are called `ids`."""
        for row, column in np.argwhere(batch.proposed):
            theme = self.codebook.codes[column]
            yield Suggestion(
                passage_id=ids[row],
                theme=theme,
                score=round(float(batch.scores[row, column]), DIGITS),
                strength=2 if batch.strong[row] else 1,
                reasons=self.reasons(batch, int(row), theme),
                model_id=self.coding_id,
                codebook=self.card.codebook,
            )

    def batches(self, texts: Iterable[str]) -> Iterator[Scored]:
        """Score texts in batches."""
        remaining = iter(texts)
        while chunk := [text[:LONGEST] for text in islice(remaining, BATCH)]:
            yield self._score(chunk)

    def _score(self, texts: list[str]) -> Scored:
        hits = self.rules.find(texts)
        scores = rule_scores(hits, self.codebook.codes)
        long_enough = np.array([len(text.split(maxsplit=FEWEST_WORDS)) >= FEWEST_WORDS for text in texts])
        proposable = np.tile(long_enough[:, None], scores.shape[1])
        strong, stages = np.zeros(len(texts), dtype=np.bool_), []
        if self.learned:
            columns = np.array([self.codebook.codes.index(code) for code in self.card.trained])
            stages = self._ask(self.learned, texts, hits, long_enough)
            proposable[np.ix_(np.delete(np.arange(len(texts)), stages[-1].at), columns)] = False
            scores[:, columns] = self._add_up(stages, len(texts), self.thresholds[columns])
            if self.learned.strength:
                strong = self.learned.strength.is_strong(stages[0].inputs.rows)
        alike: Sequence[Mapping[str, Reason]] = ()
        if self.likeness:
            alike = self.likeness.add_to(scores, texts, self.codebook.codes, self.encoders)
        take_back(scores, hits, self.codebook.codes, set(self.codebook.codes) - set(self.card.trained))
        scores = np.round(scores, DIGITS)
        return Scored(texts, hits, scores, (scores >= self.thresholds) & proposable, strong, stages, alike)

    def _ask(
        self, learned: Learned, texts: list[str], hits: Sequence[Sequence[PhraseHit]], long_enough: Flags
    ) -> list[StageScored]:
        """Ask the voices stage by stage; each stage has the passages that the one before sent on."""
        inputs = PassageInputs(texts, hits, learned.vectoriser.rows(texts, hits), learned.vectoriser)
        at = np.arange(len(texts))
        log_odds: dict[str, Floats] = {}
        made: list[StageScored] = []
        for stage in self.card.stages:
            if stage.encoder:
                so_far = made[-1].card
                likeliest = stack_of(so_far).probabilities([log_odds[name] for name in so_far.voices])
                going = (likeliest.max(axis=1, initial=0.0) >= self._gate(stage)) & long_enough[at]
                at, inputs = at[going], inputs.take(going)
                log_odds = {name: scored[going] for name, scored in log_odds.items()}
                if len(at):
                    read = encode_passages(self.encoders[stage.encoder], inputs.texts)
                    inputs = replace(inputs, encoded={**inputs.encoded, stage.encoder: read})
            for name in stage.voices:
                if name not in log_odds:
                    nothing = np.zeros((0, len(self.card.trained)))
                    log_odds[name] = learned.scorers[name].log_odds(inputs) if len(at) else nothing
            made.append(StageScored(stage, at, inputs, dict(log_odds)))
        return made

    def _gate(self, stage: StageCard) -> float:
        """From where on passages go on to `stage`: no proposal may be missed that the scores so far would earn."""
        lowest = min(self._threshold(code) for code in self.card.trained)
        return min(stage.gate, lowest)

    @staticmethod
    def _add_up(stages: Sequence[StageScored], passages: int, thresholds: Floats) -> Floats:
        """The probabilities of the last stage that each passage reached; below the thresholds before the last one."""
        found = np.zeros((passages, len(thresholds)))
        for stage in stages:
            scored = stack_of(stage.card).probabilities([stage.log_odds[name] for name in stage.card.voices])
            found[stage.at] = scored if stage is stages[-1] else hold_back(scored, thresholds)
        return found

    def reasons(self, batch: Scored, row: int, theme: str) -> tuple[Reason, ...]:
        """What moved the score of `theme` in passage `row` of `batch`, strongest first."""
        hits = [hit for hit in batch.hits[row] if hit.rule.theme == theme]
        if not self.learned or theme not in self.card.trained:
            more = [batch.likeness[row][theme]] if batch.likeness and theme in batch.likeness[row] else []
            return (*rule_reasons(batch.texts[row], hits), *more)
        stage = next(stage for stage in reversed(batch.stages) if row in stage.at)
        here = int(np.searchsorted(stage.at, row))
        weights = stage.card.weights[self.card.trained.index(theme)]
        parts = [
            replace(reason, weight=reason.weight * weight)
            for name, weight in zip(stage.card.voices, weights, strict=True)
            if weight > 0
            for reason in self.learned.scorers[name].parts(stage.inputs, here, theme, least=WORTH_TELLING / weight)
        ]
        return choose_reasons(parts)
