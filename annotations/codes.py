"""Codes of one's own: where they stand under the themes, and what decisions made with them count as."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from rapidfuzz import fuzz

from annotations.decision import OWN_CODE, Code, Decision, place
from models.codebook.codebook import Codebook

# Per cent of letters that agree in order. "fee" and "fees" reach 86, "delay" and "delays" 91; two words that share no
# more than a stem seldom pass 75.
ALIKE = 84.0


def new_code_id() -> str:
    """An id for a code that is being made."""
    return OWN_CODE + uuid4().hex[:12]


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code of one's own with those under it."""

    code: Code
    parts: tuple[CodeNode, ...] = ()


def theme_of(code_id: str, codes: Mapping[str, Code]) -> str:
    """The theme that a code of one's own counts under, through what it was merged into and stands under; empty where
    it is free or was taken away."""
    seen: set[str] = set()
    while code_id.startswith(OWN_CODE):
        code = codes.get(code_id)
        if code is None or code_id in seen or not (code.on or code.merged_into):
            return ""
        seen.add(code_id)
        code_id = code.merged_into or code.under
    return code_id


def code_tree(codes: Iterable[Code], codebook: Codebook) -> dict[str, tuple[CodeNode, ...]]:
    """The codes there are under each theme, and under "" the free ones; those taken away or merged are left out.

    A code under one that is no more stands where that stood.
    """
    every = {code.code_id: code for code in codes}
    under: dict[str, list[Code]] = defaultdict(list)
    for code in every.values():
        if code.on and not code.merged_into:
            under[_standing_under(code, every, codebook)].append(code)

    def nodes(parent: str) -> tuple[CodeNode, ...]:
        return tuple(CodeNode(code, nodes(code.code_id)) for code in under.get(parent, ()))

    return {parent: nodes(parent) for parent in ("", *codebook.codes)}


def _standing_under(code: Code, every: Mapping[str, Code], codebook: Codebook) -> str:
    parent, seen = code.under, {code.code_id}
    while parent in every and parent not in seen and (not every[parent].on or every[parent].merged_into):
        seen.add(parent)
        parent = every[parent].merged_into or every[parent].under
    there = parent in codebook.codes or (parent in every and parent not in seen)
    return parent if there else ""


def codes_at_hand(decisions: Sequence[Decision], codes: Iterable[Code]) -> tuple[Decision, ...]:
    """The decisions with those on a code that was merged as decisions on what it was merged into. Those on a code that
    was taken away are left out; a free code keeps its own."""
    every = {code.code_id: code for code in codes}
    kept = []
    for decision in decisions:
        theme, seen = decision.theme, set[str]()
        while theme in every and every[theme].merged_into and theme not in seen:
            seen.add(theme)
            theme = every[theme].merged_into
        if not theme.startswith(OWN_CODE) or (theme in every and every[theme].on and theme not in seen):
            kept.append(replace(decision, theme=theme))
    return tuple(kept)


def place_codes(decisions: Sequence[Decision], codes: Iterable[Code]) -> tuple[Decision, ...]:
    """The decisions with those made with codes of one's own as decisions on the themes they stand under.

    Where a coder gave several codes of a theme to the same words, the highest value counts once. A rejected code says
    nothing of its theme. Codes that stand under no theme count nowhere: their decisions are left out.
    """
    every = {code.code_id: code for code in codes}
    kept: dict[tuple[str, ...], Decision] = {}
    for decision in decisions:
        if not decision.theme.startswith(OWN_CODE):
            kept[place(decision)] = decision
    for decision in decisions:
        if not decision.theme.startswith(OWN_CODE) or not decision.value:
            continue
        theme = theme_of(decision.theme, every)
        if not theme:
            continue
        placed = replace(decision, theme=theme)
        there = kept.get(place(placed))
        if there is None or (there.value or 0) < (placed.value or 0):
            kept[place(placed)] = placed
    return tuple(sorted(kept.values(), key=lambda decision: decision.number))


def similar_names(name: str, codes: Iterable[Code], codebook: Codebook) -> tuple[str, ...]:
    """Names of codes and themes that are nearly `name`, most alike first: to warn of a second code for one thing."""
    names = [theme.name for theme in codebook.themes] + [code.name for code in codes if code.on]
    folded = " ".join(name.casefold().split())
    scored = [(fuzz.ratio(folded, " ".join(other.casefold().split())), other) for other in dict.fromkeys(names)]
    return tuple(other for score, other in sorted(scored, key=lambda one: -one[0]) if score >= ALIKE)
