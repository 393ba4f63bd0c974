"""Human and machine judgements merged into the cells of the matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from annotations.agreement.adjudication import after_rulings
from annotations.decision import Decision
from corpus.registry.sources import Source
from extract.document import Document
from models.codebook.codebook import Codebook
from models.suggestion import DocumentSuggestions
from synthesis.matrix.cell import Basis, Cell, Evidence, Value
from synthesis.matrix.evidence import human_evidence, machine_best, machine_chance, machine_evidence, machine_hits

# Keeps the evidence of a cell; None: evidence is not asked for.
Keep = Callable[[Iterable[Evidence]], Sequence[Evidence]] | None

# What one person said about the themes that are counted in one column, for example {"TI": 1, "COV": None}.
Judgement = Mapping[str, Value]


def merge_cells(
    sources: Sequence[Source],
    decisions: Sequence[Decision],
    proposals: Mapping[str, DocumentSuggestions],
    documents: Mapping[str, Document],
    codebook: Codebook,
    *,
    include_proposed: bool = False,
    standing: Sequence[Decision] | None = None,
    keep: Keep = tuple,
) -> tuple[Cell, ...]:
    """One cell per source and matrix column, in the order of `sources` and then of `codebook.columns`.

    `decisions` is the log as it stands now: of each coder, role, source, theme and place only the newest, nothing
    taken back. `proposals` and `documents` are keyed by source id. With `include_proposed` the machine's value fills
    the cells that nobody has judged, with basis "proposed". `standing` are the decisions from which people's value is
    read where coders share the passages of a study (`annotations.agreement.team_coding`). `keep` may put evidence
    aside in a file (`synthesis.matrix.spill`).

    A coder's value for a theme in a study is their judgement on the study, else the highest value above 0 of their
    passages: a passage rejected (0) says nothing about the rest of the study.
    """
    by_source, counting = _by_source(decisions), _by_source(after_rulings(decisions) if standing is None else standing)
    themes = {
        column: tuple(code for code in codebook.codes if codebook.column_of(code) == column)
        for column in codebook.columns
    }
    return tuple(
        _cell(
            source.id,
            column,
            [decision for decision in by_source[source.id] if decision.theme in themes[column]],
            [decision for decision in counting[source.id] if decision.theme in themes[column]],
            proposals.get(source.id),
            documents.get(source.id),
            themes=themes[column],
            include_proposed=include_proposed,
            keep=keep,
        )
        for source in sources
        for column in codebook.columns
    )


def _cell(
    source_id: str,
    column: str,
    decisions: Sequence[Decision],
    standing: Sequence[Decision],
    proposed: DocumentSuggestions | None,
    document: Document | None,
    *,
    themes: tuple[str, ...],
    include_proposed: bool,
    keep: Keep,
) -> Cell:
    published = _published(decisions, column)
    human, human_basis, disputed = _human(standing, column)
    machine = _machine(proposed, document, themes)
    merged, basis = _merge(human, human_basis, published, machine if include_proposed else None)
    judged = human if human is not None else published
    return Cell(
        source_id=source_id,
        theme=column,
        published=published,
        human=human,
        machine=machine,
        merged=merged,
        basis=basis,
        coders=_coders(decisions, column),
        disputed=disputed,
        conflict=judged is not None and machine is not None and (judged > 0) != (machine > 0),
        evidence=keep([*human_evidence(decisions, document), *machine_evidence(proposed, document, themes)])
        if keep
        else (),
        machine_hits=machine_hits(proposed, themes),
        machine_best=machine_best(proposed, themes),
        machine_chance=machine_chance(proposed, themes) if _is_read(proposed, document) else None,
    )


def _by_source(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        found[decision.source_id].append(decision)
    return found


def fold(judgement: Judgement, column: str) -> Value:
    """The value of a column from the themes counted in it: the highest known one.

    {"TI": 1, "COV": 2} gives 2. A 0 needs the column's own theme: {"TI": None, "COV": 0} gives None, because "no
    word on coverage" leaves open what the study says on targeting.
    """
    highest = max((value for value in judgement.values() if value is not None), default=None)
    return highest if highest or judgement.get(column) is not None else None


def _published(decisions: Iterable[Decision], column: str) -> Value:
    ticks = _by_coder(decision for decision in decisions if decision.role == "published")
    return max((value for own in ticks.values() if (value := fold(own, column)) is not None), default=None)


def _human(decisions: Sequence[Decision], column: str) -> tuple[Value, Basis, bool]:
    """The reviewers' value of a column, what it rests on, and whether they differ and nobody has adjudicated.

    An adjudicator rules theme by theme: the ruling takes the place of every coder's own value for that theme, and on a
    passage of what they said of that passage (`decisions` come without it). Then
    each coder's themes are folded and compared. They agree when all who judged say present, or all say absent; one
    coder alone counts as agreed. Where all say present but differ in strength (1 and 2), the lower strength stands:
    it is the most that all of them support.
    """
    coders = _by_coder(decision for decision in decisions if decision.role == "coder")
    rulings = _rulings(decisions)
    stances = [fold({**own, **rulings}, column) for own in coders.values()] or [fold(rulings, column)]
    known = [value for value in stances if value is not None]
    if not known:
        return None, "unknown", False
    if min(known) == 0 < max(known):
        return None, "unknown", True
    value = min(known)
    return value, "adjudicated" if value in rulings.values() else "agreed", False


def _rulings(decisions: Iterable[Decision]) -> dict[str, Value]:
    """The adjudicated value of each theme; where there is more than one adjudicator, the last in the log."""
    made = [decision for decision in decisions if decision.role == "adjudicator"]
    last = {decision.coder: decision.number for decision in sorted(made, key=lambda decision: decision.number)}
    rulings: dict[str, Value] = {}
    for _, own in sorted(_by_coder(made).items(), key=lambda item: last[item[0]]):
        rulings.update({theme: value for theme, value in own.items() if value is not None})
    return rulings


def _by_coder(decisions: Iterable[Decision]) -> dict[str, dict[str, Value]]:
    """Each coder's value of each theme, by the rule in `merge_cells`; coders in the order of their names."""
    places: dict[str, dict[str, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    for decision in decisions:
        places[decision.coder][decision.theme].append(decision)
    return {
        coder: {theme: _value_of_study(made) for theme, made in themes.items()}
        for coder, themes in sorted(places.items())
    }


def _value_of_study(decisions: Sequence[Decision]) -> Value:
    for decision in decisions:
        if decision.anchor is None:
            return decision.value
    return max((decision.value for decision in decisions if decision.value), default=None)


def _coders(decisions: Sequence[Decision], column: str) -> tuple[tuple[str, Value], ...]:
    reviewers = []
    for role in ("coder", "adjudicator"):
        judged = _by_coder(decision for decision in decisions if decision.role == role)
        reviewers += [(coder, fold(own, column)) for coder, own in judged.items()]
    return tuple(reviewers)


def _machine(proposed: DocumentSuggestions | None, document: Document | None, themes: tuple[str, ...]) -> Value:
    """The highest proposed value where the machine shows something; None where it shows nothing.

    That the machine is silent says nothing on a study: nobody looked. A text that was not read, and a theme for which
    nothing was trained, have no value either.
    """
    if proposed is None or not _is_read(proposed, document):
        return None
    return max((study.value for study in proposed.studies if study.theme in themes), default=0) or None


def _is_read(proposed: DocumentSuggestions | None, document: Document | None) -> bool:
    return proposed is not None and document is not None and bool(document.passages)


def _merge(human: Value, human_basis: Basis, published: Value, machine: Value) -> tuple[Value, Basis]:
    if human is not None:
        return human, human_basis
    if published is not None:
        return published, "published"
    return (machine, "proposed") if machine is not None else (None, "unknown")
