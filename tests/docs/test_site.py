"""The handbook as a site: every page is in its contents, and what leads nowhere is found."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.make_site import FOLDERS, PAGES, SHIM_ELSEWHERE, find_problems, keep_shim_here

ROOT = Path(__file__).parent.parent.parent
SETTINGS = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]


def _pages(entries: list[dict[str, object]]) -> Iterator[str]:
    for entry in entries:
        for target in entry.values():
            if isinstance(target, list):
                yield from _pages(target)
            else:
                yield str(target)


def test_every_page_of_the_handbook_is_in_the_contents_of_the_site_once() -> None:
    written = [path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*.md")]
    written += [name for name in PAGES if name.endswith(".md")]
    assert sorted(_pages(SETTINGS["nav"])) == sorted(written)


def test_the_glossary_is_one_click_away() -> None:
    assert {"Glossary": "docs/glossary.md"} in SETTINGS["nav"]
    assert "navigation.tabs" in SETTINGS["theme"]["features"]


def test_the_site_asks_no_other_host_for_fonts() -> None:
    assert SETTINGS["theme"]["font"] is False
    assert "offline" in SETTINGS["plugins"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="other.html">there</a>', None),
        ('<a href="other.html#part">there</a>', None),
        ('<a href="#here">here</a><h2 id="here">Here</h2>', None),
        ('<a href="https://example.org/">elsewhere</a>', None),
        ('<a href="gone.html">gone</a>', "links to gone.html, which is not there"),
        ('<a href="other.html#gone">gone</a>', "links to other.html#gone: no such heading"),
        ('<img src="gone.png" alt="">', "links to gone.png, which is not there"),
        ('<script src="https://example.org/a.js"></script>', "loads https://example.org/a.js from another host"),
    ],
)
def test_what_leads_nowhere_and_what_comes_from_elsewhere_is_told(
    tmp_path: Path, body: str, problem: str | None
) -> None:
    (tmp_path / "page.html").write_text(body, encoding="utf-8")
    (tmp_path / "other.html").write_text('<h2 id="part">Part</h2>', encoding="utf-8")
    assert list(find_problems(tmp_path)) == ([f"page.html {problem}"] if problem else [])


def test_the_search_of_pages_opened_as_files_comes_from_beside_them(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "page.html"
    page.write_text('<script src="https://unpkg.com/iframe-worker/shim"></script>', encoding="utf-8")
    assert list(find_problems(tmp_path)) == [
        "docs/page.html loads https://unpkg.com/iframe-worker/shim from another host"
    ]
    keep_shim_here(tmp_path)
    assert list(find_problems(tmp_path)) == []
    assert not SHIM_ELSEWHERE.search(page.read_text(encoding="utf-8"))
