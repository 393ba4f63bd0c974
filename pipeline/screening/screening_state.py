"""The records of a review as they stand in screening, from the registry and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotations.decision import Screened, ScreeningStage, ScreeningVerdict
from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import open_log
from annotations.screening.verdicts import KEPT, ScreenedRecord, screen_records
from corpus.errors import choose
from corpus.registry.edition_links import counted, load_links
from corpus.registry.registry_file import load_sources
from corpus.registry.source_details import SourceDetails, load_details
from corpus.registry.sources import Eligibility, Source
from corpus.workspace import Workspace

_ELSEWHERE: Mapping[Eligibility, ScreeningVerdict] = {"pass": "include", "doubtful": "maybe", "fails": "exclude"}


@dataclass(frozen=True, slots=True)
class RecordRegistry:
    """The records of a review, before anybody screens them."""

    sources: Mapping[str, Source]  # by id; other editions of one of them are left out
    editions: int  # that were left out
    details: Mapping[str, SourceDetails]  # abstracts and keywords, by id


@dataclass(frozen=True, slots=True)
class ScreeningState(RecordRegistry):
    """All records, and where each stands at both stages."""

    history: Sequence[Screened]  # every verdict ever given, in the order of the log
    abstracts: Mapping[str, ScreenedRecord]
    full_texts: Mapping[str, ScreenedRecord]  # of those that were kept by their abstract

    def at(self, stage: ScreeningStage) -> Mapping[str, ScreenedRecord]:
        """The records of a stage."""
        return self.abstracts if stage == "abstract" else self.full_texts

    def record(self, source_id: str, stage: ScreeningStage) -> ScreenedRecord:
        """One record, by its id or the beginning of it. UnknownChoiceError: it is not screened at this stage."""
        records = self.at(stage)
        found = records.get(source_id)
        return found or records[choose("record", source_id[:60], records)]

    def text(self, source_id: str) -> str:
        """Title, abstract and keywords."""
        source, more = self.sources[source_id], self.details.get(source_id)
        said = (source.title, source.container_title, more.abstract if more else "", *(more.keywords if more else ()))
        return " \n".join(part for part in said if part)

    def has_words(self, source_id: str, words: str) -> bool:
        """Are all of `words` in what is known of a record, in capitals or not? Without words, yes."""
        wanted = words.casefold().split()
        text = self.text(source_id).casefold() if wanted else ""
        return all(word in text for word in wanted)


def read_registry(workspace: Workspace) -> RecordRegistry:
    """The records, from the files of the review."""
    every = load_sources(workspace)
    sources = {source.id: source for source in counted(every, load_links(workspace, every))}
    return RecordRegistry(sources, len(every) - len(sources), load_details(workspace))


def read_screening(workspace: Workspace, log: DecisionLog, registry: RecordRegistry | None = None) -> ScreeningState:
    """The state of screening now; `registry`, where it was read already."""
    registry = registry or read_registry(workspace)
    sources = registry.sources
    verdicts, needed = log.screened(), workspace.review.screening.screeners
    elsewhere = {one.id: _ELSEWHERE[one.eligibility] for one in sources.values() if one.eligibility}
    abstracts = screen_records(sources, verdicts, needed=needed, elsewhere=elsewhere)
    kept = [key for key, one in abstracts.items() if one.standing in KEPT]
    return ScreeningState(
        sources=sources,
        editions=registry.editions,
        details=registry.details,
        history=log.screening_history(),
        abstracts=abstracts,
        full_texts=screen_records(kept, verdicts, stage="full text", needed=needed),
    )


def sources_to_read(
    workspace: Workspace, sources: Sequence[Source], log: DecisionLog | None = None
) -> tuple[Source, ...]:
    """Those of `sources` that screening has not left out; with `[screening] first` those that it has let in.

    Other editions of a work stay: what is counted once may be read twice.
    """
    if log is None:
        with open_log(workspace) as opened:
            return sources_to_read(workspace, sources, opened)
    settings = workspace.review.screening
    if not settings.first and not log.screened():
        return tuple(sources)
    state, editions = read_screening(workspace, log), load_links(workspace, sources).editions
    return tuple(source for source in sources if _is_in(state, editions.get(source.id, source.id), settings.first))


def counted_sources(
    workspace: Workspace, sources: Sequence[Source], log: DecisionLog | None = None
) -> tuple[Source, ...]:
    """Those of `sources` that count in the review: one edition of each work, and none that screening has left out."""
    links = load_links(workspace, sources)
    return tuple(counted(sources_to_read(workspace, sources, log), links))


def _is_in(state: ScreeningState, source_id: str, only_included: bool) -> bool:
    abstract, full_text = state.abstracts.get(source_id), state.full_texts.get(source_id)
    if abstract is None:
        return True
    if full_text and full_text.standing == "exclude":
        return False
    if only_included:
        return abstract.standing in KEPT
    # What another program's list says was only ever shown beside the source: here it is left out by a person's verdict.
    decided_here = bool(abstract.said or abstract.ruling)
    return abstract.standing != "exclude" or not decided_here
