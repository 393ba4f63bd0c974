"""The fields that every format of reference lists has, read from what programs write into them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from corpus.registry.doi import bare_doi, is_doi
from corpus.urls import is_web_address

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_PMID = re.compile(
    r"(?:\bPMID\b\s*[:=]?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(\d{1,9})", re.IGNORECASE
)
_DOI_HOST = re.compile(r"^(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_NEXT_ADDRESS = re.compile(r"[;,|]?\s+(?=https?://|www\.)|[;|](?=https?://|www\.)", re.IGNORECASE)
_NO_SCHEME = re.compile(r"(?:www\.|(?:dx\.)?doi\.org/)\S", re.IGNORECASE)
_BLANKS_IN_FILE = re.compile(r"https?://\S+(?: \S+)*\.(?:pdf|docx?|html?|aspx|xlsx?)", re.IGNORECASE)
# Of files on the disk of who made the list: "file:///home/me/a.pdf", "C:\\papers\\a.pdf", "internal-pdf://012/a.pdf".
_LOCAL_FILE = re.compile(r"(?!\w+://)(?!www\.).+\.pdf|(?:file|internal-pdf)://.+", re.IGNORECASE)
_INITIALS = r"(?:[A-ZÀ-Þ](?:[.\-]{0,2}|(?=[A-ZÀ-Þ]))){1,4}"
_SURNAME_INITIALS = re.compile(
    rf"((?:[a-z]{{1,4}} ){{0,2}}[A-ZÀ-Þ][^\s,;]*(?: [A-ZÀ-Þ][^\s,;.]+)?) ({_INITIALS}(?: {_INITIALS})*)"
)
# Two words or more, each with a capital but for particles: "Omar de la Cruz", and not "Ministry of Food".
_PERSON = re.compile(
    r"[A-ZÀ-Þ]\S*(?: (?:[A-ZÀ-Þ]\S*|al|bin|da|de|den|der|di|dos|du|el|la|ter|van|von|ul|ur))* [A-ZÀ-Þ]\S*"
)
_INSTITUTIONAL = frozenset([
    "agency", "association", "authority", "bank", "board", "bureau", "centre", "center", "college", "commission",
    "committee", "consortium", "corporation", "council", "department", "directorate", "division", "federation",
    "foundation", "fund", "government", "group", "institute", "institution", "laboratory", "ministry", "nations",
    "network", "organisation", "organization", "office", "programme", "program", "project", "school", "secretariat",
    "service", "services", "society", "survey", "team", "trust", "union", "unit", "university",
])  # fmt: skip
_PEOPLE = re.compile(r"\s*(?:;|\||\n)\s*")


def is_institution(name: str) -> bool:
    """Does a name of several words have one that no person's has ("World Bank", "Ministry of Food")?"""
    words = re.findall(r"[^\W\d_]+", name.lower())
    return len(words) > 1 and not _INSTITUTIONAL.isdisjoint(words)


def read_year(*texts: str) -> int | None:
    """The first year from 1800 to 2099 in the first of `texts` that has one."""
    return next((int(found[0]) for text in texts if (found := _YEAR.search(text or ""))), None)


def read_addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """The web addresses in `texts`, each once; "a; b" are two, a ";" inside of an address belongs to it.

    "www.example.org" and a DOI are addresses too. What follows one after a blank is left out, unless the blank is in
    the name of a file.
    """
    parts = (_address(part.strip().strip("<>")) for text in texts for part in _NEXT_ADDRESS.split(text.strip()))
    return tuple(dict.fromkeys(part for part in parts if is_web_address(part)))


def _address(text: str) -> str:
    if is_doi(text):
        return f"https://doi.org/{bare_doi(text)}" if not text.lower().startswith("http") else text
    if _NO_SCHEME.match(text):
        text = f"http://{text}"
    if " " not in text:
        return text
    named = _BLANKS_IN_FILE.fullmatch(text)
    begin = text.find("http")
    return text.replace(" ", "%20") if named else text[begin:].partition(" ")[0].rstrip(",;") if begin >= 0 else ""


def read_files(texts: Iterable[str]) -> tuple[str, ...]:
    """The PDFs on somebody's disk that `texts` name, each once, in the words of the list; web addresses are none."""
    parts = (part.strip().strip("<>") for text in texts for part in re.split(r";(?!\S*://)|\n", text))
    return tuple(dict.fromkeys(part for part in parts if _LOCAL_FILE.fullmatch(part)))


def doi_of(doi: str, addresses: Iterable[str] = ()) -> str:
    """The bare DOI that a field holds, else the one that an address of doi.org leads to; "" where there is none."""
    direct = bare_doi(doi)
    if direct:
        return direct
    return next((found for one in addresses if _DOI_HOST.match(one) and (found := bare_doi(unquote(one)))), "")


def pmid_of(*texts: str) -> str:
    """The number of a work in PubMed: "PMID: 12345", an address of PubMed; "" where there is none."""
    return next((found[1] for text in texts if (found := _PMID.search(text))), "")


def page_range(first: str, last: str) -> str:
    """ "12" and "34" give "12-34"; a first that is a range, or stands alone, stays as it is."""
    first, last = first.strip(), last.strip()
    return f"{first}-{last}" if first and last and first != last and "-" not in first else first or last


def name_of(text: str) -> str:
    """ "Khan AB" as "Khan, AB"; names with a comma, and those of institutions, stay as they are."""
    found = None if "," in text else _SURNAME_INITIALS.fullmatch(text)
    return f"{found[1]}, {found[2]}" if found else text


def split_people(text: str) -> tuple[str, ...]:
    """The people in one cell of a table.

    "Khan, A.; Ali, O.", "Khan A., Ali O.", "Khan, A. and Ali, O." and "Amina Khan, Omar Ali" are two each. A cell that
    can't be told apart is one.
    """
    text = text.strip().rstrip(";,")
    if not text:
        return ()
    if _PEOPLE.search(text):
        return tuple(name_of(one.strip().rstrip(",")) for one in _PEOPLE.split(text) if one.strip())
    joined = re.split(r",?\s+and\s+", text)
    if len(joined) > 1 and all("," in part or _PERSON.fullmatch(part) for part in joined):
        return tuple(one for part in joined for one in _split_at_commas(part))
    return tuple(_split_at_commas(text))


def split_listed(texts: Iterable[str]) -> tuple[str, ...]:
    """People or keywords of fields that hold one each, or several with semicolons between them; each once."""
    parts = (part.strip().rstrip(",;").strip() for text in texts for part in text.split(";"))
    return tuple(dict.fromkeys(part for part in parts if part.strip(". ")))


def split_keywords(text: str) -> tuple[str, ...]:
    """The keywords in one cell, each once: at semicolons, bars or line ends where there are any, else at commas."""
    parts = re.split(r"[;|\n]", text) if re.search(r"[;|\n]", text) else text.split(",")
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


def _split_at_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2:
        return [name_of(text)]
    if all(_SURNAME_INITIALS.fullmatch(part) for part in parts):
        return [name_of(part) for part in parts]
    if len(parts) > 2 and all(" " in part for part in parts):
        return parts
    given = parts[1::2]
    if (
        len(parts) > 2
        and len(parts) % 2 == 0
        and all(re.fullmatch(rf"{_INITIALS}(?: {_INITIALS})*", one) for one in given)
    ):
        return [f"{surname}, {name}" for surname, name in zip(parts[::2], given, strict=True)]
    if len(parts) == 2 and all(" " in part for part in parts):
        return parts
    return [text]
