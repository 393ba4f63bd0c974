"""Looking into a file: is it a PDF that can be read, and is it the right work? And what to do if not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.outcome import FrontPageReader, OutcomeState
from corpus.registry.sources import Source
from corpus.registry.title_match import TitleCheck, check_title

NO_TEXT = "the pages are pictures without a text layer"  # kept as the title note, so that later runs say it again

_PROBLEMS: dict[str, str] = {
    "password": "the PDF asks for a password",
    "damaged": "the PDF is damaged or incomplete",
    "timed out": "reading its first pages took too long",
    "too large": "reading its first pages took too much memory",
}


@dataclass(frozen=True, slots=True)
class PdfFinding:
    """What a look into a file gave."""

    problem: OutcomeState | None  # None: it can be read
    note: str  # the problem in words, or what the title check found
    title: TitleCheck


def examine(source: Source, path: Path, *, read_front_pages: FrontPageReader) -> PdfFinding:
    """Whether the PDF at `path` can be read, and whether its first pages belong to `source`."""
    front = read_front_pages(path)
    if front.state == "no text layer":
        return PdfFinding("no text layer", NO_TEXT, TitleCheck("not checked", NO_TEXT))
    if front.state != "read":
        note = _PROBLEMS[front.state] + (f" ({front.note})" if front.note else "")
        return PdfFinding(front.state, note, TitleCheck("not checked", note))
    check = check_title(source, front.text)
    return PdfFinding(None, check.note, check)


def title_warnings(check: TitleCheck) -> tuple[str, ...]:
    """What the title check leaves for a person to decide."""
    if check.verdict == "match" or check.note == NO_TEXT:
        return ()
    said = {
        "probable": "probably the right work, please check",
        "differs": "MAYBE NOT THE RIGHT WORK, please check",
        "other work": "MAYBE ANOTHER WORK, please check",
        "not checked": "not checked whether it is the right work",
    }[check.verdict]
    return (f"{said}: {check.note}",)


def remedy(state: OutcomeState, source_id: str, address: str = "") -> str:
    """What a person can do about a source that ended in `state`; `address` is where it was looked for."""
    place = f"inbox/{source_id}.pdf"
    opened = f"open {address} in your browser and save it as {place}" if address else f"save another copy as {place}"
    by_state: dict[OutcomeState, str] = {
        "no URL known": f"find the work and save it as {place}, or add its address to sources.toml",
        "wrong work": f"find the right work and save it as {place}; if this is the right one, correct the title in "
        "sources.toml",
        "password": f"open it with the password, print it to a PDF without one and save that as {place}",
        "no text layer": "install text recognition (apt install tesseract-ocr) and run again, or save a copy with "
        f"text as {place}",
        "not allowed": f"{opened}: people may, where a program may not",
        "too large": f"{opened}, or raise pull.size_cap_mb in review.toml",
        "timed out": f"run again later, or {opened}",
    }
    return by_state.get(state, opened)
