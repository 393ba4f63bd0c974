"""The words of the pages: the glossary of the handbook, one click away from everywhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

GLOSSARY = Path(__file__).parent.parent.parent / "docs" / "glossary.md"
_ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<said>[^|]+) \|$", re.MULTILINE)
_MARKS = re.compile(r"[`*]")


class WordsPage:
    """The page of the glossary."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its address, and what answers it."""
        return (PageRoute("/words", self.page, guest=True),)

    def page(self, request: Request, session: Session) -> Response:
        """Every word with what it means, and the themes of this review."""
        return self._context.page("words.html", session, here="/words", words=glossary())


@cache
def glossary() -> tuple[tuple[str, str], ...]:
    """(word, what it means here), as the handbook has them."""
    rows = _ROW.findall(GLOSSARY.read_text(encoding="utf-8"))
    return tuple((word, _MARKS.sub("", said)) for word, said in rows if word not in ("word", "---"))
