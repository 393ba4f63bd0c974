"""Plays a year through Jaiza: its stages, its decision log, the acts of its pages, its merge of copies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import tomli_w

from annotations.agreement.adjudication import ruling
from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import open_log
from bench.year import old_log
from bench.year.figures import Figures
from bench.year.measure import figures_of
from bench.year.steps import (
    BringBack,
    Codebook,
    Decide,
    Finish,
    Pass,
    Rule,
    Run,
    Step,
    TakeCopy,
    Text,
    Upgrade,
)
from bench.year.texts import OLD_READER, Parts, file_of, laid_out, text_of
from corpus.registry.registry_file import load_sources
from corpus.store.pdf_store import Holding, Holdings, pdf_path
from corpus.workspace import Workspace, write_atomic
from extract.cache import document_to_json
from extract.document import Block, Box, Document, Page, Passage
from extract.passage_id import passage_ids
from extract.version import EXTRACTOR
from models.codebook.codebook import load_codebook
from models.codebook.recoding import Recoding, add_recoding
from models.suggest.suggestion_cache import store_suggestions
from models.suggestion import DocumentSuggestions
from pipeline.documents.stages import Stages
from pipeline.documents.stored_sources import stored_sources
from pipeline.join_copies import plan_join
from pipeline.lazy_documents import LazyDocuments
from pipeline.merged_review import judge, read_log
from pipeline.open_review import open_review
from pipeline.runs.inputs import run_inputs
from pipeline.text_history import note_texts
from review.auth import Session
from review.context import ReviewContext
from review.pages.decisions import DecisionRoutes
from review.review_items import ReviewItems
from review.review_state import ReviewState
from review.serving.server import review_items_of
from synthesis.matrix.tables import judgements
from synthesis.runs.run_changes import Snapshot, compare, snapshot

EARLIER_READER = str(int(EXTRACTOR) - 1)
NO_MODEL = "none"  # stands for a model that proposes nothing
_A_PAGE = 4  # passages


@dataclass(slots=True)
class _Side:
    """The review, or its copy, with its pages, which stay open all year."""

    workspace: Workspace
    database: str  # its address; "" for the file in the workspace
    log: DecisionLog | None = None
    context: ReviewContext | None = None
    routes: DecisionRoutes | None = None

    def close(self) -> None:
        if self.log:
            self.log.close()
        self.log = self.context = self.routes = None


@dataclass(slots=True)
class Player:
    """One year in a workspace under `root`. `new_database` makes a database beside SQLite's; None: SQLite."""

    root: Path
    settings: str  # of review.toml
    themes: tuple[tuple[str, str], ...]  # code, and the code it is counted under
    new_database: Callable[[str], str] | None = None
    copy_database: Callable[[str, str], str] | None = None
    machine: bool = False  # with suggestions; without, a year takes a third of the time
    sides: dict[bool, _Side] = field(default_factory=dict)  # by whether it is the copy
    held: dict[str, tuple[str, tuple[Parts, ...]]] = field(default_factory=dict)  # study -> file, passages
    last: Snapshot | None = None
    reader: str = OLD_READER
    files: int = 0
    positive: set[tuple[str, str, str]] = field(default_factory=set)  # in the old log: coder, study, theme

    def begin(self, studies: tuple[str, ...]) -> None:
        """An empty review in which nothing was read, with a log of format 3."""
        place = self.root / "review"
        place.mkdir(parents=True)
        (place / "review.toml").write_text(f"title = 'A year'\nshipped_sources = false\n{self.settings}")
        rows = [{"id": study, "label": study} for study in studies]
        (place / "sources.toml").write_text(tomli_w.dumps({"source": rows}))
        self._write_codebook(place)
        workspace, _ = open_review(place)
        address = self.new_database("year") if self.new_database else ""
        self.sides[False] = _Side(workspace, address)
        with self._at(False):
            old_log.make(workspace.database_url)

    def play(self, step: Step) -> Figures | None:
        """Let it happen; a run gives its figures."""
        if isinstance(step, Run):
            return self._run(step)
        with self._at(getattr(step, "on_copy", False)) as side:
            if isinstance(step, Text):
                self._text(side, step)
            elif isinstance(step, Decide | Pass | Finish) and self.reader == OLD_READER:
                self._in_the_old_log(side.workspace, step)
            elif isinstance(step, Decide | Pass | Finish):
                self._act(side, step)
            elif isinstance(step, Rule):
                self._rule(side, step)
            elif isinstance(step, Codebook):
                self._codebook(side, step)
            elif isinstance(step, Upgrade):
                self._upgrade(side, step)
            elif isinstance(step, TakeCopy):
                self._take_copy(side)
            elif isinstance(step, BringBack):
                self._bring_back(side)
        return None

    def close(self) -> None:
        """Let go of the databases."""
        for side in self.sides.values():
            side.close()
        set_reader(EXTRACTOR)

    @contextmanager
    def _at(self, copy: bool) -> Iterator[_Side]:
        """The side whose log is meant, as the environment names it."""
        side = self.sides[copy]
        before = os.environ.pop("JAIZA_DATABASE_URL", None)
        if side.database:
            os.environ["JAIZA_DATABASE_URL"] = side.database
        try:
            yield side
        finally:
            os.environ.pop("JAIZA_DATABASE_URL", None)
            if before is not None:
                os.environ["JAIZA_DATABASE_URL"] = before

    # ---- texts

    def _text(self, side: _Side, step: Text) -> None:
        self.files += 1
        data, sha256 = file_of(self.files)
        write_atomic(pdf_path(side.workspace, sha256), data)
        Holdings(side.workspace).record(Holding(step.study, sha256, len(data), "attached", "2024-01-01T00:00:00+00:00"))
        self.held[step.study] = sha256, step.passages
        self._store(side.workspace, made_document(sha256, self.reader, step.passages))

    def _store(self, workspace: Workspace, document: Document) -> None:
        path = workspace.root / "text" / f"{document.sha256}.{document.extractor}.json"
        write_atomic(path, document_to_json(document))
        if not self.machine:
            store_suggestions(
                workspace, DocumentSuggestions(document.sha256, document.extractor, NO_MODEL, "", (), (), 0)
            )

    def _stages(self, workspace: Workspace) -> Stages:
        return Stages(workspace, model_id="" if self.machine else NO_MODEL)

    def _items(self, workspace: Workspace) -> ReviewItems:
        """As `review_items_of` has it."""
        if self.machine:
            return review_items_of(workspace)
        sources = load_sources(workspace)
        with self._stages(workspace) as stages:
            results, lazy = stored_sources(stages, sources), LazyDocuments(stages)
            documents, proposals = dict(lazy.texts(results)), dict(lazy.suggestions(results))
        return ReviewItems(sources, documents, proposals, load_codebook(workspace))

    def _in_the_old_log(self, workspace: Workspace, step: Decide | Pass | Finish) -> None:
        codebook = load_codebook(workspace)
        if isinstance(step, Decide) and step.value:
            self.positive.add((step.coder, step.study, step.theme))
        absent = []
        if isinstance(step, Finish) and step.on and not workspace.review.coding.coders:
            absent = [code for code in codebook.codes if (step.coder, step.study, code) not in self.positive]
        old_log.write(workspace, step, self._old_document(step.study), codebook.revision, absent)

    def _old_document(self, study: str) -> Document:
        return made_document(self.held[study][0], OLD_READER, self.held[study][1])

    def _upgrade(self, side: _Side, step: Upgrade) -> None:
        side.close()
        self.reader = EARLIER_READER if step.to == 1 else EXTRACTOR
        set_reader(self.reader)
        if step.to == 2:
            old_log.to_format_4(side.workspace.database_url)
        anew = {text.study: text.passages for text in step.texts}
        for study, (sha256, passages) in self.held.items():
            now = anew.get(study, passages)
            self.held[study] = sha256, now
            self._store(side.workspace, made_document(sha256, self.reader, now))

    # ---- people

    def _opened(self, side: _Side) -> DecisionRoutes:
        if side.routes is None:
            items = self._items(side.workspace)
            side.log = open_log(side.workspace)
            read = {source: (text.sha256, text.extractor) for source, text in items.documents.items()}
            note_texts(side.workspace, side.log, read, items.documents)
            side.context = ReviewContext(side.workspace, items, ReviewState(items, side.log))
            side.context.load_items = lambda: self._items(side.workspace)
            side.routes = DecisionRoutes(side.context)
        return side.routes

    def _act(self, side: _Side, step: Decide | Pass | Finish) -> None:
        routes = self._opened(side)
        assert side.context
        given: dict[str, Any] = {"source": step.study, "key": step.clock, "view": "form"}
        if isinstance(step, Pass):
            draw = side.context.coder_items.assignment
            theirs = [
                passage.id
                for passage in side.context.review_items.document(step.study).passages
                if draw.codes(step.coder, step.study, passage.id)
            ]
            given |= {"act": "passed", "passages": theirs}
        elif isinstance(step, Finish):
            given |= {"act": "done" if step.on else "reopen", "sure": True}
        else:
            given |= {"passage": self._passage(side.context, step.study, step.parts)}
            if step.value is None:
                own = side.context.review_state.own(step.coder, step.study).by_passage[given["passage"]]
                (quote,) = {d.anchor.quote for d in own.values() if d.theme == step.theme and d.anchor}
                given |= {"act": "remove", "to": step.theme, "quote": quote}
            elif step.value:
                given |= {"act": "add", "to": step.theme, "value": step.value}
            else:
                given |= {"act": "value", "theme": step.theme, "value": 0}
        answer = routes.act(SimpleNamespace(state=SimpleNamespace(given=given)), Session(step.coder, "coder", ""))  # type: ignore[arg-type]
        assert b"reload" in answer.body, answer.body

    def _passage(self, context: ReviewContext, study: str, parts: Parts) -> str:
        wanted = text_of(parts)
        return next(p.id for p in context.review_items.document(study).passages if p.text == wanted)

    def _rule(self, side: _Side, step: Rule) -> None:
        self._opened(side)
        context = side.context
        assert context
        assert side.log
        context.review_state.catch_up()
        passage = self._passage(context, step.study, step.parts)
        for one in context.matrix.disputes():
            if (one.place.source_id, one.place.passage_id, one.theme) == (step.study, passage, step.theme):
                revision = context.review_items.codebook.revision
                made = ruling(one, step.value, because="so", by="Zara", codebook=revision, decided=step.clock)
                side.log.record([made])

    # ---- codebook

    def _write_codebook(self, place: Path, *, reworded: int = 0) -> None:
        rows = [
            {
                "code": code,
                "name": f"Theme {code}" + " again" * reworded,
                "definition": f"What is said of {code}.",
                "include": [f"Anything on {code}."],
                "exclude": ["Everything else."],
                "examples": [f"An example of {code}."],
                **({"counts_under": under} if under else {}),
            }
            for code, under in self.themes
        ]
        (place / "codebook.toml").write_text(tomli_w.dumps({"title": "Made", "theme": rows}))

    def _revision(self, side: _Side) -> str:
        return load_codebook(side.workspace).revision

    def _codebook(self, side: _Side, step: Codebook) -> None:
        before = self._revision(side)
        themes = dict(self.themes)
        if step.kind == "extend":
            themes |= dict.fromkeys(step.into, "")
        elif step.kind != "reword":
            under = {themes[code] for code in step.themes}
            for code in step.themes:
                del themes[code]
            themes |= dict.fromkeys(step.into, "" if len(under) > 1 else under.pop())
            # What was counted under a theme that is gone is counted under the first that it became.
            themes = {code: step.into[0] if up in step.themes else up for code, up in themes.items()}
        self.themes = tuple(themes.items())
        self._write_codebook(side.workspace.root, reworded=int(step.kind == "reword"))
        if step.kind in ("rename", "merge", "split"):
            change = Recoding(
                "split" if step.kind == "split" else "merge", step.themes, step.into, "so", step.clock,
                before=(before,),
            )  # fmt: skip
            add_recoding(side.workspace, change, load_codebook(side.workspace))

    # ---- copies

    def _take_copy(self, side: _Side) -> None:
        side.close()
        place = self.root / "copy"
        shutil.copytree(side.workspace.root, place, symlinks=True)
        address = self.copy_database("year", "year_copy") if self.copy_database else ""
        self.sides[True] = _Side(open_review(place)[0], address)

    def _bring_back(self, side: _Side) -> None:
        copy = self.sides.pop(True)
        copy.close()
        side.close()
        plan_join(
            side.workspace, open_review(side.workspace.root)[1], copy.database or str(copy.workspace.root), apply=True
        )

    # ---- runs

    def _run(self, step: Run) -> Figures:
        with self._at(False) as side:
            workspace, sources = open_review(side.workspace.root)
            with self._stages(workspace) as stages:
                results = stored_sources(stages, sources)
                logged = read_log(stages, sources, results)
                judged = judge(stages, sources, results, include_proposed=False, logged=logged)
                inputs = run_inputs(
                    workspace, sources, results, logged.head, include_proposed=False, events=logged.events
                )
                # What people hold; the machine's view is nothing that can be worked out by hand.
                people = [replace(cell, machine=None, machine_hits=0, machine_best=None) for cell in judged.cells]
                now = snapshot(f"run {step.number}", inputs, {}, judgements(people))
            changes = compare(self.last, now) if self.last else None
            self.last = now
            if side.context:
                side.context.load_again()
            return figures_of(workspace, judged, changes, side.context)


