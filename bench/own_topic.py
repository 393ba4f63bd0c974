"""`python -m bench.own_topic FOLDER --codebook FILE --labels FILE`: how well passages are ranked for a new codebook.

FOLDER holds PDFs. The labels are lines {"passage": ID, "labels": [CODE, ...]}, made by somebody who read the passages
before seeing a ranking; --pool prints the ids and texts that have to be labelled for the first of every theme, mixed
with others by chance. Told is the share of passages with the theme among the first N, without any decision and
after some of the labelled passages were learned from as decisions (these are then not ranked).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from corpus.workspace import open_workspace
from extract.read import read_document
from models.codebook.codebook import Codebook, read_codebook
from models.codebook.lexicon import load_lexicon
from models.encoder.sentence_encoder import open_encoders
from models.labelled_passages import LabelledPassage
from models.metrics import Floats
from models.suggest.document_suggestions import SKIPPED
from models.theme_model.theme_model import Model
from models.training.train import train

SHORTEST = 25  # words of a passage that is ranked
BY_CHANCE = 25  # passages of a pool that no ranking chose
Texts = Mapping[str, str]  # passage id -> text


def read_passages(folder: Path) -> dict[str, str]:
    """The passages of the PDFs in `folder`, by id; each text once."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.pdf")):
        document = read_document(path, hashlib.sha256(path.read_bytes()).hexdigest())
        for passage in document.passages:
            if passage.section not in SKIPPED and len(passage.text.split()) >= SHORTEST:
                found.setdefault(passage.id, passage.text)
    return found


def first_of(scores: Floats, ids: Sequence[str], first: int) -> list[str]:
    """The ids of the highest scores; ties in the order of the text."""
    return [ids[place] for place in np.argsort(-scores, kind="stable")[:first]]


def precision(chosen: Sequence[str], labels: Mapping[str, Sequence[str]], code: str) -> str:
    """The share of `chosen` with the theme, and how many of them nobody labelled."""
    known = [one for one in chosen if one in labels]
    right = sum(code in labels[one] for one in known)
    unknown = f", {len(chosen) - len(known)} not labelled" if len(known) < len(chosen) else ""
    return f"{right / max(len(chosen), 1):.2f}{unknown}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--codebook", type=Path, required=True)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--first", type=int, default=20)
    parser.add_argument("--decisions", type=int, default=30)
    parser.add_argument("--pool", action="store_true", help="print what has to be labelled")
    given = parser.parse_args()
    codebook, texts = read_codebook(given.codebook), read_passages(given.folder)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "codebook.toml").write_bytes(given.codebook.read_bytes())
        workspace = open_workspace(Path(folder))
        lexicon, encoders = load_lexicon(workspace, codebook), open_encoders(workspace)
        model = train(codebook, lexicon, [], encoders=encoders)
        if given.pool or not given.labels:
            _print_pool(model, codebook, texts, given.first)
            return
        lines = given.labels.read_text(encoding="utf-8").splitlines()
        labels = {str(row["passage"]): row["labels"] for row in map(json.loads, lines)}
        _tell("no seed", model, codebook, texts, labels, given.first)
        learned = random.Random(1).sample(sorted(labels), min(given.decisions, len(labels)))
        passages = [_decided(one, texts[one], labels[one]) for one in learned if one in texts]
        after = train(codebook, lexicon, passages, encoders=encoders)
        left = {one: text for one, text in texts.items() if one in labels and one not in learned}
        _tell("no seed, of the labelled", model, codebook, left, labels, given.first)
        _tell(f"after {len(passages)} decisions, of the labelled", after, codebook, left, labels, given.first)


def _decided(passage_id: str, text: str, codes: Sequence[str]) -> LabelledPassage:
    return LabelledPassage(
        id=passage_id,
        group=f"study:{passage_id.partition(':')[0]}",
        text=text,
        labels=dict.fromkeys(codes, 1),
        weight=3.0,
        genre="this review",
        origin="decisions",
    )


def _tell(
    what: str, model: Model, codebook: Codebook, texts: Texts, labels: Mapping[str, Sequence[str]], first: int
) -> None:
    scores, ids = model.scores(list(texts.values())), list(texts)
    for column, code in enumerate(codebook.codes):
        held = sum(code in labels.get(one, ()) for one in ids)
        chosen = first_of(scores[:, column], ids, min(first, held) if len(ids) <= len(labels) else first)
        found = precision(chosen, labels, code)
        print(f"{what}: {code}, first {len(chosen)} of {len(ids)} ({held} known with it): {found}")


def _print_pool(model: Model, codebook: Codebook, texts: Texts, first: int) -> None:
    scores, ids, chance = model.scores(list(texts.values())), list(texts), random.Random(5)
    pool = {one for column in range(len(codebook.codes)) for one in first_of(scores[:, column], ids, first)}
    rest = [one for one in ids if one not in pool]
    mixed = sorted([*pool, *chance.sample(rest, min(BY_CHANCE, len(rest)))])
    chance.shuffle(mixed)
    for one in mixed:
        print(json.dumps({"passage": one, "labels": [], "text": texts[one]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
