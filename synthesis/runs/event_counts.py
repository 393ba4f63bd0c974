"""How many events there are of each kind on each study: by them two runs tell what happened between them.

The log only grows. Where a count differs, something happened; where it does not, nothing did, whatever the values say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.decision import OWN_CODE, Code, Decision, Event, Mark
from annotations.log.texts import TextEvent
from models.codebook.codebook import Codebook
from models.codebook.recoding import Recoding, codes_now

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StudyCounts:
    """The events on one study."""

    decisions: Counts = field(default_factory=dict)  # by theme: coders' judgements and rulings
    published: Counts = field(default_factory=dict)  # by theme: ticks of a publication
    done: int = 0  # marks that the study is done, or open again
    texts: Counts = field(default_factory=dict)  # by kind: "edition", "read anew"
    seen: int = 0  # marks that a passage was judged


@dataclass(frozen=True, slots=True)
class EventCounts:
    """The events of a review."""

    studies: Mapping[str, StudyCounts] = field(default_factory=dict)  # by source id
    codes: int = 0  # changes of codes of one's own
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)  # theme of decisions -> columns it counts in
    folding: Mapping[str, Sequence[str]] = field(default_factory=dict)  # column -> themes counted in it
    given_out: bool = (
        False  # are the passages given out to coders, so that what each leaves out of one bears on a study?
    )


def event_counts(
    events: Iterable[Event],
    texts: Mapping[str, Sequence[TextEvent]],
    *,
    codebook: Codebook,
    changes: Sequence[Recoding] = (),
    given_out: bool = False,
) -> EventCounts:
    """Count the events of a log; `texts` are those of the texts, by source id."""
    decided: dict[str, Counter[str]] = defaultdict(Counter)
    published: dict[str, Counter[str]] = defaultdict(Counter)
    done: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    codes = 0
    for what in events:
        if isinstance(what, Decision):
            (published if what.role == "published" else decided)[what.source_id][what.theme] += 1
        elif isinstance(what, Mark) and what.kind == "done":
            done[what.source_id] += 1
        elif isinstance(what, Mark) and what.kind == "seen":
            seen[what.source_id] += 1
        elif isinstance(what, Code):
            codes += 1
    studies = {
        source_id: StudyCounts(
            dict(sorted(decided[source_id].items())),
            dict(sorted(published[source_id].items())),
            done[source_id],
            dict(sorted(Counter(one.kind for one in texts.get(source_id, ())).items())),
            seen[source_id],
        )
        for source_id in sorted({*decided, *published, *done, *texts, *seen})
    }
    themes = sorted({theme for study in studies.values() for theme in (*study.decisions, *study.published)})
    return EventCounts(
        studies,
        codes,
        {theme: _columns(theme, codebook, changes) for theme in themes},
        _folding(codebook),
        given_out,
    )


def _columns(theme: str, codebook: Codebook, changes: Sequence[Recoding]) -> list[str]:
    """The columns that a decision on `theme` may bear on; all of them for a code of one's own, which may be moved."""
    if theme.startswith(OWN_CODE):
        return list(codebook.columns)
    found = (codebook.column_of(code) for code in codes_now(theme, changes, codebook))
    return sorted({column for column in found if column})


def _folding(codebook: Codebook) -> dict[str, list[str]]:
    return {
        column: [code for code in codebook.codes if codebook.column_of(code) == column] for column in codebook.columns
    }
