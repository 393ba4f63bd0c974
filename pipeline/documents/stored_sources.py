"""What earlier commands stored for every source: for the stages and pages that pull and read nothing themselves."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.outcome import Outcome
from corpus.registry.sources import Source
from extract.cache import load_document
from pipeline.documents.document_record import DocumentRecord
from pipeline.documents.process_document import read_and_code
from pipeline.documents.source_result import SourceResult, outcome_after_reading
from pipeline.documents.stages import Stages
from pipeline.outcomes import load_outcomes


def stored_sources(stages: Stages, sources: Sequence[Source]) -> list[SourceResult]:
    """What is known of every source, pulling and reading nothing now; in the order of `sources`."""
    known = {outcome.source_id: outcome for outcome in load_outcomes(stages.workspace)}
    return [_find_stored(stages, source, known.get(source.id)) for source in sources]


def _find_stored(stages: Stages, source: Source, outcome: Outcome | None) -> SourceResult:
    holding = stages.holdings.get(source.id)
    if holding and (outcome is None or outcome.sha256 != holding.sha256):  # attached since, or outcomes.json is gone
        outcome = Outcome(source.id, "cached", "stored by an earlier command", sha256=holding.sha256)
    if outcome is None:
        return SourceResult(Outcome(source.id, "not pulled", "not pulled yet", "run `jaiza pull`"))
    record = _find_record(stages, holding.sha256) if holding else None
    return SourceResult(outcome_after_reading(outcome, record), record) if record else SourceResult(outcome)


def _find_record(stages: Stages, sha256: str) -> DocumentRecord | None:
    """The record of a PDF; one that was read and not coded yet is coded now."""
    record = stages.known.find(sha256)
    if record is None and load_document(stages.workspace, sha256) is not None:
        record = read_and_code(stages, sha256)
    return record
