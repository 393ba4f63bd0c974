"""A model's card: what it learned from and how well it did on passages it had not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

How = Literal["trained", "likeness", "rules only", "nothing"]
# What the thresholds are for. "f1" is the older name of "balanced".
Aim = Literal["balanced", "find more", "sure", "recall95", "f1"]
# How much a missed theme counts against a wrong proposal: the beta of the F measure that the thresholds make best
# (van Rijsbergen 1979). "recall95" is no such measure: 95 % of the held-out passages with a theme are found.
BETAS: Mapping[Aim, float] = {"find more": 2.0, "sure": 0.5}


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
class StageCard:
    """One stage of the cascade: the voices that have spoken by then, and how they are added up."""

    encoder: str  # the sentence encoder that is asked in this stage, "small" or "large"; "" in the first
    voices: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]  # (trained themes, voices), learned on held-out passages; none below 0
    offsets: tuple[float, ...]  # (trained themes,)
    gate: float = 0.0  # probability so far, of the likeliest theme, from which on a passage comes to this stage
    passed: float = 1.0  # share of the held-out passages that came to it from the stage before
    lost: float = 0.0  # share of the final proposals that the gate cost


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """One theme in a model."""

    code: str
    name: str
    # "likeness", "rules only": too few examples to train; "nothing": no rules and no encoder, never proposed
    how: How
    examples: int  # passages with the theme
    strong_examples: int  # of these, with strength 2
    rules: int  # lexicon entries for the theme
    proposed: Operating  # from here on a passage is proposed
    strong: Operating  # from here on chance hits are rare: few such passages already speak for a study
    average_precision: float | None  # None where it could not be measured
    f1: float | None  # threshold chosen on the other folds
    rest_average_precision: float | None = None  # on the passages that thresholds were not set on, where there are any
    wide: Operating | None = None  # the aim "recall95": from here on 95 % of the held-out passages were found
    aims: Mapping[str, Operating] = field(default_factory=dict)  # of "find more" and "sure"

    def proposing(self, aim: Aim) -> Operating:
        """From where on a passage is proposed under `aim`."""
        if aim == "recall95" and self.wide:
            return self.wide
        return self.aims.get(aim, self.proposed)


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
    error: float | None = None  # calibration error of held-out scores, mean over themes
    encoder: str = ""  # ids of the sentence encoders, joined by "+"; empty: words and phrases alone
    stages: tuple[StageCard, ...] = ()  # none where nothing was trained
    trained: tuple[str, ...] = ()  # themes, in the order of the weights
    by_document: bool = True  # False: too few documents, passages were held out singly, and the figures flatter
    calibrating: int = 0  # passages on which thresholds were set and the figures measured; 0 for a model of rules only
    decisions_of: tuple[str, ...] = ()  # coders of the review from whom it learned; none named: all of them
    file_sha256: str = ""  # of model.skops, filled in when it is stored

    def theme(self, code: str) -> ThemeCard:
        """The card of the theme `code`."""
        return next(theme for theme in self.themes if theme.code == code)

    @property
    def lost(self) -> float:
        """Share of the proposals that the gates cost."""
        return sum(stage.lost for stage in self.stages)


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
        *(
            [f"Of the decisions of this review it knows those of {', '.join(card.decisions_of)}."]
            * bool(card.decisions_of)
        ),
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
    lines += ["", _basis_text(card)]
    lines += [
        "",
        "F1 is counted with the threshold chosen on the other rounds; precision and recall with the one shown.",
    ]
    lines += [line for theme in card.themes if (text := _untrained_text(theme)) for line in ("", text)]
    lines += ["", _encoder_text(card), "", _strength_text(card.strength)]
    if card.error is not None:
        lines += ["", f"Scores are frequencies: mean calibration error {card.error:.3f} on held-out passages."]
    lines += [
        "",
        f"Codebook {card.codebook}, lexicon {card.lexicon}, passages {card.seed}, training code {card.training}, "
        + ", ".join(f"{name} {version}" for name, version in card.versions.items())
        + ".",
    ]
    return "\n".join(lines) + "\n"


def _basis_text(card: ModelCard) -> str:
    rest = [theme.rest_average_precision for theme in card.themes if theme.rest_average_precision is not None]
    if not card.by_document:
        return (
            "There are too few documents to hold some out: single passages were held out instead. The figures flatter, "
            "and the probabilities are too sure."
        )
    if not rest:
        return "Thresholds and figures come from all passages."
    return (
        f"Thresholds, calibration and the figures above come from {card.calibrating:,} passages in the length and the "
        f"register of real reports. On the other {card.passages - card.calibrating:,}, held out likewise, the mean "
        f"average precision is {sum(rest) / len(rest):.2f}."
    )


def _untrained_text(theme: ThemeCard) -> str:
    if theme.how == "rules only":
        return (
            f"{theme.code}: too few examples to learn from. It is proposed by the {theme.rules} phrase rules alone; "
            "its scores are ranks, not probabilities: not calibrated."
        )
    if theme.how == "likeness":
        return (
            f"{theme.code}: too few examples to learn from. Passages are ranked by their likeness to what the codebook "
            f"says of it and by {theme.rules} phrase rules; the scores are ranks, not probabilities: not calibrated."
        )
    if theme.how == "nothing":
        return (
            f"{theme.code}: neither examples nor phrase rules. It is never proposed: add labelled passages to seed/, "
            "or rules to lexicon.toml."
        )
    return ""


def _encoder_text(card: ModelCard) -> str:
    if not card.encoder:
        return (
            "Meaning: there was no sentence encoder where this model was trained. It knows words and phrases alone, "
            "and finds less than a model with one."
        )
    told = [f"Meaning: passages are read by {' and '.join(card.encoder.split('+'))} too."]
    told += [
        f"The {stage.encoder} encoder reads those in which some theme has a probability of {stage.gate:.3f} so far: "
        f"{stage.passed:.0%} of the held-out passages. That costs {stage.lost:.1%} of the proposals."
        for stage in card.stages[1:]
    ]
    if card.stages:
        told.append(f"Voices: {'; '.join(card.stages[-1].voices)}.")
    return " ".join(told)


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
