"""Whatever happens between two runs, the reasons of the cells that changed are the things that happened to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.agreement.assignment import Assignment
from annotations.agreement.team_coding import counting_for_studies
from annotations.decision import DONE, Anchor, Decision, Mark
from annotations.log.texts import TextEvent, new_text
from annotations.log.view import Newest, current
from annotations.standing import standing
from corpus.registry.sources import Source
from corpus.workspace import CodingSettings
from extract.document import Box, Document, Page, Passage
from extract.passage_id import passage_ids
from models.codebook.codebook import Codebook, Theme
from models.suggestion import DocumentSuggestions, StudyProposal
from synthesis.matrix.merge import merge_cells
from synthesis.matrix.tables import judgements
from synthesis.runs.event_counts import event_counts
from synthesis.runs.run_changes import Snapshot, compare, snapshot

SOURCES, THEMES, CODERS = ("one", "two"), ("GW", "FS"), ("amina", "bilal")
# What a step of a history is called in the reasons.
WORDS = {
    "decide": "new decision", "done": "study done or open again", "edition": "new edition", "reread": "text read anew",
    "model": "new model", "fold": "new codebook", "assign": "coders assigned otherwise",
}  # fmt: skip


def _document(source: str, edition: int, extraction: int) -> Document:
    """Three passages; an edition has other words in the second, an extraction cuts the third otherwise."""
    texts = [
        f"{source} says that funds came late",
        f"edition {edition} of it adds this",
        f"and so {extraction} read it",
    ]
    passages = tuple(
        Passage(key, text, ((n * 40, n * 40 + 30),), (Box(1, 0, n, 9, n + 1),))
        for n, (key, text) in enumerate(zip(passage_ids(texts), texts, strict=True))
    )
    pages = (Page(1, "1", 100, 100, True),)
    return Document(f"{source}-{edition}", str(extraction), "read", "", pages, (), " ".join(texts), passages)


def _codebook(folded: bool) -> Codebook:
    made = [Theme(code, code, "d", ("a",), ("b",), ("c",)) for code in THEMES]
    return Codebook("t", (made[0], replace(made[1], counts_under="GW") if folded else made[1]))


@dataclass(slots=True)
class Review:
    """A review in memory, and what has happened to it since the last run."""

    events: list[Decision | Mark] = field(default_factory=list)
    texts: dict[str, list[TextEvent]] = field(default_factory=lambda: defaultdict(list))
    editions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SOURCES, 1))
    extractions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SOURCES, 1))
    models: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SOURCES, 1))
    folded: bool = False
    coders: tuple[str, ...] = ()
    happened: set[tuple[str, str, str]] = field(default_factory=set)  # step, study ("": all), theme ("": all)

    def __post_init__(self) -> None:
        for source in SOURCES:
            self._text(source)

    def step(self, kind: str, source: str, theme: str, coder: str, value: int, passage: int) -> None:
        """One thing that happens."""
        document = self.documents[source]
        if kind == "decide":
            anchor = None
            if passage < len(document.passages):
                words = document.passages[passage]
                anchor = Anchor(words.text, 1, words.id)
            self._record(Decision(source, theme, value, coder, anchor=anchor))  # type: ignore[arg-type]
        elif kind == "done":
            ids = tuple(one.id for one in document.passages)
            self._record(Mark(source, "done", coder, covers=ids, themes=THEMES))
            said = {d.theme for d in current([e for e in self.events if isinstance(e, Decision)]) if d.coder == coder}
            for absent in set(THEMES) - said:
                self._record(Decision(source, absent, 0, coder, origin=DONE))
                self.happened.add(("decide", source, absent))
        elif kind in ("edition", "reread"):
            (self.editions if kind == "edition" else self.extractions)[source] += 1
            self._text(source)
        elif kind == "model":
            self.models[source] += 1
        elif kind == "fold":
            self.folded = not self.folded
        else:
            self.coders = () if self.coders else CODERS
        everywhere = kind in ("fold", "assign")
        about = theme if kind == "decide" else ""
        self.happened.add((kind, "" if everywhere else source, about))

    @property
    def documents(self) -> dict[str, Document]:
        """The texts as they are now."""
        return {source: _document(source, self.editions[source], self.extractions[source]) for source in SOURCES}

    def run(self) -> Snapshot:
        """A run: what it comes to. What happened before it is forgotten."""
        codebook, documents = _codebook(self.folded), self.documents
        newest = Newest[Mark]()
        for mark in self.events:
            if isinstance(mark, Mark):
                newest.take(mark)
        coding = CodingSettings(self.coders)
        now = standing(
            current([e for e in self.events if isinstance(e, Decision)]), newest.all(), (), documents,
            codebook=codebook, changes=(), assignment=Assignment(coding),
        )  # fmt: skip
        counting = counting_for_studies(
            now.decisions, now.marks, documents, assignment=Assignment(coding), themes=codebook.codes
        )
        cells = merge_cells(
            [Source(source, source) for source in SOURCES], now.decisions, self._proposals(), documents, codebook,
            standing=counting,
        )  # fmt: skip
        inputs: dict[str, Any] = {
            "codebook": codebook.revision, "coding": repr(coding), "recoding": "", "include_proposed": False,
            "documents": {s: [d.sha256, d.extractor, "read", f"m{self.models[s]}"] for s, d in documents.items()},
            "events": asdict(event_counts(self.events, self.texts, codebook=codebook)),
        }  # fmt: skip
        self.happened.clear()
        return snapshot("run", inputs, dict.fromkeys(SOURCES, 1), judgements(cells))

    def _record(self, event: Decision | Mark) -> None:
        self.events.append(replace(event, number=len(self.events) + 1, event_id=f"e{len(self.events)}"))

    def _text(self, source: str) -> None:
        before = self.texts[source]
        self.texts[source].append(new_text(source, self.documents[source], before))

    def _proposals(self) -> dict[str, DocumentSuggestions]:
        """What the machine proposes hangs on model, file and extraction."""
        found = {}
        for source, document in self.documents.items():
            value: Any = (self.models[source] + self.editions[source] + self.extractions[source]) % 2
            study = StudyProposal("GW", value, 3, 1, 0.1, ())
            model = f"m{self.models[source]}"
            found[source] = DocumentSuggestions(document.sha256, document.extractor, model, "c", (), (study,))
        return found


STEPS = st.tuples(
    st.sampled_from(sorted(WORDS)), st.sampled_from(SOURCES), st.sampled_from(THEMES), st.sampled_from(CODERS),
    st.integers(0, 2), st.integers(0, 3),
)  # fmt: skip


def _bears(happened: tuple[str, str, str], source: str, column: str) -> bool:
    """Whether what happened is about a cell; a theme may be folded into its column now or have been before."""
    _, study, theme = happened
    return study in ("", source) and (theme in ("", column) or column == "GW")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, max_size=6), st.lists(STEPS, min_size=1, max_size=4))
def test_every_changed_cell_has_its_reason_in_what_happened_to_it(
    before: list[tuple[Any, ...]], between: list[tuple[Any, ...]]
) -> None:
    review = Review()
    for step in before:
        review.step(*step)
    first = review.run()
    for step in between:
        review.step(*step)
    happened = set(review.happened)
    for row in compare(first, review.run()).of("cell"):
        bearing = {WORDS[one[0]] for one in happened if _bears(one, row.source, row.theme)}
        assert row.why
        assert set(row.why) <= bearing
        if len(bearing) == 1:
            assert set(row.why) == bearing


def test_nothing_changes_where_nothing_happened() -> None:
    review = Review()
    review.step("decide", "one", "GW", "amina", 2, 0)
    first = review.run()
    assert compare(first, review.run()).rows == ()
