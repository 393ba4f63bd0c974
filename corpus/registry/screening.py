"""Screening: each source against the review's criteria, with a reason for every verdict."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import ClassVar, Literal

from corpus.datafile import NO_UNKNOWN_KEYS, only_keys, read_toml, to_dataclass
from corpus.errors import DataFileError
from corpus.registry.sources import Eligibility, Source, Standing
from corpus.workspace import Workspace

FILE = "screening.toml"
JUDGEMENT = "judgement"  # criterion id of the person's judgement in the registry
MULTI = "multi"  # marks a cross-country work in `Source.countries`
IDENTIFIED: frozenset[Standing] = frozenset({"published", "seen", "probable"})

Answer = Literal["met", "unclear", "not met"]
Verdict = Literal["pass", "doubtful", "fails", "not screened"]
_ANSWER_OF: Mapping[Eligibility, Answer] = {"pass": "met", "doubtful": "unclear", "fails": "not met"}


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """What one criterion says about one source."""

    criterion: str  # its id in screening.toml, or "judgement"
    verdict: Answer
    reason: str  # names the fact, for example "published in 2011"


@dataclass(frozen=True, slots=True)
class Screening:
    """The verdict on one source: the worst of its findings."""

    source_id: str
    verdict: Verdict  # "not screened" where there is neither a criterion nor a judgement
    findings: tuple[CriterionFinding, ...]  # one per criterion, then the person's judgement if there is one
    identified: bool  # is it known which work is meant?


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """The source ids in each box of a flow diagram; their number is the count. Ids are in the order of the registry."""

    rows: tuple[str, ...]  # all in the registry
    identified: tuple[str, ...]  # those of which the work is known
    passed: tuple[str, ...]
    doubtful: tuple[str, ...]
    failed: tuple[str, ...]
    not_screened: tuple[str, ...]
    unclear: Mapping[str, tuple[str, ...]]  # criterion id -> sources of which it can't be told
    not_met: Mapping[str, tuple[str, ...]]  # criterion id -> sources that do not meet it


class EarlierSources:
    """The sources before one in the registry, by DOI and title: source ids, the first of each."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self.by_doi: dict[str, str] = {}
        self.by_title: dict[str, str] = {}
        for source in sources:
            self.add(source)

    def add(self, source: Source) -> None:
        """Let the sources after this one be compared with it."""
        if source.doi:
            self.by_doi.setdefault(_fold(source.doi), source.id)
        if source.title:
            self.by_title.setdefault(_fold(source.title), source.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(ABC):
    """One rule of eligibility, as a block of screening.toml gives it."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS
    id: ClassVar[str]

    statement: str  # in plain words
    words: str = ""  # the words of the synthesis that it stands for

    @abstractmethod
    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        """The answer for `source` and the reason; `earlier` holds the sources before it in the registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified(Criterion):
    """It is known which work is meant."""

    id: ClassVar[str] = "identified"

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        known = f"identified: {source.identified}"
        return ("met", known) if source.identified in IDENTIFIED else ("unclear", f"{known}; find the work first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Criterion):
    """Published in a span of years."""

    id: ClassVar[str] = "window"
    first_year: int
    last_year: int

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        if source.year is None:
            return "unclear", "the year is not known"
        if self.first_year <= source.year <= self.last_year:
            return "met", f"published in {source.year}"
        return "not met", f"published in {source.year}, outside {self.first_year}-{self.last_year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country(Criterion):
    """About one of some countries."""

    id: ClassVar[str] = "country"
    countries: tuple[str, ...]

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        wanted = " or ".join(self.countries)
        named = [country for country in source.countries if _fold(country) != MULTI]
        if found := [country for country in named if _listed(country, self.countries)]:
            return "met", f"about {', '.join(found)}"
        if named:
            return "not met", f"about {', '.join(named)}, not {wanted}"
        if source.countries:
            return "unclear", f"about several countries; whether {wanted} is one is not known"
        return "unclear", "the country is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach(Criterion):
    """Uses one of the accepted methods."""

    id: ClassVar[str] = "approach"
    methods: tuple[str, ...]

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        if _unknown(source.method):
            return "unclear", "the method is not known"
        if _listed(source.method, self.methods):
            return "met", f"method: {source.method}"
        return "unclear", f"method: {source.method}, which is none of {', '.join(self.methods)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Criterion):
    """Not one of the excluded kinds of work."""

    id: ClassVar[str] = "kind"
    excluded: tuple[str, ...]

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        if _listed(source.kind, self.excluded):
            return "not met", f"kind: {source.kind}"
        if not _unknown(source.kind):
            return "met", f"kind: {source.kind}"
        if not _unknown(source.method):  # what is kept out has no method of research
            return "met", f"the kind is not known, but there is a method: {source.method}"
        return "unclear", "the kind is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Methodology(Criterion):
    """Has a clear methodology."""

    id: ClassVar[str] = "methodology"
    in_question: tuple[str, ...]  # kinds of work in which it can't be taken for granted

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        if _listed(source.kind, self.in_question):
            return "unclear", f"kind: {source.kind}, in which a methodology can't be taken for granted"
        if _unknown(source.method):
            return "unclear", "the method is not known"
        return "met", f"method: {source.method}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(Criterion):
    """Is not the same work as an earlier source; the first of them stays."""

    id: ClassVar[str] = "duplicate"

    def check(self, source: Source, earlier: EarlierSources) -> tuple[Answer, str]:
        if other := earlier.by_doi.get(_fold(source.doi)):
            return "not met", f"same DOI as {other}: {source.doi}"
        if other := earlier.by_title.get(_fold(source.title)):
            return "unclear", f"same title as {other}; keep one if they are one work"
        if not source.title and not source.doi:
            return "unclear", "neither title nor DOI is known, so it can't be compared"
        return "met", "no earlier source has its title or DOI"


_KINDS: Mapping[str, type[Criterion]] = {
    kind.id: kind for kind in (Identified, Window, Country, Approach, Kind, Methodology, Duplicate)
}


def load_criteria(workspace: Workspace) -> tuple[Criterion, ...]:
    """The review's criteria, in the order of the file: its own screening.toml, else the shipped one.

    The shipped criteria belong to the shipped sources: a review that does not start from them has none.
    """
    if own := workspace.own_file(FILE):
        return _read(own)
    if not workspace.review.shipped_sources:
        return ()
    with as_file(files("corpus") / FILE) as shipped:
        return _read(shipped)


def screen(source: Source, criteria: Sequence[Criterion], *, earlier: Sequence[Source] = ()) -> Screening:
    """`source` against the criteria and the person's judgement; `earlier` sources are compared for duplicates."""
    return _screen(source, criteria, EarlierSources(earlier))


def _screen(source: Source, criteria: Sequence[Criterion], earlier: EarlierSources) -> Screening:
    findings = [CriterionFinding(one.id, *one.check(source, earlier)) for one in criteria]
    if source.eligibility is not None:
        reason = source.eligibility_reason or "no reason is given"
        findings.append(CriterionFinding(JUDGEMENT, _ANSWER_OF[source.eligibility], reason))
    answers = {finding.verdict for finding in findings}
    verdict: Verdict = "pass" if answers else "not screened"
    if "not met" in answers:
        verdict = "fails"
    elif "unclear" in answers:
        verdict = "doubtful"
    return Screening(source.id, verdict, tuple(findings), source.identified in IDENTIFIED)


def screen_all(sources: Sequence[Source], criteria: Sequence[Criterion]) -> tuple[Screening, ...]:
    """Every source of the registry, each compared with those before it."""
    earlier, screenings = EarlierSources(), []
    for source in sources:
        screenings.append(_screen(source, criteria, earlier))
        earlier.add(source)
    return tuple(screenings)


def flow_counts(screenings: Sequence[Screening]) -> FlowCounts:
    """Who is in which box of the flow diagram, and which criteria put them there."""

    def having(verdict: Verdict) -> tuple[str, ...]:
        return tuple(one.source_id for one in screenings if one.verdict == verdict)

    def answered(answer: Answer) -> dict[str, tuple[str, ...]]:
        hits = [(f.criterion, one.source_id) for one in screenings for f in one.findings if f.verdict == answer]
        return {name: tuple(source for hit, source in hits if hit == name) for name in dict(hits)}

    return FlowCounts(
        rows=tuple(one.source_id for one in screenings),
        identified=tuple(one.source_id for one in screenings if one.identified),
        passed=having("pass"),
        doubtful=having("doubtful"),
        failed=having("fails"),
        not_screened=having("not screened"),
        unclear=answered("unclear"),
        not_met=answered("not met"),
    )


def _read(path: Path) -> tuple[Criterion, ...]:
    data = read_toml(path)
    only_keys(data, _KINDS, file=path)
    criteria = tuple(to_dataclass(_KINDS[name], data[name], file=path, where=f"[{name}]") for name in data)
    for one in criteria:
        if isinstance(one, Window) and one.first_year > one.last_year:
            raise DataFileError(path, "[window]", "first_year is later than last_year", "Exchange the two")
        if isinstance(one, Country) and not one.countries:
            raise DataFileError(path, "[country]: countries", "is empty", "Name a country, or leave the criterion out")
    return criteria


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _listed(word: str, words: Sequence[str]) -> bool:
    return _fold(word) in {_fold(one) for one in words}


def _unknown(word: str) -> bool:
    return _fold(word) in ("", "unknown")
