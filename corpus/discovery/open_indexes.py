"""What open indexes know of a work: OpenAlex, Crossref and Unpaywall, and copies in the Wayback Machine.

Their answers are read here and trusted nowhere: a hit is a proposal that has to pass the title check.
Formats: docs.openalex.org (Work), api.crossref.org (works), unpaywall.org/data-format and
archive.org/help/wayback_api.php.
They are asked through the same polite and guarded connections as every other host, so no client library is used.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from corpus.errors import PullError
from corpus.fetch.download import Fetcher
from corpus.fetch.json_answer import fetch_json
from corpus.json_table import JsonTable
from corpus.registry.doi import bare_doi
from corpus.workspace import ResolveSettings

MOST = 5  # hits of one title search; the right work is the first or not there
_SNAPSHOT = re.compile(r"^https?://web\.archive\.org/web/(\d+)(?:[a-z]{2}_)?/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index says a work may be had."""

    url: str
    kind: str  # "pdf" or "landing", as in the registry


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """A work as one index describes it."""

    index: str  # "OpenAlex", "Crossref", "Unpaywall"
    title: str
    authors: tuple[str, ...]
    year: int | None
    doi: str
    addresses: tuple[Address, ...]  # open copies, best first
    kind: str = ""  # as the index calls it
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one index said: its hits, or why there is no answer."""

    index: str
    hits: tuple[IndexRecord, ...] = ()
    problem: str = ""


class Indexes:
    """The indexes of one run."""

    def __init__(self, fetcher: Fetcher, settings: ResolveSettings) -> None:
        self._fetcher, self._settings = fetcher, settings

    def by_doi(self, doi: str) -> list[Answer]:
        """Every index on the work with this DOI."""
        mail, given = self._settings.email, quote(doi, safe="/")
        return [
            *self._ask("OpenAlex", self._settings.openalex, f"/works/doi:{given}", {"mailto": mail}, _openalex_work),
            *self._ask("Crossref", self._settings.crossref, f"/works/{given}", {"mailto": mail}, _crossref_work),
            *self._unpaywall(given),
        ]

    def by_title(self, title: str, authors: tuple[str, ...] = ()) -> list[Answer]:
        """The indexes that can be searched by title, on the works nearest to it."""
        mail, rows = self._settings.email, str(MOST)
        plain = re.sub(r"[^\w\s]", " ", title)  # a comma or colon would end the filter
        words = f"{title} {authors[0].split(',')[0]}" if authors else title
        return [
            *self._ask(
                "OpenAlex",
                self._settings.openalex,
                "/works",
                {"filter": f"title.search:{' '.join(plain.split())}", "per-page": rows, "mailto": mail},
                _openalex_list,
            ),
            *self._ask(
                "Crossref",
                self._settings.crossref,
                "/works",
                {"query.bibliographic": words, "rows": rows, "mailto": mail},
                _crossref_list,
            ),
        ]

    def crossref_abstract(self, doi: str) -> tuple[str, str]:
        """How Crossref describes the work with this DOI (title, names and year in lines), and its abstract.

        Both are "" where it does not know the work. PullError: there is no answer, or one in another form.
        """
        base, mail = self._settings.crossref, self._settings.email
        if not base:
            return "", ""
        asked = f"?{urlencode({'mailto': mail})}" if mail else ""
        try:
            found = fetch_json(self._fetcher, f"{base.rstrip('/')}/works/{quote(doi, safe='/')}{asked}")
        except PullError as error:
            if "404" in str(error):
                return "", ""
            raise PullError(error.state, f"Crossref: {error}") from None
        try:
            (hit,) = _crossref_work(found)
            abstract = _plain_jats(str(found["message"].get("abstract") or ""))
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            what = type(error).__name__
            raise PullError("unreachable", f"Crossref answers in another form than documented ({what})") from None
        return "\n".join((hit.title, *hit.authors, str(hit.year or ""))), abstract

    def archived(self, url: str, *, year: int | None = None) -> tuple[str, str]:
        """(address of the nearest archived copy of `url`, "") or ("", why there is none).

        The copy is the file as it was archived, without the archive's frame around it.
        """
        base = self._settings.archive
        if not base:
            return "", "archive copies are switched off"
        when = {"timestamp": f"{year + 1}0101"} if year else {}
        try:
            found = fetch_json(self._fetcher, f"{base.rstrip('/')}/wayback/available?{urlencode({'url': url, **when})}")
        except PullError as error:
            return "", str(error)
        closest = _table(_table(found.get("archived_snapshots")).get("closest"))
        copy = str(closest.get("url") or "")
        if not closest.get("available") or not copy or str(closest.get("status", "200")) != "200":
            return "", "no archived copy"
        return _SNAPSHOT.sub(lambda match: f"https://web.archive.org/web/{match[1]}id_/", copy), ""

    def _unpaywall(self, doi: str) -> list[Answer]:
        if not self._settings.email and self._settings.unpaywall:
            return [Answer("Unpaywall", problem="not asked: it wants an e-mail address ([resolve] email)")]
        query = {"email": self._settings.email}
        return self._ask("Unpaywall", self._settings.unpaywall, f"/v2/{doi}", query, _unpaywall_work)

    def _ask(
        self,
        index: str,
        base: str,
        path: str,
        query: Mapping[str, str],
        read: Callable[[JsonTable], Iterator[IndexRecord]],
    ) -> list[Answer]:
        if not base:
            return []
        asked = urlencode({key: value for key, value in query.items() if value})
        try:
            found = fetch_json(self._fetcher, f"{base.rstrip('/')}{path}" + (f"?{asked}" if asked else ""))
        except PullError as error:
            return [Answer(index, problem=str(error))]
        try:
            return [Answer(index, tuple(read(found)))]
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            return [Answer(index, problem=f"an answer in another format than documented ({type(error).__name__})")]


def _openalex_list(found: JsonTable) -> Iterator[IndexRecord]:
    for work in found["results"]:
        yield from _openalex_work(work)


def _openalex_work(work: JsonTable) -> Iterator[IndexRecord]:
    places = map(_table, [work.get("best_oa_location"), *(work.get("locations") or ())])
    yield IndexRecord(
        "OpenAlex",
        title=work.get("display_name") or work.get("title") or "",
        authors=tuple(_table(one["author"]).get("display_name") or "" for one in work.get("authorships") or ()),
        year=work.get("publication_year"),
        doi=bare_doi(work.get("doi") or ""),
        addresses=_copies((place for place in places if place.get("is_oa")), "pdf_url", "landing_page_url"),
        kind=work.get("type") or "",
        publisher=_table(_table(work.get("primary_location")).get("source")).get("display_name") or "",
    )


def _crossref_list(found: JsonTable) -> Iterator[IndexRecord]:
    for work in found["message"]["items"]:
        yield from _crossref_work({"message": work})


def _crossref_work(found: JsonTable) -> Iterator[IndexRecord]:
    work = found["message"]
    dates = _table(work.get("issued")).get("date-parts") or [[None]]
    links = [link for link in work.get("link") or () if "pdf" in str(link.get("content-type", "")).lower()]
    yield IndexRecord(
        "Crossref",
        title=": ".join([*(work.get("title") or ())[:1], *(work.get("subtitle") or ())[:1]]),
        authors=_people(work.get("author"), "name"),
        year=dates[0][0] if dates and dates[0] else None,
        doi=bare_doi(work.get("DOI") or ""),
        addresses=_addresses([*(("pdf", link["URL"]) for link in links), ("landing", work.get("URL"))]),
        kind=work.get("type") or "",
        publisher=((work.get("container-title") or ())[:1] or [work.get("publisher") or ""])[0],
    )


def _unpaywall_work(work: JsonTable) -> Iterator[IndexRecord]:
    places = map(_table, [work.get("best_oa_location"), *(work.get("oa_locations") or ())])
    yield IndexRecord(
        "Unpaywall",
        title=work.get("title") or "",
        authors=_people(work.get("z_authors"), "raw_author_name"),
        year=work.get("year"),
        doi=bare_doi(work.get("doi") or ""),
        addresses=_copies(places, "url_for_pdf", "url_for_landing_page"),
        kind=work.get("genre") or "",
        publisher=work.get("journal_name") or work.get("publisher") or "",
    )


def _plain_jats(text: str) -> str:
    """The words of an abstract in JATS, the markup that publishers send to Crossref; its heading is left out."""
    without = re.sub(r"<jats:title>.{0,40}?</jats:title>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^<>]{1,200}>", " ", without)).split())


def _people(found: Iterable[JsonTable] | None, whole: str) -> tuple[str, ...]:
    """Names as one string under the key `whole`, or else in two parts."""
    return tuple(
        one.get(whole) or ", ".join(filter(None, (one.get("family"), one.get("given")))) for one in found or ()
    )


def _copies(places: Iterable[JsonTable], pdf: str, landing: str) -> tuple[Address, ...]:
    """What stands under the keys `pdf` and `landing` of each place."""
    return _addresses(pair for place in places for pair in (("pdf", place.get(pdf)), ("landing", place.get(landing))))


def _addresses(pairs: Iterable[tuple[str, object]]) -> tuple[Address, ...]:
    """PDFs before pages, each address once; what is no web address is left out."""
    web = [(kind, url) for kind, url in pairs if isinstance(url, str) and url.startswith(("http://", "https://"))]
    kinds = {url: kind for kind, url in reversed(web)}
    return tuple(Address(url, kinds[url]) for url in sorted(kinds, key=lambda url: kinds[url] != "pdf"))


def _table(value: object) -> JsonTable:
    return value if isinstance(value, Mapping) else {}
