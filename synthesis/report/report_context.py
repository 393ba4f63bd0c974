"""What the templates of the report are given beyond the result itself, section by section."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import itemgetter

from corpus.json_table import JsonObject
from corpus.registry.sources import Source
from synthesis.audit.consistency import subsets
from synthesis.humanize import percent
from synthesis.matrix.cell import VIEWS, Cell, Evidence
from synthesis.report.machine_statement import AFTER, statement
from synthesis.report.pattern_plots import combinations
from synthesis.result import ReviewResult
from synthesis.statistics.crosstab import Part, StudyGroup
from synthesis.statistics.frequency import frequencies
from synthesis.statistics.machine_vs_people import compare
from synthesis.statistics.robustness import robustness
from synthesis.statistics.saturation import ORDERS, SaturationStep
from synthesis.statistics.threshold_sensitivity import sensitivity
from synthesis.statistics.trust_table import calibration_rows, headings, trust_rows, trust_sentences

# Passages by rank: -probability, place in its cell, source id.
_Row = list[tuple[tuple[float, int, str], Evidence]]

QUOTES_OF_A_THEME = 6  # as many as a reader compares at a sitting; the cells have the rest
# Where people accepted fewer than this, the machine's surest proposals stand in for the rest, marked as such.
PROPOSED_UP_TO, SURE = 3, 0.8
ARGUMENTS_SHOWN = 20
STEPS_SHOWN = 300  # rows of the table of saturation
KNOWN_SHARE = 0.95  # of the themes: "95% of them are known after so many studies"
MAIN_COEFFICIENTS = {
    "presence": ("per cent", "kappa", "Fleiss kappa", "AC1", "alpha nominal"),
    "strength": ("per cent", "kappa quadratic", "AC2 quadratic", "alpha ordinal"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage to show for a theme."""

    source_id: str
    by: str
    theme: str
    value: int
    quote: str
    page: int | None
    score: float | None
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """One column of the matrix with its strongest passages."""

    code: str
    name: str
    definition: str
    present: int
    known: int
    quotes: tuple[Quote, ...]


def share(value: float | None) -> str:
    """A share in per cent, a dash where it is not known."""
    return "–" if value is None else percent(value)


def number(value: float | None) -> str:
    """Two decimals, a dash where it is not known."""
    return "–" if value is None else f"{value:.2f}"


def known(word: str) -> str:
    """A word of the registry, a dash where it says "unknown" or nothing."""
    return "–" if word in ("", "unknown") else word


def reference(source: Source) -> str:
    """A work as a bibliography has it: authors, title and publisher, each with one stop."""
    parts = ["; ".join(source.authors), source.title or "Title not known", source.publisher]
    return " ".join(part if part[-1] in ".?!" else f"{part}." for part in parts if part)


def frequency_parts(result: ReviewResult) -> JsonObject:
    """Firmness, sensitivity, every theme by itself, and the frequencies without what fails screening."""
    verdicts = {one.source_id: one.verdict for one in result.screenings}
    return {
        "firm": {view: {item.theme: item for item in robustness(result.cells, view)} for view in VIEWS},
        "settings": sensitivity(result.cells, list(result.themes)),
        "every_theme": result.every_theme if any(item.known for item in result.every_theme) else (),
        "subsets": subsets(result.cells, {key: str(verdict) for key, verdict in verdicts.items()}, "merged"),
    }


def filter_facts(result: ReviewResult) -> JsonObject:
    """What the filters of the page choose by; an empty word is not known."""
    verdicts = {one.source_id: str(one.verdict) for one in result.screenings}
    read = {one.source_id for one in result.documents if one.state in ("read", "partial")}
    known_of = {
        "programme": any(source.programmes for source in result.sources),
        "country": any(source.countries for source in result.sources),
        "peer": any(source.peer_reviewed != "unknown" for source in result.sources),
    }
    fields = {
        "kind": "Kind",
        "method": "Method",
        "programme": "Programme",
        "country": "Country",
        "peer": "Peer reviewed",
        "screening": "Screening",
        "text": "Text",
    }
    return {
        "fields": {key: name for key, name in fields.items() if known_of.get(key, True)},
        "studies": {
            source.id: {
                "label": source.label,
                "kind": [known(source.kind).replace("–", "")],
                "method": [known(source.method).replace("–", "")],
                "programme": list(source.programmes) or [""],
                "country": list(source.countries) or [""],
                "peer": [known(source.peer_reviewed).replace("–", "")],
                "screening": [verdicts.get(source.id, "")],
                "text": ["read" if source.id in read else "no text"],
            }
            for source in result.sources
        },
    }


def theme_parts(result: ReviewResult) -> JsonObject:
    """The themes with their strongest evidence: accepted before proposed, supported before mentioned."""
    counted = {item.theme: item for item in frequencies(result.cells, "merged", themes=result.codebook.columns)}
    pages = [
        ThemePage(
            code,
            name,
            result.codebook.theme(code).definition,
            counted[code].present,
            counted[code].known,
            _strongest([cell for cell in result.cells if cell.theme == code]),
        )
        for code, name in result.themes.items()
    ]
    return {"theme_pages": pages, "any_proposed": any(q.by == "machine" for page in pages for q in page.quotes)}


