"""The claims a synthesis makes about its own sample and coding, as data: read, checked, never judged here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from corpus.datafile import NO_UNKNOWN_KEYS, read_toml, to_dataclass
from corpus.errors import DataFileError
from corpus.workspace import Workspace
from models.codebook import Codebook
from synthesis.wording import ordinal

SHIPPED = Path(__file__).with_name("claims.toml")
Kind = Literal[
    "sample", "window", "variable count", "scale", "theme count", "count", "frequency", "rank", "quantifier",
    "vague quantifier",
]  # fmt: skip
# Keys without which a claim of a kind can't be tested; of the alternatives in one tuple at least one is needed.
NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "sample": (("count",),),
    "window": (("from_year",), ("to_year",)),
    "variable count": (("count",),),
    "scale": (("count",),),
    "theme count": (("count",), ("items",)),
    "count": (("count",), ("items",)),
    "frequency": (("theme",), ("count", "percent")),
    "rank": (("theme",), ("rank",)),
    "quantifier": (("theme",), ("percent", "more_than_percent")),
    "vague quantifier": (("theme",),),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list in the text, for example {name = "inadequate coverage", theme = "COV"}."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    name: str  # the words of the paper
    theme: str = ""  # the theme of the codebook that is meant; empty where there is none


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement. Which keys it needs depends on its kind, see NEEDED."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    id: str
    where: str  # section of the paper
    kind: Kind
    quote: str  # its words
    theme: str = ""
    count: int | None = None
    percent: float | None = None
    rank: int | None = None  # 1 = the most frequent
    more_than_percent: float | None = None  # "over half" and "majority" are 50
    from_year: int | None = None  # first year of a window, itself included
    to_year: int | None = None  # last year, itself included
    every_study_peer_reviewed: bool = False
    items: tuple[Item, ...] = ()
    same_list_as: str = ""  # id of the claim that should list the same themes
    undefined_word: str = ""  # a word in the claim that has no threshold, for example "significant"
    not_a_count: str = ""  # what a claimed rank goes by, where that is no count, for example "importance"
    not_coded: str = ""  # what else the sentence claims that no variable of the matrix covers


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims of one work."""

    __pydantic_config__: ClassVar = NO_UNKNOWN_KEYS

    work: str  # its title
    studies: int  # the sample size it states
    claim: tuple[Claim, ...]
    frequency_table: str = ""  # the `where` of the claims that together are its table of frequencies

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claim)

    def named(self, claim_id: str) -> Claim:
        """The claim with this id; `read_claims` has made sure that every id referred to exists."""
        return next(claim for claim in self.claim if claim.id == claim_id)

    def stated_count(self, claim: Claim) -> int:
        """The count a frequency claim gives, or that its percentage stands for: 84% of 25 is 21."""
        return claim.count if claim.count is not None else round((claim.percent or 0) * self.studies / 100)

    def stated(self, claim: Claim) -> str:
        """What a claim says, in one form for all places: "48% of the studies" and "12 (48%)" are both "12 (48%)"."""
        if claim.kind == "frequency":
            count = self.stated_count(claim)
            share = claim.percent if claim.percent is not None else 100 * count / self.studies
            return f"{count} ({share:.0f}%)"
        if claim.kind == "rank":
            return ordinal(claim.rank or 0)
        if claim.kind == "window":
            return f"{claim.from_year} to {claim.to_year}"
        if claim.kind == "quantifier":
            return f"{claim.percent:g}%" if claim.percent is not None else f"more than {claim.more_than_percent:g}%"
        return "" if claim.count is None else str(claim.count)


def load_claims(workspace: Workspace, codebook: Codebook) -> Claims | None:
    """The claims to audit in this review: its own claims.toml, else the shipped ones, else None."""
    own = workspace.own_file("claims.toml")
    if own:
        return read_claims(own, codebook)
    return read_claims(SHIPPED, codebook) if workspace.review.shipped_sources else None


def read_claims(path: Path, codebook: Codebook) -> Claims:
    """The claims in a TOML file; DataFileError names the claim and the key that is wrong."""
    data = read_toml(path)
    if isinstance(tables := data.get("claim"), list):
        data["claim"] = [_claim(table, number, path) for number, table in enumerate(tables, start=1)]
    claims = to_dataclass(Claims, data, file=path, where="top level")
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise DataFileError(path, f"claim {claim.id!r}", "this id is used twice", "Give every claim its own")
        seen.add(claim.id)
        _check(claim, path, codebook)
    for claim in claims:
        if claim.same_list_as and claim.same_list_as not in seen:
            raise DataFileError(path, f"claim {claim.id!r}", f"same_list_as names no claim: {claim.same_list_as!r}")
    if claims.studies < 1:
        raise DataFileError(path, "studies", "must be 1 or more")
    return claims


def _claim(table: object, number: int, path: Path) -> Claim:
    name = table.get("id", number) if isinstance(table, dict) else number
    return to_dataclass(Claim, table, file=path, where=f"claim {name!r}")


def _check(claim: Claim, path: Path, codebook: Codebook) -> None:
    place = f"claim {claim.id!r}"
    for alternatives in NEEDED[claim.kind]:
        if all(getattr(claim, key) in (None, "", ()) for key in alternatives):
            raise DataFileError(path, place, f"kind {claim.kind!r} needs the key {' or '.join(alternatives)}")
    known = ", ".join(codebook.codes)
    for code in (claim.theme, *(item.theme for item in claim.items)):
        if code and code not in codebook.codes:
            raise DataFileError(path, place, f"unknown theme {code!r}", f"The codebook has {known}")
    if claim.theme and claim.theme not in codebook.columns:
        columns = ", ".join(codebook.columns)
        raise DataFileError(path, place, f"{claim.theme} is not a column of the matrix", f"The columns are {columns}")
