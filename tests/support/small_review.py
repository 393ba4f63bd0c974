"""A small review of PDFs given by hand, for the tests of runs: no host, no titles to check."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from corpus.workspace import Workspace
from pipeline.open_review import open_review


def sample_pdfs(count: int = 4) -> dict[str, bytes]:
    """The smallest of the sample review's reports, by name."""
    site = Path(str(files("corpus.sample").joinpath("site")))
    found = sorted(site.rglob("*.pdf"), key=lambda path: path.stat().st_size)
    readable = [path for path in found if path.stem != "ministry-2013"]
    return {f"doc-{number}": path.read_bytes() for number, path in enumerate(readable[:count])}


def review_of(folder: Path, pdfs: Mapping[str, bytes], settings: str = "") -> Workspace:
    """A review with one source for every PDF, each in the inbox."""
    (folder / "inbox").mkdir(parents=True)
    (folder / "review.toml").write_text(f"title = 'Mine'\nshipped_sources = false\n{settings}", encoding="utf-8")
    rows = [f"[[source]]\nid = '{name}'\nlabel = '{name}'\n" for name in pdfs]
    (folder / "sources.toml").write_text("\n".join(rows), encoding="utf-8")
    for name, data in pdfs.items():
        (folder / "inbox" / f"{name}.pdf").write_bytes(data)
    return open_review(folder)[0]
