"""All memos of a review: on passages, studies, themes and the review, found again by their words."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from annotations.decision import Memo
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute


class MemoPage:
    """The page of the memos: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (PageRoute("/memos", self.page, menu="Memos", guest=True),)

    def page(self, request: Request, session: Session) -> Response:
        """The memos that this person may see, newest first; with `q` those that have its words."""
        context, query = self._context, request.query_params
        context.review_state.catch_up()
        words = query.get("q", "")[:200].casefold().split()
        study = query.get("study", "")
        if study:
            context.review_items.source(study)
        found = [
            memo
            for memo in reversed(context.review_state.memos)
            if may_see(context, session, memo)
            and study in ("", memo.source_id)
            and all(word in f"{memo.text} {memo.anchor.quote if memo.anchor else ''}".casefold() for word in words)
        ]
        labels = {source.id: source.label for source in context.review_items.sources}
        return context.page(
            "memos.html",
            session,
            here="/memos",
            memos=found,
            labels=labels,
            q=query.get("q", "")[:200],
            study=study,
            sources=context.review_items.sources,
            names={one.code: one.name for one in context.codables()},
        )


def may_see(context: ReviewContext, session: Session, memo: Memo) -> bool:
    """A memo on a study is for its writer alone as long as the study is coded blindly."""
    if memo.coder == session.coder or not memo.source_id:
        return True
    return context.coder_items.may_see_all(session, memo.source_id)
