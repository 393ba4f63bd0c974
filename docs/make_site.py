"""The handbook as a site that needs no network: `make site` builds it in `site/` and follows every link and anchor.

The pages are the Markdown files of the checkout, at the places they have there, so that a link that works on the site
works in the repository too. Zensical builds them (`zensical.toml`); what it would load from another host is put beside
the pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from docs.check_site import problems_in_browser

ROOT = Path(__file__).parent.parent
SHIM = ROOT / "docs" / "site" / "iframe-worker.js"
# The search of pages that are opened as files; Zensical names a host for it.
SHIM_ELSEWHERE = re.compile(r"https://unpkg\.com/iframe-worker/shim")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "prefect.yaml")
FOLDERS = ("docs", "findings")
LEFT_OUT = shutil.ignore_patterns("*.py", "*.sh", "*.js", "__pycache__")
LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src", "video": "src"}


@dataclass
class Page:
    """What one page of the site points to, loads and can be pointed to at."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value for name, value in attrs if value is not None}
        self.page.anchors.update(told[name] for name in ("id", "name") if name in told)
        if tag == "a" and "href" in told:
            self.page.links.append(told["href"])
        if tag in LOADED and LOADED[tag] in told and told.get("rel") not in ("canonical", "alternate"):
            self.page.loaded.append(told[LOADED[tag]])


def read_page(path: Path) -> Page:
    """Links, anchors and what is loaded, of one HTML file."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page


def copy_pages(target: Path) -> None:
    """The Markdown files and pictures of the checkout, as they lie there."""
    shutil.rmtree(target, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, target / name, ignore=LEFT_OUT)
    for name in PAGES:
        shutil.copy(ROOT / name, target / name)


def keep_shim_here(site: Path) -> None:
    """What the pages would load from another host is loaded from beside them."""
    shutil.copy(SHIM, site / "assets" / SHIM.name)
    for path in site.rglob("*.html"):
        up = "../" * len(path.relative_to(site).parent.parts)
        text = path.read_text(encoding="utf-8")
        path.write_text(SHIM_ELSEWHERE.sub(f"{up}assets/{SHIM.name}", text), encoding="utf-8")


def find_problems(site: Path) -> Iterator[str]:
    """Links and anchors that lead nowhere, and whatever is loaded from another host; one line each."""
    pages = {path.resolve(): read_page(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site.resolve()).as_posix()
        if name == "404.html":  # its links begin at the top of a host
            continue
        for address in page.loaded:
            if urlsplit(address).netloc:
                yield f"{name} loads {address} from another host"
        for address in (*page.links, *page.loaded):
            split = urlsplit(address)
            if split.scheme or split.netloc:
                continue
            target = (path.parent / unquote(split.path)).resolve() if split.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{name} links to {address}, which is not there"
            elif split.fragment and target in pages and unquote(split.fragment) not in pages[target].anchors:
                yield f"{name} links to {address}: no such heading"


def build(root: Path = ROOT) -> Path:
    """The site, in `site/`; raises CalledProcessError where Zensical warns of anything."""
    copy_pages(root / ".site")
    shutil.rmtree(root / "site", ignore_errors=True)
    zensical = Path(sys.executable).parent / "zensical"
    subprocess.run([zensical, "build", "--clean", "--strict"], cwd=root, check=True)
    keep_shim_here(root / "site")
    return root / "site"


def main() -> int:
    """Build, follow every link, look at every page in a browser, and say where the first one is."""
    site = build()
    problems = [*find_problems(site), *problems_in_browser(site)]
    print("\n".join(problems) or f"every link of {sum(1 for _ in site.rglob('*.html'))} pages leads somewhere")
    print(site / "index.html")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
