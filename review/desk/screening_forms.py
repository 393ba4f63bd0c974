"""What the forms of the screening pages send, checked."""

from __future__ import annotations

from annotations.decision import ScreeningStage, ScreeningVerdict
from corpus.errors import UnknownChoiceError
from corpus.json_table import JsonTable

_VERDICTS: tuple[ScreeningVerdict, ...] = ("include", "maybe", "exclude")
_MOST_NOTE = 2000


def stage_of(given: object) -> ScreeningStage:
    """The stage that a request names: by title and abstract where it names none."""
    return "full text" if given == "full text" else "abstract"


def verdict_of(given: str, reasons: tuple[str, ...]) -> tuple[ScreeningVerdict, str]:
    """The verdict and the reason that a button names: "include", "exclude" or "exclude:another topic"."""
    name, _, reason = given.partition(":")
    verdict = next((one for one in _VERDICTS if one == name), None)
    if verdict is None:
        raise UnknownChoiceError("verdict", name[:20], list(_VERDICTS))
    if reason and reason not in reasons:
        raise UnknownChoiceError("reason", reason[:60], list(reasons), "Load the page again")
    return verdict, reason


def note_in(given: JsonTable) -> str:
    """The note of a form. ValueError: it is too long."""
    note = str(given.get("note", "")).strip()
    if len(note) > _MOST_NOTE:
        raise ValueError(f"a note has up to {_MOST_NOTE:,} characters")
    return note
