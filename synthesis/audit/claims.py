"""The claims a synthesis makes about its own sample and coding, as data: read, checked, never judged here."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from corpus.datafile import NO_UNKNOWN_KEYS, read_toml, to_dataclass
from corpus.errors import DataFileError
from corpus.json_table import JsonObject
from corpus.workspace import Workspace
from models.codebook.codebook import Codebook
from synthesis.humanize import ordinal

SHIPPED = Path(__file__).with_name("claims.toml")
Kind = Literal[
    "sample",
    "window",
    "variable count",
    "scale",
    "theme count",
    "count",
    "frequency",
    "rank",
    "quantifier",
    "vague quantifier",
]
# Keys without which a claim of a kind can't be tested; of the alternatives in one tuple at least one is needed.
NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "sample": (("count", "every_study_peer_reviewed"),),
    "window": (("from_year",), ("to_year",)),
    "variable count": (("count",),),
    "scale": (("count",),),
    "theme count": (("count",), ("items",)),
    "count": (("count",), ("items",)),
    "frequency": (("theme",), ("count", "percent")),
    "rank": (("theme",), ("rank",)),
    "quantifier": (("theme",), ("percent", "more_than_percent", "at_least_percent", "word")),
    "vague quantifier": (("theme",),),
}


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """One entry of a list in the text, for example {name = "inadequate coverage", theme = "COV"}."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    name: str  # the words of the paper
    theme: str = ""  # the theme of the codebook that is meant; empty where there is none


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement. Which keys it needs depends on its kind, see NEEDED; what may be left out is worked out."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    id: str  # "claim 3" where the file gives none
    where: str  # section of the paper; the id where the file gives none
    kind: Kind
    quote: str  # its words
    theme: str = ""
    count: int | None = None
    percent: float | None = None
    rank: int | None = None  # 1 = the most frequent
    more_than_percent: float | None = None  # "over half" and "majority" are 50
    at_least_percent: float | None = None
    word: str = ""  # a quantifier: "most", "nearly all"; tested by the threshold the file states for it
    from_year: int | None = None  # first year of a window, itself included
    to_year: int | None = None  # last year, itself included
    every_study_peer_reviewed: bool = False
    items: tuple[ClaimItem, ...] = ()
    same_list_as: str = ""  # id of the claim that should list the same themes
    undefined_word: str = ""  # a word in the claim that has no threshold, for example "significant"
    not_a_count: str = ""  # what a claimed rank goes by, where that is no count, for example "importance"
    not_coded: str = ""  # what else the sentence claims that no variable of the matrix covers


@dataclass(frozen=True, slots=True)
class Threshold:
    """The share a quantifier needs."""

    percent: float
    strict: bool  # more than it; else at least

    def __str__(self) -> str:
        return f"{'more than' if self.strict else 'at least'} {self.percent:g}%"

    def holds(self, count: int, total: int) -> bool:
        """Whether `count` of `total` is enough."""
        return total > 0 and (
            100 * count > self.percent * total if self.strict else 100 * count >= self.percent * total
        )


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims of one work."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    work: str  # its title
    studies: int  # the sample size it states; 0 where the file states none: that of the matrix
    claim: tuple[Claim, ...]
    frequency_table: str = ""  # the `where` of the claims that together are its table of frequencies
    thresholds: Mapping[str, str] = field(default_factory=dict)  # quantifier -> ">50" (more than) or ">=50" (at least)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claim)

    def named(self, claim_id: str) -> Claim:
        """The claim with this id; `read_claims` has made sure that every id referred to exists."""
        return next(claim for claim in self.claim if claim.id == claim_id)

    def threshold(self, claim: Claim) -> Threshold | None:
        """The share a claim needs; None where it states a share itself, or none at all."""
        if claim.more_than_percent is not None:
            return Threshold(claim.more_than_percent, strict=True)
        if claim.at_least_percent is not None:
            return Threshold(claim.at_least_percent, strict=False)
        stated = {word.casefold(): rule for word, rule in self.thresholds.items()}.get(claim.word.casefold())
        return read_threshold(stated) if stated else None

    def stated_count(self, claim: Claim) -> int:
        """The count a frequency claim gives, or that its percentage stands for: 84% of 25 is 21."""
        return claim.count if claim.count is not None else round((claim.percent or 0) * self.studies / 100)

    def stated(self, claim: Claim) -> str:
        """What a claim says, in one form for all places: "48% of the studies" and "12 (48%)" are both "12 (48%)"."""
        if claim.kind == "frequency":
            count = self.stated_count(claim)
            if claim.percent is None and not self.studies:  # a review without a study
                return str(count)
            share = claim.percent if claim.percent is not None else 100 * count / self.studies
            return f"{count} ({share:.0f}%)"
        if claim.kind == "rank":
            return ordinal(claim.rank or 0)
        if claim.kind == "window":
            return f"{claim.from_year} to {claim.to_year}"
        if claim.kind == "quantifier":
            rule = self.threshold(claim)
            if rule is None:
                return claim.word if claim.percent is None else f"{claim.percent:g}%"
            return f"{claim.word} ({rule})" if claim.word else str(rule)
        return "" if claim.count is None else str(claim.count)


