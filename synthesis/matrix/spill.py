"""Values put aside in a file and read again when they are looked at, so that the evidence of ten thousand studies takes
no more memory than that of a hundred.
"""

from __future__ import annotations

import pickle
import tempfile
import threading
import weakref
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar, overload

from corpus.errors import StoreError

T = TypeVar("T")
_QUICK = 1  # zlib's level: a third of the size, for less time than the disk would take


class Spill:
    """A file without a name, which is gone with the process however that ends. Its methods are safe in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._guard = threading.Lock()
        self._end = 0
        self._last: tuple[int, tuple[Any, ...]] = -1, ()

    def put(self, values: Iterable[T]) -> Sequence[T]:
        """The same values, kept in the file. StoreError: it can't be written, for example on a full disk."""
        kept = tuple(values)
        if not kept:
            return ()
        data = zlib.compress(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL), _QUICK)
        with self._guard:
            try:
                self._file.seek(self._end)
                self._file.write(data)
                self._file.flush()
            except OSError as error:
                said = error.strerror or str(error)
                raise StoreError(f"nothing can be put aside in {self._folder} ({said}): make room there") from None
            begin, self._end = self._end, self._end + len(data)
        return _Spilled(self, begin, len(data), len(kept))

    def get(self, begin: int, size: int) -> tuple[Any, ...]:
        """What `put` kept there; the last that was asked for is at hand."""
        with self._guard:
            if self._last[0] != begin:
                self._file.seek(begin)
                self._last = begin, pickle.loads(zlib.decompress(self._file.read(size)))
            return self._last[1]


class _Spilled(Sequence[T]):
    """Some values in a spill."""

    __slots__ = ("_begin", "_count", "_size", "_spill")

    def __init__(self, spill: Spill, begin: int, size: int, count: int) -> None:
        self._spill, self._begin, self._size, self._count = spill, begin, size, count

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        found: T | Sequence[T] = self._spill.get(self._begin, self._size)[place]
        return found

    def __iter__(self) -> Iterator[T]:
        return iter(self._spill.get(self._begin, self._size))

    def __len__(self) -> int:
        return self._count
