"""Reference lists and codings brought in: `python -m bench.imports [RECORDS] [CODINGS]` (default 10,000 and 20,000).

Lists of invented works in RIS, BibTeX and a table, from the file to the registry; codings of two people in 25 studies,
as a REFI-QDA project, a CSV file and a workbook, from the file to the decision log. Each in a process of its own, with
its CPU seconds and peak memory; the files are made before.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from annotations.log.decision_log import DecisionLog
from bench.export import STUDIES, coded_review
from corpus.reference_lists.read import read_reference_list
from corpus.registry.edition_links import Links
from corpus.registry.intake import store_intake, take_in
from corpus.registry.sources import Candidate, Source
from corpus.workspace import open_workspace
from exchange.readers.code_matching import CodeBookOfOthers, Sources
from exchange.readers.import_codings import Names, import_codings
from exchange.readers.read_file import read_codings
from exchange.readers.undo_import import record_import
from exchange.writers.coding_table import coding_table
from exchange.writers.references import BibliographicRecord, bibtex_entry, ris_record
from exchange.writers.refi_project import write_project
from exchange.writers.xlsx_sheets import Book
from synthesis.matrix.tables import to_csv

_SYLLABLES = tuple("ba ce di fo gu ha je ki lo mu na pe ri so tu va wi xo ya ze".split())  # noqa: SIM905
_RARE, _COMMON = 3, 5  # words of a title: those few others have, and those many have
_FEW = 2550  # records of a list that took 96 s when every record was compared with every other


def main(records: int = 10_000, codings: int = 20_000) -> None:
    """Print seconds, CPU seconds, peak memory and what came in, of every file."""
    print(f"{'file':<26}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}{'came in':>9}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lists = {f"{_FEW} in RIS": _FEW, f"{records} in RIS": records, f"{records} in BibTeX": records}
        for name, number in lists.items():
            path = folder / ("list.bib" if "Bib" in name else "list.ris")
            write = bibtex_entry if "Bib" in name else ris_record
            path.write_text("\n".join(map(write, _references(number))), encoding="utf-8")
            _tell(name, _add_list, path)
        for ending, make in _FILES.items():
            path = folder / f"codings.{ending}"
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.apply(make, (codings, path))
            _tell(f"{codings} codings in .{ending}", _import, path)


def _tell(name: str, work: Callable[..., int], *arguments: object) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, cpu, peak, number = pool.apply(_measured, (work, arguments))
    print(f"{name:<26}{seconds:>9.1f}{cpu:>8.1f}{peak:>9.0f}{number:>9}", flush=True)


def _measured(work: Callable[..., int], arguments: tuple[object, ...]) -> tuple[float, float, float, int]:
    started, before = time.monotonic(), time.process_time()
    number = work(*arguments)
    seconds, cpu = time.monotonic() - started, time.process_time() - before
    return seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, number


def _add_list(path: Path) -> int:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "review.toml").write_text("shipped_sources = false\n", encoding="utf-8")
        taken = take_in(read_reference_list(path).works, ())
        store_intake(open_workspace(Path(place)), (), Links(), taken, origin=path.name)
        return len(taken)


def _import(path: Path) -> int:
    review = coded_review(STUDIES, path, people=1)  # the same texts, with hardly a decision
    documents = {study.source.id: study.document for study in review.studies if study.document}
    ours = CodeBookOfOthers(review.codebook, {})
    before = time.process_time()
    names = Names(ours, Sources([study.source for study in review.studies], {}, {}))
    arrival = import_codings(
        read_codings(path, is_code=ours.knows), names=names, documents=documents, codebook=review.codebook, origin="b"
    )
    if arrival.problems:
        sys.exit(f"{arrival.problems[:3]}")
    with tempfile.TemporaryDirectory() as place:
        log = DecisionLog(f"sqlite:///{place}/annotations.db")
        recorded = record_import(log, arrival.decisions, path.name)
        log.close()
    print(f"{'':<26}of these CPU seconds, reading and recording: {time.process_time() - before:.1f}", flush=True)
    return recorded.added


def _references(number: int) -> list[BibliographicRecord]:
    chance = random.Random(number)
    words = ["".join(chance.choices(_SYLLABLES, k=3)) for _ in range(6000)]
    return [
        BibliographicRecord(_source(n, words, chance), tuple(chance.sample(words, 3)), _prose(words, chance))
        for n in range(number)
    ]


def _source(number: int, words: list[str], chance: random.Random) -> Source:
    title = " ".join([*chance.sample(words, _RARE), *chance.choices(words[:80], k=_COMMON)])
    people = tuple(f"{chance.choice(words).title()}, {chance.choice('ABCDE')}." for _ in range(2))
    return Source(
        f"work-{number}",
        f"Work {number}",
        title.capitalize(),
        people,
        chance.randint(1990, 2024),
        kind="journal article",
        doi=f"10.1234/w.{number}",
        container_title=f"Journal of {chance.choice(words)}",
        volume="3",
        pages="12-34",
        candidates=(Candidate(f"https://x.example/{number}.pdf", "pdf", "seen"),),
    )


def _prose(words: list[str], chance: random.Random) -> str:
    return " ".join(chance.choices(words, k=150))


def _project_file(codings: int, path: Path) -> None:
    with path.open("wb") as stream:
        write_project(coded_review(codings, path, people=1), stream)


def _csv_file(codings: int, path: Path) -> None:
    path.write_bytes(to_csv(coding_table(coded_review(codings, path, people=1))))


def _workbook_file(codings: int, path: Path) -> None:
    table = coding_table(coded_review(codings, path, people=1))
    with path.open("w+b") as stream:
        book = Book(stream, title="R", made=datetime(2026, 1, 1))
        rows = table.astype(object).where(table.notna(), None).itertuples(index=False)
        book.sheet("Codings").table(list(table.columns), rows)
        book.close()


_FILES: Mapping[str, Callable[[int, Path], None]] = {
    "qdpx": _project_file, "csv": _csv_file, "xlsx": _workbook_file,
}  # fmt: skip

if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
