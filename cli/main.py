"""The `jaiza` command: its entry point. Its commands are the files in the folders of `cli/commands`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

from cli.command import DEBUG, FAILED, STOPPED, WORKSPACE, Options, usual_workspace
from cli.command_folder import CommandFolder
from pipeline.tuning import COLLECTING

# In --help the sections stand in the order of the work, the main job and its steps first.
_SECTIONS = ("running", "material", "coding", "results", "upkeep")
_FIRST = ("run", "pull", "extract", "suggest", "merge", "report", "sources", "review", "codebook", "matrix", "init")


@click.group(
    cls=CommandFolder,
    package="cli.commands",
    folder=Path(__file__).parent / "commands",
    sections=_SECTIONS,
    first=_FIRST,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="jaiza")
@WORKSPACE
@DEBUG
@click.pass_context
def jaiza(ctx: click.Context, workspace: Path | None, debug: bool) -> None:
    """From a shelf of policy PDFs to an auditable matrix of evidence.

    \b
    The main job:            jaiza run
    The same, step by step:  jaiza pull; jaiza extract; jaiza suggest; jaiza merge; jaiza report
    """
    ctx.obj = Options(workspace or usual_workspace(), json=False, debug=debug)


def main() -> None:
    """Entry point of the console script."""
    gc.set_threshold(*COLLECTING)
    # pydantic would look for plugins in the metadata of every package installed, a tenth of a second.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
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
