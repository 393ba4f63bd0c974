"""The shipped codebook with a theme more, and with themes renamed, merged and split: what was judged then."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from annotations.agreement.ratings import passage_ratings
from annotations.codebook_changes import Recoding, judged_themes
from annotations.decision import Decision, Mark
from annotations.training_labels import training_labels
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


def test_training_keeps_every_labelled_passage_of_a_revised_codebook() -> None:
    labels = ({"GW": 1}, {"IF": 2, "GW": 1}, {"FS": 1}, {"TI": 2}, {"DIG": 1, "TI": 1}, {})
    passages = [LabelledPassage(f"p{n}", "g", f"text {n}", own) for n, own in enumerate(labels)]
    found = relabelled(passages, OLD.codes, CHANGES, REVISED)
    assert [passage.labels for passage in found] == [{"GOV": 1}, {"GOV": 2}, {"FIN": 1}, {}, {"DIG": 1}, {}]
    assert [passage.unknown for passage in found] == [(), (), (), ("INC", "EXC"), ("INC", "EXC"), ()]
