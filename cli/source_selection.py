"""The sources that a command is about, and work done on each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import click

from cli.command import Options
from corpus.errors import JaizaError
from corpus.registry.registry_file import find_source
from corpus.registry.sources import Source
from corpus.workspace import Workspace
from pipeline.open_review import open_review
from pipeline.progress import progress
from pipeline.screening.screening_state import sources_to_read
from pipeline.tuning import PULLERS

R = TypeVar("R")


def open_sources(options: Options, source_ids: Sequence[str]) -> tuple[Workspace, Sequence[Source]]:
    workspace, sources = open_review(options.workspace)
    require_sources(workspace, sources)
    named = [find_source(sources, source_id) for source_id in source_ids]
    return workspace, named or sources_to_read(workspace, sources)


def require_sources(workspace: Workspace, sources: Sequence[Source]) -> None:
    if not sources:
        raise JaizaError(f"this review has no sources yet: `jaiza sources add -w {workspace.root} --title ...`")


def process_each(sources: Sequence[Source], work: Callable[[Source], R], title: str, *, show: bool = True) -> list[R]:
    """`work` on every source, on threads, with a progress bar; results in the order of `sources`."""
    with progress(title, len(sources), show=show) as tick, ThreadPoolExecutor(PULLERS) as pool:

        def one(source: Source) -> R:
            done = work(source)
            tick(source.id)
            return done

        return list(pool.map(one, sources))


def hint_if_empty(workspace: Workspace, done: Sequence[object]) -> None:
    if not done:
        click.echo(f"No PDF is stored yet: run `jaiza pull`, or put PDFs as <source-id>.pdf into {workspace.inbox}")
