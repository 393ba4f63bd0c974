"""The report: one HTML page that carries everything it shows, works without script and loads nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from corpus.json_table import JsonObject
from corpus.outcome import USABLE
from corpus.registry.screening import flow_counts
from synthesis.audit.audit import ClaimFinding
from synthesis.audit.verdict import VERDICT_COUNTS, Verdict
from synthesis.humanize import SECTION_WORDS, counted, percent
from synthesis.matrix.cell import VIEWS, Cell, View
from synthesis.matrix.symbols import JUDGED_BY, LEGEND, LETTERS, graded_publication, in_words, is_tick, symbol
from synthesis.report.entreq import entreq
from synthesis.report.figures import views_to_show
from synthesis.report.findings import findings
from synthesis.report.narrative import limitations, method, summary
from synthesis.report.prisma import prisma
from synthesis.report.report_context import (
    filter_facts,
    frequency_parts,
    known,
    number,
    pattern_parts,
    people_parts,
    reference,
    share,
    theme_parts,
    trust_parts,
)
from synthesis.report.report_pages import (
    MOST_NAMED,
    MOST_ROWS,
    STUDIES_ON_A_PAGE,
    ReportPage,
    index_facts,
    more,
    pages_of,
    parts_of,
    places,
    text_parts,
)
from synthesis.result import ReviewResult
from synthesis.runs.run_timeline import COLOURS, timeline
from synthesis.statistics.frequency import Frequency, frequencies

TEMPLATES = Path(__file__).with_name("templates")
_PIECES = 1000  # of a page that are written at once
HUMAN_PASSAGES = 20  # per cell; a page with 20,000 quotations can't be opened, and codings.csv has them all
VIEW_TITLES: Mapping[View, str] = {
    "merged": "Merged: the best judgement there is",
    "published": "Published coding",
    "human": "Reviewers",
    "machine": "Machine proposals",
}


def render_report(result: ReviewResult, figures: Mapping[str, bytes]) -> bytes:
    """The page as UTF-8. `figures` is what `draw_figures` gave; its SVG files are put into the page."""
    environment, pages = _environment(), pages_of(result)
    return "".join(_report(environment, result, figures, pages)).encode()


def report_files(result: ReviewResult, figures: Mapping[str, bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Names and contents in parts: report.html, and before it the pages of the studies where it has some."""
    environment, pages = _environment(), pages_of(result)
    for page, part in parts_of(result, pages):
        yield page.address, _encoded(_studies(environment, part, page, pages, cells=result.cells))
    yield "report.html", _encoded(_report(environment, result, figures, pages))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(marked=marked)
    environment.globals.update(
        percent=percent,
        counted=counted,
        share=share,
        number=number,
        known=known,
        section_words=SECTION_WORDS,
        reference=reference,
        more=more,
        most_rows=MOST_ROWS,
        most_named=MOST_NAMED,
        per_page=STUDIES_ON_A_PAGE,
        usable=USABLE,
        judged_by=JUDGED_BY,
        human_shown=HUMAN_PASSAGES,
        legend=LEGEND,
        letters=[(letter or "no letter", JUDGED_BY[basis]) for basis, letter in LETTERS.items() if basis != "unknown"],
    )
    return environment


def _report(
    environment: Environment, result: ReviewResult, figures: Mapping[str, bytes], pages: Sequence[ReportPage]
) -> Iterator[str]:
    flow = flow_counts(result.screenings)
    return environment.get_template("report.html").generate(
        **_of_studies(result, result.cells),
        pages=pages,
        place=places(pages, result),
        facts=index_facts(pages, result) if pages else filter_facts(result),
        timeline=timeline(result.run, result.labels) if result.run else "",
        stage_colours=COLOURS,
        summary=summary(result),
        findings=findings(result),
        method=method(result),
        limitations=limitations(result),
        counted_views=_counted_views(result.cells),
        conflicts=[cell for cell in result.cells if cell.conflict],
        flow=flow,
        flow_boxes=prisma(result),
        checklist=entreq(result),
        criteria_hit=list(dict.fromkeys([*flow.not_met, *flow.unclear])),
        claims=_claims_by_theme(result),
        by_verdict=_by_verdict(result),
        verdict_counts=VERDICT_COUNTS,
        column_of=lambda code: result.codebook.column_of(code) or code,
        **text_parts(result, pages),
        **frequency_parts(result),
        **theme_parts(result),
        **pattern_parts(result),
        **people_parts(result),
        **trust_parts(result),
        images={name.removesuffix(".svg"): _data_uri(data) for name, data in figures.items() if name.endswith(".svg")},
    )


