"""The shipped codebook with a theme more, and with themes renamed, merged and split: what was judged then."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from annotations.agreement.assignment import Assignment
from annotations.agreement.ratings import passage_ratings
from annotations.codebook_changes import Recoding, judged_themes
from annotations.decision import DONE, Decision, Mark
from annotations.finishing import completing, study_state
from annotations.training_labels import training_labels
from corpus.workspace import CodingSettings
from models.codebook.codebook import Codebook, read_codebook, shipped_codebook
from models.labelled_passages import LabelledPassage, relabelled
from support.coded_study import DOCUMENTS, decide

CASES = Path(__file__).parent / "data" / "changes"
OLD = shipped_codebook()
NEW_THEME = read_codebook(CASES / "codebook_with_new_theme.toml")


def _revised() -> Codebook:
    """COV was counted under TI, which is split: it is counted under one of the parts."""
    text = (CASES / "codebook_revised.toml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.toml"
        path.write_text(text.replace('counts_under = "TI"', 'counts_under = "INC"'), encoding="utf-8")
        return read_codebook(path)


REVISED = _revised()
CHANGES = (
    Recoding("merge", ("GW", "IF"), ("GOV",), "not to be told apart", "2026-06-01"),
    Recoding("merge", ("FS",), ("FIN",), "another name", "2026-06-01"),
    Recoding("split", ("TI",), ("INC", "EXC"), "two things", "2026-06-01"),
)
EVERY = tuple(p.id for p in DOCUMENTS["s"].passages)


def _done() -> tuple[list[Decision], list[Mark]]:
    said = [replace(decide(coder, 0, "DIG", 1), codebook=OLD.revision) for coder in ("amina", "bilal")]
    marks = [
        Mark("s", "done", coder, codebook=OLD.revision, covers=EVERY, themes=OLD.codes) for coder in ("amina", "bilal")
    ]
    return said, marks


def test_a_theme_that_came_after_studies_were_done_is_unknown_everywhere() -> None:
    said, marks = _done()
    judged = judged_themes({OLD.revision: OLD}, (), NEW_THEME)
    values = passage_ratings(said, marks, DOCUMENTS, themes=NEW_THEME.codes, judged_themes=judged).values
    gen = NEW_THEME.codes.index("GEN")
    assert (values[:, :, gen] == -1).all()
    assert (values[:, :, [n for n in range(len(NEW_THEME.codes)) if n != gen]] >= 0).all()
    learned = training_labels(said, marks, DOCUMENTS, NEW_THEME, judged)
    assert all("GEN" in passage.unknown for passage in learned.passages)


def test_renamed_and_merged_themes_were_judged_and_the_parts_of_a_split_were_not() -> None:
    said, marks = _done()
    judged = judged_themes({OLD.revision: OLD}, CHANGES, REVISED)
    values = passage_ratings(said, marks, DOCUMENTS, themes=REVISED.codes, judged_themes=judged).values
    unknown = {code for n, code in enumerate(REVISED.codes) if (values[:, :, n] == -1).all()}
    assert unknown == {"INC", "EXC"}


def test_a_renamed_theme_opens_no_finished_study_again_and_a_new_one_does() -> None:
    renamed = Recoding("merge", ("FS",), ("FIN",), "another name", "2026-06-01")
    themes = tuple(replace(one, code="FIN") if one.code == "FS" else one for one in OLD.themes)
    codebook = Codebook("t", (*themes, replace(OLD.themes[0], code="GEN")))
    said, marks = _done()

    def new_themes(changes: tuple[Recoding, ...]) -> tuple[str, ...]:
        state = study_state(
            "amina", "s", DOCUMENTS["s"], said, marks, assignment=Assignment(CodingSettings()), codebook=codebook,
            changes=changes,
        )  # fmt: skip
        return state.new_themes

    assert new_themes(()) == ("FIN", "GEN")
    assert new_themes((renamed,)) == ("GEN",)


def test_what_follows_from_being_done_is_said_of_the_themes_there_were_under_their_names_of_today() -> None:
    renamed = Recoding("merge", ("FS",), ("FIN",), "another name", "2026-06-01")
    themes = tuple(replace(one, code="FIN") if one.code == "FS" else one for one in OLD.themes)
    codebook = Codebook("t", (*themes, replace(OLD.themes[0], code="GEN")))
    own = [replace(decide("amina", 0, "FS", 1), codebook=OLD.revision)]
    found = completing(
        own, [], source_id="s", coder="amina", codebook=codebook, decided="2026-07-01", done=True, all_shown=True,
        changes=(renamed,), covered={code for code in codebook.codes if code != "GEN"},
    )  # fmt: skip
    assert {decision.theme for decision in found} == set(OLD.codes) - {"FS"}
    zero = replace(own[0], anchor=None, value=0, origin=DONE)
    now = decide("amina", 1, "FIN", 2)
    (taken,) = completing(
        [zero], [now], source_id="s", coder="amina", codebook=codebook, decided="2026-07-02", done=False,
        all_shown=False, undoable=(), changes=(renamed,),
    )  # fmt: skip
    assert (taken.theme, taken.value) == ("FS", None)


def test_training_keeps_every_labelled_passage_of_a_revised_codebook() -> None:
    labels = ({"GW": 1}, {"IF": 2, "GW": 1}, {"FS": 1}, {"TI": 2}, {"DIG": 1, "TI": 1}, {})
    passages = [LabelledPassage(f"p{n}", "g", f"text {n}", own) for n, own in enumerate(labels)]
    found = relabelled(passages, OLD.codes, CHANGES, REVISED)
    assert [passage.labels for passage in found] == [{"GOV": 1}, {"GOV": 2}, {"FIN": 1}, {}, {"DIG": 1}, {}]
    assert [passage.unknown for passage in found] == [(), (), (), ("INC", "EXC"), ("INC", "EXC"), ()]
