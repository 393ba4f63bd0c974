"""What happens to draw, decisions and finished studies when the file or the text of a source becomes another."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from annotations.agreement.assignment import Assignment
from annotations.agreement.ratings import passage_ratings, study_ratings
from annotations.anchor import Finder
from annotations.decision import DONE, Anchor, Decision, Mark
from annotations.finishing import StudyState, done_mark, study_state
from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import open_log
from annotations.log.texts import text_events
from annotations.standing import standing
from corpus.workspace import CodingSettings, Workspace
from extract.cache import document_from_json, document_to_json
from extract.document import Document
from extract.passage_id import passage_ids
from extract.read import EXTRACTOR, read_document
from models.codebook.codebook import Codebook, shipped_codebook
from pipeline.open_review import open_review
from pipeline.text_history import note_texts, open_assignment

DATA = Path(__file__).parent.parent / "annotations" / "data"
OLD = DATA / "workspace_of_format_3"
SETTINGS = CodingSettings(("Amina", "Bilal", "Chen", "Dana"), double_share=0.3, blind_share=0.2)
SAMPLE = Path(str(files("corpus.sample").joinpath("site")))


def _old_workspace(root: Path, *, texts: bool) -> tuple[Workspace, dict[str, Document]]:
    """A review as the version before kept it, and its texts as they are read now."""
    root.mkdir()
    for name in ("review.toml", "sources.toml", "corpus.lock", "workspace.json", "outcomes.json"):
        shutil.copy(OLD / name, root / name)
    connection = sqlite3.connect(root / "annotations.db")
    connection.executescript((OLD / "annotations.sql").read_text(encoding="utf-8"))
    connection.close()
    now = {}
    for source_id in ("doc-0", "doc-1"):
        then = document_from_json((OLD / f"{source_id}.json").read_bytes())
        if texts:
            (root / "text").mkdir(exist_ok=True)
            (root / "text" / f"{then.sha256}.15.json").write_bytes(document_to_json(then))
        ids = passage_ids(passage.text for passage in then.passages)
        passages = tuple(replace(p, id=key) for key, p in zip(ids, then.passages, strict=True))
        now[source_id] = replace(then, extractor=EXTRACTOR, passages=passages)
    return open_review(root)[0], now


def _read(documents: dict[str, Document]) -> dict[str, tuple[str, str]]:
    return {source_id: (document.sha256, document.extractor) for source_id, document in documents.items()}


@pytest.mark.parametrize("texts", [True, False], ids=["texts kept", "texts deleted"])
@pytest.mark.parametrize("unit", ["passage", "study"])
def test_a_review_of_the_version_before_keeps_its_draw(tmp_path: Path, texts: bool, unit: str) -> None:
    workspace, documents = _old_workspace(tmp_path / "w", texts=texts)
    drawn = json.loads((OLD / "draw.json").read_text(encoding="utf-8"))[unit]
    with open_log(workspace) as log:
        note_texts(workspace, log, _read(documents), documents)
        made = open_assignment(workspace, log)
    draw = Assignment(replace(made.settings, unit=unit), made.drawn_as)  # type: ignore[arg-type]
    for source_id, document in documents.items():
        found = [
            [list(draw.coders_of(source_id, p.id)), draw.shows_machine(source_id, p.id)] for p in document.passages
        ]
        assert found == list(drawn[source_id].values())


def test_the_draw_is_that_of_the_text_as_it_was_read_then_though_it_was_read_anew_first(tmp_path: Path) -> None:
    """A run stores the new reading before it comes to the log; its passages stand elsewhere in the text."""
    workspace, documents = _old_workspace(tmp_path / "w", texts=True)
    drawn = json.loads((OLD / "draw.json").read_text(encoding="utf-8"))["passage"]
    for source_id, document in documents.items():
        moved = [replace(p, spans=tuple((a + 7, b + 7) for a, b in p.spans)) for p in document.passages]
        now = replace(document, text="a head " + document.text, passages=tuple(moved))
        documents[source_id] = now
        (workspace.root / "text" / f"{now.sha256}.{EXTRACTOR}.json").write_bytes(document_to_json(now))
    with open_log(workspace) as log:
        note_texts(workspace, log, _read(documents), documents)
        draw = open_assignment(workspace, log)
    for source_id, document in documents.items():
        found = [list(draw.coders_of(source_id, passage.id)) for passage in document.passages]
        assert found == [coders for coders, _ in drawn[source_id].values()]


def test_what_was_done_before_covers_what_was_there_and_is_carried_over_once(tmp_path: Path) -> None:
    workspace, documents = _old_workspace(tmp_path / "w", texts=True)
    with open_log(workspace) as log:
        before = log.current()
        note_texts(workspace, log, _read(documents), documents)
        draw = open_assignment(workspace, log)
        done = [mark for mark in log.marks() if mark.kind == "done"]
        assert {mark.coder for mark in done} == {"Amina", "Bilal"}
        for mark in done:
            own = tuple(p.id for p in documents["doc-0"].passages if draw.codes(mark.coder, "doc-0", p.id))
            assert mark.covers == own
        assert log.current() == before
        head = log.head()
        note_texts(workspace, log, _read(documents), documents)
        assert log.head() == head
        kinds = [[event.kind for event in own] for own in text_events(log).values()]
        assert kinds == [["first", "same words"]] * 2


def _stamped(tmp_path: Path) -> tuple[Document, Document]:
    pdf = (SAMPLE / "reports" / "hearth-grant-evaluation.pdf").read_bytes()
    found = []
    for name, data in (("a", pdf), ("b", pdf + b"%% downloaded 2026-11-30\n")):
        (tmp_path / name).write_bytes(data)
        found.append(read_document(tmp_path / name, name * 64))
    return found[0], found[1]


def test_one_more_byte_in_a_file_changes_nothing_of_who_codes_what(tmp_path: Path) -> None:
    was, now = _stamped(tmp_path)
    assert [p.id for p in was.passages] == [p.id for p in now.passages]
    assert len({p.id for p in was.passages}) == len(was.passages)


@pytest.fixture
def editions(tmp_path: Path) -> Iterator[tuple[Workspace, DecisionLog, Document, Document]]:
    """A log, the first edition of a report, and its second."""
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "review.toml").write_text("title = 'Mine'\nshipped_sources = false\n", encoding="utf-8")
    (tmp_path / "w" / "sources.toml").write_text("[[source]]\nid = 'torrand'\nlabel = 'S'\n", encoding="utf-8")
    workspace, _ = open_review(tmp_path / "w")
    first = read_document(SAMPLE / "reports" / "hearth-grant-evaluation.pdf", "a" * 64)
    second = read_document(DATA / "changes" / "torrand-ed2.pdf", "b" * 64)
    workspace.text.mkdir()
    (workspace.text / f"{'a' * 64}.{first.extractor}.json").write_bytes(document_to_json(first))
    with open_log(workspace) as log:
        note_texts(workspace, log, {"torrand": (first.sha256, first.extractor)}, {"torrand": first})
        yield workspace, log, first, second


def _of(document: Document, number: int, value: int | None, **more: object) -> Decision:
    passage = document.passages[number]
    anchor = Anchor(passage.text, passage.page, passage.id, sha256=document.sha256)
    return Decision("torrand", "TI", value, "amina", anchor=anchor, **more)  # type: ignore[arg-type]


def _finish(log: DecisionLog, document: Document, codebook: Codebook) -> Mark:
    for passage in document.passages:
        seen = Mark("torrand", "seen", "amina", anchor=Anchor(passage.text, passage.page, passage.id))
        log.record(marks=[seen])
    state = _state(log, document, codebook)
    assert state.question == ""
    log.record(
        [Decision("torrand", code, 0, "amina", origin=DONE) for code in codebook.codes if code != "TI"],
        [done_mark(state, "torrand", "amina", codebook=codebook, decided="2026-11-01")],
    )
    return log.marks()[-1]


def _state(log: DecisionLog, document: Document, codebook: Codebook) -> StudyState:
    finder = Finder(document)
    decisions, marks = map(finder.anchored, log.current()), map(finder.anchored, log.marks())
    return study_state(
        "amina", "torrand", document, decisions, marks, assignment=Assignment(CodingSettings()), codebook=codebook
    )


def test_an_edition_opens_the_study_again_and_its_new_passages_are_unknown(
    editions: tuple[Workspace, DecisionLog, Document, Document],
) -> None:
    workspace, log, first, second = editions
    codebook = shipped_codebook()
    log.record([_of(first, number, 1) for number in range(len(first.passages))])
    _finish(log, first, codebook)
    assert _state(log, first, codebook).done
    note_texts(workspace, log, {"torrand": (second.sha256, second.extractor)}, {"torrand": second})
    assert [event.kind for event in text_events(log)["torrand"]] == ["first", "edition"]
    state = _state(log, second, codebook)
    old = {p.id for p in first.passages}
    new = [p.id for p in second.passages if p.id not in old]
    assert new
    assert (state.done, state.reopened, list(state.new_passages)) == (False, True, new)
    assert state.gone
    assert state.changed
    assert f"{len(new)} new passages" in state.news
    again = [mark for mark in log.marks() if mark.kind == "look again"]
    assert len(again) == len(state.gone) + len(state.changed)
    now = standing(
        log.current(), log.marks(), log.codes(), {"torrand": second}, codebook=codebook, changes=(),
        assignment=Assignment(CodingSettings()),
    )  # fmt: skip
    assert not [d for d in now.decisions if d.origin == DONE]  # no 0 of the study: of the new chapter nobody knows
    ratings = passage_ratings(now.decisions, now.marks, {"torrand": second}, themes=codebook.codes)
    column = codebook.codes.index("IF")
    unread = {place.passage_id: int(ratings.values[0, n, column]) for n, place in enumerate(ratings.places)}
    kept = {d.anchor.passage_id for d in now.decisions if d.anchor}
    assert {unread[key] for key in new if key not in kept} == {-1}
    assert {unread[p.id] for p in second.passages if p.id in old} == {0}
    studies = study_ratings(
        now.decisions, now.marks, sources=["torrand"], themes=codebook.codes, documents={"torrand": second}
    )
    assert int(studies.values[0, 0, column]) == -1


def test_after_an_edition_a_decision_replaces_the_one_it_follows(
    editions: tuple[Workspace, DecisionLog, Document, Document],
) -> None:
    _, log, first, second = editions
    old = {p.id for p in first.passages}
    log.record([_of(first, number, 2) for number in range(len(first.passages))])
    finder = Finder(second)
    changed = [d for d in map(finder.anchored, log.current()) if d.anchor and d.anchor.passage_id not in {"", *old}]
    assert changed
    at = next(n for n, p in enumerate(second.passages) if changed[0].anchor and p.id == changed[0].anchor.passage_id)
    log.record([_of(second, at, 0)])
    now = standing(
        log.current(), log.marks(), (), {"torrand": second}, codebook=shipped_codebook(), changes=(),
        assignment=Assignment(CodingSettings()),
    )  # fmt: skip
    there = [d.value for d in now.decisions if d.anchor and d.anchor.passage_id == second.passages[at].id]
    assert there == [0]


def test_passages_of_an_edition_that_are_most_like_old_ones_keep_their_coders(
    editions: tuple[Workspace, DecisionLog, Document, Document],
) -> None:
    workspace, log, first, second = editions
    note_texts(workspace, log, {"torrand": (second.sha256, second.extractor)}, {"torrand": second})
    inherited = text_events(log)["torrand"][-1].drawn
    old = {p.id for p in first.passages}
    assert inherited
    assert set(inherited.values()) <= old
    assert set(inherited).isdisjoint(old)
    draw = Assignment(SETTINGS, {("torrand", key): unit for key, unit in inherited.items()})
    plain = Assignment(SETTINGS)
    assert all(draw.coders_of("torrand", key) == plain.coders_of("torrand", unit) for key, unit in inherited.items())
