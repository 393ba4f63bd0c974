"""How fast and how good the shipped model is: `python -m bench.suggest`.

Quality is measured on held-out documents of the passages the model learns from, which are invented. A folder of PDFs
about other subjects can be named: `python -m bench.suggest FOLDER` shows how often the model speaks where it should be
silent, how fast both steps together are on ordinary report text, and what reading every passage twice would add.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pypdfium2

from corpus.workspace import open_workspace
from models.codebook.codebook import shipped_codebook
from models.codebook.lexicon import shipped_lexicon
from models.encoder.minilm import Vectors
from models.encoder.sentence_encoder import SentenceEncoder, open_encoders
from models.labelled_passages import load_labelled
from models.registry.model_card import ModelCard
from models.suggest.study_proposal import propose_study
from models.theme_model.passage_inputs import texts_to_encode
from models.theme_model.theme_model import Model
from models.training.train import train

ROUNDS = 5  # times the shipped passages are coded, so that a second is long enough
CHUNK = 80  # words of a passage cut from a PDF


def main(folder: Path | None) -> None:
    """Print training time, speed, memory, and the table of the card."""
    codebook = shipped_codebook()
    with tempfile.TemporaryDirectory() as place:
        passages = load_labelled(open_workspace(Path(place)), codebook)
    by_sentence = np.array([passage.calibrates for passage in passages], dtype=np.bool_)
    texts = texts_to_encode([passage.text for passage in passages], by_sentence=by_sentence)
    encoders: dict[str, SentenceEncoder] = {}
    for name, encoder in open_encoders().items():
        made: list[Remembering] = []
        _speed(f"{name} encoder", len(texts), partial(_remember, encoder, texts, made))
        encoders[name] = made[0]
    start = time.perf_counter(), time.process_time()
    model = train(codebook, shipped_lexicon(), passages, encoders=encoders)
    print(
        f"training, vectors at hand: {time.perf_counter() - start[0]:.1f} s, {time.process_time() - start[1]:.1f} CPU s"
    )
    texts = [passage.text for passage in passages] * ROUNDS
    _speed("rules", len(texts), lambda: model.rules.find(texts))
    words = replace(model, card=replace(model.card, stages=model.card.stages[:1]))
    _speed("rules and words, scores", len(texts), lambda: words.scores(texts))
    _twice(model, texts[: ROUNDS * 100])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:.0f} MB")
    _table(model.card)
    if folder:
        _silence(replace(model, encoders=open_encoders()), folder)


def _twice(model: Model, texts: Sequence[str]) -> None:
    """Says whether the same passages get the same suggestions and reasons again."""
    named = [(str(at), text) for at, text in enumerate(texts)]
    first, again = list(model.suggest(named)), list(model.suggest(named))
    same = sum(one == other for one, other in zip(first, again, strict=False))
    print(f"asked twice: {same} of {max(len(first), len(again))} suggestions with their reasons the same")


class Remembering:
    """An encoder whose vectors of some texts are in memory, as those of the seed passages are in a workspace."""

    def __init__(self, encoder: SentenceEncoder, texts: Sequence[str]) -> None:
        self._encoder, self.id = encoder, encoder.id
        self._known = dict(zip(texts, encoder.encode(texts), strict=True))

    def encode(self, texts: Sequence[str], *, step: Callable[[int], None] | None = None) -> Vectors:
        """The vectors, made where they are not known."""
        if all(text in self._known for text in texts):
            return np.array([self._known[text] for text in texts])
        return self._encoder.encode(texts, step=step)


def _remember(encoder: SentenceEncoder, texts: Sequence[str], made: list[Remembering]) -> None:
    made.append(Remembering(encoder, texts))


def _speed(what: str, passages: int, work: Callable[[], object]) -> None:
    start = time.perf_counter(), time.process_time()
    work()
    seconds, busy = time.perf_counter() - start[0], time.process_time() - start[1]
    print(f"{what}: {passages / seconds:,.0f} passages/s, {passages / busy:,.0f} a CPU second")


def _table(card: ModelCard) -> None:
    print(f"\nheld-out documents, {card.folds} folds of {card.passages:,} passages in {card.groups} documents")
    print(f"{'theme':<7}{'AP':>7}{'F1':>7}{'precision':>11}{'recall':>8}{'false alarms':>15}")
    for theme in card.themes:
        at = theme.proposed
        alarms = f"{at.false_positives} of {at.without}"
        quality = f"{theme.average_precision or 0:>7.3f}{theme.f1 or 0:>7.3f}"
        print(f"{theme.code:<7}{quality}{at.precision:>11.2f}{at.recall:>8.2f}{alarms:>15}")
    trained = [theme for theme in card.themes if theme.average_precision is not None]
    ap = sum(theme.average_precision or 0 for theme in trained) / len(trained)
    f1 = sum(theme.f1 or 0 for theme in trained) / len(trained)
    print(f"{'mean':<7}{ap:>7.3f}{f1:>7.3f}")
    print(f"calibration error {card.error or 0:.3f}")
    print(f"strength right in {card.strength.accuracy:.3f} (commoner one always: {card.strength.majority:.3f})")


def _silence(model: Model, folder: Path) -> None:
    print(f"\nPDFs in {folder}, cut into passages of {CHUNK} words")
    every = proposed = encoded = lost = more = 0
    thorough = model.with_gate(0.0)
    spent = 0.0, 0.0
    for path in sorted(folder.glob("*.pdf")):
        passages = [(str(at), text) for at, text in enumerate(_chunks(path))]
        begun = time.perf_counter(), time.process_time()
        found = tuple(model.suggest(passages))
        spent = spent[0] + time.perf_counter() - begun[0], spent[1] + time.process_time() - begun[1]
        encoded += sum(len(batch.stages[1].at) for batch in model.batches(text for _, text in passages))
        all_read = {(one.passage_id, one.theme) for one in thorough.suggest(passages)}
        more, lost = more + len(all_read), lost + len(all_read - {(one.passage_id, one.theme) for one in found})
        spoken = len({suggestion.passage_id for suggestion in found})
        themes = [study.theme for study in propose_study(found, passages=len(passages), card=model.card) if study.value]
        every, proposed = every + len(passages), proposed + spoken
        print(f"{path.name[:44]:<45}{len(passages):>5} passages{spoken:>5} with a proposal   study: {' '.join(themes)}")
    if every:
        print(f"{proposed} of {every} passages have a proposal: {proposed / every:.1%}")
        print(
            f"both steps, with reasons: {every / spent[0]:,.0f} passages/s, {every / spent[1]:,.0f} a CPU second; "
            f"{encoded / every:.1%} encoded, {lost} of {more} proposals lost against encoding all"
        )


def _chunks(path: Path) -> Iterator[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        words = [word for page in pdf for word in page.get_textpage().get_text_range().replace("\ufffe", "").split()]
    for at in range(0, len(words), CHUNK):
        yield " ".join(words[at : at + CHUNK])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
