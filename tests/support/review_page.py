"""A small made review for the tests of its page: real PDFs, their text as it is read, and suggestions for it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate
from starlette.applications import Starlette

from annotations.log.decision_log import DecisionLog
from annotations.log.reviewers import Reviewers
from corpus.registry.sources import Source
from corpus.store.pdf_store import pdf_path
from corpus.workspace import CodingSettings, Review, Workspace
from extract.document import Document
from extract.read import read_document
from models.codebook.codebook import Codebook, Theme
from models.suggestion import DocumentSuggestions, Reason, StudyProposal, Suggestion
from review.app import make_app
from review.auth import Access
from review.context import ReviewContext
from review.review_items import ReviewItems
from review.review_state import ReviewState

HOST = "127.0.0.1:8010"
CODEBOOK = Codebook(
    "made",
    tuple(Theme(c, f"name of {c}", f"about {c}", (f"{c} in",), (f"{c} out",), ()) for c in ("GW", "FS", "TI")),
)
STUDIES = ("khan-2016", "noor-2019")
TEXTS = (
    "Payments to the villages were delayed by many months and nobody at the ministry could say why this happened, "
    "because the registers of the district offices had not been kept since the flood of that year.",
    "The budget of the scheme depends on donors <script>alert(1)</script> and will end with their grants, so that "
    "the treasury has to find the same sum again from the fourth year of the scheme onwards.",
    "Many poor households were left out of the list because the test of means was made only once and never again, "
    "while others whose sons had found work abroad stayed on it for years.",
    "Officers changed posts every few months, so that complaints were written down and then lost, and the auditors "
    "found not one case in the whole district that had been closed within the time set.",
)
_STYLE = getSampleStyleSheet()["BodyText"]


def make_review_items(
    workspace: Workspace, *, studies: Sequence[str] = STUDIES, themes: Sequence[str] = ("GW", "FS")
) -> ReviewItems:
    """One PDF a study, with the TEXTS two on a page; `themes` proposed for every passage, each less likely."""
    documents, proposals = {}, {}
    reasons = (Reason("phrase", "delayed", 1.25, "GW.delay"),)
    for study in studies:
        documents[study] = document = _document(workspace, study)
        suggestions = tuple(
            Suggestion(
                passage.id, theme, round(0.95 - 0.02 * number - 0.3 * rank, 3), 2 if number % 2 else 1,
                () if rank else reasons, "m1", CODEBOOK.revision,
            )
            for number, passage in enumerate(document.passages)
            for rank, theme in enumerate(themes)
        )  # fmt: skip
        made = (StudyProposal("GW", 2, len(document.passages), 4, 0.001, (document.passages[0].id,)),)
        proposals[study] = DocumentSuggestions(
            document.sha256, document.extractor, "m1", CODEBOOK.revision, suggestions, made
        )
    sources = [Source(study, f"{study.partition('-')[0].title()} ({study[-4:]})") for study in studies]
    return ReviewItems([*sources, Source("lost-2001", "Lost (2001)")], documents, proposals, CODEBOOK)


def _document(workspace: Workspace, study: str) -> Document:
    path = workspace.root / f"{study}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    story: list[Any] = []
    for place, text in enumerate(TEXTS):
        story.append(Paragraph(text.replace("<", "&lt;"), _STYLE))
        if place % 2:
            story.append(PageBreak())
    SimpleDocTemplate(str(path), invariant=1, title=study).build(story)
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    stored = pdf_path(workspace, sha256)
    stored.parent.mkdir(parents=True, exist_ok=True)
    path.rename(stored)
    return read_document(stored, sha256)


class Served:
    """The review as it is served, with its people."""

    def __init__(self, folder: Path, *, coding: CodingSettings | None = None, **made: Any) -> None:
        self.workspace = Workspace(
            folder, Review(title="Mine", shipped_sources=False, coding=coding or CodingSettings())
        )
        self.review_items = make_review_items(self.workspace, **made)
        self.start()

    def start(self) -> None:
        """Serve it, or serve it anew as after a restart."""
        self.log = DecisionLog(self.workspace.database_url)
        self.reviewers = Reviewers(self.log.engine)
        self.context = ReviewContext(self.workspace, self.review_items, ReviewState(self.review_items, self.log))
        self.owner = self.reviewers.ensure("amina", "admin")
        self.access = Access(self.reviewers, hosts=(HOST,), owner=self.owner)
        self.app = make_app(self.context, self.access)

    def browser(self, name: str = "amina", role: Any = "admin") -> Browser:
        """A browser in which `name` is logged in."""
        reviewer = self.reviewers.ensure(name, role)
        made = Browser(self.app)
        made.cookies.set("jaiza", self.reviewers.open_session(reviewer))
        return made

    def passage(self, number: int, study: str = STUDIES[0]) -> str:
        """Id of a passage."""
        return self.review_items.documents[study].passages[number].id

    def show_all(self, browser: Browser, study: str = STUDIES[0]) -> None:
        """Every passage of a study is on the screen once."""
        passages = [passage.id for passage in self.review_items.documents[study].passages]
        browser.act("passed", study, "", view="document", passages=passages)


class Browser:
    """Sends requests straight to the application and keeps its cookies."""

    _clock = count()

    def __init__(self, app: Starlette, *, host: str = HOST) -> None:
        self._app, self.cookies, self._host = app, httpx.Cookies(), host

    def get(self, path: str, **given: Any) -> httpx.Response:
        """GET, following redirects."""
        return self._sent("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """POST, following redirects."""
        return self._sent("POST", path, **given)

    def act(self, act: str, source: str, passage: str, theme: str = "", **given: Any) -> httpx.Response:
        """What the page's script sends when its reader decides."""
        sent = {
            "act": act,
            "source": source,
            "passage": passage,
            "theme": theme,
            "shown": True,
            "key": self.key(),
            **given,
        }
        return self.post("/act", json=sent, headers={"X-Jaiza": self.csrf, "Origin": f"http://{HOST}"})

    def key(self) -> str:
        """A moment of its own for every act."""
        moment = datetime.now(UTC) + timedelta(microseconds=next(self._clock))
        return moment.isoformat(timespec="microseconds")

    @property
    def csrf(self) -> str:
        """The sign of the session that the page carries."""
        return self.get("/").text.partition('name="csrf" content="')[2].partition('"')[0]

    def _sent(self, method: str, path: str, **given: Any) -> httpx.Response:
        # In a thread: the one that drives chromium has an event loop of its own.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(self._send(method, path, **given))).result()

    async def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app), base_url=f"http://{self._host}", cookies=self.cookies,
            follow_redirects=True,
        ) as client:  # fmt: skip
            response = await client.request(method, path, **given)
            self.cookies = client.cookies
            return response
