"""The texts of a made year: paragraphs of known wording, put together into editions."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

Part = tuple[int, int]  # a paragraph and which wording of it: (7, 0) is "... no standing link.", (7, 1) a later one
Parts = tuple[Part, ...]  # a passage: mostly one paragraph; two where an older reader did not part them

OLD_READER = "15"  # of a review begun when passages were named by the bytes of their file
_GAP = "\n\n"
_WORDS = (
    "district", "office", "transfer", "budget", "register", "complaint", "household", "payment", "ministry",
    "village", "audit", "record", "teacher", "clinic", "pension", "harvest", "council", "tax", "levy", "donor",
    "treasury", "flood", "survey", "phone", "account", "bank", "school", "road", "water", "market", "union",
    "contract", "wage", "farmer", "widow", "orphan", "camp", "border", "port", "ledger", "auditor", "clerk",
    "judge", "deputy", "province", "reform", "scheme", "fund", "grant", "loan", "debt", "quota", "target", "test",
    "list", "form", "stamp", "queue", "delay", "backlog", "shortage",
)  # fmt: skip
_LINKS = ("no standing link", "a standing link", "one standing link", "its standing link")
_LENGTH = 24  # words of a paragraph: one changed in so many is found again as the same


def wording(part: Part) -> str:
    """What a paragraph says: sentences of English that no other paragraph shares."""
    number, version = part
    drawn = random.Random(number)
    words = " ".join(f"the {drawn.choice(_WORDS)}" for _ in range(_LENGTH // 2))
    more = " ".join(f"{drawn.choice(_WORDS)}s" for _ in range(_LENGTH // 2))
    return f"In case {number} {words} and so the board has {_LINKS[version % 4]} with {more}."


def text_of(parts: Parts) -> str:
    """The words of a passage."""
    return " ".join(map(wording, parts))


def with_numbers(passages: Sequence[Parts]) -> list[tuple[Parts, int]]:
    """Each passage with which repetition of its words it is, from 1."""
    seen: dict[Parts, int] = {}
    found = []
    for parts in passages:
        seen[parts] = seen.get(parts, 0) + 1
        found.append((parts, seen[parts]))
    return found


def file_of(number: int) -> tuple[bytes, str]:
    """The bytes of the file that came as the first, second, ..., and their SHA-256."""
    data = b"%PDF-1.4 file " + str(number).encode()
    return data, hashlib.sha256(data).hexdigest()


def laid_out(reader: str, passages: Sequence[Parts]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a file as a reader gives it, and where each passage stands: a running head comes first, which each
    reader takes otherwise."""
    text, spans = f"read by {reader}", []
    for parts in passages:
        text += _GAP
        words = text_of(parts)
        spans.append((len(text), len(text) + len(words)))
        text += words
    return text, spans
