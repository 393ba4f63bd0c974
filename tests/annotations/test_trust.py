"""What can be trusted in a review: exact intervals from passages read by lot."""

from __future__ import annotations

import math
import random

import pytest

from annotations.agreement.assignment import Assignment
from annotations.codebook_changes import JudgedThemes
from annotations.decision import BY_LOT, Anchor, Decision, Mark
from annotations.progress.corrected_recall import Stratum, both_counts, recall_of
from annotations.progress.hypergeometric import drawn_range
from annotations.progress.lot_sample import drawn_by_lot, fair_sample
from annotations.progress.passage_judgements import judgements
from annotations.progress.trust import ReviewTrust, measure_trust
from corpus.workspace import CodingSettings
from models.suggestion import Suggestion

PASSAGES = {f"study-{n}": [f"p{n}-{k}" for k in range(40)] for n in range(5)}
EVERY = [(source_id, passage_id) for source_id, ids in PASSAGES.items() for passage_id in ids]


def _assignment(share: float = 0.2, seed: str = "1") -> Assignment:
    return Assignment(CodingSettings(lot_share=share, seed=seed))


def _read(where: tuple[str, str], *themes: str) -> tuple[list[Decision], Mark]:
    anchor = Anchor("words", 1, where[1])
    return (
        [Decision(where[0], theme, 1, "Amina", anchor=anchor) for theme in themes],
        Mark(where[0], "seen", "Amina", anchor=anchor, note=BY_LOT),
    )


def _measured(
    proposed: list[tuple[str, str]],
    true: list[tuple[str, str]],
    read: list[tuple[str, str]],
    *,
    assignment: Assignment,
    answer: bool = True,
) -> ReviewTrust:
    """The trust in a machine that proposes GW at `proposed`, where it is at `true`, with `read` answered by lot."""
    suggestions: dict[str, list[Suggestion]] = {source_id: [] for source_id in PASSAGES}
    decisions, marks = [], []
    for source_id, passage_id in proposed:
        suggestions[source_id].append(Suggestion(passage_id, "GW", 0.7, 1, (), "model", "book"))
        if answer:
            there = (source_id, passage_id) in true
            anchor = Anchor("words", 1, passage_id)
            decisions.append(Decision(source_id, "GW", int(there), "Amina", anchor=anchor, model_id="model", score=0.7))  # type: ignore[arg-type]
    for where in read:
        made, mark = _read(where, *(["GW"] if where in true and where not in proposed else []))
        decisions += made
        marks.append(mark)
    judged = judgements(decisions, marks, PASSAGES, JudgedThemes(("GW",)))
    return measure_trust(suggestions, PASSAGES, judged, assignment=assignment, themes=("GW",))


@pytest.mark.parametrize(
    ("found", "drawn", "size"), [(0, 0, 10), (0, 10, 10), (3, 10, 10), (0, 30, 300), (15, 30, 300), (29, 30, 31)]
)
def test_the_interval_of_a_draw_holds_every_number_that_would_give_it(found: int, drawn: int, size: int) -> None:
    def chance(met: int, codes: int) -> float:
        return math.comb(codes, met) * math.comb(size - codes, drawn - met) / math.comb(size, drawn)

    def possible(codes: int) -> bool:
        fewer = sum(chance(met, codes) for met in range(found + 1))
        more = sum(chance(met, codes) for met in range(found, drawn + 1))
        return min(fewer, more) > 0.025

    held = [codes for codes in range(size + 1) if possible(codes)]
    exact = drawn_range(found, drawn, size, 0.95)
    assert (exact.low, exact.high) == (held[0], held[-1])


