"""Acts that come late, from a browser that had no connection meanwhile: their words are found again in the text as it
is now, and kept where they stand nowhere any more."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from annotations.anchor import Finder, fold
from annotations.codebook_changes import codes_now
from annotations.decision import Anchor, Decision, Mark
from annotations.log.acts import Events
from corpus.json_table import JsonTable
from corpus.store.pdf_store import Holdings
from corpus.workspace import Workspace
from extract.cache import document_from_json
from extract.document import Document
from review.coder_events import Moment, Value, value_of
from review.context import ReviewContext
from review.review_state import ORIGIN

GONE = "its words are no longer in the text: place it at others, or take it back"
_SAME = 60.0  # per cent of letters in order: less is no other reading of the words, but other words
_MOST = 20_000  # characters of the words that an act tells


def found_again(context: ReviewContext, given: JsonTable) -> tuple[JsonTable, Anchor | None]:
    """The act with the passage in which its words stand now, and under the names that themes have now; and its words,
    where they stand in no passage."""
    given = _under_todays_names(context, given)
    source_id, passage_id = str(given.get("source", "")), str(given.get("passage") or "")
    document = context.review_items.documents.get(source_id)
    if document is None or not passage_id or context.review_items.has(source_id, passage_id):
        return given, None
    words = told_words(given) or _as_it_was(context.workspace, source_id, passage_id)
    if not words:
        return given, None  # nobody knows what it was about: it is refused
    passage, _ = Finder(document).find(Anchor(words))
    return ({**given, "passage": passage.id}, None) if passage else (given, Anchor(words))


def words_now(document: Document, given: JsonTable, anchor: Anchor | None) -> Anchor | None:
    """The anchor of selected words, or the place at which they stand now where the text has become another since they
    were selected. Its passage and offset are empty where they stand nowhere."""
    words = told_words(given)
    if not words or (anchor and fuzz.ratio(fold(anchor.quote), fold(words)) >= _SAME):
        return anchor
    said = Decision("", "", None, "", anchor=Anchor(words, anchor.page if anchor else None))
    return Finder(document).anchored(said).anchor


def kept_for_later(given: JsonTable, moment: Moment, lost: Anchor) -> Events:
    """What an act said of words that stand nowhere any more, to be placed by its coder."""
    source_id = str(given.get("source", ""))
    made = Decision(source_id, "", None, moment.coder, anchor=lost, note=moment.note, decided=moment.decided)
    made = replace(made, codebook=moment.codebook.revision, origin=ORIGIN, seconds=moment.seconds)
    events = Events()
    for theme, value in _said(given):
        events.add(replace(made, theme=theme, value=value))
        again = Mark(source_id, "look again", moment.coder, theme, lost, note=GONE)
        events.add(replace(again, decided=moment.decided, codebook=moment.codebook.revision))
    return events


def told_words(given: JsonTable) -> str:
    """The words that the browser showed when the act was done; "" where it does not tell."""
    words = given.get("words")
    return words.strip()[:_MOST] if isinstance(words, str) else ""


def _under_todays_names(context: ReviewContext, given: JsonTable) -> JsonTable:
    """The act with each theme that was renamed or merged meanwhile as what it is now."""
    if given.get("act") == "remove":  # it names a code as it was given
        return given

    def now(code: object) -> object:
        became = codes_now(str(code or ""), context.changes, context.review_items.codebook)
        return became[0] if len(became) == 1 else code

    changed = {name: now(given[name]) for name in ("theme", "to") if given.get(name)}
    codes = given.get("codes")
    if isinstance(codes, list):
        changed["codes"] = [{**one, "to": now(one.get("to"))} if isinstance(one, dict) else one for one in codes]
    return {**given, **changed}


def _said(given: JsonTable) -> list[tuple[str, Value]]:
    """The themes that an act gives, each with its value."""
    theme, to = str(given.get("theme") or ""), str(given.get("to") or "")
    act = given.get("act")
    if act == "value" and theme:
        return [(theme, value_of(given.get("value")))]
    if act == "change" and theme:
        return [(theme, 0), (to, value_of(given.get("value")))]
    if act in ("add", "words"):
        return [(to, value_of(given.get("value")))]
    codes = given.get("codes")
    if act == "code" and isinstance(codes, list):
        return [(str(one.get("to", "")), value_of(one.get("value"))) for one in codes if isinstance(one, dict)]
    return []


def _as_it_was(workspace: Workspace, source_id: str, passage_id: str) -> str:
    """The words of a passage in an earlier text of the source that is still kept; "" where none holds it."""
    held = Holdings(workspace).get(source_id)
    for sha256 in (held.sha256, *reversed(held.previous)) if held else ():
        for path in workspace.text.glob(f"{sha256}.*.json"):
            try:
                document = document_from_json(path.read_bytes())
            except (OSError, ValueError):  # pydantic's error is one
                continue
            for passage in document.passages:
                if passage.id == passage_id:
                    return passage.text
    return ""