def load_claims(workspace: Workspace, codebook: Codebook) -> Claims | None:
    """The claims to audit in this review: its own claims.toml, else the shipped ones, else None."""
    own = workspace.own_file("claims.toml")
    if own:
        return read_claims(own, codebook)
    return read_claims(SHIPPED, codebook) if workspace.review.shipped_sources else None


def read_claims(path: Path, codebook: Codebook) -> Claims:
    """The claims in a TOML or CSV file; DataFileError names the claim and the key that is wrong.

    Only what a claim says has to be written down: theme and count, per cent, rank or word. Its kind follows from that.
    """
    given = read_claim_rows(path) if path.suffix.casefold() == ".csv" else read_toml(path)
    stated = "studies" in given
    data: JsonObject = {"work": path.stem, "studies": 0, **given}
    if isinstance(tables := data.get("claim"), list):
        thresholds = data.get("thresholds")
        words = {str(word).casefold() for word in thresholds} if isinstance(thresholds, dict) else set()
        data["claim"] = [_claim(table, number, path, words) for number, table in enumerate(tables, start=1)]
    claims = to_dataclass(Claims, data, file=path, where="top level")
    for word, rule in claims.thresholds.items():
        if read_threshold(rule) is None:
            raise DataFileError(
                path, f"thresholds: {word!r}", f"{rule!r} is no share", 'Write ">50" or ">=90" (per cent)'
            )
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise DataFileError(path, f"claim {claim.id!r}", "this id is used twice", "Give every claim its own")
        seen.add(claim.id)
        _check(claim, path, codebook)
    for claim in claims:
        if claim.same_list_as and claim.same_list_as not in seen:
            raise DataFileError(path, f"claim {claim.id!r}", f"same_list_as names no claim: {claim.same_list_as!r}")
    if stated and claims.studies < 1:
        raise DataFileError(path, "studies", "must be 1 or more")
    return claims


def read_threshold(text: str) -> Threshold | None:
    """ ">50", "> 50 %" and "more than 50" are more than half, ">=50" and "at least 50" half or more; None: neither."""
    matched = re.fullmatch(r"\s*(>=|>|more than|at least)\s*(\d+(?:\.\d+)?)\s*%?\s*", text.casefold())
    if not matched or float(matched[2]) > 100:
        return None
    return Threshold(float(matched[2]), strict=matched[1] in (">", "more than"))


def read_claim_rows(path: Path) -> dict[str, object]:
    """The claims in a CSV file, one a row, as `read_toml` would give them; its columns are keys of a claim."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except FileNotFoundError:
        raise DataFileError(path, "", "there is no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(path, "", f"can't be read ({error})", "Save it as CSV in UTF-8") from None
    tables = []
    for number, row in enumerate(rows, start=1):
        if None in row:
            raise DataFileError(path, f"row {number + 1}", "has more values than the header has columns")
        tables.append({key: value.strip() for key, value in row.items() if value and value.strip()})
    return {"claim": tables}


def _claim(table: object, number: int, path: Path, words: Collection[str]) -> Claim:
    if not isinstance(table, dict):
        return to_dataclass(Claim, table, file=path, where=f"claim {number}")
    name = table.get("id", f"claim {number}")
    given = {"id": name, "where": name, "quote": "", **table}
    if "kind" not in given and (kind := _kind(given, words)):
        given["kind"] = kind
    return to_dataclass(Claim, given, file=path, where=f"claim {name!r}")


def _kind(given: Mapping[str, object], words: Collection[str]) -> Kind | None:
    """What a claim without a kind is about, from the keys it has; None: that can't be told."""
    if "theme" in given:
        if "rank" in given:
            return "rank"
        if "more_than_percent" in given or "at_least_percent" in given:
            return "quantifier"
        if "count" in given or "percent" in given:
            return "frequency"
        if "word" in given:
            return "quantifier" if str(given["word"]).casefold() in words else "vague quantifier"
        return None
    if "from_year" in given:
        return "window"
    return "sample" if "count" in given else None


def _check(claim: Claim, path: Path, codebook: Codebook) -> None:
    place = f"claim {claim.id!r}"
    for alternatives in NEEDED[claim.kind]:
        if all(getattr(claim, key) in (None, "", (), False) for key in alternatives):
            raise DataFileError(path, place, f"kind {claim.kind!r} needs the key {' or '.join(alternatives)}")
    known = ", ".join(codebook.codes)
    for code in (claim.theme, *(item.theme for item in claim.items)):
        if code and code not in codebook.codes:
            raise DataFileError(path, place, f"unknown theme {code!r}", f"The codebook has {known}")
    if claim.theme and claim.theme not in codebook.columns:
        columns = ", ".join(codebook.columns)
        raise DataFileError(path, place, f"{claim.theme} is not a column of the matrix", f"The columns are {columns}")
