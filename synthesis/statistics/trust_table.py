"""What can be trusted in a review, as sentences and a table: for the page, the report, Word and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.progress.hypergeometric import CountRange
from annotations.progress.trust import ReviewTrust, ThemeTrust
from models.interval import Interval
from synthesis.humanize import counted, listed

UNKNOWN = "not known"
_SHARE_TO_BEGIN = 0.05  # one passage in twenty


@dataclass(frozen=True, slots=True)
class TrustRow:
    """One theme, in words; figures in per cent, with the interval in brackets."""

    theme: str
    answered: str  # "31 of 40"
    precision: str
    said: str  # mean probability that the machine gave
    by_lot: str  # "2 of 58": missed, of the passages read on which it was silent
    recall: str
    frequency: str
    more: str  # passages to read by lot for the width aimed for


def trust_rows(trust: ReviewTrust) -> list[TrustRow]:
    """A row for each theme, in the order of the codebook."""
    return [_row(one, trust) for one in trust.themes]


def _row(one: ThemeTrust, trust: ReviewTrust) -> TrustRow:
    rank = one.theme in trust.ranks
    return TrustRow(
        one.theme,
        f"{one.answered:,} of {one.proposed:,}",
        told(one.precision),
        "a rank" if rank else UNKNOWN if one.said is None else f"{one.said:.0%}".replace("%", " %"),
        f"{one.missed:,} of {one.by_lot:,}" if one.by_lot else UNKNOWN,
        told(one.recall),
        told(one.frequency),
        _more(one),
    )


def _more(one: ThemeTrust) -> str:
    if one.recall is None or one.more is None:
        return UNKNOWN
    if one.more == 0 and one.undecided:
        return f"0, and {counted(one.undecided, 'suggestion')} to answer"
    return f"{one.more:,}"


def told(interval: Interval | None) -> str:
    """A share with its interval, "62 % [50, 73]"."""
    if interval is None:
        return UNKNOWN
    return f"{100 * interval.value:.0f} % [{100 * interval.low:.0f}, {100 * interval.high:.0f}]"


def trust_sentences(trust: ReviewTrust) -> list[str]:
    """What is known, and where nothing is, what to do about it."""
    return [*_of_what_it_proposes(trust), *_of_what_it_misses(trust)]


def _of_what_it_proposes(trust: ReviewTrust) -> list[str]:
    answered = sum(one.answered for one in trust.themes)
    proposed = sum(one.proposed for one in trust.themes)
    if not answered:
        said = ["How often the machine is right here is not known: nobody has answered one of its suggestions."]
    else:
        right = sum(one.accepted for one in trust.themes)
        said = [
            f"Of its suggestions {answered:,} were answered, and {right:,} of these ({right / answered:.0%}) were "
            "right."
        ]
        if answered < proposed:
            said.append(
                f"{counted(proposed - answered, 'suggestion')} {_were(proposed - answered, 'is', 'are')} still "
                "without an answer; the intervals of the precision take the answered ones as chosen by chance."
            )
    if trust.others:
        said.append(
            f"{counted(trust.others, 'answer')} to suggestions of earlier models "
            f"{_were(trust.others, 'is', 'are')} not counted for this one, which may have learned from them."
        )
    if trust.ranks:
        said.append(
            f"The scores of {listed(list(trust.ranks))} are ranks and no probabilities (not calibrated): nothing was "
            "learned for these themes yet."
        )
    return said


def calibration_rows(trust: ReviewTrust) -> list[tuple[str, str, str]]:
    """What the machine said of suggestions of like probability, how many were right, and the share of all such."""
    return [(f"{one.said:.0%}", f"{one.accepted:,} of {one.answered:,}", told(one.right)) for one in trust.calibration]


def _of_what_it_misses(trust: ReviewTrust) -> list[str]:
    if not trust.share:
        return [
            "What the machine misses here is not known: no passages are drawn by lot. “The draw” on the page Trust, or "
            f"`jaiza models trust --share {_SHARE_TO_BEGIN}`, draws one passage in {1 / _SHARE_TO_BEGIN:.0f}; coders "
            "then read them as a whole."
        ]
    drawn = len(trust.lot.drawn)
    read = f"{trust.lot.answered:,} of {counted(drawn, 'passage')} drawn by lot {_were(trust.lot.answered)} read"
    if not trust.lot.counted:
        return [
            f"What the machine misses here is not known: {read}. Choose the order “By lot” on the "
            "page Code, or read all that was drawn of a study."
        ]
    studies = counted(len(trust.lot.studies), "study", "studies")
    of = f"all {studies}" if trust.lot.whole else f"the {studies} of which every passage drawn was read"
    said = [f"{read}; {len(trust.lot.counted):,} of them speak for {of} ({counted(trust.passages, 'passage')})."]
    if trust.missing is not None:
        said.append(
            f"The machine misses at least one theme in {_part(trust.missing, trust.passages)} of these passages."
        )
    if len(trust.lot.counted) < trust.lot.answered:
        said.append(
            f"{counted(trust.lot.answered - len(trust.lot.counted), 'passage')} read out of order: not counted until "
            "those before in the draw are read, for what was chosen is no draw."
        )
    return said


def _were(number: int, one: str = "was", many: str = "were") -> str:
    return one if number == 1 else many


def _part(count: CountRange, of: int) -> str:
    return told(Interval(*(number / of for number in (count.estimate, count.low, count.high))))


_HEADINGS = (
    ("Theme", ""),
    ("Answered", "suggestions that people answered, of those there are"),
    ("Right", "precision: the share of its suggestions that is right"),
    ("It said", "the mean probability it gave to the answered ones; as much should be right"),
    ("Missed by lot", "passages with the theme, of those read by lot on which the machine was silent"),
    ("Found", "recall: the share of the passages with the theme for which it proposes it"),
    ("In the texts", "share of the passages that have the theme, corrected for what is missed"),
)


def headings(trust: ReviewTrust) -> Sequence[tuple[str, str]]:
    """Head and meaning of every column of the table."""
    aim = f"passages to read by lot until the interval of “Found” is {100 * trust.width:.0f} points wide"
    return [*_HEADINGS, ("To read", aim)]
