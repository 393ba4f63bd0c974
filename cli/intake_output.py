"""What became of the records of reference lists, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from cli.attach_file import tell_attached
from cli.output import print_json, print_table
from corpus.outcome import Outcome
from corpus.reference_lists.records import ReferenceList
from corpus.registry.intake import COUNTED, Intake
from corpus.registry.screening import load_criteria, screen_all
from corpus.workspace import Workspace


def print_intake(
    workspace: Workspace,
    taken: Sequence[Intake],
    lists: Sequence[tuple[Path, ReferenceList]],
    attached: Sequence[Outcome],
    *,
    json: bool,
) -> None:
    """Every record with what became of it, and how many there are of each; the numbers add up to those of the files."""
    added = [one.source for one in taken if one.source]
    verdicts = {one.source_id: one.verdict for one in screen_all(added, load_criteria(workspace))}
    if json:
        print_json(_as_json(taken, lists, verdicts, attached))
        return
    rows = [
        (
            one.source.id if one.source else "-",
            one.happened,
            verdicts[one.source.id] if one.source else "",
            f"{one.work.title}" + (f" ({one.why})" if one.why else ""),
        )
        for one in taken
    ]
    refused = [(f"{path.name}, {one.place}", one.reason) for path, read in lists for one in read.refused]
    rows += [("-", "not usable", "", f"{place}: {reason}") for place, reason in refused]
    print_table(("source", "what happened", "screening", "title"), rows)
    for path, read in lists:
        for remark in read.remarks:
            click.echo(f"note: {path.name}, {remark.place}: {remark.text}")
        click.echo(
            f"{path.name}: {read.format}, {read.records} records" + (f"; {read.encoding}" if read.encoding else "")
        )
    numbers = _counts(taken, len(refused))
    click.echo(", ".join(f"{number} {what}" for what, number in numbers.items()))
    _print_what_next(taken)
    for outcome in attached:
        tell_attached(outcome)
    _print_files(taken, attached)


def _counts(taken: Sequence[Intake], refused: int) -> dict[str, int]:
    """How many records came to what."""
    states = Counter(one.state for one in taken)
    return {what: states[state] for state, what in COUNTED.items()} | {"not usable": refused}


def _print_what_next(taken: Sequence[Intake]) -> None:
    if any(one.state == "to check" for one in taken):
        click.echo(
            "to check: `jaiza sources duplicates` shows the pairs; say of one or of all whether they are one work"
        )
    judged = [screening for one in taken for screening in one.work.screenings]
    if judged:
        programs = ", ".join(sorted({one.program for one in judged if one.program})) or "another program"
        numbers = Counter(one.decision for one in judged)
        said = ", ".join(f"{number} {decision}" for decision, number in sorted(numbers.items()))
        click.echo(f"decisions made in {programs} ({said}) are kept for screening")


def _print_files(taken: Sequence[Intake], attached: Sequence[Outcome]) -> None:
    """How many of the PDFs that lists name on somebody's disk are not here."""
    here = {outcome.source_id for outcome in attached}
    missing = [one for one in taken if one.work.files and one.source and one.source.id not in here]
    if missing:
        click.echo(
            f"{len(missing)} of the works have a PDF on the disk of who made the list, which is not here: copy the "
            "folder of files beside the list and add it again"
        )


def _as_json(
    taken: Sequence[Intake],
    lists: Sequence[tuple[Path, ReferenceList]],
    verdicts: Mapping[str, str],
    attached: Sequence[Outcome],
) -> dict[str, object]:
    refused = [(path, one) for path, read in lists for one in read.refused]
    return {
        "works": [
            {
                "place": one.work.place,
                "state": one.state,
                "why": one.why,
                "of": one.other,
                "source": asdict(one.source) if one.source else None,
                "screening": verdicts[one.source.id] if one.source else None,
            }
            for one in taken
        ],
        "unusable": [f"{path.name}, {one.place}: {one.reason}" for path, one in refused],
        "lists": [
            {
                "file": path.name,
                "format": read.format,
                "records": read.records,
                "encoding": read.encoding or "UTF-8",
                "remarks": [f"{one.place}: {one.text}" for one in read.remarks],
            }
            for path, read in lists
        ],
        "counts": _counts(taken, len(refused)),
        "attached": [asdict(outcome) for outcome in attached],
    }
