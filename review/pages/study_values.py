"""The values of a study: one for every theme, given at once, as in a data extraction form."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from annotations.decision import Decision
from annotations.log.schema import place_key
from models.codebook.codebook import Theme
from review.auth import Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute


@dataclass(frozen=True, slots=True)
class StudyValueRow:
    """One theme in the table of the values of a study."""

    theme: Theme
    column: str | None  # in which it is counted
    own: Decision | None  # this coder's value for the study
    places: int  # that this coder coded with the theme, or with a code under it
    highest: int
    first: str  # id of the first of these codes


class StudyValues:
    """The page of the values of a study: a method for each of its addresses."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (PageRoute("/sheet/{source}", self.page),)

    def page(self, request: Request, session: Session) -> Response:
        """Every theme with what this coder said of it."""
        context = self._context
        context.review_state.catch_up()
        source = context.review_items.source(request.path_params["source"])
        own = context.review_state.own(session.coder, source.id)
        values = {decision.theme: decision for decision in own.study.values()}
        themes = context.code_themes()
        coded = [d for d in own.decisions if d.anchor and d.value]
        rows = []
        for theme in context.review_items.codebook.themes:
            here = [d for d in coded if themes.get(d.theme, d.theme) == theme.code]
            column = context.review_items.codebook.column_of(theme.code)
            highest = max((d.value or 0 for d in here), default=0)
            first = place_key(here[0]) if here else ""
            rows.append(StudyValueRow(theme, column, values.get(theme.code), len(here), highest, first))
        return context.page(
            "sheet.html",
            session,
            here="/",
            source=source,
            rows=rows,
            has_text=source.id in context.review_items.documents,
            whole=context.coder_items.assignment.codes_whole(session.coder, source.id),
        )
