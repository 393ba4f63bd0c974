"""Reading a web page for the PDF it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import tee, zip_longest
from urllib.parse import urldefrag, urljoin, urlsplit

from corpus.registry.title_match import distinctive
from corpus.urls import canonical

TITLE_SHARE = 0.5  # a link with half of the title's distinctive words in it is about the work

# Meta elements by which repositories name the PDF: Google Scholar's, Bepress's and EPrints'.
_PDF_META = ("citation_pdf_url", "bepress_citation_pdf_url", "eprints.document_url")
_SAYS_PDF = re.compile(r"pdf|full[ -]?text", re.IGNORECASE)
_SAYS_DOWNLOAD = re.compile(r"download|bitstream|t[ée]l[ée]charger", re.IGNORECASE)
_NO_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|zip|epub|jpe?g|png|gif|svg|css|js|mp[34])$", re.IGNORECASE)
_LOGIN = re.compile(r"\b(?:log[ -]?in|sign[ -]?in|anmelden)\b", re.IGNORECASE)
_ROBOT_CHECK = re.compile(r"captcha|cf-challenge|challenge-platform|just a moment|are you (?:a )?(?:human|robot)", re.I)
_CONSENT = re.compile(r"\b(?:cookies?|consent|terms (?:of use|and conditions))\b", re.IGNORECASE)


_FEW_LINKS = 10
MOST_LINKS = 3000  # of a page that are looked at: it takes half a second; a page with more is a catalogue
_COMMENT = (re.compile("<!--"), re.compile("-->"))
_SCRIPT = (re.compile("<script", re.IGNORECASE), re.compile("</script>", re.IGNORECASE))
_TAG = re.compile(r"<(?P<name>/?[a-z][a-z0-9]*)(?P<attributes>[^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")


@dataclass(slots=True)
class _Link:
    href: str
    text: str = ""  # what the link says, with its title and label


@dataclass(slots=True)
class LandingPage:
    """What a web page says about files."""

    title: str = ""
    named: list[str] = field(default_factory=list)  # addresses that the page itself declares to be the PDF
    links: list[_Link] = field(default_factory=list)
    base: str = ""  # of relative links, where the page gives one
    asks_password: bool = False
    robot_check: bool = False

    def barrier(self) -> str:
        """What stands between a program and the file: "a login page" and the like; "" where nothing seems to."""
        if self.named:
            return ""
        # Ordinary pages load a captcha for their contact form; one that only checks for robots has little else.
        if self.robot_check and len(self.links) < _FEW_LINKS:
            return "a page that checks for robots (captcha)"
        if self.asks_password or _LOGIN.search(self.title):
            return "a login page"
        if _CONSENT.search(self.title):
            return "a page that asks for consent"
        return ""


def read_page(html: str) -> LandingPage:
    """The parts of `html` that matter here."""
    page = LandingPage(robot_check=bool(_ROBOT_CHECK.search(html)))
    link: _Link | None = None
    for name, given, text in _tags(_without(_without(html, *_COMMENT), *_SCRIPT)):
        if name == "meta" and (given.get("name") or given.get("property", "")).lower() in _PDF_META:
            page.named.append(given.get("content", ""))
        elif name == "link" and given.get("type", "").lower() == "application/pdf":
            page.named.append(given.get("href", ""))
        elif name == "base" and not page.base:
            page.base = given.get("href", "")
        elif name in ("iframe", "embed", "object") and (framed := given.get("src") or given.get("data")):
            page.links.append(_Link(framed, given.get("type", "")))
        elif name == "input" and given.get("type", "").lower() == "password":
            page.asks_password = True
        elif name == "title":
            page.title += text
        elif name == "a":
            said = " ".join(given.get(key, "") for key in ("title", "aria-label", "type", "class", "download"))
            link = _Link(given.get("href", ""), f"{said} ")
            page.links.append(link)
            if len(page.links) >= MOST_LINKS:
                break
        elif name == "/a":
            link = None
        if link is not None:
            link.text += (f" {given.get('alt', '')} " if name == "img" else "") + text
    return page


def meta_of(html: str) -> dict[str, list[str]]:
    """What the meta elements of a page say, by their name in lower case; an element without a value is left out."""
    said: dict[str, list[str]] = {}
    for name, given, _ in _tags(_without(_without(html, *_COMMENT), *_SCRIPT)):
        key = (given.get("name") or given.get("property", "")).lower()
        if name == "meta" and key and given.get("content", "").strip():
            said.setdefault(key, []).append(given["content"].strip())
    return said


def pdf_links(page: LandingPage, address: str, *, title: str = "") -> tuple[str, ...]:
    """Addresses on `page`, found at `address`, that probably give the PDF, the most probable first.

    First what the page declares, then links that carry the words of `title`, then those to the same host, in each
    group those that say PDF before those that say download.
    """
    base = _join(address, page.base) or address
    ranked = [((0, 0, 0), url) for url in (_join(base, href) for href in page.named) if url]
    for link in page.links:
        url = _join(base, link.href)
        strength = _strength(url, link.text)
        if strength:
            titled = _share(title, f"{link.text} {urlsplit(url).path}") >= TITLE_SHARE
            foreign = _host(url) != _host(address)
            ranked.append(((1 if titled else 2, int(foreign), strength), url))
    ranked.sort(key=lambda entry: entry[0])
    first = {canonical(url): url for _, url in reversed(ranked)}
    wanted = dict.fromkeys(canonical(url) for _, url in ranked)
    return tuple(first[key] for key in wanted if key != canonical(address))


def _strength(url: str, text: str) -> int:
    """1: ends in .pdf; 2: says PDF; 3: says download; 0: none of these, or another kind of file."""
    path = urlsplit(url).path
    if not url or _NO_FILE.search(path):
        return 0
    if path.lower().endswith(".pdf"):
        return 1
    if _SAYS_PDF.search(text) or _SAYS_PDF.search(url):
        return 2
    return 3 if _SAYS_DOWNLOAD.search(text) or _SAYS_DOWNLOAD.search(path) else 0


def _share(title: str, text: str) -> float:
    wanted = set(distinctive(title))
    return len(wanted & set(distinctive(text))) / len(wanted) if wanted else 0.0


def _join(base: str, href: str) -> str:
    """The web address of `href`; "" for mail, scripts and what can't be understood."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        return url if href.strip() and urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _tags(html: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each tag ("a", "/a") with its attributes and the text up to the next tag.

    html.parser takes minutes for 100 kB of "<!--"; this takes time in proportion to the length of any page.
    """
    here, ahead = tee(_TAG.finditer(html))
    next(ahead, None)
    for tag, following in zip_longest(here, ahead):
        end = following.start() if following else len(html)
        given = {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(tag["attributes"])}
        yield tag["name"].lower(), given, unescape(html[tag.end() : end])


def _without(html: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """`html` without what stands between each `opening` and the next `closing`."""
    kept, place = [], 0
    while start := opening.search(html, place):
        kept.append(html[place : start.start()])
        end = closing.search(html, start.end())
        if end is None:
            return "".join(kept)
        place = end.end()
    return "".join(kept) + html[place:]
