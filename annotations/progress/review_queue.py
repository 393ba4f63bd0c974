"""What to review next: the suggestions whose answer is expected to teach most, first.

Three things are put together, as in active learning by uncertainty and by committee (Settles, Active Learning
Literature Survey, 2009, sections 3.1 and 3.2):

- uncertainty: the entropy of the suggestion's probability; 1 bit at one half, 0 where the answer is known;
- disagreement of the two judges, phrase rules and classifier: the distance of the probability from 1 where a rule
  asserts the theme, from 0 where none does;
- rarity: a theme of which little was found so far counts for more. What is put into the queue counts as found with
  its probability, so that a rare theme leads the queue but does not fill it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.suggestion import Suggestion

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# The n-th example of a theme teaches about as much as 1 / sqrt(n): errors of estimates shrink so.
RARITY = 0.5
_NEARLY = 1e-9  # keeps the logarithms of 0 and 1 away


def review_order(
    asked: Sequence[Suggestion], *, judged: Collection[tuple[str, str]], themes_found: Mapping[str, int]
) -> tuple[int, ...]:
    """Positions in `asked` of what nobody has judged, best first; ties stay in the order of `asked`.

    `judged` are (passage id, theme); `themes_found` how many codes of each theme people have found so far. Given a
    doubtful GW and a certain one, the doubtful comes first; given two equals, the theme with fewer codes does.
    """
    done = judged if isinstance(judged, set | frozenset) else frozenset(judged)
    open_ = [at for at, one in enumerate(asked) if (one.passage_id, one.theme) not in done]
    if not open_:
        return ()
    chosen = [asked[at] for at in open_]
    scores = np.array([one.score for one in chosen])
    value = information(scores, _rule_asserts(chosen))
    codes = [one.theme for one in chosen]
    names = {name: number for number, name in enumerate(dict.fromkeys(codes))}
    themes = np.fromiter(map(names.__getitem__, codes), np.int16, len(codes))
    found = np.array([float(themes_found.get(name, 0)) for name in names])
    best = np.argsort(-value, kind="stable")
    best = best[np.argsort(themes[best], kind="stable")]  # theme by theme, most informative first
    before = np.cumsum(scores[best]) - scores[best]  # expected to be found by those ahead in the queue
    before -= before[np.searchsorted(themes[best], np.arange(len(names)))][themes[best]]
    priority = np.empty_like(value)
    priority[best] = value[best] / (1.0 + found[themes[best]] + before) ** RARITY
    order = np.argsort(-priority, kind="stable")
    return tuple(np.array(open_)[order].tolist())


def information(scores: Floats, asserted: Flags) -> Floats:
    """What an answer is expected to teach, 0 to 1: the mean of uncertainty and disagreement.

    `scores` are probabilities, `asserted` flags of suggestions that a phrase rule supports.
    """
    p = np.clip(scores, _NEARLY, 1 - _NEARLY)
    uncertainty = -(p * np.log2(p) + (1 - p) * np.log2(1 - p))
    disagreement = np.abs(scores - asserted)
    return np.asarray((uncertainty + disagreement) / 2)


def _rule_asserts(suggestions: Sequence[Suggestion]) -> Flags:
    flags = []
    for suggestion in suggestions:  # plain loops: any() with a generator takes three times as long
        for reason in suggestion.reasons:
            if reason.rule_id and reason.weight > 0:
                flags.append(True)
                break
        else:
            flags.append(False)
    return np.array(flags)
