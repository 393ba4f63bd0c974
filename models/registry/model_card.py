"""A model's card: what it learned from and how well it did on passages it had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["trained", "rules only", "nothing"]
Aim = Literal["f1", "recall95"]  # the best F1, or 95 % of the passages with a theme found


@dataclass(frozen=True, slots=True)
class Operating:
    """A score from which on a theme counts as found, and what that gave on held-out passages."""

    threshold: float  # probability
    precision: float
    recall: float
    false_positives: int
    without: int  # held-out passages without the theme
    chance: float  # false positive rate that is not exceeded with 95 % confidence

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Blend:
    """How a theme's log-odds are added up from words and meaning; the weights come from held-out passages."""

    words: float
    meaning: float
    offset: float


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """One theme in a model."""

    code: str
    name: str
    how: How  # "rules only": too few examples to train; "nothing": no rules either, the theme is never proposed
    examples: int  # passages with the theme
    strong_examples: int  # of these, with strength 2
    rules: int  # lexicon entries for the theme
    proposed: Operating  # from here on a passage is proposed
    strong: Operating  # from here on chance hits are rare: few such passages already speak for a study
    average_precision: float | None  # None where it could not be measured
    f1: float | None  # threshold chosen on the other folds
    slope: float = 1.0  # of the calibration, on the log-odds of the words alone
    offset: float = 0.0
    blend: Blend | None = None  # where a sentence encoder read the passage too
    wide: Operating | None = None  # the aim "recall95": from here on 95 % of the held-out passages were found

    def proposing(self, aim: Aim) -> Operating:
        """From where on a passage is proposed under `aim`."""
        return self.wide if aim == "recall95" and self.wide else self.proposed


@dataclass(frozen=True, slots=True)
class StrengthCard:
    """How strength 2 (supported with evidence) is told from 1 (asserted)."""

    trained: bool  # False: too few examples of both, every suggestion has strength 1
    examples: int = 0  # labels of either strength
    accuracy: float = 0.0  # on held-out passages
    majority: float = 0.0  # accuracy of always saying the commoner strength
    mistaken: float = 1.0  # share of passages of strength 1 called 2, not exceeded with 95 % confidence


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything needed to know what a model is; `model.json`."""

    model_id: str
    codebook: str  # revision
    lexicon: str  # revision
    seed: str  # revision of the labelled passages
    training: str  # version of the training code
    versions: dict[str, str]  # of the libraries that give the numbers
    passages: int
    groups: int  # documents from which the passages come
    folds: int
    themes: tuple[ThemeCard, ...]
    strength: StrengthCard
    calibrated: bool  # scores are stretched to be frequencies; False where that did not help on held-out passages
    error_before: float | None  # calibration error of held-out scores without and with stretching, mean over themes
    error_after: float | None
    encoder: str = ""  # the sentence encoder that reads for meaning; empty: words and phrases alone
    gate: float = 0.0  # probability by words alone, of the likeliest theme, from which on the encoder reads a passage
    encoded: float | None = None  # share of the held-out passages that it read
    lost: float | None = None  # share of their proposals that reading them all would have added
    file_sha256: str = ""  # of model.skops, filled in when it is stored

    def theme(self, code: str) -> ThemeCard:
        """The card of the theme `code`."""
        return next(theme for theme in self.themes if theme.code == code)


def card_text(card: ModelCard) -> str:
    """The card for people: CARD.md."""
    lines = [
        f"# Model {card.model_id}",
        "",
        "This model proposes themes for passages. A proposal is never a finding: people decide.",
        "",
        f"It learned from {card.passages:,} labelled passages of {card.groups} documents. The figures below come from "
        f"{card.folds} rounds in which the documents of one part were held out and scored by a model trained on the "
        "rest. The passages that come with Jaiza are invented: on real documents the figures will differ.",
        "",
        "| Theme | How | Examples | Proposed from | Precision | Recall | F1 | Average precision | False alarms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for theme in card.themes:
        found = theme.proposed
        measured = theme.average_precision is not None
        figures = (
            f"{found.precision:.2f} | {found.recall:.2f} | {theme.f1 or 0:.2f} | {theme.average_precision:.2f} | "
            f"{found.false_positives} of {found.without:,}"
            if measured
            else f"not measured | not measured | not measured | not measured | {_alarms(found)}"
        )
        lines.append(
            f"| {theme.code} {theme.name} | {theme.how} | {theme.examples} ({theme.strong_examples} with evidence) | "
            f"{found.threshold:.2f} | {figures} |"
        )
    lines += [
        "",
        "F1 is counted with the threshold chosen on the other rounds; precision and recall with the one shown.",
    ]
    for theme in card.themes:
        if theme.how == "rules only":
            lines += ["", f"{theme.code}: too few examples to learn from. It is proposed by the {theme.rules} phrase "
                      "rules alone; its scores are ranks, not probabilities."]  # fmt: skip
        elif theme.how == "nothing":
            lines += ["", f"{theme.code}: neither examples nor phrase rules. It is never proposed: add labelled "
                      "passages to seed/, or rules to lexicon.toml."]  # fmt: skip
    lines += ["", _encoder_text(card), "", _strength_text(card.strength)]
    if card.error_before is not None and card.error_after is not None:
        done = "The scores are stretched to match frequencies" if card.calibrated else "Stretching scores did not help"
        lines += ["", f"{done}: mean calibration error {card.error_before:.3f} without, {card.error_after:.3f} with."]
    lines += [
        "",
        f"Codebook {card.codebook}, lexicon {card.lexicon}, passages {card.seed}, training code {card.training}, "
        + ", ".join(f"{name} {version}" for name, version in card.versions.items())
        + ".",
    ]
    return "\n".join(lines) + "\n"


def _encoder_text(card: ModelCard) -> str:
    if not card.encoder:
        return (
            "Meaning: there was no sentence encoder where this model was trained. It knows words and phrases alone, "
            "and finds less than a model with one."
        )
    return (
        f"Meaning: passages whose words alone give some theme a probability of {card.gate:.3f} are read by the "
        f"sentence encoder {card.encoder} too. That were {card.encoded or 0:.0%} of the held-out passages; reading "
        f"all of them would have added {card.lost or 0:.1%} to the proposals."
    )


def _alarms(found: Operating) -> str:
    if found.without:
        return f"{found.false_positives} of {found.without:,}"
    return f"taken to be {found.chance:.0%}"


def _strength_text(strength: StrengthCard) -> str:
    if not strength.trained:
        return "Strength: too few examples to tell evidence from assertion; every proposal has strength 1."
    return (
        f"Strength: evidence is told from assertion rightly in {strength.accuracy:.0%} of {strength.examples:,} "
        f"held-out cases (always saying the commoner one: {strength.majority:.0%})."
    )