def pattern_parts(result: ReviewResult) -> JsonObject:
    """Everything about patterns that is not in `Patterns` as it is to be shown."""
    found = result.patterns
    if found is None:
        return {"patterns": None}
    curves = [
        (what, curve, _enough(curve))
        for what, curve in (("themes", found.themes_curve), ("codes", found.codes_curve))
        if len(curve) > 1
    ]
    complete = sum(count for _, count in combinations(result.cells, found.view))
    return {
        "patterns": found,
        "incomplete": len(result.sources) - complete,
        "crosstabs": [(by, groups) for by, groups in found.groups.items() if len([g for g in groups if g.studies]) > 1],
        "stances": _stances(found.groups.get("programme", ())),
        "disputed": [cell for cell in result.cells if cell.disputed],
        "curves": curves,
        "curve_rows": _some_rows(curve for _, curve, _ in curves),
        "orders": ORDERS,
        "arguments_shown": ARGUMENTS_SHOWN,
        "subthemes_by_theme": [(theme, list(own)) for theme, own in groupby(found.subthemes, lambda one: one.theme)],
    }


def people_parts(result: ReviewResult) -> JsonObject:
    """Agreement between coders, and the machine beside people."""
    tables = groupby(result.agreement, lambda one: (one.level, one.scale))
    return {
        "agreement": [(key, rows) for key, own in tables if (rows := [one for one in own if one.units])],
        "main_coefficients": MAIN_COEFFICIENTS,
        "comparison": compare(result.cells, list(result.themes)),
    }


def trust_parts(result: ReviewResult) -> JsonObject:
    """What can be trusted here, and the statement of the use of machines."""
    trust = result.trust
    known = trust if trust and any(one.answered or one.by_lot for one in trust.themes) else None
    return {
        "trust_said": trust_sentences(trust) if trust else ["Nothing: the machine proposed nothing in this review."],
        "trust_rows": trust_rows(known) if known else [],
        "trust_headings": headings(known) if known else [],
        "calibration": calibration_rows(known) if known else [],
        "machine_statement": statement(result),
        "statement_after": AFTER,
    }


def _first(own: _Row) -> tuple[float, int, str]:
    return own[0][0]


def _strongest(cells: Sequence[Cell]) -> tuple[Quote, ...]:
    """One passage of each study before a second of any, so that the theme is not shown by one study alone."""
    best: dict[tuple[bool, int], list[_Row]] = {}  # (machine, -strength) -> of the studies that show it best
    for cell in cells:
        for kind, ranked in _ranked(cell).items():
            studies = best.setdefault(kind, [])
            insort(studies, ranked[:QUOTES_OF_A_THEME], key=_first)
            del studies[QUOTES_OF_A_THEME:]
    people: _Row = []
    machine: _Row = []
    for (by_machine, _), studies in sorted(best.items(), key=itemgetter(0)):
        others = sorted((one for own in studies for one in own[1:]), key=itemgetter(0))
        (machine if by_machine else people).extend([*(own[0] for own in studies), *others])
    chosen = [*people[:QUOTES_OF_A_THEME], *machine[: max(0, PROPOSED_UP_TO - len(people))]]
    return tuple(_quote(rank[2], item) for rank, item in chosen)


def _ranked(cell: Cell) -> dict[tuple[bool, int], _Row]:
    """The passages of a cell that may be shown, each once, the strongest first, by (machine, -strength)."""
    ranked = sorted(
        (
            ((item.by == "machine", -item.value), (-(item.score or 0), place, cell.source_id), item)
            for place, item in enumerate(cell.evidence)
            if item.value and item.quote and not item.orphaned and (item.by != "machine" or cell.merged != 0)
        ),
        key=lambda row: row[:2],
    )
    found: dict[tuple[bool, int], _Row] = {}
    seen: set[str] = set()
    for kind, rank, item in ranked:
        if item.passage_id and item.passage_id in seen:
            continue
        seen.add(item.passage_id)
        if not kind[0] or (item.score or 0) >= SURE:
            found.setdefault(kind, []).append((rank, item))
    return found


def _quote(source_id: str, item: Evidence) -> Quote:
    return Quote(source_id, item.by, item.theme, item.value, item.quote, item.page, item.score, item.marks)


def _stances(groups: Sequence[StudyGroup]) -> Mapping[str, list[tuple[str, Part]]]:
    found: dict[str, list[tuple[str, Part]]] = {"all report it": [], "none reports it": [], "they differ": []}
    for group in groups:
        for part in group.parts:
            if part.stance in found:
                found[part.stance].append((group.name, part))
    return found


def _some_rows(curves: Iterable[Sequence[SaturationStep]]) -> list[tuple[int, tuple[SaturationStep | None, ...]]]:
    """(studies, a step of each curve) for every number of studies; of many, for some, spread evenly."""
    rows = list(enumerate(zip_longest(*curves), start=1))
    if len(rows) <= STEPS_SHOWN:
        return rows
    return [rows[round(n * (len(rows) - 1) / (STEPS_SHOWN - 1))] for n in range(STEPS_SHOWN)]


def _enough(curve: Sequence[SaturationStep]) -> int:
    return next(step.studies for step in curve if step.mean >= KNOWN_SHARE * curve[-1].mean)
