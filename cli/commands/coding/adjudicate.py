"""`jaiza adjudicate`: where coders differ, rulings, and who was overruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal, cast

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError, UnknownChoiceError, choose

if TYPE_CHECKING:
    from annotations.agreement.adjudication import Dispute, Side
    from pipeline.coding_state import CodingState


@command(
    "adjudicate",
    example='jaiza adjudicate --rule 3f2a9c1d --value 1 --because "no evidence given" --by Zara',
    reads=True,
)
@click.argument("source_id", required=False, metavar="[SOURCE]")
@click.option("--theme", help="Only this theme.")
@click.option("--settled", is_flag=True, help="Show what has been ruled on instead of what is open.")
@click.option("--overruled", metavar="CODER", help="Show where this coder was overruled, and why.")
@click.option("--rule", "dispute_id", metavar="ID", help="Rule on the disagreement with this id.")
@click.option("--value", type=click.Choice(["0", "1", "2"]), help="The ruling.")
@click.option("--because", default="", metavar="TEXT", help="The reason of the ruling. There has to be one.")
@click.option("--by", default="", metavar="NAME", help="Who rules.")
def adjudicate_command(
    options: Options,
    *,
    source_id: str | None,
    theme: str | None,
    settled: bool,
    overruled: str | None,
    dispute_id: str | None,
    value: str | None,
    because: str,
    by: str,
) -> None:
    """Where coders differ, side by side; those on presence first. What they decided stays when it is ruled on."""
    from pipeline.coding_state import open_coding

    coding = open_coding(options.workspace)
    ids = [source.id for source in coding.sources]
    source_id = choose("source", source_id, ids) if source_id else source_id
    if theme and theme not in coding.codebook.codes:
        raise UnknownChoiceError("theme", theme, coding.codebook.codes)
    found = _disputes(coding)
    if dispute_id:
        _rule(options, coding, found, dispute_id, value, because=because, by=by)
        return
    found = [one for one in found if source_id in (None, one.place.source_id) and theme in (None, one.theme)]
    if overruled:
        coders = sorted({side.coder for one in found for side in one.sides})
        if found and overruled not in coders:
            raise UnknownChoiceError("coder", overruled, coders, "Only those who differ somewhere are listed")
        found = [one for one in found if overruled in [side.coder for side in one.overruled]]
    else:
        found = [one for one in found if (one.ruling is not None) is settled]
    found.sort(key=lambda one: one.scale != "presence")
    if options.json:
        print_json([{**asdict(one), "overruled": [side.coder for side in one.overruled]} for one in found])
        return
    for one in found:
        _show(one)
    what = f"with rulings against {overruled}" if overruled else "settled" if settled else "open"
    click.echo(f"Disagreements {what}: {len(found)}, on presence {sum(one.scale == 'presence' for one in found)}")


def _disputes(coding: CodingState) -> list[Dispute]:
    """Those on passages, then those on whole studies that were judged as such."""
    from annotations.agreement.adjudication import disputes

    passages, studies = coding.ratings(coding)
    return [*disputes(passages, coding.decisions), *disputes(studies, coding.decisions)]


def _rule(
    options: Options,
    coding: CodingState,
    found: Sequence[Dispute],
    dispute_id: str,
    value: str | None,
    *,
    because: str,
    by: str,
) -> None:
    from annotations.agreement.adjudication import ruling
    from annotations.log.open_log import open_log
    from annotations.log.reviewers import Reviewers

    by_id = {one.id: one for one in found}
    chosen = by_id[choose("disagreement", dispute_id, by_id)]
    if value is None or not by.strip():
        raise JaizaError("a ruling needs --value 0, 1 or 2 and --by NAME")
    made = ruling(
        chosen,
        cast(Literal[0, 1, 2], int(value)),
        because=because,
        by=by.strip(),
        codebook=coding.codebook.revision,
    )
    with open_log(coding.workspace) as log:
        known = {r.name: r.role for r in Reviewers(log.engine).list() if not r.revoked}
        if known.get(made.coder) == "coder":
            raise JaizaError(f"{made.coder} is a coder, not an adjudicator: see `jaiza reviewers list`")
        log.record([made])
    if options.json:
        print_json(asdict(made))
        return
    against = [side.coder for side in chosen.sides if side.value != made.value]
    click.echo(
        f"{made.theme} is {made.value} there, ruled by {made.coder}"
        + (f"; overruled: {', '.join(against)}" if against else "")
    )


def _show(one: Dispute) -> None:
    where = f"page {one.place.page}" if one.place.page else "the study as a whole"
    click.echo(click.style(f"{one.id}  {one.place.source_id}, {where}: {one.theme}, differ on {one.scale}", bold=True))
    if one.place.quote:
        click.echo(f"  “{one.place.quote}”")
    unsaid = "left uncoded" if one.level == "passage" else "by what they coded in it"
    rows: list[tuple[object, ...]] = [("  " + side.coder, side.value, _told(side, unsaid)) for side in one.sides]
    if one.ruling:
        rows.append((f"  {one.ruling.coder} ruled", one.ruling.value, one.ruling.note))
    print_table(("  who", "value", "why"), rows)
    click.echo()


def _told(side: Side, unsaid: str) -> str:
    made = side.decision
    if made is None:
        return unsaid
    saw = {True: "saw the machine's suggestion", False: "did not see the machine's suggestion", None: ""}[made.shown]
    return "; ".join(filter(None, (made.note, saw, made.decided[:16].replace("T", " "))))
