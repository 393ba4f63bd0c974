"""Digital object identifiers in the many ways people and programs write them."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

# Crossref registers what a publisher gives, so a DOI goes on to the next white space (ANSI/NISO Z39.84), but for signs
# that addresses and quotations put after it. A DOI cut short would be that of another work: of the book, say.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"“”?|…。，、]+", re.IGNORECASE)
_ONE = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"^(?:https?://)?(?:dx\.|www\.)?doi\.org/|^doi:\s*", re.IGNORECASE)
_NEXT = re.compile(r"[;,|]\s*(?=https?://|doi:|10\.\d{4,9}/)", re.IGNORECASE)  # two of them in one field
_MARKUP = re.compile(r"</?(?:a|b|br|em|i|p|span|strong|td|u)\b[^<>]*>?.*", re.IGNORECASE)
_KIND = re.compile(r"\[(?:doi|pii)\]$", re.IGNORECASE)  # after a number in lists of PubMed
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # come along from pages and PDFs
# "10.1007/978-3-319-0{\\_}7" of Mendeley, "{\\textless}" of Zotero, "$<$" of JabRef.
_LESS = re.compile(r"\{?\\textless\s*(?:\{\})?\}?|\$\s*<\s*\$")
_MORE = re.compile(r"\{?\\textgreater\s*(?:\{\})?\}?|\$\s*>\s*\$")
_AT_THE_END = ".,;:'*’"
_PAIRS = (("(", ")"), ("[", "]"), ("<", ">"))


def bare_doi(text: str) -> str:
    """The DOI in `text`, lower case (a DOI has no case): "(https://doi.org/10.1093/ABC)." gives "10.1093/abc".

    What LaTeX, HTML and addresses write for its signs is read as those signs. Empty where there is none.
    """
    found = _DOI.search(_plain(text))
    if found is None:
        return ""
    doi = _KIND.sub("", _MARKUP.sub("", _NEXT.split(found[0])[0])).rstrip(_AT_THE_END).lower()
    for opening, closing in _PAIRS:  # of parentheses that stand around it
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(_AT_THE_END)
    return doi if _ONE.fullmatch(doi) else ""


def is_doi(text: str) -> bool:
    """Is `text` nothing but a DOI, bare or as an address of doi.org?"""
    return bool(_DOI.fullmatch(_ADDRESS.sub("", text.strip())))


def _plain(text: str) -> str:
    if "\\" in text or "$" in text or "{" in text:
        text = _MORE.sub(">", _LESS.sub("<", text))
        text = re.sub(r"[{}\\]", "", text)
    if "&" in text:
        text = html.unescape(text)
    text = _UNSEEN.sub("", text).strip()
    return unquote(text) if "%" in text and _ADDRESS.match(text) else text
