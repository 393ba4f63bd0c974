"""`jaiza models trust`: how far the machine can be trusted in this review."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from pipeline.open_review import open_review


@command("trust", example="jaiza models trust --width 0.1")
@click.option(
    "--width", type=click.FloatRange(0.02, 1.0), default=0.2, show_default=True,
    help="How wide the interval of the recall may be; tells how many passages are still to be read by lot.",
)  # fmt: skip
@click.option(
    "--share", type=click.FloatRange(0.0, 1.0),
    help="From now on this share of the passages comes to the coders by lot (lot_share in review.toml).",
)  # fmt: skip
def trust_command(options: Options, *, width: float, share: float | None) -> None:
    """What can be trusted here: precision, recall and calibration in this review, and corrected frequencies.

    They are measured on the answers to suggestions, and on passages that coders read as a whole by lot.
    """
    from corpus.settings.settings_file import change_setting
    from models.model_list import ranked_themes
    from pipeline.merged_review import merged
    from synthesis.statistics.trust_table import calibration_rows, headings, trust_rows, trust_sentences

    workspace, _ = open_review(options.workspace)
    if share is not None:
        workspace = change_setting(workspace, "coding", "lot_share", share)
        click.echo(f"{share:.0%} of the passages come to the coders by lot from now on.", err=True)
    trust = merged(workspace, include_proposed=False).trust(ranked_themes(workspace), width=width)
    if options.json:
        print_json({**asdict(trust), "said": trust_sentences(trust)})
        return
    for sentence in trust_sentences(trust):
        click.echo(sentence)
    print_table([name for name, _ in headings(trust)], [tuple(asdict(row).values()) for row in trust_rows(trust)])
    if trust.calibration:
        print_table(("it said", "right", "share"), calibration_rows(trust))
