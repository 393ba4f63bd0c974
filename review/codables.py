"""What a passage can be coded with: the themes of the codebook, and the codes that people made under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from annotations.decision import Code
from models.codebook.codebook import Codebook

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Told apart by most people who do not see all colours (Okabe and Ito 2008), then others that differ from them.
PALETTE = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c564b", "#6a3d9a", "#7f9a00", "#b2182b",
    "#01665e", "#555555",
)  # fmt: skip
_NEARLY = 88  # likeness, 0 to 100, from which one name is nearly another
_DEEPEST = 20  # codes under codes
_SHORT = 16  # characters of a name in a margin


@dataclass(frozen=True, slots=True)
class Codable:
    """One theme or code as the pages offer it."""

    code: str  # what a decision carries
    short: str  # what stands in a margin, for example "GW"
    name: str
    colour: str  # "#0072b2"
    level: int = 0  # 0: a theme or a free code; 1, 2, ...: under another
    letter: str = ""  # the key that takes it; "" from the 27th on
    definition: str = ""
    under: str = ""
    own: bool = False  # a code that people made, no theme of the codebook


def codables_of(codebook: Codebook, codes: Sequence[Code]) -> tuple[Codable, ...]:
    """The themes in the order of the codebook, each with the codes under it; free codes at the end."""
    live = [code for code in codes if code.on and not code.merged_into]
    known = {*codebook.codes, *(code.code_id for code in live)}
    found: list[Codable] = []
    for number, theme in enumerate(codebook.themes):
        colour = theme.colour or PALETTE[number % len(PALETTE)]
        found.append(Codable(theme.code, theme.code, theme.name, colour, definition=theme.definition))
        found += _under(theme.code, live, colour, 1)
    for code in live:
        if code.under not in known:
            found += [_of_code(code, PALETTE[-1], 0), *_under(code.code_id, live, PALETTE[-1], 1)]
    return tuple(
        replace(one, letter=LETTERS[number] if number < len(LETTERS) else "") for number, one in enumerate(found)
    )


def nearly_same(name: str, codables: Sequence[Codable]) -> str:
    """The name that `name` is nearly; "" where there is none."""
    folded = name.casefold()
    return next((one.name for one in codables if fuzz.ratio(folded, one.name.casefold()) >= _NEARLY), "")


def fresh_colour(codables: Sequence[Codable]) -> str:
    """The colour to offer for a new theme: the first of PALETTE that none has yet, or the next in turn."""
    themes = [one.colour for one in codables if not one.own]
    return next((colour for colour in PALETTE if colour not in themes), PALETTE[len(themes) % len(PALETTE)])


def _under(parent: str, codes: Sequence[Code], colour: str, level: int) -> Iterator[Codable]:
    if level > _DEEPEST:
        return
    for code in codes:
        if code.under == parent:
            yield _of_code(code, colour, level)
            yield from _under(code.code_id, codes, code.colour or colour, level + 1)


def _of_code(code: Code, colour: str, level: int) -> Codable:
    return Codable(
        code.code_id,
        code.name if len(code.name) <= _SHORT else f"{code.name[: _SHORT - 1].rstrip()}…",
        code.name,
        code.colour or colour,
        level,
        definition=code.definition,
        under=code.under,
        own=True,
    )
