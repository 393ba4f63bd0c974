"""Names for new sources: a readable id, and the label that stands in the matrix."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

from corpus.registry.sources import Source

ID = re.compile(r"[a-z0-9-]{2,60}")
_ID_WORDS = 4  # enough to tell two works apart, short enough to type
_SMALL_WORDS = frozenset(
    ["a", "an", "and", "at", "by", "et", "al", "for", "from", "in", "of", "on", "the", "to", "with"]
)
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
_LONGEST_NAME = 60  # characters of an author or a title in a label


class SourceNames:
    """The ids and labels that are taken. Naming a thousand works of one author costs no more than naming one each."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._ids: set[str] = set()
        self._labels: set[str] = set()
        self._used: Counter[str] = Counter()  # how often an id or label was asked for
        for source in sources:
            self._ids.add(source.id)
            self._labels.add(source.label)

    def new_id(self, title_or_label: str, year: int | None) -> str:
        """An id that was not taken, and is now; see `new_source_id`."""
        stem = id_stem(title_or_label, year)
        candidate = stem
        while candidate in self._ids:
            self._used[stem] += 1
            candidate = f"{stem}-{self._used[stem] + 1}"
        self._ids.add(candidate)
        return candidate

    def new_label(self, name: str, year: int | None) -> str:
        """ "Khan (2016)", or, where that is taken, "Khan (2016b)"; taken from now on."""
        when = str(year) if year is not None else "n.d."
        short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3].rstrip()}..."
        candidate = stem = f"{short} ({when})"
        while candidate in self._labels:
            self._used[stem] += 1
            number = self._used[stem]
            mark = chr(ord("a") + number) if number < 26 else f"-{number + 1}"
            candidate = f"{short} ({when}{mark})"
        self._labels.add(candidate)
        return candidate


def new_source_id(title_or_label: str, year: int | None, taken: Collection[str]) -> str:
    """A readable id that is not in `taken`: "Gazdar (2011) – SP Pakistan", 2011 gives "gazdar-sp-pakistan-2011".

    The same title, year and ids taken always give the same id. A title without Latin letters gives "source".
    """
    stem = candidate = id_stem(title_or_label, year)
    number = 2
    while candidate in taken:
        candidate = f"{stem}-{number}"
        number += 1
    return candidate


def id_stem(title_or_label: str, year: int | None) -> str:
    """The id that a title and year give, whether or not it is taken."""
    plain = unicodedata.normalize("NFKD", title_or_label.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", plain.replace("'", "")) if word not in _SMALL_WORDS]
    chosen = [word for word in words if word != str(year)][:_ID_WORDS] or ["source"]
    stem = "-".join(chosen)[:45].strip("-") + (f"-{year}" if year is not None else "")
    return stem if ID.fullmatch(stem) else f"source-{stem}"
