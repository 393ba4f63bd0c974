"""`jaiza second-looks`: which decisions to look at again."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import WORKERS, Options, command
from cli.output import print_json, print_table
from pipeline.open_review import open_review
from pipeline.progress import progress

_SHOWN = 60  # characters of a quote in the table; --json has all


@command("second-looks", example="jaiza second-looks --mark", reads=True)
@click.option("--mark", is_flag=True, help='Mark them "look again" for the coders who made them.')
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="List no more than so many.")
@WORKERS
def second_looks_command(options: Options, *, mark: bool, most: int, workers: int) -> None:
    """Decisions that a model which has not seen the study finds implausible: slips, or what the model has to learn.

    Nothing is changed: the coder decides. With --mark they come up again on the review page.
    """
    from models.evaluation.defaults import FOLDS
    from pipeline.learning.label_review import mark_second_looks, second_looks

    workspace, _ = open_review(options.workspace)
    with progress("training", FOLDS, show=not options.json) as tick:
        looks = second_looks(workspace, workers=workers, done=lambda done, of: tick(f"{done} of {of}"))[:most]
    marked = mark_second_looks(workspace, looks) if mark else 0
    if options.json:
        print_json({"second_looks": [asdict(look) for look in looks], "marked": marked})
        return
    if not looks:
        click.echo("No decision looks implausible.")
        return
    print_table(
        ("study", "page", "coder", "theme", "given", "expected", "probability", "quote"),
        [
            (
                look.source_id,
                look.page or "",
                look.coder,
                look.theme,
                look.given,
                look.expected,
                f"{look.probability:.2f}",
                _short(look.quote),
            )
            for look in looks
        ],
    )
    click.echo(
        f"{marked} marked to be looked at again on the review page."
        if mark
        else "Nothing was changed. `jaiza second-looks --mark` brings them up again on the review page."
    )


def _short(quote: str) -> str:
    folded = " ".join(quote.split())
    return folded if len(folded) <= _SHOWN else folded[: _SHOWN - 1].rstrip() + "…"
