"""The report of many studies: what is said of each stands on pages of its own, so that a browser can open them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.json_table import JsonObject
from corpus.outcome import USABLE
from synthesis.matrix.cell import Cell
from synthesis.result import ReviewResult

# A browser opens a page with 300 studies in a second or two; with 1,000 it is 100 MB and takes half a minute.
ON_ONE_PAGE = 300
STUDIES_ON_A_PAGE = 100
MOST_ROWS, MOST_NAMED = 500, 50  # of a table with a row for every study or cell; studies named in a sentence


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some studies, in the order of the matrix."""

    number: int  # from 1
    first: str  # label of its first study
    last: str
    start: int  # place of the first in the review
    end: int

    @property
    def address(self) -> str:
        """As seen from the report."""
        return f"studies/{self.number:04}.html"


def pages_of(result: ReviewResult) -> tuple[ReportPage, ...]:
    """The pages beside the report; none where it can carry its studies itself."""
    sources = result.sources
    if len(sources) <= ON_ONE_PAGE:
        return ()
    starts = range(0, len(sources), STUDIES_ON_A_PAGE)
    ends = [min(start + STUDIES_ON_A_PAGE, len(sources)) for start in starts]
    return tuple(
        ReportPage(number, sources[start].label, sources[end - 1].label, start, end)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def parts_of(result: ReviewResult, pages: Sequence[ReportPage]) -> Iterator[tuple[ReportPage, ReviewResult]]:
    """Every page with the part of the review it shows."""
    if not pages:
        return
    cells: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in result.cells:
        cells[cell.source_id].append(cell)
    facts = {
        name: {one.source_id: one for one in getattr(result, name)}
        for name in ("screenings", "outcomes", "holdings", "documents")
    }
    for page in pages:
        sources = result.sources[page.start : page.end]
        ids = [source.id for source in sources]
        here: JsonObject = {name: [known[key] for key in ids if key in known] for name, known in facts.items()}
        held = [one.sha256 for one in here["holdings"] if one.sha256 in result.pdf_links]
        links = {sha256: f"../{result.pdf_links[sha256]}" for sha256 in held}
        yield (
            page,
            replace(
                result, sources=sources, cells=[cell for key in ids for cell in cells[key]], pdf_links=links, **here
            ),
        )


def places(pages: Sequence[ReportPage], result: ReviewResult) -> Callable[[str, str], str]:
    """Gives the address of the evidence of a cell as seen from the report, or from a page without pages."""
    page_of = {source.id: page.address for page in pages for source in result.sources[page.start : page.end]}
    first = next(iter(result.themes), "")  # stands for a theme that is no column

    def place(source_id: str, theme: str) -> str:
        return f"{page_of.get(source_id, '')}#{source_id}.{theme if theme in result.themes else first}"

    return place


def index_facts(pages: Sequence[ReportPage], result: ReviewResult) -> JsonObject:
    """Label and address of every study, for the search on the page."""
    first = next(iter(result.themes), "")
    return {
        "studies": [
            (source.label, f"{page.address}#{source.id}.{first}")
            for page in pages
            for source in result.sources[page.start : page.end]
        ]
    }


def more(named: Sequence[object]) -> str:
    """What follows the first MOST_NAMED of a list."""
    return f" and {len(named) - MOST_NAMED:,} more" if len(named) > MOST_NAMED else ""


def text_parts(result: ReviewResult, pages: Sequence[ReportPage]) -> JsonObject:
    """The studies whose texts are told one by one: with pages only those that could not be used."""
    if not pages:
        return {"listed_texts": result.sources, "lacking": (), "lacking_in_all": 0, "states": {}}
    states = {one.source_id: one.state for one in result.outcomes}
    lacking = [source for source in result.sources if states.get(source.id) not in USABLE]
    shown = lacking[:MOST_ROWS]
    counted = Counter(states.get(source.id, "not pulled") for source in result.sources)
    return {
        "listed_texts": shown,
        "lacking": shown,
        "lacking_in_all": len(lacking),
        "states": dict(counted.most_common()),
    }
