"""What a run tells the person who started it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.json_table import JsonObject
from corpus.outcome import NOT_CHECKED, Outcome
from synthesis.audit.verdict import VERDICT_COUNTS, Verdict
from synthesis.humanize import counted as counted_in_words
from synthesis.runs.run_changes import Changes
from synthesis.statistics.frequency import Frequency

if TYPE_CHECKING:
    from corpus.registry.duplicates import DuplicatePair


_REOPENED = 10  # studies that are open again, told one by one


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
    duplicates: Sequence[DuplicatePair] = ()  # pairs that look like one work, found now; a person should say
    examples: str = ""  # which themes have too few example passages, and what to do
    reopened: Sequence[tuple[str, str, str]] = ()  # study, coder, what came since the coder was done with it
    model: str = ""  # what there is to say about the model: that it is another one than last time, and why
    encoder: str = ""  # which sentence encoder is missing, and what it would bring
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
    def unchecked(self) -> int:
        """Sources whose file is held from before, and whose host could not be asked this time whether it changed."""
        return sum(any(said.startswith(NOT_CHECKED) for said in one.warnings) for one in self.outcomes)

    @property
    def state_name(self) -> str:
        """How Prefect's history calls the end of this run: what was never had, and which hosts failed this time."""
        parts = ["Completed", *["sources missing"] * self.incomplete, *["hosts failed"] * bool(self.unchecked)]
        return ", ".join(parts)

    @property
    def summary(self) -> str:
        """A few lines for the terminal."""
        c = self.counts
        lines = [f"Examples   {self.examples}"] if self.examples else []
        lines += [f"Open again {study}, {coder}: {news}" for study, coder, news in self.reopened[:_REOPENED]]
        if len(self.reopened) > _REOPENED:
            lines.append(f"Open again {len(self.reopened) - _REOPENED} more: `jaiza review` shows them to their coders")
        lines += [
            f"Sources    {c['sources']} in the registry, {c['read']} of them read: "
            f"{counted_in_words(c['pages'], 'page')}, {counted_in_words(c['passages'], 'passage')}",
            *(
                [f"Hosts      of {counted_in_words(self.unchecked, 'source')} failed now: the files held are used"]
                if self.unchecked
                else []
            ),
            f"Codes      {counted_in_words(c['suggestions'], 'suggestion')}, "
            f"{counted_in_words(c['decisions'], 'decision')} by reviewers, "
            f"{counted_in_words(c['conflicts'], 'cell')} where machine and people differ",
            f"Studies    {self._studies()}",
        ]
        if self.model:
            lines.append(f"Model      {self.model}")
        if self.encoder:
            lines.append(f"Encoder    {self.encoder}")
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
        if self.duplicates:
            pairs_alike = counted_in_words(len(self.duplicates), "pair")
            lines.append(f"Look at    {pairs_alike} of sources that look alike: jaiza sources duplicates")
        if self.changes:
            lines.append(f"Changed    {self.changes.summary}, since run {self.changes.before}")
        changed = ", nothing has changed since the run before" if self.unchanged else ""
        lines.append(f"Report     {self.folder.parent / 'latest' / 'report.html'}{changed}")
        return "\n".join(lines)

    def _studies(self) -> str:
        if not any(frequency.known for frequency in self.frequencies):
            what = "the suggestions to decide on" if self.counts["suggestions"] else "the studies, to be read and coded"
            return f"nobody has judged a cell yet: the review's pages (`jaiza review`) show {what}"
        return ", ".join(
            f"{f.theme} {f.present} of {f.known}" + (f" ({f.percent:.0f} %)" if f.percent is not None else "")
            for f in self.frequencies
        )

    def as_json(self) -> JsonObject:
        """For --json."""
        return {
            "folder": str(self.folder),
            "unchanged": self.unchanged,
            "seconds": round(self.seconds, 2),
            "counts": dict(self.counts),
            "model": self.model,
            "encoder": self.encoder,
            "examples": self.examples,
            "reopened": [{"study": study, "coder": coder, "news": news} for study, coder, news in self.reopened],
            "sources": [asdict(outcome) for outcome in self.outcomes],
            "editions": dict(self.editions),
            "duplicates": [asdict(pair) for pair in self.duplicates],
            "changes": asdict(self.changes) if self.changes else None,
            "frequencies": [asdict(frequency) for frequency in self.frequencies],
            "audit": dict(self.verdicts),
        }