def made_document(sha256: str, reader: str, passages: tuple[Parts, ...]) -> Document:
    """A text as a reader gives it."""
    text, spans = laid_out(reader, passages)
    ids = passage_ids(map(text_of, passages))
    if reader == OLD_READER:
        ids = [f"{sha256[:12]}-{start}-{end}" for start, end in spans]
    made = []
    for number, (key, parts, span) in enumerate(zip(ids, passages, spans, strict=True)):
        box = Box(1 + number // _A_PAGE, 72, 72 + 40 * (number % _A_PAGE), 500, 100 + 40 * (number % _A_PAGE))
        made.append(Passage(key, text_of(parts), (span,), (box,), section="findings"))
    pages = tuple(Page(number, str(number), 595, 842, True) for number in range(1, 2 + len(passages) // _A_PAGE))
    blocks = tuple(Block("body", passage.spans[0], passage.boxes[0]) for passage in made)
    return Document(sha256, reader, "read", pages=pages, blocks=blocks, text=text, passages=tuple(made))


def set_reader(version: str) -> None:
    """Let every module take its texts for read by this version."""
    import sys

    for module in list(sys.modules.values()):
        for name, value in (("EXTRACTOR", version), ("OCR_EXTRACTOR", f"{version}+ocr")):
            if getattr(module, "__name__", "").split(".")[0] in ("extract", "pipeline") and hasattr(module, name):
                setattr(module, name, value)
