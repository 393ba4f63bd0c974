"""Reading PDFs, ours beside other tools: `python -m bench.extraction FOLDER [--truth-only] [--pages N]`.

Every tool runs in a process of its own. Pages per CPU second count user and system time, imports left out. The truth
score is the mean Levenshtein ratio of a page's text against the text that the PDF's own tags give (bench.tagged_truth),
over all pages that have one and over those in two columns; "stripped" is the same on copies without tags. `--pages N`
reads the first N pages of every PDF only, ours always all; `--truth-only` leaves out the PDFs without tags.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pypdf
from pypdf.generic import NameObject

from bench.readers import available
from bench.tagged_truth import Truth, page_score, truths

_NAME = 24
_WORST = 8  # pages shown


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool gave and cost."""

    texts: dict[str, list[str]]  # per file name and page
    cpu: float  # seconds
    peak: int  # bytes

    @property
    def rate(self) -> float:
        """Pages per CPU second."""
        return sum(map(len, self.texts.values())) / self.cpu if self.cpu else 0.0


def main(folder: Path, *, most: int | None, truth_only: bool) -> None:
    """Print a row per tool, our worst pages, and how memory grows with the number of pages."""
    paths = sorted(folder.glob("*.pdf"))
    if not paths:
        sys.exit(f"{folder} holds no PDF")
    truth, poor = _truth(paths, most)
    tagged = [path for path in paths if path.name in truth]
    pages = [page for found in truth.values() for page in found]
    two = sum(page.two_column for page in pages)
    print(
        f"{len(paths)} PDFs, {len(tagged)} of them tagged: {len(pages)} pages to score, {two} of them in two columns;"
    )
    print(f"{poor} tagged pages left out, for their tags hold too little of the text\n")
    print(f"{'tool':<{_NAME}}{'p/CPU-s':>9}{'peak MB':>9}{'all':>8}{'2-col':>8}{'stripped':>10}{'2-col':>8}")
    with tempfile.TemporaryDirectory() as place:
        bare = [stripped(path, Path(place) / path.name) for path in tagged]
        for name in available():
            run = run_tool(name, tagged if truth_only else paths, most)
            again = run_tool(name, bare, most)
            figures = [*means(truth, run.texts), *means(truth, again.texts)]
            shown = "".join(f"{figure:>{width}.4f}" for figure, width in zip(figures, (8, 8, 10, 8), strict=True))
            print(f"{name:<{_NAME}}{run.rate:>9.1f}{run.peak / 1e6:>9.0f}{shown}", flush=True)
            if name == "jaiza":
                ours = run, again
        for title, run in zip(("with tags", "stripped"), ours, strict=True):
            print(f"\nworst pages of ours, {title}: " + "; ".join(worst(truth, run.texts)))
        if not truth_only:
            print("\n" + _memory(paths, Path(place)))


def run_tool(name: str, paths: Sequence[Path], most: int | None) -> Run:
    """Read `paths` with one tool in a fresh process."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "run.json"
        command = [sys.executable, "-m", "bench.readers", name, str(most or 0), str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True)
        found = json.loads(out.read_text(encoding="utf-8"))
    return Run({Path(path).name: texts for path, texts in found["texts"].items()}, found["cpu"], found["peak"])


def stripped(path: Path, out: Path) -> Path:
    """A copy of the PDF at `path` without its structure tree; the marks in its pages stay."""
    writer = pypdf.PdfWriter(clone_from=path)
    for key in ("/StructTreeRoot", "/MarkInfo"):
        writer.root_object.pop(NameObject(key), None)
    writer.write(out)
    return out


def means(truth: Mapping[str, Sequence[Truth]], texts: Mapping[str, Sequence[str]]) -> tuple[float, float]:
    """Mean score over all pages and over those in two columns; a page that a tool does not give scores 0."""
    every, two = [], []
    for name, pages in truth.items():
        for page in pages:
            every.append(page_score(page, _text(texts, name, page.page)))
            if page.two_column:
                two.append(every[-1])
    return mean(every) if every else float("nan"), mean(two) if two else float("nan")


def worst(truth: Mapping[str, Sequence[Truth]], texts: Mapping[str, Sequence[str]]) -> list[str]:
    """The pages with the lowest scores, as "name p. 3 .812"."""
    scored = [
        (page_score(page, _text(texts, name, page.page)), name, page.page)
        for name, pages in truth.items()
        for page in pages
    ]
    return [f"{name} p. {page} {figure:.3f}" for figure, name, page in sorted(scored)[:_WORST]]


def _text(texts: Mapping[str, Sequence[str]], name: str, page: int) -> str:
    found = texts.get(name, [])
    return found[page - 1] if page <= len(found) else ""


def _truth(paths: Sequence[Path], most: int | None) -> tuple[dict[str, list[Truth]], int]:
    truth: dict[str, list[Truth]] = {}
    left_out = 0
    for path in paths:
        pages, poor = truths(path, most=most)
        left_out += poor
        if pages:
            truth[path.name] = pages
    return truth, left_out


def _memory(paths: Sequence[Path], place: Path) -> str:
    """How our peak memory changes from half the longest document to all of it."""
    longest = max(paths, key=lambda path: len(pypdf.PdfReader(path).pages))
    count = len(pypdf.PdfReader(longest).pages)
    writer = pypdf.PdfWriter()
    writer.append(longest, pages=(0, count // 2))
    half = place / "half.pdf"
    writer.write(half)
    peaks = [run_tool("jaiza", [path], None).peak / 1e6 for path in (half, longest)]
    return f"peak memory on {longest.name}: {peaks[0]:.0f} MB for {count // 2} pages, {peaks[1]:.0f} MB for {count}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.extraction", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth-only", action="store_true", help="only PDFs with tags, and no memory test")
    parser.add_argument("--pages", type=int, help="read the first N pages of every PDF only")
    chosen = parser.parse_args()
    main(chosen.folder, most=chosen.pages, truth_only=chosen.truth_only)
