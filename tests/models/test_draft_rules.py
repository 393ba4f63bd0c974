"""Draft rules: phrases from a codebook of one's own, marked as such, and no rules of somebody else's themes."""

from __future__ import annotations

from pathlib import Path

from corpus.workspace import open_workspace
from models.codebook.codebook import Codebook, Theme, shipped_codebook
from models.codebook.draft_rules import draft_rules, is_draft
from models.codebook.lexicon import load_lexicon
from models.codebook.phrase_rules import PhraseRules
from models.registry.model_card import card_text
from models.training.train import train

CODEBOOK = Codebook(
    "Survey methods",
    (
        Theme(
            "SAM", "Sampling", "How the sampling frame was made.", ("Primary sampling units and households.",), (),
            ("The sampling frame is old and misses new settlements.",),
        ),
        Theme("TI", "Training of interviewers", "How interviewers and households met.", (), (), ("They can't read.",)),
    ),
)  # fmt: skip


def test_phrases_come_from_the_codebook_and_what_two_themes_say_is_left_out() -> None:
    rules = draft_rules(CODEBOOK, CODEBOOK.codes)
    phrases = {form for rule in rules for form in rule.phrases}
    assert {"sampling frame", "sampling frames", "primary sampling units", "misses new settlements"} <= phrases
    assert not phrases & {"households", "can't read", "frame", "the"}
    assert all(is_draft(rule.id) for rule in rules)
    assert rules == draft_rules(CODEBOOK, CODEBOOK.codes)


def test_a_theme_that_shares_only_its_code_gets_no_shipped_rule(tmp_path: Path) -> None:
    (tmp_path / "codebook.toml").write_text("", encoding="utf-8")
    lexicon = load_lexicon(open_workspace(tmp_path), CODEBOOK)
    assert lexicon.rules
    assert all(is_draft(rule.id) for rule in lexicon.rules)
    assert not any(is_draft(rule.id) for rule in load_lexicon(open_workspace(tmp_path), shipped_codebook()).rules)


def test_a_draft_rule_proposes_and_the_card_says_that_it_is_not_calibrated(tmp_path: Path) -> None:
    (tmp_path / "codebook.toml").write_text("", encoding="utf-8")
    lexicon = load_lexicon(open_workspace(tmp_path), CODEBOOK)
    model = train(CODEBOOK, lexicon, [])
    (made,) = model.suggest([("p", "The sampling frame of the second round was taken from the census.")])
    assert made.theme == "SAM"
    assert is_draft(made.reasons[0].rule_id)
    assert "not calibrated" in card_text(model.card)
    (hits,) = PhraseRules(lexicon).find(["There was no sampling frame at all."])
    assert not hits[0].asserted
