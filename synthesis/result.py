"""Everything a finished review hands to the report, the workbook and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.agreement.intercoder_agreement import Agreement
from annotations.progress.trust import ReviewTrust
from annotations.screening.flow import ScreeningFlow
from corpus.outcome import Outcome
from corpus.registry.screening import Screening
from corpus.registry.sources import Source
from corpus.store.pdf_store import Holding
from extract.document import State
from models.codebook.codebook import Codebook
from synthesis.audit.audit import Audit
from synthesis.matrix.cell import Cell
from synthesis.matrix.coding import Coding
from synthesis.patterns.patterns import Patterns
from synthesis.runs.run_changes import Changes
from synthesis.runs.run_timeline import RunFacts
from synthesis.statistics.frequency import Frequency
from synthesis.statistics.machine_use import MachineUse


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What reading the file of one source gave."""

    source_id: str
    state: State
    pages: int
    passages: int
    suggestions: int = 0  # of all themes, those outside the matrix included
    note: str = ""  # as in `Document.note`


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The model that made the suggestions, as its card states it."""

    model_id: str
    quality: Mapping[str, Mapping[str, float]]  # theme -> "precision", "recall", "f1", each 0 to 1
    note: str = ""  # how the quality was measured, in a sentence


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """One finished review."""

    title: str
    run_id: str
    generated: str  # when, ISO 8601, UTC
    codebook: Codebook
    sources: Sequence[Source]
    cells: Sequence[Cell]  # as `merge_cells` gives them
    sample: bool = False  # an invented review: every output says so
    include_proposed: bool = False  # the machine's values filled the cells nobody has judged
    screenings: Sequence[Screening] = ()
    criteria: Mapping[str, str] = field(default_factory=dict)  # criterion id -> its statement
    outcomes: Sequence[Outcome] = ()
    holdings: Sequence[Holding] = ()
    documents: Sequence[DocumentSummary] = ()
    decisions: Mapping[str, int] = field(default_factory=dict)  # role -> how many decisions stand
    model: ModelFacts | None = None
    audit: Audit | None = None
    pictures: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (sha256, passage id) -> data: URI
    pdf_links: Mapping[str, str] = field(default_factory=dict)  # sha256 -> address of the PDF as seen from the report
    versions: Mapping[str, str] = field(default_factory=dict)  # what made this, for example "Jaiza" -> "0.1.0"
    changes: Changes | None = None  # against the run before; None for the first
    timings: Mapping[str, float] = field(default_factory=dict)  # stage -> seconds
    run: RunFacts | None = None  # how the run went that made this
    patterns: Patterns | None = None  # of the merged view
    every_theme: Sequence[Frequency] = ()  # of every theme of the codebook by itself, COV beside TI
    agreement: Sequence[Agreement] = ()  # of coders on passages and on studies, where two judged the same
    coders: Sequence[str] = ()  # who made a decision, the publication aside
    screening: ScreeningFlow | None = None  # of records, by their titles, abstracts and full texts; None: nobody did
    trust: ReviewTrust | None = None  # how far the machine can be trusted here
    machine_use: MachineUse | None = None  # None: nothing was proposed
    hashes: Mapping[str, str] = field(default_factory=dict)  # what went in -> its hash

    @property
    def codings(self) -> Iterable[Coding]:
        """Every passage that was accepted, and every one that is proposed."""
        return self.patterns.everything if self.patterns else ()

    @property
    def labels(self) -> dict[str, str]:
        """Source id -> label, in the order of the matrix."""
        return {source.id: source.label for source in self.sources}

    @property
    def themes(self) -> dict[str, str]:
        """Column -> name of the theme, in the order of the matrix."""
        return {code: self.codebook.theme(code).name for code in self.codebook.columns}
