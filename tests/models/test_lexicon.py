"""The lexicon: every rule keeps its own promise; mistakes are named."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from corpus.errors import DataFileError
from corpus.workspace import open_workspace
from models.codebook.codebook import shipped_codebook
from models.codebook.lexicon import load_lexicon, read_lexicon, shipped_lexicon
from models.codebook.phrase_rules import PhraseRules
from models.codebook.rule import Rule

RULE = '[[rule]]\nid = "A.x"\ntheme = "GW"\nphrases = ["{phrase}"]\nexample = "x"\ncounterexample = "y"\n'


@cache
def shipped_rules() -> PhraseRules:
    return PhraseRules(shipped_lexicon())


def asserts(rule: Rule, text: str) -> bool:
    (hits,) = shipped_rules().find([text])
    return any(hit.rule.id == rule.id and hit.asserted for hit in hits)


@pytest.mark.parametrize("rule", shipped_lexicon().rules, ids=lambda rule: rule.id)
def test_a_rule_finds_its_example_and_not_its_counterexample(rule: Rule) -> None:
    assert asserts(rule, rule.example)
    assert not asserts(rule, rule.counterexample)


@pytest.mark.parametrize("theme", shipped_codebook().codes)
def test_every_theme_has_rules(theme: str) -> None:
    assert sum(rule.theme == theme for rule in shipped_lexicon().rules) >= 4


def test_rule_ids_begin_with_their_theme() -> None:
    assert [rule.id for rule in shipped_lexicon().rules if not rule.id.startswith(f"{rule.theme}.")] == []


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "lexicon.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_braces_and_groups_are_written_out(tmp_path: Path) -> None:
    text = '[groups]\nweak = ["poor", "lax"]\n' + RULE.format(phrase="{very |}@weak {audit|control}")
    (rule,) = read_lexicon(written(tmp_path, text)).rules
    assert set(rule.phrases) == {
        f"{very}{weak} {what}" for very in ("very ", "") for weak in ("poor", "lax") for what in ("audit", "control")
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(RULE.format(phrase="x") * 2, "rule 'A.x': the id is used twice", id="duplicate id"),
        pytest.param(RULE.format(phrase="@nobody"), "no group 'nobody'", id="unknown group"),
        pytest.param(RULE.format(phrase="{a|b"), "braces do not match", id="open brace"),
        pytest.param(RULE.format(phrase="{a|b}" * 13), "more than 4000 phrases", id="too many forms"),
        pytest.param(RULE.format(phrase="x").replace("phrases", "phrase"), "unknown key 'phrase'", id="misspelt key"),
        pytest.param('[cues]\nhoped = ["x"]\n', "unknown key 'hoped'", id="unknown cue"),
        pytest.param(RULE.format(phrase="x").replace('["x"]', "[]"), "has no phrases", id="no phrases"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_lexicon(written(tmp_path, text))


def test_an_own_rule_for_an_unknown_theme_is_refused(tmp_path: Path) -> None:
    written(tmp_path, RULE.format(phrase="x").replace('"GW"', '"ZZ"'))
    with pytest.raises(DataFileError, match=r"rule 'A\.x': unknown theme 'ZZ'"):
        load_lexicon(open_workspace(tmp_path), shipped_codebook())
