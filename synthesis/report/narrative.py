"""The sentences of the report: what was done, and what that leaves open. Every one rests on a count of this run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.document import State
from synthesis.humanize import counted, listed, percent
from synthesis.matrix.cell import Cell
from synthesis.matrix.symbols import graded_publication
from synthesis.patterns.section_coverage import SectionCoverage
from synthesis.report.figures import STUDIES_IN_HEAT_MAP
from synthesis.result import ReviewResult
from synthesis.statistics.robustness import DRAWS, SEED

READ: frozenset[State] = frozenset({"read", "partial"})


def summary(result: ReviewResult) -> list[tuple[str, str]]:
    """The box at the top: (number, what it counts)."""
    had = [document for document in result.documents if document.state in READ]
    reviewers = result.decisions.get("coder", 0) + result.decisions.get("adjudicator", 0)
    return [
        (f"{len(result.sources):,}", "studies in the review"),
        (f"{len(had):,}", "of them with a text that could be read"),
        (f"{sum(document.passages for document in had):,}", "passages read"),
        (f"{sum(document.suggestions for document in had):,}", "suggestions by the machine"),
        (f"{reviewers:,}", "decisions by reviewers"),
        (f"{sum(cell.conflict for cell in result.cells):,}", "cells where machine and people differ"),
    ]


def method(result: ReviewResult) -> list[str]:
    """How this matrix came about, from what was really done."""
    cells, had = result.cells, [document for document in result.documents if document.state in READ]
    basis = Counter(cell.basis for cell in cells)
    themes = listed([f"{name} ({code})" for code, name in result.themes.items()])
    studies = counted(len(result.sources), "study", "studies")
    said = [f"The matrix has {studies} and {counted(len(result.themes), 'theme')}: {themes}."]
    folded = [f"{theme.code} under {theme.counts_under}" for theme in result.codebook.themes if theme.counts_under]
    said += [f"The codebook also has themes that are counted in another's column: {listed(folded)}."] if folded else []
    if had:
        pages, passages = sum(one.pages for one in had), sum(one.passages for one in had)
        said.append(
            f"The text of {counted(len(had), 'study', 'studies')} was read: {counted(pages, 'page')}, cut into "
            f"{counted(passages, 'passage')} of whole sentences."
        )
        if result.model:
            said.append(
                f"The model {result.model.model_id} proposed themes for these passages; a study is proposed as present "
                "where more passages were proposed than chance would give."
            )
    else:
        said.append("No text of a study was at hand, so nothing was proposed by the machine in this run.")
    said.append(_coders(result))
    if result.patterns and result.patterns.coverage:
        said.append(_line_by_line(result.patterns.coverage))
    said.append(
        "The merged value of a cell is the adjudicated one, else the one on which all reviewers who judged it agree "
        "(where they differ in strength only, the lower), else the published one"
        + (", else the machine's." if result.include_proposed else ". A machine's proposal fills no cell.")
    )
    said.append(
        f"Of {counted(len(cells), 'cell')} {basis['adjudicated']} rest on adjudication, {basis['agreed']} on "
        f"reviewers, {basis['published']} on the published coding and {basis['proposed']} on the machine; "
        f"{basis['unknown']} are unknown."
    )
    said.append(
        "A percentage is of the studies with a known value, with the Wilson 95% interval. An unknown cell is never "
        "counted as absent; where there are any, the lowest and highest percentages they allow are given. The "
        f"probability of coming first and the range of ranks rest on {DRAWS:,} bootstrap samples of the studies with a "
        f"fixed seed ({SEED}); the range without one study leaves each out in turn. Pairs of themes are tested with "
        "Fisher’s exact test, corrected after Benjamini and Hochberg."
    )
    if result.patterns and (groups := result.patterns.subthemes):
        named = counted(sum(one.named for one in groups), "group bears", "groups bear")
        said.append(
            f"Sub-themes group the {result.patterns.standing} passages of a theme by Ward clustering of TF-IDF "
            f"vectors; {named} a name given by people."
        )
    return said


def _line_by_line(lines: Sequence[SectionCoverage]) -> str:
    """What people did with the sentences that are coded line by line: each clause says only what happened."""
    judged, passed = sum(one.judged for one in lines), sum(one.passed_over for one in lines)
    unrecorded, unseen = sum(one.unrecorded for one in lines), sum(one.not_shown for one in lines)
    clauses = [f"{judged:,} stand in passages that a person judged"]
    clauses += [f"{passed:,} in passages that were on a person's screen and passed over"] if passed else []
    if unrecorded:
        clauses.append(f"{unrecorded:,} in a study finished before it was recorded what had been shown")
    clauses += [f"{unseen:,} in passages shown to nobody"] if unseen else []
    return (
        f"Of {counted(sum(one.sentences for one in lines), 'sentence')} in findings and discussion (in the whole text "
        f"where a study shows next to none) {listed(clauses)}; {sum(one.coded for one in lines):,} stand in passages "
        "with an accepted theme."
    )


def _coders(result: ReviewResult) -> str:
    decisions = sum(number for role, number in result.decisions.items() if role != "published")
    if not decisions:
        return "No reviewer has made a decision yet."
    by = f" by {counted(len(result.coders), 'person', 'people')}" if result.coders else ""
    return f"{counted(decisions, 'decision')} on studies and passages were made{by}."


def limitations(result: ReviewResult) -> list[str]:
    """What a reader must bear in mind, as far as it can be computed from this run."""
    return [*_of_the_sample(result), *_of_the_texts(result), *_of_the_judgements(result.cells), *_of_the_model(result)]


def _of_the_sample(result: ReviewResult) -> list[str]:
    said = []
    if result.sample:
        said.append("This is a sample: studies, texts and judgements are invented.")
    failing = [one.source_id for one in result.screenings if one.verdict == "fails"]
    doubtful = [one.source_id for one in result.screenings if one.verdict == "doubtful"]
    if failing or doubtful:
        said.append(
            f"{counted(len(failing), 'study fails', 'studies fail')} the review's own criteria and {len(doubtful)} "
            f"{'is' if len(doubtful) == 1 else 'are'} doubtful; all stay in the matrix."
        )
    unsure = [source.label for source in result.sources if source.identified in ("unknown", "unverified")]
    if unsure:
        said.append(f"It is not sure which work is meant by {listed(unsure)}.")
    if len(result.sources) > STUDIES_IN_HEAT_MAP:
        said.append(f"The heat map is left out: it can't be read with more than {STUDIES_IN_HEAT_MAP} studies.")
    return said


def _of_the_texts(result: ReviewResult) -> list[str]:
    said = []
    had = {document.source_id for document in result.documents if document.state in READ}
    if len(had) < len(result.sources):
        said.append(
            f"For {len(result.sources) - len(had)} of {len(result.sources)} studies there is no text that could be "
            "read: the machine's value is unknown there, and no judgement could be checked against a page."
        )
    why = Counter(one.state for one in result.outcomes if one.source_id not in had)
    if why and said:
        said[-1:] = [f"{said[-1]} What happened: {listed([f'{state} {n}' for state, n in why.most_common()])}."]
    texts = result.patterns.coverage if result.patterns else ()
    scanned = sum(one.scanned for one in texts)
    if scanned:
        said.append(
            f"{counted(scanned, 'page was', 'pages were')} read by OCR, which makes mistakes: compare quotations with "
            "the page."
        )
    other = Counter[str]()
    for one in texts:
        other.update(one.languages)
    if other:
        said.append(
            f"{counted(sum(other.values()), 'passage is', 'passages are')} not in English "
            f"({listed([f'{language} {n}' for language, n in other.most_common()])}) and were not coded by the machine."
        )
    partial = [result.labels[one.source_id] for one in result.documents if one.state == "partial"]
    if partial:
        said.append(
            f"Of {listed(partial)} only a part could be read; there “absent” by the machine covers only that part."
        )
    doubted = [result.labels[one.source_id] for one in result.holdings if one.title_check == "differs"]
    if doubted:
        said.append(f"The first pages do not bear out that the file is the right work for {listed(doubted)}.")
    return said


def _of_the_judgements(cells: Sequence[Cell]) -> list[str]:
    said = []
    bare = sum(cell.basis == "published" and bool(cell.merged) and not cell.evidence for cell in cells)
    if bare:
        said.append(
            f"{counted(bare, 'published tick has', 'published ticks have')} no passage to show for it in this review."
        )
    if any(cell.basis == "published" for cell in cells) and not graded_publication(cells):
        said.append("The published coding is ticks only: it can't show how strongly a study supports a theme.")
    nobody = sum(cell.human is None and not cell.disputed for cell in cells)
    if nobody:
        said.append(f"{counted(nobody, 'cell has', 'cells have')} been judged by no reviewer of this review.")
    alone = sum(cell.basis == "agreed" and sum(value is not None for _, value in cell.coders) == 1 for cell in cells)
    if alone:
        said.append(f"{counted(alone, 'cell rests', 'cells rest')} on one reviewer alone.")
    disputed = sum(cell.disputed for cell in cells)
    if disputed:
        said.append(f"In {counted(disputed, 'cell')} reviewers differ and nobody has adjudicated.")
    orphaned = sum(item.orphaned for cell in cells for item in cell.evidence)
    if orphaned:
        said.append(f"{counted(orphaned, 'quotation')} by reviewers can't be found in the text as now read.")
    return said


def _of_the_model(result: ReviewResult) -> list[str]:
    if not any(cell.machine_chance is not None for cell in result.cells):
        return []
    said = ["A suggestion by the machine is not a finding: a person has to read the passage and decide."]
    if result.model and result.model.quality:
        code, worst = min(result.model.quality.items(), key=lambda item: item[1]["f1"])
        said.append(
            f"The model is weakest on {code}: of its suggestions {percent(worst['precision'])} were right and it found "
            f"{percent(worst['recall'])} of what there was to find. {result.model.note}".strip()
        )
    return said
