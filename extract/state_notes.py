"""What a Document's note says of pages without text, of OCR and of languages: what it means, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.document import Passage
from extract.readers.ocr_engine import INSTALL, Engine
from extract.readers.ocr_pages import MOST_PAGES, Recognised
from extract.text.language import ENGLISH

_LISTED = 12  # page numbers in a note
_NAMED = 5  # files in a note
_ADD = f"install the text recognition program ({INSTALL}) and run again"


def reading_note(
    missing: Sequence[int],
    pictures: Sequence[int],
    *,
    pages: int,
    written: bool,
    engine: Engine | None,
    tried: Recognised | None = None,
) -> str:
    """Of `pages` pages, `missing` could not be read and `pictures` were read by OCR; "" where there is nothing to say.

    `written` tells whether any page has text. `engine` is the OCR program that was tried, None where there is none;
    `tried` tells for which pages its time was up or it failed.
    """
    if engine is None:
        if not written:
            return f"no page has a text layer, it is a scan: {_ADD}" if missing else _EMPTY
        return f"{_pages(missing, pages)} without a text layer{_list(missing)}: {_ADD}" if missing else ""
    said = []
    if pictures:
        said.append(f"{_pages(pictures, pages)} read by OCR ({engine.name}){_list(pictures)}: check what you quote")
    late, failed = (tried.late, tried.failed) if tried else ((), ())
    if empty := [number for number in missing if number not in late and number not in failed]:
        said.append(f"{_pages(empty, pages)} without a text layer{_list(empty)}: OCR found no text there")
    if late:
        said.append(
            f"{_pages(late, pages)} without a text layer{_list(late)}: the time for OCR was up; run again when the"
            " machine has less to do"
        )
    if failed and tried:
        said.append(f"{_pages(failed, pages)} without a text layer{_list(failed)}: OCR failed there ({tried.reason})")
    if missing and len(missing) + len(pictures) > MOST_PAGES:
        said.append(f"OCR reads the first {MOST_PAGES} such pages of a document: split it to have more")
    return "; ".join(said) or ("" if written else _EMPTY)


def damage_note(broken: Sequence[int], *, pages: int, cut: bool) -> str:
    """What it says of pages that are `broken`: "damaged: 9 of 20 pages could be read in full (10, 11 ... ...)"."""
    if not broken:
        return "the file is cut off at its end: download it again to be sure that nothing is missing" if cut else ""
    be = "is" if len(broken) == 1 else "are"
    what = "missing or cut off, for the file ends too early" if cut else "broken"
    whole = f"{pages - len(broken)} of {_count(pages)} could be read in full"
    return f"damaged: {whole}; {_page_list(broken)} {be} {what}: download it again"


def left_note(attached: Sequence[str], comments: Sequence[int], unseen: Sequence[int]) -> str:
    """What is in a file and is not read: attached files, pages with comments, pages with text nobody sees."""
    said = []
    if attached:
        named = ", ".join(attached[:_NAMED]) + (" ..." if len(attached) > _NAMED else "")
        be = "file is attached and is" if len(attached) == 1 else "files are attached and are"
        said.append(f"{len(attached)} {be} not read ({named})")
    if comments:
        said.append(f"comments on {_page_list(comments)} are not read")
    if unseen:
        said.append(f"words on {_page_list(unseen)} are struck out or can't be seen, and are left out")
    return "; ".join(said)


def unknown_note(unknown: Sequence[int]) -> str:
    """What it says of pages with characters that have no meaning in the file."""
    return (
        f"some characters on {_page_list(unknown)} have no meaning in the file, each is shown as \ufffd"
        if unknown
        else ""
    )


def languages_note(passages: Sequence[Passage]) -> str:
    """How many of `passages` are in which other language: "12 of 40 passages are not in English (fr 12) ..."."""
    others = Counter(passage.language for passage in passages if passage.language != ENGLISH)
    if not others:
        return ""
    named = ", ".join(f"{language} {count}" for language, count in others.most_common())
    be = "is" if others.total() == 1 else "are"
    return f"{others.total()} of {len(passages)} passages {be} not in English ({named}): kept, not coded"


def mixed_note(passages: Sequence[Passage]) -> str:
    """How many of `passages` have other words inside their boxes, and where; "" where none has."""
    mixed = [passage for passage in passages if passage.mixed]
    if not mixed:
        return ""
    pages = list(dict.fromkeys(passage.page for passage in mixed))
    stand = "stands" if len(mixed) == 1 else "stand"
    place = f"{stand} among other words, such as formulas{_list(pages)}"
    return f"{len(mixed)} of {len(passages)} passages {place}: check them on the page before you quote"


def _pages(numbers: Sequence[int], pages: int) -> str:
    return f"{len(numbers)} of {_count(pages)}"


def _count(pages: int) -> str:
    return f"{pages} page{'s' if pages != 1 else ''}"


def _page_list(numbers: Sequence[int]) -> str:
    return ("page " if len(numbers) == 1 else "pages ") + _list(numbers).strip(" ()")


def _list(numbers: Sequence[int]) -> str:
    return " (" + ", ".join(map(str, numbers[:_LISTED])) + (" ..." if len(numbers) > _LISTED else "") + ")"


_EMPTY = "its pages are empty: check that it is the right file"