@pytest.mark.parametrize("present", [0, 3, 30, 120, 290])
@pytest.mark.parametrize("drawn", [6, 40])
def test_the_interval_of_a_corrected_count_covers_the_truth(present: int, drawn: int) -> None:
    """In at least 95 of 100 reviews, of all sizes of sample and shares of passages with the theme."""
    rng, covered, covered_recall, reviews = random.Random(7), 0, 0, 600
    for _ in range(reviews):
        shown, silent = 60, 240
        in_shown = min(shown, round(present * 0.4))
        in_silent = present - in_shown
        sample = rng.sample(range(shown + silent), drawn)
        found_shown = sum(one < in_shown for one in sample)
        drawn_shown = sum(one < shown for one in sample)
        found_silent = sum(shown <= one < shown + in_silent for one in sample)
        right, missed = both_counts(
            Stratum(shown, drawn_shown, found_shown, found_shown, drawn_shown - found_shown),
            Stratum(silent, drawn - drawn_shown, found_silent, found_silent, drawn - drawn_shown - found_silent),
            0.95,
        )
        covered += right.low + missed.low <= present <= right.high + missed.high
        recall = recall_of(right, missed)
        covered_recall += not present or (recall is not None and recall.low <= in_shown / present <= recall.high)
    assert covered / reviews >= 0.95
    assert covered_recall / reviews >= 0.95


def test_the_draw_depends_on_seed_and_passage_alone() -> None:
    drawn = drawn_by_lot(PASSAGES, _assignment())
    turned = {source_id: ids[::-1] for source_id, ids in reversed(PASSAGES.items())}
    assert drawn == drawn_by_lot(turned, _assignment())
    assert drawn != drawn_by_lot(PASSAGES, _assignment(seed="2"))
    assert set(drawn) < set(drawn_by_lot(PASSAGES, _assignment(share=0.4)))  # a larger share keeps what was drawn
    assert 20 < len(drawn) < 60


def test_only_a_fair_part_of_the_answered_counts() -> None:
    drawn = drawn_by_lot(PASSAGES, _assignment())
    in_order = fair_sample(drawn, drawn[:9], PASSAGES)
    assert (in_order.counted, in_order.whole) == (drawn[:9], True)
    study = [where for where in drawn if where[0] == "study-3"]
    one_study = fair_sample(drawn, study, PASSAGES)
    assert (set(one_study.counted), one_study.studies) == (set(study), ("study-3",))
    assert not fair_sample(drawn, drawn[1:2], PASSAGES).counted  # chosen out of the order, and no study is complete


def test_what_the_machine_misses_lowers_its_recall_and_raises_the_frequency() -> None:
    assignment = _assignment()
    true, proposed = EVERY[::4], EVERY[::8]  # it finds half of what is there, and nothing that is not
    read = list(drawn_by_lot(PASSAGES, assignment))
    found = _measured(proposed, true, read, assignment=assignment)
    (theme,) = found.themes
    assert theme.precision is not None
    assert theme.precision.low == theme.precision.high == 1.0
    assert theme.recall is not None
    assert theme.recall.low < 0.5 < theme.recall.high < 1
    assert theme.frequency is not None
    assert theme.frequency.low <= 0.25 <= theme.frequency.high
    assert theme.missed
    assert theme.more
    assert found.missing is not None
    assert found.missing.low <= 25 <= found.missing.high


def test_nothing_is_claimed_where_nothing_was_read() -> None:
    found = _measured(EVERY[::8], EVERY[::4], [], assignment=_assignment(), answer=False)
    (theme,) = found.themes
    assert (theme.precision, theme.recall, theme.frequency, found.missing, found.calibration) == (None,) * 4 + ((),)
    assert found.lot.next


def test_where_all_was_read_nothing_is_uncertain() -> None:
    assignment = _assignment(share=1.0)
    (theme,) = _measured(EVERY[::8], EVERY[::4], EVERY, assignment=assignment).themes
    assert theme.recall is not None
    assert (theme.recall.low, theme.recall.high) == (0.5, 0.5)
    assert theme.count is not None
    assert theme.count.low == theme.count.high == 50


def test_an_answer_to_a_suggestion_is_no_reading_of_the_whole_passage() -> None:
    anchor = Anchor("words", 1, "p0-0")
    marks = [Mark("study-0", "seen", "Amina", anchor=anchor)]
    decisions = [Decision("study-0", "GW", 1, "Amina", anchor=anchor, model_id="model")]
    judged = judgements(decisions, marks, PASSAGES, JudgedThemes(("GW", "IF")))
    assert judged.holds(("study-0", "p0-0"), "GW") is True
    assert judged.holds(("study-0", "p0-0"), "IF") is None
