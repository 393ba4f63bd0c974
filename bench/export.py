"""Exports of a large review: `python -m bench.export [CODINGS]` (default 20,000, in 25 studies).

The texts are made of words in random order; two coders and a machine code them, a fifth of the people's quotes
with slips. Each export runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from annotations.decision import Anchor, Decision
from corpus.registry.sources import Source
from exchange.coded_review import CodedReview, Study
from exchange.readers.code_matching import CodeBookOfOthers, Sources
from exchange.readers.import_codings import Names, import_codings
from exchange.readers.refi_project import read_project
from exchange.writers.coding_table import coding_table, codings_parquet
from exchange.writers.labelling_tools import write_doccano, write_label_studio
from exchange.writers.refi_project import write_project
from exchange.writers.web_annotation import write_annotations
from extract.document import Box, Document, Page, Passage
from models.codebook.codebook import shipped_codebook
from models.suggestion import Reason, Suggestion
from synthesis.matrix.tables import to_csv

STUDIES, PASSAGES = 25, 800  # a report of 200 pages has about 800 passages
_PDF_BYTES = 3 << 20  # a stand-in for a PDF of usual size
_PEOPLE = 0.25  # share of the codings
_WORDS = tuple(
    """the of and in to a grants households was were not by for on which programmes district benefits paid their been
    poor had from registry with families officers that few late women received in transfers coverage province many
    audits found scheme without records lists targeting is offices staff delayed data years payments reached some
    """.split()  # noqa: SIM905
)


def main(codings: int) -> None:
    """Print seconds, CPU seconds, peak memory and size of every export of codings, and of importing a project."""
    print(f"{STUDIES} studies, {codings:,} codings")
    print(f"{'export':<14}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'MB':>8}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "a.pdf").write_bytes(bytes(_PDF_BYTES))
        for name in (*_EXPORTS, "import qdpx"):
            context = multiprocessing.get_context("spawn")
            with context.Pool(1) as pool:
                seconds, cpu, peak, size = pool.apply(_measured, (name, codings, folder))
            print(f"{name:<14}{seconds:>9.1f}{cpu:>8.1f}{peak:>9.0f}{size / 1e6:>8.1f}")


def _measured(name: str, codings: int, folder: Path) -> tuple[float, float, float, int]:
    review = coded_review(codings, folder / "a.pdf")
    started, before = time.monotonic(), time.process_time()
    if name == "import qdpx":
        size = _imported(review, folder / "review.qdpx")
    else:
        path = folder / f"review.{name.split()[0]}"
        with path.open("wb") as stream:
            _EXPORTS[name](review, stream)
        size = path.stat().st_size
    seconds, cpu = time.monotonic() - started, time.process_time() - before
    return seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, size


def _imported(review: CodedReview, path: Path) -> int:
    documents = {study.source.id: study.document for study in review.studies if study.document}
    names = Names(CodeBookOfOthers(review.codebook, {}), Sources([study.source for study in review.studies], {}, {}))
    arrival = import_codings(
        read_project(path), names=names, documents=documents, codebook=review.codebook, origin="bench"
    )
    made = sum(len(study.decisions) for study in review.studies)
    if arrival.problems or len(arrival.decisions) != made:
        sys.exit(f"{len(arrival.decisions)} of {made} decisions came back: {arrival.problems[:3]}")
    return path.stat().st_size


def _pdf(review: CodedReview, stream: BinaryIO) -> None:
    write_project(review, stream, profile="pdf")


def _csv(review: CodedReview, stream: BinaryIO) -> None:
    stream.write(to_csv(coding_table(review)))


def _parquet(review: CodedReview, stream: BinaryIO) -> None:
    stream.write(codings_parquet(review))


_EXPORTS: dict[str, Callable[[CodedReview, BinaryIO], None]] = {
    "qdpx pdf": _pdf, "qdpx": write_project, "csv": _csv, "parquet": _parquet, "jsonld": write_annotations,
    "label-studio": write_label_studio, "doccano": write_doccano,
}  # fmt: skip


def coded_review(codings: int, pdf: Path, *, people: float = _PEOPLE) -> CodedReview:
    """An invented review of so many codings; `people` is the share that people made, the rest is the machine's."""
    codebook = shipped_codebook()
    each = codings // STUDIES
    studies = []
    for number in range(STUDIES):
        document = _document(number)
        made = int(each * people)
        decisions = [_decision(number, n, document.passages[n % PASSAGES], codebook.codes) for n in range(made)]
        suggestions = [_suggestion(n, document.passages, codebook.codes) for n in range(each - made)]
        source = Source(
            f"study-{number:02}", f"Study {number}", f"Title of study {number}", ("Khan, A.",), 2000 + number
        )
        studies.append(Study(source, document, decisions, suggestions, pdf))
    return CodedReview("Bench", codebook, studies)


def _document(study: int) -> Document:
    text = io.StringIO()
    passages, sha, chance = [], f"{study:064x}", random.Random(study)
    for number in range(PASSAGES):
        start = text.tell()
        lines = [" ".join(chance.choices(_WORDS, k=14)) for _ in range(5)]
        text.write("\n".join(lines))
        span = (start, text.tell())
        page = 1 + number // 4
        boxes = tuple(Box(page, 70, 100 + 140 * (number % 4) + 12 * n, 500, 110 + 12 * n) for n in range(len(lines)))
        passages.append(Passage(f"{sha[:12]}-{span[0]}-{span[1]}", " ".join(lines), (span,), boxes))
        text.write("\n\n")
    pages = tuple(Page(n + 1, "", 595, 842, True) for n in range(PASSAGES // 4))
    return Document(sha, "1", "read", pages=pages, text=text.getvalue(), passages=tuple(passages))


def _decision(study: int, number: int, passage: Passage, themes: tuple[str, ...]) -> Decision:
    words = passage.text.split()
    quote = " ".join(words[3 + number % 5 : 30])
    if number % 5 == 0:
        quote = quote.replace("s ", " ").replace("ed ", "t ")
    coder, theme = ("Amina", "Benazir")[number % 2], themes[(number // PASSAGES + number) % len(themes)]
    return Decision(
        f"study-{study:02}",
        theme,
        (0, 1, 2)[number % 3],
        coder,
        anchor=Anchor(quote, passage.page),
        note="seen twice" if number % 7 == 0 else "",
        decided=f"2026-01-01T00:{number % 60:02}:00+00:00",
    )


def _suggestion(number: int, passages: tuple[Passage, ...], themes: tuple[str, ...]) -> Suggestion:
    reasons = (Reason("phrase", "what reports say", 1.2, "GW.x"), Reason("term", "grants", 0.4))
    theme = themes[(number // len(passages)) % len(themes)]
    return Suggestion(passages[number % len(passages)].id, theme, 0.5 + number % 50 / 100, 1, reasons, "m1", "c0ffee")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
