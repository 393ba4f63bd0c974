"""The shipped passages read once by an encoder, and not in every review.

By the large encoder when it is fetched; by the small one before Jaiza is given out: its vectors come with the code, and
`python -m models.training.shared_vectors` makes them anew after the passages or the encoder changed. A passage whose
vector is missing is read in the review, so that an old file costs time and changes nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from models.encoder import mpnet
from models.encoder.sentence_encoder import SMALL, StoredEncoder, encoder_ids, shipped_vectors, write_vectors
from models.labelled_passages import shipped_passages
from models.theme_model.passage_inputs import texts_to_encode


def shipped_texts() -> list[str]:
    """What training on the shipped passages has an encoder read: passages, and sentences of some."""
    passages = shipped_passages()
    by_sentence = np.array([passage.calibrates for passage in passages], dtype=np.bool_)
    return texts_to_encode([passage.text for passage in passages], by_sentence=by_sentence)


def read_shipped_passages() -> None:
    """Keep the vectors that training on the shipped passages asks for beside the fetched large encoder.

    What was read before is not read again.
    """
    StoredEncoder(mpnet.ID, mpnet.shared_vectors()).encode(shipped_texts())


def write_shipped_vectors() -> Path:
    """Read all shipped passages with the small encoder, and write the file of their vectors; returns its path."""
    id_, texts = encoder_ids()[SMALL], list(dict.fromkeys(shipped_texts()))
    keys = [hashlib.sha256(text.encode()).digest() for text in texts]
    vectors = StoredEncoder(id_, None).encode(texts).astype(np.float16)
    path = shipped_vectors(id_)
    write_vectors(path, dict(zip(keys, vectors, strict=True)))
    return path


if __name__ == "__main__":
    print(write_shipped_vectors())
