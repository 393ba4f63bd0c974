"""What a page of the review tells of itself: its paths, who may use them, and where the bar leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from annotations.log.reviewers import ReviewerRole
from review.auth import Endpoint


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A path of a page. Only who is logged in, and may do what is for `role`, reaches its function."""

    path: str  # as in Starlette: "/document/{source}"
    answer: Endpoint  # gets the request and the session
    role: ReviewerRole = "coder"
    as_json: bool = False  # also what is wrong is told as JSON
    method: str = "GET"  # a POST must come from the page itself
    menu: str = ""  # its name in the bar; empty: the bar does not lead to it
    manage: bool = False  # its name stands in the second bar, of the pages on which a review is run
    guest: bool = False  # whoever may only look reaches it too; never a POST
    upload: bool = False  # what is sent is a file, which its function finds in `request.state.upload`


class ReviewPage(Protocol):
    """A page of the review: a class in `pages`, `desk` or `help`, made of a ReviewContext, and a row of PAGES."""

    def routes(self) -> Sequence[PageRoute]:
        """Its addresses, and what answers each."""
