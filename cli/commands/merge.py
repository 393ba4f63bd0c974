"""`jaiza merge`: the matrix and its frequencies from what is stored."""

from __future__ import annotations

from cli.command import INCLUDE_PROPOSED, Options, command
from cli.frequency_output import print_frequencies
from cli.output import print_json, print_table
from pipeline.open_review import open_review


@command("merge", example="jaiza merge --include-proposed")
@INCLUDE_PROPOSED
def merge_command(options: Options, *, include_proposed: bool) -> None:
    """Merge decisions, the published coding and the proposals, and print the matrix and its frequencies."""
    from dataclasses import asdict

    from pipeline.merged_review import merged
    from synthesis.statistics.frequency import frequencies

    judged = merged(open_review(options.workspace)[0], include_proposed=include_proposed)
    columns, labels = judged.codebook.columns, {source.id: source.label for source in judged.sources}
    counted = frequencies(judged.cells, "merged", themes=columns)
    if options.json:
        cells = [
            {"source": c.source_id, "theme": c.theme, "value": c.merged, "basis": c.basis, "published": c.published,
             "human": c.human, "machine": c.machine, "disputed": c.disputed, "conflict": c.conflict}
            for c in judged.cells
        ]  # fmt: skip
        print_json({"cells": cells, "frequencies": [asdict(frequency) for frequency in counted]})
        return
    values = {(cell.source_id, cell.theme): "?" if cell.merged is None else str(cell.merged) for cell in judged.cells}
    rows = [(*(values[source_id, code] for code in columns), label) for source_id, label in labels.items()]
    print_table((*columns, "study"), rows)
    print_frequencies(counted)
