"""What every command has: its common options, how its errors look, and options that several commands share.

Light on purpose: `--help` should answer at once, and child processes import the main module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from corpus.errors import JaizaError, WorkspaceError
from corpus.json_table import JsonObject
from corpus.packages import PACKAGES

FAILED, INCOMPLETE, STOPPED = 1, 3, 130  # exit codes; 0 done, 2 usage (click's own)
P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., object])

WORKSPACE = click.option(
    "--workspace", "-w", type=click.Path(path_type=Path), envvar="JAIZA_WORKSPACE", metavar="DIR",
    help="Folder of the review (default: JAIZA_WORKSPACE; or this folder if it is one; or ./workspace).",
)  # fmt: skip
DEBUG = click.option("--debug", is_flag=True, help="Show the whole traceback of an error, and what is done meanwhile.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")

SOURCE_IDS = click.argument("source_ids", nargs=-1, metavar="[SOURCE]...")
STRICT = click.option("--strict", is_flag=True, help="Exit with 3 where a source could not be had or read.")
INCLUDE_PROPOSED = click.option(
    "--include-proposed", is_flag=True, help="Let the machine's proposals fill cells nobody has judged, marked as such."
)
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Models trained side by side."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What every command may be given."""

    workspace: Path
    json: bool  # results as JSON on standard output, nothing else there
    debug: bool  # show the traceback of an error, and the log of what is done


def folds(default: int, explanation: str) -> Callable[[F], F]:
    """The option --folds of the commands that try a model on documents it has not seen."""
    return click.option("--folds", type=click.IntRange(2, 20), default=default, show_default=True, help=explanation)


def command(
    name: str, *, example: str, group: click.Group | None = None, reads: bool = False
) -> Callable[[Callable[Concatenate[Options, P], None]], click.Command]:
    """A command with the common options; its function gets `Options` first. `example` ends its --help.

    `reads`: it shows what there is, so that a folder which is not there is a slip, and no review is begun in it.
    """

    def decorate(function: Callable[Concatenate[Options, P], None]) -> click.Command:
        @click.pass_context
        @wraps(function)
        def run(ctx: click.Context, /, **given: Any) -> None:
            options = _read_options(ctx, given)
            if options.debug:
                show_log()
            try:
                if reads:
                    _require_folder(options.workspace)
                    _tell_outdated(options.workspace)
                function(options, **given)  # type: ignore[call-arg]
            except JaizaError as error:
                if options.debug:
                    raise
                click.echo(f"jaiza: {error}", err=True)
                ctx.exit(FAILED)
            except OSError as error:
                if options.debug or isinstance(error, BrokenPipeError):
                    raise
                click.echo(f"jaiza: {_trouble_of_the_disk(error)}", err=True)
                ctx.exit(FAILED)

        made = click.command(name, epilog=f"Example: {example}")(WORKSPACE(_JSON(DEBUG(run))))
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def _trouble_of_the_disk(error: OSError) -> str:
    """What a full disk, a folder that is read-only, or a file that is a folder comes to, in a line."""
    why = error.strerror or " ".join(str(error).split()) or type(error).__name__
    where = f" with {error.filename}" if error.filename else ""
    return f"{why}{where}: make room on the disk, or see that the folder may be written to, then run it again"


def _require_folder(workspace: Path) -> None:
    """WorkspaceError where a review was named and there is nothing of that name."""
    if workspace != usual_workspace() and not workspace.exists():
        raise WorkspaceError(
            f"there is no folder {workspace}, so there is no review in it: check the name with --workspace, "
            f"or begin a review there with `jaiza init {workspace}`"
        )


def _tell_outdated(place: Path) -> None:
    """After an upgrade: what is shown is less than what is known, until a run has read the texts anew."""
    if not (place / "text").is_dir():
        return
    from corpus.workspace import open_workspace
    from pipeline.documents.outdated_texts import in_words, outdated_texts

    if told := in_words(outdated_texts(open_workspace(place))):
        click.echo(f"warning: {told}: `jaiza run`", err=True)


def usual_workspace() -> Path:
    """The folder of the review where none is named: the current one if it is a review, else `workspace` in it."""
    from corpus.workspace import MARKER

    return Path() if Path(MARKER).exists() else Path("workspace")


def show_log() -> None:
    """What Jaiza's own modules log, to standard error; what libraries log is left alone."""
    import logging

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))
    for package in PACKAGES:
        logger = logging.getLogger(package)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.handlers = [handler]


def _read_options(ctx: click.Context, given: JsonObject) -> Options:
    """The common options, taken out of `given`; what was said before the command's name counts too."""
    workspace, as_json, debug = given.pop("workspace"), given.pop("as_json"), given.pop("debug")
    before: Options | None = ctx.obj
    if before is None:
        return Options(workspace or usual_workspace(), as_json, debug)
    return replace(before, workspace=workspace or before.workspace, json=as_json, debug=debug or before.debug)
