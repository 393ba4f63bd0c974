"""`jaiza sources search`: the saved searches of OpenAlex, kept and repeated."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from corpus.discovery.saved_searches import (
    MOST,
    USUAL_MOST,
    SavedSearch,
    SearchRecord,
    add_search,
    load_searches,
    remove_search,
)
from pipeline.open_review import open_review


@command("search", example="""jaiza sources search --add meals --query '"school meals" AND attendance'""")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--add", metavar="NAME", help="Save a search under this name, and do it.")
@click.option("--query", default="", help='Words to look for: AND, OR, NOT, "phrases".')
@click.option("--filter", "filters", default="", help='As OpenAlex writes it: "publication_year:2015-2026".')
@click.option("--citing", is_flag=True, help="Instead of words: works that cite the included records.")
@click.option("--cited", is_flag=True, help="Instead of words: works that the included records cite.")
@click.option(
    "--most", type=click.IntRange(1, MOST), default=USUAL_MOST, show_default=True, help="Works taken, newest first."
)
@click.option("--remove", metavar="NAME", help="Forget a search; what it brought stays.")
@click.option("--saved", is_flag=True, help="Only show the saved searches.")
def search_command(
    options: Options,
    *,
    names: tuple[str, ...],
    add: str | None,
    query: str,
    filters: str,
    citing: bool,
    cited: bool,
    most: int,
    remove: str | None,
    saved: bool,
) -> None:
    """Repeat the searches named, or all that are saved: new records join the registry and wait to be screened."""
    from pipeline.intake.repeat_search import asked_of, repeat_searches

    workspace, _ = open_review(options.workspace)
    if citing and cited:
        raise click.UsageError("--citing and --cited are two searches: add them one by one")
    if add:
        way = "citing" if citing else "cited" if cited else ""
        add_search(workspace, SavedSearch(add, query, filters, way, most))  # type: ignore[arg-type]
        names = (add,)
    if remove:
        remove_search(workspace, remove)
    if remove or saved:
        searches = load_searches(workspace)
        if options.json:
            print_json([asdict(one) for one in searches])
        else:
            print_table(("search", "asks for"), [(one.name, asked_of(one)) for one in searches])
        return
    done = repeat_searches(workspace, names, tell=(lambda _: None) if options.json else _tell)
    if options.json:
        print_json([asdict(one) for one in done])
    elif not done:
        click.echo("There are no saved searches: jaiza sources search --add NAME --query WORDS")


def _tell(done: SearchRecord) -> None:
    if done.problem:
        click.echo(f"{done.name}: {done.problem}")
        return
    note = f"; {done.note}" if done.note else ""
    click.echo(f"{done.name}: {done.total} found, {done.added} added, {done.known} known already{note}")
