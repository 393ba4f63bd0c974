"""How long the review page makes its coder wait: the next suggestion, a page image, the other pages.

`python -m bench.review`: a made review of 25 studies of 100 pages with 20,000 suggestions and 8,000 decisions in its
log. `python -m bench.review durability`: twenty coders decide at once for a minute, the server is killed three times.
Times are of the server: from the request's arrival to its answer, without a network; seconds of the processor beside
them, for where other programs run, these say what a quiet machine would take. The texts are invented.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from annotations.decision import Decision
from annotations.log.decision_log import DecisionLog
from annotations.log.open_log import open_log
from annotations.log.reviewers import Reviewers
from corpus.registry.sources import Source
from corpus.store.pdf_store import pdf_path
from corpus.workspace import Review, Workspace
from extract.document import Document
from extract.read import read_document
from models.codebook.codebook import Codebook, shipped_codebook
from models.suggestion import DocumentSuggestions, Reason, StudyProposal, Suggestion
from review.anchoring.anchors import of_passage
from review.app import make_app
from review.auth import Access
from review.context import ReviewContext
from review.review_items import ReviewItems
from review.review_state import ORIGIN, ReviewState

STUDIES, PAGES, SUGGESTIONS, DECISIONS, ACTS = 25, 100, 20_000, 8_000, 200
HOST = "127.0.0.1:8010"
_CODED = "study-04"  # of which a whole document is coded
_STATUS = Path("/proc/self/status")
_WORDS = [
    "the",
    "payments",
    "of",
    "scheme",
    "district",
    "register",
    "households",
    "budget",
    "delay",
    "officers",
    "transfer",
    "audit",
    "women",
    "report",
    "finds",
    "that",
    "share",
    "poor",
    "fund",
    "ministry",
    "records",
    "donors",
    "village",
    "offices",
    "year",
    "list",
    "means",
    "test",
    "never",
    "again",
    "because",
    "months",
    "grants",
]


def made_shelf(
    workspace: Workspace, *, studies: int = STUDIES, pages: int = PAGES, suggestions: int = SUGGESTIONS
) -> ReviewItems:
    """A review of `studies` reports, all with the text of one made PDF under names and ids of their own."""
    codebook = shipped_codebook()
    made = workspace.root / "made.pdf"
    _write_pdf(made, pages)
    first = read_document(made, hashlib.sha256(made.read_bytes()).hexdigest())
    documents, proposals, sources = {}, {}, []
    dice = random.Random(1)
    for number in range(studies):
        source = Source(f"study-{number:02}", f"Study {number:02} (2016)")
        sources.append(source)
        documents[source.id] = document = _renamed(first, number)
        stored = pdf_path(workspace, document.sha256)
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_bytes(made.read_bytes())
        proposals[source.id] = _proposals(document, codebook, suggestions // studies, dice)
    return ReviewItems(sources, documents, proposals, codebook)


def _write_pdf(path: Path, pages: int) -> None:
    dice = random.Random(2)
    canvas = Canvas(str(path), invariant=True)
    for page in range(pages):
        base = 780.0
        for _ in range(5):
            text = " ".join(dice.choices(_WORDS, k=75)).capitalize() + f" on page {page + 1}."
            for line in simpleSplit(text, "Times-Roman", 11, 450):
                canvas.setFont("Times-Roman", 11)
                canvas.drawString(70, base, line)
                base -= 14
            base -= 12
        canvas.showPage()
    canvas.save()


def _renamed(document: Document, number: int) -> Document:
    sha256 = hashlib.sha256(f"{document.sha256} {number}".encode()).hexdigest()
    passages = tuple(replace(p, id=f"{number:02}-{p.id}") for p in document.passages)
    return replace(document, sha256=sha256, passages=passages)


def _proposals(document: Document, codebook: Codebook, count: int, dice: random.Random) -> DocumentSuggestions:
    places = [(passage.id, theme) for passage in document.passages for theme in codebook.codes]
    reasons = (Reason("phrase", "delay", 1.2, "GW.delay"), Reason("term", "register", 0.4))
    chosen = dice.sample(places, min(count, len(places)))
    suggestions = tuple(
        Suggestion(place, theme, round(dice.random(), 3), 1, reasons, "made", codebook.revision)
        for place, theme in chosen
    )
    studies = tuple(StudyProposal(code, 1, len(document.passages), 9, 0.001, ()) for code in codebook.codes)
    return DocumentSuggestions(document.sha256, document.extractor, "made", codebook.revision, suggestions, studies)


def decide(review_items: ReviewItems, log: DecisionLog, count: int) -> None:
    """`count` decisions of two coders, as the page records them."""
    dice = random.Random(3)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    decisions = []
    for number, item in enumerate(dice.sample(review_items.suggested, count)):
        document = review_items.documents[item.source_id]
        anchor = of_passage(document, review_items.passage(item.source_id, item.passage_id))
        assert item.suggestion is not None
        decisions.append(
            Decision(
                item.source_id,
                item.theme,
                dice.choice((0, 1, 2)),
                ("amina", "bilal")[number % 2],
                anchor=anchor,
                decided=(start + timedelta(seconds=number)).isoformat(timespec="microseconds"),
                origin=ORIGIN,
                model_id="made",
                score=item.suggestion.score,
                shown=True,
            )
        )
    log.record(decisions)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), Review(title="A made review"))
        review_items = made_shelf(workspace)
        with open_log(workspace) as log:
            decide(review_items, log, DECISIONS)
            began = time.perf_counter()
            context = ReviewContext(workspace, review_items, ReviewState(review_items, log))
            print(
                f"{len(review_items.sources)} studies of {PAGES} pages, {len(review_items.suggested)} suggestions, "
                f"{DECISIONS} decisions in the log, read in {time.perf_counter() - began:.1f} s at the start"
            )
            reviewers = Reviewers(log.engine)
            access = Access(reviewers, hosts=(HOST,))
            cookies = {"jaiza": reviewers.open_session(reviewers.ensure("amina", "admin"))}
            app = make_app(context, access)
            passages = [passage.id for passage in review_items.document(_CODED).passages]
            asyncio.run(_measure(app, cookies, passages))


_PAGES_OPENED = (
    "/code", "/document/study-02", "/document/study-02/codes", "/document/study-02/passages", "/pages/study-02",
    "/search?q=delay+payments", "/codebook", "/", "/cell/study-03/GW", "/adjudicate", "/agreement",
)  # fmt: skip


async def _measure(app: Any, cookies: dict[str, str], passages: Sequence[str]) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"http://{HOST}", cookies=cookies, timeout=120
    ) as client:
        began, cpu = time.perf_counter(), time.process_time()
        page = (await client.get("/code")).text
        took, worked = time.perf_counter() - began, time.process_time() - cpu
        print(f"the first page after the start: {1000 * took:.0f} ms, {1000 * worked:.0f} ms of the processor")
        sign = page.partition('name="csrf" content="')[2].partition('"')[0]
        print(f"{'what':48} {'first':>8} {'median':>8} {'95 %':>8} {'least':>8} {'cpu':>8}  ms")
        for name, query in (
            ("next suggestion, what to review next", "by=next"),
            ("next suggestion, by study", "by=study"),
            ("next suggestion, by theme", "by=theme&theme=GW"),
            ("next suggestion, words sought", "by=next&words=delay"),
        ):
            at = (await client.get(f"/item?{query}")).json()["panel"]

            async def act(query: str = query) -> None:
                nonlocal at
                at = (await client.post("/act", json=_act(at, query), headers={"X-Jaiza": sign})).json()["panel"]

            await _told(name, act, ACTS)
        places = cycle(passages)

        async def code() -> None:
            answer = await client.post("/act", json=_code(next(places)), headers={"X-Jaiza": sign})
            assert answer.json()["changed"]["added"]

        await _told("words of a document coded, margin told", code, ACTS)
        numbers = iter(range(1, PAGES + 1))

        async def picture() -> None:
            assert (await client.get(f"/picture/study-00/{next(numbers)}?scale=1.5")).status_code == 200

        async def again() -> None:
            assert (await client.get("/picture/study-00/1?scale=1.5")).status_code == 200

        async def sharp() -> None:
            assert (await client.get(f"/picture/study-01/{next(numbers)}?scale=4")).status_code == 200

        async def words() -> None:
            assert (await client.get(f"/words/study-01/{next(numbers)}")).status_code == 200

        await _told("page image, first time", picture, 20)
        await _told("page image, kept", again, 50)
        await _told("page image for a zoom, first time", sharp, 20)
        await _told("words of a page, first time", words, 20)
        for path in _PAGES_OPENED:

            async def one(path: str = path) -> None:
                assert (await client.get(path)).status_code == 200

            await _told(path, one, 5)
    if _STATUS.exists():  # Linux
        used = next(line.split()[1] for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS"))
        print(f"memory of the server, this bench with it: {int(used) / 1000:.0f} MB")


def _code(passage: str) -> dict[str, Any]:
    key = datetime.now(UTC).isoformat(timespec="microseconds")
    coded = [{"to": "GW", "value": 1}, {"to": "FS", "value": 2}]
    return {
        "act": "code",
        "view": "document",
        "source": _CODED,
        "passage": passage,
        "codes": coded,
        "key": key,
        "shown": True,
    }


def _act(panel: str, query: str) -> dict[str, Any]:
    def value(name: str) -> str:
        return panel.partition(f'data-{name}="')[2].partition('"')[0]

    key = datetime.now(UTC).isoformat(timespec="microseconds")
    return {
        "act": "value" if value("theme") else "seen",  # a passage drawn by lot asks for no theme in particular
        "source": value("source"),
        "passage": value("passage"),
        "theme": value("theme"),
        "value": 1,
        "shown": True,
        "seconds": 3.0,
        "key": key,
        "query": query,
    }


async def _told(name: str, ask: Callable[[], Awaitable[None]], times: int) -> None:
    taken, worked = [], []
    for _ in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    rest = taken[1:] or taken
    high = quantiles(rest, n=20)[-1] if len(rest) > 1 else rest[0]
    print(
        f"{name:48} {taken[0]:8.1f} {median(rest):8.1f} {high:8.1f} {min(rest):8.1f} {median(worked):8.1f}", flush=True
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["durability"]:
        from bench.durability import main as durability

        durability()
    else:
        main()
