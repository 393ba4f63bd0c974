"""A study of four sentences, and what coders say of them."""

from __future__ import annotations

from annotations.decision import Anchor, Decision
from extract.document import Box, Document, Page, Passage

THEMES = ("GW", "FS")

SHA = "a" * 64

TEXTS = ("Funds came late.", "Nobody was asked.", "The fund ran dry.", "Lists were stale.")


def _document() -> Document:
    text = " ".join(TEXTS)
    passages = tuple(
        Passage(f"p{n}", words, ((text.index(words), text.index(words) + len(words)),), (Box(1, 0, n, 9, n + 1),))
        for n, words in enumerate(TEXTS)
    )
    return Document(SHA, "x", "read", "", (Page(1, "1", 100, 100, True),), text, (), passages)


DOCUMENTS = {"s": _document()}


def decide(coder: str, passage: int, theme: str, value: int | None, **more: object) -> Decision:
    anchor = Anchor(TEXTS[passage], 1, f"p{passage}")
    return Decision("s", theme, value, coder, anchor=anchor, **more)  # type: ignore[arg-type]
