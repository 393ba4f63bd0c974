"""The bars of the pages: the one that every page has, and a second one of the pages on which a review is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.log.reviewers import ReviewerRole
from review.auth import Session

Bar = list[tuple[str, str]]  # path and name of each entry
_MANAGE = "Manage"  # entry of the first bar that leads to the second


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in a bar."""

    path: str
    name: str
    role: ReviewerRole  # that a person needs for it
    manage: bool = False  # in the second bar
    guest: bool = False  # for those who only look, too


def bars(entries: Sequence[MenuEntry], session: Session | None, here: str) -> tuple[Bar, Bar]:
    """The first bar for this person, and the second one, empty but on the pages in it."""
    if session and session.guest:  # few pages, and nothing to manage: one bar
        return [(entry.path, entry.name) for entry in entries if entry.guest], []
    allowed = [entry for entry in entries if session and session.may(entry.role)]
    first = [(entry.path, entry.name) for entry in allowed if not entry.manage]
    second = [(entry.path, entry.name) for entry in allowed if entry.manage]
    if second:
        first.append((second[0][0], _MANAGE))
    return first, second if here in dict(second) else []
