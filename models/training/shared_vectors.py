"""The shipped passages read by the large encoder once, when it is fetched, and not in every review."""

from __future__ import annotations

import numpy as np

from models.encoder import mpnet
from models.encoder.sentence_encoder import StoredEncoder
from models.labelled_passages import shipped_passages
from models.theme_model.passage_inputs import texts_to_encode


def read_shipped_passages() -> None:
    """Keep the vectors that training on the shipped passages asks for beside the fetched encoder.

    What was read before is not read again.
    """
    passages = shipped_passages()
    by_sentence = np.array([passage.calibrates for passage in passages], dtype=np.bool_)
    texts = texts_to_encode([passage.text for passage in passages], by_sentence=by_sentence)
    StoredEncoder(mpnet.ID, mpnet.shared_vectors()).encode(texts)
