"""The review page: only its own browser gets in, every answer is stored before the next question, and can be undone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from annotations.log import DecisionLog
from corpus.sources import Source
from corpus.workspace import Review, Workspace
from extract.document import Box, Document, Page, Passage
from models.codebook import Codebook, Theme
from models.suggestion import DocumentSuggestions, Reason, StudyProposal, Suggestion
from review.access import Access
from review.app import make_app
from review.shelf import Shelf

HOST = "127.0.0.1:8010"
CODEBOOK = Codebook("t", tuple(Theme(c, f"name of {c}", f"about {c}", ("in",), ("out",), ()) for c in ("GW", "FS")))
TEXT = "Payments were delayed <b>by months</b> & nobody said why, for want of money."
SHA = "a" * 64


def _shelf(folder: Path) -> Shelf:
    passages = tuple(Passage(f"aaa-{n}", TEXT, ((0, len(TEXT)),), (Box(n, 1, 1, 9, 9),)) for n in (1, 2))
    document = Document(SHA, "1", "read", pages=(Page(1, "", 100, 100, True),), text=TEXT, passages=passages)
    reasons = (Reason("phrase", "delayed", 1.25, "GW.delay"),)
    suggestions = (
        Suggestion("aaa-2", "GW", 0.71, 1, reasons, "m1", CODEBOOK.revision),
        Suggestion("aaa-1", "FS", 0.62, 1, (), "m1", CODEBOOK.revision),
        Suggestion("aaa-1", "GW", 0.91, 2, reasons, "m1", CODEBOOK.revision),
    )
    studies = (StudyProposal("GW", 1, 2, 2, 0.001, ("aaa-1",)), StudyProposal("FS", 0, 2, 1, 0.4, ()))
    proposals = DocumentSuggestions(SHA, "1", "m1", CODEBOOK.revision, suggestions, studies)
    sources = (Source("khan-2016", "Khan (2016)"), Source("lost-2001", "Lost (2001)"))
    log = DecisionLog(f"sqlite:///{folder / 'annotations.db'}")
    return Shelf(sources, {"khan-2016": document}, {"khan-2016": proposals}, CODEBOOK, log)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = _shelf(tmp_path)
    yield made
    made.log.close()


class Browser:
    """Sends requests straight to the application and keeps its cookies."""

    def __init__(self, app: Starlette) -> None:
        self._app, self._cookies = app, httpx.Cookies()

    def get(self, path: str, **given: Any) -> httpx.Response:
        return asyncio.run(self._send("GET", path, **given))

    def post(self, path: str, **given: Any) -> httpx.Response:
        return asyncio.run(self._send("POST", path, **given))

    async def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app), base_url=f"http://{HOST}", cookies=self._cookies,
            follow_redirects=True,
        ) as client:  # fmt: skip
            response = await client.request(method, path, **given)
            self._cookies = client.cookies
            return response


def _client(shelf: Shelf, folder: Path, *, entered: bool = True) -> Browser:
    access = Access((HOST,))
    client = Browser(make_app(Workspace(folder, Review(title="Mine")), shelf, access, coder="amina"))
    if entered:
        client.get(access.link)
    return client


def _answer(client: Browser, number: int, passage: str, theme: str, value: str) -> str:
    form = {"source": "khan-2016", "passage": passage, "theme": theme, "number": str(number), "value": value}
    return client.post("/answer", data=form, headers={"origin": f"http://{HOST}"}).text


def test_questions_come_in_the_order_of_the_text_strongest_theme_first(shelf: Shelf) -> None:
    asked = [(q.passage.id, q.suggestion.theme) for q in shelf.questions("khan-2016", "amina")]
    assert asked == [("aaa-1", "GW"), ("aaa-1", "FS"), ("aaa-2", "GW")]


def test_an_answer_is_stored_with_its_anchor_and_the_next_question_shown(shelf: Shelf, tmp_path: Path) -> None:
    page = _answer(_client(shelf, tmp_path), 0, "aaa-1", "GW", "2")
    (decision,) = shelf.log.current()
    assert (decision.source_id, decision.theme, decision.value, decision.coder) == ("khan-2016", "GW", 2, "amina")
    assert decision.anchor is not None
    assert (decision.anchor.quote, decision.anchor.passage_id, decision.anchor.sha256) == (TEXT, "aaa-1", SHA)
    assert "2 of 3, 1 answered" in page


def test_an_answer_reaches_the_matrix_at_once(shelf: Shelf, tmp_path: Path) -> None:
    client = _client(shelf, tmp_path)
    assert {cell.theme: cell.human for cell in shelf.cells() if cell.source_id == "khan-2016"}["GW"] is None
    _answer(client, 0, "aaa-1", "GW", "2")
    assert {cell.theme: cell.human for cell in shelf.cells() if cell.source_id == "khan-2016"}["GW"] == 2
    assert 'title="agreed">2' in client.get("/").text


def test_taking_back_leaves_the_question_open_and_the_history_whole(shelf: Shelf, tmp_path: Path) -> None:
    client = _client(shelf, tmp_path)
    _answer(client, 0, "aaa-1", "GW", "0")
    assert "You said: rejected" in client.get("/study/khan-2016?n=0").text
    page = _answer(client, 0, "aaa-1", "GW", "")
    assert "1 of 3, 0 answered" in page
    assert [decision.value for decision in shelf.log.history()] == [0, None]


def test_two_coders_do_not_see_each_others_answers(shelf: Shelf) -> None:
    shelf.answer("khan-2016", "aaa-1", "GW", 1, "amina")
    assert [q.answer is not None for q in shelf.questions("khan-2016", "bilal")] == [False, False, False]


def test_the_words_of_a_report_cannot_become_markup(shelf: Shelf, tmp_path: Path) -> None:
    page = _client(shelf, tmp_path).get("/study/khan-2016").text
    assert "<b>by months</b>" not in page
    assert "&lt;b&gt;by months&lt;/b&gt; &amp; nobody" in page


def test_the_page_loads_nothing_from_elsewhere(shelf: Shelf, tmp_path: Path) -> None:
    response = _client(shelf, tmp_path).get("/study/khan-2016")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "same-origin"  # "no-referrer" makes browsers hide the origin
    assert "://" not in response.text


def test_the_link_works_once(shelf: Shelf, tmp_path: Path) -> None:
    access = Access((HOST,))
    app = make_app(Workspace(tmp_path, Review()), shelf, access, coder="amina")
    link = access.link
    assert Browser(app).get(link).status_code == 200
    assert Browser(app).get(link).status_code == 403


@pytest.mark.parametrize("path", ["/", "/study/khan-2016", "/picture?source=khan-2016&passage=aaa-1"])
def test_nobody_gets_in_without_the_link(shelf: Shelf, tmp_path: Path, path: str) -> None:
    assert _client(shelf, tmp_path, entered=False).get(path).status_code == 403


def test_another_name_for_this_machine_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    response = _client(shelf, tmp_path).get("/", headers={"host": "evil.example:8010"})
    assert response.status_code == 400


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_an_answer_from_another_page_is_refused(shelf: Shelf, tmp_path: Path, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    form = {"source": "khan-2016", "passage": "aaa-1", "theme": "GW", "number": "0", "value": "1"}
    assert _client(shelf, tmp_path).post("/answer", data=form, headers=headers).status_code == 403
    assert shelf.log.history() == ()


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("value", "3", 400),
        ("theme", "XX", 404),
        ("passage", "bbb", 404),
        ("source", "nobody", 404),
        ("number", "x", 400),
    ],
)
def test_a_wrong_answer_is_refused_and_nothing_recorded(
    shelf: Shelf, tmp_path: Path, field: str, value: str, status: int
) -> None:
    form = {"source": "khan-2016", "passage": "aaa-1", "theme": "GW", "number": "0", "value": "1", field: value}
    client = _client(shelf, tmp_path)
    assert client.post("/answer", data=form, headers={"origin": f"http://{HOST}"}).status_code == status
    assert shelf.log.history() == ()


def test_a_study_without_a_text_is_listed_but_not_asked_about(shelf: Shelf, tmp_path: Path) -> None:
    page = _client(shelf, tmp_path).get("/").text
    assert "Lost (2001)" in page
    assert "no text to review" in page
    assert '/study/lost-2001"' not in page
