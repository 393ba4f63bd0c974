"""Who may review: inviting, and taking an invitation back."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from annotations.log.reviewers import ReviewerRole, Reviewers
from corpus.errors import JaizaError
from review.auth import MAY, Session
from review.context import ReviewContext
from review.pages.page_route import PageRoute

# Hosts of a link that leads nowhere from another computer.
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class ReviewersPage:
    """Its requests, all of them for an admin."""

    def __init__(self, context: ReviewContext) -> None:
        self._context, self._reviewers = context, Reviewers(context.review_state.log.engine)

    def routes(self) -> tuple[PageRoute, ...]:
        """Its addresses, and what answers each."""
        return (
            PageRoute("/people", self.page, role="admin", menu="People", manage=True),
            PageRoute("/people", self.change, role="admin", method="POST"),
        )

    def page(self, _request: Request, session: Session) -> Response:
        """Everybody who was ever added."""
        return self._page(session)

    def change(self, request: Request, session: Session) -> Response:
        """Invite somebody, which shows their link now and never again; or revoke somebody."""
        given = request.state.given
        name = str(given.get("name", ""))
        if given.get("what") == "revoke":
            if name == session.coder:
                raise JaizaError("you can't revoke yourself: another admin has to")
            self._reviewers.revoke(name)
            return RedirectResponse("/people", 303)
        role: ReviewerRole = next((role for role in MAY if role == given.get("role")), "coder")
        reviewer, token = self._reviewers.add(name, role)
        # Behind a proxy the request says how the page is reached from outside.
        link = f"{request.url.scheme}://{request.headers.get('host', '')}/enter#{token}"
        return self._page(session, invited=reviewer.name, link=link)

    def _page(self, session: Session, *, invited: str = "", link: str = "") -> Response:
        coding = self._context.coder_items.assignment.settings
        return self._context.page(
            "people.html",
            session,
            here="/people",
            people=self._reviewers.list(),
            roles=tuple(MAY),
            invited=invited,
            link=link,
            here_only=urlsplit(link).hostname in _THIS_MACHINE,
            coding=coding,
        )
