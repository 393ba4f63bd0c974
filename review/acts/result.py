"""What an act came to, and what is common to reading the acts that a browser sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from annotations.log.acts import Events
from corpus.json_table import JsonTable
from review.coder_events import Moment
from review.review_items import ReviewItem

Given = JsonTable  # an act as the browser sends it


@dataclass(frozen=True, slots=True)
class ActResult:
    """What to store, and what to answer."""

    events: Events = field(default_factory=Events)
    say: str = ""
    at: ReviewItem | None = None  # what the act was about, to stay there or go on behind it
    stay: bool = True  # stay there, in the list of suggestions
    undoes: str = ""  # id of the act that it takes back
    do: Callable[[], None] | None = None  # what is to be done beside the log, before it is recorded
    quiet: bool = False  # nothing that anybody did, and would want undone
    note: str = ""  # what the log keeps with the act
    question: str = ""  # asked before anything is stored; the act comes again with "sure"


ActFunction = Callable[[Given, Moment, ReviewItem | None], ActResult]


def required(at: ReviewItem | None) -> ReviewItem:
    """The item that an act is about. ValueError: it names none."""
    if at is None:
        raise ValueError("which passage is it about?")
    return at


def number_in(given: object) -> int:
    """A whole number from 0. ValueError: it is none."""
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ValueError("a number is expected")
    return given


def text_in(given: Given, name: str, *, most: int) -> str:
    """A text of at most `most` characters, trimmed. ValueError: it is none, or longer."""
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > most:
        raise ValueError(f"{name}: up to {most} characters")
    return text.strip()
