"""Digital object identifiers in the many ways people write them."""

from __future__ import annotations

import re

# The characters Crossref recommends for matching a DOI (crossref.org, "DOIs and matching regular expressions").
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9<>\[\]+&=#%]+", re.IGNORECASE)
_AT_THE_END = ".,;"
_PAIRS = (("(", ")"), ("[", "]"), ("<", ">"))


def bare_doi(text: str) -> str:
    """The DOI in `text`, lower case (a DOI has no case): "(https://doi.org/10.1093/ABC)." gives "10.1093/abc".

    Empty where there is none.
    """
    found = _DOI.search(text)
    doi = found[0].rstrip(_AT_THE_END).lower() if found else ""
    for opening, closing in _PAIRS:  # of parentheses that stand around it
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(_AT_THE_END)
    return doi


def is_doi(text: str) -> bool:
    """Is `text` nothing but a DOI, bare or as an address of doi.org?"""
    plain = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text.strip(), flags=re.IGNORECASE)
    return bool(_DOI.fullmatch(plain))
