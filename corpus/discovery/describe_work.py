"""What work is this? The bibliographic facts of a DOI, a web page or a PDF, as far as each tells them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.discovery.open_indexes import Answer, Indexes
from corpus.errors import JaizaError, PullError
from corpus.fetch.download import PAGE_CAP, Fetcher
from corpus.fetch.landing_page import meta_of
from corpus.registry.doi import bare_doi
from corpus.registry.work import Work

TitleReader = Callable[[Path], str]  # the title on the first pages of a PDF; "" where it can't be told

# Meta elements that name the work: Google Scholar's (Highwire), Dublin Core, EPrints and Open Graph, the surest first.
_TITLE = ("citation_title", "dc.title", "dcterms.title", "eprints.title", "og:title")
_AUTHOR = ("citation_author", "dc.creator", "dcterms.creator", "eprints.creators_name")
_DATE = ("citation_publication_date", "citation_date", "citation_year", "dc.date", "dcterms.issued", "eprints.date")
_PUBLISHER = ("citation_journal_title", "citation_technical_report_institution", "citation_publisher", "dc.publisher")
_DOI = ("citation_doi", "dc.identifier", "prism.doi")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
INDEX_KINDS = {"journal-article": "journal article", "article": "journal article", "report": "policy report",
          "dissertation": "thesis", "book-chapter": "book chapter", "book": "book"}  # fmt: skip


def work_of_doi(doi: str, indexes: Indexes) -> Work:
    """The work with this DOI as the open indexes describe it; JaizaError where none knows it."""
    answers = indexes.by_doi(doi)
    hits = [hit for answer in answers for hit in answer.hits if hit.title]
    if not hits:
        raise JaizaError(f"no index knows the DOI {doi} ({_problems(answers)}): check it, or give --title and --url")
    # Crossref has names in the order of the registry and the publisher's own title; OpenAlex the open copies.
    named = next((hit for hit in hits if hit.index == "Crossref"), hits[0])
    addresses = list(dict.fromkeys(one.url for hit in hits for one in hit.addresses))
    return Work(
        place=f"DOI {doi}",
        title=_plain(named.title),
        authors=named.authors,
        year=named.year,
        publisher=named.publisher,
        kind=next((INDEX_KINDS[hit.kind] for hit in hits if hit.kind in INDEX_KINDS), "unknown"),
        doi=bare_doi(doi),
        urls=tuple(addresses),
    )


def work_at(url: str, fetcher: Fetcher, *, read_title: TitleReader) -> Work:
    """The work that an address leads to: a PDF, or a page that describes one.

    PullError: the address gives nothing. JaizaError: what it gives does not say which work it is.
    """
    download = fetcher.fetch(url)
    if download.path is None:
        raise PullError("unreachable", f"{url} gave nothing")
    try:
        if download.is_pdf:
            title = read_title(download.path)
            work = Work(place=url, title=title, urls=(url,))
        else:
            text = download.path.read_bytes()[:PAGE_CAP].decode(download.charset or "utf-8", errors="replace")
            work = replace(work_on_page(text, place=url), urls=(url,))
    except LookupError:  # a name of a character set that the host made up
        work = Work(place=url, title="", urls=(url,))
    finally:
        download.path.unlink(missing_ok=True)
    if not work.title:
        raise JaizaError(f"{url} does not say which work it is: add it with --title (and --author, --year)")
    return work


def work_on_page(html: str, *, place: str) -> Work:
    """The work that a web page says it is about; the title is empty where it does not."""
    meta = meta_of(html)
    found = {name: values for name, values in meta.items() if values}

    def first(names: Sequence[str]) -> str:
        return next((found[name][0] for name in names if name in found), "")

    authors = next((found[name] for name in _AUTHOR if name in found), [])
    year = _YEAR.search(first(_DATE))
    doi = next((bare_doi(value) for name in _DOI for value in found.get(name, []) if bare_doi(value)), "")
    return Work(
        place=place,
        title=_plain(first(_TITLE)),
        authors=tuple(map(_plain, authors)),
        year=int(year[0]) if year else None,
        publisher=_plain(first(_PUBLISHER)),
        doi=doi,
    )


def _problems(answers: Sequence[Answer]) -> str:
    return "; ".join(f"{answer.index}: {answer.problem}" for answer in answers if answer.problem) or "no answer"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"<[^<>]{1,40}>", "", text).split())
