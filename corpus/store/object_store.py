"""Where what was made from PDFs is kept under names that say what it was made from: the workspace, or a shared store.

A name is a path below the store, for example "text/<sha256>.<extractor>.json". The store is the workspace's folder,
or what `[store] url` in review.toml names: a shared folder (file://) or an object store (s3://, gs://) that every
worker reaches. The same name always holds the same bytes, so two workers that write it at once do no harm.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.errors import StoreError
from corpus.retry import retry
from corpus.workspace import Workspace, write_atomic

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"}  # protocol -> extra of this project that brings it


class ObjectStore:
    """The store of one workspace. Cheap to make, and safe to use from many threads."""

    def __init__(self, workspace: Workspace) -> None:
        """StoreError: the store's address can't be understood, or what it needs is not installed."""
        self.url = workspace.review.store.url
        self.is_local = not self.url  # then names are files of the workspace, whose sizes cost nothing to ask for
        self._root = workspace.root
        self._remote: Any = None
        self._base = ""
        if not self.url:
            return
        if self.url.startswith("file://"):
            self._root = Path(self.url.removeprefix("file://"))
        else:
            self._remote, self._base = _connect(self.url)

    def read(self, name: str) -> bytes:
        """The bytes under `name`. FileNotFoundError: there are none. StoreError: the store can't be reached."""
        try:
            if self._remote is None:
                return retry((self._root / name).read_bytes)
            data: bytes = retry(lambda: self._remote.cat_file(f"{self._base}/{name}"))
        except FileNotFoundError:
            raise
        except Exception as error:  # every store has its own
            raise self._unreachable(name, error, "read") from None
        return data

    def write(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, whole or not at all. StoreError: the store can't be reached or is full."""
        try:
            if self._remote is None:
                retry(lambda: write_atomic(self._root / name, data))
            else:
                retry(lambda: self._remote.pipe_file(f"{self._base}/{name}", data))
        except Exception as error:
            raise self._unreachable(name, error, "written") from None

    def size(self, name: str) -> int | None:
        """How many bytes are under `name`; None where there are none."""
        try:
            if self._remote is None:
                return (self._root / name).stat().st_size
            found: int = retry(lambda: self._remote.size(f"{self._base}/{name}"))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise self._unreachable(name, error, "read") from None
        return found

    def remove(self, name: str) -> None:
        """Let go of `name`, if it is there."""
        try:
            if self._remote is None:
                (self._root / name).unlink(missing_ok=True)
            elif self._remote.exists(f"{self._base}/{name}"):
                self._remote.rm_file(f"{self._base}/{name}")
        except Exception as error:
            raise self._unreachable(name, error, "removed") from None

    def _unreachable(self, name: str, error: Exception, done: str) -> StoreError:
        place = self.url or str(self._root)
        reason = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(
            error
        ).__name__
        doing = "see that it can be reached, and run again" if self.url else "make room or choose another --workspace"
        return StoreError(f"{place}/{name} can't be {done} ({' '.join(reason.split())[:200]}): {doing}")


def _connect(url: str) -> tuple[Any, str]:
    import fsspec

    try:
        filesystem, base = fsspec.core.url_to_fs(url)
    except ImportError:
        extra = _EXTRAS.get(url.partition("://")[0])
        doing = f"install it with `pip install -e '.[{extra}]'`" if extra else "install what fsspec needs for it"
        raise StoreError(f"the store {url} needs a library that is not installed: {doing}") from None
    except (ValueError, OSError) as error:
        raise StoreError(f"{url} is not the address of a store ({error}): correct [store] url in review.toml") from None
    return filesystem, str(base).rstrip("/")
