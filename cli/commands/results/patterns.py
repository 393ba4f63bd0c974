"""`jaiza patterns`: what comes back across studies."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.cell_selection import ELIGIBLE, ONLY, VIEW, choose_cells
from cli.command import INCLUDE_PROPOSED, Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from corpus.json_table import JsonObject

if TYPE_CHECKING:
    from synthesis.matrix.coding import Coding
    from synthesis.patterns.patterns import Patterns

ARGUMENTS_SHOWN = 15  # on the terminal; --json has them all


@command("patterns", example="jaiza patterns --view human --codings accepted", reads=True)
@VIEW
@click.option(
    "--codings", type=click.Choice(["accepted", "proposed"]),
    help="Passages to take: accepted by people, or proposed by the machine (accepted, or proposed without any).",
)  # fmt: skip
@ONLY
@ELIGIBLE
@INCLUDE_PROPOSED
@click.option(
    "--subthemes", "to_edit", type=click.Path(path_type=Path), metavar="FILE",
    help="Write the sub-themes to a file, to rename or merge them; it counts once it is the review's subthemes.toml.",
)  # fmt: skip
def patterns_command(
    options: Options,
    *,
    view: str,
    codings: str | None,
    only: tuple[str, ...],
    eligible: bool,
    include_proposed: bool,
    to_edit: Path | None,
) -> None:
    """Show what comes back across studies: themes together, by programme, concepts, arguments, saturation."""
    from corpus.workspace import write_atomic
    from synthesis.patterns.subthemes import as_toml

    chosen = choose_cells(options.workspace, view=view, only=only, eligible=eligible, include_proposed=include_proposed)
    found = chosen.patterns(standing=codings)
    if to_edit is not None:
        if to_edit.exists():
            raise JaizaError(f"{to_edit} is there already: name another file, so that nobody's names are lost")
        try:
            write_atomic(to_edit, as_toml(found.subthemes, chosen.labels).encode())
        except OSError as error:
            raise JaizaError(f"{to_edit} can't be written ({error.strerror})") from None
    if options.json:
        print_json(_as_json(found))
        return
    _print_patterns(found, chosen.labels)
    if to_edit is not None:
        click.echo(f"\n{len(found.subthemes)} sub-themes written to {to_edit}")


def _as_json(found: Patterns) -> JsonObject:
    return {
        "view": found.view,
        "codings": found.standing,
        "pairs": [
            {**asdict(pair), "known": pair.known, "jaccard": pair.jaccard, "lift": pair.lift} for pair in found.pairs
        ],
        "groups": {
            by: [
                {**asdict(group), "parts": [{**asdict(part), "stance": part.stance} for part in group.parts]}
                for group in groups
            ]
            for by, groups in found.groups.items()
        },
        "coverage": [asdict(one) for one in found.coverage],
        "subthemes": [
            {
                "theme": one.theme,
                "name": one.name,
                "named_by_people": one.named,
                "terms": one.terms,
                "studies": one.studies,
                "passages": len(one.passages),
                "codes": dict(one.codes),
                "central": [_quote(coding) for coding in one.central],
            }
            for one in found.subthemes
        ],
        "hierarchy": [asdict(branch) for branch in found.tree],
        "arguments": [
            {
                "kind": one.kind,
                "name": one.name,
                "themes": one.themes,
                "studies": one.studies,
                "passages": len(one.passages),
                "quotes": [_quote(coding) for coding in one.by_study],
            }
            for one in found.arguments
        ],
        "saturation": {
            "themes": [asdict(step) for step in found.themes_curve],
            "codes": [asdict(step) for step in found.codes_curve],
        },
    }


def _quote(coding: Coding) -> JsonObject:
    return {"source": coding.source_id, "page": coding.page, "passage_id": coding.passage_id, "quote": coding.quote}


def _print_patterns(found: Patterns, labels: dict[str, str]) -> None:
    _print_pairs(found)
    _print_groups(found)
    _print_stances(found)
    _print_saturation(found)
    _print_coverage(found, labels)
    if not found.codings:
        click.echo("\nNo passage has been accepted or proposed yet, so there are no concepts and arguments to show.")
        return
    _print_hierarchy(found)
    _print_arguments(found)


def _print_pairs(found: Patterns) -> None:
    """Which themes go together, the least likely by chance first."""
    click.secho(f"Themes that go together ({found.view} view)", bold=True)
    print_table(
        ("themes", "both", "of", "Jaccard", "lift", "p", "q"),
        [
            (
                f"{pair.first} {pair.second}",
                pair.both,
                pair.known,
                _number(pair.jaccard),
                _number(pair.lift),
                f"{pair.p:.3f}",
                f"{pair.q:.3f}",
            )
            for pair in sorted(found.pairs, key=lambda pair: pair.p)
        ],
    )


def _print_groups(found: Patterns) -> None:
    """For each way to group the studies, in how many of a group a theme is present."""
    for by, groups in found.groups.items():
        if len(groups) < 2:
            continue
        click.secho(f"\nThemes by {by}: present of known", bold=True)
        themes = [part.theme for part in groups[0].parts]
        rows = [
            (*(f"{len(part.present)}/{part.known}" for part in group.parts), str(len(group.studies)), group.name)
            for group in groups
        ]
        print_table((*themes, "studies", by), rows)


def _print_coverage(found: Patterns, labels: dict[str, str]) -> None:
    """How much of each study's findings and discussion was judged, passed over, shown to nobody, and coded."""
    if not found.coverage:
        return
    click.secho("\nLine by line: sentences of findings and discussion", bold=True)
    print_table(
        ("sentences", "judged", "passed over", "shown to nobody", "coded", "proposed", "study"),
        [
            (
                one.sentences,
                one.judged,
                f"{one.passed_over}" + (f" (not recorded: {one.unrecorded})" if one.unrecorded else ""),
                one.not_shown,
                one.coded,
                one.proposed,
                labels[one.source_id] + (f" ({one.remark})" if one.remark else ""),
            )
            for one in found.coverage
        ],
    )


