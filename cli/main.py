"""The `jaiza` command: its entry point, the options every command has, and how errors look.

Light on purpose: child processes import the main module, and `--help` should answer at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from corpus.errors import JaizaError
from corpus.workspace import MARKER
from pipeline.tuning import COLLECTING

FAILED, INCOMPLETE, STOPPED = 1, 3, 130  # exit codes; 0 done, 2 usage (click's own)
P = ParamSpec("P")

# Command -> the module that has it, imported only when it is asked for.
_COMMANDS = {
    "run": "cli.commands.run",
    "pull": "cli.commands.run",
    "extract": "cli.commands.run",
    "suggest": "cli.commands.run",
    "merge": "cli.commands.run",
    "report": "cli.commands.run",
    "runs": "cli.commands.runs",
    "sources": "cli.commands.sources",
    "import": "cli.commands.import_",
    "export": "cli.commands.export",
    "matrix": "cli.commands.matrix",
    "patterns": "cli.commands.patterns",
    "audit": "cli.commands.audit",
    "review": "cli.commands.review",
    "reviewers": "cli.commands.reviewers",
    "codebook": "cli.commands.codebook",
    "agreement": "cli.commands.agreement",
    "adjudicate": "cli.commands.adjudicate",
    "progress": "cli.commands.progress",
    "second-looks": "cli.commands.progress",
    "retrain": "cli.commands.models",
    "models": "cli.commands.models",
    "log": "cli.commands.log",
    "recode": "cli.commands.recode",
    "serve": "cli.commands.serve",
    "init": "cli.commands.sources.registry",
    "backup": "cli.commands.backup",
    "restore": "cli.commands.restore",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What every command may be given."""

    workspace: Path
    json: bool  # results as JSON on standard output, nothing else there
    debug: bool  # show the traceback of an error


def usual_workspace() -> Path:
    """The folder of the review where none is named: the current one if it is a review, else `workspace` in it."""
    return Path() if Path(MARKER).exists() else Path("workspace")


class _Group(click.Group):
    """Commands by name, loaded when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        found: click.Command = getattr(import_module(_COMMANDS[name]), f"{name.replace('-', '_')}_command")
        return found


_WORKSPACE = click.option(
    "--workspace", "-w", type=click.Path(path_type=Path), envvar="JAIZA_WORKSPACE", metavar="DIR",
    help="Folder of the review (default: JAIZA_WORKSPACE; or this folder if it is one; or ./workspace).",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_DEBUG = click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="jaiza")
@_WORKSPACE
@_DEBUG
@click.pass_context
def jaiza(ctx: click.Context, workspace: Path | None, debug: bool) -> None:
    """From a shelf of policy PDFs to an auditable matrix of evidence.

    \b
    The main job:            jaiza run
    The same, step by step:  jaiza pull; jaiza extract; jaiza suggest; jaiza merge; jaiza report
    """
    ctx.obj = Options(workspace or usual_workspace(), json=False, debug=debug)


def command(
    name: str, *, example: str, group: click.Group | None = None
) -> Callable[[Callable[Concatenate[Options, P], None]], click.Command]:
    """A command with the common options; its function gets `Options` first. `example` ends its --help."""

    def decorate(function: Callable[Concatenate[Options, P], None]) -> click.Command:
        @click.pass_context
        @wraps(function)
        def run(ctx: click.Context, /, **given: Any) -> None:
            options: Options = ctx.obj or Options(usual_workspace(), json=False, debug=False)
            workspace, as_json, debug = given.pop("workspace"), given.pop("as_json"), given.pop("debug")
            options = replace(
                options, workspace=workspace or options.workspace, json=as_json, debug=debug or options.debug
            )
            try:
                function(options, **given)  # type: ignore[call-arg]
            except JaizaError as error:
                if options.debug:
                    raise
                click.echo(f"jaiza: {error}", err=True)
                ctx.exit(FAILED)

        made = click.command(name, epilog=f"Example: {example}")(_WORKSPACE(_JSON(_DEBUG(run))))
        if group is not None:
            group.add_command(made)
        return made

    return decorate


def main() -> None:
    """Entry point of the console script."""
    gc.set_threshold(*COLLECTING)
    try:
        code = jaiza(prog_name="jaiza", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("jaiza: stopped; what was finished is kept, and the same command goes on from there", err=True)
        sys.exit(STOPPED)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        click.echo(
            f"jaiza: unexpected {type(error).__name__}: {' '.join(str(error).split())[:300]} "
            "(run it again with --debug to see where)",
            err=True,
        )
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
