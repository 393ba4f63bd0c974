"""`jaiza progress`: how far the review is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from annotations.progress.recall import ReviewProgress
    from annotations.progress.shown import ShownPassages


@command("progress", example="jaiza progress --curve progress.svg", reads=True)
@click.option("--confidence", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Of the bound.")
@click.option(
    "--target", type=click.FloatRange(0.1, 1.0), default=0.95, show_default=True, help="Share of the codes to be found."
)
@click.option("--curve", type=click.Path(path_type=Path), metavar="FILE", help="Draw the share found as an SVG.")
def progress_command(options: Options, *, confidence: float, target: float, curve: Path | None) -> None:
    """How far the review is: suggestions reviewed, accepted, and the share of true codes found at least.

    The share is of the codes among the machine's suggestions; what the machine does not propose is not in it. It holds
    while what is left is no likelier to hold codes than what was reviewed last; where it is, this is said instead.
    """
    from annotations.progress.recall import coverage
    from annotations.progress.recall_curve import recall_curve
    from annotations.progress.shown import shown_passages
    from corpus.workspace import write_atomic
    from pipeline.merged_review import merged

    workspace, _ = open_review(options.workspace)
    judged = merged(workspace, include_proposed=False)
    asked = {source_id: made.suggestions for source_id, made in judged.proposals.items()}
    if not asked:
        raise JaizaError("there are no suggestions to review yet: `jaiza run` makes them")
    whole, studies = coverage(asked, judged.decisions, judged.marks, confidence=confidence, target=target)
    if curve:
        try:
            write_atomic(curve, recall_curve(whole.recall).encode())
        except OSError as error:
            raise JaizaError(f"{curve} can't be written ({error.strerror})") from None
    shown = {
        source_id: shown_passages(
            [passage.id for passage in document.passages], judged.decisions, judged.marks, source_id=source_id
        )
        for source_id, document in judged.documents.items()
    }
    if options.json:
        passages = {source_id: _passages(one) for source_id, one in shown.items()}
        print_json({"all": _facts(whole), "studies": [_facts(study) for study in studies], "passages": passages})
        return
    print_table(
        ("study", "suggestions", "reviewed", "accepted", "found at least"),
        [_row(study.source_id, study) for study in studies] + [_row("all", whole)],
    )
    click.echo(_verdict(whole))
    _print_passages(shown)
    if curve:
        click.echo(f"Curve      {curve}")


def _print_passages(shown: Mapping[str, ShownPassages]) -> None:
    """What people did with the passages of each study."""
    rows = [(name, *(f"{count:,}" for count in _passages(one).values())) for name, one in shown.items()]
    click.echo("")
    print_table(("passages of", "judged", "passed over", "not recorded", "shown to nobody"), rows)


def _passages(shown: ShownPassages) -> dict[str, int]:
    return {
        "judged": len(shown.judged),
        "passed_over": len(shown.passed_over),
        "not_recorded": len(shown.unrecorded),
        "shown_to_nobody": len(shown.not_shown),
    }


def _row(name: str, study: ReviewProgress) -> tuple[str, ...]:
    return (name, f"{study.suggestions:,}", f"{study.reviewed:,}", f"{study.accepted:,}", _found(study))


def _found(study: ReviewProgress) -> str:
    if not study.reviewed:
        return ""
    if not study.holds:
        return "not known: likelier ones are left"
    return f"{study.recall.bound:.0%}" + (" (target reached)" if study.recall.reached else "")


def _verdict(whole: ReviewProgress) -> str:
    recall = whole.recall
    sure = f"With {recall.confidence:.0%} confidence"
    if not whole.reviewed:
        return "Nothing has been reviewed yet."
    if not whole.holds:
        return (
            f"What is left is likelier to hold codes (mean probability {whole.left or 0:.2f}) than what was reviewed "
            f"last ({whole.last or 0:.2f}), so no bound on the share found holds yet."
        )
    said = f"{sure} at least {recall.bound:.0%} of the true codes among the suggestions have been found"
    if recall.reached:
        return f"{said}: the target of {recall.target:.0%} is reached (p = {recall.p_value:.3g})."
    return f"{said}; the target of {recall.target:.0%} is not shown to be reached (p = {recall.p_value:.2g})."


def _facts(study: ReviewProgress) -> dict[str, object]:
    recall = study.recall
    return {
        "source": study.source_id,
        "suggestions": study.suggestions,
        "reviewed": study.reviewed,
        "accepted": study.accepted,
        "found_at_least": recall.bound,
        "holds": study.holds,
        "most_codes": recall.most,
        "p_value": recall.p_value,
        "reached": recall.reached and study.holds,
        "confidence": recall.confidence,
        "target": recall.target,
        "curve": [asdict(point) for point in recall.curve],
    }
