"""The first sentences of the report tell shares only where enough studies are known."""

from __future__ import annotations

from dataclasses import replace

from annotations.decision import Decision
from support.review_result import review
from synthesis.matrix.merge import merge_cells
from synthesis.report.findings import findings
from synthesis.result import ReviewResult


def _with(known: dict[str, tuple[int, int]]) -> ReviewResult:
    """The review in which of each theme so many studies are present, of so many known."""
    made = review()
    judged = [
        Decision(source.id, theme, 1 if at < present else 0, "Amina")  # type: ignore[arg-type]
        for theme, (present, of) in known.items()
        for at, source in enumerate(made.sources[:of])
    ]
    return replace(made, cells=merge_cells(made.sources, judged, {}, {}, made.codebook), audit=None, patterns=None)


def test_one_of_one_study_is_no_share_and_does_not_come_before_three_of_four() -> None:
    said = findings(_with({"GW": (3, 4), "TI": (1, 1), "FS": (2, 2), "DIG": (1, 3)}))
    assert "(GW) is reported by 3 of 4 studies (75%" in said[0]
    assert said[0].index("(GW)") < said[0].index("(DIG)")
    assert "TI" not in said[0]
    assert "FS" not in said[0]
    assert said[1] == "Known in fewer than 3 studies, so that a share would say nothing: TI (1 of 1) and FS (2 of 2)."
    assert said[2].startswith("Which theme comes first is not firm")


def test_what_is_known_of_more_studies_comes_before_a_greater_share_of_fewer() -> None:
    (shares, *_) = findings(_with({"GW": (3, 3), "TI": (12, 20), "FS": (15, 20)}))
    assert shares.index("(FS)") < shares.index("(TI)") < shares.index("(GW)")


def test_where_little_is_known_no_theme_comes_first() -> None:
    said = findings(_with({"GW": (2, 2)}))
    assert said[0].startswith("Known in fewer than 3 studies")
    assert not any("comes first" in one for one in said)
    assert findings(_with({})) == ["No cell has a known value yet, so there is nothing to report."]
