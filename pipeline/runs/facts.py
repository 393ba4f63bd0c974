"""How a run went, from what became of its sources: work and cache hits of every stage, and who did what when."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.source_result import SourceResult
from synthesis.runs.run_timeline import STAGES, RunFacts, Spell, StageFacts

# Beyond so many documents the chart shows workers, in which single documents can't be told apart anyway: those that
# took longest are kept, so that the report does not grow with the run.
MOST_SPELLS = 2_000


def run_facts(results: Sequence[SourceResult]) -> RunFacts:
    """Facts for `run.json` and the report. Times of workers whose clock differs are kept within the run."""
    stages = {
        stage: StageFacts(
            done=sum(stage in done.did for done in results),
            found=sum(stage not in done.did and _has(done, stage) for done in results),
            seconds=sum(done.seconds.get(stage, 0.0) for done in results),
        )
        for stage in STAGES
    }
    begun = min((done.pull_began for done in results if done.pull_began), default=0.0)
    spells = [spell for done in results for spell in _spells(done, begun)]
    if len(spells) > MOST_SPELLS:
        spells = sorted(spells, key=lambda spell: -spell.seconds)[:MOST_SPELLS]
    return RunFacts(stages, spells)


def _has(done: SourceResult, stage: str) -> bool:
    if stage == "pull":
        return bool(done.outcome.sha256)
    return done.reading is not None if stage == "extract" else done.is_coded


def _spells(done: SourceResult, begun: float) -> list[Spell]:
    source_id, found = done.outcome.source_id, []
    if "pull" in done.did or not done.outcome.sha256:
        found.append(Spell(source_id, "pull", "", max(0.0, done.pull_began - begun), done.seconds.get("pull", 0.0)))
    reading = done.reading
    if reading and reading.did and reading.began:
        at = max(0.0, reading.began - begun)
        for stage in ("extract", "suggest"):
            seconds = reading.seconds.get(stage, 0.0)
            if stage in reading.did:
                found.append(Spell(source_id, stage, reading.worker, at, seconds))
            at += seconds
    return found
