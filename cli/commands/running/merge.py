"""`jaiza merge`: the matrix and its frequencies from what is stored; with a copy of the review, bring that in."""

from __future__ import annotations

import click

from cli.command import INCLUDE_PROPOSED, Options, command
from cli.frequency_output import print_frequencies
from cli.output import print_json, print_table
from pipeline.open_review import open_review


@command("merge", example="jaiza merge --include-proposed")
@click.argument("other", required=False, metavar="[OTHER]")
@click.option("--apply", is_flag=True, help="With OTHER: do it; without, it is only told what would be done.")
@INCLUDE_PROPOSED
def merge_command(options: Options, *, other: str | None, apply: bool, include_proposed: bool) -> None:
    """Merge decisions, the published coding and the proposals, and print the matrix and its frequencies.

    With OTHER, bring a copy of this review in: the folder of the copy, its annotations.db, a backup, or the address
    of a database. What was decided last counts; nothing is put in twice.
    """
    from dataclasses import asdict

    if other is not None:
        from cli.merge_copy import merge_copy

        merge_copy(options, other, apply=apply)
        return
    if apply:
        raise click.UsageError("--apply goes with OTHER, the copy to bring in")
    from pipeline.merged_review import merged
    from synthesis.statistics.frequency import frequencies

    judged = merged(open_review(options.workspace)[0], include_proposed=include_proposed)
    columns, labels = judged.codebook.columns, {source.id: source.label for source in judged.sources}
    counted = frequencies(judged.cells, "merged", themes=columns)
    if options.json:
        cells = [
            {
                "source": c.source_id,
                "theme": c.theme,
                "value": c.merged,
                "basis": c.basis,
                "published": c.published,
                "human": c.human,
                "machine": c.machine,
                "disputed": c.disputed,
                "conflict": c.conflict,
            }
            for c in judged.cells
        ]
        print_json({"cells": cells, "frequencies": [asdict(frequency) for frequency in counted]})
        return
    values = {(cell.source_id, cell.theme): "?" if cell.merged is None else str(cell.merged) for cell in judged.cells}
    rows = [(*(values[source_id, code] for code in columns), label) for source_id, label in labels.items()]
    print_table((*columns, "study"), rows)
    print_frequencies(counted)
