"""The ENTREQ checklist of a qualitative evidence synthesis, filled from what was really done (Tong et al. 2012, BMC
Medical Research Methodology 12:181).

What follows from the record of the review is said; what only its authors can say is asked of them; nothing is made up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from synthesis.humanize import counted, listed
from synthesis.report.prisma import prisma
from synthesis.result import ReviewResult

ITEMS = Path(__file__).with_name("entreq.toml")
READ = ("read", "partial")


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item of the checklist."""

    number: int  # 1 to 21
    name: str
    done: str  # what the record says; "": it says nothing
    yours: str  # what the authors have to say; "": nothing
    section: str  # anchor of the section of the report that has it; "": none


def entreq(result: ReviewResult) -> tuple[ChecklistItem, ...]:
    """The 21 items in their order."""
    return tuple(
        ChecklistItem(
            number,
            item["name"],
            _ANSWERS.get(item["id"], _silent)(result),
            item.get("yours", ""),
            _section(item, result),
        )
        for number, item in enumerate(_items(), start=1)
    )


@cache
def _items() -> Sequence[Mapping[str, str]]:
    items: Sequence[Mapping[str, str]] = tomllib.loads(ITEMS.read_text(encoding="utf-8"))["item"]
    return items


def _section(item: Mapping[str, str], result: ReviewResult) -> str:
    section = item.get("section", "")
    return "" if section == "patterns" and result.patterns is None else section


def _silent(result: ReviewResult) -> str:
    return ""


def _aim(result: ReviewResult) -> str:
    return f"The review is called “{result.title}”."


def _methodology(result: ReviewResult) -> str:
    return (
        f"Passages and studies were judged against a codebook of {counted(len(result.codebook.themes), 'theme')} "
        f"(revision {result.codebook.revision}) and counted in a matrix of studies by themes."
    )


def _approach(result: ReviewResult) -> str:
    if result.screening and result.screening.identified:
        brought = [f"{origin} ({number:,})" for origin, number in result.screening.identified.items()]
        return f"Records were brought in from {listed(brought)}."
    return ""


def _criteria(result: ReviewResult) -> str:
    stated = [statement.rstrip(".") for statement in result.criteria.values()]
    return f"{'; '.join(stated)}." if stated else ""


def _data_sources(result: ReviewResult) -> str:
    pulled = sum(one.origin == "pulled" for one in result.holdings)
    given = len(result.holdings) - pulled
    return (
        f"Of the PDFs {pulled:,} were fetched from their addresses and {given:,} given by hand."
        if result.holdings
        else ""
    )


def _screening(result: ReviewResult) -> str:
    flow = result.screening
    if flow:
        return (
            f"People screened {flow.screened:,} of {counted(flow.records, 'record')} by title and abstract and "
            f"{flow.assessed:,} by full text; {counted(flow.conflicts, 'dispute is', 'disputes are')} open."
        )
    if result.screenings:
        return "Criteria were held against the facts of the registry; no person screened titles and abstracts here."
    return ""


def _characteristics(result: ReviewResult) -> str:
    facts = {
        "a year": sum(source.year is not None for source in result.sources),
        "a country": sum(bool(source.countries) for source in result.sources),
        "a method": sum(source.method != "unknown" for source in result.sources),
    }
    known = [f"{name} of {number:,}" for name, number in facts.items()]
    return f"Of {counted(len(result.sources), 'study', 'studies')} the registry knows {listed(known)}."


def _selection(result: ReviewResult) -> str:
    return f"{'; '.join(f'{box.title}: {box.count:,}' for box in prisma(result))}."


def _extraction(result: ReviewResult) -> str:
    had = [one for one in result.documents if one.state in READ]
    if not had:
        return "No text of a study was read in this review."
    passages = sum(one.passages for one in had)
    return (
        f"The whole text of {counted(len(had), 'study', 'studies')} was read by program and cut into "
        f"{counted(passages, 'passage')} of whole sentences; findings and discussion count as coded line by line."
    )


def _software(result: ReviewResult) -> str:
    said = [f"Jaiza {result.versions['Jaiza']}"] if "Jaiza" in result.versions else ["Jaiza"]
    said += [f"its model {result.model.model_id}"] if result.model else []
    return f"{listed(said)}; versions and hashes stand under Method."


def _reviewers(result: ReviewResult) -> str:
    double = max((one.units for one in result.agreement if not one.theme), default=0)
    people = counted(len(result.coders), "person", "people") if result.coders else "Nobody"
    return f"{people} made decisions; {double:,} judgements were made by at least two of them."


def _coding(result: ReviewResult) -> str:
    own = {role: number for role, number in result.decisions.items() if role != "published"}
    said = f"{counted(sum(own.values()), 'decision')} of people"
    if published := result.decisions.get("published", 0):
        said += f", {published:,} taken over from a publication"
    suggestions = sum(one.suggestions for one in result.documents)
    fills = ", and fill cells that nobody judged, marked" if result.include_proposed else ""
    return (
        f"{said}. The machine proposed {counted(suggestions, 'code')} for passages, which count only where people "
        f"accepted them{fills}."
    )


def _comparison(result: ReviewResult) -> str:
    if result.patterns is None:
        return ""
    by = [name for name, groups in result.patterns.groups.items() if len([one for one in groups if one.studies]) > 1]
    return f"Studies are compared by {listed(by)}." if by else "Studies are compared cell by cell only."


def _themes(result: ReviewResult) -> str:
    said = "The themes are those of the codebook, set before coding or changed in recorded revisions."
    if result.patterns and (groups := result.patterns.subthemes):
        named = sum(one.named for one in groups)
        said += f" {counted(len(groups), 'sub-theme')} group passages by their words; people named {named:,} of them."
    return said


def _quotations(result: ReviewResult) -> str:
    quoted = sum(bool(item.quote) and item.by != "machine" for cell in result.cells for item in cell.evidence)
    return f"{counted(quoted, 'quotation')} accepted by people stand in the record, each with study, page and coder."


def _output(result: ReviewResult) -> str:
    return "A matrix with its evidence, frequencies with intervals, and patterns across studies."


_ANSWERS: Mapping[str, Callable[[ReviewResult], str]] = {
    "aim": _aim,
    "methodology": _methodology,
    "approach": _approach,
    "criteria": _criteria,
    "data_sources": _data_sources,
    "screening": _screening,
    "characteristics": _characteristics,
    "selection": _selection,
    "extraction": _extraction,
    "software": _software,
    "reviewers": _reviewers,
    "coding": _coding,
    "comparison": _comparison,
    "themes": _themes,
    "quotations": _quotations,
    "output": _output,
}
