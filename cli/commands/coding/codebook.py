"""`jaiza codebook show`, `diff`, `add` and `edit`: what the themes mean, now and in earlier revisions."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.codebook.options import wording_options
from cli.command import Options, command
from cli.output import print_json
from corpus.errors import JaizaError
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from corpus.workspace import Workspace
    from models.codebook.codebook import Codebook, Theme
    from models.codebook.revisions import CodebookChange

_WIDTH = 100
_SIGN = {"added": "+", "removed": "-", "changed": "~"}


@click.group("codebook")
def codebook_command() -> None:
    """The codebook: what is coded with each theme and what is not, now and in earlier revisions.

    \b
    Examples: jaiza codebook show --theme TI
              jaiza codebook add DEC --name Decentralisation --definition "..."
              jaiza codebook diff shipped current
    """


@command("show", group=codebook_command, example="jaiza codebook show --theme TI", reads=True)
@click.argument("revision", default="current")
@click.option("--theme", "code", metavar="CODE", help="Only this theme.")
def show_command(options: Options, *, revision: str, code: str | None) -> None:
    """The codebook of a REVISION: "current" (if left out), "shipped", a revision's hash, or a TOML file."""
    from models.codebook.revisions import find_revision, kept_revisions

    workspace = _open(options)
    codebook = find_revision(workspace, revision)
    themes = [codebook.theme(code)] if code else list(codebook.themes)
    kept = kept_revisions(workspace)
    if options.json:
        print_json(
            {
                "title": codebook.title,
                "revision": codebook.revision,
                "themes": [asdict(theme) for theme in themes],
                "revisions": [{"revision": one.codebook.revision, "first_seen": one.first_seen} for one in kept],
            }
        )
        return
    click.secho(codebook.title, bold=True)
    click.echo(f"Revision {codebook.revision}: {', '.join(codebook.codes)}")
    for theme in themes:
        _tell_theme(theme)
    if len(kept) > 1:
        seen = ", ".join(f"{one.codebook.revision} ({one.first_seen[:10]})" for one in kept)
        click.echo(f"\nRevisions this review has had, oldest first: {seen}")


@command("diff", group=codebook_command, example="jaiza codebook diff shipped current", reads=True)
@click.argument("old", required=False)
@click.argument("new", default="current")
def diff_command(options: Options, *, old: str | None, new: str) -> None:
    """What changed from revision OLD to NEW; without names, from the revision before the current one."""
    from models.codebook.revisions import differences, find_revision

    workspace = _open(options)
    after = find_revision(workspace, new)
    before = find_revision(workspace, old or _earlier(workspace, after))
    changes = differences(before, after)
    if options.json:
        print_json({"old": before.revision, "new": after.revision, "changes": [asdict(change) for change in changes]})
        return
    if not changes:
        click.echo(f"No difference: both are revision {after.revision}")
        return
    click.echo(f"From revision {before.revision} to {after.revision}: {len(changes)} changes")
    _tell_changes(changes, after)


@command("add", group=codebook_command, example='jaiza codebook add DEC --name Decentralisation --include "Laws ..."')
@click.argument("code")
@wording_options
def add_command(options: Options, *, code: str, yes: bool, **given: object) -> None:
    """A new theme CODE. In a review with the shipped codebook and none of its sources it begins one of your own."""
    from cli.codebook.change import change_codebook

    workspace = _open(options)
    own = workspace.own_file("codebook.toml") or workspace.review.shipped_sources
    change_codebook(workspace, "add" if own else "begin", code, given, sure=yes)


@command("edit", group=codebook_command, example='jaiza codebook edit DEC --exclude "Elections alone."')
@click.argument("code")
@wording_options
@click.option("--replace", is_flag=True, help="Rules and examples given take the place of those there are.")
def edit_command(options: Options, *, code: str, yes: bool, replace: bool, **given: object) -> None:
    """Change the theme CODE: what is given becomes its name or definition, or is added to its rules and examples."""
    from cli.codebook.change import change_codebook

    change_codebook(_open(options), "describe", code, given, sure=yes, replace=replace)


def _open(options: Options) -> Workspace:
    from models.codebook.codebook import load_codebook
    from models.codebook.revisions import keep_revision

    workspace, _ = open_review(options.workspace)
    keep_revision(workspace, load_codebook(workspace))
    return workspace


def _earlier(workspace: Workspace, codebook: Codebook) -> str:
    from models.codebook.codebook import shipped_codebook
    from models.codebook.revisions import SHIPPED, kept_revisions

    others = [one.codebook.revision for one in kept_revisions(workspace) if one.codebook.revision != codebook.revision]
    if others:
        return others[-1]
    if shipped_codebook().revision != codebook.revision:
        return SHIPPED
    raise JaizaError("this review has had only one revision of its codebook so far: there is nothing to compare")


def _tell_theme(theme: Theme) -> None:
    where = f", counted under {theme.counts_under}" if theme.counts_under else "" if theme.in_matrix else ", no column"
    click.echo()
    click.secho(f"{theme.code}  {theme.name}{where}", bold=True)
    click.echo(_wrapped(theme.definition, "  ", "  "))
    for title, entries in (
        ("Coded", theme.include),
        ("Not coded", theme.exclude),
        ("Typical", theme.examples),
        ("Borderline", theme.borderline),
    ):
        if entries:
            click.echo(f"  {title}:")
            for entry in entries:
                click.echo(_wrapped(entry, "    - ", "      "))


def _tell_changes(changes: tuple[CodebookChange, ...], after: Codebook) -> None:
    theme = None
    for change in changes:
        if change.theme != theme:
            theme = change.theme
            name = f"  {after.theme(theme).name}" if theme in after.codes else ""
            click.secho(f"\n{theme or 'The whole codebook'}{name}", bold=True)
        sign = _SIGN[change.kind]
        what = f"{change.field}: " if change.field else "the whole theme: "
        if change.kind == "changed" and change.before:
            click.echo(_wrapped(f"{what}{change.before}", "  - ", "    "))
            click.echo(_wrapped(f"{what}{change.after}", "  + ", "    "))
        else:
            click.echo(_wrapped(f"{what}{change.after or change.before}", f"  {sign} ", "    "))


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=rest)
