from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.workspace import open_workspace
from extract import cache
from extract.document import Document
from extract.read import read_document
from extract.version import EXTRACTOR
from support.pdf_pages import report

SHA = "b" * 64


def test_a_document_comes_back_as_it_was_and_the_file_is_the_same_each_time(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "w")
    path = report(tmp_path / "a.pdf")
    document = read_document(path, SHA)
    cache.store_document(workspace, document)
    stored = workspace.text / f"{SHA}.{EXTRACTOR}.json"
    first = stored.read_bytes()
    assert cache.load_document(workspace, SHA) == document
    stored.unlink()
    cache.store_document(workspace, read_document(path, SHA))
    assert stored.read_bytes() == first


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        ("read", True), ("partial", True), ("no text layer", True), ("password", True), ("damaged", True),
        ("timed out", False), ("too large", False),
    ],
)  # fmt: skip
def test_only_states_that_another_try_would_give_again_are_kept(tmp_path: Path, state, kept: bool) -> None:
    workspace = open_workspace(tmp_path / "w")
    cache.store_document(workspace, Document(SHA, EXTRACTOR, state, "a note"))
    assert (cache.load_document(workspace, SHA) is not None) == kept


@pytest.mark.parametrize("data", [b"", b"{", b'{"sha256": 1}', b"\xff\xfe"])
def test_a_damaged_file_counts_as_none(tmp_path: Path, data: bytes) -> None:
    workspace = open_workspace(tmp_path / "w")
    cache.document_path(workspace, SHA).parent.mkdir(parents=True)
    cache.document_path(workspace, SHA).write_bytes(data)
    assert cache.load_document(workspace, SHA) is None


@pytest.mark.parametrize("change", [{"extractor": "0"}, {"sha256": "c" * 64}])
def test_a_document_of_another_extractor_or_file_counts_as_none(tmp_path: Path, change: dict[str, str]) -> None:
    workspace = open_workspace(tmp_path / "w")
    other = replace(Document(SHA, EXTRACTOR, "read"), **change)
    cache.document_path(workspace, SHA).parent.mkdir(parents=True)
    cache.document_path(workspace, SHA).write_bytes(cache.document_to_json(other))
    assert cache.load_document(workspace, SHA) is None
