"""Assignment: drawn by a hash, the same for everyone, in the shares that review.toml sets."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotations.agreement.assignment import Assignment
from corpus.errors import DataFileError, WorkspaceError
from corpus.workspace import CodingSettings, read_review

COMMON = ("Amina", "Bilal", "Chen", "Dara")
PASSAGES = [(f"study-{n % 20}", f"p-{n}") for n in range(2000)]


def test_the_shares_are_those_of_the_settings() -> None:
    drawn = Assignment(CodingSettings(COMMON, double_share=0.25, blind_share=0.1))
    both = [drawn.is_double(*p) for p in PASSAGES]
    hidden = [not drawn.shows_machine(*p) for p in PASSAGES]
    assert sum(both) == pytest.approx(500, abs=80)  # four standard deviations
    assert sum(hidden) == pytest.approx(200, abs=54)
    assert sum(b and h for b, h in zip(both, hidden, strict=True)) == pytest.approx(50, abs=28)  # drawn independently
    shares = Counter(coder for p in PASSAGES for coder in drawn.coders_of(*p))
    assert all(shares[coder] == pytest.approx(625, abs=90) for coder in COMMON)


def test_a_passage_has_one_coder_or_two_different_ones() -> None:
    drawn = Assignment(CodingSettings(COMMON, double_share=0.5))
    for p in PASSAGES[:200]:
        coders = drawn.coders_of(*p)
        assert len(set(coders)) == len(coders) == (2 if drawn.is_double(*p) else 1)
        assert [coder for coder in COMMON if drawn.codes(coder, *p)] == sorted(coders)


def test_the_draw_is_written_in_stone() -> None:
    drawn = Assignment(CodingSettings(COMMON, double_share=0.5, blind_share=0.5, seed="2026"))
    found = [(drawn.coders_of(*p), drawn.shows_machine(*p)) for p in PASSAGES[:4]]
    assert found == PINNED


# A change here changes who codes what in reviews that have begun.
PINNED = [
    (("Chen", "Bilal"), True),
    (("Amina",), True),
    (("Amina", "Dara"), False),
    (("Dara",), True),
]


def test_another_seed_is_another_draw() -> None:
    first, second = (Assignment(CodingSettings(COMMON, double_share=0.5, seed=seed)) for seed in "12")
    same = sum(first.coders_of(*p) == second.coders_of(*p) for p in PASSAGES)
    assert same < len(PASSAGES) / 3


def test_a_coder_who_joins_moves_only_what_becomes_theirs() -> None:
    before, after = (Assignment(CodingSettings(coders)) for coders in (COMMON, (*COMMON, "Esra")))
    for p in PASSAGES:
        assert after.coders_of(*p) in (before.coders_of(*p), ("Esra",))


def test_whole_studies_go_to_their_coders_and_still_have_passages_of_both_kinds() -> None:
    drawn = Assignment(CodingSettings(COMMON, double_share=0.5, blind_share=0.5, unit="study"))
    for study in {source for source, _ in PASSAGES}:
        own = [p for p in PASSAGES if p[0] == study]
        assert len({drawn.coders_of(*p) for p in own}) == 1
        assert {drawn.shows_machine(*p) for p in own} == {True, False}


def test_somebody_who_is_not_named_is_not_held_to_the_draw() -> None:
    drawn = Assignment(CodingSettings(COMMON))
    assert all(drawn.codes("Zara", *p) for p in PASSAGES[:50])
    assert [drawn.codes_whole(coder, "study-1") for coder in ("Zara", "Amina")] == [True, False]


def test_without_names_everybody_codes_everything() -> None:
    drawn = Assignment(CodingSettings())
    assert drawn.coders_of("s", "p") == ()
    assert drawn.codes("anybody", "s", "p")
    assert drawn.shows_machine("s", "p")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (CodingSettings(("Amina",), double_share=0.1), "double_share needs at least two names in coders"),
        (CodingSettings(("Amina", "Amina")), "a name stands there twice"),
    ],
)
def test_settings_that_can_not_be_drawn_are_named(settings: CodingSettings, message: str) -> None:
    with pytest.raises(WorkspaceError, match=message):
        Assignment(settings)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("double_share = 20", "double_share: .*less than or equal to 1"),
        ("unit = 'page'", "unit: .*'passage' or 'study'"),
        ("coder = ['Amina']", "coding: unknown key 'coder'"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "review.toml").write_text(f"[coding]\n{line}\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=message):
        read_review(tmp_path / "review.toml")
