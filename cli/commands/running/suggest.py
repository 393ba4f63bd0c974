"""`jaiza suggest`: codes proposed for what was extracted, or for the passages of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import SOURCE_IDS, Options, command
from cli.output import print_json, print_table
from cli.source_selection import hint_if_empty, open_sources
from corpus.errors import DataFileError, JaizaError
from pipeline.open_review import at_work, open_review
from pipeline.progress import progress

if TYPE_CHECKING:
    from models.registry.model_card import Aim
    from pipeline.documents.stages import Stages


@command("suggest", example="jaiza suggest --passages in.jsonl --out out.jsonl")
@SOURCE_IDS
@click.option("--passages", type=click.Path(path_type=Path), help='Code this file instead: lines of {"id", "text"}.')
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the codes of --passages.")
@click.option(
    "--aim", type=click.Choice(["balanced", "find more", "sure", "recall95", "f1"]),
    help="With --passages: balanced, find more at the price of more wrong ones, be sure, or find 95 % of the held-out "
    "passages. For documents, and unless given: aim under [models] in review.toml.",
)  # fmt: skip
def suggest_command(
    options: Options, *, source_ids: tuple[str, ...], passages: Path | None, out: Path | None, aim: Aim | None
) -> None:
    """Propose codes for the passages that were extracted, or for the lines of a file."""
    if aim and passages is None:
        raise click.UsageError(
            f'--aim goes with --passages. For documents write aim = "{aim}" under [models] in review.toml: '
            "run, review and report then all use it"
        )
    if (passages is None) != (out is None):
        raise click.UsageError("--passages and --out go together")
    from pipeline.documents.document_record import CODED
    from pipeline.documents.stages import Stages
    from pipeline.runs.model_notice import passed_over

    workspace, sources = (
        open_sources(options, source_ids) if passages is None else (open_review(options.workspace)[0], [])
    )
    if said := passed_over(workspace):
        click.echo(f"warning: {said}", err=True)
    with at_work(workspace, "jaiza suggest"), Stages(workspace) as stages:
        if passages is not None and out is not None:
            _code_file(stages, passages, out, options, aim=aim)
            return
        shas = {s.id: holding.sha256 for s in sources if (holding := stages.holdings.get(s.id))}
        done = []
        with progress("suggest", len(shas), show=not options.json) as tick:
            for source_id, sha256 in shas.items():
                document, _ = stages.extract(sha256)
                if document.state in CODED:
                    made, fresh = stages.suggest(document)
                    done.append((source_id, document, stages.shown(made), fresh))
                tick(source_id)
    if options.json:
        print_json(
            [
                {
                    "source": source_id,
                    "passages": len(document.passages),
                    "suggestions": len(made.suggestions),
                    "model": made.model_id,
                    "made_now": fresh,
                }
                for source_id, document, made, fresh in done
            ]
        )
        return
    print_table(
        ("source", "passages", "suggestions"),
        [(source_id, len(document.passages), len(made.suggestions)) for source_id, document, made, _ in done],
    )
    hint_if_empty(workspace, done)


def _code_file(stages: Stages, passages: Path, out: Path, options: Options, *, aim: Aim | None) -> None:
    from corpus.workspace import write_atomic
    from models.suggest.jsonl import code_lines

    try:
        lines = passages.read_text(encoding="utf-8").split("\n")  # a passage may hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(passages, "", f"can't be read ({error})", 'It holds lines of {"id", "text"}') from None
    model = stages.model.load().aimed(aim) if aim else stages.model.load()
    coded = list(code_lines(model, lines, file=str(passages)))
    try:
        write_atomic(out, "".join(f"{line}\n" for line in coded).encode())
    except OSError as error:
        raise JaizaError(f"{out} can't be written ({error.strerror})") from None
    if options.json:
        print_json({"passages": len(coded), "out": str(out), "model": model.coding_id})
    else:
        click.echo(f"{len(coded)} passages coded by model {model.coding_id}: {out}")
