"""From what the stages stored to the files of a run: `out/<run-id>/`, and `out/latest` pointing to it.

A run whose inputs are those of the latest one has the same results, so it points there and writes nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from annotations.anchor import anchored_all
from annotations.assignment import Assignment
from annotations.decision import Decision, Mark
from annotations.log import DecisionLog
from annotations.recoding import load_recoding, recoded
from annotations.table import published_decisions
from corpus.errors import StoreError
from corpus.links import counted, load_links
from corpus.outcome import Outcome
from corpus.registry import load_sources
from corpus.screening import load_criteria, screen_all
from corpus.sources import Source
from corpus.workspace import VERSION, Workspace, write_atomic
from extract.document import Document
from flows.model_news import model_news
from flows.reading import Reading
from flows.run_facts import run_facts
from flows.stages import Stages, Studied, with_reading
from flows.texts import Proposals, Texts
from flows.twins import settle_twins
from models.codebook import Codebook, load_codebook
from models.revisions import keep_revision
from models.suggestion import DocumentSuggestions
from synthesis.audit import Audit, audit
from synthesis.cell import Cell, View
from synthesis.changes import Changes
from synthesis.claims import load_claims
from synthesis.coding import Standing
from synthesis.crosstab import load_programmes
from synthesis.frequency import Frequency, frequencies
from synthesis.merge import merge_cells
from synthesis.patterns import Material, Patterns, find_patterns
from synthesis.result import DocumentSummary, ModelFacts, ReviewResult
from synthesis.spill import Spill
from synthesis.subthemes import FILE as SUBTHEMES
from synthesis.subthemes import read_namings
from synthesis.verdict import VERDICT_COUNTS, Verdict
from synthesis.views import unfolded
from synthesis.wording import counted as counted_in_words

if TYPE_CHECKING:
    from annotations.agreement import Agreement
    from corpus.twins import Twin

_OUTCOMES = "outcomes.json"
_OUTCOME_LIST: TypeAdapter[list[Outcome]] = TypeAdapter(list[Outcome])
_HASHED = ("code", "settings", "sources", "screening", "codebook", "claims", "subthemes", "decisions")  # of `_inputs`
_ROOMS = ("corpus", "extract", "models", "annotations", "synthesis", "flows")
# Versions worth knowing when two runs differ.
_LIBRARIES = ("pypdfium2", "pdfplumber", "spacy", "scikit-learn", "pandas", "prefect")


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run tells the person who started it."""

    folder: Path
    unchanged: bool  # everything was as in the latest run: nothing was written
    counts: Mapping[str, int]
    outcomes: Sequence[Outcome]
    frequencies: Sequence[Frequency]
    verdicts: Mapping[Verdict, int]  # of the audit; empty where there are no claims
    seconds: float
    editions: Mapping[str, str] = field(default_factory=dict)  # source -> the one that is counted for it
    twins: Sequence[Twin] = ()  # pairs that look like one work, found now; a person should say
    model: str = ""  # what there is to say about the model: that it is another one than last time, and why
    changes: Changes | None = None  # against the latest results; None where these are the first, or nothing changed

    @property
    def had(self) -> int:
        """Sources whose text could be read."""
        return self.counts["read"]

    @property
    def incomplete(self) -> bool:
        """Was there a source that could not be had or read?"""
        return self.had < self.counts["sources"]

    @property
    def summary(self) -> str:
        """A few lines for the terminal."""
        c = self.counts
        lines = [
            f"Sources    {c['sources']} in the registry, {c['read']} of them read: "
            f"{counted_in_words(c['pages'], 'page')}, {counted_in_words(c['passages'], 'passage')}",
            f"Codes      {counted_in_words(c['suggestions'], 'suggestion')}, "
            f"{counted_in_words(c['decisions'], 'decision')} by reviewers, "
            f"{counted_in_words(c['conflicts'], 'cell')} where machine and people differ",
            f"Studies    {self._studies()}",
        ]
        if self.model:
            lines.append(f"Model      {self.model}")
        if self.verdicts:
            told = ", ".join(
                f"{self.verdicts[verdict]} {words[self.verdicts[verdict] > 1]}"
                for verdict, words in VERDICT_COUNTS.items()
                if verdict in self.verdicts
            )
            lines.append(f"Audit      {sum(self.verdicts.values())} claims held against the published coding: {told}")
        if self.editions:
            told = ", ".join(f"{one} (as {main})" for one, main in self.editions.items())
            lines.append(f"Editions   {len(self.editions)} read but not counted again: {told}")
        if self.twins:
            pairs_alike = counted_in_words(len(self.twins), "pair")
            lines.append(f"Look at    {pairs_alike} of sources that look alike: jaiza sources duplicates")
        if self.changes:
            lines.append(f"Changed    {self.changes.summary}, since run {self.changes.before}")
        changed = ", nothing has changed since the run before" if self.unchanged else ""
        lines.append(f"Report     {self.folder.parent / 'latest' / 'report.html'}{changed}")
        return "\n".join(lines)

    def _studies(self) -> str:
        if not any(frequency.known for frequency in self.frequencies):
            return "nobody has judged a cell yet: `jaiza review` shows the suggestions to decide on"
        return ", ".join(
            f"{f.theme} {f.present} of {f.known}" + (f" ({f.percent:.0f} %)" if f.percent is not None else "")
            for f in self.frequencies
        )

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {
            "folder": str(self.folder),
            "unchanged": self.unchanged,
            "seconds": round(self.seconds, 2),
            "counts": dict(self.counts),
            "model": self.model,
            "sources": [asdict(outcome) for outcome in self.outcomes],
            "editions": dict(self.editions),
            "duplicates": [asdict(twin) for twin in self.twins],
            "changes": asdict(self.changes) if self.changes else None,
            "frequencies": [asdict(frequency) for frequency in self.frequencies],
            "audit": dict(self.verdicts),
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """All judgements on a review, merged."""

    sources: Sequence[Source]  # that are counted: other editions of one of them are left out
    codebook: Codebook
    decisions: Sequence[Decision]  # that count now, anchored in the texts as they are
    cells: Sequence[Cell]
    log_head: str  # changes whenever the log does
    documents: Mapping[str, Document] = field(default_factory=dict)  # by source id: the texts there are
    proposals: Mapping[str, DocumentSuggestions] = field(default_factory=dict)  # by source id
    marks: Sequence[Mark] = ()  # that count now, anchored likewise
    standing: Sequence[Decision] | None = None  # from which people's value of a study is read, see annotations.team
    spill: Spill | None = None  # holds the evidence of the cells

    def merged_for(self, codebook: Codebook, *, include_proposed: bool) -> Sequence[Cell]:
        """The cells once more, with the columns of another folding of the codebook, and without their evidence."""
        return merge_cells(
            self.sources, self.decisions, self.proposals, self.documents, codebook,
            include_proposed=include_proposed, standing=self.standing, keep=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logged:
    """What the decision log says now, the published coding included."""

    decisions: Sequence[Decision]
    marks: Sequence[Mark]
    head: str  # changes whenever the log does


def read_log(workspace: Workspace, sources: Sequence[Source]) -> Logged:
    """Bring the published coding into the log, and read what counts now."""
    codebook = load_codebook(workspace)
    keep_revision(workspace, codebook)  # decisions and suggestions carry its hash
    log = DecisionLog(workspace.database_url)
    try:
        log.record(published_decisions(workspace, codebook, sources=[source.id for source in sources]))
        decisions, marks, head = log.current(), log.marks(), log.head()
    finally:
        log.close()
    changes = load_recoding(workspace)
    if changes:
        decisions, head = recoded(decisions, changes, codebook), f"{head} {_digest([asdict(one) for one in changes])}"
    return Logged(decisions, marks, head)


def judge(
    workspace: Workspace, sources: Sequence[Source], studied: Sequence[Studied], *, include_proposed: bool,
    logged: Logged | None = None,
) -> Judged:  # fmt: skip
    """Merge everything that people and machine said. One text is held at a time."""
    from annotations.team import counting_for_studies

    logged = logged or read_log(workspace, sources)
    codebook = load_codebook(workspace)
    sources = counted(sources, load_links(workspace, sources))
    documents, proposals = Texts(studied), Proposals(studied)
    decisions = anchored_all(logged.decisions, documents)
    marks = anchored_all(logged.marks, documents)
    assignment = Assignment(workspace.review.coding)
    counting = counting_for_studies(decisions, marks, documents, assignment=assignment, themes=codebook.codes)
    spill = Spill(workspace.root)
    cells = merge_cells(
        sources, decisions, proposals, documents, codebook, include_proposed=include_proposed, standing=counting,
        keep=spill.put,
    )  # fmt: skip
    return Judged(sources, codebook, decisions, cells, logged.head, documents, proposals, marks, counting, spill)


def finish(
    stages: Stages, sources: Sequence[Source], studied: Sequence[Studied], *, include_proposed: bool
) -> RunResult:
    """Merge, and write every result of the review unless the latest run had the same inputs."""
    workspace, started = stages.workspace, time.monotonic()
    save_outcomes(workspace, [done.outcome for done in studied])
    twins = settle_twins(workspace, sources, studied, judged=_coded(workspace, sources))
    logged, seconds = read_log(workspace, sources), _seconds(studied)
    inputs = _inputs(workspace, sources, studied, logged, include_proposed=include_proposed)
    outcomes, editions = [done.outcome for done in studied], load_links(workspace, sources).editions
    news = model_news(workspace, studied)
    latest = _same_as_latest(workspace, inputs)
    if latest is not None:
        folder, record = latest
        return RunResult(
            folder=folder,
            unchanged=True,
            counts=record["counts"],
            frequencies=[Frequency(**one) for one in record["frequencies"]],
            verdicts=record["audit"],
            seconds=sum(seconds.values()),
            outcomes=outcomes,
            editions=editions,
            twins=twins,
            model=news,
        )
    stages.forget_model()
    judged = judge(workspace, sources, studied, include_proposed=include_proposed, logged=logged)
    facts = _facts(workspace, judged)
    folder = _new_folder(workspace, inputs)
    result = _result(stages, studied, judged, facts, include_proposed=include_proposed, run_id=folder.name)
    from flows.changed import changes_since_latest

    changes = changes_since_latest(workspace, result, inputs, studied)
    hashes = {key: str(inputs[key]) for key in _HASHED}
    result = replace(result, timings=seconds, changes=changes, run=run_facts(studied), hashes=hashes)
    seconds["results"] = time.monotonic() - started
    run = RunResult(
        folder=folder,
        unchanged=False,
        counts=_counts(studied, judged),
        frequencies=frequencies(judged.cells, "merged", themes=judged.codebook.columns),
        verdicts=dict(facts.audit.verdicts) if facts.audit else {},
        seconds=sum(seconds.values()),
        outcomes=outcomes,
        editions=editions,
        twins=twins,
        model=news,
        changes=changes,
    )
    _write(workspace, run, result, inputs, studied, seconds)
    return run


def stored_result(stages: Stages, *, include_proposed: bool = False) -> ReviewResult:
    """The review as it stands, from what is stored, for files outside `out/`."""
    sources = load_sources(stages.workspace)
    studied = stored_studies(stages, sources)
    judged = judge(stages.workspace, sources, studied, include_proposed=include_proposed)
    facts = _facts(stages.workspace, judged)
    return _result(stages, studied, judged, facts, include_proposed=include_proposed, run_id="export")


def _result(
    stages: Stages, studied: Sequence[Studied], judged: Judged, facts: _Facts, *, include_proposed: bool, run_id: str
) -> ReviewResult:
    """Everything about the review that its report, workbook and tables tell."""
    from flows.pictures import evidence_pictures  # as below: a run without news does without NumPy and pdfium

    workspace = stages.workspace
    return ReviewResult(
        title=workspace.review.title,
        run_id=run_id,
        generated=datetime.now(UTC).isoformat(timespec="seconds"),
        codebook=judged.codebook,
        sources=judged.sources,
        cells=judged.cells,
        sample=workspace.review.sample,
        include_proposed=include_proposed,
        screenings=facts.screenings,
        criteria=facts.criteria,
        outcomes=[done.outcome for done in studied],
        holdings=list(stages.holdings),
        documents=[_summary(done.outcome.source_id, done.reading) for done in studied if done.reading],
        decisions=Counter(decision.role for decision in judged.decisions),
        model=_model_facts(stages, studied),
        audit=facts.audit,
        pictures=evidence_pictures(workspace, judged.cells),
        pdf_links={done.reading.sha256: f"../../pdfs/{done.reading.sha256}.pdf" for done in studied if done.reading},
        versions=_versions(),
        patterns=patterns_of(workspace, judged, judged.cells, judged.sources, view="merged"),
        every_theme=frequencies(
            judged.merged_for(unfolded(judged.codebook), include_proposed=include_proposed), "merged"
        ),
        agreement=_agreement(judged),
        coders=sorted({decision.coder for decision in judged.decisions if decision.role != "published"}),
    )


def _agreement(judged: Judged) -> list[Agreement]:
    """Of coders on the same passages, and on the same studies; empty where no two judged the same."""
    from annotations.agreement import SCALES, agreements, pairs
    from annotations.ratings import passage_ratings, study_ratings

    codes = judged.codebook.codes
    ids = [source.id for source in judged.sources]
    found = []
    for ratings in (
        passage_ratings(judged.decisions, judged.marks, judged.documents, themes=codes),
        study_ratings(judged.decisions, judged.marks, sources=ids, themes=codes),
    ):
        if pairs(ratings):
            found += [one for scale in SCALES for one in agreements(ratings, scale=scale)]
    return found


def _coded(workspace: Workspace, sources: Sequence[Source]) -> set[str]:
    """Sources that people, or the publication, have coded."""
    ticks = published_decisions(workspace, load_codebook(workspace), sources=[source.id for source in sources])
    log = DecisionLog(workspace.database_url)
    try:
        return {decision.source_id for decision in (*ticks, *log.current())}
    finally:
        log.close()


def stored_studies(stages: Stages, sources: Sequence[Source]) -> list[Studied]:
    """What earlier stages stored for every source, pulling and reading nothing now."""
    workspace = stages.workspace
    known = {outcome.source_id: outcome for outcome in load_outcomes(workspace)}
    return [_stored(stages, source, known.get(source.id)) for source in sources]


def save_outcomes(workspace: Workspace, outcomes: Sequence[Outcome]) -> None:
    """Keep what happened to the sources, for stages that run by themselves later."""
    known = {outcome.source_id: outcome for outcome in load_outcomes(workspace)}
    known |= {outcome.source_id: outcome for outcome in outcomes}
    path = workspace.root / _OUTCOMES
    content = _OUTCOME_LIST.dump_json([known[key] for key in sorted(known)], indent=2) + b"\n"
    if not path.exists() or path.read_bytes() != content:
        write_atomic(path, content)


def load_outcomes(workspace: Workspace) -> list[Outcome]:
    """What happened to the sources when they were last pulled."""
    path = workspace.root / _OUTCOMES
    if not path.exists():
        return []
    try:
        return _OUTCOME_LIST.validate_json(path.read_bytes())
    except ValidationError:
        raise StoreError(f"{path} is damaged: delete it and run `jaiza pull`") from None


def merged(workspace: Workspace, *, include_proposed: bool) -> Judged:
    """The matrix from what is stored."""
    sources = load_sources(workspace)
    with Stages(workspace) as stages:
        return judge(workspace, sources, stored_studies(stages, sources), include_proposed=include_proposed)


def patterns_of(
    workspace: Workspace, judged: Judged, cells: Sequence[Cell], sources: Sequence[Source], *, view: View,
    standing: Standing | None = None,
) -> Patterns:  # fmt: skip
    """What comes back across `sources`, which may be a part of the review, as may `cells`."""
    return find_patterns(
        cells,
        sources,
        judged.codebook,
        Material(judged.decisions, judged.marks, judged.documents, judged.proposals),
        view=view,
        standing=standing,
        namings=read_namings(workspace.root / SUBTHEMES, judged.codebook),
        programmes=load_programmes(workspace),
        keep=judged.spill.put if judged.spill else tuple,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    screenings: Sequence[Any]
    criteria: Mapping[str, str]
    audit: Audit | None


def _facts(workspace: Workspace, judged: Judged) -> _Facts:
    criteria = load_criteria(workspace)
    screenings = screen_all(judged.sources, criteria)
    claims = load_claims(workspace, judged.codebook)
    verdicts = {screening.source_id: screening.verdict for screening in screenings}
    found = audit(claims, judged.cells, judged.sources, judged.codebook, screening=verdicts) if claims else None
    return _Facts(screenings, {criterion.id: criterion.statement for criterion in criteria}, found)


def _stored(stages: Stages, source: Source, outcome: Outcome | None) -> Studied:
    holding = stages.holdings.get(source.id)
    if holding and (outcome is None or outcome.sha256 != holding.sha256):  # attached since, or outcomes.json is gone
        outcome = Outcome(source.id, "cached", "stored by an earlier command", sha256=holding.sha256)
    if outcome is None:
        return Studied(Outcome(source.id, "not pulled", "not pulled yet", "run `jaiza pull`"))
    if holding is None or (reading := stages.stored(holding.sha256)) is None:
        return Studied(outcome)
    return Studied(with_reading(outcome, reading), reading, stages=stages)


def _summary(source_id: str, reading: Reading) -> DocumentSummary:
    return DocumentSummary(
        source_id, reading.state, reading.pages, reading.passages, reading.suggestions, reading.failure or reading.note
    )


def _model_facts(stages: Stages, studied: Sequence[Studied]) -> ModelFacts | None:
    if not any(done.is_coded for done in studied):
        return None
    card, aim = stages.card, stages.workspace.review.models.aim
    quality = {
        theme.code: {
            "precision": (at := theme.proposing(aim)).precision,
            "recall": at.recall,
            "f1": theme.f1 if at is theme.proposed else at.f1,
        }
        for theme in card.themes
        if theme.f1 is not None
    }
    return ModelFacts(
        stages.coding_id,
        quality,
        f"Measured on {card.passages:,} labelled passages of {card.groups} documents, each scored by a model that had "
        f"not seen its document ({card.folds} rounds).",
    )


def _counts(studied: Sequence[Studied], judged: Judged) -> dict[str, int]:
    had = {done.outcome.source_id: done.reading for done in studied if done.reading and done.is_coded}
    return {
        "sources": len(studied),
        "held": sum(bool(done.outcome.sha256) for done in studied),
        "read": len(had),
        "pages": sum(reading.pages for reading in had.values()),
        "passages": sum(reading.passages for reading in had.values()),
        "suggestions": sum(reading.suggestions for reading in had.values()),
        "decisions": sum(decision.role != "published" for decision in judged.decisions),
        "orphaned": sum(
            bool(decision.anchor and not decision.anchor.passage_id and decision.source_id in had)
            for decision in judged.decisions
        ),
        "conflicts": sum(cell.conflict for cell in judged.cells),
        "disputed": sum(cell.disputed for cell in judged.cells),
    }


def _seconds(studied: Sequence[Studied]) -> dict[str, float]:
    """Per stage, summed over the sources: they run side by side, so a run takes less."""
    total: defaultdict[str, float] = defaultdict(float)
    for done in studied:
        for stage, seconds in done.seconds.items():
            total[stage] += seconds
    return dict(total)


def _inputs(
    workspace: Workspace, sources: Sequence[Source], studied: Sequence[Studied], logged: Logged, *,
    include_proposed: bool,
) -> dict[str, Any]:  # fmt: skip
    """Everything the results depend on, as hashes: the same inputs give the same results."""
    codebook, sources = load_codebook(workspace), counted(sources, load_links(workspace, sources))
    settings = {key: value for key, value in asdict(workspace.review).items() if key != "store"}
    return {
        "code": _code_hash(),
        "settings": _digest(settings),
        "sources": _digest([asdict(source) for source in sources]),
        "screening": _digest([asdict(one) for one in screen_all(sources, load_criteria(workspace))]),
        "codebook": codebook.revision,
        "claims": _digest(repr(load_claims(workspace, codebook))),
        "subthemes": _digest(repr(read_namings(workspace.root / SUBTHEMES, codebook))),
        "decisions": logged.head,
        "include_proposed": include_proposed,
        "documents": {
            done.outcome.source_id: [
                done.outcome.sha256 or [done.outcome.state, done.outcome.message, done.outcome.remedy],
                done.reading.extractor if done.reading else "",
                (done.reading.failure or done.reading.state) if done.reading else "",
                done.reading.model_id if done.reading else "",
            ]
            for done in studied
        },
    }


def _same_as_latest(workspace: Workspace, inputs: Mapping[str, Any]) -> tuple[Path, dict[str, Any]] | None:
    """The folder of the latest results and their run.json, if their inputs were these and they are all there."""
    record = workspace.out / "latest" / "run.json"
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
        folder = record.parent.resolve()
        complete = all((folder / name).stat().st_size == size for name, size in found["files"].items())
        same = found["inputs"] == json.loads(json.dumps(inputs)) and {"counts", "frequencies", "audit"} <= found.keys()
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return (folder, found) if complete and same else None


def _new_folder(workspace: Workspace, inputs: Mapping[str, Any]) -> Path:
    """A folder that is not there yet, even where the clock has been set back."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{_digest(inputs)[:8]}"
    folder, number = workspace.out / name, 1
    while folder.exists():
        number += 1
        folder = workspace.out / f"{name}-{number}"
    return folder


def _write(
    workspace: Workspace, run: RunResult, result: ReviewResult, inputs: Mapping[str, Any], studied: Sequence[Studied],
    seconds: Mapping[str, float],
) -> None:  # fmt: skip
    """Write the files into a folder of another name, rename it when all are there, and let `latest` point to it."""
    folder = run.folder
    workspace.out.mkdir(exist_ok=True)
    for unfinished in workspace.out.glob(".*.part"):
        shutil.rmtree(unfinished, ignore_errors=True)
    part = workspace.out / f".{folder.name}.part"
    part.mkdir()
    from synthesis.write import write_results  # with it comes matplotlib, which a run without news does not need

    begun = time.monotonic()
    write_results(result, part)
    seconds = {**seconds, "files": time.monotonic() - begun}
    record = {
        "run_id": folder.name,
        "generated": result.generated,
        "review": result.title,
        "sample": result.sample,
        "counts": dict(run.counts),
        "frequencies": [asdict(one) for one in run.frequencies],
        "audit": dict(run.verdicts),
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "stages": {stage: asdict(facts) for stage, facts in result.run.stages.items()} if result.run else {},
        "sources": [
            {
                "source": done.outcome.source_id,
                "state": done.outcome.state,
                "message": done.outcome.message,
                "sha256": done.outcome.sha256,
                "passages": done.reading.passages if done.reading else 0,
                "suggestions": done.reading.suggestions if done.reading else 0,
                "done_now": list(done.did),
                "seconds": {stage: round(value, 3) for stage, value in done.seconds.items()},
            }
            for done in studied
        ],
        "versions": dict(result.versions),
        "inputs": inputs,
        "files": {
            path.relative_to(part).as_posix(): path.stat().st_size for path in sorted(part.rglob("*")) if path.is_file()
        },
    }
    write_atomic(part / "run.json", json.dumps(record, indent=2, ensure_ascii=False).encode() + b"\n")
    part.rename(folder)
    _point_latest(workspace, folder)


def _point_latest(workspace: Workspace, folder: Path) -> None:
    latest = workspace.out / "latest"
    if latest.is_dir() and not latest.is_symlink():
        shutil.rmtree(latest)
    fresh = workspace.out / ".latest"
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(folder.name, target_is_directory=True)
        fresh.replace(latest)
    except OSError:  # some file systems have no links: a copy serves as well
        shutil.copytree(folder, latest)


def _versions() -> dict[str, str]:
    return {"Jaiza": VERSION, **{library: version(library) for library in _LIBRARIES}}


def _code_hash() -> str:
    """Of the program itself: results made by other code are other results."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".html", ".toml", ".css", ".js"):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
