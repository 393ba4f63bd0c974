"""`jaiza reviewers ...`: who may review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.command import Options, command
from cli.output import print_json, print_table
from pipeline.open_review import open_review

if TYPE_CHECKING:
    from annotations.log.reviewers import Reviewers


@click.group("reviewers")
def reviewers_command() -> None:
    """Who may review: invite somebody, list everybody, take an invitation back."""


@command(
    "add", example='jaiza reviewers add "Amina Khan" --address https://example.org', group=reviewers_command, reads=True
)
@click.argument("name")
@click.option(
    "--role", type=click.Choice(["coder", "adjudicator", "admin", "guest"]), default="coder", show_default=True,
    help="A coder codes; an adjudicator also rules where coders differ; an admin also sees to reviewers; a guest only "
    "looks.",
)  # fmt: skip
@click.option("--address", default="", metavar="URL", help="Where the page is served, to print the whole link.")
def _add_command(options: Options, *, name: str, role: str, address: str) -> None:
    """Invite a reviewer: prints their link, now and never again. NAME is the coder's name in the decision log."""
    with _reviewers(options) as reviewers:
        reviewer, token = reviewers.add(name, role)  # type: ignore[arg-type]
    link = f"{address.rstrip('/')}/enter#{token}"  # what stands behind # gets into no log
    if options.json:
        print_json({"name": reviewer.name, "role": reviewer.role, "token": token, "link": link})
        return
    click.echo(f"{reviewer.name} ({reviewer.role}) may review with this link. Keep it secret; it is not shown again:")
    click.echo(link if address else f"<address of the page>{link}")


@command("list", example="jaiza reviewers list", group=reviewers_command, reads=True)
def _list_command(options: Options) -> None:
    """Everybody who was ever added, and who was revoked."""
    with _reviewers(options) as reviewers:
        found = reviewers.list()
    if options.json:
        print_json([{k: v for k, v in asdict(reviewer).items() if k != "number"} for reviewer in found])
        return
    if not found:
        click.echo("nobody yet: jaiza reviewers add NAME")
    print_table(("name", "role", "added", "revoked"), [(r.name, r.role, r.added, r.revoked or "-") for r in found])


@command("revoke", example='jaiza reviewers revoke "Amina Khan"', group=reviewers_command, reads=True)
@click.argument("name")
def _revoke_command(options: Options, *, name: str) -> None:
    """Take a reviewer's link and sessions away at once. What they decided stays."""
    with _reviewers(options) as reviewers:
        reviewer = reviewers.revoke(name)
    if options.json:
        print_json({"name": reviewer.name, "revoked": True})
        return
    click.echo(f"{reviewer.name} may not review any more; their decisions stay in the log")


@contextmanager
def _reviewers(options: Options) -> Iterator[Reviewers]:
    from annotations.log.open_log import open_log
    from annotations.log.reviewers import Reviewers

    workspace, _ = open_review(options.workspace)
    with open_log(workspace) as log:
        yield Reviewers(log.engine)
