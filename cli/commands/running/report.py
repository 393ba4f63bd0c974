"""`jaiza report`: the results written from what is stored."""

from __future__ import annotations

from cli.command import INCLUDE_PROPOSED, Options, command
from cli.outcome_output import print_result
from cli.output import print_json
from cli.source_selection import open_sources
from pipeline.open_review import at_work


@command("report", example="jaiza report", reads=True)
@INCLUDE_PROPOSED
def report_command(options: Options, *, include_proposed: bool) -> None:
    """Write matrix, frequencies, audit, figures and report from what is stored."""
    from pipeline.documents.stages import Stages
    from pipeline.documents.stored_sources import stored_sources
    from pipeline.runs.finish import finish

    workspace, sources = open_sources(options, ())
    with at_work(workspace, "jaiza report"), Stages(workspace) as stages:
        result = finish(stages, sources, stored_sources(stages, sources), include_proposed=include_proposed)
    print_result(result, options, workspace)
    if options.json:
        print_json(result.as_json())
