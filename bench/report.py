"""How long a report takes and how much memory: 25 studies with 20,000 codings, and 1,000 studies x 8 themes.

Run `python -m bench.report`. Each case has a process of its own, so that its peak of memory is its own. The studies,
texts and decisions are made up from a list of words; only their number and length are those of real ones.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from annotations.decision import Anchor, Decision
from corpus.registry.sources import Source
from extract.document import Box, Document, Page, Passage
from models.codebook.codebook import Codebook, shipped_codebook
from models.suggestion import DocumentSuggestions, Reason, StudyProposal, Suggestion
from pipeline.runs.result_files import write_results
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.views import unfolded
from synthesis.patterns.patterns import PatternMaterial, find_patterns
from synthesis.result import DocumentSummary, ReviewResult

CASES = {"25 studies, 20,000 codings": (25, 20_000, False), "1,000 studies x 8 themes": (1_000, 0, True)}
PASSAGE_WORDS = 55  # as long as passages of real reports are on average
_ENDS = ("ran", "les", "tik", "mor", "sun", "dal")
_WORDS = [f"{a}{b}{end}" for a in "bcdfglmnprst" for b in "aeiou" for end in _ENDS]


def main() -> None:
    """Print the table."""
    if len(sys.argv) > 1:
        _measure(*CASES[sys.argv[1]])
        return
    print(f"{'case':<30}{'merge':>8}{'patterns':>10}{'files':>8}{'total':>8}  CPU s   peak RSS   report.html")
    for name in CASES:
        done = subprocess.run([sys.executable, "-m", "bench.report", name], capture_output=True, text=True, check=True)
        print(f"{name:<30}{done.stdout.rstrip()}")


def _measure(studies: int, codings: int, every: bool) -> None:
    codebook = shipped_codebook()
    chance = random.Random(7)
    sources = [
        Source(
            f"s{n:04d}",
            f"Study {n} ({1990 + n % 35})",
            year=1990 + n % 35,
            kind=("report", "thesis")[n % 2],
            programmes=(("BISP", "Zakat", "EOBI")[n % 3],),
            countries=("Pakistan",),
            method="survey",
        )
        for n in range(studies)
    ]
    documents, proposals, decisions = _texts(sources, codings, codebook, chance)
    if every:
        codebook = unfolded(codebook)
        decisions = [
            Decision(source.id, code, chance.choice((0, 0, 1, 2)), "A")  # type: ignore[arg-type]
            for source in sources
            for code in codebook.codes
        ]
    began = time.process_time()
    cells = merge_cells(sources, decisions, proposals, documents, codebook)
    merged = time.process_time()
    material = PatternMaterial(decisions, (), documents, proposals)
    patterns = find_patterns(cells, sources, codebook, material, view="merged")
    found = time.process_time()
    result = ReviewResult(
        "Bench",
        "bench",
        "2026-01-01T00:00:00+00:00",
        codebook,
        sources,
        cells,
        patterns=patterns,
        documents=[DocumentSummary(key, "read", 40, len(one.passages), 10) for key, one in documents.items()],
        decisions={"coder": len(decisions)},
        coders=["A", "B"],
    )
    with tempfile.TemporaryDirectory() as place:
        write_results(result, Path(place))
        size = (Path(place) / "report.html").stat().st_size / 1e6
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{merged - began:>8.1f}{found - merged:>10.1f}{done - found:>8.1f}{done - began:>8.1f}"
        f"{'':>9}{peak:>7.0f} MB{size:>11.1f} MB"
    )


def _texts(
    sources: list[Source], codings: int, codebook: Codebook, chance: random.Random
) -> tuple[dict[str, Document], dict[str, DocumentSuggestions], list[Decision]]:
    """A text for each study, with so many accepted codings in all, half of them proposed by the machine too."""
    documents: dict[str, Document] = {}
    proposals: dict[str, DocumentSuggestions] = {}
    decisions: list[Decision] = []
    if not codings:
        return documents, proposals, decisions
    each = codings // len(sources)
    for source in sources:
        sha = f"{source.id}{'0' * 64}"[:64]
        passages = tuple(
            Passage(
                f"{sha[:12]}-{n}-{n + 1}",
                f"{' '.join(chance.choices(_WORDS, k=PASSAGE_WORDS)).capitalize()}.",
                ((n, n + 1),),
                (Box(1 + n // 12, 70, 70, 500, 90),),
                section="findings",
            )
            for n in range(each)
        )
        pages = tuple(Page(n, str(n), 595, 842, True) for n in range(1, each // 12 + 2))
        documents[source.id] = Document(sha, "x", "read", pages=pages, passages=passages)
        hits = []
        for n, passage in enumerate(passages):
            code = codebook.codes[n % len(codebook.codes)]
            anchor = Anchor(passage.text, passage.page, passage.id, sha256=sha)
            decisions.append(Decision(source.id, code, 1 + n % 2, ("A", "B")[n % 2], anchor=anchor))  # type: ignore[arg-type]
            if n % 2:
                reason = Reason("phrase", passage.text.split()[3], 1.2, f"{code}.rule-{n % 9}")
                hits.append(Suggestion(passage.id, code, 0.5 + (n % 50) / 100, 1, (reason,), "m", "c"))
        studies = tuple(StudyProposal(code, 1, each, 9, 0.001, ()) for code in codebook.codes)
        proposals[source.id] = DocumentSuggestions(sha, "x", "m", "c", tuple(hits), studies)
    return documents, proposals, decisions


if __name__ == "__main__":
    main()