def _print_hierarchy(found: Patterns) -> None:
    """Columns, themes and their codes as an indented tree, with passages and studies."""
    from synthesis.patterns.hierarchy import pruned, walk

    click.secho(f"\nHierarchy of {len(found.codings)} {found.standing} codings: passages, studies", bold=True)
    for depth, branch in walk(pruned(found.tree)):
        code = f"{branch.code} " if branch.level in ("column", "theme") else ""
        click.echo(f"{'  ' * depth}{code}{branch.name}  {branch.passages}, {branch.studies}")


def _print_arguments(found: Patterns) -> None:
    click.secho("\nArguments that come back, by number of studies", bold=True)
    print_table(
        ("studies", "passages", "themes", "kind", "argument"),
        [
            (len(one.studies), len(one.passages), " ".join(one.themes), one.kind, one.name)
            for one in found.arguments[:ARGUMENTS_SHOWN]
        ],
    )
    if len(found.arguments) > ARGUMENTS_SHOWN:
        click.echo(f"and {len(found.arguments) - ARGUMENTS_SHOWN} more: --json has them all, with quotes")


def _print_stances(found: Patterns) -> None:
    """Where the studies of a programme agree on a theme, and where they differ."""
    for stance in ("all report it", "none reports it", "they differ"):
        said = [
            f"{part.theme} in {group.name} ({len(part.present)} of {part.known})"
            for group in found.groups["programme"]
            for part in group.parts
            if part.stance == stance
        ]
        if said:
            click.echo(f"\nBy programme, {stance}: {', '.join(said)}")


def _print_saturation(found: Patterns) -> None:
    for what, curve in (("themes", found.themes_curve), ("codes", found.codes_curve)):
        if curve:
            total = curve[-1].mean
            enough = next(step.studies for step in curve if step.mean >= 0.95 * total)
            click.echo(
                f"\nSaturation: 95 % of the {total:.0f} {what} are known after {enough} of {curve[-1].studies} "
                "studies, on average over all orders"
            )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
