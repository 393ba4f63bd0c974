"""Changes of the codebook: old decisions are read under the new themes, or to be looked at again; never rewritten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotations.codebook_changes import Recoding, add_recoding, load_recoding, recoded, touched
from annotations.decision import Anchor, Decision
from corpus.errors import DataFileError, UnknownChoiceError
from corpus.workspace import Review, Workspace
from models.codebook.codebook import Codebook, Theme


def _codebook(*codes: str, definition: str = "d") -> Codebook:
    return Codebook("t", tuple(Theme(code, code, definition, (), (), ()) for code in codes))


OLD = _codebook("GW", "IF", "TI")
MERGED, SPLIT = _codebook("GOV", "TI"), _codebook("GW", "IF", "INC", "EXC")
MERGE = Recoding("merge", ("GW", "IF"), ("GOV",), "could not be told apart", "2026-06-01")
CUT = Recoding("split", ("TI",), ("INC", "EXC"), "two things", "2026-06-01")
WORDS = Anchor("the words", 3)


def _said(theme: str, value: int, *, passage: bool = True, when: str = "2026-01-01", under: Codebook = OLD) -> Decision:
    anchor = WORDS if passage else None
    return Decision("s", theme, value, "amina", anchor=anchor, decided=when, codebook=under.revision)  # type: ignore[arg-type]


def _view(decisions: list[Decision], changes: list[Recoding], codebook: Codebook) -> list[tuple[str, int | None]]:
    return [(one.theme, one.value) for one in recoded(decisions, changes, codebook)]


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([_said("GW", 1), _said("IF", 2)], [("GOV", 2)]),
        ([_said("GW", 0), _said("IF", 1)], [("GOV", 1)]),
        ([_said("GW", 0)], [("GOV", 0)]),
        ([_said("GW", 0, passage=False)], []),
        ([_said("GW", 0, passage=False), _said("IF", 0, passage=False)], [("GOV", 0)]),
        ([_said("GW", 0, passage=False), _said("IF", 1, passage=False)], [("GOV", 1)]),
        ([_said("GW", 2), _said("GOV", 0, when="2026-07-01", under=MERGED)], [("GOV", 0)]),
        ([_said("TI", 1)], [("TI", 1)]),
    ],
    ids=[
        "the highest", "a no and a yes", "a passage judged for one of them", "one no of a study leaves the other open",
        "a study without either", "a study with one", "decided again since", "another theme",
    ],
)  # fmt: skip
def test_merged_themes_count_together(decisions: list[Decision], expected: list[tuple[str, int]]) -> None:
    assert _view(decisions, [MERGE], MERGED) == expected


def test_a_theme_merged_into_one_that_stays_adds_to_what_was_decided_before_and_not_since() -> None:
    stays, change = _codebook("GW", "TI"), replace(MERGE, into=("GW",))
    before = [_said("GW", 0), _said("IF", 2)]
    assert _view(before, [change], stays) == [("GW", 2)]
    since = [_said("IF", 2), _said("GW", 0, when="2026-07-01", under=stays)]
    assert _view(since, [change], stays) == [("GW", 0)]


def test_a_split_theme_is_a_no_of_every_part_and_a_yes_of_none() -> None:
    assert _view([_said("TI", 0)], [CUT], SPLIT) == [("INC", 0), ("EXC", 0)]
    assert _view([_said("TI", 2), _said("GW", 1)], [CUT], SPLIT) == [("GW", 1)]


def test_a_theme_that_keeps_its_code_in_a_split_keeps_its_decisions() -> None:
    narrower, change = _codebook("GW", "IF", "TI", "EXC"), replace(CUT, into=("TI", "EXC"))
    assert _view([_said("TI", 2)], [change], narrower) == [("TI", 2)]
    assert _view([_said("TI", 0)], [change], narrower) == [("TI", 0), ("EXC", 0)]
    assert [one.why for one in touched([_said("TI", 2)], [change], narrower, {})] == ["TI was split into TI, EXC"]
    assert touched([_said("TI", 2, when="2026-07-01")], [change], narrower, {}) == ()


def test_changes_follow_each_other() -> None:
    later = Recoding("merge", ("GOV", "TI"), ("ALL",), "simpler", "2026-07-01")
    assert _view([_said("GW", 1), _said("TI", 2)], [MERGE, later], _codebook("ALL")) == [("ALL", 2)]


def test_a_study_judged_under_either_name_of_a_theme_was_judged_when_it_is_merged() -> None:
    renamed = Recoding("merge", ("GW",), ("GOV",), "a better name", "2026-06-01")
    later = Recoding("merge", ("GOV", "IF"), ("ALL",), "all one", "2026-07-01")
    for name in ("GW", "GOV"):
        both = [_said(name, 0, passage=False), _said("IF", 0, passage=False)]
        assert _view(both, [renamed, later], _codebook("ALL")) == [("ALL", 0)]
        assert _view(both[:1], [renamed, later], _codebook("ALL")) == []


def test_other_coders_and_places_are_not_mixed() -> None:
    others = [_said("GW", 2), replace(_said("IF", 1), coder="bilal"), replace(_said("IF", 0), anchor=Anchor("else", 4))]
    assert _view(others, [MERGE], MERGED) == [("GOV", 2), ("GOV", 1), ("GOV", 0)]


def test_a_theme_of_which_nothing_is_said_keeps_its_code_and_is_to_be_looked_at_again() -> None:
    gone = _codebook("GW", "IF")
    assert _view([_said("TI", 1)], [], gone) == [("TI", 1)]
    assert [(one.themes, one.why) for one in touched([_said("TI", 1)], [], gone, {})] == [
        ((), "TI is no longer in the codebook")
    ]


def test_a_yes_of_a_split_theme_is_to_be_looked_at_again_until_a_part_is_decided() -> None:
    said = [_said("TI", 2), _said("GW", 1)]
    (one,) = touched(said, [CUT], SPLIT, {})
    assert (one.decision, one.themes, one.why) == (said[0], ("INC", "EXC"), "TI was split into INC, EXC")
    assert touched([*said, _said("EXC", 1, when="2026-07-01", under=SPLIT)], [CUT], SPLIT, {}) == ()


def test_what_was_decided_under_other_rules_is_to_be_looked_at_again() -> None:
    new = Codebook("another title", (*_codebook("GW").themes, replace(OLD.theme("IF"), definition="narrower")))
    revisions = {OLD.revision: OLD, new.revision: new}
    said = [
        _said("GW", 1),
        _said("IF", 1),
        _said("IF", 0, passage=False, under=new),
        replace(_said("IF", 2), codebook=""),
    ]
    (one,) = touched(said, [], new, revisions)
    assert (one.decision, one.themes) == (said[1], ("IF",))
    assert one.why == f"IF: definition changed since revision {OLD.revision}"


def test_a_new_name_or_example_touches_nothing() -> None:
    new = Codebook("t", tuple(replace(theme, name="n", examples=("e",)) for theme in OLD.themes))
    assert touched([_said("GW", 1)], [], new, {OLD.revision: OLD}) == ()


def test_changes_are_kept_in_a_file_that_people_can_read_and_edit(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Review())
    assert load_recoding(workspace) == ()
    (tmp_path / "recoding.toml").write_text("# ours\n", encoding="utf-8")
    add_recoding(workspace, MERGE, MERGED)
    later = Recoding("merge", ("TI",), ("GOV",), "all one", "2026-07-01", by="Zara")
    add_recoding(workspace, later, _codebook("GOV"))
    assert load_recoding(workspace) == (MERGE, later)
    assert (tmp_path / "recoding.toml").read_text(encoding="utf-8").startswith("# ours\n\n[[change]]\n")


@pytest.mark.parametrize(
    ("change", "codebook", "error", "message"),
    [
        (MERGE, OLD, UnknownChoiceError, "no theme 'GOV'.*Put the new theme into codebook.toml first"),
        (MERGE, _codebook("GOV", "GW"), DataFileError, "theme 'GW': is still there. Take it out of the codebook"),
    ],
)
def test_a_change_that_the_codebook_does_not_show_is_refused(
    tmp_path: Path, change: Recoding, codebook: Codebook, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        add_recoding(Workspace(tmp_path, Review()), change, codebook)
    assert not (tmp_path / "recoding.toml").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[change]]\nkind='merge'\nthemes=['A']\ninto=['B','C']\nbecause='x'\ndecided=''",
            "change 1: into: a merge has",
        ),
        (
            "[[change]]\nkind='split'\nthemes=['A','D']\ninto=['B']\nbecause='x'\ndecided=''",
            "change 1: themes: a split",
        ),
        ("[[change]]\nkind='merge'\nthemes=['A']\ninto=['B']\nbecause=' '\ndecided=''", "change 1: because: is empty"),
        ("[[changes]]\n", "unknown key 'changes'"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "recoding.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=message):
        load_recoding(Workspace(tmp_path, Review()))
