"""The codebook as in the annex of a paper, with what was coded so far, and the forms that change it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from annotations.decision import Memo
from models.codebook.codebook import Theme
from models.codebook.revisions import kept_revisions
from review.auth import Session
from review.codables import Codable, fresh_colour
from review.context import ReviewContext
from review.pages.page_route import PageRoute


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme with what stands under it."""

    theme: Theme
    shown: Codable
    places: int  # coded with it by the one who looks, or by all where that may be seen
    codes: tuple[tuple[Codable, int], ...]  # people's own codes under it, with their places
    memos: tuple[Memo, ...]


class CodebookPage:
    """The page of the codebook: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (PageRoute("/codebook", self.page, menu="Codebook", guest=True),)

    def page(self, _request: Request, session: Session) -> Response:
        """The whole codebook."""
        context = self._context
        context.review_state.catch_up()
        codebook = context.review_items.codebook
        visible = {s.id for s in context.review_items.sources if context.coder_items.may_see_all(session, s.id)}
        counted = Counter(
            decision.theme
            for decision in context.review_state.decisions()
            if decision.anchor and decision.value and (decision.coder == session.coder or decision.source_id in visible)
        )
        codables = context.codables()
        entries = []
        current: list[tuple[Codable, int]] = []
        free: list[tuple[Codable, int]] = []
        for one in codables:
            if not one.own:
                current = []
                theme = codebook.theme(one.code)
                memos = tuple(memo for memo in context.review_state.memos if memo.theme == one.code)
                entries.append((theme, one, counted[one.code], current, memos))
            elif one.level:
                (free if free else current).append((one, counted[one.code]))
            else:
                free.append((one, counted[one.code]))
        made = [ThemeEntry(theme, one, places, tuple(codes), memos) for theme, one, places, codes, memos in entries]
        own = context.workspace.own_file("codebook.toml") is not None
        return context.page(
            "codebook.html",
            session,
            here="/codebook",
            entries=made,
            free=free,
            codables=codables,
            fresh_colour=fresh_colour(() if not own else codables),
            may_change=session.may("adjudicator"),
            shipped=not own,
            used=sum(counted.values()),
            revisions=[(k.first_seen, k.codebook.revision) for k in kept_revisions(context.workspace)],
        )
