"""Numbers, lists and kinds of sections as they are said in the findings, the report and on the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extract.document import SectionKind

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# As in "section: findings".
SECTION_WORDS: Mapping[SectionKind, str] = {
    "front": "front matter",
    "abstract": "abstract or summary",
    "introduction": "introduction",
    "literature": "literature review",
    "methods": "methods",
    "findings": "findings",
    "discussion": "discussion",
    "conclusion": "conclusion",
    "recommendations": "recommendations",
    "references": "references",
    "annex": "annex",
    "other": "of no usual kind",
}


def percent(share: float, digits: int = 0) -> str:
    """A share between 0 and 1 in per cent: .76 gives "76%"."""
    return f"{100 * share:.{digits}f}%"


def count_of(count: int, total: int) -> str:
    """A count with its base and share: "19 of 25 (76%)"."""
    return f"{count} of {total} ({percent(count / total)})" if total else f"{count} of {total}"


def listed(words: Sequence[str], *, most: int = 12) -> str:
    """Words as a list: "a, b and c"; beyond `most` the rest is counted."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def ordinal(rank: int) -> str:
    """1 gives "first", 12 gives "12th"."""
    return ORDINALS[rank - 1] if rank <= len(ORDINALS) else f"{rank}th"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 study", "3 studies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
