"""Codings by the hundred thousand: what they are counted and ordered by in arrays, 30 bytes each; their words may lie
in a file (`synthesis.matrix.spill`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from synthesis.matrix.coding import Coding

Places = NDArray[np.int64]  # of codings in a CodingColumns


class CodingColumns(Sequence[Coding]):
    """Codings in the order in which they were added; nothing is added once it has been looked at."""

    def __init__(self, keep: Callable[[Iterable[Coding]], Sequence[Coding]] = tuple) -> None:
        self._keep = keep
        self._blocks: list[Sequence[Coding]] = []
        self._ends = array("q")
        self._sources: dict[str, int] = {}
        self._themes: dict[str, int] = {}
        self._codes: dict[tuple[str, ...], int] = {}
        self._passages = 0
        self._columns: dict[str, array[Any]] = {name: array(kind) for name, kind in _COLUMNS.items()}

    @classmethod
    def of(cls, codings: Sequence[Coding]) -> CodingColumns:
        """These codings as columns."""
        if isinstance(codings, CodingColumns):
            return codings
        made = cls()
        made.add(codings)
        return made

    def add(self, codings: Sequence[Coding]) -> None:
        """Add codings: all that there are of their studies."""
        if not codings:
            return
        self._blocks.append(self._keep(codings))
        self._ends.append(len(self) + len(codings))
        keys = [coding.key for coding in codings]
        within = [0] * len(keys)
        for rank, number in enumerate(sorted(range(len(keys)), key=keys.__getitem__)):
            within[number] = rank
        passages: dict[tuple[str, str], int] = {}
        add = {name: column.append for name, column in self._columns.items()}
        for coding, (source, _, place), rank in zip(codings, keys, within, strict=True):
            add["source"](self._sources.setdefault(source, len(self._sources)))
            add["theme"](self._themes.setdefault(coding.theme, len(self._themes)))
            add["codes"](self._codes.setdefault(coding.codes, len(self._codes)))
            add["passage"](self._passages + passages.setdefault((source, place), len(passages)))
            add["value"](coding.value)
            add["score"](coding.score or 0.0)
            add["within"](rank)
        self._passages += len(passages)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Coding: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Coding]: ...

    def __getitem__(self, place: int | slice) -> Coding | Sequence[Coding]:
        if isinstance(place, slice):
            return CodingSelection(self, np.arange(len(self))[place])
        place = range(len(self))[place]
        block = bisect_right(self._ends, place)
        return self._blocks[block][place - (self._ends[block - 1] if block else 0)]

    def __iter__(self) -> Iterator[Coding]:
        for block in self._blocks:
            yield from block

    def all(self) -> CodingSelection:
        """Every coding, by study, theme and place in the text."""
        return CodingSelection(self, self.order)

    def of_theme(self, theme: str) -> CodingSelection:
        """Those of a theme, in the same order."""
        number = self._themes.get(theme, -1)
        return CodingSelection(self, self.order[self.column("theme")[self.order] == number])

    def having(self, code: str) -> Places:
        """Those that a first-level code found."""
        sets = [number for codes, number in self._codes.items() if code in codes]
        return np.flatnonzero(np.isin(self.column("codes"), sets))

    @property
    def themes(self) -> list[str]:
        """That are coded, in the order of their names."""
        return sorted(self._themes)

    @property
    def codes(self) -> list[str]:
        """First-level codes in the order of their names."""
        return sorted({code for codes in self._codes for code in codes})

    def codes_by_study(self) -> dict[str, set[str]]:
        """First-level codes of every study that has a coding."""
        sources, sets = list(self._sources), list(self._codes)
        found: dict[str, set[str]] = {source: set() for source in sources}
        pairs = np.unique(np.stack([self.column("source"), self.column("codes")]), axis=1)
        for source, codes in pairs.T.tolist():
            found[sources[source]].update(sets[codes])
        return found

    def column(self, name: str) -> NDArray[np.int64]:
        """One number of each coding, see _COLUMNS."""
        return np.frombuffer(self._columns[name], dtype=_COLUMNS[name]) if len(self) else np.zeros(0, np.int64)

    def named(self, sources: Iterable[int]) -> list[str]:
        """Source ids of numbers in the column "source", sorted."""
        ids = list(self._sources)
        return sorted(ids[number] for number in sources)

    def codes_of(self, number: int) -> tuple[str, ...]:
        """The first-level codes that a number in the column "codes" stands for."""
        return list(self._codes)[number]

    @cached_property
    def order(self) -> Places:
        """The places by study, theme and place in the text."""
        rank = np.argsort(np.argsort(np.array(list(self._sources), dtype=object))) if self._sources else np.zeros(0)
        return np.lexsort((self.column("within"), rank[self.column("source")])) if len(self) else np.zeros(0, np.int64)

    @cached_property
    def rank(self) -> Places:
        """The place of each coding in that order."""
        return np.argsort(self.order)


# What is kept of each coding: its study, theme, first-level codes and passage as numbers, its value and score, and its
# place among those that were added with it.
_COLUMNS = {"source": "i", "theme": "i", "codes": "i", "passage": "i", "value": "b", "score": "d", "within": "i"}


class CodingSelection(Sequence[Coding]):
    """Some of the codings of a CodingColumns, in an order of their own."""

    def __init__(self, columns: CodingColumns, places: Places) -> None:
        self.columns, self.places = columns, places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Coding: ...

    @overload
    def __getitem__(self, place: slice) -> CodingSelection: ...

    def __getitem__(self, place: int | slice) -> Coding | CodingSelection:
        return self.pick(self.places[place]) if isinstance(place, slice) else self.columns[int(self.places[place])]

    def __iter__(self) -> Iterator[Coding]:
        return (self.columns[place] for place in self.places.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CodingSelection) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def pick(self, places: Places) -> CodingSelection:
        """A selection of other codings of the same columns."""
        return CodingSelection(self.columns, places)

    @property
    def studies(self) -> tuple[str, ...]:
        """Source ids, in the order of their names."""
        return tuple(self.columns.named(np.unique(self._column("source")).tolist()))

    @property
    def passages(self) -> int:
        """Different passages: one with two themes counts once."""
        return len(np.unique(self._column("passage")))

    @property
    def codes(self) -> Counter[str]:
        """First-level codes, with the number of codings that they found."""
        counted = Counter[str]()
        for number, times in zip(*np.unique(self._column("codes"), return_counts=True), strict=True):
            for code in self.columns.codes_of(number):
                counted[code] += int(times)
        return counted

    def first_of_each_study(self) -> CodingSelection:
        """The first coding of each study."""
        return self.pick(self.places[self._firsts()])

    def studies_in_turn(self) -> CodingSelection:
        """The first coding of each study, then all the others."""
        firsts = self._firsts()
        return self.pick(np.concatenate([self.places[firsts], np.delete(self.places, firsts)]))

    def strongest_first(self) -> CodingSelection:
        """By value, then by the machine's probability."""
        by = (self.columns.rank[self.places], -self._column("score"), -self._column("value"))
        return self.pick(self.places[np.lexsort(by)])

    def _firsts(self) -> Places:
        found: Places = np.sort(np.unique(self._column("source"), return_index=True)[1])
        return found

    def _column(self, name: str) -> NDArray[np.int64]:
        return self.columns.column(name)[self.places]
