"""Adjudication: disagreements side by side, rulings with a reason, the originals kept, who was overruled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotations.agreement.adjudication import after_rulings, disputes, ruling
from annotations.agreement.ratings import passage_ratings, study_ratings
from annotations.decision import Anchor, Decision, Mark
from annotations.log.decision_log import DecisionLog
from corpus.errors import JaizaError

THEMES = ("GW", "FS")
PLACE = Anchor("Funds came late.", 3, "p0")
AMINA = Decision("s", "GW", 2, "amina", anchor=PLACE, note="three months", decided="2026-01-01")
BILAL = Decision("s", "GW", 0, "bilal", anchor=PLACE, note="only reported", decided="2026-01-02")
CHEN = Mark("s", "seen", "chen", anchor=PLACE)


def _disputes(*decisions: Decision):  # type: ignore[no-untyped-def]
    return disputes(passage_ratings(decisions, [CHEN], {}, themes=THEMES), decisions)


def test_a_disagreement_shows_every_side_with_its_reasons() -> None:
    (one,) = _disputes(AMINA, BILAL)
    assert (one.theme, one.scale, one.ruling, one.overruled) == ("GW", "presence", None, ())
    assert [(side.coder, side.value, side.decision) for side in one.sides] == [
        ("amina", 2, AMINA), ("bilal", 0, BILAL), ("chen", 0, None),
    ]  # fmt: skip


def test_a_ruling_settles_it_keeps_what_was_decided_and_says_who_was_overruled(tmp_path: Path) -> None:
    log = DecisionLog(f"sqlite:///{tmp_path / 'annotations.db'}")
    log.record([AMINA, BILAL])
    (one,) = _disputes(*log.current())
    log.record([ruling(one, 1, because="said, not shown", by="zara", codebook="c0")])
    (settled,) = _disputes(*log.current())
    assert settled.id == one.id
    assert settled.ruling is not None
    assert (settled.ruling.value, settled.ruling.note, settled.ruling.role) == (1, "said, not shown", "adjudicator")
    assert [side.coder for side in settled.overruled] == ["amina", "bilal", "chen"]
    assert log.history()[:2] == (AMINA, BILAL)
    log.close()


def test_a_ruling_that_is_taken_back_leaves_it_open() -> None:
    (one,) = _disputes(AMINA, BILAL)
    made = ruling(one, 2, because="clear", by="zara", codebook="c0")
    assert _disputes(AMINA, BILAL, made)[0].ruling == made
    assert _disputes(AMINA, BILAL)[0].ruling is None


def test_of_several_rulings_the_last_in_the_log_counts_whatever_the_clock_said() -> None:
    (one,) = _disputes(AMINA, BILAL)
    first = replace(ruling(one, 2, because="a", by="zara", codebook="", decided="2026-02-02"), number=1)
    second = replace(ruling(one, 0, because="b", by="yusuf", codebook="", decided="2026-02-01"), number=2)
    assert _disputes(AMINA, BILAL, second, first)[0].ruling == second


@pytest.mark.parametrize("because", ["", "  \n"])
def test_a_ruling_without_a_reason_is_refused(because: str) -> None:
    (one,) = _disputes(AMINA, BILAL)
    with pytest.raises(JaizaError, match="a ruling needs its reason"):
        ruling(one, 1, because=because, by="zara", codebook="")


def test_nobody_rules_in_their_own_case() -> None:
    (one,) = _disputes(AMINA, BILAL)
    with pytest.raises(JaizaError, match="amina is one of those who differ"):
        ruling(one, 2, because="I was right", by="amina", codebook="")


def test_a_difference_in_strength_only_is_told_apart() -> None:
    (one,) = disputes(
        passage_ratings([AMINA, replace(BILAL, value=1)], [], {}, themes=THEMES), [AMINA, replace(BILAL, value=1)]
    )
    assert one.scale == "strength"


def test_studies_judged_as_a_whole_are_ruled_on_as_a_whole() -> None:
    said = [Decision("s", "FS", 1, "amina", note="why"), Decision("s", "FS", 0, "bilal")]
    (one,) = disputes(study_ratings(said, [], sources=["s"], themes=THEMES), said)
    assert [side.decision for side in one.sides] == said
    made = ruling(one, 1, because="page 4", by="zara", codebook="")
    assert made.anchor is None
    (settled,) = disputes(study_ratings(said, [], sources=["s"], themes=THEMES), [*said, made])
    assert settled.ruling == made


def test_where_passages_alone_make_the_difference_the_study_is_not_a_case_of_its_own() -> None:
    said = [AMINA, replace(AMINA, coder="bilal", value=1, anchor=Anchor("The fund ran dry.", 5, "p1"))]
    ratings = study_ratings(said, [], sources=["s"], themes=THEMES)
    assert disputes(ratings, said) == ()
    whole = Decision("s", "GW", 0, "chen")
    assert len(disputes(study_ratings([*said, whole], [], sources=["s"], themes=THEMES), [*said, whole])) == 1


def test_a_ruled_passage_counts_as_ruled_for_its_study() -> None:
    (one,) = _disputes(AMINA, BILAL)
    no = ruling(one, 0, because="only reported", by="zara", codebook="")
    other = replace(AMINA, anchor=Anchor("The fund ran dry.", 5, "p1"))
    assert after_rulings([AMINA, BILAL, other, no]) == (other, no)
    assert after_rulings([AMINA, BILAL]) == (AMINA, BILAL)
