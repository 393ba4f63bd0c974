"""Some of the studies: "only those since 2015", "only reports", "without those that fail the inclusion criteria".

A condition is a fact of the registry, a sign and a value: `year>=2015`, `kind=report`, `country=Nepal|Peru`. A study
of which the fact is not known meets no condition on it, and is named as such: unknown is never taken for no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import JaizaError, UnknownChoiceError
from corpus.registry.screening import Screening
from corpus.registry.sources import Source

_CONDITION = re.compile(r"\s*([A-Za-z][\w -]*?)\s*(>=|<=|!=|==|=|>|<)\s*(.*?)\s*", re.DOTALL)
_UNKNOWN = "unknown"
_FORM = "Write for example year>=2015, kind=report or country=Nepal|Peru"
# What can be asked of a study, and the words of the registry that answer; no words: not known.
_FACTS: Mapping[str, Callable[[Source, str], Sequence[str]]] = {
    "source": lambda source, _: (source.id, source.label),
    "year": lambda source, _: (str(source.year),) if source.year is not None else (),
    "kind": lambda source, _: (source.kind,),
    "method": lambda source, _: (source.method,),
    "programme": lambda source, _: source.programmes,
    "country": lambda source, _: source.countries,
    "peer_reviewed": lambda source, _: (source.peer_reviewed,),
    "eligibility": lambda source, _: (source.eligibility or "",),
    "screening": lambda _, verdict: (verdict,),
    "language": lambda source, _: (source.language,),
    "identified": lambda source, _: (source.identified,),
}
_OTHER_NAMES = {
    "programmes": "programme", "program": "programme", "programs": "programme", "countries": "country",
    "eligible": "eligibility", "peer_review": "peer_reviewed", "id": "source", "study": "source",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a study has to be."""

    text: str  # as it was asked for
    field: str  # a fact of the registry, or "screening"
    sign: str  # one of = != >= <= > <
    values: tuple[str, ...]  # any of them will do

    def meets(self, source: Source, verdict: str) -> bool | None:
        """Does `source`, screened with `verdict`, meet the condition? None where the registry does not say."""
        words = [word for word in _FACTS[self.field](source, verdict) if word and word != _UNKNOWN]
        if not words:
            return (self.sign == "=") if _UNKNOWN in self.values else None
        if self.field == "year":
            years = [int(value) for value in self.values if value != _UNKNOWN]
            compared = [_compare(int(words[0]), self.sign, year) for year in years]
            return all(compared) if self.sign == "!=" else any(compared)
        found = any(_says(word, value) for word in words for value in self.values)
        return found == (self.sign == "=")


@dataclass(frozen=True, slots=True)
class Subset:
    """The studies chosen, and why the others were not."""

    kept: tuple[Source, ...]
    left_out: Mapping[str, str]  # source id -> the condition it does not meet
    unknown: Mapping[str, str]  # source id -> the condition of which it can't be told
    conditions: tuple[str, ...]  # in words


def parse_condition(text: str) -> Condition:
    """A condition from what a person typed; JaizaError says in one line what is wrong with it."""
    matched = _CONDITION.fullmatch(text)
    if not matched or not matched[3]:
        raise JaizaError(f"the condition {text!r} can't be understood. {_FORM}")
    name = re.sub(r"[\s-]+", "_", matched[1].casefold())
    name = _OTHER_NAMES.get(name, name)
    if name not in _FACTS:
        raise UnknownChoiceError("field", matched[1], _FACTS, _FORM)
    sign = "=" if matched[2] == "==" else matched[2]
    values = tuple(value.strip().strip("\"'").casefold() for value in matched[3].split("|") if value.strip())
    if name == "year" and (wrong := [value for value in values if not value.isdigit() and value != _UNKNOWN]):
        raise JaizaError(f"the condition {text!r} compares a year with {wrong[0]!r}. Write it in digits: year>=2015")
    if name != "year" and sign not in ("=", "!="):
        raise JaizaError(f"the condition {text!r} can't be tested: {name} is in words, so only = and != go with it")
    return Condition(text.strip(), name, sign, values)


def choose(
    sources: Sequence[Source],
    conditions: Sequence[Condition],
    *,
    screenings: Sequence[Screening] = (),
    eligible: bool = False,
) -> Subset:
    """The studies that meet every condition and, with `eligible`, do not fail screening, in the order of `sources`.

    JaizaError: none is left. UnknownChoiceError: a value that no study of the review has.
    """
    verdicts = {one.source_id: str(one.verdict) for one in screenings}
    for condition in conditions:
        _known_value(condition, sources, verdicts)
    kept: list[Source] = []
    left_out: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for source in sources:
        verdict = verdicts.get(source.id, "")
        if eligible and verdict == "fails":
            left_out[source.id] = "fails the inclusion criteria"
            continue
        for condition in conditions:
            met = condition.meets(source, verdict)
            if met:
                continue
            (unknown if met is None else left_out)[source.id] = condition.text
            break
        else:
            kept.append(source)
    said = (*(["without those that fail the inclusion criteria"] if eligible else []), *(c.text for c in conditions))
    if not kept:
        raise JaizaError(f"no study is left with {' and '.join(said)}" if said else "the review has no studies")
    return Subset(tuple(kept), left_out, unknown, said)


def _known_value(condition: Condition, sources: Sequence[Source], verdicts: Mapping[str, str]) -> None:
    if condition.field == "year":
        return
    answers = [_FACTS[condition.field](source, verdicts.get(source.id, "")) for source in sources]
    words = dict.fromkeys(word for answer in answers for word in answer if word)
    for value in condition.values:
        if value != _UNKNOWN and not any(_says(word, value) for word in words):
            raise UnknownChoiceError(condition.field.replace("_", " "), value, sorted(words))


def _says(word: str, value: str) -> bool:
    """Whether a word of the registry is `value`, or has it among its words: "policy report" says "report"."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", word.casefold()) is not None


def _compare(year: int, sign: str, value: int) -> bool:
    return {
        "=": year == value,
        "!=": year != value,
        ">=": year >= value,
        "<=": year <= value,
        ">": year > value,
        "<": year < value,
    }[sign]
