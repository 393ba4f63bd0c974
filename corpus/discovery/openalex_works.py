"""Searching OpenAlex for works: by words and filters, by DOI, and along citations.

Format: developers.openalex.org (GET /works). Of a long list the first 10,000 works can be had page by page; with a key
in OPENALEX_API_KEY, which is free, by cursor as well, which OpenAlex answers to nobody else since 2026.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from corpus.discovery.describe_work import INDEX_KINDS
from corpus.errors import PullError
from corpus.fetch.download import Fetcher
from corpus.fetch.json_answer import fetch_json
from corpus.json_table import JsonTable
from corpus.reference_lists.kinds import read_language
from corpus.registry.doi import bare_doi
from corpus.registry.work import Work
from corpus.workspace import ResolveSettings

ON_A_PAGE = 100  # the most that OpenAlex gives
AT_ONCE = 50  # values joined by | in one filter
_FIELDS = (
    "id,doi,display_name,publication_year,type,language,authorships,primary_location,locations,biblio,ids,"
    "abstract_inverted_index,keywords,referenced_works"
)
_PARTICLES = frozenset(
    ("al", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "ten", "van", "von")
)


@dataclass(frozen=True, slots=True)
class FoundWork:
    """A work that OpenAlex knows."""

    openalex_id: str  # for example "W2741809807"
    work: Work
    references: tuple[str, ...]  # ids of the works that it cites


@dataclass(frozen=True, slots=True)
class FoundWorks:
    """What a search found."""

    total: int  # that there are; more than `works` where they are too many
    works: tuple[FoundWork, ...]


class OpenAlexWorks:
    """The works of OpenAlex, asked through the guarded connections of Jaiza."""

    def __init__(self, fetcher: Fetcher, settings: ResolveSettings, *, key: str | None = None) -> None:
        """`key`: of OpenAlex; left out, that in OPENALEX_API_KEY counts."""
        self._fetcher, self._settings = fetcher, settings
        self._key = os.environ.get("OPENALEX_API_KEY", "") if key is None else key

    def search(self, query: str, filters: str = "", *, most: int) -> FoundWorks:
        """The works whose title, abstract or text fit `query` (words, AND, OR, NOT, "phrases"), the newest first.

        `filters` as OpenAlex writes them, for example "publication_year:2015-2026,language:en". PullError: there is
        no answer, or one in another form than documented.
        """
        return self._listed({"search": query, "filter": filters, "sort": "publication_date:desc"}, most=most)

    def of_dois(self, dois: Sequence[str]) -> tuple[FoundWork, ...]:
        """The works with these DOIs, as far as OpenAlex knows them."""
        return self._by("doi", dois)

    def of_ids(self, ids: Sequence[str]) -> tuple[FoundWork, ...]:
        """The works with these ids."""
        return self._by("openalex", ids)

    def citing(self, ids: Sequence[str], *, most: int) -> FoundWorks:
        """The works that cite at least one of those with these ids, each once."""
        total, found = 0, dict[str, FoundWork]()
        for some in _parts(ids):
            answer = self._listed({"filter": f"cites:{'|'.join(some)}", "sort": "publication_date:desc"}, most=most)
            total += answer.total
            found.update((one.openalex_id, one) for one in answer.works)
        return FoundWorks(max(len(found), total if len(ids) <= AT_ONCE else 0), tuple(found.values())[:most])

    def _by(self, field: str, values: Sequence[str]) -> tuple[FoundWork, ...]:
        return tuple(
            one
            for some in _parts(values)
            for one in self._listed({"filter": f"{field}:{'|'.join(some)}"}, most=2 * AT_ONCE).works
        )

    def _listed(self, asked: Mapping[str, str], *, most: int) -> FoundWorks:
        if not self._settings.openalex:
            raise PullError("unreachable", "OpenAlex is not to be asked: [resolve] openalex in review.toml is empty")
        total, works = 0, list[FoundWork]()
        cursor, page = "*" if self._key else "", 1
        while len(works) < most:
            paging = {"cursor": cursor} if self._key else {"page": str(page)}
            found = self._asked({**asked, **paging})
            try:
                some = tuple(read_work(one) for one in found["results"])
                total = int(found["meta"]["count"])
                cursor, page = str(found["meta"].get("next_cursor") or ""), page + 1
            except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
                what = type(error).__name__
                raise PullError("unreachable", f"OpenAlex answers in another form than documented ({what})") from None
            works += some
            if not some or len(works) >= total or (self._key and not cursor):
                break
        return FoundWorks(total, tuple(works[:most]))

    def _asked(self, asked: Mapping[str, str]) -> JsonTable:
        query = {
            **{key: value for key, value in asked.items() if value},
            "select": _FIELDS,
            "per-page": str(ON_A_PAGE),
            **({"mailto": self._settings.email} if self._settings.email else {}),
            **({"api_key": self._key} if self._key else {}),
        }
        try:
            return fetch_json(self._fetcher, f"{self._settings.openalex.rstrip('/')}/works?{urlencode(query)}")
        except PullError as error:
            said = str(error)
            raise PullError(error.state, said.replace(self._key, "…") if self._key else said) from None


def read_work(found: JsonTable) -> FoundWork:
    """A Work of OpenAlex. KeyError, TypeError, ValueError: it is in another form than documented."""
    openalex_id = _bare_id(found["id"])
    place = found.get("primary_location") or {}
    venue = place.get("source") or {}
    biblio = found.get("biblio") or {}
    return FoundWork(
        openalex_id,
        Work(
            place=openalex_id,
            title=" ".join((found.get("display_name") or "").split()),
            authors=tuple(_name(one) for one in found.get("authorships") or ()),
            year=found.get("publication_year"),
            publisher=venue.get("host_organization_name") or "",
            kind=INDEX_KINDS.get(found.get("type") or "", "unknown"),
            doi=bare_doi(found.get("doi") or ""),
            urls=tuple(_addresses(found)),
            language=read_language(found.get("language") or ""),
            container_title=venue.get("display_name") or "",
            volume=biblio.get("volume") or "",
            issue=biblio.get("issue") or "",
            pages="-".join(dict.fromkeys(filter(None, (biblio.get("first_page"), biblio.get("last_page"))))),
            pmid=((found.get("ids") or {}).get("pmid") or "").rstrip("/").rpartition("/")[2],
            abstract=abstract_of(found.get("abstract_inverted_index") or {}),
            keywords=tuple(one["display_name"] for one in found.get("keywords") or ()),
        ),
        tuple(map(_bare_id, found.get("referenced_works") or ())),
    )


def abstract_of(inverted: Mapping[str, Iterable[int]]) -> str:
    """An abstract from its inverted index: {"Cash": [0], "helps": [1]} is "Cash helps"."""
    words = {place: word for word, places in inverted.items() for place in places}
    return " ".join(words[place] for place in sorted(words))


def surname_first(name: str) -> str:
    """A person's name as "Surname, Given": "Ines van der Berg" is "van der Berg, Ines"; a single word stays."""
    parts = name.split()
    if "," in name or len(parts) < 2:
        return " ".join(parts)
    first = len(parts) - 1
    while first > 1 and parts[first - 1].lower() in _PARTICLES:
        first -= 1
    return f"{' '.join(parts[first:])}, {' '.join(parts[:first])}"


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))


def _name(authorship: JsonTable) -> str:
    return surname_first((authorship.get("author") or {}).get("display_name") or authorship["raw_author_name"] or "")


def _addresses(found: JsonTable) -> Iterator[str]:
    """Open PDFs, then the pages of open copies; each once."""
    places = [one for one in found.get("locations") or () if one.get("is_oa")]
    for key in ("pdf_url", "landing_page_url"):
        for address in dict.fromkeys(one.get(key) or "" for one in places):
            if address.startswith(("http://", "https://")):
                yield address


def _bare_id(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]
