"""One model serves several threads: spaCy's vocabulary alone would give errors and wrong hits."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.codebook.lexicon import shipped_lexicon
from models.codebook.phrase_rules import PhraseRules

TEXTS = [
    f"In district {n} overlapping mandates and duplication between Zakat and BISP persist; leakage to the non-poor "
    f"was {n} per cent, and funds were released {n} months late word{n} term{n}."
    for n in range(60)
]


@pytest.fixture
def many_switches() -> object:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_phrases_are_found_alike_from_many_threads(many_switches: object) -> None:
    rules = PhraseRules(shipped_lexicon())
    expected = rules.find(TEXTS)
    assert any(expected)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(rules.find, [TEXTS] * 32))
