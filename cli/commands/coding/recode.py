"""`jaiza recode ...`: what a change of the codebook does to the decisions made before it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.errors import JaizaError
from pipeline.open_review import open_review
from synthesis.humanize import counted

_BECAUSE = click.option("--because", required=True, metavar="TEXT", help="Why; kept with the change.")
_BY = click.option("--by", default="", metavar="NAME", help="Who decided on it.")


@click.group("recode")
def recode_command() -> None:
    """After a change of the codebook: what it touches, and what became of a theme.

    \b
    Change codebook.toml first. Decisions are never rewritten: they are shown under the new themes.
    Example: jaiza recode merge GW IF --into GOV --because "coders could not tell them apart"
    """


@command("list", example="jaiza recode list", group=recode_command, reads=True)
def _list_command(options: Options) -> None:
    """The decisions that are to be looked at again, and why; and the merges and splits so far."""
    from annotations.codebook_changes import load_recoding
    from annotations.log.open_log import open_log
    from pipeline.requeue import touched_now

    workspace, _ = open_review(options.workspace)
    with open_log(workspace) as log:
        found = touched_now(workspace, log)
    changes = load_recoding(workspace)
    if options.json:
        print_json({"changes": [asdict(c) for c in changes], "look_again": [asdict(one) for one in found]})
        return
    print_table(
        ("decided", "change", "because"),
        [(c.decided[:10], f"{', '.join(c.themes)} → {', '.join(c.into)}", f"{c.because} {c.by}") for c in changes],
    )
    print_table(
        ("source", "page", "coder", "decided as", "why"),
        [
            (
                one.decision.source_id,
                one.decision.anchor.page or "" if one.decision.anchor else "study",
                one.decision.coder,
                f"{one.decision.theme} {one.decision.value}",
                one.why,
            )
            for one in found
        ],
    )
    click.echo(
        f"{counted(len(found), 'decision')} to be looked at again" + ("; `jaiza review` asks for them" if found else "")
    )


@command("mark", example="jaiza recode mark", group=recode_command, reads=True)
def _mark_command(options: Options) -> None:
    """Put what is to be looked at again into the queues of those who decided it. `jaiza review` does so by itself."""
    from annotations.log.open_log import open_log
    from pipeline.requeue import mark_touched

    workspace, _ = open_review(options.workspace)
    with open_log(workspace) as log:
        added = mark_touched(workspace, log)
    if options.json:
        print_json({"marked": added})
        return
    click.echo(f"{added} marked to be looked at again")


@command(
    "merge",
    example='jaiza recode merge GW IF --into GOV --because "not to be told apart"',
    group=recode_command,
    reads=True,
)
@click.argument("themes", nargs=-1, required=True, metavar="CODE...")
@click.option("--into", required=True, metavar="CODE", help="The theme they are now.")
@_BECAUSE
@_BY
def _merge_command(options: Options, *, themes: tuple[str, ...], into: str, because: str, by: str) -> None:
    """Themes that are one now: decisions on them count as decisions on it. With one theme, it has a new code."""
    _add(options, "merge", themes, (into,), because=because, by=by)


@command(
    "split",
    example='jaiza recode split TI --into INC --into EXC --because "two things"',
    group=recode_command,
    reads=True,
)
@click.argument("theme", metavar="CODE")
@click.option("--into", multiple=True, required=True, metavar="CODE", help="One of its parts; give it for each.")
@_BECAUSE
@_BY
def _split_command(options: Options, *, theme: str, into: tuple[str, ...], because: str, by: str) -> None:
    """A theme that is several now: its 0 is a 0 of each; its 1 and 2 are to be looked at again."""
    _add(options, "split", (theme,), into, because=because, by=by)


def _add(options: Options, kind: str, themes: tuple[str, ...], into: tuple[str, ...], *, because: str, by: str) -> None:
    from annotations.codebook_changes import Recoding, add_recoding
    from annotations.log.open_log import open_log
    from models.codebook.codebook import load_codebook
    from models.codebook.revisions import known_revisions
    from pipeline.requeue import mark_touched

    workspace, _ = open_review(options.workspace)
    codebook = load_codebook(workspace)
    known = known_revisions(workspace)
    earlier = [set(revision.codes) for revision in known.values()]
    for code in themes:
        if not any(code in codes for codes in earlier):
            raise JaizaError(f"no theme {code!r} in any revision of this review: see `jaiza codebook show`")
    if kind == "merge" and len(themes) == 1 and any({themes[0], into[0]} <= codes for codes in earlier):
        raise JaizaError(f"{into[0]} was there beside {themes[0]}: say merge {into[0]} {themes[0]} --into {into[0]}")
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    before = tuple(sorted(revision for revision in known if revision != codebook.revision))
    change = Recoding("merge" if kind == "merge" else "split", themes, into, because, decided=now, by=by, before=before)
    add_recoding(workspace, change, codebook)
    with open_log(workspace) as log:
        on_them = sum(decision.theme in themes for decision in log.current())
        marked = mark_touched(workspace, log)
    if options.json:
        print_json({**asdict(change), "decisions": on_them, "marked": marked})
        return
    click.echo(
        f"{', '.join(themes)} → {', '.join(into)}: {counted(on_them, 'decision')} shown so from now on"
        + (f", {marked} marked to be looked at again" if marked else "")
    )