def _studies(
    environment: Environment,
    part: ReviewResult,
    page: ReportPage,
    pages: Sequence[ReportPage],
    *,
    cells: Sequence[Cell],
) -> Iterator[str]:
    """A page of some studies; `cells` are those of all."""
    return environment.get_template("studies.html").generate(
        **_of_studies(part, cells),
        page=page,
        pages=(),
        last_page=len(pages),
        place=places((), part),
        facts=filter_facts(part),
        **text_parts(part, ()),
    )


def _of_studies(result: ReviewResult, cells: Sequence[Cell]) -> JsonObject:
    """What the sections on single studies need; `cells` are those of all, from which it hangs how values are shown."""
    return {
        "result": result,
        "labels": result.labels,
        "themes": result.themes,
        "shown_views": _views(cells),
        "grid": _grid(result),
        "found": {view: {item.theme: item for item in frequencies(result.cells, view)} for view in VIEWS},
        "show": _Show(cells),
        "screenings": {one.source_id: one for one in result.screenings},
        "documents": {one.source_id: one for one in result.documents},
        "holdings": {one.source_id: one for one in result.holdings},
        "outcomes": {one.source_id: one for one in result.outcomes},
    }


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    """Many small pieces as fewer large ones, in UTF-8."""
    while some := list(islice(pieces, _PIECES)):
        yield "".join(some).encode()


def marked(quote: str, marks: Sequence[str]) -> Markup:
    """The quotation with the phrases in `marks` in <mark>, everything escaped."""
    if not marks:
        return escape(quote)
    longest_first = sorted(set(marks), key=lambda mark: (-len(mark), mark))
    pattern = re.compile("(" + "|".join(re.escape(mark) for mark in longest_first) + ")", re.IGNORECASE)
    pieces = pattern.split(quote)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


class _Show:
    """Signs and words for cells, for the template."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._graded = graded_publication(cells)

    def symbol(self, cell: Cell, view: View) -> str:
        return symbol(cell.value(view), tick=is_tick(cell, view, graded=self._graded))

    def words(self, cell: Cell, view: View) -> str:
        return in_words(cell.value(view), tick=is_tick(cell, view, graded=self._graded))

    def letter(self, cell: Cell, view: View) -> str:
        """Whose judgement the value is, in the views in which that is not the same for every cell."""
        return LETTERS[cell.basis] if view in ("merged", "human") and cell.value(view) is not None else ""


def _grid(result: ReviewResult) -> dict[str, dict[str, Cell]]:
    grid: dict[str, dict[str, Cell]] = {source.id: {} for source in result.sources}
    for cell in result.cells:
        grid[cell.source_id][cell.theme] = cell
    return grid


def _views(cells: Sequence[Cell]) -> list[tuple[View, str]]:
    """The views to show as a table: merged first, then those with a known value."""
    having = [view for view in ("published", "human", "machine") if any(cell.value(view) is not None for cell in cells)]
    return [(view, VIEW_TITLES[view]) for view in ("merged", *having)]


def _counted_views(cells: Sequence[Cell]) -> list[tuple[View, dict[str, Frequency]]]:
    """The views of the frequency table, merged last; one without a known value, or equal to another, is left out."""
    return [(view, {item.theme: item for item in frequencies(cells, view)}) for view in views_to_show(cells)]


def _claims_by_theme(result: ReviewResult) -> list[tuple[str, str, list[tuple[str, list[str]]]]]:
    """(theme, in the matrix, [(as the text states it, places)]) for every theme with a claimed frequency."""
    if result.audit is None:
        return []
    stated: dict[str, dict[str, list[str]]] = {}
    counts: dict[str, str] = {}
    for finding in result.audit.findings:
        if finding.claim.kind == "frequency" and finding.count is not None:
            theme = finding.claim.theme
            places = stated.setdefault(theme, {}).setdefault(finding.stated, [])
            places.append(finding.claim.where)
            counts[theme] = f"{finding.count} ({finding.percent or 0:.0f}%)"
    return [(theme, counts[theme], list(stated[theme].items())) for theme in result.themes if theme in stated]


def _by_verdict(result: ReviewResult) -> list[tuple[Verdict, list[ClaimFinding]]]:
    findings = result.audit.findings if result.audit else ()
    groups = [(verdict, [finding for finding in findings if finding.verdict == verdict]) for verdict in VERDICT_COUNTS]
    return [(verdict, found) for verdict, found in groups if found]


def _data_uri(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
