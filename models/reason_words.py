"""What the machine says of a suggestion, in words: how likely it is, or that this is only a rank, and each reason."""

from __future__ import annotations

from models.codebook.draft_rules import is_draft
from models.suggestion import RULE_SCORES, Reason, Suggestion

# Parts of the log-odds. 0.7 doubles the odds, 1.6 makes five of one; less than a half moves a probability of .5 to .6.
_STRONGLY, _CLEARLY = 1.6, 0.7
MEANING_OF_NUMBERS = (
    "Each number is what the reason adds to the logarithm of the odds, or takes from it: +0.7 doubles the odds, +1.6 "
    "makes them five times as high, −0.7 halves them. A likeness lies between 0 (nothing in common) and 1 (the same)."
)


def is_rank(suggestion: Suggestion) -> bool:
    """Whether the score only ranks: nothing was learned for the theme, and phrase rules or likeness propose it."""
    kinds = {reason.kind for reason in suggestion.reasons}
    return "likeness" in kinds or (kinds <= {"phrase", "denial"} and suggestion.score in RULE_SCORES)


def score_words(suggestion: Suggestion) -> str:
    """How likely the machine finds it, for example "62 % likely"; of a rank, what it rests on."""
    if not is_rank(suggestion):
        return f"{100 * suggestion.score:.0f} % likely"
    phrases = [reason for reason in suggestion.reasons if reason.kind == "phrase"]
    if phrases:
        who = "a phrase rule finds" if len(phrases) == 1 else f"{len(phrases)} phrase rules find"
        return f"{who} it here; not calibrated"
    return "like what the codebook says; not calibrated"


def reason_words(reason: Reason, *, weighed: bool = True) -> str:
    """One reason as a sentence without its full stop: “sampling frame” (rule SAM.frame) speaks clearly for it, +0.9.

    Not `weighed`: without how much, where the machine's answer is not to be told yet.
    """
    what = _what(reason)
    if not weighed or reason.kind == "likeness":
        return what.removesuffix(",").removesuffix(" and")
    if reason.kind == "denial" and reason.weight >= 0:
        return f"{what} does not speak for it"
    return f"{what} {_how_much(reason.weight)}"


def _what(reason: Reason) -> str:
    rule = f" (draft rule {reason.rule_id}, taken from the codebook)" if is_draft(reason.rule_id) else ""
    rule = rule or (f" (rule {reason.rule_id})" if reason.rule_id else "")
    return {
        "phrase": f"“{reason.text}”{rule}",
        "denial": f"“{reason.text}”{rule} is denied, solved or only planned in its sentence and",
        "term": f"“{reason.text}”",
        "meaning": f"the meaning of the whole, near the labelled passage “{reason.text}”,",
        "sentence": f"the sentence “{reason.text}”",
        "likeness": f"like the codebook's “{reason.text}” (likeness {reason.weight:.2f})",
    }[reason.kind]


def _how_much(weight: float) -> str:
    size = abs(weight)
    how = "strongly" if size >= _STRONGLY else "clearly" if size >= _CLEARLY else "a little"
    sign = "+" if weight >= 0 else "−"
    return f"speaks {how} {'for' if weight >= 0 else 'against'} it, {sign}{size:.1f}"
