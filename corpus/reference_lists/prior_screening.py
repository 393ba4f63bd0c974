"""Decisions that other screening programs write into the lists they give out: Rayyan and ASReview."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from corpus.registry.work import PriorScreening, ScreeningDecision

_DECISIONS: Mapping[str, ScreeningDecision] = {
    "included": "include", "include": "include", "relevant": "include", "yes": "include", "1": "include",
    "excluded": "exclude", "exclude": "exclude", "irrelevant": "exclude", "no": "exclude", "0": "exclude",
    "maybe": "maybe", "undecided": "maybe", "unsure": "maybe",
}  # fmt: skip
# RAYYAN-INCLUSION: {"Amna"=>"Included", "Omar"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong population,no data
_RAYYAN = re.compile(r"RAYYAN-INCLUSION\s*:\s*\{(.*?)\}", re.DOTALL)
_RAYYAN_ONE = re.compile(
    r"""["']?([^"'{},=>]+?)["']?\s*(?:=>|:)\s*["']?(Included|Excluded|Maybe|Undecided)["']?""", re.IGNORECASE
)
_RAYYAN_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS\s*:\s*([^|\n]*)")
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant)\b", re.IGNORECASE)


def read_decision(text: str) -> ScreeningDecision | None:
    """ "Included", "relevant" or "1" is "include"; None for what is no decision ("not seen", "-1", "")."""
    plain = text.strip().lower()
    return _DECISIONS.get(plain.removesuffix(".0"))


def screenings_in(notes: Iterable[str]) -> tuple[PriorScreening, ...]:
    """The decisions that notes hold, in their order."""
    found: list[PriorScreening] = []
    for note in notes:
        told = _RAYYAN_REASONS.search(note)
        reasons = tuple(reason.strip() for reason in told[1].split(",") if reason.strip()) if told else ()
        for group in _RAYYAN.findall(note):
            for name, word in _RAYYAN_ONE.findall(group):
                if decision := read_decision(word):
                    why = reasons if decision == "exclude" else ()
                    found.append(PriorScreening(decision, name.strip(), "Rayyan", why))
        words = (read_decision(word) for word in _ASREVIEW.findall(note))
        found.extend(PriorScreening(decision, program="ASReview") for decision in words if decision)
    return tuple(dict.fromkeys(found))
