"""How the 25 sources of the paper stand, from the shipped registry and the last time their addresses were tried."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

from corpus.registry.registry_file import load_source_file
from corpus.registry.sources import Source
from docs.generator.markdown import page, table

# What `jaiza pull` found when it was last recorded: {"checked": "2026-12-01", "states": {"gazdar-2011": "pulled"}}.
CHECKED = Path(__file__).parent / "paper_sources_checked.json"
_IDENTIFIED = {
    "published": "the paper names it",
    "seen": "somebody looked at the work",
    "probable": "probable",
    "unverified": "a guess",
    "unknown": "nobody knows which work is meant",
}
_NEVER_TRIED = (
    "No day on which all were tried has been recorded yet. `jaiza pull` tries every address from your machine and says "
    "what came of it; `python -m docs.make_paper_sources WORKSPACE` writes that into this page, with the day."
)
_STANDING = {"published": "printed in the paper", "seen": "found elsewhere", "unverified": "a guess"}


def paper_sources_page() -> str:
    """A table of the 25, with where each may be had, and what was found when."""
    with as_file(files("corpus") / "sources.toml") as path:
        sources = load_source_file(path)
    checked, states = _checked()
    known = Counter(source.identified for source in sources)
    direct = sum(any(one.kind == "pdf" for one in source.candidates) for source in sources)
    none = sum(not source.candidates for source in sources)
    only_pages = len(sources) - direct - none
    return page(
        "How the paper's 25 sources stand",
        f"The paper's matrix has 25 rows. Of {known['published'] + known['seen']} the work is certain, of "
        f"{known['probable']} probable, of {known['unverified'] + known['unknown']} nobody knows which is meant. For "
        f"{direct} there is the address of a PDF, for {only_pages} only pages that may lead to one, for {none} no "
        "address at all. Several of the paper's references lead to other works: these are never fetched.",
        f"Tried last on {checked}." if checked else _NEVER_TRIED,
        table(["study", "which work", "where it may be had", "tried"], [_row(source, states) for source in sources]),
        "A PDF that you have goes into `inbox/` under the id of its source; its title is checked. The PDFs are not "
        "shipped: they belong to their publishers. What is known of each work stands in `corpus/sources.toml`.",
    )


def _checked() -> tuple[str, Mapping[str, str]]:
    if not CHECKED.exists():
        return "", {}
    kept = json.loads(CHECKED.read_text(encoding="utf-8"))
    return kept["checked"], kept["states"]


def _row(source: Source, states: Mapping[str, str]) -> list[str]:
    places = [f"[{one.kind}]({one.url.replace(' ', '%20')}) ({_STANDING[one.standing]})" for one in source.candidates]
    title, year = source.title or "title not known", f", {source.year}" if source.year else ""
    work = f"{title}{year}; {_IDENTIFIED[source.identified]}"
    where = "; ".join(places) or "no address known"
    return [f"{source.label} (`{source.id}`)", work, where, states.get(source.id, "not yet")]
