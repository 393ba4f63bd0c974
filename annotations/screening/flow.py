"""The numbers of a PRISMA 2020 flow diagram, as far as screening gives them (Page et al. 2021, BMJ 372:n71)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from annotations.screening.verdicts import KEPT, ScreenedRecord

NO_REASON = "no reason given"


@dataclass(frozen=True, slots=True)
class ScreeningFlow:
    """How many records are in which box. Every number is counted from the registry and the log."""

    identified: Mapping[str, int]  # list or search -> records in it
    duplicates: int  # of `identified`, removed before screening
    records: int  # that are screened
    screened: int  # of them, by enough people, here or in another program
    waiting: int
    conflicts: int  # screened, and nobody has ruled
    excluded: Mapping[str, int]  # reason -> records
    sought: int  # reports of the records that were kept
    not_retrieved: int
    assessed: int  # reports that were screened by their full text
    excluded_reports: Mapping[str, int]  # reason -> reports
    undecided_reports: int  # retrieved, and not yet screened by their full text, or in conflict
    included: int  # kept, and not left out by the full text

    @property
    def total_identified(self) -> int:
        """Records of all lists and searches."""
        return sum(self.identified.values())


def screening_flow(
    abstracts: Mapping[str, ScreenedRecord],
    full_texts: Mapping[str, ScreenedRecord],
    *,
    retrieved: Collection[str],
    identified: Mapping[str, int],
    duplicates: int,
) -> ScreeningFlow:
    """The numbers; `retrieved` are the records of which there is a text."""
    kept = [one.source_id for one in abstracts.values() if one.standing in KEPT]
    reports = [full_texts[key] for key in kept if key in full_texts]
    left_out = {one.source_id for one in reports if one.standing == "exclude"}
    judged = [one for one in reports if one.standing not in ("waiting", "conflict")]
    return ScreeningFlow(
        identified=identified,
        duplicates=duplicates,
        records=len(abstracts),
        screened=sum(one.standing != "waiting" for one in abstracts.values()),
        waiting=sum(one.standing == "waiting" for one in abstracts.values()),
        conflicts=sum(one.standing == "conflict" for one in abstracts.values()),
        excluded=_reasons(abstracts.values()),
        sought=len(kept),
        not_retrieved=sum(key not in retrieved for key in kept if key not in left_out),
        assessed=len(judged),
        excluded_reports=_reasons(reports),
        undecided_reports=sum(one.standing in ("waiting", "conflict") for one in reports if one.source_id in retrieved),
        included=len(kept) - len(left_out),
    )


def _reasons(records: Iterable[ScreenedRecord]) -> dict[str, int]:
    found = Counter(one.reason or NO_REASON for one in records if one.standing == "exclude")
    return dict(found.most_common())
