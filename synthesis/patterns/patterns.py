"""What is found across studies: which themes, concepts and arguments come back, where, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from annotations.decision import Decision, Mark
from corpus.registry.sources import Source
from extract.document import Document
from models.codebook.codebook import Codebook
from models.suggestion import DocumentSuggestions
from synthesis.matrix.cell import Cell, View
from synthesis.matrix.coding import Coding, Standing, accepted, proposed
from synthesis.matrix.coding_columns import CodingColumns
from synthesis.patterns.arguments import Argument, recurring
from synthesis.patterns.hierarchy import Branch, hierarchy
from synthesis.patterns.section_coverage import SectionCoverage, coverage
from synthesis.patterns.subthemes import Naming, Subtheme, subthemes
from synthesis.statistics.association import Association, associations
from synthesis.statistics.crosstab import By, Programme, StudyGroup, crosstab
from synthesis.statistics.saturation import SaturationStep, saturation, themes_by_study

FACTS: tuple[By, ...] = ("programme", "method", "period", "kind", "country", "peer reviewed")


Keep = Callable[[Iterable[Coding]], Sequence[Coding]]  # keeps the codings of a study


@dataclass(frozen=True, slots=True)
class PatternMaterial:
    """What the passages of a review are taken from; everything is keyed by source id."""

    decisions: Sequence[Decision] = ()
    marks: Sequence[Mark] = ()
    documents: Mapping[str, Document] | None = None
    proposals: Mapping[str, DocumentSuggestions] | None = None


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one view of a review."""

    view: View
    standing: Standing  # whether the passages below were accepted by people or are proposals of the machine
    codings: Sequence[Coding]  # of that standing
    pairs: tuple[Association, ...]
    groups: Mapping[By, tuple[StudyGroup, ...]]
    coverage: tuple[SectionCoverage, ...]
    subthemes: tuple[Subtheme, ...]
    tree: tuple[Branch, ...]
    arguments: tuple[Argument, ...]
    themes_curve: tuple[SaturationStep, ...]
    codes_curve: tuple[SaturationStep, ...]  # of first-level codes; empty where no passage has one
    others: Sequence[Coding] = ()  # of the other standing

    @property
    def everything(self) -> Iterator[Coding]:
        """The accepted codings, then the proposed ones."""
        both = (self.codings, self.others) if self.standing == "accepted" else (self.others, self.codings)
        return chain(*both)


def find_patterns(
    cells: Sequence[Cell],
    sources: Sequence[Source],
    codebook: Codebook,
    material: PatternMaterial,
    *,
    view: View,
    standing: Standing | None = None,
    namings: Sequence[Naming] = (),
    programmes: Sequence[Programme] = (),
    keep: Keep = tuple,
) -> Patterns:
    """The patterns among `sources`. Without a `standing`, accepted passages are taken, or, without any, proposed ones.

    `cells` and `sources` may be a part of the review: passages of other studies are left out. `keep` may
    put codings aside in a file (`synthesis.matrix.spill`).
    """
    people, machine, lines, read = _passages(sources, material, keep)
    if standing is None:
        standing = "accepted" if people or not machine else "proposed"
    found, others = (people, machine) if standing == "accepted" else (machine, people)
    groups = subthemes(found, codebook.codes, namings)
    codes: dict[str, set[str]] = {source: set() for source in read} | found.codes_by_study()
    return Patterns(
        view=view,
        standing=standing,
        codings=found,
        pairs=associations(cells, view),
        groups={by: crosstab(cells, sources, view, by, programmes=programmes) for by in FACTS},
        coverage=tuple(lines),
        subthemes=groups,
        tree=hierarchy(groups, codebook),
        arguments=recurring(found, groups),
        themes_curve=saturation(themes_by_study(cells, view)),
        codes_curve=saturation(codes) if any(codes.values()) else (),
        others=others,
    )


def _passages(
    sources: Sequence[Source], material: PatternMaterial, keep: Keep
) -> tuple[CodingColumns, CodingColumns, list[SectionCoverage], list[str]]:
    """Accepted and proposed codings, coverage, and the sources with a text. One text is held at a time."""
    decisions: dict[str, list[Decision]] = {}
    marks: dict[str, list[Mark]] = {}
    for decision in material.decisions:
        decisions.setdefault(decision.source_id, []).append(decision)
    for mark in material.marks:
        marks.setdefault(mark.source_id, []).append(mark)
    documents, proposals = material.documents or {}, material.proposals or {}
    people, machine = CodingColumns(keep), CodingColumns(keep)
    lines: list[SectionCoverage] = []
    read: list[str] = []
    for source in sources:
        key, said = source.id, decisions.get(source.id, [])
        document, made = documents.get(key), proposals.get(key)
        text, hits = {key: document} if document else {}, {key: made} if made else {}
        people.add(accepted(said, text, hits))
        machine.add(proposed(text, hits))
        if document:
            read.append(key)
            suggested = {key: {one.passage_id for one in made.suggestions}} if made else {}
            lines += coverage(text, said, marks.get(key, []), suggested)
    return people, machine, lines, read
