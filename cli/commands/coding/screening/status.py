"""`jaiza screening status`: how far it is, when to stop, and the numbers of the PRISMA diagram."""

from __future__ import annotations

from dataclasses import asdict

import click

from annotations.screening.agreement import screening_agreement
from cli.command import Options, command
from cli.output import print_json, print_table
from pipeline.open_review import open_review


@command("status", example="jaiza screening status --json", reads=True)
def status_command(options: Options) -> None:
    """How far screening is: the boxes of the PRISMA 2020 diagram, how surely enough was found, how screeners agree."""
    from annotations.log.open_log import open_log
    from pipeline.screening.prisma_numbers import flow_of
    from pipeline.screening.record_order import in_words, stopping
    from pipeline.screening.screening_state import read_screening
    from synthesis.report.prisma import screened_boxes

    workspace, _ = open_review(options.workspace)
    with open_log(workspace) as log:
        state = read_screening(workspace, log)
    flow, settings = flow_of(workspace, state), workspace.review.screening
    estimate = stopping(state.abstracts, target=settings.target, confidence=settings.confidence)
    agreement = screening_agreement(state.history)
    if options.json:
        found = {"flow": asdict(flow), "stopping": asdict(estimate) if estimate else None}
        print_json({**found, "agreement": [asdict(one) for one in agreement]})
        return
    rows = [(box.title, box.count, box.beside, box.beside_count if box.beside else "") for box in screened_boxes(flow)]
    print_table(("box", "number", "leaving the flow", "number"), rows)
    click.echo(f"Kept so far: {flow.included}; in dispute: {flow.conflicts}")
    click.echo(in_words(estimate, flow.waiting))
    for one in agreement:
        kappa = "not defined" if one.kappa is None else f"{one.kappa:.2f}"
        click.echo(f"{one.first} and {one.second} agree on {one.agreed} of {one.records} ({one.stage}), kappa {kappa}")
