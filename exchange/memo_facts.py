"""What a decision carries that another program has no field for: kept in its memo, under the coder's own note.

Only the handling of complaints.

[Jaiza] {"codebook": "5f0c1a7d9e42", "decided": "2024-02-06"}
"""

from __future__ import annotations

import json

from annotations.decision import Anchor, Decision
from corpus.json_table import JsonObject, JsonTable
from exchange.plain_text import clean

MARK = "[Jaiza] "
_OF_DECISION = ("decided", "codebook", "origin", "model_id", "score", "shown", "seconds")
_OF_ANCHOR = ("page", "passage_id", "prefix", "suffix", "offset", "sha256")


def facts_of(decision: Decision, *, found: bool) -> JsonObject:
    """What is to be kept of a decision; where its quote was `found`, all but the page follows from finding it again."""
    facts = {name: getattr(decision, name) for name in _OF_DECISION}
    if decision.anchor:
        names = _OF_ANCHOR[:1] if found else _OF_ANCHOR
        facts |= {name: getattr(decision.anchor, name) for name in names}
    return {name: value for name, value in facts.items() if value not in ("", None)}


def memo(note: str, facts: JsonTable) -> str:
    """The text of a memo."""
    footer = MARK + json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else ""
    return clean("\n\n".join(filter(None, (note, footer))))


def from_memo(text: str) -> tuple[str, JsonObject]:
    """The note and the facts of a memo; no facts where it is somebody else's."""
    note, mark, footer = text.replace("\r\n", "\n").rpartition(MARK)
    if mark:
        try:
            facts, end = json.JSONDecoder().raw_decode(footer)
        except (ValueError, RecursionError):
            return text, {}
        if isinstance(facts, dict):
            return (note + footer[end:]).rstrip("\n").removesuffix("\n\n"), facts
    return text, {}


def decision_facts(facts: JsonTable) -> JsonObject:
    """The facts that are fields of a Decision, those of the wrong type left out."""
    kinds: dict[str, tuple[type, ...]] = {"score": (float, int), "seconds": (float, int), "shown": (bool,)}
    return {
        name: facts[name] for name in _OF_DECISION if name in facts and isinstance(facts[name], kinds.get(name, (str,)))
    }


def anchor_of(quote: str, facts: JsonTable, *, page: int | None = None) -> Anchor:
    """The anchor of a quote, with what the facts know of it; `page` counts where they know no better."""
    kinds = {"page": int, "offset": int}
    known = {name: facts[name] for name in _OF_ANCHOR if isinstance(facts.get(name), kinds.get(name, str))}
    return Anchor(**{"quote": quote, "page": None if facts else page, **known})
