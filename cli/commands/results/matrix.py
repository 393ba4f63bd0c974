"""`jaiza matrix`: the matrix in any view, two views side by side, for some of the studies."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.cell_selection import ELIGIBLE, ONLY, VIEW, Chosen, choose_cells
from cli.command import INCLUDE_PROPOSED, Options, command
from cli.frequency_output import print_frequencies
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from corpus.json_table import JsonObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from synthesis.matrix.cell import Cell, Value, View
    from synthesis.matrix.subset import Subset
    from synthesis.statistics.frequency import Frequency


@command("matrix", example='jaiza matrix --view human --diff published --only "year>=2015" --eligible', reads=True)
@VIEW
@click.option("--diff", metavar="VIEW", help="A second view, shown beside the first wherever they differ.")
@click.option(
    "--themes", default="columns", metavar="columns|all",
    help="The matrix's columns, or every theme of the codebook; or how many that are, with the shipped one 6 or 8.",
)  # fmt: skip
@click.option("--presence", is_flag=True, help="Show presence (0 and 1) instead of strength (0, 1 and 2).")
@ONLY
@ELIGIBLE
@INCLUDE_PROPOSED
@click.option("--out", type=click.Path(path_type=Path), help="Write it as a CSV file as well.")
def matrix_command(
    options: Options,
    *,
    view: str,
    diff: str | None,
    themes: str,
    presence: bool,
    only: tuple[str, ...],
    eligible: bool,
    include_proposed: bool,
    out: Path | None,
) -> None:
    """Show the matrix of a view, or two views side by side, for all studies or some of them.

    \b
    Without the two studies that fail the inclusion criteria:
      jaiza matrix --view published --eligible
    """
    from synthesis.statistics.frequency import frequencies

    chosen = choose_cells(
        options.workspace,
        view=view,
        diff=diff,
        themes=themes,
        only=only,
        eligible=eligible,
        include_proposed=include_proposed,
    )
    second = chosen.second
    if out is not None:
        from corpus.workspace import write_atomic
        from synthesis.matrix.tables import to_csv

        try:
            write_atomic(out, to_csv(_table(chosen, second, presence=presence)))
        except OSError as error:
            raise JaizaError(f"{out} can't be written ({error.strerror})") from None
    counted = frequencies(chosen.cells, chosen.view, themes=chosen.codebook.columns)
    if options.json:
        print_json(_as_json(chosen, second, counted, presence=presence))
        return
    _tell_subset(chosen.subset, chosen.labels)
    _print_matrix(chosen, second, presence=presence)
    if second is None:
        click.echo()
        print_frequencies(counted)
    else:
        _print_differences(chosen, second)
    if out is not None:
        click.echo(f"Written to {out}")


def _as_json(chosen: Chosen, second: View | None, counted: Sequence[Frequency], *, presence: bool) -> JsonObject:
    from synthesis.matrix.views import differences, shown

    said: JsonObject = {
        "view": chosen.view,
        "scale": "presence" if presence else "strength",
        "themes": list(chosen.codebook.columns),
        "conditions": list(chosen.subset.conditions),
        "left_out": [
            {"source": key, "because": why, "unknown": unknown}
            for unknown, group in ((False, chosen.subset.left_out), (True, chosen.subset.unknown))
            for key, why in group.items()
        ],
        "studies": len(chosen.subset.kept),
        "rows": [
            {
                "source": source.id,
                "label": source.label,
                **{c.theme: shown(c.value(chosen.view), presence=presence) for c in _of(chosen.cells, source.id)},
            }
            for source in chosen.subset.kept
        ],
        "frequencies": [{**asdict(item), "percent": item.percent} for item in counted],
    }
    if second is not None:
        said["diff"] = second
        said["differences"] = [
            {
                "source": d.source_id,
                "theme": d.theme,
                "first": shown(d.first, presence=presence),
                "second": shown(d.second, presence=presence),
                "kind": d.kind,
            }
            for d in differences(chosen.cells, chosen.view, second)
            if d.kind not in ("same", "both unknown") and not (presence and d.kind == "strength")
        ]
        said["counts"] = _counts(chosen, second)
    return said


def _table(chosen: Chosen, second: View | None, *, presence: bool) -> pd.DataFrame:
    """The CSV: a column per theme, or, for two views, three: the first, the second and how they differ."""
    import pandas as pd

    from synthesis.matrix.tables import NUMBER
    from synthesis.matrix.views import differences, shown

    values: dict[str, list[object]] = {"source": [], "label": []}
    for source in chosen.subset.kept:
        values["source"].append(source.id)
        values["label"].append(source.label)
    numbers = []
    for theme in chosen.codebook.columns:
        found = differences([c for c in chosen.cells if c.theme == theme], chosen.view, second or chosen.view)
        first = theme if second is None else f"{theme} {chosen.view}"
        values[first] = [shown(d.first, presence=presence) for d in found]
        numbers.append(first)
        if second is not None:
            values[f"{theme} {second}"] = [shown(d.second, presence=presence) for d in found]
            values[f"{theme} difference"] = [d.kind for d in found]
            numbers.append(f"{theme} {second}")
    return pd.DataFrame(values).astype(dict.fromkeys(numbers, NUMBER))


def _print_matrix(chosen: Chosen, second: View | None, *, presence: bool) -> None:
    from synthesis.matrix.views import shown

    def sign(value: Value) -> str:
        return "?" if value is None else str(shown(value, presence=presence))

    def text(cell: Cell) -> str:
        first = sign(cell.value(chosen.view))
        other = first if second is None else sign(cell.value(second))
        return first if first == other else f"{first}≠{other}"

    rows = [(*(text(c) for c in _of(chosen.cells, source.id)), source.label) for source in chosen.subset.kept]
    print_table((*chosen.codebook.columns, "study"), rows)
    if second is not None:
        click.echo(f"\n1≠0: 1 in {chosen.view}, 0 in {second}; ? is not yet known")


def _print_differences(chosen: Chosen, second: View) -> None:
    counts = _counts(chosen, second)
    click.echo(
        f"Of {sum(counts.values())} cells {counts['same']} are the same, {counts['presence']} differ on presence, "
        f"{counts['strength']} in strength only; {counts['only first']} are known in {chosen.view} only, "
        f"{counts['only second']} in {second} only, {counts['both unknown']} in neither."
    )


def _counts(chosen: Chosen, second: View) -> dict[str, int]:
    from collections import Counter

    from synthesis.matrix.views import differences

    found = Counter(d.kind for d in differences(chosen.cells, chosen.view, second))
    return {kind: found[kind] for kind in ("same", "presence", "strength", "only first", "only second", "both unknown")}


def _tell_subset(subset: Subset, labels: dict[str, str]) -> None:
    if not subset.conditions:
        return
    click.echo(f"{len(subset.kept)} of {len(labels)} studies: {' and '.join(subset.conditions)}")
    if subset.unknown:
        named = ", ".join(labels[key] for key in subset.unknown)
        click.echo(f"Left out because the registry does not say: {named}")
    click.echo()


def _of(cells: Sequence[Cell], source_id: str) -> list[Cell]:
    return [cell for cell in cells if cell.source_id == source_id]
