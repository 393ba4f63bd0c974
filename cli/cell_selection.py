"""The part of a review that a command is about: which view, which studies, which themes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from pipeline.open_review import open_review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.workspace import Workspace
    from models.codebook.codebook import Codebook
    from pipeline.merged_review import MergedReview
    from synthesis.matrix.cell import Cell, View
    from synthesis.matrix.coding import Standing
    from synthesis.matrix.subset import Subset
    from synthesis.patterns.patterns import Patterns

ONLY = click.option(
    "--only", multiple=True, metavar="CONDITION",
    help="Only studies that meet it, for example year>=2015, kind=report, country=Nepal|Peru, programme, "
    "method, peer_reviewed, screening. Give it several times to narrow further.",
)  # fmt: skip
ELIGIBLE = click.option("--eligible", is_flag=True, help="Without the studies that fail the inclusion criteria.")
VIEW = click.option(
    "--view", default="merged", metavar="VIEW", help="published, human, machine, merged or coder:NAME (merged)."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The part of a review that a command is about."""

    view: View
    second: View | None  # to be shown beside it
    cells: Sequence[Cell]  # of the chosen studies
    subset: Subset
    codebook: Codebook  # its columns are those of the cells
    labels: dict[str, str]
    judged: MergedReview
    workspace: Workspace

    def patterns(self, *, standing: str | None = None) -> Patterns:
        """What comes back across the chosen studies; `standing` is "accepted", "proposed", or None for either."""
        from pipeline.merged_review import patterns_of

        return patterns_of(
            self.workspace,
            self.judged,
            self.cells,
            self.subset.kept,
            view=self.view,
            standing=cast("Standing | None", standing),
        )


def choose_cells(
    place: Path,
    *,
    view: str,
    diff: str | None = None,
    themes: str = "columns",
    only: Sequence[str] = (),
    eligible: bool = False,
    include_proposed: bool = False,
) -> Chosen:
    """The cells of the studies and themes asked for; UnknownChoiceError or JaizaError where they can't be chosen."""
    from corpus.registry.screening import load_criteria, screen_all
    from models.codebook.codebook import load_codebook
    from pipeline.merged_review import merged
    from synthesis.matrix.subset import choose, parse_condition
    from synthesis.matrix.views import columns_wanted, view_named

    conditions = [parse_condition(text) for text in only]
    workspace, _ = open_review(place)
    judged = merged(workspace, include_proposed=include_proposed)
    sources = judged.sources
    codebook = columns_wanted(load_codebook(workspace), themes)
    screenings = screen_all(sources, load_criteria(workspace))
    subset = choose(sources, conditions, screenings=screenings, eligible=eligible)
    cells = judged.cells
    if codebook.columns != judged.codebook.columns:
        cells = judged.merged_for(codebook, include_proposed=include_proposed)
    kept = {source.id for source in subset.kept}
    return Chosen(
        view=view_named(cells, view),
        second=None if diff is None else view_named(cells, diff),
        cells=[cell for cell in cells if cell.source_id in kept],
        subset=subset,
        codebook=codebook,
        labels={source.id: source.label for source in sources},
        judged=judged,
        workspace=workspace,
    )
